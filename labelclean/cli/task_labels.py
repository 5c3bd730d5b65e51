"""The labels of a dataset under the names they have in an annotation tool, and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from labelclean.arrays import Label
from labelclean.dataset import Dataset
from labelclean.label_set import LabelSet
from labelclean.review.label_names import LabelNames
from labelclean.review.label_set_names import member_token

__all__ = ["TaskLabels"]


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskLabels:
    """
    Names of labels for tools, which know text only.

    Attributes
    ----------
    names : LabelNames
        The classes of the dataset under the names that ``labelclean find`` gives them.
    is_multiple : bool
        Whether texts have label sets.
    """

    names: LabelNames
    is_multiple: bool

    @classmethod
    def of(cls, dataset: Dataset) -> Self:
        """Name the labels of a dataset."""
        return cls(names=LabelNames.of(dataset.class_names), is_multiple=dataset.has_label_sets)

    @property
    def choices(self) -> tuple[str, ...]:
        """The name of every label that a text can have."""
        return self.names.tokens if self.names.members is None else tuple(sorted(self.names.members))

    def spelled(self, label: Label | None) -> str | None:
        """Return a label, or a whole label set, as one text; None for no label."""
        return None if label is None else self.names.token(label)

    def read(self, spelled: str) -> Label | None:
        """
        Return the label that one text spells; the empty text is no label, and a name that is not known a new label.

        Raises
        ------
        InvalidInputError
            If it cannot be a name.
        """
        return self.names.label(spelled) if spelled else None

    def parts(self, label: Label | None) -> tuple[str, ...] | None:
        """Return the names of the labels in a label set, or of the one label; None for no label."""
        if label is None:
            return None
        if isinstance(label, LabelSet):
            return tuple(map(member_token, label))
        return (self.names.token(label),)

    def chosen(self, parts: Sequence[str]) -> Label | None:
        """
        Return what an annotator chose; None if it is no label, or several where a text has one.

        Raises
        ------
        InvalidInputError
            If a name that is not known cannot be one.
        """
        members = self.names.members
        if members is None:
            return self.names.label(parts[0]) if len(set(parts)) == 1 else None
        # Nothing is known to the last one, which refuses what cannot be a name.
        return LabelSet(members[part] if part in members else LabelNames.of(()).label(part) for part in parts)
