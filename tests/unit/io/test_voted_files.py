"""Files with the votes of several annotators, read and written back."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping
from pathlib import Path

import pytest

from labelclean.arrays import Label
from labelclean.errors import InvalidInputError
from labelclean.io.layout import ColumnRoles, VoteColumns
from labelclean.io.source import inspect_file, read_dataset, write_back

_WIDE = ColumnRoles(text="text", label="ann", votes=VoteColumns(columns=("ann", "bob", "cid")))
_LONG = ColumnRoles(text="text", label="label", row_id="id", votes=VoteColumns(annotator="who"))
_WIDE_FILE = b"text,ann,bob,cid\na,x,x,y\nb,y,,y\nc,,,\n"
_LONG_FILE = b"id,who,label,text\n1,ann,x,a\n2,ann,y,b\n1,bob,x,a\n2,bob,x,b\n2,cid,y,b\n"


def _written(
    path: Path, roles: ColumnRoles, corrections: Mapping[int, Label | None], dropped: Collection[int] = ()
) -> bytes:
    target = io.BytesIO()
    write_back(path, target, inspect_file(path).layout, roles, corrections, dropped_rows=dropped)
    return target.getvalue()


@pytest.fixture
def wide(tmp_path: Path) -> Path:
    """Return a file with a column for each annotator."""
    path = tmp_path / "wide.csv"
    path.write_bytes(_WIDE_FILE)
    return path


@pytest.fixture
def long(tmp_path: Path) -> Path:
    """Return a file with a record for each vote."""
    path = tmp_path / "long.csv"
    path.write_bytes(_LONG_FILE)
    return path


def test_the_majority_is_the_label(wide: Path) -> None:
    """What most annotators said; nobody said anything about the last text."""
    dataset = read_dataset(wide, inspect_file(wide).layout, _WIDE)

    assert [dataset.given_label(row) for row in range(3)] == ["x", "y", None]
    assert dataset.votes is not None
    assert dataset.votes.annotators == ("ann", "bob", "cid")


def test_records_of_one_text_make_one_example(long: Path) -> None:
    """Texts stand in the order in which their ids first appear."""
    dataset = read_dataset(long, inspect_file(long).layout, _LONG)

    assert dataset.texts == ("a", "b")
    assert [dataset.given_label(row) for row in range(2)] == ["x", "y"]
    assert dataset.records is not None
    assert dataset.records.tolist() == [0, 1, 0, 1, 1]


@pytest.mark.parametrize(("name", "roles"), [("wide", _WIDE), ("long", _LONG)])
def test_without_a_correction_the_file_is_the_same(
    name: str, roles: ColumnRoles, request: pytest.FixtureRequest
) -> None:
    """A decision for the majority's label is none, and adds no column."""
    path: Path = request.getfixturevalue(name)

    assert _written(path, roles, {0: "x"}) == path.read_bytes()


def test_corrections_go_to_a_column_of_their_own(wide: Path) -> None:
    """It holds the consensus of every text; the votes stay."""
    written = _written(wide, _WIDE, {1: "x"})

    assert written == b"text,ann,bob,cid,consensus_label\na,x,x,y,x\nb,y,,y,x\nc,,,,\n"


def test_every_record_of_a_text_gets_its_consensus(long: Path) -> None:
    """So that any of them can be read alone."""
    written = _written(long, _LONG, {1: "z"})

    assert written == (
        b"id,who,label,text,consensus_label\n1,ann,x,a,x\n2,ann,y,b,z\n1,bob,x,a,x\n2,bob,x,b,z\n2,cid,y,b,z\n"
    )


def test_a_consensus_column_of_the_file_is_read_and_corrected(tmp_path: Path) -> None:
    """What an earlier review decided stands; an empty cell leaves it to the majority."""
    path = tmp_path / "reviewed.csv"
    path.write_bytes(b"text,ann,bob,consensus_label\na,x,x,new\nb,y,y,\n")
    roles = ColumnRoles(text="text", label="ann", votes=VoteColumns(columns=("ann", "bob")))

    dataset = read_dataset(path, inspect_file(path).layout, roles)

    assert [dataset.given_label(row) for row in range(2)] == ["new", "y"]
    assert dataset.votes is not None
    assert [dataset.class_names[code] for code in dataset.votes.codes[0]] == ["x", "x"]
    assert _written(path, roles, {0: "x", 1: "y"}) == b"text,ann,bob,consensus_label\na,x,x,x\nb,y,y,\n"


def test_a_dropped_text_takes_its_records_along(long: Path) -> None:
    """All votes on it."""
    assert _written(long, _LONG, {}, [1]) == b"id,who,label,text\n1,ann,x,a\n1,bob,x,a\n"


def test_a_row_that_is_not_there_is_refused(long: Path) -> None:
    """Rows are texts here, not records."""
    with pytest.raises(InvalidInputError, match="2 rows"):
        _written(long, _LONG, {2: "x"})


def test_typed_files_get_the_label_as_it_is(tmp_path: Path) -> None:
    """A number stays a number in the added column."""
    path = tmp_path / "votes.jsonl"
    path.write_text('{"text": "a", "ann": 1, "bob": 1}\n{"text": "b", "ann": 0, "bob": 0}\n', encoding="utf-8")
    roles = ColumnRoles(text="text", label="ann", votes=VoteColumns(columns=("ann", "bob")))

    written = _written(path, roles, {0: 0})

    assert written.decode() == (
        '{"text": "a", "ann": 1, "bob": 1, "consensus_label": 0}\n'
        '{"text": "b", "ann": 0, "bob": 0, "consensus_label": 0}\n'
    )
