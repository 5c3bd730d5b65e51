"""From corrected labels to changed cells, through the door and before it."""

from __future__ import annotations

import io
import json
from collections.abc import Collection, Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]
import pytest

from labelclean.arrays import Label
from labelclean.errors import FileContentError, InvalidInputError
from labelclean.io.corrections import label_edits
from labelclean.io.kinds import table_format
from labelclean.io.layout import ColumnRoles, LabelSpelling, VoteColumns
from labelclean.io.source import inspect_file, read_dataset, write_back
from labelclean.io.tables.contract import TableEdits
from labelclean.label_set import LabelSet

PLAIN = ColumnRoles(text="text", label="label")
NAMED = ColumnRoles(text="text", label="label", spelling=LabelSpelling(kind="names", class_names=("late", "broken")))
FEATURES = {
    "text": {"dtype": "string", "_type": "Value"},
    "label": {"names": ["late", "broken"], "_type": "ClassLabel"},
}
NUMBERS = pa.table(
    {"text": ["x", "y", "z"], "label": pa.array([0, 1, None], pa.int64())},
    metadata={"huggingface": json.dumps({"info": {"features": FEATURES}})},
)


def edits_of(
    path: Path, roles: ColumnRoles, corrections: Mapping[int, Label | None], dropped_rows: Collection[int] = ()
) -> tuple[TableEdits, int]:
    """Return what is to change in a file."""
    layout = inspect_file(path).layout
    kind = table_format(layout.file_format)
    return label_edits(kind, path, layout, roles, corrections=corrections, dropped_rows=frozenset(dropped_rows))


def written(path: Path, roles: ColumnRoles, corrections: Mapping[int, Label | None]) -> io.BytesIO:
    """Return a file with corrections."""
    target = io.BytesIO()
    write_back(path, target, inspect_file(path).layout, roles, corrections)
    target.seek(0)
    return target


def table(tmp_path: Path, content: str, name: str = "in.csv") -> Path:
    """Write a text file."""
    path = tmp_path / name
    path.write_text(content, encoding="utf-8", newline="")
    return path


def test_only_cells_that_read_otherwise_change(tmp_path: Path) -> None:
    """A label that stands there already is no change, and neither is one of a row that is left out."""
    path = table(tmp_path, "text,label\nx,a\ny,b\nz,\nw,a\n")

    edits, n_changed = edits_of(path, PLAIN, {0: "a", 1: "c", 2: None, 3: "b"}, dropped_rows=[3])

    assert edits == TableEdits(cells={1: {"label": "c"}}, dropped_rows=frozenset({3}))
    assert n_changed == 1


def test_types_count_in_typed_files_only(tmp_path: Path) -> None:
    """In JSON the number 1 and the text are two labels; in CSV there is nothing but text."""
    lines = table(tmp_path, '{"text": "x", "label": 1}\n{"text": "y", "label": true}\n', "in.jsonl")
    cells = table(tmp_path, "text,label\nx,1\ny,true\n")

    typed, _ = edits_of(lines, PLAIN, {0: "1", 1: 1})
    text, _ = edits_of(cells, PLAIN, {0: 1, 1: "true"})

    assert typed.cells == {0: {"label": "1"}, 1: {"label": 1}}
    assert type(typed.cells[1]["label"]) is int
    assert text.cells == {}


def test_a_set_changes_only_the_columns_that_differ(tmp_path: Path) -> None:
    """In the file's own marks."""
    path = table(tmp_path, "text,late,broken,lost\nx,yes,no,no\ny,no,no,yes\n")
    spelling = LabelSpelling(kind="one_hot", columns=("late", "broken", "lost"))
    roles = ColumnRoles(text="text", label="late", spelling=spelling)

    edits, n_changed = edits_of(path, roles, {0: LabelSet(["late", "broken"]), 1: LabelSet(["lost"])})

    assert edits.cells == {0: {"broken": "yes"}}
    assert n_changed == 1


