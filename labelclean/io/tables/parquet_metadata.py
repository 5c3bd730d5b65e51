"""Keep a Parquet file's own metadata true when rows go or columns come."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from contextlib import suppress

import pyarrow as pa  # type: ignore[import-untyped]
from pyarrow import types

from labelclean.io.tables.huggingface import METADATA_KEY, with_column
from labelclean.io.tables.thrift import BINARY, ThriftStruct

__all__ = ["updated_metadata"]

_ARROW_KEY = b"ARROW:schema"
_PANDAS_KEY = b"pandas"


def updated_metadata(pairs: Sequence[ThriftStruct], added: Sequence[pa.Field], n_rows: int) -> list[ThriftStruct]:
    """
    Return the key-value metadata of a file that gets more columns, or other rows.

    Parameters
    ----------
    pairs : sequence of ThriftStruct
        Key and value; those that say nothing of columns and rows stay as they are.
    added : sequence of Field
        The new columns.
    n_rows : int
        How many rows there will be.

    Returns
    -------
    list of ThriftStruct
        The same keys in the same order.
    """
    updated = []
    for pair in pairs:
        new = pair.copy()
        if pair.has(2):
            new.put(2, BINARY, _updated(pair.text(1), pair.text(2), added, n_rows))
        updated.append(new)
    return updated


def _updated(key: bytes, value: bytes, added: Sequence[pa.Field], n_rows: int) -> bytes:
    if key == _ARROW_KEY:
        return _arrow_schema(value, added, n_rows)
    if key == _PANDAS_KEY:
        return _pandas(value, added, n_rows)
    if key == METADATA_KEY:
        for field in added:
            value = with_column(value, field.name, field.type)
    return value


def _arrow_schema(value: bytes, added: Sequence[pa.Field], n_rows: int) -> bytes:
    """Return the Arrow schema that pyarrow keeps in the file, which has the other metadata in it once more."""
    schema = pa.ipc.read_schema(pa.py_buffer(base64.b64decode(value)))
    old = schema.metadata or {}
    metadata = {key: _updated(key, each, added, n_rows) for key, each in old.items()}
    if not added and metadata == old:
        return value
    for field in added:
        schema = schema.append(field)
    return base64.b64encode(schema.with_metadata(metadata or None).serialize().to_pybytes())


def _pandas(value: bytes, added: Sequence[pa.Field], n_rows: int) -> bytes:
    with suppress(ValueError, LookupError, TypeError, AttributeError):  # what pandas would not understand either
        described = json.loads(value)
        before = json.dumps(described)
        described["columns"] += [_pandas_column(field) for field in added]
        for index in described["index_columns"]:
            if isinstance(index, dict) and index["kind"] == "range":
                index["stop"] = index["start"] + n_rows * index["step"]
        after = json.dumps(described)
        return value if after == before else after.encode()
    return value


def _pandas_column(field: pa.Field) -> dict[str, object]:
    name = _pandas_type(field.type)
    is_object = not (types.is_integer(field.type) or types.is_floating(field.type))
    return {
        "name": field.name,
        "field_name": field.name,
        "pandas_type": name,
        "numpy_type": "object" if is_object else name,
        "metadata": None,
    }


def _pandas_type(kind: pa.DataType) -> str:
    if types.is_list(kind):
        return f"list[{_pandas_type(kind.value_type)}]"
    return {"string": "unicode", "double": "float64"}.get(str(kind), str(kind))
