r"""
Cut text into records and records into cells, as lenient CSV readers do.

A quote opens a quoted cell only at the cell's beginning, a doubled quote inside is one quote, text after the closing
quote is appended, and ``\r\n``, ``\n`` and lone ``\r`` end a record. Without quoting, a quote is a character like any
other.
"""

from __future__ import annotations

import re

from labelclean.errors import InvalidInputError
from labelclean.io.text.records import split_lines

__all__ = ["Tokenizer", "check_delimiter"]


class Tokenizer:
    """
    Cuts text into records and records into cells.

    Parameters
    ----------
    delimiter : str
        One character.
    quoting : bool, default=True
        Whether quotes enclose cells.
    """

    def __init__(self, delimiter: str, *, quoting: bool = True) -> None:
        self.delimiter = delimiter
        self.quoting = quoting
        mark = re.escape(delimiter)
        plain = rf"[^{mark}\r\n]*"
        # (?!") after the closing quote leaves one way only to read a quoted cell, so that giving up is fast.
        quoted = r'"[^"]*(?:""[^"]*)*"(?!")'
        cell = rf'(?:{quoted}{plain}|(?!"){plain})'
        line_end = r"(?:\r\n|\r|\n)"
        self._record = re.compile(rf"{cell}(?:{mark}{cell})*{line_end}|(?s:.+)")
        self._closed = re.compile(rf"{cell}(?:{mark}{cell})*{line_end}?")
        self._cells_before = re.compile(rf"(?:{cell}{mark})*")
        self._cell = re.compile(rf'"([^"]*(?:""[^"]*)*)"(?!")({plain}){mark}|({plain}){mark}')

    def split_records(self, text: str) -> list[str]:
        """Cut text into records with their line ends; the last may be incomplete."""
        return self._record.findall(text) if self._may_quote(text) else split_lines(text)

    def cells(self, record: str) -> list[str]:
        """Return the cells of one complete record as they read."""
        body = record.rstrip("\r\n")
        if not self._may_quote(body):
            return body.split(self.delimiter)
        found = self._cell.findall(body + self.delimiter)
        return [quoted.replace('""', '"') + tail + plain for quoted, tail, plain in found]

    def n_cells(self, record: str) -> int:
        """Return how many cells one complete record has."""
        return len(self.cells(record)) if self._may_quote(record) else record.count(self.delimiter) + 1

    def spelled_cells(self, record: str) -> tuple[list[str], str]:
        """Return the cells of one complete record as they are spelled, quotes and all, and its line end."""
        body = record.rstrip("\r\n")
        line_end = record[len(body) :]
        if not self._may_quote(body):
            return body.split(self.delimiter), line_end
        return [match[0][:-1] for match in self._cell.finditer(body + self.delimiter)], line_end

    def open_quote(self, record: str) -> int | None:
        """Return where a quoted cell begins that is never closed, or None if there is none."""
        if not self._may_quote(record) or self._closed.fullmatch(record):
            return None
        before = self._cells_before.match(record)
        return before.end() if before else 0

    def spell(self, cell: str, *, was_quoted: bool, is_only_column: bool, had_bare_quotes: bool = False) -> str:
        """
        Return a cell as it is written: in quotes if it was before, or if it would be read as something else.

        A cell that had quotes inside without being in quotes itself may have them again.
        """
        if not self.quoting:
            return cell
        needs_quotes = (
            any(mark in cell for mark in (self.delimiter, "\r", "\n"))
            or cell.startswith('"')
            or ('"' in cell and not had_bare_quotes)
            or cell != cell.strip()
            or (is_only_column and not cell)
        )
        if not was_quoted and not needs_quotes:
            return cell
        doubled = cell.replace('"', '""')
        return f'"{doubled}"'

    def can_spell(self, cell: str) -> bool:
        """Tell whether a cell can be written at all."""
        return self.quoting or not any(mark in cell for mark in (self.delimiter, "\r", "\n"))

    def _may_quote(self, text: str) -> bool:
        return self.quoting and '"' in text


def check_delimiter(delimiter: str) -> None:
    """Refuse a delimiter that cannot separate cells."""
    if len(delimiter) != 1 or delimiter in '"\r\n\0':
        raise InvalidInputError(
            "The delimiter must be one character other than a quote or a line end.",
            fix="Use a comma, semicolon, tab or vertical bar.",
        )