@pytest.mark.parametrize(
    ("corrections", "dropped_rows", "row"),
    [({0: "a", 2: "a"}, (), "2"), ({-1: "a"}, (), "-1"), ({}, (7,), "7"), ({2: None}, (2,), "2")],
)
@pytest.mark.parametrize("is_voted", [False, True])
def test_rows_that_are_not_there_are_refused(
    tmp_path: Path,
    corrections: dict[int, Label | None],
    dropped_rows: tuple[int, ...],
    row: str,
    *,
    is_voted: bool,
) -> None:
    """Also where they would be left out, and where the row is a text with several votes."""
    if is_voted:
        path = table(tmp_path, "nr,text,who,label\n1,x,ann,a\n1,x,bob,b\n2,y,ann,b\n2,y,bob,b\n")
        roles = ColumnRoles(text="text", label="label", row_id="nr", votes=VoteColumns(annotator="who"))
    else:
        path, roles = table(tmp_path, "text,label\nx,a\ny,b\n"), PLAIN

    with pytest.raises(InvalidInputError, match=f"has 2 rows counted from 0; got row {row}"):
        edits_of(path, roles, corrections, dropped_rows)


def test_a_label_that_cannot_be_spelled_names_its_row(tmp_path: Path) -> None:
    """A table of names beside a CSV file does not grow by itself."""
    path = table(tmp_path, "text,label\nx,0\ny,1\n")

    with pytest.raises(FileContentError, match=r"list of names; got one that is not\. This is about row 1") as caught:
        edits_of(path, NAMED, {0: "broken", 1: "lost"})

    assert "add the new one at the end of the list" in caught.value.fix


def test_names_of_a_class_label_are_written_as_their_numbers(tmp_path: Path) -> None:
    """The schema and its metadata stay."""
    path = tmp_path / "in.parquet"
    pq.write_table(NUMBERS, path)

    after = pq.read_table(written(path, NAMED, {0: "broken", 1: None, 2: "late"}))

    assert after.column("label").to_pylist() == [1, None, 0]
    assert after.schema.equals(NUMBERS.schema, check_metadata=True)


def test_a_new_class_label_is_refused_in_parquet_with_its_row(tmp_path: Path) -> None:
    """Whether the names are the file's own or the user's: the column of numbers never takes a text."""
    named, bare = tmp_path / "named.parquet", tmp_path / "bare.parquet"
    pq.write_table(NUMBERS, named)
    pq.write_table(NUMBERS.replace_schema_metadata(None), bare)

    for path in (named, bare):
        with pytest.raises(FileContentError, match=r"must be in the file's list of names.*This is about row 2\."):
            written(path, NAMED, {0: "broken", 2: "lost"})


def test_categories_of_pandas_take_new_names(tmp_path: Path) -> None:
    """Old and new labels read as what they are, and the column is categorical as before."""
    path = tmp_path / "in.parquet"
    labels = pd.Categorical(["late", "broken", None], categories=["late", "broken", "never"])
    pd.DataFrame({"text": ["x", "y", "z"], "label": labels}).to_parquet(path)

    after = pd.read_parquet(written(path, PLAIN, {0: "lost", 2: "broken"}))

    assert after["label"].tolist() == ["lost", "broken", "broken"]
    assert after["label"].dtype.name == "category"


def test_the_class_labels_of_a_folder_take_new_names(tmp_path: Path) -> None:
    """They stand behind the old ones, whose numbers stay."""
    folder = tmp_path / "saved"
    folder.mkdir()
    with pa.ipc.new_stream(str(folder / "data-00000-of-00001.arrow"), NUMBERS.schema) as writer:
        writer.write_table(NUMBERS)
    (folder / "dataset_info.json").write_text(json.dumps({"features": FEATURES}), encoding="utf-8")
    state = {"_data_files": [{"filename": "data-00000-of-00001.arrow"}], "_split": "train"}
    (folder / "state.json").write_text(json.dumps(state), encoding="utf-8")

    (tmp_path / "out.zip").write_bytes(written(folder, NAMED, {0: "lost", 2: "late"}).getvalue())

    found = inspect_file(tmp_path / "out.zip")
    assert found.class_names["label"] == ("late", "broken", "lost")
    roles = ColumnRoles(text="text", label="label", spelling=found.spelling)
    dataset = read_dataset(tmp_path / "out.zip", found.layout, roles)
    assert [dataset.given_label(row) for row in range(3)] == ["lost", "broken", "late"]
