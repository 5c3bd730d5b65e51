from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]
import pytest

from labelclean.errors import FileContentError, InvalidInputError
from labelclean.io.tables.contract import CellValue
from labelclean.io.tables.parquet_files import reader as parquet_reader
from labelclean.io.tables.parquet_files.footer import read_footer
from tests.unit.io.tables.parquet_cases import read, saved, scan, table_of, write

MORNING = dt.datetime(2024, 3, 5, 8, 30)  # noqa: DTZ001  (a time without a zone)
FEATURES = {
    "text": {"dtype": "string", "_type": "Value"},
    "label": {"names": ["late", "broken"], "_type": "ClassLabel"},
    "tags": {"feature": {"names": ["fast", "slow"], "_type": "ClassLabel"}, "_type": "List"},
}


def with_features(table: pa.Table) -> pa.Table:
    """Add the metadata that ``datasets`` writes."""
    return table.replace_schema_metadata({"huggingface": json.dumps({"info": {"features": FEATURES}})})


@pytest.mark.parametrize(
    ("array", "kind", "values"),
    [
        (pa.array(["a", None, "007"]), "text", ["a", None, "007"]),
        (pa.array(["a", None, ""], pa.large_string()), "text", ["a", None, ""]),
        (pa.array(["a", None, "b"], pa.string_view()), "text", ["a", None, "b"]),
        (pa.array([b"caf\xc3\xa9", None, b""]), "text", ["café", None, ""]),
        (pa.array(["a", None, "b"]).dictionary_encode(), "text", ["a", None, "b"]),
        (pa.array([2**64 - 1, None, 0], pa.uint64()), "number", [2**64 - 1, None, 0]),
        (pa.array([1.5, None, -0.0]), "number", [1.5, None, -0.0]),
        (pa.array([True, None, False]), "bool", [True, None, False]),
        (pa.nulls(3), "missing", [None, None, None]),
        (pa.array([Decimal("1.50"), None, Decimal("-7.00")]), "text", ["1.50", None, "-7.00"]),
        (pa.array([dt.date(2024, 1, 31), None, None]), "text", ["2024-01-31", None, None]),
        (pa.array([MORNING, None, None], pa.timestamp("ms")), "text", ["2024-03-05 08:30:00.000", None, None]),
        (pa.array([["a", "b"], [], None]), "list", [["a", "b"], [], None]),
        (pa.array([[1, None], [], None], pa.list_(pa.int32())), "list", [[1, None], [], None]),
        (pa.array([[MORNING.date()], [], None]), "list", [["2024-03-05"], [], None]),
        (pa.array([{"a": 1.0, "b": None}, None, None]), "object", [{"a": 1.0, "b": None}, None, None]),
        (pa.array([[("a", 1)], [], None], pa.map_(pa.string(), pa.int8())), "object", [{"a": 1}, {}, None]),
    ],
    ids=lambda value: str(value.type) if isinstance(value, pa.Array) else "",
)
def test_values_of_every_type_read_as_plain_ones(
    tmp_path: Path, array: pa.Array, kind: str, values: list[CellValue]
) -> None:
    """Texts, numbers and true/false stay; dates, times and decimals are their exact spelling; lists nest."""
    path = saved(tmp_path, pa.table({"x": array}))

    assert scan(path).kinds == (kind,)
    assert read(path, "x") == [values]


def test_the_sample_shows_values_as_text(tmp_path: Path) -> None:
    """Text is itself, nothing is empty, and everything else is spelled as JSON."""
    table = pa.table({"a": ["x", None], "b": [1, None], "c": [["é"], None], "d": [True, None], "e": [b"\xff", None]})

    found = scan(saved(tmp_path, table))

    assert found.sample == (("x", "1", '["é"]', "true", "(1 bytes)"), ("", "", "", "", ""))
    assert found.columns == ("a", "b", "c", "d", "e")
    assert found.n_rows == 2


def test_only_asked_rows_are_read_in_rising_order(tmp_path: Path) -> None:
    """Rows may stand in any row group; columns come in the order asked for."""
    table = pa.table({"text": [f"t{row}" for row in range(10)], "label": list(range(10))})
    path = saved(tmp_path, table, row_group_size=3)

    assert read(path, "label", "text", rows=[9, 0, 4]) == [[0, 4, 9], ["t0", "t4", "t9"]]
    with pytest.raises(InvalidInputError, match="10 rows counted from 0; got row 10"):
        read(path, "label", rows=[10])


def test_names_with_dots_are_names(tmp_path: Path) -> None:
    """A column named like a path into another one is read as itself."""
    table = pa.table({"a": [{"b": "inner"}], "a.b": ["outer"]})

    assert read(saved(tmp_path, table), "a.b", "a") == [["outer"], [{"b": "inner"}]]


def test_an_unnamed_index_of_pandas_is_not_shown(tmp_path: Path) -> None:
    """The column __index_level_0__ is kept in the file, but is no data."""
    path = tmp_path / "table.parquet"
    pd.DataFrame({"text": ["a", "b"], "label": ["x", "y"]}, index=[5, 9]).to_parquet(path)

    assert scan(path).columns == ("text", "label")


