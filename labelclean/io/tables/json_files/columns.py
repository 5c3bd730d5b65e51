"""Files that are one JSON object of equally long columns: read them, and patch single values."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from labelclean.errors import FileContentError, InvalidInputError
from labelclean.io.layout import FileLayout
from labelclean.io.tables.contract import CellValue, TableEdits, TableScan
from labelclean.io.tables.json_files.column import Column, columns_of, place_in
from labelclean.io.tables.json_files.patch import Style, patch_place
from labelclean.io.tables.json_files.paths import Place, find_place, getter
from labelclean.io.tables.json_files.rows import RowScan
from labelclean.io.tables.json_files.values import DECODER, decode
from labelclean.io.tables.parts import cut_columns
from labelclean.io.tables.text_edits import check_rows, encoded, opening_mark
from labelclean.io.text.records import split_lines
from labelclean.io.text.text_file import read_blocks

__all__ = ["JSON_COLUMNS", "JsonColumns"]


@dataclass(frozen=True, slots=True)
class JsonColumns:
    """
    One object whose values are the columns: arrays, or objects with the same keys as pandas' ``to_json()`` writes them.

    Members of other kinds are kept and are no columns. The whole text is held in memory.
    """

    def scan(self, path: Path, layout: FileLayout) -> TableScan:
        """
        Read a whole document, so that whatever is wrong with it is found.

        Raises
        ------
        FileContentError
            If it is no JSON object of columns, these are not equally long, or a key stands twice.
        """
        text = _text(path, layout)
        columns = columns_of(text)
        found = RowScan()
        for row in range(len(columns[0].cells)):
            texts = [column.text_of(text, row) for column in columns]
            values = [found.decoder.decode(cell) for cell in texts]
            cells = dict(zip((column.name for column in columns), values, strict=True))
            found.add(cells, "".join(texts), partial(place_in, text, columns[0], row))
        return found.finish()

    def read(
        self, path: Path, layout: FileLayout, columns: Sequence[str], *, rows: Collection[int] | None = None
    ) -> list[list[CellValue]]:
        """Return the values of some columns; of all rows, or only of some, in rising order."""
        text = _text(path, layout)
        table = columns_of(text)
        n_rows = len(table[0].cells)
        wanted = range(n_rows) if rows is None else [row for row in sorted(set(rows)) if row < n_rows]
        names = {column.name: column for column in table}
        found: list[list[CellValue]] = []
        for name in columns:
            if name in names:
                found.append([names[name].value_of(text, row) for row in wanted])
            else:
                get = getter(name)
                heads = [column for column in table if name.startswith(f"{column.name}.")]
                found.append([get({column.name: column.value_of(text, row) for column in heads}) for row in wanted])
        return found

    def parts(self, path: Path, layout: FileLayout, columns: Sequence[str]) -> Iterator[list[list[CellValue]]]:
        """Yield the values of some columns part by part."""
        yield from cut_columns(self.read(path, layout, columns))

    def write(self, path: Path, target: BinaryIO, layout: FileLayout, edits: TableEdits) -> int:
        """
        Write a document again with changed values.

        A row that is left out goes from every column with one comma, as from an array of objects.

        Raises
        ------
        FileContentError
            If the document is broken, or the encoding cannot hold what is written.
        InvalidInputError
            If a row is not in the file, or a value cannot be put there.
        """
        text = _text(path, layout)
        columns = columns_of(text)
        n_rows = len(columns[0].cells)
        check_rows(n_rows, edits)
        encoding = edits.encoding or layout.encoding
        style = Style.of(text, encoding)
        replacer = _Replacer(text, columns, style)
        n_changed = replacer.replace_all(edits)
        pieces: list[str] = []
        at = 0
        for column in columns:
            pieces += [text[at : column.start], column.rejoined(text, replacer.texts[column.name], edits.dropped_rows)]
            at = column.end
        for name, values in edits.added.items():
            if name not in replacer.texts:
                pieces.append(columns[-1].like(text, name, values, edits.dropped_rows, style))
        pieces.append(text[at:])
        target.write(opening_mark(layout, encoding))
        lines = split_lines("".join(pieces))
        target.write(encoded(lines, encoding, lambda at: f"line {at + 1:,}"))
        return n_changed


JSON_COLUMNS = JsonColumns()


def _text(path: Path, layout: FileLayout) -> str:
    with closing(read_blocks(path, layout)) as blocks:
        return "".join(blocks)


class _Replacer:
    """
    Collects the new texts of cells, by column and row.

    Parameters
    ----------
    text : str
        The document.
    columns : sequence of Column
        Its columns.
    style : Style
        For new values.
    """

    def __init__(self, text: str, columns: Sequence[Column], style: Style) -> None:
        self.texts: dict[str, dict[int, str]] = {column.name: {} for column in columns}
        self._text = text
        self._columns = columns
        self._style = style

    def replace_all(self, edits: TableEdits) -> int:
        """Note all edits, added columns that are there already among them; return in how many rows a cell changed."""
        n_changed = 0
        for row, cells in edits.cells.items():
            if row not in edits.dropped_rows:
                n_changed += sum(self._replace(row, name, value) for name, value in cells.items()) > 0
        for name, values in edits.added.items():
            if name in self.texts:
                for row, value in enumerate(values):
                    self._replace(row, name, value)
        return n_changed

    def _replace(self, row: int, name: str, value: CellValue) -> bool:
        """Note the new text of one cell, and tell whether it is another."""
        heads = [column for column in self._columns if f"{name}.".startswith(f"{column.name}.")]
        texts = {column.name: self.texts[column.name].get(row, column.text_of(self._text, row)) for column in heads}
        values: dict[str, CellValue] = {head: decode(cell, DECODER) for head, cell in texts.items()}
        place = find_place(values, name, texts)
        if not place.steps:
            raise InvalidInputError(
                f"The changed value of row {row:,} must belong to one of the columns; it does not.",
                fix="Choose a column that the file has.",
            )
        head = str(place.steps[0])
        inner = Place(steps=place.steps[1:], value=place.value, missing=place.missing)
        try:
            patched = patch_place(texts[head], inner, value, self._style)
        except InvalidInputError as error:
            raise FileContentError(f"{error.message} This is about row {row:,}.", fix=error.fix) from error
        if patched == texts[head]:
            return False
        self.texts[head][row] = patched
        return True
