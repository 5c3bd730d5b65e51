"""Any JSON document of records is read as the json module reads it, and written back with its edits alone."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from labelclean.errors import FileContentError
from labelclean.io.layout import FileFormat, FileLayout
from labelclean.io.tables.contract import CellValue, TableEdits
from labelclean.io.tables.json_files.shapes import unfit_shape
from labelclean.io.text import text_file
from labelclean.io.text.records import split_lines
from tests.json_cases import FORMATS

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(alphabet='ab"\\{}[]:, \n\téü日😀\u2028', max_size=5)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b.c", "é", ""]), inner, max_size=3)
    ),
    max_leaves=5,
)
KEYS = st.sampled_from(["text", "label", "meta", "a.b", "é", 'q"'])


@dataclass(frozen=True)
class Spelled:
    """
    A JSON document as pieces of text.

    Attributes
    ----------
    rows : list of dict of str to tuple of str
        For each row by key: what stands before the value, and the spelling of the value.
    ends : list of str
        What stands behind the last value of each row, up to the first key of the next one.
    lead : str
        What stands before the first key.
    """

    lead: str
    rows: list[dict[str, tuple[str, str]]]
    ends: list[str]

    def text(self) -> str:
        """Return the document."""
        parts = (
            "".join(before + value for before, value in row.values()) + end
            for row, end in zip(self.rows, self.ends, strict=True)
        )
        return self.lead + "".join(parts)

    def values(self) -> list[dict[str, CellValue]]:
        """Return the rows as the json module reads them."""
        return [{key: json.loads(value) for key, (_, value) in row.items()} for row in self.rows]

    def edited(self, cells: dict[int, dict[str, str]]) -> Spelled:
        """Return the document with other spellings of some values."""
        rows = [
            {key: (before, cells.get(at, {}).get(key, value)) for key, (before, value) in row.items()}
            for at, row in enumerate(self.rows)
        ]
        return replace(self, rows=rows)


def spelled_by(draw: st.DrawFn, value: CellValue, space: st.SearchStrategy[str]) -> str:
    """Draw a spelling of a value: any white space between its tokens, any character escaped or not."""
    if isinstance(value, dict):
        members = (
            f"{draw(space)}{spelled_by(draw, key, space)}{draw(space)}:{draw(space)}{spelled_by(draw, item, space)}"
            for key, item in value.items()
        )
        return "{" + f"{draw(space)},".join(members) + draw(space) + "}"
    if isinstance(value, list):
        items = (draw(space) + spelled_by(draw, item, space) for item in value)
        return "[" + f"{draw(space)},".join(items) + draw(space) + "]"
    return json.dumps(value, ensure_ascii=draw(st.booleans()))


@st.composite
def documents(draw: st.DrawFn, file_format: FileFormat) -> Spelled:
    """Draw a JSON Lines file, or an array alone or inside of an object, in any spelling."""
    is_lines = file_format == "jsonl"
    space = st.sampled_from(["", "", " ", "\t"] if is_lines else ["", "", " ", "\n", "\r\n  "])
    line_end = st.sampled_from(["\n", "\r\n", "\n \n"])
    opening, closing = "", ""
    if not is_lines:
        opening, closing = draw(st.sampled_from([("[", "]"), ('{"n": [1, {}] ,"d": [', '],"e" : "x]" }')]))
    rows, ends = [], []
    n_rows = draw(st.integers(1, 4))
    for at in range(n_rows):
        keys = draw(st.lists(KEYS, min_size=1, max_size=4, unique=True))
        row: dict[str, tuple[str, str]] = {}
        for key in keys:
            comma = "," if row else draw(space) + "{"
            before = comma + draw(space) + json.dumps(key) + draw(space) + ":" + draw(space)
            row[key] = (before, spelled_by(draw, draw(VALUES), space) + draw(space))
        rows.append(row)
        between = draw(line_end) if is_lines else draw(space) + ("," if at < n_rows - 1 else closing)
        ends.append("}" + between)
    return Spelled(draw(space) + opening, rows, ends)


def layout_of(file_format: FileFormat, path: Path) -> FileLayout:
    """Return the layout of a file."""
    layout = FileLayout(
        file_format=file_format, encoding="utf-8", byte_order_mark=False, delimiter="", columns=(), n_rows=0
    )
    scan = FORMATS[file_format].scan(path, layout)
    return replace(layout, columns=scan.columns, n_rows=scan.n_rows)


def strictly(value: object) -> object:
    """Return something that is equal only for values that are equal with their types."""
    if isinstance(value, dict):
        return {key: strictly(item) for key, item in value.items()}
    if isinstance(value, list):
        return [strictly(item) for item in value]
    return type(value).__name__, repr(value)


def records(file_format: FileFormat, text: str) -> Sequence[Any]:
    """Return the rows of a text as the json module reads them."""
    if file_format == "jsonl":
        return [json.loads(line) for line in text.split("\n") if line.strip()]
    document = json.loads(text)
    return document["d"] if isinstance(document, dict) else document  # type: ignore[no-any-return]


def n_records(file_format: FileFormat, text: str) -> int:
    """Return how many rows the json module finds; 0 if there are none, or they are no objects with keys."""
    try:
        if file_format == "jsonl":
            rows = [json.loads(line) for line in split_lines(text) if line.strip(" \t\r\n")]
        else:
            document = json.loads(text)
            arrays = (
                [member for member in document.values() if isinstance(member, list)]
                if isinstance(document, dict)
                else []
            )
            rows = next((array for array in arrays if array and isinstance(array[0], dict)), [])
            rows = document if isinstance(document, list) else rows
    except ValueError:
        return 0
    are_objects = all(isinstance(row, dict) for row in rows) and any(rows)
    return len(rows) if are_objects else 0


def in_place(document: Spelled, at: int, key: str, value: CellValue) -> str:
    """Spell a new value as its row does, escaped if that is ASCII with escapes, and keep the white space behind it."""
    row = "".join(before + old for before, old in document.rows[at].values())
    old = document.rows[at][key][1]
    return json.dumps(value, ensure_ascii=row.isascii() and "\\u" in row) + old[len(old.rstrip()) :]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder for the files of all examples."""
    return tmp_path_factory.mktemp("json_files")


