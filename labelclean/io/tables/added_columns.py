"""The type of a column that is added to a typed file, and its values."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa  # type: ignore[import-untyped]

from labelclean.errors import InvalidInputError
from labelclean.io.tables.arrow_data.cells import new_cells
from labelclean.io.tables.contract import CellValue

__all__ = ["added_array", "added_type"]


def added_type(name: str, values: Sequence[CellValue]) -> pa.DataType:
    """
    Return the type for a new column: that of its values, and text where there are none.

    Raises
    ------
    InvalidInputError
        If the values are of several kinds.
    """
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {list, tuple} and kinds:
        inner = [each for value in values if isinstance(value, list | tuple) for each in value]
        return pa.list_(added_type(name, inner))
    if len(kinds) > 1 or not kinds <= {str, bool, int, float}:
        names = ", ".join(sorted(kind.__name__ for kind in kinds))
        raise InvalidInputError(
            f"All values of a new column must be of one kind, such as text; those of “{name}” are of these: {names}.",
            fix="Make them all text.",
        )
    types = {bool: pa.bool_(), int: pa.int64(), float: pa.float64()}
    return types.get(next(iter(kinds), str), pa.string())


def added_array(values: Sequence[CellValue], field: pa.Field) -> pa.Array:
    """Return the values of a new column, or of a part of it."""
    return new_cells(dict(enumerate(values)), field)
