from __future__ import annotations

import json

import pyarrow as pa  # type: ignore[import-untyped]
import pytest

from labelclean.io.tables.arrow_data.huggingface import (
    append_class,
    class_names_in,
    feature_of,
    features_in,
    with_column,
)

LABEL = {"names": ["late", "broken"], "_type": "ClassLabel"}


@pytest.mark.parametrize(
    "feature",
    [
        LABEL,
        [LABEL],
        {"feature": LABEL, "_type": "Sequence"},
        {"feature": LABEL, "length": -1, "_type": "List"},
        {"feature": {"feature": LABEL, "_type": "List"}, "_type": "LargeList"},
    ],
)
def test_names_are_found_alone_and_in_lists(feature: object) -> None:
    """As older and newer versions of ``datasets`` write them."""
    assert class_names_in({"label": feature, "text": {"dtype": "string"}}) == {"label": ("late", "broken")}


@pytest.mark.parametrize(
    "feature", [None, 7, [], {"_type": "ClassLabel"}, {"_type": "ClassLabel", "names": [1]}, {"_type": "Value"}]
)
def test_other_features_have_no_names(feature: object) -> None:
    """Nothing is made of what is not understood."""
    assert class_names_in({"label": feature}) == {}


@pytest.mark.parametrize(
    "metadata", [None, b"", b"{", b"[1]", b'{"info": 1}', b'{"info": {}}', b"[" * 100_000, b"\xff"]
)
def test_metadata_of_another_form_names_no_features(metadata: bytes | None) -> None:
    """It does not stop the work, and stays as it is."""
    assert features_in(metadata) == {}
    if metadata is not None:
        assert with_column(metadata, "new", pa.string()) == metadata


def test_a_new_name_stands_behind_the_others() -> None:
    """The count that old versions write is kept true."""
    features = {"tags": {"feature": {**LABEL, "names": ["late"], "num_classes": 1}, "_type": "List"}}

    append_class(features, "tags", "lost")

    assert features["tags"]["feature"] == {"names": ["late", "lost"], "num_classes": 2, "_type": "ClassLabel"}


def test_a_new_column_gets_a_feature() -> None:
    """Text, numbers, true/false, and lists of them."""
    metadata = json.dumps({"info": {"features": {"label": LABEL}}}).encode()

    features = features_in(with_column(metadata, "tags", pa.list_(pa.string())))

    assert features == {
        "label": LABEL,
        "tags": {"feature": {"dtype": "string", "_type": "Value"}, "_type": "List"},
    }
    assert feature_of(pa.float64()) == {"dtype": "float64", "_type": "Value"}
    assert feature_of(pa.int64()) == {"dtype": "int64", "_type": "Value"}
