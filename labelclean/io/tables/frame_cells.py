"""Cells of a DataFrame as plain values, and new values in a column whose type stays."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from labelclean.dataset import is_missing_label
from labelclean.errors import InvalidInputError
from labelclean.io.layout import FileLayout
from labelclean.io.tables.contract import CellValue

if TYPE_CHECKING:
    import pandas as pd
    from pandas.api.extensions import ExtensionArray, ExtensionDtype

__all__ = ["FrameTable", "cell_value", "column_cells", "new_column", "with_cells"]


@dataclass(frozen=True, eq=False)
class FrameTable:
    """
    A frame as something whose columns can be read like a file's.

    Attributes
    ----------
    frame : DataFrame
        With columns of different names.
    """

    frame: pd.DataFrame

    def read(
        self, _path: Path, _layout: FileLayout, columns: Sequence[str], *, rows: Collection[int] | None = None
    ) -> list[list[CellValue]]:
        """Return some columns; of all rows, or only of some, in rising order."""
        every = [column_cells(self.frame, column) for column in columns]
        return every if rows is None else [[cells[row] for row in sorted(set(rows))] for cells in every]


def column_cells(frame: pd.DataFrame, column: str) -> list[CellValue]:
    """Return a column's values as Python spells them, None where there is none; blank text is text."""
    return [None if _is_missing(value) else cell_value(value) for value in frame[column].array]


def new_column(values: Sequence[CellValue]) -> list[str] | np.ndarray:
    """Return values for a new column; those of several kinds stay what they are."""
    kinds = {type(value) for value in values}
    if len(kinds) == 1 or kinds <= {str, type(None)}:
        return cast("list[str]", list(values))  # or of another one type, which pandas finds out
    objects = np.empty(len(values), dtype=object)
    for row, value in enumerate(values):
        objects[row] = value
    return objects


def _is_missing(value: object) -> bool:
    return not isinstance(value, str | list | tuple | dict | np.ndarray) and is_missing_label(value)


def cell_value(value: object) -> CellValue:
    """Return a cell as Python spells it: NumPy's numbers and arrays become Python's."""
    if isinstance(value, np.ndarray):
        return [cell_value(each) for each in value]
    return value.item() if isinstance(value, np.generic) else value


def with_cells(column: pd.Series, cells: Mapping[int, CellValue]) -> ExtensionArray | np.ndarray:
    """
    Return a column's values with new ones at some positions, in the column's own type.

    Parameters
    ----------
    column : Series
        The column.
    cells : mapping of int to cell value
        New values by position; None where there is to be none.

    Returns
    -------
    array
        Of the same type; a categorical one has further categories behind its own where they are needed.

    Raises
    ------
    InvalidInputError
        If the type cannot hold a value.
    """
    import pandas as pd  # noqa: PLC0415  (whoever has a frame has loaded it)

    kind = column.dtype
    if isinstance(kind, pd.ArrowDtype):
        return _arrow_with_cells(column, cells)
    if isinstance(kind, pd.CategoricalDtype):
        return _categories_with_cells(column, cells)
    if isinstance(kind, np.dtype) and kind.hasobject:
        objects = column.to_numpy(copy=True)
        for row, value in cells.items():
            objects[row] = _like(objects[row], value)
        return objects
    values = cast("ExtensionArray", column.array.copy())
    for row, value in cells.items():
        if not _fits(kind, value):
            raise _unfit(column, row)
        try:
            values[row] = value
        except (TypeError, ValueError, OverflowError) as error:
            raise _unfit(column, row) from error
        if value is not None and cell_value(values[row]) != value:
            raise _unfit(column, row)
    return values


def _fits(kind: ExtensionDtype | np.dtype, value: CellValue) -> bool:
    """Tell whether a value is of the family of a type, so that nothing turns into something else on the way."""
    from pandas.api import types  # noqa: PLC0415  (see above)

    if value is None:
        return not isinstance(kind, np.dtype) or kind.kind in "fcmM"
    if types.is_bool_dtype(kind):
        return isinstance(value, bool)
    if types.is_integer_dtype(kind):
        return type(value) is int
    if types.is_float_dtype(kind):
        return type(value) in {int, float}
    if types.is_string_dtype(kind):
        return isinstance(value, str)
    return not isinstance(value, str | bool)


def _categories_with_cells(column: pd.Series, cells: Mapping[int, CellValue]) -> ExtensionArray:
    old = cast("pd.Categorical", column.array)
    known = {(type(cell_value(name)), cell_value(name)) for name in old.categories}
    kinds = {kind for kind, _ in known}
    fresh: dict[CellValue, None] = {}
    for row, value in cells.items():
        if value is None or (type(value), value) in known:
            continue
        if kinds and type(value) not in kinds and old.categories.dtype != object:
            raise _unfit(column, row)
        fresh[value] = None
    new = old.add_categories(list(fresh)) if fresh else old.copy()
    for row, value in cells.items():
        new[row] = np.nan if value is None else value
    return new


def _arrow_with_cells(column: pd.Series, cells: Mapping[int, CellValue]) -> ExtensionArray:
    import pandas as pd  # noqa: PLC0415  (see above)
    import pyarrow as pa  # type: ignore[import-untyped]  # noqa: PLC0415  (see above)

    from labelclean.io.tables.arrow_data.cells import edited  # noqa: PLC0415  (loads pyarrow)

    array = pa.array(column.array)
    parts = array.chunks if isinstance(array, pa.ChunkedArray) else [array]
    done, first = [], 0
    field = pa.field(str(column.name), array.type)
    for part in parts:
        done.append(edited(part, cells, field, first)[0])
        first += len(part)
    return pd.arrays.ArrowExtensionArray(pa.chunked_array(done, array.type))


def _like(old: object, new: CellValue) -> object:
    """Return a list as the kind of sequence that stood there before."""
    if isinstance(old, tuple) and isinstance(new, list):
        return tuple(new)
    if isinstance(old, np.ndarray) and isinstance(new, list):
        array = np.empty(len(new), dtype=object)
        array[:] = new
        return array if old.dtype == object else np.array(new)
    return new


def _unfit(column: pd.Series, row: int) -> InvalidInputError:
    return InvalidInputError(
        f"A column must hold its new values; column “{column.name}” of type {column.dtype} cannot hold the label of "
        f"row {row:,}.",
        fix="Turn the column into a type that can, such as object, string or Int64, before you give the frame.",
    )
