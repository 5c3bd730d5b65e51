"""A cell that spells several labels, cut into pieces so that all but the changed labels stay as they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from labelclean.arrays import Label
from labelclean.dataset import label_key
from labelclean.label_set import LabelSet

__all__ = ["Pieces", "merge"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Pieces:
    """
    The pieces of one cell; joined they are the cell again.

    Attributes
    ----------
    lead : str
        What stands before the first label.
    items : tuple of (str, label or None)
        Each label as the cell spells it, with what it means; None means nothing (``null`` in a list).
    gaps : tuple of str
        What stands between each two of them.
    tail : str
        What stands after the last one.
    """

    lead: str
    items: tuple[tuple[str, Label | None], ...]
    gaps: tuple[str, ...]
    tail: str

    @property
    def labels(self) -> LabelSet:
        """The labels that the cell spells."""
        return LabelSet(label for _, label in self.items if label is not None)

    def text(self) -> str:
        """Return the cell."""
        first, *others = [raw for raw, _ in self.items] or [""]
        return self.lead + first + "".join(gap + raw for gap, raw in zip(self.gaps, others, strict=True)) + self.tail

    def changed_to(
        self, new: LabelSet, spell: Callable[[Label], str], *, gap: str, in_given_order: bool = False
    ) -> Pieces:
        """
        Return the pieces that spell another set.

        Labels that stay keep their spelling and their order; those that go take the gap before them along (the first
        one that after it); new ones are appended.

        Parameters
        ----------
        new : LabelSet
            What the cell is to mean.
        spell : callable
            Spells a label that is new in the cell.
        gap : str
            What to put between a new label and the one before it.
        in_given_order : bool, default=False
            Put all labels in the order of the new set.
        """
        items: list[tuple[str, Label | None]] = []
        gaps: list[str] = []
        for place, (raw, label) in enumerate(self.items):
            if label is not None and label not in new:
                continue
            if items:
                gaps.append(self.gaps[place - 1])
            items.append((raw, label))
        present = self.labels
        for label in new:
            if label in present:
                continue
            if items:
                gaps.append(gap)
            items.append((spell(label), label))
        if in_given_order:
            places = {label_key(label): place for place, label in enumerate(new)}
            items.sort(key=lambda item: -1 if item[1] is None else places[label_key(item[1])])
        return replace(self, items=tuple(items), gaps=tuple(gaps))


def merge(old: LabelSet, new: LabelSet) -> Sequence[Label]:
    """Return the labels of a new set: those that were there before first, in their old order, then the others."""
    kept = [label for label in old if label in new]
    keys = {label_key(label) for label in kept}
    return [*kept, *(label for label in new if label_key(label) not in keys)]
