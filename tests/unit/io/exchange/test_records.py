"""JSON files of annotation tools, as a whole."""

from __future__ import annotations

import io
import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelclean.errors import FileContentError, LabelCleanError
from labelclean.io.exchange.records import read_records, write_array, write_lines
from labelclean.io.exchange.tools import read_annotations

RECORDS = st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=20) | st.integers() | st.none()), min_size=1)


def saved(tmp_path: Path, content: bytes) -> Path:
    """Write a file."""
    path = tmp_path / "export.json"
    path.write_bytes(content)
    return path


def test_an_array_and_lines_are_read_alike(tmp_path: Path) -> None:
    """The place says where to look; blank lines and a byte order mark do not matter."""
    array = list(read_records(saved(tmp_path, b'\xef\xbb\xbf [{"a": 1},\n {"b": 2}]\n')))
    lines = list(read_records(saved(tmp_path, b'{"a": 1}\r\n\n{"b": 2}')))

    assert array == [("task 1", {"a": 1}), ("task 2", {"b": 2})]
    assert lines == [("line 1", {"a": 1}), ("line 3", {"b": 2})]


@settings(deadline=None)
@given(records=RECORDS)
def test_what_is_written_is_read_back(
    records: list[dict[str, object]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Any text survives, halves of characters and line separators included."""
    folder = tmp_path_factory.mktemp("records")
    for write in (write_array, write_lines):
        target = io.BytesIO()
        write(records, target)

        assert [record for _place, record in read_records(saved(folder, target.getvalue()))] == records


def test_half_of_a_character_is_written_as_an_escape(tmp_path: Path) -> None:
    """No file in UTF-8 could hold it otherwise."""
    target = io.BytesIO()

    write_lines([{"text": "\ud83d"}], target)

    assert target.getvalue() == b'{"text": "\\ud83d"}\n'
    assert list(read_records(saved(tmp_path, target.getvalue()))) == [("line 1", {"text": "\ud83d"})]


def test_no_rows_are_an_empty_array() -> None:
    """What is written is JSON even if nothing is sent."""
    target = io.BytesIO()

    write_array([], target)

    assert json.loads(target.getvalue()) == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "at least one task; the file is empty"),
        (b" \n", "at least one task; the file is empty"),
        (b"[]", "at least one task; the array is empty"),
        (b'[{"a": 1},\n{"b": }]', "line 2 is not, from column 7 on"),
        (b'[{"a": 1}', "line 1 is not, from column"),
        (b'{"a": 1}\n{"b": ', "line 2 is neither"),
        (b'{\n"a": 1}', "line 1 is neither"),
        (b"text,label\na,b", "line 1 is neither"),
        (b"[1]", "Each task must be a JSON object; task 1 is something else"),
        (b'"a"', "Each task must be a JSON object; line 1 is something else"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[" + b"9" * 5000 + b"]", "too many digits"),
        (b"\xff\xfe[", "UTF-8 text; byte 0 is not"),
        (b"PK\x03\x04zip", "this file is a zip archive"),
        (b"\x78\x9c\x01\x02", "binary, like spaCy's DocBin"),
    ],
)
def test_a_file_that_is_no_json_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    """The message says where and why."""
    with pytest.raises(FileContentError, match=words):
        list(read_records(saved(tmp_path, content)))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    """What the system says is passed on."""
    with pytest.raises(FileContentError, match="cannot be read: No such file"):
        list(read_records(tmp_path / "nothing.json"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"name": "x", "value": 1}, "must be an export of Label Studio, Argilla, Prodigy, spaCy, doccano; task 1"),
        ({"data": 3, "annotations": []}, "task 1 is of none of them"),
    ],
)
def test_a_file_of_no_tool_is_refused(tmp_path: Path, content: object, words: str) -> None:
    """The tools that are known are listed."""
    with pytest.raises(FileContentError, match=words):
        read_annotations(saved(tmp_path, json.dumps([content]).encode()))


def test_a_file_of_another_tool_is_refused(tmp_path: Path) -> None:
    """The message says whose file it looks like."""
    cats = saved(tmp_path, b'{"text": "x", "cats": {"a": 1.0}}')

    with pytest.raises(FileContentError, match="export of Label Studio; line 1 looks like one of spaCy"):
        read_annotations(cats, tool="label-studio")

    with pytest.raises(FileContentError, match="export of Prodigy; line 1 looks of none"):
        read_annotations(saved(tmp_path, b'{"a": 1}'), tool="prodigy")


KEYS = [
    "data",
    "text",
    "annotations",
    "result",
    "value",
    "choices",
    "type",
    "labelclean_row",
    "label",
    "accept",
    "labelclean_text_hash",
    "answer",
    "cats",
    "fields",
    "metadata",
    "responses",
    "label.responses",
    "status",
    "label.responses.users",
    "label.responses.status",
    "user_id",
    "completed_by",
    "updated_at",
    "Comments",
    "annotation_id",
    "_timestamp",
    "labelclean_error_probability",
    "lead_time",
    "options",
    "from_name",
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner),
    max_leaves=20,
)


@settings(deadline=None, max_examples=100)
@given(records=st.lists(JSON, max_size=3))
def test_nothing_but_our_own_errors_comes_out(records: list[object], tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever stands under the keys that tools use: it is read, or refused with a message."""
    path = saved(tmp_path_factory.mktemp("any"), json.dumps(records).encode())

    for tool in (None, "label-studio", "argilla", "doccano", "prodigy", "spacy"):
        n_tasks = None
        with suppress(LabelCleanError):
            n_tasks = read_annotations(path, tool=tool).n_tasks

        assert n_tasks in {None, len(records)}
