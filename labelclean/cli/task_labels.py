"""The labels of a dataset under the names they have in an annotation tool, and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from labelclean.arrays import Label
from labelclean.dataset import Dataset, sorted_classes
from labelclean.export.label_words import label_text, read_label_set
from labelclean.label_set import LabelSet
from labelclean.review.label_names import LabelNames

__all__ = ["TaskLabels"]


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskLabels:
    """
    Names of labels for tools, which know text only.

    Attributes
    ----------
    names : LabelNames
        Every label that a text can have, also as part of a set, under the name that ``labelclean find`` gives it.
    is_multiple : bool
        Whether texts have label sets.
    """

    names: LabelNames
    is_multiple: bool

    @classmethod
    def of(cls, dataset: Dataset) -> Self:
        """Name the labels of a dataset."""
        classes = dataset.class_names
        if dataset.has_label_sets:
            classes = sorted_classes(label for name in classes if isinstance(name, LabelSet) for label in name)
        return cls(names=LabelNames.of(classes), is_multiple=dataset.has_label_sets)

    def spelled(self, label: Label | None) -> str | None:
        """Return a label as ``labelclean find`` spells it, a label set as a JSON list; None for no label."""
        if label is None:
            return None
        return label_text(label) if self.is_multiple else self.names.token(label)

    def read(self, spelled: str | None) -> Label | None:
        """
        Return the label that such a text spells; a name that is not known is a new label.

        Raises
        ------
        InvalidInputError
            If it cannot be a name, or is no JSON list where there are label sets.
        """
        if not spelled:
            return None
        return read_label_set(spelled) if self.is_multiple else self.names.label(spelled)

    def parts(self, label: Label | None) -> tuple[str, ...] | None:
        """Return the names of the labels in a label set, or of the one label; None for no label."""
        if label is None:
            return None
        return tuple(map(self.names.token, label if isinstance(label, LabelSet) else (label,)))

    def chosen(self, parts: Sequence[str]) -> Label | None:
        """
        Return what an annotator chose; None if it is no label, or several where a text has one.

        Raises
        ------
        InvalidInputError
            If a name that is not known cannot be one.
        """
        if self.is_multiple:
            return LabelSet(map(self.names.label, parts))
        return self.names.label(parts[0]) if len(set(parts)) == 1 else None
