r"""
Files as fastText reads them: read texts and label sets, and patch the labels of single lines.

A line is ``__label__a __label__b text``. As in fastText, a word that begins with ``__label__`` is a label wherever it
stands in the line; the text is what remains. ``__label__`` alone names nothing and is part of the text. A line without
labels is not labelled: fastText skips it in training, and the format has no other way to say so. For that reason the
empty set cannot be told from "not labelled" here; both are written as a line without labels.

A lone label is read as text and several as a list, so that a file with one label per line is no file of label sets.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from labelclean.errors import FileContentError, InvalidInputError
from labelclean.io.layout import FileLayout
from labelclean.io.tables.contract import CellValue, TableEdits, TableScan
from labelclean.io.tables.json_files.values import text_of
from labelclean.io.tables.text_edits import check_rows, encoded, opening_mark, rows_within, touched_rows
from labelclean.io.text.records import RecordBatch, Sample, record_batches, split_lines
from labelclean.io.text.text_file import read_blocks

__all__ = ["FASTTEXT", "FastText", "recognise_fasttext"]

_PREFIX = "__label__"
_COLUMNS = ("labels", "text")
_SPACE = " \t\v\f\r\n"
_LABEL = re.compile(rf"(?<![^ \t\v\f]){_PREFIX}([^ \t\v\f\r\n]+)")
_LABEL_AND_SPACE = re.compile(_LABEL.pattern + r"[ \t\v\f]*")
_LEAST_SHARE = 0.5
_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class FastText:
    """One text per line with its labels: the columns "labels" and "text". Blank lines count as nothing."""

    def scan(self, path: Path, layout: FileLayout) -> TableScan:
        """
        Read a whole file once.

        Raises
        ------
        FileContentError
            If it is empty, or no line has a label.
        """
        n_rows, n_labelled, has_several, bound, marked_line = 0, 0, False, Sample(), 0
        for batch in _open(path, layout):
            marked_line = marked_line or _marked_line(batch)
            for record in filter(_is_filled, batch.records):
                n_rows += 1
                labels = _labels(record)
                n_labelled += bool(labels)
                has_several = has_several or len(labels) > 1
                if not bound.is_full:
                    bound.add([text_of(_label_cell(record)), _text(record)])
        if not n_rows:
            raise FileContentError("The file must hold at least one line; it is empty.", fix="Upload another file.")
        if not n_labelled:
            raise FileContentError(
                f"A line of a fastText file must begin with a label such as {_PREFIX}billing; none of {n_rows:,} does.",
                fix="Choose another format.",
            )
        warnings = _warnings(n_rows - n_labelled, marked_line)
        sample = tuple((labels, text) for labels, text in bound.rows)
        return TableScan(
            columns=_COLUMNS,
            n_rows=n_rows,
            sample=sample,
            warnings=warnings,
            kinds=("list" if has_several else "text", "text"),
        )

    def read(
        self, path: Path, layout: FileLayout, columns: Sequence[str], *, rows: Collection[int] | None = None
    ) -> list[list[CellValue]]:
        """Return columns; a lone label is text, several are a list in the order of the line, and none is None."""
        found: list[list[CellValue]] = [[] for _ in columns]
        readers = [_text if column == "text" else _label_cell for column in columns]
        wanted = None if rows is None else frozenset(rows)
        row = 0
        for batch in _open(path, layout):
            for record in filter(_is_filled, batch.records):
                if wanted is None or row in wanted:
                    for values, reader in zip(found, readers, strict=True):
                        values.append(reader(record))
                row += 1
        return found

    def parts(self, path: Path, layout: FileLayout, columns: Sequence[str]) -> Iterator[list[list[CellValue]]]:
        """Yield columns part by part."""
        readers = [_text if column == "text" else _label_cell for column in columns]
        for batch in _open(path, layout):
            records = list(filter(_is_filled, batch.records))
            if records:
                yield [[reader(record) for record in records] for reader in readers]

    def write(self, path: Path, target: BinaryIO, layout: FileLayout, edits: TableEdits) -> int:
        """
        Write a file again with changed labels.

        Labels that stay keep their places; those that go take the white space behind them along; new ones follow the
        last label that was there, or take the place of the first if none stays. Labels that are given in another order
        are written in that one, where they stand together.

        Raises
        ------
        FileContentError
            If a label holds white space or is empty, or the encoding cannot hold it.
        InvalidInputError
            If a row is not in the file, or anything but labels is to change.
        """
        check_rows(layout.n_rows, edits)
        _check_columns(edits)
        encoding = edits.encoding or layout.encoding
        target.write(opening_mark(layout, encoding))
        touched = touched_rows(layout.n_rows, edits)
        first_row, n_changed = 0, 0
        for batch in _open(path, layout):
            positions = [at for at, record in enumerate(batch.records) if _is_filled(record)]
            written = batch.records.copy()
            for row in rows_within(touched, first_row, len(positions)):
                position = positions[row - first_row]
                written[position] = (
                    "" if row in edits.dropped_rows else _patched(batch, position, row, edits.cells[row])
                )
                n_changed += row not in edits.dropped_rows and written[position] != batch.records[position]
            target.write(encoded(written, encoding, partial(_place, batch, positions, first_row)))
            first_row += len(positions)
        check_rows(first_row, edits)
        return n_changed


FASTTEXT = FastText()


def recognise_fasttext(sample: str) -> str | None:
    """Return the reason for taking a file for fastText's if most of its first lines begin with a label, else None."""
    lines = list(islice(filter(_is_filled, split_lines(sample)), _LOOKED_AT))
    n_labelled = sum(_LABEL.match(line.lstrip(_SPACE)) is not None for line in lines)
    if not lines or n_labelled <= len(lines) * _LEAST_SHARE:
        return None
    share = "All" if n_labelled == len(lines) else f"{n_labelled:,} of"
    return f"{share} {len(lines):,} lines looked at begin with {_PREFIX}, as fastText's files do."


