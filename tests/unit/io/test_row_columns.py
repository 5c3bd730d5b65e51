"""The other columns of files of every kind, kept beside them."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelclean.errors import FileContentError
from labelclean.io.kinds import table_format
from labelclean.io.layout import ColumnRoles, FileLayout, LabelSpelling, VoteColumns
from labelclean.io.row_columns import RowColumns, build_row_columns, open_row_columns, other_columns
from labelclean.io.source import inspect_file
from labelclean.io.tables.dataset_folders.format import pack_folder
from tests.label_files import dataset_folder

ROLES = ColumnRoles(text="text", label="label")
FRAME = pd.DataFrame(
    {
        "text": ["hello", "bye", "late"],
        "label": ["a", "b", "a"],
        "source": ["web", "mail", "web"],
        "size": [1, 10, 9],
    }
)


def _json_columns() -> bytes:
    return json.dumps(FRAME.to_dict(orient="list")).encode()


def _workbook() -> bytes:
    book, target = openpyxl.Workbook(), io.BytesIO()
    for record in [list(FRAME.columns), *FRAME.to_numpy().tolist()]:
        book.worksheets[0].append(record)
    book.save(target)
    return target.getvalue()


KINDS: dict[str, Callable[[], bytes]] = {
    "table.csv": lambda: FRAME.to_csv(index=False).encode(),
    "table.tsv": lambda: FRAME.to_csv(index=False, sep="\t").encode(),
    "table.jsonl": lambda: FRAME.to_json(orient="records", lines=True).encode(),
    "table.json": lambda: FRAME.to_json(orient="records").encode(),
    "columns.json": _json_columns,
    "table.parquet": lambda: FRAME.to_parquet(index=False),
    "table.xlsx": _workbook,
}


def _kept(folder: Path, name: str, content: bytes, roles: ColumnRoles = ROLES, **options: object) -> RowColumns:
    source, target = folder / name, folder / "kept.arrow"
    source.write_bytes(content)
    layout = inspect_file(source).layout
    build_row_columns(source, layout, roles, target, **options)  # type: ignore[arg-type]  # as each test names them
    return open_row_columns(target, layout, roles)


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_file_gives_the_same_cells(tmp_path: Path, name: str) -> None:
    """Numbers and texts stand as text, by row, by value and by column."""
    columns = _kept(tmp_path, name, KINDS[name]())

    assert columns.names == ("source", "size")
    assert columns.n_rows == 3
    assert columns.row(1) == [("source", "mail"), ("size", "10")]
    assert columns.rows_with("source", "web").tolist() == [0, 2]
    assert columns.column("size") == ["1", "10", "9"]
    assert columns.column("size", [2, 0]) == ["9", "1"]
    assert columns.values("source") == [("web", 2), ("mail", 1)]


@pytest.mark.parametrize("name", [*KINDS, "lines.txt"])
def test_the_parts_of_a_file_are_the_whole(tmp_path: Path, name: str) -> None:
    """Joined, they are what reading all of it at once gives, in the order of columns that was asked for."""
    path = tmp_path / name
    path.write_bytes(KINDS[name]() if name in KINDS else b"__label__a hello\n\n__label__b __label__a bye\n")
    layout = inspect_file(path).layout
    kind, columns = table_format(layout.file_format), layout.columns[::-1]

    parts = list(kind.parts(path, layout, columns))

    joined = [[cell for part in parts for cell in part[place]] for place in range(len(columns))]
    assert joined == kind.read(path, layout, columns)
    assert all(part[0] for part in parts)


def test_a_saved_dataset_gives_its_cells(tmp_path: Path) -> None:
    """Folders of Hugging Face datasets are kept as one archive; their columns are found in it."""
    archive = tmp_path / "folder.zip"
    with archive.open("wb") as target:
        pack_folder(dataset_folder(tmp_path / "folder"), target)
    layout = inspect_file(archive).layout
    text, *others = layout.columns
    roles = ColumnRoles(text=text, label=others[0])

    build_row_columns(archive, layout, roles, tmp_path / "kept", records=None)

    kind = table_format(layout.file_format)
    joined = [list(cells) for part in kind.parts(archive, layout, layout.columns) for cells in part]
    assert open_row_columns(tmp_path / "kept", layout, roles).names == tuple(others[1:])
    assert joined == kind.read(archive, layout, layout.columns)


def test_numbers_are_sorted_by_value_and_empty_cells_come_last(tmp_path: Path) -> None:
    """10 after 9; texts whatever their case."""
    content = b"text,label,n,word\na,x,10,pear\nb,x,,Apple\nc,x,9,\nd,x,9,apple\n"

    columns = _kept(tmp_path, "t.csv", content)

    numbers, words = columns.ranks("n"), columns.ranks("word")
    assert numbers[2] == numbers[3] < numbers[0] < numbers[1]
    assert max(words[1], words[3]) < words[0] < words[2]
    assert columns.is_empty("n").tolist() == [False, True, False, False]


def test_text_label_and_id_are_no_other_columns() -> None:
    """Nor are the columns that together spell a label set; the columns of annotators are."""
    layout = inspect_file_of(b"id,text,late,broken,source\n1,a,1,0,web\n2,b,0,1,mail\n")
    one_hot = ColumnRoles(
        text="text", label="late", row_id="id", spelling=LabelSpelling(kind="one_hot", columns=("late", "broken"))
    )
    voted = ColumnRoles(text="text", label="late", row_id="id", votes=VoteColumns(columns=("late", "broken")))

    assert other_columns(layout, one_hot) == ("source",)
    assert other_columns(layout, voted) == ("late", "broken", "source")


def test_what_the_text_lies_inside_of_is_no_other_column() -> None:
    """The outer object would show the text again."""
    layout = inspect_file_of(
        b'{"data": {"text": "a", "from": "web"}, "label": "x"}\n{"data": {"text": "b", "from": "mail"}, "label": "y"}\n'
    )

    assert other_columns(layout, ColumnRoles(text="data.text", label="label")) == ("data.from",)


def test_records_of_one_text_are_told_together(tmp_path: Path) -> None:
    """What all records say comes once; what each annotator says follows in the order of the file."""
    content = b"id,text,label,who,day\n1,hello,a,kim,mon\n2,bye,b,kim,tue\n1,hello,b,lee,mon\n"
    roles = ColumnRoles(text="text", label="label", row_id="id", votes=VoteColumns(annotator="who"))

    columns = _kept(tmp_path, "t.csv", content, roles, records=np.array([0, 1, 0]))

    assert columns.n_rows == 2
    assert columns.row(0) == [("day", "mon"), ("label", "a"), ("who", "kim"), ("label", "b"), ("who", "lee")]
    assert columns.rows_with("who", "kim").tolist() == [0, 1]
    assert columns.rows_with("who", "lee").tolist() == [0]
    assert columns.column("who") == ["kim", "kim"]
    assert columns.ranks("day").tolist() == [0, 1]


def test_a_row_or_column_that_is_not_there_is_found_nowhere(tmp_path: Path) -> None:
    """Links may name what an older file had."""
    columns = _kept(tmp_path, "t.csv", KINDS["table.csv"]())

    assert columns.row(3) == []
    assert columns.rows_with("gone", "x").tolist() == []
    assert columns.values("gone") == []


def test_a_file_without_other_columns_keeps_nothing(tmp_path: Path) -> None:
    """There is nothing to write, and every question has an empty answer."""
    columns = _kept(tmp_path, "t.csv", b"text,label\na,x\nb,y\n")

    assert (columns.names, columns.n_rows, columns.row(0)) == ((), 2, [])
    assert not (tmp_path / "kept.arrow").exists()


@pytest.mark.parametrize(
    "damage", [lambda kept: kept[:-20], lambda kept: kept[:0], lambda kept: kept[:40] + b"\xff" * 64]
)
def test_a_damaged_file_is_refused(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    """Cut off, empty or overwritten: it is never read as if it were whole."""
    _kept(tmp_path, "table.csv", KINDS["table.csv"]())
    kept = tmp_path / "kept.arrow"
    kept.write_bytes(damage(kept.read_bytes()))

    with pytest.raises(FileContentError, match="whole and of this file"):
        open_row_columns(kept, inspect_file(tmp_path / "table.csv").layout, ROLES)


def test_columns_of_another_way_of_reading_are_refused(tmp_path: Path) -> None:
    """The label of one project is another column of the next."""
    _kept(tmp_path, "table.csv", KINDS["table.csv"]())
    layout = inspect_file(tmp_path / "table.csv").layout

    with pytest.raises(FileContentError):
        open_row_columns(tmp_path / "kept.arrow", layout, ColumnRoles(text="text", label="source"))


@settings(max_examples=40, deadline=None)
@given(
    values=st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=1, max_size=30)
)
def test_every_value_comes_back_and_is_found_where_it_stands(values: list[str]) -> None:
    """Whatever the text: line breaks, quotes, no letters at all."""
    lines = [json.dumps({"text": str(row), "label": "a", "value": value}) for row, value in enumerate(values)]
    with TemporaryDirectory() as folder:
        columns = _kept(Path(folder), "t.jsonl", "\n".join(lines).encode())

        assert columns.column("value") == values
        assert [columns.row(row) for row in range(len(values))] == [[("value", value)] for value in values]
        for value in values:
            rows = columns.rows_with("value", value).tolist()
            assert rows == [row for row, other in enumerate(values) if other == value]
        assert dict(columns.values("value")) == Counter(values)


def inspect_file_of(content: bytes) -> FileLayout:
    """Return the layout of a file with this content."""
    with NamedTemporaryFile(suffix=".csv" if content[:1] != b"{" else ".jsonl") as file:
        file.write(content)
        file.flush()
        return inspect_file(Path(file.name)).layout