@pytest.mark.parametrize("file_format", ["jsonl", "json"])
@settings(deadline=None)
@given(data=st.data(), block_bytes=st.integers(1, 60))
def test_documents_are_read_as_the_json_module_reads_them(
    file_format: FileFormat, data: st.DataObject, block_bytes: int, folder: Path
) -> None:
    """Whatever the spelling and wherever the blocks end; and without edits the file stays the same."""
    document = data.draw(documents(file_format))
    path = folder / "file"
    path.write_bytes(document.text().encode())
    target = io.BytesIO()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_file, "BLOCK_BYTES", block_bytes)
        layout = layout_of(file_format, path)
        keys = list(dict.fromkeys(key for row in document.rows for key in row))
        read = FORMATS[file_format].read(path, layout, keys)
        n_changed = FORMATS[file_format].write(path, target, layout, TableEdits())

    assert layout.columns[: len(keys)] == tuple(keys)
    expected = [[row.get(key) for row in document.values()] for key in keys]
    assert strictly(read) == strictly(expected)
    assert (n_changed, target.getvalue()) == (0, path.read_bytes())


@pytest.mark.parametrize("file_format", ["jsonl", "json"])
@settings(deadline=None)
@given(data=st.data(), block_bytes=st.integers(1, 60))
def test_edits_change_their_values_alone(
    file_format: FileFormat, data: st.DataObject, block_bytes: int, folder: Path
) -> None:
    """The edited text is the old one with the new values in their places, and reads as the edited rows."""
    document = data.draw(documents(file_format))
    path = folder / "file"
    path.write_bytes(document.text().encode())
    edits: dict[int, dict[str, CellValue]] = {}
    for at, row in enumerate(document.rows):
        keys = data.draw(st.lists(st.sampled_from(list(row)), unique=True, max_size=2))
        edits[at] = {key: data.draw(SCALARS) for key in keys}
    target = io.BytesIO()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_file, "BLOCK_BYTES", block_bytes)
        layout = layout_of(file_format, path)
        n_changed = FORMATS[file_format].write(path, target, layout, TableEdits(cells=edits))

    old = document.values()
    changed = {
        at: {key: value for key, value in cells.items() if strictly(old[at][key]) != strictly(value)}
        for at, cells in edits.items()
    }
    assert n_changed == sum(bool(cells) for cells in changed.values())
    spelled = {at: {key: in_place(document, at, key, value) for key, value in changed[at].items()} for at in changed}
    assert target.getvalue().decode() == document.edited(spelled).text()


