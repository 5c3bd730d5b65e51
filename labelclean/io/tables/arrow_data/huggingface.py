"""What Hugging Face ``datasets`` says beside a table: which columns hold positions in a list of names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import cast

import pyarrow as pa  # type: ignore[import-untyped]
from pyarrow import types

__all__ = ["METADATA_KEY", "append_class", "class_names_in", "feature_of", "features_in", "with_column"]

METADATA_KEY = b"huggingface"


def features_in(metadata: bytes | None) -> dict[str, object]:
    """Return the features that the metadata of a table names; none if it names none."""
    with suppress(ValueError, LookupError, TypeError, RecursionError):
        features = json.loads(metadata or b"null")["info"]["features"]
        return features if isinstance(features, dict) else {}
    return {}


def class_names_in(features: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
    """
    Return the names of the classes of every column that holds positions in them.

    Parameters
    ----------
    features : mapping of str to feature
        As in ``dataset_info.json``. The names of a column of lists are those of its elements.

    Returns
    -------
    dict of str to tuple of str
        Columns without such a list of names are left out.
    """
    found = {column: class_label_of(feature) for column, feature in features.items()}
    return {column: tuple(cast("list[str]", each["names"])) for column, each in found.items() if each is not None}


def class_label_of(feature: object) -> dict[str, object] | None:
    """Return the class label that a feature is, or that its lists are made of; None if there is none."""
    for _ in range(8):
        if isinstance(feature, list) and len(feature) == 1:
            feature = feature[0]
        elif isinstance(feature, dict) and feature.get("_type") in {"Sequence", "List", "LargeList"}:
            feature = feature.get("feature")
        else:
            break
    if not isinstance(feature, dict) or feature.get("_type") != "ClassLabel":
        return None
    names = feature.get("names")
    is_list = isinstance(names, list) and all(isinstance(name, str) for name in names)
    return feature if is_list else None


def append_class(features: Mapping[str, object], column: str, name: str) -> None:
    """Append a name to the class label of a column, in place."""
    label = class_label_of(features[column])
    if label is not None:
        names = cast("list[str]", label["names"])
        names.append(name)
        if "num_classes" in label:
            label["num_classes"] = len(names)


def feature_of(kind: pa.DataType) -> dict[str, object]:
    """Return the feature of a new column: text, a number, true/false, or a list of one of them."""
    if types.is_list(kind):
        return {"feature": feature_of(kind.value_type), "_type": "List"}
    return {"dtype": {"double": "float64"}.get(str(kind), str(kind)), "_type": "Value"}


def with_column(metadata: bytes, column: str, kind: pa.DataType) -> bytes:
    """Return the metadata of a table with the feature of one more column; as it is if it names no features."""
    if not features_in(metadata):
        return metadata
    values = json.loads(metadata)
    values["info"]["features"][column] = feature_of(kind)
    return json.dumps(values).encode()
