"""Tell JSON objects whose rows are no objects, or stand under keys of their own, from objects of columns."""

from __future__ import annotations

from collections.abc import Mapping

from labelclean.errors import FileContentError

__all__ = ["check_shape", "unfit_shape"]

_SPLIT_KEYS = frozenset({"columns", "index", "data"})
_NAMES_OF_COLUMNS = frozenset({"text", "label", "labels"})
_MANY = 10
_RULE = "The file must hold rows as objects, or an object of columns"


def unfit_shape(value: Mapping[str, object]) -> FileContentError | None:
    """
    Return the error for a document in a shape that is known and cannot be worked on; None if it has no such shape.

    Parameters
    ----------
    value : mapping of str to object
        The decoded document.
    """
    if _is_split(value):
        return _of_pandas("split", "it has the names under “columns”, and rows as arrays under “data”")
    if _is_index(value):
        return _of_pandas("index", "it is an object with an object for each row, under a key of its own")
    key = _key_of_arrays(value)
    if key is None:
        return None
    return FileContentError(
        f"{_RULE}; it has rows as arrays without names, under the key “{key}”.",
        fix='Save every row as an object, such as {"text": ..., "label": ...}, one per line.',
    )


def check_shape(value: Mapping[str, object]) -> None:
    """
    Refuse a document in a shape that is known and cannot be worked on.

    Raises
    ------
    FileContentError
        If it has such a shape.
    """
    error = unfit_shape(value)
    if error is not None:
        raise error


def _of_pandas(orient: str, found: str) -> FileContentError:
    return FileContentError(
        f"{_RULE}; {found}, as pandas writes with orient='{orient}'.",
        fix=f"With pandas: read_json(..., orient='{orient}', dtype=False), then to_json(..., orient='records', "
        "lines=True).",
    )


def _is_split(value: Mapping[str, object]) -> bool:
    names, rows = value.get("columns"), value.get("data")
    if not isinstance(names, list) or not isinstance(rows, list) or not rows or not value.keys() <= _SPLIT_KEYS:
        return False
    return isinstance(rows[0], list) and len(rows[0]) == len(names)


def _is_index(value: Mapping[str, object]) -> bool:
    """Tell whether the members are rows; as columns, they would hold values by the keys of the rows."""
    rows = [member for member in value.values() if isinstance(member, dict)]
    if len(rows) < 2 or len(rows) < len(value):  # noqa: PLR2004  (one could be anything)
        return False
    names = {name for row in rows for name in row}
    if not names or any(map(str.isdigit, names)):
        return False
    if all(map(str.isdigit, value)) or len(rows) >= _MANY * len(names):
        return True
    is_even = all(len(row) == len(names) for row in rows)
    return is_even and bool(_NAMES_OF_COLUMNS & names) and not _NAMES_OF_COLUMNS & value.keys()


def _key_of_arrays(value: Mapping[str, object]) -> str | None:
    """Return the first key of rows that are equally long arrays, if all arrays of the document hold such rows."""
    arrays = {key: member for key, member in value.items() if isinstance(member, list) and member}
    rows = [row for member in arrays.values() for row in member]
    if not rows or not all(isinstance(row, list) and len(row) == len(rows[0]) for row in rows):
        return None
    return next(iter(arrays)) if len(rows[0]) > 1 and isinstance(rows[0][0], str) else None