def _open(path: Path, layout: FileLayout) -> Iterator[RecordBatch]:
    with closing(read_blocks(path, layout)) as blocks:
        yield from record_batches(blocks, split_lines)


def _marked_line(batch: RecordBatch) -> int:
    """Return the first line with a byte order mark, which is not the file's own; 0 if there is none."""
    records = enumerate(batch.records)
    return next((batch.line_of(position) for position, record in records if "\ufeff" in record), 0)


def _warnings(n_without: int, marked_line: int) -> tuple[str, ...]:
    are = "line has" if n_without == 1 else "lines have"
    missing = f"{n_without:,} {are} no label and count as not labelled." if n_without else ""
    marked = (
        f"Line {marked_line:,} has a byte order mark inside, as when files were joined; a label right behind it is "
        "read as text."
        if marked_line
        else ""
    )
    return tuple(filter(None, (missing, marked)))


def _is_filled(record: str) -> bool:
    return bool(record.strip(_SPACE))


def _labels(record: str) -> list[str]:
    return _LABEL.findall(record) if _PREFIX in record else []


def _label_cell(record: str) -> CellValue:
    labels = _labels(record)
    if len(labels) > 1:
        return labels
    return labels[0] if labels else None


def _text(record: str) -> str:
    """Return a line without its labels, and without the white space at its ends, which fastText does not see."""
    return (_LABEL_AND_SPACE.sub("", record) if _PREFIX in record else record).strip(_SPACE)


def _patched(batch: RecordBatch, position: int, row: int, cells: Mapping[str, CellValue]) -> str:
    record = batch.records[position]
    body = record.rstrip("\r\n")
    try:
        patched = _with_labels(body, _wanted(cells["labels"]))
    except InvalidInputError as error:
        where = f"row {row:,} (line {batch.line_of(position):,})"
        raise FileContentError(f"{error.message} This is about {where}.", fix=error.fix) from error
    return patched + record[len(body) :]


def _wanted(value: CellValue) -> list[str]:
    """Return the labels a cell is to have, each once."""
    labels = [] if value is None else [value] if not isinstance(value, list | tuple) else value
    wanted = list(dict.fromkeys(str(label) for label in labels))
    if any(not label or any(mark in _SPACE for mark in label) for label in wanted):
        raise InvalidInputError(
            "A label of a fastText file must be one word; the new one is empty or holds white space.",
            fix="Choose a label without white space, such as one with hyphens.",
        )
    return wanted


def _with_labels(body: str, wanted: Sequence[str]) -> str:
    """Return a line with other labels; the same line if it has them already."""
    present = list(_LABEL.finditer(body))
    old = {match[1] for match in present}
    if old == set(wanted):
        return body
    new = [_PREFIX + label for label in wanted if label not in old]
    kept = [match for match in present if match[1] in wanted]
    gap = body[present[0].end() : present[1].start()] if len(present) > 1 else " "
    gap = " " if gap.strip(_SPACE) else gap
    if not present:
        start = len(body) - len(body.lstrip(_SPACE))
        return f"{body[:start]}{' '.join(new)} {body[start:]}"
    if _has_own_order(body, present, wanted):
        labels = gap.join(_PREFIX + label for label in wanted)
        return body[: present[0].start()] + labels + body[present[-1].end() :]
    pieces, at = [], 0
    for match in present:
        if match in kept:
            more = new if match is kept[-1] else []
            pieces.append(body[at : match.end()] + "".join(gap + label for label in more))
            at = match.end()
        elif new and not kept and match is present[0]:
            pieces.append(body[at : match.start()] + gap.join(new))
            at = match.end()
        else:
            end = len(body) - len(body[match.end() :].lstrip(_SPACE))
            before = body[at : match.start()]
            pieces.append(before if end < len(body) else before.rstrip(_SPACE))
            at = end
    patched = "".join(pieces) + body[at:]
    if not patched.strip(_SPACE):
        raise InvalidInputError(
            "A line of a fastText file must have a label or a text; this one would have neither.",
            fix="Drop the row, or keep a label.",
        )
    return patched


def _has_own_order(body: str, present: Sequence[re.Match[str]], wanted: Sequence[str]) -> bool:
    """Tell whether labels that stand together are wanted in another order than what stays, then what comes."""
    is_one_run = not _LABEL.sub("", body[present[0].start() : present[-1].end()]).strip(_SPACE)
    old = dict.fromkeys(match[1] for match in present)
    usual = [*(label for label in old if label in wanted), *(label for label in wanted if label not in old)]
    return is_one_run and bool(wanted) and list(wanted) != usual


def _check_columns(edits: TableEdits) -> None:
    if edits.added or any(column != "labels" for cells in edits.cells.values() for column in cells):
        raise InvalidInputError(
            "Only the labels of a fastText file can be changed; it has no room for further columns.",
            fix="Export the change log, or save the file as CSV or JSON Lines first.",
        )


def _place(batch: RecordBatch, positions: Sequence[int], first_row: int, position: int) -> str:
    row = first_row + positions.index(position) if position in positions else first_row
    return f"row {row:,} (line {batch.line_of(position):,})"
