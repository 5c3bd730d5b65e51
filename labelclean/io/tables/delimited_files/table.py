"""Open a delimited file: its header, the names of its columns, and the records behind."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from labelclean.errors import FileContentError
from labelclean.io.layout import FileLayout
from labelclean.io.tables.delimited_files.blocks import RecordBlock, record_blocks
from labelclean.io.tables.delimited_files.tokenizer import Tokenizer
from labelclean.io.tables.row_names import row_names_column
from labelclean.io.text.records import MAX_COLUMNS

__all__ = ["Table", "open_table", "ragged", "shown_name"]

_DELIMITER_LINE = re.compile(r'"?sep=."?[\r\n]+', re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """
    A delimited file, open for one pass.

    Attributes
    ----------
    tokenizer : Tokenizer
        Cuts single records.
    lead : str
        The text before the header: blank lines, and the line in which Excel names the delimiter.
    header : str
        The record that names the columns, with its line end.
    columns : tuple of str
        The header's cells; a first one that is empty has a name made up for it.
    blocks : iterator of RecordBlock
        What follows the header.
    """

    tokenizer: Tokenizer
    lead: str
    header: str
    columns: tuple[str, ...]
    blocks: Iterator[RecordBlock]

    def filled_up(self, cells: list[str], block: RecordBlock, position: int) -> list[str]:
        """Return the cells of a record that has another number of them than the header; the last one may be short."""
        n_missing = len(self.columns) - len(cells)
        if n_missing < 0 or not may_be_short(block, position):
            raise ragged(block.line_of(position), len(cells), len(self.columns), 1)
        return cells + [""] * n_missing

    def cells(self, block: RecordBlock, position: int) -> list[str]:
        """Return the cells of a data record."""
        cells = self.tokenizer.cells(block.record(position))
        return cells if len(cells) == len(self.columns) else self.filled_up(cells, block, position)


def open_table(path: Path, layout: FileLayout) -> Table:
    """
    Open a delimited file and read its header.

    Raises
    ------
    FileContentError
        If there is no header, a column name but the first is empty, or two are the same.
    """
    tokenizer = Tokenizer(layout.delimiter, quoting=layout.quoting)
    blocks = record_blocks(path, layout)
    lead = ""
    for block in blocks:
        for position in range(len(block.starts)):
            record = block.record(position)
            if not record.strip("\r\n") or (not lead.strip("\r\n") and _DELIMITER_LINE.fullmatch(record)):
                lead += record
                continue
            columns = _with_index_named(tokenizer.cells(record))
            _check_columns(columns)
            rest = [] if block.is_last else [block.behind(position)]
            return Table(tokenizer=tokenizer, lead=lead, header=record, columns=columns, blocks=chain(rest, blocks))
    raise FileContentError(
        "The file must hold a header and at least one row; it is empty.", fix="Upload a file that has content."
    )


def may_be_short(block: RecordBlock, position: int) -> bool:
    """Tell whether a record may lack cells: only the last of the file, if it has no line end."""
    return block.is_last and not block.record(position).endswith(("\n", "\r"))


def ragged(line: int, n_cells: int, n_columns: int, n_ragged: int, *, cause: str = "") -> FileContentError:
    """Return the error for rows that have too many or too few cells, with a sentence about what may have caused it."""
    n_more = n_ragged - 1
    more = f" {n_more:,} more {'row is' if n_more == 1 else 'rows are'} too long or too short." if n_more else ""
    return FileContentError(
        f"Every row must have as many cells as the header ({n_columns:,}); the row that begins in line {line:,} "
        f"has {n_cells:,}.{more}{f' {cause}' if cause else ''}",
        fix="Put cells that contain the delimiter in quotes, and check the chosen delimiter.",
    )


def shown_name(name: str) -> str:
    """Return a column's name for a message."""
    most = 60
    return f"“{name[:most]}…”" if len(name) > most else f"“{name}”"


def _with_index_named(names: list[str]) -> tuple[str, ...]:
    """Name a first column that has no name, as pandas and R leave it for row names; the file itself stays as it is."""
    first, *others = names
    if first.strip() or not others:
        return tuple(names)
    return (row_names_column(others), *others)


def _check_columns(columns: tuple[str, ...]) -> None:
    if len(columns) > MAX_COLUMNS:
        raise FileContentError(
            f"A file must have at most {MAX_COLUMNS:,} columns; got {len(columns):,}.",
            fix="Check the chosen delimiter, or leave out columns.",
        )
    for position, column in enumerate(columns):
        if not column.strip():
            raise FileContentError(
                f"Every column must have a name; the one of column {position + 1:,} is empty.",
                fix="Name it in the first line, or leave the column out; a title above the table must go.",
            )
    name, n_times = Counter(columns).most_common(1)[0]
    if n_times > 1:
        places = ", ".join(str(place + 1) for place, column in enumerate(columns) if column == name)
        raise FileContentError(
            f"Column names must differ; {shown_name(name)} is the name of columns {places}.", fix="Rename all but one."
        )
