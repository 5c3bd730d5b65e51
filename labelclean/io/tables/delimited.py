r"""
Files of cells between one-character delimiters: read, and patch single cells.

Records and cells are cut as lenient CSV readers cut them: a quote opens a quoted cell only at the cell's beginning, a
doubled quote inside is one quote, text after the closing quote is appended, and ``\r\n``, ``\n`` and lone ``\r`` end a
record. Reading and writing back cut with the same two patterns, so that they cannot disagree.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, count, islice
from pathlib import Path

from labelclean.arrays import Label
from labelclean.errors import FileContentError, InvalidInputError
from labelclean.io.labels.cells import label_to_cell, quote_cell
from labelclean.io.layout import FileLayout
from labelclean.io.tables.contract import TableScan
from labelclean.io.text.records import MAX_COLUMNS, RecordBatch, Sample, record_batches, split_lines
from labelclean.io.text.text_file import count_line_ends, read_blocks

__all__ = ["Table", "Tokenizer", "check_delimiter", "open_table", "patch_cell", "read_cells", "scan_table"]

_BLANK = frozenset({"\n", "\r", "\r\n"})


class Tokenizer:
    """
    Cuts text into records and records into cells.

    Parameters
    ----------
    delimiter : str
        One character.
    """

    def __init__(self, delimiter: str) -> None:
        self.delimiter = delimiter
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
        return self._record.findall(text) if '"' in text else split_lines(text)

    def cells(self, record: str) -> list[str]:
        """Return the cells of one complete record as they read."""
        body = record.rstrip("\r\n")
        if '"' not in body:
            return body.split(self.delimiter)
        found = self._cell.findall(body + self.delimiter)
        return [quoted.replace('""', '"') + tail + plain for quoted, tail, plain in found]

    def n_cells(self, record: str) -> int:
        """Return how many cells one complete record has."""
        return len(self.cells(record)) if '"' in record else record.count(self.delimiter) + 1

    def cell_span(self, record: str, position: int) -> tuple[int, int]:
        """Return where in a complete record the cell at a position begins and ends, its quotes included."""
        body = record.rstrip("\r\n") + self.delimiter
        for found, match in enumerate(self._cell.finditer(body)):
            if found == position:
                return match.start(), match.end() - 1
        raise IndexError(position)

    def open_quote(self, record: str) -> int | None:
        """Return where a quoted cell begins that is never closed, or None if there is none."""
        if '"' not in record or self._closed.fullmatch(record):
            return None
        before = self._cells_before.match(record)
        return before.end() if before else 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """
    A delimited file, open for one pass.

    Attributes
    ----------
    lead : str
        The text up to the end of the header.
    columns : tuple of str
        The header's cells; a first one that is empty has a name made up for it.
    batches : iterator of RecordBatch
        What follows the header.
    """

    tokenizer: Tokenizer
    lead: str
    columns: tuple[str, ...]
    batches: Iterator[RecordBatch]

    def filled(self, records: Sequence[str]) -> list[int]:
        """Return the positions of the data records; blank lines are none, unless there is a single column."""
        if len(self.columns) == 1:
            return list(range(len(records)))
        return [position for position, record in enumerate(records) if record not in _BLANK]

    def cells(self, batch: RecordBatch, position: int) -> list[str]:
        """Return the cells of a data record; a last one without line end may be short and is filled up."""
        cells = self.tokenizer.cells(batch.records[position])
        n_missing = len(self.columns) - len(cells)
        if n_missing == 0:
            return cells
        if n_missing < 0 or not _may_be_short(batch, position):
            raise _ragged(batch.line_of(position), len(cells), len(self.columns), 1)
        return cells + [""] * n_missing


def check_delimiter(delimiter: str) -> None:
    """Refuse a delimiter that cannot separate cells."""
    if len(delimiter) != 1 or delimiter in '"\r\n\0':
        raise InvalidInputError(
            "The delimiter must be one character other than a quote or a line end.",
            fix="Use a comma, semicolon, tab or vertical bar.",
        )


def open_table(path: Path, layout: FileLayout) -> Table:
    """
    Open a delimited file and read its header.

    Raises
    ------
    FileContentError
        If there is no header, a column name but the first is empty, or two are the same.
    """
    tokenizer = Tokenizer(layout.delimiter)
    batches = _checked(record_batches(read_blocks(path, layout), tokenizer.split_records), tokenizer)
    lead = ""
    for batch in batches:
        for position, record in enumerate(batch.records):
            lead += record
            if record not in _BLANK:
                columns = _with_index_named(tokenizer.cells(record))
                _check_columns(columns)
                rest = RecordBatch(batch.records[position + 1 :], batch.line_of(position + 1), batch.is_last)
                return Table(tokenizer=tokenizer, lead=lead, columns=columns, batches=chain([rest], batches))
    raise FileContentError(
        "The file must hold a header and at least one row; it is empty.", fix="Upload a file that has content."
    )


def scan_table(path: Path, layout: FileLayout) -> TableScan:
    """Read a whole delimited file once, so that every ragged row and undecodable byte is found."""
    table = open_table(path, layout)
    n_columns, n_rows, sample = len(table.columns), 0, Sample()
    ragged: tuple[int, int] | None = None
    n_ragged = 0
    warnings: list[str] = []
    for batch in table.batches:
        filled = table.filled(batch.records)
        n_rows += len(filled)
        for position in filled:
            n_cells = table.tokenizer.n_cells(batch.records[position])
            if n_cells == n_columns:
                if not sample.is_full:
                    sample.add(table.tokenizer.cells(batch.records[position]))
            elif n_cells < n_columns and _may_be_short(batch, position):
                warnings.append(_short_row_warning(batch.line_of(position), n_cells, n_columns))
                sample.add(table.cells(batch, position))
            else:
                n_ragged += 1
                ragged = ragged or (batch.line_of(position), n_cells)
    if ragged:
        raise _ragged(*ragged, n_columns, n_ragged)
    if not n_rows:
        raise no_rows()
    rows = tuple(map(tuple, sample.rows))
    warnings += _header_warnings(table.columns, rows)
    return TableScan(columns=table.columns, n_rows=n_rows, sample=rows, warnings=tuple(warnings))


def read_cells(path: Path, layout: FileLayout, columns: Sequence[str]) -> list[list[str]]:
    """Return some columns of a delimited file, each as the text of its cells in file order."""
    table = open_table(path, layout)
    places = [table.columns.index(column) for column in columns]
    lists: list[list[str]] = [[] for _ in columns]
    targets = [(place, cells.append) for place, cells in zip(places, lists, strict=True)]
    # Cells that repeat, such as labels, are kept once.
    seen: dict[str, str] = {}
    for batch in table.batches:
        for position in table.filled(batch.records):
            cells = table.cells(batch, position)
            for place, append in targets:
                cell = cells[place]
                append(seen.setdefault(cell, cell) if len(cell) < _SHORT_CELL else cell)
        if len(seen) > _MOST_SEEN:
            seen.clear()
    return lists


def patch_cell(table: Table, column: int, batch: RecordBatch, position: int, label: Label | None) -> str:
    """Return a record with one cell replaced; the same record if the cell reads like that already."""
    tokenizer, record = table.tokenizer, batch.records[position]
    wanted = label_to_cell(label)
    if table.cells(batch, position)[column] == wanted:
        return record
    spell = partial(quote_cell, wanted, tokenizer.delimiter, is_only_column=len(table.columns) == 1)
    n_missing = column + 1 - tokenizer.n_cells(record)
    if n_missing > 0:
        return record + tokenizer.delimiter * n_missing + spell(was_quoted=False)
    start, end = tokenizer.cell_span(record, column)
    return record[:start] + spell(was_quoted=record.startswith('"', start)) + record[end:]


def no_rows() -> FileContentError:
    """Return the error for a file that has columns but no data."""
    return FileContentError(
        "The file must hold at least one row of data; it has a header only.", fix="Upload a file that has rows."
    )


_INDEX_NAME = "Unnamed: 0"  # as pandas itself calls it
_SHORT_CELL = 64
_MOST_SEEN = 50_000


def _checked(batches: Iterator[RecordBatch], tokenizer: Tokenizer) -> Iterator[RecordBatch]:
    """Pass batches on, refusing a file that ends inside a quoted cell."""
    for batch in batches:
        if batch.is_last:
            record = batch.records[-1]
            at = tokenizer.open_quote(record)
            if at is not None:
                line = batch.line_of(len(batch.records) - 1) + count_line_ends(record[:at])
                raise FileContentError(
                    f"Every quoted cell must be closed by a quote; the one that begins in line {line:,} never is.",
                    fix="Close it, or double the quote if it is part of the text; then check the chosen delimiter.",
                )
        yield batch


def _with_index_named(names: list[str]) -> tuple[str, ...]:
    """Name a first column that has no name, as pandas and R leave it for row names; the file itself stays as it is."""
    first, *others = names
    if first.strip() or not others:
        return tuple(names)
    possible = chain([_INDEX_NAME], (f"{_INDEX_NAME}.{number}" for number in count(1)))
    return (next(name for name in possible if name not in others), *others)


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
                fix="Name it in the first line, or leave the column out.",
            )
    name, n_times = Counter(columns).most_common(1)[0]
    if n_times > 1:
        places = ", ".join(str(place + 1) for place, column in enumerate(columns) if column == name)
        raise FileContentError(
            f"Column names must differ; {_shown(name)} is the name of columns {places}.", fix="Rename all but one."
        )


def _shown(name: str) -> str:
    most = 60
    return f"“{name[:most]}…”" if len(name) > most else f"“{name}”"


def _may_be_short(batch: RecordBatch, position: int) -> bool:
    is_last = batch.is_last and position == len(batch.records) - 1
    return is_last and not batch.records[position].endswith(("\n", "\r"))


def _short_row_warning(line: int, n_cells: int, n_columns: int) -> str:
    return (
        f"The last line ({line:,}) has {n_cells:,} of {n_columns:,} cells and no line end; "
        "the missing cells are read as empty."
    )


def _header_warnings(columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> list[str]:
    places = (place for place, column in enumerate(columns) if any(row[place] == column for row in rows))
    return [
        f"The first line may hold data instead of column names: {_shown(columns[place])} is also a value in its column."
        for place in islice(places, 1)
    ]


def _ragged(line: int, n_cells: int, n_columns: int, n_ragged: int) -> FileContentError:
    n_more = n_ragged - 1
    more = f" {n_more:,} more {'row is' if n_more == 1 else 'rows are'} too long or too short." if n_more else ""
    return FileContentError(
        f"Every row must have as many cells as the header ({n_columns:,}); the row that begins in line {line:,} "
        f"has {n_cells:,}.{more}",
        fix="Put cells that contain the delimiter in quotes, and check the chosen delimiter.",
    )
