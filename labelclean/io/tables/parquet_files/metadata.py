"""Keep a Parquet file's own metadata true when rows go or columns come."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import pyarrow as pa  # type: ignore[import-untyped]
from pyarrow import types

from labelclean.io.tables.arrow_data.huggingface import METADATA_KEY, with_column
from labelclean.io.tables.parquet_files.thrift import BINARY, ThriftStruct

__all__ = ["PANDAS_KEY", "MetadataChange", "columns_with_categories", "updated_metadata"]

_ARROW_KEY = b"ARROW:schema"
PANDAS_KEY = b"pandas"


@dataclass(frozen=True, kw_only=True, slots=True)
class MetadataChange:
    """
    What is new in a file.

    Attributes
    ----------
    added : sequence of Field
        New columns.
    n_rows : int
        How many rows there will be.
    n_new_categories : mapping of str to int
        How many categories are new, by column.
    """

    added: Sequence[pa.Field]
    n_rows: int
    n_new_categories: Mapping[str, int]


def columns_with_categories(pandas_metadata: bytes | None) -> list[str]:
    """Return the columns of which pandas' metadata says how many categories they have."""
    with suppress(ValueError, LookupError, TypeError, AttributeError):  # what pandas would not understand either
        columns = json.loads(pandas_metadata or b"{}")["columns"]
        return [each["name"] for each in columns if "num_categories" in (each["metadata"] or {})]
    return []


def updated_metadata(pairs: Sequence[ThriftStruct], change: MetadataChange) -> list[ThriftStruct]:
    """
    Return the key-value metadata of a file that gets more columns or categories, or other rows.

    Parameters
    ----------
    pairs : sequence of ThriftStruct
        Key and value; those that say nothing of columns and rows stay as they are.
    change : MetadataChange
        What is new.

    Returns
    -------
    list of ThriftStruct
        The same keys in the same order.
    """
    updated = []
    for pair in pairs:
        new = pair.copy()
        if pair.has(2):
            new.put(2, BINARY, _updated(pair.text(1), pair.text(2), change))
        updated.append(new)
    return updated


def _updated(key: bytes, value: bytes, change: MetadataChange) -> bytes:
    if key == _ARROW_KEY:
        return _arrow_schema(value, change)
    if key == PANDAS_KEY:
        return _pandas(value, change)
    if key == METADATA_KEY:
        for field in change.added:
            value = with_column(value, field.name, field.type)
    return value


def _arrow_schema(value: bytes, change: MetadataChange) -> bytes:
    """Return the Arrow schema that pyarrow keeps in the file, which has the other metadata in it once more."""
    schema = pa.ipc.read_schema(pa.py_buffer(base64.b64decode(value)))
    old = schema.metadata or {}
    metadata = {key: _updated(key, each, change) for key, each in old.items()}
    if not change.added and metadata == old:
        return value
    for field in change.added:
        schema = schema.append(field)
    return base64.b64encode(schema.with_metadata(metadata or None).serialize().to_pybytes())


def _pandas(value: bytes, change: MetadataChange) -> bytes:
    with suppress(ValueError, LookupError, TypeError, AttributeError):  # what pandas would not understand either
        described = json.loads(value)
        before = json.dumps(described)
        described["columns"] += [_pandas_column(field) for field in change.added]
        for column in described["columns"]:
            if column["name"] in change.n_new_categories:
                column["metadata"]["num_categories"] += change.n_new_categories[column["name"]]
        for index in described["index_columns"]:
            if isinstance(index, dict) and index["kind"] == "range":
                index["stop"] = index["start"] + change.n_rows * index["step"]
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
