"""Arrow columns as the values, texts and kinds that the rest of the program knows."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeAlias, cast

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]
from pyarrow import types

from labelclean.errors import FileContentError
from labelclean.io.tables.contract import CellKind, CellValue

__all__ = [
    "cell_text",
    "cell_values",
    "is_binary",
    "is_list",
    "is_text",
    "kind_of",
    "picked_values",
    "plain_type",
    "shown_values",
    "with_names",
]

_Plain: TypeAlias = Callable[[object], CellValue]


def is_text(kind: pa.DataType) -> bool:
    """Tell whether a type holds text."""
    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def is_binary(kind: pa.DataType) -> bool:
    """Tell whether a type holds bytes, which older writers use for text."""
    return bool(
        types.is_binary(kind)
        or types.is_large_binary(kind)
        or types.is_binary_view(kind)
        or types.is_fixed_size_binary(kind)
    )


def is_list(kind: pa.DataType) -> bool:
    """Tell whether a type holds lists of one type."""
    return bool(
        types.is_list(kind)
        or types.is_large_list(kind)
        or types.is_fixed_size_list(kind)
        or types.is_list_view(kind)
        or types.is_large_list_view(kind)
    )


def plain_type(kind: pa.DataType) -> pa.DataType:
    """Return the type of what a reader sees, without dictionaries and extension types around it."""
    while True:
        if isinstance(kind, pa.BaseExtensionType):
            kind = kind.storage_type
        elif types.is_dictionary(kind):
            kind = kind.value_type
        else:
            return kind


def kind_of(kind: pa.DataType) -> CellKind:
    """Return what the cells of a column of a type hold; dates, times and decimals read as text."""
    kind = plain_type(kind)
    if types.is_null(kind):
        return "missing"
    if types.is_boolean(kind):
        return "bool"
    if types.is_integer(kind) or types.is_floating(kind):
        return "number"
    if is_list(kind):
        return "list"
    if types.is_struct(kind) or types.is_map(kind) or types.is_union(kind):
        return "object"
    return "text"


def cell_values(array: pa.Array, *, column: str, first_row: int) -> list[CellValue]:
    """
    Return a column's values.

    Parameters
    ----------
    array : Array
        The column, or a part of it.
    column : str
        Its name, for errors.
    first_row : int
        The row in the file at which it begins.

    Returns
    -------
    list
        Text, numbers, true/false, None, lists and mappings; dates, times and decimals as text; bytes that spell text
        as that text.

    Raises
    ------
    FileContentError
        If bytes do not spell text in UTF-8.
    """
    array = _without_wrapping(array)
    if is_binary(array.type):
        return [
            None if value is None else _decoded(value, column, first_row + place)
            for place, value in enumerate(array.to_pylist())
        ]
    return shown_values(array)


def picked_values(array: pa.Array, places: Sequence[int] | None, column: str, first_row: int) -> list[CellValue]:
    """Return a column's values as `cell_values` does; of all its cells, or of some in the order of their places."""
    if places is None:
        return cell_values(array, column=column, first_row=first_row)
    return [
        value
        for place in places
        for value in cell_values(array.slice(place, 1), column=column, first_row=first_row + place)
    ]


def with_names(values: list[CellValue], names: Sequence[str], *, column: str, first_row: int) -> list[CellValue]:
    """
    Return lists of positions as lists of the names at them; everything else, and all without names, as it is.

    Raises
    ------
    FileContentError
        If there is no such name.
    """

    def named(value: CellValue, row: int) -> CellValue:
        if isinstance(value, list):
            return [named(each, row) for each in value]
        if value is None or value == -1:
            return None
        if isinstance(value, int) and 0 <= value < len(names):
            return names[value]
        raise FileContentError(
            f"A class of column “{column}” must be one of its {len(names):,} names, counted from 0; row {row:,} has "
            "another number.",
            fix="Correct the numbers or the names, and write the file again.",
        )

    if not names:
        return values
    return [named(value, first_row + place) if isinstance(value, list) else value for place, value in enumerate(values)]


def shown_values(array: pa.Array) -> list[CellValue]:
    """Return a column's values for showing: as `cell_values`, and bytes that spell no text as how many they are."""
    array = _without_wrapping(array)
    if types.is_temporal(array.type) or types.is_decimal(array.type):
        return _as_text(array)
    plain = _plain_for(array.type)
    return array.to_pylist() if plain is None else [None if each is None else plain(each) for each in array.to_pylist()]


def cell_text(value: CellValue) -> str:
    """Return a value as text: text as it is, a missing one as the empty text, others as JSON spells them."""
    if isinstance(value, str):
        return value
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return json.dumps(value, ensure_ascii=False)


def _without_wrapping(array: pa.Array) -> pa.Array:
    while True:
        if isinstance(array.type, pa.BaseExtensionType):
            array = array.storage
        elif types.is_dictionary(array.type):
            array = array.dictionary_decode()
        else:
            return array


def _as_text(array: pa.Array) -> list[CellValue]:
    """Return dates, times and decimals as ISO 8601 and plain digits spell them."""
    try:
        texts: list[CellValue] = pc.cast(array, pa.string()).to_pylist()
    except pa.ArrowException:  # a time zone that this machine does not know
        if not types.is_timestamp(array.type):
            return [None if value is None else str(value) for value in array.to_pylist()]
        texts = pc.cast(array.cast(pa.timestamp(array.type.unit)), pa.string()).to_pylist()
        return [None if text is None else f"{text}Z" for text in texts]
    return texts


def _plain_for(kind: pa.DataType) -> _Plain | None:
    """Return what turns a value of a type into a cell value; None where it is one already."""
    kind = plain_type(kind)
    if is_text(kind) or kind_of(kind) in {"number", "bool", "missing"}:
        return None
    if is_binary(kind):
        return _shown_bytes
    if is_list(kind):
        return _list_of(_plain_for(kind.value_type))
    if types.is_map(kind):
        return _map_of(_plain_for(kind.key_type) or str, _plain_for(kind.item_type))
    if types.is_struct(kind):
        return _struct_of({field.name: _plain_for(field.type) for field in kind})
    return partial(_spelled, kind)


def _spelled(kind: pa.DataType, value: object) -> CellValue:
    """Return a date, time or decimal inside another value as one that stands alone is spelled."""
    return _as_text(pa.array([value], kind))[0]


def _list_of(inner: _Plain | None) -> _Plain:
    def plain(value: object) -> CellValue:
        values = cast("list[object]", value)
        return values if inner is None else [None if each is None else inner(each) for each in values]

    return plain


def _map_of(key: _Plain, inner: _Plain | None) -> _Plain:
    def plain(value: object) -> CellValue:
        pairs = cast("list[tuple[object, object]]", value)
        return {str(key(name)): each if inner is None or each is None else inner(each) for name, each in pairs}

    return plain


def _struct_of(inner: dict[str, _Plain | None]) -> _Plain:
    def plain(value: object) -> CellValue:
        members = cast("dict[str, object]", value)
        return {
            name: each if each is None or (turn := inner[name]) is None else turn(each)
            for name, each in members.items()
        }

    return plain


def _shown_bytes(value: object) -> str:
    content = cast("bytes", value)
    try:
        return content.decode()
    except UnicodeDecodeError:
        return f"({len(content):,} bytes)"


def _decoded(value: bytes, column: str, row: int) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError as error:
        raise FileContentError(
            f"A column of texts or labels must hold text; column “{column}” holds bytes that are no UTF-8 text, first "
            f"in row {row:,}.",
            fix="Choose another column, or write the file again with this column as text.",
        ) from error
