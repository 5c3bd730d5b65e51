"""Files that are one JSON document with an array of objects: read them, and patch single values."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from labelclean.errors import FileContentError
from labelclean.io.layout import FileLayout
from labelclean.io.tables.contract import CellValue, TableEdits, TableScan
from labelclean.io.tables.json_files.cells import CellCollector
from labelclean.io.tables.json_files.columns import JSON_COLUMNS
from labelclean.io.tables.json_files.edits import RowPatcher
from labelclean.io.tables.json_files.rows import RowScan, no_objects
from labelclean.io.tables.json_files.stream import ItemBatch, JsonStream
from labelclean.io.tables.json_files.values import DECODER
from labelclean.io.tables.text_edits import encoded, opening_mark
from labelclean.io.text.text_file import BLOCK_BYTES, read_blocks

__all__ = ["JSON_ARRAY", "JSON_COLUMNS", "JsonArray", "array_parts"]

_NO_VALUE = "Expecting value"
_NO_KEY = "Expecting property name"
_NO_COLON = "Expecting ':' delimiter"
_NO_COMMA = "Expecting ',' delimiter"


@dataclass(frozen=True, slots=True)
class JsonArray:
    """
    One array of objects, which may stand under a key of an outer object.

    The layout's ``part`` names that key; where it is empty, the first array of objects in the document counts.
    """

    def scan(self, path: Path, layout: FileLayout) -> TableScan:
        """
        Read a whole document once, so that whatever is wrong with it is found.

        Equal keys in one object, NaN and Infinity are dealt with as in JSON Lines.

        Raises
        ------
        FileContentError
            If it is no JSON document with an array of objects.
        """
        found = RowScan()
        for piece in _pieces(path, layout, found.decoder):
            if isinstance(piece, ItemBatch):
                _add(found, piece)
        return found.finish()

    def read(
        self, path: Path, layout: FileLayout, columns: Sequence[str], *, rows: Collection[int] | None = None
    ) -> list[list[CellValue]]:
        """Return the values of some columns; of all items, or only of some, in rising order."""
        cells = CellCollector(columns, rows)
        for piece in _pieces(path, layout, DECODER):
            if isinstance(piece, ItemBatch):
                found = _rows(piece)
                for at in cells.wanted(piece.first_item, len(found)):
                    cells.add(found[at])
        return cells.values

    def parts(self, path: Path, layout: FileLayout, columns: Sequence[str]) -> Iterator[list[list[CellValue]]]:
        """Yield the values of some columns part by part."""
        for piece in _pieces(path, layout, DECODER):
            if isinstance(piece, ItemBatch):
                cells = CellCollector(columns, None)
                for row in _rows(piece):
                    cells.add(row)
                if cells.values and cells.values[0]:
                    yield cells.values

    def write(self, path: Path, target: BinaryIO, layout: FileLayout, edits: TableEdits) -> int:
        """
        Write a document again with changed values.

        An item that is left out goes with its comma and the white space between it and the item before; if there is
        none before, with those up to the item behind.

        Raises
        ------
        FileContentError
            If the document is broken, or the encoding cannot hold what is written.
        InvalidInputError
            If a row is not in the file.
        """
        patcher = RowPatcher(layout, edits)
        target.write(opening_mark(layout, patcher.encoding))
        n_rows, has_kept = 0, False
        for piece in _pieces(path, layout, DECODER):
            if isinstance(piece, str):
                target.write(encoded([piece], patcher.encoding, lambda _: "the text around the array"))
                continue
            n_rows += len(piece.values)
            written = _patched(piece, patcher, has_kept=has_kept)
            has_kept = has_kept or bool(written)
            target.write(encoded(list(written.values()), patcher.encoding, partial(_place, piece, list(written))))
        return patcher.finish(n_rows)


JSON_ARRAY = JsonArray()


def array_parts(path: Path, layout: FileLayout) -> tuple[str, ...]:
    """
    Return the keys of a document's outer object that hold arrays of objects, in file order; none without such.

    Raises
    ------
    FileContentError
        If it is no JSON document.
    """
    found: list[str] = []
    with closing(read_blocks(path, layout)) as blocks:
        stream = JsonStream(blocks, DECODER)
        if stream.take("[{", _NO_VALUE) == "{":
            for key in _keys(stream):
                for is_of_objects, _ in _value(stream):
                    if is_of_objects and key not in found:
                        found.append(key)
    return tuple(found)


def _pieces(path: Path, layout: FileLayout, decoder: json.JSONDecoder) -> Iterator[str | ItemBatch]:
    """Yield a document piece by piece: the items of the array, and the text around them."""
    with closing(read_blocks(path, layout)) as blocks:
        stream = JsonStream(blocks, decoder)
        if not stream.peek():
            raise no_objects()
        if stream.take("[{", _NO_VALUE) == "{":
            yield from _object_pieces(stream, layout.part)
        elif layout.part:
            raise _no_array(layout.part, 0, outer="an array itself")
        else:
            stream.peek()
            yield stream.passed()
            yield from stream.items()
            stream.take("]", _NO_COMMA)
        stream.end()
        yield stream.passed()


def _object_pieces(stream: JsonStream, part: str) -> Iterator[str | ItemBatch]:
    chosen: str | None = None
    n_keys = 0
    for key in _keys(stream):
        if key == chosen:
            raise FileContentError(
                "The key of the array must stand once in the outer object; it stands there twice.",
                fix="Rename one of the two.",
            )
        for is_of_objects, piece in _value(stream):
            is_chosen = key == part if part else is_of_objects and chosen in {None, key}
            if isinstance(piece, ItemBatch) and is_chosen:
                chosen = key
                yield piece
            else:
                yield piece.text if isinstance(piece, ItemBatch) else piece
        n_keys += 1
    if chosen is None:
        raise _no_array(part, n_keys, outer="an object")


def _keys(stream: JsonStream) -> Iterator[str]:
    """Yield the keys of an object whose opening bracket was passed; the values are to be passed in between."""
    if stream.peek() == "}":
        stream.take("}", _NO_KEY)
        return
    mark = ","
    while mark == ",":
        if stream.peek() != '"':
            stream.take('"', _NO_KEY)
        key = stream.value()
        stream.take(":", _NO_COLON)
        yield str(key)
        mark = stream.take(",}", _NO_COMMA)


def _value(stream: JsonStream) -> Iterator[tuple[bool, str | ItemBatch]]:
    """Pass one value; yield what was passed, and with it whether it belongs to an array of objects."""
    if stream.peek() != "[":
        stream.value()
        if stream.n_passed > BLOCK_BYTES:
            yield False, stream.passed()
        return
    stream.take("[", _NO_VALUE)
    is_of_objects = stream.peek() == "{"
    yield is_of_objects, stream.passed()
    for batch in stream.items():
        yield is_of_objects, batch
    stream.take("]", _NO_COMMA)


def _add(found: RowScan, batch: ItemBatch) -> None:
    rows = _rows(batch)
    # What is noticed while decoding belongs to one of these rows, or to none; decode again to tell.
    is_odd = found.has_noticed
    found.forget()
    for position, (row, (start, end)) in enumerate(zip(rows, batch.spans, strict=True)):
        text = batch.text[start:end]
        if is_odd:
            found.decoder.decode(text)
        found.add(row, text, partial(batch.place_of, position))


def _rows(batch: ItemBatch) -> list[dict[str, CellValue]]:
    rows = [value for value in batch.values if isinstance(value, dict)]
    if len(rows) < len(batch.values):
        position = next(at for at, value in enumerate(batch.values) if not isinstance(value, dict))
        kind = "an array" if isinstance(batch.values[position], list) else "a single value"
        raise FileContentError(
            f'Every item of the array must be an object, such as {{"text": ..., "label": ...}}; '
            f"{batch.place_of(position)} is {kind}.",
            fix="Save the data with one object per row; with pandas: to_json(..., orient='records').",
        )
    return rows


def _patched(batch: ItemBatch, patcher: RowPatcher, *, has_kept: bool) -> dict[int, str]:
    """Return the new text of the rows that are kept, each with what stands before it; one text if all are as before."""
    first, text = batch.first_item, batch.text
    touched = frozenset(patcher.touched(first, len(batch.values)))
    if not touched and (has_kept or not first):
        return {first: text}
    written: dict[int, str] = {}
    before = 0
    for position, (start, end) in enumerate(batch.spans):
        row, gap, before = first + position, text[before:start], end
        if row in touched and patcher.is_dropped(row):
            continue
        item = text[start:end]
        if row in touched:
            item = patcher.patched(row, item, partial(batch.place_of, position))
        written[row] = gap + item if has_kept or written else item
    return written


def _place(batch: ItemBatch, rows: Sequence[int], at: int) -> str:
    position = rows[at] - batch.first_item
    return f"row {rows[at]:,} ({batch.place_of(position)})"


def _no_array(part: str, n_keys: int, *, outer: str) -> FileContentError:
    if part:
        return FileContentError(
            f"The document must have an array of objects under the chosen key; it is {outer} without one there.",
            fix="Choose the key of an array of objects, or none.",
        )
    shape = f"there is none under its keys ({n_keys:,})" if n_keys else "it is an empty object"
    return FileContentError(
        f"The document must hold an array of objects, alone or under a key of an object; {shape}.",
        fix="Save it as an array with one object per row; with pandas: to_json(..., orient='records').",
    )
