"""A label set: the labels of one text, where a text may have any number of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from labelclean.arrays import Label

__all__ = ["LabelSet"]


@dataclass(frozen=True, eq=False, slots=True, repr=False, init=False)
class LabelSet:
    """
    The labels of one text, each once.

    It takes the place of a label wherever a text has one: it can be hashed, and two sets are equal if they hold the
    same labels in whatever order. The order is kept, for writing back. The empty set is a label like any other and
    says that none of the labels fits; a text without a label has None in its place.

    Parameters
    ----------
    labels : iterable of hashable, default=()
        Text, numbers or true/false; one that comes twice counts once. ``1``, ``True`` and ``"1"`` are three labels.

    Attributes
    ----------
    labels : tuple of hashable
        In the order given.

    Examples
    --------
    >>> LabelSet(["late", "broken"]) == LabelSet(["broken", "late"])
    True
    >>> list(LabelSet(["late", "broken", "late"]))
    ['late', 'broken']
    """

    labels: tuple[Label, ...]

    def __init__(self, labels: Iterable[Label] = ()) -> None:
        plain = [label.item() if isinstance(label, np.generic) else label for label in labels]
        object.__setattr__(self, "labels", tuple({(type(label), label): label for label in plain}.values()))

    def __iter__(self) -> Iterator[Label]:
        """Give the labels in their order."""
        return iter(self.labels)

    def __len__(self) -> int:
        """Return the number of labels."""
        return len(self.labels)

    def __contains__(self, label: object) -> bool:
        """Tell whether a label is in the set; ``1``, ``True`` and ``"1"`` are three."""
        return (type(label), label) in self._members()

    def __eq__(self, other: object) -> bool:
        """Tell whether two sets hold the same labels."""
        return self._members() == other._members() if isinstance(other, LabelSet) else NotImplemented

    def __hash__(self) -> int:
        """Return a number that is the same for equal sets."""
        return hash(self._members())

    def __repr__(self) -> str:
        """Spell the set as Python would."""
        return f"LabelSet({list(self.labels)!r})"

    def __str__(self) -> str:
        """Spell the set for people: its labels in the order of their names, or that there are none."""
        return ", ".join(sorted(map(str, self.labels))) if self.labels else "∅"

    def _members(self) -> frozenset[tuple[type, Label]]:
        return frozenset((type(label), label) for label in self.labels)
