"""One column of a JSON document that is an object of columns: where its cells stand, and how it is written again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from labelclean.errors import FileContentError
from labelclean.io.tables.contract import CellValue
from labelclean.io.tables.json_files.flaws import Flaw, find_flaw
from labelclean.io.tables.json_files.patch import Member, Style, items, marks, members
from labelclean.io.tables.json_files.rows import no_objects
from labelclean.io.tables.json_files.shapes import check_shape
from labelclean.io.tables.json_files.values import DECODER, WHITE_SPACE, decode
from labelclean.io.text.text_file import count_line_ends

__all__ = ["Cell", "Column", "columns_of", "place_in"]


@dataclass(frozen=True, slots=True)
class Cell:
    """Where an item begins, its key included if it has one; where its value begins; and where both end."""

    outer: int
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """
    One column.

    Attributes
    ----------
    name : str
        Its key.
    start, end : int
        Where the array or object of its values begins and ends.
    cells : list of Cell
        Its cells, by row.
    """

    name: str
    start: int
    end: int
    cells: list[Cell]

    def text_of(self, text: str, row: int) -> str:
        """Return the text of a cell."""
        cell = self.cells[row]
        return text[cell.start : cell.end]

    def value_of(self, text: str, row: int) -> CellValue:
        """Return the value of a cell."""
        value: CellValue = DECODER.raw_decode(text, self.cells[row].start)[0]
        return value

    def rejoined(self, text: str, replaced: Mapping[int, str], dropped: Collection[int]) -> str:
        """Return the column's text with some cells replaced and some rows left out."""
        if not replaced and not dropped:
            return text[self.start : self.end]
        order = self._order()
        before = self.cells[order[0]].outer
        pieces = [text[self.start : before]]
        for row in order:
            cell = self.cells[row]
            gap, before = text[before : cell.outer], cell.end
            if row not in dropped:
                pieces += [gap if len(pieces) > 1 else "", text[cell.outer : cell.start]]
                pieces.append(replaced.get(row, text[cell.start : cell.end]))
        return "".join([*pieces, text[before : self.end]])

    def like(self, text: str, name: str, values: Sequence[CellValue], dropped: Collection[int], style: Style) -> str:
        """Return the text of a further column, with a value for each row, laid out as this one is."""
        order = self._order()
        first, last = self.cells[order[0]], self.cells[order[-1]]
        opening, closing = text[self.start : first.outer], text[last.end : self.end]
        comma = f",{opening[1:] or ' '}"
        if len(order) > 1:
            comma = text[first.end : self.cells[order[1]].outer]
        between, colon = marks(text, 0)
        cells = (
            text[self.cells[row].outer : self.cells[row].start] + style.spelled(values[row])
            for row in order
            if row not in dropped
        )
        return f"{between}{style.spelled(name)}{colon}{opening}{comma.join(cells)}{closing}"

    def _order(self) -> list[int]:
        """Return the rows in the order in which the column has them; objects may have it otherwise than the first."""
        return sorted(range(len(self.cells)), key=lambda row: self.cells[row].start)


def columns_of(text: str) -> list[Column]:
    """
    Return the columns of a document in file order.

    Raises
    ------
    FileContentError
        If it is no JSON object of columns, these are not equally long, a key stands twice, or its members are rows.
    """
    if not text.strip(WHITE_SPACE):
        raise no_objects()
    try:
        value = decode(text, DECODER)
    except (ValueError, RecursionError) as error:
        raise _broken(text, find_flaw(text, error)) from error
    if not isinstance(value, dict):
        raise _no_columns("an array" if isinstance(value, list) else "a single value")
    present = list(members(text, 0))
    _check_keys(present, text)
    check_shape(value)
    arrays = [member for member in present if text[member.start] == "["]
    if arrays:
        columns = [_array_column(text, member) for member in arrays]
        _check_lengths(columns)
    else:
        columns = _object_columns(text, [member for member in present if text[member.start] == "{"])
    if not columns:
        raise _no_columns("an object of single values" if present else "an empty object")
    if not columns[0].cells:
        raise FileContentError(
            "The columns must hold at least one value each; they are empty.", fix="Upload a file that has rows."
        )
    return columns


def place_in(text: str, column: Column, row: int) -> str:
    """Return the words for the place of a row, by its cell in one column."""
    return f"row {row:,} (line {count_line_ends(text[: column.cells[row].start]) + 1:,})"


def _array_column(text: str, member: Member) -> Column:
    cells = [Cell(start, start, end) for start, end in items(text, member.start)]
    return Column(name=member.key, start=member.start, end=member.end, cells=cells)


def _object_columns(text: str, present: Sequence[Member]) -> list[Column]:
    columns: list[Column] = []
    keys: list[str] = []
    known: AbstractSet[str] = frozenset()
    for member in present:
        inner = list(members(text, member.start))
        _check_keys(inner, text)
        places = {cell.key: Cell(cell.key_start, cell.start, cell.end) for cell in inner}
        if not columns:
            keys, known = list(places), places.keys()
        elif places.keys() != known:
            raise FileContentError(
                f"All columns must have the same keys for their rows; “{member.key}” has others than "
                f"“{columns[0].name}”.",
                fix="Save the data as an array with one object per row; with pandas: to_json(..., orient='records').",
            )
        cells = [places[key] for key in keys]
        columns.append(Column(name=member.key, start=member.start, end=member.end, cells=cells))
    return columns


def _check_keys(present: Sequence[Member], text: str) -> None:
    seen: set[str] = set()
    for member in present:
        if member.key in seen:
            line = count_line_ends(text[: member.key_start]) + 1
            raise FileContentError(
                f"A column or row must have its key once; the one in line {line:,} stands twice.",
                fix="Rename or remove one of the two.",
            )
        seen.add(member.key)


def _check_lengths(columns: Sequence[Column]) -> None:
    first = columns[0]
    for column in columns[1:]:
        if len(column.cells) != len(first.cells):
            raise FileContentError(
                f"All columns must be equally long; “{first.name}” has {len(first.cells):,} values and "
                f"“{column.name}” has {len(column.cells):,}.",
                fix="Add the missing values, as null where there are none.",
            )


def _broken(text: str, flaw: Flaw) -> FileContentError:
    if flaw.at is None:
        return FileContentError(f"The file must be one whole JSON document; {flaw.what}.", fix=flaw.fix)
    before = text[: flaw.at]
    column = len(before) - max(before.rfind("\n"), before.rfind("\r"))
    what, fix = flaw.what, flaw.fix or "Correct it, or get the file again."
    if flaw.is_end and what == "it ends too early":
        what, fix = "the file ends there", "Get the file again; it seems to be cut off."
    return FileContentError(
        f"The file must be one whole JSON document; it is not, from line {count_line_ends(before) + 1:,}, column "
        f"{column:,} on: {what}.",
        fix=fix,
    )


def _no_columns(kind: str) -> FileContentError:
    return FileContentError(
        f'The file must be an object of columns, such as {{"text": [...], "label": [...]}}; it is {kind}.',
        fix="Choose another format, or save the data as an array with one object per row.",
    )
