"""From a change log to the corrections of a file, or back again, with every row that does not fit named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from labelclean.arrays import Label
from labelclean.dataset import Dataset
from labelclean.export.log_classes import LogClasses
from labelclean.export.log_reader import LogEntry
from labelclean.export.matching import Place, find_rows
from labelclean.export.planned import same_label
from labelclean.review.decisions import Verdict

__all__ = ["Replay", "ReplayedRow", "RowStatus", "replay_log"]

RowStatus = Literal["change", "done", "kept", "edited", "gone", "relabelled", "ambiguous"]
"""
What becomes of one line of a log.

- "change": its row gets another label.
- "done": its row has that label already.
- "kept": the line leaves the label of its row as it is.
- "edited": the text of its row is another one now.
- "gone": its row is not in the file any more.
- "relabelled": the label of its row is neither the one before nor the one after.
- "ambiguous": it is not certain which row it means.
"""

_FITS: frozenset[RowStatus] = frozenset({"change", "done", "kept"})
_OTHER_LABEL = "its label in the file is neither the old nor the new one of the log"


@dataclass(frozen=True, kw_only=True, slots=True)
class ReplayedRow:
    """
    What becomes of one line of a log.

    Attributes
    ----------
    entry : LogEntry
        The line.
    row : int or None
        0-based record of its row in the file; None where that is not certain.
    status : str
        One of ``RowStatus``.
    reason : str
        Why nothing can be done, in a few plain words; empty where it can.
    now : hashable or None
        The label in the file.
    wanted : hashable or None
        The label after.
    """

    entry: LogEntry
    row: int | None
    status: RowStatus
    reason: str = ""
    now: Label | None = None
    wanted: Label | None = None

    @property
    def is_moved(self) -> bool:
        """Whether the row was found in another place than the log says."""
        return self.row is not None and self.row != self.entry.row

    @property
    def is_problem(self) -> bool:
        """Whether the line cannot be applied."""
        return self.status not in _FITS


@dataclass(frozen=True, kw_only=True, slots=True)
class Replay:
    """
    What becomes of a whole log.

    Attributes
    ----------
    rows : tuple of ReplayedRow
        In the order of the log.
    """

    rows: tuple[ReplayedRow, ...]

    @property
    def corrections(self) -> dict[int, Label | None]:
        """New label by row of the file, only where it becomes another one."""
        return {row.row: row.wanted for row in self.rows if row.status == "change" and row.row is not None}

    @property
    def excluded_rows(self) -> frozenset[int]:
        """The rows of the file that were decided to be excluded."""
        return frozenset(
            row.row
            for row in self.rows
            if row.entry.verdict is Verdict.EXCLUDE and not row.is_problem and row.row is not None
        )

    @property
    def problems(self) -> tuple[ReplayedRow, ...]:
        """The lines that cannot be applied."""
        return tuple(row for row in self.rows if row.is_problem)

    @property
    def n_moved(self) -> int:
        """Number of rows that were found in another place than the log says."""
        return sum(row.is_moved for row in self.rows)

    @property
    def n_done(self) -> int:
        """Number of rows that have the label already."""
        return sum(row.status == "done" for row in self.rows)

    @property
    def n_without_fingerprint(self) -> int:
        """Number of lines that were found without comparing the text, because the log does not hold its fingerprint."""
        return sum(row.entry.text_hash is None for row in self.rows)


def replay_log(entries: Iterable[LogEntry], dataset: Dataset, *, revert: bool = False) -> Replay:
    """
    Say what a log changes in a file, which may have changed since.

    Parameters
    ----------
    entries : iterable of LogEntry
        As ``read_change_log`` gives them.
    dataset : Dataset
        The file as it is now.
    revert : bool, default=False
        Undo: give rows that have the log's new label the old one. Lines that changed nothing are left out then.

    Returns
    -------
    Replay
        Only rows that are certainly those of the log, and whose label is the one before, get another label.

    Raises
    ------
    FileContentError
        If the text of a label spells two classes of the file, or no label set where texts have these.
    """
    log = list(entries)
    classes = LogClasses(dataset)
    found = zip(log, find_rows(log, dataset), strict=True)
    return Replay(
        rows=tuple(
            _replayed(entry, place, dataset, classes, revert=revert)
            for entry, place in found
            if not revert or _is_correction(entry)
        )
    )


def _is_correction(entry: LogEntry) -> bool:
    return not same_label(entry.old, entry.new)


def _replayed(entry: LogEntry, place: Place, dataset: Dataset, classes: LogClasses, *, revert: bool) -> ReplayedRow:
    if place.row is None:
        return ReplayedRow(entry=entry, row=None, status=place.problem or "ambiguous", reason=place.reason)
    before, after = (entry.new, entry.old) if revert else (entry.old, entry.new)
    now = dataset.given_label(place.row)
    if not _is_correction(entry):
        if classes.is_same(entry, before, now):
            return ReplayedRow(entry=entry, row=place.row, status="kept", now=now, wanted=now)
    elif classes.is_same(entry, after, now):
        return ReplayedRow(entry=entry, row=place.row, status="done", now=now, wanted=now)
    elif classes.is_same(entry, before, now):
        wanted = classes.meant_by(entry, after)
        return ReplayedRow(entry=entry, row=place.row, status="change", now=now, wanted=wanted)
    return ReplayedRow(entry=entry, row=place.row, status="relabelled", reason=_OTHER_LABEL, now=now)
