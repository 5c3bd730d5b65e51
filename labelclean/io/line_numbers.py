"""On which line of a text file a record begins, for reports that point into the file."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator
from pathlib import Path

from labelclean.errors import FileContentError
from labelclean.io.layout import FileFormat, FileLayout
from labelclean.io.text.records import record_batches, split_lines
from labelclean.io.text.text_file import read_blocks

__all__ = ["line_numbers"]

_TABLES: frozenset[FileFormat] = frozenset({"csv", "tsv"})
_LINES: frozenset[FileFormat] = frozenset({"jsonl", "fasttext"})
_LONGEST_CELL = 2**31 - 1


def line_numbers(path: Path, layout: FileLayout, rows: Collection[int]) -> dict[int, int]:
    """
    Return the line on which each of some records begins.

    Parameters
    ----------
    path : Path
        The file.
    layout : FileLayout
        How it is read.
    rows : collection of int
        0-based data records.

    Returns
    -------
    dict of int to int
        1-based line by record. Empty where a file is no text of records on lines of their own, stands in an archive,
        or its records cannot be counted like that for sure.
    """
    if not rows or layout.compression is not None:
        return {}
    wanted, found, n_rows = frozenset(rows), {}, 0
    try:
        for row, line in enumerate(_first_lines(path, layout)):
            n_rows += 1
            if row in wanted:
                found[row] = line
    except (csv.Error, FileContentError):
        return {}
    return found if n_rows == layout.n_rows else {}


def _first_lines(path: Path, layout: FileLayout) -> Iterator[int]:
    if layout.file_format in _TABLES:
        starts = _table_starts(path, layout)
        next(starts, None)  # the header
        return starts
    if layout.file_format in _LINES:
        return (number for number, line in enumerate(_lines(path, layout), start=1) if line.strip())
    return iter(())


def _table_starts(path: Path, layout: FileLayout) -> Iterator[int]:
    csv.field_size_limit(_LONGEST_CELL)
    lines, delimiter = _lines(path, layout), layout.delimiter
    if layout.quoting:
        reader = csv.reader(lines, delimiter=delimiter)
    else:
        reader = csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    while True:
        first = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        if cells:
            yield first


def _lines(path: Path, layout: FileLayout) -> Iterator[str]:
    for batch in record_batches(read_blocks(path, layout), split_lines):
        yield from batch.records
