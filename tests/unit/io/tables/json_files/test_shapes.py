"""Documents whose rows are no objects, or stand under keys of their own."""

from __future__ import annotations

import pandas as pd
import pytest

from labelclean.errors import FileContentError
from labelclean.io.tables.json_files.shapes import check_shape, unfit_shape
from labelclean.io.tables.json_files.values import DECODER

FRAME = pd.DataFrame({"text": ["one", "two"], "label": ["a", "b"]})
NAMED = FRAME.set_index(pd.Index(["x", "y"]))
ROW = {"text": "one", "label": "a"}


@pytest.mark.parametrize("frame", [FRAME, NAMED])
@pytest.mark.parametrize(("orient", "word"), [("split", "“columns”"), ("index", "an object for each row")])
def test_shapes_of_pandas_are_named_with_the_way_out(frame: pd.DataFrame, orient: str, word: str) -> None:
    """Which orient it was, and which one to use."""
    value = DECODER.decode(frame.to_json(orient=orient))  # type: ignore[call-overload]

    with pytest.raises(FileContentError, match=f"{word}.* orient='{orient}'") as caught:
        check_shape(value)

    assert caught.value.fix == (
        f"With pandas: read_json(..., orient='{orient}', dtype=False), then to_json(..., orient='records', lines=True)."
    )


@pytest.mark.parametrize("frame", [FRAME, NAMED])
@pytest.mark.parametrize("orient", ["columns", "table"])
def test_other_shapes_of_pandas_pass(frame: pd.DataFrame, orient: str) -> None:
    """Columns, and an array of objects under a key."""
    assert unfit_shape(DECODER.decode(frame.to_json(orient=orient))) is None  # type: ignore[call-overload]


def test_rows_as_arrays_under_a_key_are_named() -> None:
    """The first key that holds any; other members may be single values, or empty."""
    error = unfit_shape({"version": 1, "dev": [], "train": [["one", "a"]], "test": [["two", "b"], ["three", "a"]]})

    assert error is not None
    assert "rows as arrays without names, under the key “train”" in error.message
    assert "one per line" in (error.fix or "")


@pytest.mark.parametrize(
    "value",
    [
        {str(number): ROW for number in range(2)},
        {str(number): {"question": "one"} for number in range(2)},
        {f"id{number}": {"question": "one"} for number in range(10)},
        {f"id{number}": {"question": "one"} if number else {"answer": 1} for number in range(20)},
    ],
)
def test_objects_by_row_are_told_by_their_keys(value: dict[str, object]) -> None:
    """Numbers outside and names inside, many more keys outside than inside, or a text or label inside."""
    error = unfit_shape(value)

    assert error is not None
    assert "orient='index'" in error.message


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"0": ROW},
        {"0": ROW, "1": 1},
        {"0": {"0": 1, "1": 2}, "1": {"0": 3, "1": 4}},
        {"text": {"x": "one"}, "label": {"x": "a"}},
        {"text": {"text": "one"}, "label": {"text": "a"}},
        {"a": {}, "b": {}},
        {"a": {"text": "one"}, "b": {"label": "a"}},
        {f"id{number}": {"question": "one"} for number in range(9)},
        {"text": ["one", "two"], "labels": [["a", "b"], ["b", "c"]]},
        {"columns": ["a", "b"], "data": ["c", "d"]},
        {"columns": ["a", "b"], "data": [["c"], ["d"]]},
        {"columns": ["a", "b"], "data": [["c", "d"], ["e", "f"]], "more": ["g", "h"]},
        {"columns": ["a", "b"], "data": []},
        {"tokens": [["a", "b"], ["c"]]},
        {"vectors": [[1.5, 2.5], [0.5, 1.5]]},
        {"tags": [["a"], ["b"]]},
    ],
)
def test_columns_and_lone_objects_pass(value: dict[str, object]) -> None:
    """What could be meant as columns, or as a row, is none of these shapes."""
    assert unfit_shape(value) is None
