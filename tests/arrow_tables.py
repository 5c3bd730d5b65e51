"""Arrow columns of many types for Hypothesis: values, and how they read in a cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
from hypothesis import strategies as st

from labelclean.io.tables.contract import CellValue

EARLY, LATE = dt.datetime.fromisoformat("1900-01-01"), dt.datetime.fromisoformat("2200-01-01")
TEXTS = st.text(st.characters(codec="utf-8"), max_size=8)


@dataclass(frozen=True)
class Kind:
    """A type, values of it as Arrow takes them, and how such a value reads in a cell."""

    arrow: pa.DataType
    values: st.SearchStrategy[Any]
    cell: Callable[[Any], CellValue] = lambda value: value


LEAVES = [
    Kind(pa.string(), TEXTS),
    Kind(pa.large_string(), TEXTS),
    Kind(pa.string_view(), TEXTS),
    Kind(pa.binary(), TEXTS.map(str.encode), lambda value: value.decode()),
    Kind(pa.int8(), st.integers(-128, 127)),
    Kind(pa.int64(), st.integers(-(2**63), 2**63 - 1)),
    Kind(pa.uint64(), st.integers(0, 2**64 - 1)),
    Kind(pa.float64(), st.floats(allow_nan=False)),
    Kind(pa.float32(), st.floats(allow_nan=False, width=32)),
    Kind(pa.bool_(), st.booleans()),
    Kind(pa.date32(), st.dates(), lambda value: value.isoformat()),
    Kind(pa.decimal128(9, 2), st.integers(-(10**8), 10**8).map(lambda n: Decimal(n).scaleb(-2)), "{:.2f}".format),
    Kind(
        pa.timestamp("ms"),
        st.datetimes(EARLY, LATE).map(lambda time: time.replace(microsecond=5_000)),
        lambda value: value.isoformat(sep=" ", timespec="milliseconds"),
    ),
]


def optional(kind: Kind) -> Kind:
    """Allow nulls."""
    return Kind(kind.arrow, st.none() | kind.values, lambda value: None if value is None else kind.cell(value))


def list_of(inner: Kind) -> Kind:
    """Return lists of a type with nulls."""
    each = optional(inner)
    return Kind(
        pa.list_(each.arrow), st.lists(each.values, max_size=3), lambda value: [each.cell(one) for one in value]
    )


def struct_of(inner: Kind) -> Kind:
    """Return structures with a number and another value."""
    each = optional(inner)
    kind = pa.struct([("n", pa.int32()), ("x", each.arrow)])
    values = st.fixed_dictionaries({"n": st.integers(0, 9), "x": each.values})
    return Kind(kind, values, lambda value: {"n": value["n"], "x": each.cell(value["x"])})


def map_to(inner: Kind) -> Kind:
    """Return mappings of text to a type with nulls."""
    each = optional(inner)
    values = st.dictionaries(TEXTS, each.values, max_size=2).map(lambda value: list(value.items()))
    return Kind(pa.map_(pa.string(), each.arrow), values, lambda value: {name: each.cell(one) for name, one in value})


# pyarrow cannot write part of an array with views inside.
INNER = [leaf for leaf in LEAVES if leaf.arrow != pa.string_view()]
KINDS = st.sampled_from(LEAVES) | st.sampled_from(INNER).flatmap(
    lambda leaf: st.sampled_from([list_of(leaf), struct_of(leaf), map_to(leaf), list_of(list_of(leaf))])
)


@dataclass(frozen=True)
class Example:
    """A table, and what is to change in it."""

    table: pa.Table
    cells: Mapping[int, Mapping[str, CellValue]]
    dropped: frozenset[int]
    edited: pa.Table


def column_array(kind: Kind, values: list[Any], *, is_category: bool) -> pa.Array:
    """Return a column, as a dictionary if it is to be a categorical one."""
    array = pa.array(values, kind.arrow)
    return array.dictionary_encode() if is_category else array


@st.composite
def examples(draw: st.DrawFn) -> Example:
    """Draw tables with edits."""
    n_rows = draw(st.integers(1, 12))
    kinds = [optional(kind) for kind in draw(st.lists(KINDS, min_size=1, max_size=4))]
    columns = [draw(st.lists(kind.values, min_size=n_rows, max_size=n_rows)) for kind in kinds]
    categories = [kind.arrow == pa.string() and draw(st.booleans()) for kind in kinds]
    names = [f"c.{number}" for number in range(len(kinds))]
    rows = draw(st.sets(st.integers(0, n_rows - 1)))
    dropped = draw(st.frozensets(st.integers(0, n_rows - 1), max_size=3)) if draw(st.booleans()) else frozenset()
    cells: dict[int, dict[str, CellValue]] = {}
    edited = [list(values) for values in columns]
    for row in rows:
        number = draw(st.integers(0, len(kinds) - 1))
        value = draw(kinds[number].values)
        cells[row] = {names[number]: kinds[number].cell(value)}
        edited[number][row] = value
    kept = [row for row in range(n_rows) if row not in dropped]
    arrays = [column_array(*each[:2], is_category=each[2]) for each in zip(kinds, columns, categories, strict=True)]
    after = [pa.array([values[row] for row in kept], kind.arrow) for kind, values in zip(kinds, edited, strict=True)]
    return Example(
        table=pa.table(arrays, names=names, metadata={"who": "we"}),
        cells=cells,
        dropped=dropped,
        edited=pa.table(after, names=names),
    )
