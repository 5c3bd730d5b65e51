"""Parse the rows of a sheet as a stream, and know at which bytes each cell stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from labelclean.errors import FileContentError
from labelclean.io.tables.workbooks.cells import column_letters, column_number
from labelclean.io.tables.workbooks.xml import XmlPart

__all__ = ["Area", "SheetCell", "SheetRow", "SheetRows"]

_MOST_ROWS, _MOST_COLUMNS = 1 << 20, 1 << 14


class SheetCell(NamedTuple):
    """
    A cell as the XML has it.

    ``start`` is the byte at which it begins; ``end`` the byte at which its closing tag begins, or after it where the
    element is a single tag.
    """

    column: int
    kind: str
    raw: str
    style: str
    is_formula: bool
    start: int
    end: int


class SheetRow(NamedTuple):
    """A row as the XML has it; its bytes are counted as those of its cells."""

    number: int
    style: str
    is_hidden: bool
    cells: list[SheetCell]
    start: int
    end: int


class Area(NamedTuple):
    """A rectangle of cells, both ends included."""

    first_column: int
    first_row: int
    last_column: int
    last_row: int

    @classmethod
    def parse(cls, reference: str) -> Area:
        """Return the area of a reference such as "A1:B7"; one that is none holds no cell."""
        first, _, last = reference.replace("$", "").partition(":")
        ends = [(column_number(end), _row_number(end)) for end in (first, last or first)]
        return cls(ends[0][0], ends[0][1], ends[1][0], ends[1][1])

    def covers(self, column: int, row: int) -> bool:
        """Tell whether a cell lies in the area."""
        return self.first_column <= column <= self.last_column and self.first_row <= row <= self.last_row

    def hides(self, column: int, row: int) -> bool:
        """Tell whether a cell lies in the area and is not its first one, which alone shows its value if merged."""
        return self.covers(column, row) and (column, row) != (self.first_column, self.first_row)


class SheetRows:
    """
    The rows of one sheet.

    Attributes
    ----------
    prefix : str
        The prefix of the sheet's elements with its colon; most often empty.
    merged : list of Area
        Merged cells; known when all is read.
    column_styles : list of tuple of (int, int, str)
        First and last column, and their style.
    elements : set of str
        Names of the elements beside the rows; known when all is read.
    settled : int
        Bytes before this one belong to rows already given.
    """

    def __init__(self, part: str) -> None:
        self.prefix = ""
        self.merged: list[Area] = []
        self.column_styles: list[tuple[int, int, str]] = []
        self.elements: set[str] = set()
        self.settled = 0
        self._xml = XmlPart(part)
        self._xml.parser.StartElementHandler = self._start_root
        self._done: list[SheetRow] = []
        self._arrays: list[Area] = []
        self._depth = 0
        self._row_number = self._column = 0
        self._row = SheetRow(0, "", is_hidden=False, cells=[], start=0, end=0)
        self._is_cell = self._is_formula = self._is_reading_aid = False
        self._attributes: Mapping[str, str] = {}
        self._cell_start = 0
        self._pieces: list[str] = []

    def read(self, blocks: Iterable[bytes]) -> Iterator[SheetRow]:
        """Give all rows of a sheet, in order."""
        for block in blocks:
            yield from self.feed(block)
        yield from self.feed(b"", is_last=True)

    def feed(self, block: bytes, *, is_last: bool = False) -> list[SheetRow]:
        """
        Parse the next bytes, and return the rows that end in them.

        Raises
        ------
        FileContentError
            If they are no XML, or their rows or cells stand in no order.
        """
        self._xml.feed(block, is_last=is_last)
        done, self._done = self._done, []
        return done

    def _start_root(self, name: str, _attributes: Mapping[str, str]) -> None:
        prefix, colon, _ = name.rpartition(":")
        self.prefix = prefix + colon
        self._texts = frozenset({f"{self.prefix}v", f"{self.prefix}t"})
        self._c, self._r, self._f = f"{self.prefix}c", f"{self.prefix}row", f"{self.prefix}f"
        self._data, self._aid = f"{self.prefix}sheetData", f"{self.prefix}rPh"
        self._depth = 1
        self._xml.parser.StartElementHandler = self._start_beside
        self._xml.parser.EndElementHandler = self._end_beside

    # ------------------------------------------------------------------------------------- beside the rows

    def _start_beside(self, name: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        element = name.removeprefix(self.prefix)
        if self._depth == 2:  # noqa: PLR2004  (just below the root)
            self.elements.add(element)
        if name == self._data:
            self._xml.parser.StartElementHandler = self._start
            self._xml.parser.EndElementHandler = self._end
        elif element == "mergeCell":
            self.merged.append(Area.parse(attributes.get("ref", "")))
        elif element == "col":
            ends = (_whole(attributes.get("min", "0")), _whole(attributes.get("max", "0")))
            self.column_styles.append((*ends, attributes.get("style", "")))

    def _end_beside(self, _name: str) -> None:
        self._depth -= 1

    # ------------------------------------------------------------------------------------- rows and cells

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == self._c:
            self._start_cell(attributes)
        elif name in self._texts:
            if self._is_cell and not self._is_reading_aid:
                self._xml.parser.CharacterDataHandler = self._pieces.append
        elif name == self._f:
            self._is_formula = True
            if "ref" in attributes and attributes.get("t") in {"array", "dataTable"}:
                self._arrays.append(Area.parse(attributes["ref"]))
        elif name == self._r:
            self._start_row(attributes)
        elif name == self._aid:
            self._is_reading_aid = True

    def _end(self, name: str) -> None:
        if name in self._texts:
            self._xml.parser.CharacterDataHandler = None
        elif name == self._c:
            self._end_cell()
        elif name == self._r:
            self.settled = self._xml.parser.CurrentByteIndex
            self._done.append(self._row._replace(end=self.settled))
        elif name == self._aid:
            self._is_reading_aid = False
        elif name == self._data:
            self._xml.parser.StartElementHandler = self._start_beside
            self._xml.parser.EndElementHandler = self._end_beside
            self._depth -= 1

    def _start_row(self, attributes: Mapping[str, str]) -> None:
        number = _whole(attributes["r"]) if "r" in attributes else self._row_number + 1
        if not self._row_number < number <= _MOST_ROWS:
            raise FileContentError(
                f"The rows of a sheet must be numbered upwards, to 1,048,576 at most; after row {self._row_number:,} "
                "there is one that is not.",
                fix="Open the workbook in a spreadsheet program, save it again, and upload that file.",
            )
        self._row_number, self._column = number, 0
        self._row = SheetRow(
            number,
            attributes.get("s", "") if attributes.get("customFormat") in {"1", "true"} else "",
            attributes.get("hidden") in {"1", "true"},
            [],
            self._xml.parser.CurrentByteIndex,
            0,
        )

    def _start_cell(self, attributes: Mapping[str, str]) -> None:
        column = column_number(attributes["r"]) if "r" in attributes else self._column + 1
        if not self._column < column <= _MOST_COLUMNS:
            raise FileContentError(
                f"The cells of a row must stand in the order of their columns, to XFD at most; in row "
                f"{self._row_number:,} there is one after {column_letters(self._column) or 'its start'} that does not.",
                fix="Open the workbook in a spreadsheet program, save it again, and upload that file.",
            )
        self._column = column
        self._attributes = attributes
        self._cell_start = self._xml.parser.CurrentByteIndex
        self._is_cell, self._is_formula = True, False
        self._pieces.clear()

    def _end_cell(self) -> None:
        self._is_cell = False
        is_formula = self._is_formula or (
            bool(self._arrays) and any(area.covers(self._column, self._row_number) for area in self._arrays)
        )
        attributes = self._attributes
        self._row.cells.append(
            SheetCell(
                self._column,
                attributes.get("t", "n"),
                "".join(self._pieces),
                attributes.get("s", ""),
                is_formula,
                self._cell_start,
                self._xml.parser.CurrentByteIndex,
            )
        )


def _row_number(reference: str) -> int:
    return _whole(reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))


def _whole(text: str) -> int:
    """Return a whole number of a few digits; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004
