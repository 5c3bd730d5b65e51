"""Text blocks to whole records, without ever holding the file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import StringIO

from labelclean.errors import FileContentError
from labelclean.io.text.text_file import count_line_ends

__all__ = [
    "MAX_COLUMNS",
    "MAX_RECORD_CHARACTERS",
    "PREVIEW_ROWS",
    "SAMPLE_ROWS",
    "RecordBatch",
    "Sample",
    "record_batches",
    "split_lines",
]

MAX_RECORD_CHARACTERS = 1 << 22
MAX_COLUMNS = 10_000
PREVIEW_ROWS = 200
SAMPLE_ROWS = 5_000
_SAMPLE_CHARACTERS = 8_000_000


@dataclass(slots=True)
class RecordBatch:
    """
    Some records in file order, each as it stands in the file.

    Attributes
    ----------
    records : list of str
        Whole records with their line ends; blank lines are among them. Joined over all batches they are the text.
    first_line : int
        1-based physical line on which the first record begins.
    is_last : bool
        Whether the last record of the file is in this batch.
    """

    records: list[str]
    first_line: int
    is_last: bool = False

    def line_of(self, position: int) -> int:
        """Return the 1-based physical line on which a record begins."""
        return self.first_line + sum(map(count_line_ends, self.records[:position]))


class Sample:
    """The first rows of a file, as many as fit a bound on rows and characters."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self._n_characters = 0

    @property
    def is_full(self) -> bool:
        """Whether further rows would be left out."""
        n_rows = len(self.rows)
        return n_rows >= SAMPLE_ROWS or (n_rows > 0 and self._n_characters >= _SAMPLE_CHARACTERS)

    def add(self, cells: list[str]) -> None:
        """Keep one more row."""
        self.rows.append(cells)
        self._n_characters += sum(map(len, cells)) + len(cells)


def record_batches(blocks: Iterable[str], split: Callable[[str], list[str]]) -> Iterator[RecordBatch]:
    """
    Join blocks of text so that no record is cut.

    Parameters
    ----------
    blocks : iterable of str
        The text of the file.
    split : callable
        Cuts text into records with their line ends; only the last may be incomplete. Joined they are the text.

    Yields
    ------
    RecordBatch
        Records in file order; every record of the file is in exactly one batch.

    Raises
    ------
    FileContentError
        If a record is longer than ``MAX_RECORD_CHARACTERS``, most often after a quote that is never closed.
    """
    carry, line = "", 1
    for block in blocks:
        text = carry + block
        records = split(text)
        # The next block may continue the last record, or hold the line feed of its line end.
        carry = records.pop()
        if len(carry) > MAX_RECORD_CHARACTERS:
            first = line + count_line_ends(text) - count_line_ends(carry)
            raise FileContentError(
                f"A record must have at most {MAX_RECORD_CHARACTERS:,} characters; the one that begins in line "
                f"{first:,} has more.",
                fix="Look for a quote mark in that line that is never closed, and check the chosen format.",
            )
        if records:
            n_lines = count_line_ends(text) - count_line_ends(carry)
            yield RecordBatch(records, line)
            line += n_lines
    if carry:
        yield RecordBatch([carry], line, is_last=True)


def split_lines(text: str) -> list[str]:
    r"""Cut text after each ``\r\n``, ``\n`` and lone ``\r``, and nowhere else; the line ends are kept."""
    return list(StringIO(text, newline=""))
