"""From a change log to the corrections of a file, checked against what the file holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from labelclean.arrays import Label
from labelclean.dataset import Dataset, label_key
from labelclean.errors import FileContentError
from labelclean.export.log_reader import LogEntry
from labelclean.export.planned import CORRECTING, label_text, same_label
from labelclean.review.decisions import Verdict

__all__ = ["corrections_from_log", "excluded_from_log"]

_MOST_SHOWN = 5


def corrections_from_log(entries: Iterable[LogEntry], dataset: Dataset) -> dict[int, Label]:
    """
    Return the new labels a log gives to the rows of a file.

    In a CSV log labels are text: a text that spells a class of the dataset means that class (``"1"`` the number 1,
    if the dataset has no text ``"1"``), any other text is a new class.

    Parameters
    ----------
    entries : iterable of LogEntry
        As ``read_change_log`` gives them.
    dataset : Dataset
        The file the log is applied to.

    Returns
    -------
    dict of int to hashable
        By row; only labels that differ from the file's.

    Raises
    ------
    FileContentError
        If a row, its label or its id is not what the log says (the first such rows are listed), or if a text spells
        two classes.
    """
    log = list(entries)
    _check_fits(log, dataset)
    classes = _Classes(dataset.class_names)
    corrections: dict[int, Label] = {}
    for entry in log:
        if entry.verdict not in CORRECTING or entry.new is None:
            continue
        new = classes.meant_by(entry)
        if not same_label(new, dataset.given_label(entry.row)):
            corrections[entry.row] = new
    return corrections


def excluded_from_log(entries: Iterable[LogEntry]) -> frozenset[int]:
    """Return the rows a log excludes."""
    return frozenset(entry.row for entry in entries if entry.verdict is Verdict.EXCLUDE)


class _Classes:
    """The classes of a dataset under the texts that spell them."""

    def __init__(self, class_names: Sequence[Label]) -> None:
        self._keys = {label_key(name): name for name in class_names}
        self._spelled: dict[str, list[Label]] = {}
        for name in class_names:
            self._spelled.setdefault(label_text(name), []).append(name)

    def meant_by(self, entry: LogEntry) -> Label:
        """Return the class an entry's new label stands for."""
        if not entry.labels_are_text:
            return self._keys.get(label_key(entry.new), entry.new)
        candidates = self._spelled.get(str(entry.new), [])
        if len(candidates) > 1:
            raise FileContentError(
                f"Line {entry.line:,} of the change log must name one class; its text spells "
                f"{len(candidates)} classes of the file, which differ in kind (text, number, true or false).",
                fix="Apply the JSONL form of the change log, which keeps the kind.",
            )
        return candidates[0] if candidates else str(entry.new)


def _check_fits(log: list[LogEntry], dataset: Dataset) -> None:
    outside = [entry for entry in log if entry.row >= dataset.n_examples]
    if outside:
        raise FileContentError(
            f"The change log must be of this file, which has {dataset.n_examples:,} rows; it speaks of "
            f"{_listed(outside)}.",
            fix=_FIX,
        )
    ids = [entry for entry in log if not _same_id(entry, dataset)]
    if ids:
        raise FileContentError(
            f"The ids of the change log must be those of the file; {len(ids):,} differ: {_listed(ids)}.", fix=_FIX
        )
    labels = [entry for entry in log if not _same_old(entry, dataset)]
    if labels:
        raise FileContentError(
            f"The old labels of the change log must be those of the file; {len(labels):,} differ: {_listed(labels)}.",
            fix=_FIX,
        )


_FIX = "Apply the log to the very file that was reviewed; it may be another version, or corrected already."


def _same_id(entry: LogEntry, dataset: Dataset) -> bool:
    if entry.row_id is None or dataset.row_ids is None:
        return True
    return entry.row_id == dataset.row_ids[entry.row]


def _same_old(entry: LogEntry, dataset: Dataset) -> bool:
    given = dataset.given_label(entry.row)
    if entry.labels_are_text:
        return label_text(entry.old) == label_text(given)
    return same_label(entry.old, given)


def _listed(entries: list[LogEntry]) -> str:
    shown = ", ".join(f"row {entry.row:,} (line {entry.line:,})" for entry in entries[:_MOST_SHOWN])
    more = len(entries) - _MOST_SHOWN
    return f"{shown} and {more:,} more" if more > 0 else shown
