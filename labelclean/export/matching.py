"""Finds the rows a change log speaks of in a file that may have changed since: never a wrong row, rather none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from labelclean.dataset import Dataset, text_hash
from labelclean.export.log_reader import LogEntry

__all__ = ["Place", "find_rows"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """
    Where the row of one line of a log is now.

    Attributes
    ----------
    row : int or None
        0-based record of the file; None where it is not certain, or not there.
    problem : {"edited", "gone", "ambiguous"} or None
        Why it is not certain.
    reason : str
        The same in a few plain words; empty where there is no problem.
    """

    row: int | None = None
    problem: Literal["edited", "gone", "ambiguous"] | None = None
    reason: str = ""


def find_rows(log: Sequence[LogEntry], dataset: Dataset) -> tuple[Place, ...]:
    """
    Find the row of each line of a log.

    Where the line and the file have ids, the id says which row it is; else the position and the fingerprint of the
    text together. A row that is not in its place is found if its text stands once in the file and once in the log.
    Without a fingerprint, as in older logs, the position alone counts.

    Parameters
    ----------
    log : sequence of LogEntry
        As ``read_change_log`` gives them.
    dataset : Dataset
        The file as it is now.

    Returns
    -------
    tuple of Place
        One for each line; no row of the file is found twice.

    Notes
    -----
    Rows with the same text and no ids are told apart by their positions, and only while no other row of the log has
    moved.
    """
    finder = _Finder(log, dataset)
    places = [finder.find(entry) for entry in log]
    named = Counter(place.row for place in places if place.row is not None)
    return tuple(_once(place, named) for place in places)


class _Finder:
    """Where ids and texts stand in one file."""

    def __init__(self, log: Sequence[LogEntry], dataset: Dataset) -> None:
        self._dataset = dataset
        self._by_id = _rows_of(dataset.row_ids or (), {entry.row_id for entry in log})
        self._in_log = Counter(entry.text_hash for entry in log)
        hashes = [text_hash(text) for text in dataset.texts] if any(self._in_log) else []
        self._hashes = hashes
        self._by_hash = _rows_of(hashes, set(self._in_log))
        self._has_moved = any(self._is_elsewhere(entry) for entry in log)

    def find(self, entry: LogEntry) -> Place:
        """Return the place of one line's row."""
        if entry.row_id is not None and self._dataset.row_ids is not None:
            return self._by_its_id(entry, entry.row_id)
        if entry.text_hash is None:
            return self._by_position(entry)
        return self._by_text(entry, entry.text_hash)

    def _by_its_id(self, entry: LogEntry, row_id: str) -> Place:
        rows = self._by_id.get(row_id, [])
        if not rows:
            return Place(problem="gone", reason="its id is not in the file")
        if len(rows) > 1:
            return Place(problem="ambiguous", reason=f"its id stands {len(rows):,} times in the file")
        if entry.text_hash is not None and self._hashes[rows[0]] != entry.text_hash:
            return Place(problem="edited", reason="its id is there with another text")
        return Place(row=rows[0])

    def _by_position(self, entry: LogEntry) -> Place:
        if entry.row >= self._dataset.n_examples:
            return Place(problem="gone", reason=f"the file has {self._dataset.n_examples:,} rows")
        return Place(row=entry.row)

    def _by_text(self, entry: LogEntry, wanted: str) -> Place:
        rows = self._by_hash.get(wanted, [])
        if not rows:
            return self._lost(entry)
        is_one = len(rows) == 1 and self._in_log[wanted] == 1
        if self._is_in_place(entry) and (is_one or not self._has_moved):
            return Place(row=entry.row)
        if is_one:
            return Place(row=rows[0])
        if len(rows) > 1:
            return Place(problem="ambiguous", reason=f"its text stands {len(rows):,} times in the file")
        return Place(problem="ambiguous", reason=f"its text stands {self._in_log[wanted]:,} times in the log")

    def _lost(self, entry: LogEntry) -> Place:
        if entry.row >= self._dataset.n_examples:
            return Place(problem="gone", reason="its text is not in the file, which has fewer rows")
        if self._hashes[entry.row] in self._in_log:
            return Place(problem="gone", reason="its text is not in the file, and another row stands in its place")
        return Place(problem="edited", reason="another text stands in its place, and its own is not in the file")

    def _is_in_place(self, entry: LogEntry) -> bool:
        return entry.row < len(self._hashes) and self._hashes[entry.row] == entry.text_hash

    def _is_elsewhere(self, entry: LogEntry) -> bool:
        """Tell whether a row has left its place for another, so that positions say little."""
        return entry.text_hash in self._by_hash and not self._is_in_place(entry)


def _rows_of(values: Sequence[str], wanted: set[str | None]) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = {}
    for row, value in enumerate(values):
        if value in wanted:
            rows.setdefault(value, []).append(row)
    return rows


def _once(place: Place, named: Counter[int]) -> Place:
    if place.row is None or named[place.row] == 1:
        return place
    return Place(problem="ambiguous", reason=f"{named[place.row]:,} lines of the log lead to the same row of the file")