@pytest.mark.parametrize("file_format", ["jsonl", "json"])
@settings(deadline=None)
@given(data=st.data(), block_bytes=st.integers(1, 60))
def test_rows_go_and_columns_come(file_format: FileFormat, data: st.DataObject, block_bytes: int, folder: Path) -> None:
    """What is left out is left out, what is added is added, and it is still a JSON document."""
    document = data.draw(documents(file_format))
    path = folder / "file"
    path.write_bytes(document.text().encode())
    rows = document.values()
    dropped = data.draw(st.frozensets(st.integers(0, len(rows) - 1)))
    added = data.draw(st.lists(VALUES, min_size=len(rows), max_size=len(rows)))
    target = io.BytesIO()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_file, "BLOCK_BYTES", block_bytes)
        layout = layout_of(file_format, path)
        FORMATS[file_format].write(path, target, layout, TableEdits(dropped_rows=dropped, added={"new.one": added}))

    expected = [row | {"new.one": added[at]} for at, row in enumerate(rows) if at not in dropped]
    assert strictly(records(file_format, target.getvalue().decode())) == strictly(expected)


@pytest.mark.parametrize("file_format", ["jsonl", "json"])
@settings(deadline=None)
@given(data=st.data(), block_bytes=st.integers(1, 60))
def test_damaged_documents_are_refused_if_the_json_module_refuses_them(
    file_format: FileFormat, data: st.DataObject, block_bytes: int, folder: Path
) -> None:
    """With a character more, less or other it is still records, and is read, or it is refused in our words."""
    text = data.draw(documents(file_format)).text()
    at = data.draw(st.integers(0, len(text)))
    damage = data.draw(st.sampled_from(["", *'[]{}",:\\ 1-.eatn\n\ufeff\x01é', "\\u", "{}", "null", "//"]))
    text = text[:at] + damage + text[at + data.draw(st.integers(0, 2)) :]
    path = folder / "file"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_file, "BLOCK_BYTES", block_bytes)
        try:
            n_rows = layout_of(file_format, path).n_rows
        except FileContentError:
            n_rows = 0

    assert n_rows == n_records(file_format, text)


@settings(deadline=None)
@given(data=st.data())
def test_columns_of_one_object_are_read_and_edited(data: st.DataObject, folder: Path) -> None:
    """Arrays or objects, in any spelling."""
    space = st.sampled_from(["", " ", "\n", "\r\n  "])
    n_rows = data.draw(st.integers(1, 4))
    cells = {
        key: data.draw(st.lists(VALUES, min_size=n_rows, max_size=n_rows))
        for key in data.draw(st.lists(st.sampled_from(["text", "label", "x"]), min_size=1, unique=True))
    }
    is_pandas = data.draw(st.booleans())
    table: Any = {
        key: dict(zip("0123", column, strict=False)) if is_pandas else column for key, column in cells.items()
    }
    assume(unfit_shape(table) is None)  # such as rows as arrays under one key
    path = folder / "file"
    draw: Any = data.draw
    path.write_bytes(spelled_by(draw, table, space).encode())
    edits = data.draw(
        st.dictionaries(st.integers(0, n_rows - 1), st.dictionaries(st.sampled_from(list(cells)), VALUES))
    )
    dropped = data.draw(st.frozensets(st.integers(0, n_rows - 1)))
    target, same = io.BytesIO(), io.BytesIO()

    layout = layout_of("json_columns", path)
    read = FORMATS["json_columns"].read(path, layout, list(cells))
    FORMATS["json_columns"].write(path, same, layout, TableEdits())
    FORMATS["json_columns"].write(path, target, layout, TableEdits(cells=edits, dropped_rows=dropped))

    assert strictly(read) == strictly(list(cells.values()))
    assert same.getvalue() == path.read_bytes()
    written = json.loads(target.getvalue())
    for key, column in cells.items():
        expected = [edits.get(at, {}).get(key, value) for at, value in enumerate(column) if at not in dropped]
        found = list(written[key].values()) if is_pandas else written[key]
        assert strictly(found) == strictly(expected)
