"""A project as the slowest program would keep it: a list of what was done, walked anew for every question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from labelclean.arrays import Label
from labelclean.label_set import LabelSet
from labelclean.review.decisions import Verdict

__all__ = ["Done", "ProjectModel"]

CORRECTING = {Verdict.ACCEPT, Verdict.RELABEL}


@dataclass
class Done:
    """One thing that was done: decisions at once, or one name for others."""

    name: str
    decided: dict[int, tuple[Verdict, Label | None]] = field(default_factory=dict)
    merged: tuple[Label, ...] = ()
    into: Label | None = None
    stands: bool = True


class ProjectModel:
    """What was done with the labels of a file, in order."""

    def __init__(self, given: Sequence[Label | None]) -> None:
        self.given = list(given)
        self.done: list[Done] = []

    def decisions(self) -> dict[int, tuple[str, Verdict, Label | None]]:
        """Return by row which step decides it, and how."""
        found: dict[int, tuple[str, Verdict, Label | None]] = {}
        for done in self.done:
            if done.stands:
                found.update({row: (done.name, *said) for row, said in done.decided.items()})
        return found

    def labels(self) -> list[Label | None]:
        """Return what the export writes in each row."""
        return [self._label(row) for row in range(len(self.given))]

    def names_now(self) -> list[Label | None]:
        """Return the label of each row as the screen shows it: with the names of now, whatever was decided."""
        return [self._renamed(label, self.done) for label in self.given]

    def known(self) -> set[Label]:
        """Return the single labels that rows have now, before any decision."""
        return {single for label in self.names_now() if label is not None for single in _singles(label)}

    def _label(self, row: int) -> Label | None:
        label, since = self.given[row], 0
        for place, done in enumerate(self.done):
            if done.stands and row in done.decided:
                verdict, said = done.decided[row]
                label, since = (said, place) if verdict in CORRECTING else (self.given[row], 0)
        return self._renamed(label, self.done[since:])

    def _renamed(self, label: Label | None, done: Sequence[Done]) -> Label | None:
        for step in done:
            if step.stands and step.into is not None and label is not None:
                label = _with_name(label, step.merged, step.into)
        return label


def _singles(label: Label) -> list[Label]:
    return list(label.labels) if isinstance(label, LabelSet) else [label]


def _with_name(label: Label, merged: Sequence[Label], into: Label) -> Label:
    if isinstance(label, LabelSet):
        return LabelSet(into if name in merged else name for name in label)
    return into if label in merged else label
