"""What the labels of a change log mean in a file: which of its classes, or which label set."""

from __future__ import annotations

import json
import math

from labelclean.arrays import Label
from labelclean.dataset import Dataset, label_key
from labelclean.errors import FileContentError, InvalidInputError
from labelclean.export.label_words import label_text, read_label_set
from labelclean.export.log_reader import LogEntry
from labelclean.export.planned import same_label
from labelclean.label_set import LabelSet

__all__ = ["LogClasses"]


class LogClasses:
    """
    The classes of a dataset under the texts that spell them.

    In a CSV log labels are text: a text that spells a class of the dataset means that class (``"1"`` the number 1, if
    the dataset has no text ``"1"``). Any other text is a new class; it is a number, or true or false, where it reads
    like one and no class of the dataset is text. Where texts have label sets, the text is a JSON list.

    Parameters
    ----------
    dataset : Dataset
        The file the log is applied to.
    """

    def __init__(self, dataset: Dataset) -> None:
        self._has_sets = dataset.has_label_sets
        self._has_texts = any(isinstance(name, str) for name in dataset.class_names)
        self._keys = {label_key(name): name for name in dataset.class_names}
        self._spelled: dict[str, list[Label]] = {}
        for name in dataset.class_names:
            self._spelled.setdefault(label_text(name), []).append(name)

    def is_same(self, entry: LogEntry, label: Label | None, given: Label | None) -> bool:
        """Tell whether a label of one line of the log is the label in the file."""
        if entry.labels_are_text and not self._has_sets:
            return label_text(label) == label_text(given)
        return same_label(self._read(entry, label), given)

    def meant_by(self, entry: LogEntry, label: Label | None) -> Label | None:
        """
        Return what to write for a label of one line of the log.

        Raises
        ------
        FileContentError
            If its text spells two classes, or no label set where the file has these.
        """
        if label is None:
            return None
        if self._has_sets:
            return self._read(entry, label)
        if not entry.labels_are_text:
            return self._keys.get(label_key(label), label)
        return self._spelled_by(entry, str(label))

    def _read(self, entry: LogEntry, label: Label | None) -> Label | None:
        """Return a label as it is, or the label set that its text spells; refuse one where the file has the other."""
        if label is None:
            return None
        if self._has_sets and entry.labels_are_text:
            try:
                return read_label_set(str(label))
            except InvalidInputError as error:
                raise _other_kind(entry, error.message) from error
        if self._keys and isinstance(label, LabelSet) != self._has_sets:
            raise _other_kind(entry, "got a set" if isinstance(label, LabelSet) else "got a single label")
        return label

    def _spelled_by(self, entry: LogEntry, text: str) -> Label:
        candidates = self._spelled.get(text, [])
        if len(candidates) > 1:
            raise FileContentError(
                f"Line {entry.line:,} of the change log must name one class; its text spells "
                f"{len(candidates)} classes of the file, which differ in kind (text, number, true or false).",
                fix="Apply the JSONL form of the change log, which keeps the kind.",
            )
        return candidates[0] if candidates else self._new_class(text)

    def _new_class(self, text: str) -> Label:
        if self._has_texts or not self._keys:
            return text
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            return text
        is_plain = isinstance(value, int | float) and math.isfinite(value) and label_text(value) == text
        return value if is_plain else text


def _other_kind(entry: LogEntry, got: str) -> FileContentError:
    return FileContentError(
        f"Line {entry.line:,} of the change log must hold a label set (a JSON list) if the file has several labels for "
        f"each text, and a single label if not; {got}.",
        fix="Say how the file spells its labels (--label-spelling), or use the log of this very file.",
    )