def test_categories_and_class_labels_give_their_names(tmp_path: Path) -> None:
    """Categories come from the dictionary, also those that no row has; class labels from the metadata."""
    rating = pa.DictionaryArray.from_arrays([1, 0, 1], ["good", "bad", "never"])
    table = pa.table({"text": list("abc"), "label": [0, 1, -1], "tags": [[0, 1], [], None], "rating": rating})

    path = saved(tmp_path, with_features(table))
    found = scan(path)

    names = {"rating": ("good", "bad", "never"), "label": ("late", "broken"), "tags": ("fast", "slow")}
    assert dict(found.class_names) == names
    assert read(path, "label", "tags") == [[0, 1, -1], [["fast", "slow"], [], None]]


def test_a_position_without_a_name_is_refused(tmp_path: Path) -> None:
    """Lists of class labels are read as names, so each must have one."""
    table = pa.table({"text": ["a", "b"], "label": [0, 0], "tags": [[1], [0, 2]]})

    with pytest.raises(FileContentError, match="“tags” must be one of its 2 names, counted from 0; row 1 has"):
        scan(saved(tmp_path, with_features(table)))


def test_bytes_that_are_no_text_are_refused_only_where_they_are_used(tmp_path: Path) -> None:
    """A column of pictures does not hinder the work on the others."""
    path = saved(tmp_path, pa.table({"text": ["a", "b"], "picture": [b"ok", b"\x89PNG\xff"]}))

    assert scan(path).kinds == ("text", "object")
    assert read(path, "text") == [["a", "b"]]
    with pytest.raises(FileContentError, match="“picture” holds bytes that are no UTF-8 text, first in row 1"):
        read(path, "picture")


def test_text_that_is_not_utf_8_is_found_while_scanning(tmp_path: Path) -> None:
    """Parquet's readers do not look; here the first bad row is named."""
    bad = pa.Array.from_buffers(pa.string(), 3, pa.array([b"a", b"b", b"\xff"]).buffers())
    path = saved(tmp_path, pa.table({"text": bad}))

    with pytest.raises(FileContentError, match="column “text” has other bytes, first in row 2"):
        scan(path)


def test_long_texts_that_come_again_are_read_few_at_a_time(tmp_path: Path) -> None:
    """A dictionary keeps them small in the file; all at once they would fill the memory."""
    path = saved(tmp_path, pa.table({"text": ["long " * 20_000] * 500}))
    n_bytes_before = pa.total_allocated_bytes()
    batches = parquet_reader._batches(
        parquet_reader.open_parquet(path),
        footer := read_footer(path),
        footer.columns,
        0,
    )

    sizes = [len(batch) for batch in batches]

    assert path.stat().st_size < 200_000
    assert sum(sizes) == 500
    assert max(sizes) <= 50
    assert pa.total_allocated_bytes() - n_bytes_before < 20_000_000


def test_categories_inside_of_lists_are_read_over_several_row_groups(tmp_path: Path) -> None:
    """No batch goes from one row group into the next, which pyarrow refuses to read for these."""
    categories = pa.array(["late", "broken", "late", "lost", "odd"]).dictionary_encode()
    labels = pa.ListArray.from_arrays(pa.array([0, 2, 2, 3, 5], pa.int32()), categories)
    path = saved(tmp_path, pa.table({"text": ["a", "b", "c", "d"], "tags": labels}), row_group_size=2)

    seen = scan(path)
    n_changed, content = write(path, {2: {"tags": ["lost"]}})

    assert (seen.n_rows, seen.kinds) == (4, ("text", "list"))
    assert read(path, "tags") == [[["late", "broken"], [], ["late"], ["lost", "odd"]]]
    assert read(path, "tags", rows=[1, 3]) == [[[], ["lost", "odd"]]]
    assert n_changed == 1
    assert table_of(content)["tags"].to_pylist() == [["late", "broken"], [], ["lost"], ["lost", "odd"]]


def test_a_column_that_pyarrow_cannot_read_yet_is_not_called_damaged(tmp_path: Path) -> None:
    """It is named; its texts are whole, but pyarrow wrote them in a form that it does not read again."""
    table = pa.table({"id": [1, 2], "text": pa.array(["a", "b"]).dictionary_encode()})
    path = saved(tmp_path, table, use_dictionary=False, column_encoding={"text": "DELTA_BYTE_ARRAY"})

    with pytest.raises(FileContentError, match="pyarrow can read; it cannot read column “text”") as caught:
        scan(path)

    assert "damaged" not in caught.value.message
    assert "plain texts instead of categories" in (caught.value.fix or "")


def test_what_pyarrow_does_not_know_is_never_called_damage() -> None:
    """Wherever it raises this."""
    with pytest.raises(FileContentError, match="cannot read one of them yet"), parquet_reader.readable():
        raise pa.ArrowNotImplementedError("Nested data conversions not implemented")


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    """Reading a column that is not there is an error of ours."""
    with pytest.raises(FileContentError, match="there is no “label”"):
        read(saved(tmp_path, pa.table({"text": ["a"]})), "label")
