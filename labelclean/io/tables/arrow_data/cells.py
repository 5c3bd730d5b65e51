"""Put new values into Arrow columns: only what a column's type can hold, and nothing beside it changes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import cast

import pyarrow as pa  # type: ignore[import-untyped]
from pyarrow import types

from labelclean.errors import FileContentError
from labelclean.io.tables.arrow_data.values import is_binary, is_list, is_text, plain_type, shown_values
from labelclean.io.tables.contract import CellValue

__all__ = ["edited", "new_cells", "with_positions", "without"]


class _UnfitError(Exception):
    """Why a type cannot hold a value, in words that follow 'it is'."""


def new_cells(values: Mapping[int, CellValue], field: pa.Field) -> pa.Array:
    """
    Return new values of a column, without the dictionary or extension type around them.

    Parameters
    ----------
    values : mapping of int to cell value
        By row of the file.
    field : Field
        The column.

    Raises
    ------
    FileContentError
        If the column cannot hold a value; the error names the row.
    """
    kind = plain_type(field.type)
    fitting = [_fitting(value, kind, field, row) for row, value in values.items()]
    return pa.array(fitting, kind)


def with_positions(
    values: Mapping[int, CellValue], column: str, names: Sequence[str]
) -> tuple[dict[int, CellValue], list[str]]:
    """
    Replace names of classes by their positions, also inside lists.

    Returns
    -------
    values : dict of int to cell value
        Numbers, None, and lists of them.
    new_names : list of str
        Names that the list lacks, in order; their positions follow its end.
    """
    positions = {name: place for place, name in enumerate(names)}
    n_known = len(positions)

    def placed(value: CellValue, row: int) -> CellValue:
        if isinstance(value, list | tuple):
            return [placed(each, row) for each in value]
        if isinstance(value, str):
            return positions.setdefault(value, len(positions))
        if type(value) is int and not -1 <= value < len(names):
            raise FileContentError(
                f"A class of column “{column}” must be one of its {len(names):,} names, counted from 0; row {row:,} "
                f"would get number {value:,}.",
                fix="Choose one of the names.",
            )
        return value

    return {row: placed(value, row) for row, value in values.items()}, list(positions)[n_known:]


def edited(
    array: pa.Array, cells: Mapping[int, CellValue], field: pa.Field, first_row: int
) -> tuple[pa.Array, list[int]]:
    """
    Return a part of a column with new cells.

    Parameters
    ----------
    array : Array
        The part.
    cells : mapping of int to cell value
        New values by row of the file; rows outside the part do not count.
    field : Field
        The column.
    first_row : int
        The row of the file at which the part begins.

    Returns
    -------
    array : Array
        The same one if nothing changes.
    rows : list of int
        The rows of the file whose cells changed, rising.
    """
    values = {row: cells[row] for row in sorted(cells) if first_row <= row < first_row + len(array)}
    if not values:
        return array, []
    new = new_cells(values, field)
    rows = list(values)
    changed = changed_places(joined([array.slice(row - first_row, 1) for row in rows]), new)
    if not changed:
        return array, []
    kept = joined([new.slice(number, 1) for number in changed])
    changed_rows = [rows[number] for number in changed]
    return replaced(array, [row - first_row for row in changed_rows], kept), changed_rows


def changed_places(old: pa.Array, new: pa.Array) -> list[int]:
    """Return at which places two columns of one length differ; 1, 1.0 and true are three values."""
    pairs = zip(shown_values(old), shown_values(new), strict=True)
    return [place for place, (before, after) in enumerate(pairs) if not _is_same(before, after)]


def replaced(array: pa.Array, places: Sequence[int], new: pa.Array) -> pa.Array:
    """
    Return a column with other values at some places.

    Parameters
    ----------
    array : Array
        The column, or a part of it.
    places : sequence of int
        Rising.
    new : Array
        Their values, as `new_cells` gives them. A new category is appended to the dictionary.
    """
    kind = array.type
    if isinstance(kind, pa.BaseExtensionType):
        return kind.wrap_array(replaced(array.storage, places, new))
    if types.is_dictionary(kind):
        return _replaced_categories(array, places, new)
    parts, done = [], 0
    for number, place in enumerate(places):
        if place > done:
            parts.append(array.slice(done, place - done))
        parts.append(new.slice(number, 1))
        done = place + 1
    return joined([*parts, array.slice(done)])


def without(array: pa.Array, places: Sequence[int]) -> pa.Array:
    """Return a column without some places, which rise."""
    parts, done = [], 0
    for place in places:
        if place > done:
            parts.append(array.slice(done, place - done))
        done = place + 1
    return joined([*parts, array.slice(done)])


def joined(parts: Sequence[pa.Array]) -> pa.Array:
    """Return parts of one column behind each other."""
    return pa.concat_arrays(parts) if len(parts) > 1 else parts[0]


def _replaced_categories(array: pa.DictionaryArray, places: Sequence[int], new: pa.Array) -> pa.Array:
    known = {(type(value), value): code for code, value in reversed(list(enumerate(array.dictionary.to_pylist())))}
    added: list[object] = []
    codes: list[int | None] = []
    for value in new.to_pylist():
        key = (type(value), value)
        if value is not None and key not in known:
            known[key] = len(array.dictionary) + len(added)
            added.append(value)
        codes.append(None if value is None else known[key])
    dictionary = joined([array.dictionary, pa.array(added, array.dictionary.type)]) if added else array.dictionary
    indices = replaced(array.indices, places, pa.array(codes, array.type.index_type))
    return pa.DictionaryArray.from_arrays(indices, dictionary, ordered=array.type.ordered)


def _fitting(value: CellValue, kind: pa.DataType, field: pa.Field, row: int) -> object:
    try:
        return _fit(value, kind) if field.nullable else _present(_fit(value, kind))
    except _UnfitError as error:
        raise FileContentError(
            f"Column “{field.name}” must hold values of its type, {field.type}; the new value of row {row:,} is "
            f"{error}.",
            fix="Choose a value of that type, or write the file again with another type for this column.",
        ) from error


def _present(value: object) -> object:
    if value is None:
        raise _UnfitError("missing, and the column must have a value in every row")
    return value


def _fit(value: CellValue, kind: pa.DataType) -> object:  # noqa: PLR0911  (one line for each family of types)
    kind = plain_type(kind)
    if value is None:
        return None
    if is_text(kind):
        return _text(value)
    if types.is_boolean(kind):
        return _of_type(value, bool)
    if types.is_integer(kind):
        return _whole(value, kind)
    if types.is_floating(kind):
        return _fraction(value, kind)
    if is_list(kind):
        return _list(value, kind)
    if types.is_struct(kind):
        return _struct(value, kind)
    if types.is_map(kind):
        return [(_fit(key, kind.key_type), _fit(each, kind.item_type)) for key, each in _mapping(value).items()]
    if is_binary(kind):
        return _text(value).encode()
    return _spelled(value, kind)


def _text(value: CellValue) -> str:
    if not isinstance(value, str):
        raise _UnfitError(_kind_of(value))
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise _UnfitError("text with half of a character") from error
    return value


def _of_type(value: CellValue, wanted: type) -> object:
    if type(value) is not wanted:
        raise _UnfitError(_kind_of(value))
    return value


def _whole(value: CellValue, kind: pa.DataType) -> int:
    if type(value) is not int:
        raise _UnfitError(_kind_of(value))
    lowest = -(1 << kind.bit_width - 1) if types.is_signed_integer(kind) else 0
    if not lowest <= value < lowest + (1 << kind.bit_width):
        raise _UnfitError("a number outside its range")
    return value


def _fraction(value: CellValue, kind: pa.DataType) -> float:
    if type(value) not in {int, float}:
        raise _UnfitError(_kind_of(value))
    number = cast("float", value)
    try:
        held = pa.scalar(float(number), kind).as_py()
    except (pa.ArrowException, OverflowError) as error:
        raise _UnfitError("a number outside its range") from error
    if held != number and not math.isnan(number):
        raise _UnfitError("a number that it would round")
    return float(number)


def _list(value: CellValue, kind: pa.DataType) -> list[object]:
    if not isinstance(value, list | tuple):
        raise _UnfitError(_kind_of(value))
    if types.is_fixed_size_list(kind) and len(value) != kind.list_size:
        raise _UnfitError(f"a list of {len(value):,}, not of {kind.list_size:,}")
    if None in value and not kind.value_field.nullable:
        raise _UnfitError("a list with a missing value")
    return [_fit(each, kind.value_type) for each in value]


def _struct(value: CellValue, kind: pa.DataType) -> dict[str, object]:
    given = _mapping(value)
    fields = {field.name: field for field in kind}
    unknown = len(given.keys() - fields.keys())
    if unknown:
        raise _UnfitError(f"a mapping with {unknown:,} names that it has no place for")
    if any(given.get(name) is None and not field.nullable for name, field in fields.items()):
        raise _UnfitError("a mapping that lacks a value it must have")
    return {name: _fit(given.get(name), field.type) for name, field in fields.items()}


def _mapping(value: CellValue) -> Mapping[str, CellValue]:
    if not isinstance(value, Mapping):
        raise _UnfitError(_kind_of(value))
    return value


def _spelled(value: CellValue, kind: pa.DataType) -> object:
    """Return the date, time or decimal that a text spells, which must be exactly what reading gives."""
    if not isinstance(value, str):
        raise _UnfitError(_kind_of(value))
    try:
        array = pa.array([value]).cast(kind)
    except pa.ArrowException as error:
        raise _UnfitError("text that does not spell one") from error
    if shown_values(array) != [value]:
        raise _UnfitError("text that does not spell one as it would be read")
    return array[0]


def _kind_of(value: CellValue) -> str:
    names = {str: "text", bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "a mapping"}
    return names.get(type(value), "of another kind")


def _is_same(first: CellValue, second: CellValue) -> bool:
    if type(first) is not type(second):
        return False
    if isinstance(first, list):
        others = cast("list[object]", second)
        return len(first) == len(others) and all(map(_is_same, first, others))
    if isinstance(first, dict):
        members = cast("dict[str, object]", second)
        return first.keys() == members.keys() and all(_is_same(each, members[name]) for name, each in first.items())
    if isinstance(first, float) and math.isnan(first):
        return math.isnan(cast("float", second))
    return first == second
