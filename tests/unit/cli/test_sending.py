"""From the table of suspects to the rows that are sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from labelclean.cli.sending import read_suspects, sent_rows
from labelclean.cli.task_labels import TaskLabels
from labelclean.dataset import Dataset
from labelclean.errors import FileContentError
from labelclean.label_set import LabelSet

HEADER = "rank,row,given_label,suggested_label,label_quality,error_probability,is_issue\n"


def table(tmp_path: Path, *lines: str, header: str = HEADER) -> Path:
    """Write a table of suspects."""
    path = tmp_path / "suspects.csv"
    path.write_text(header + "".join(line + "\n" for line in lines), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["1,x,a,b,0.1,0.9,true"], "Line 2 of the suspects must have a row number"),
        (["1,-1,a,b,0.1,0.9,true"], "Line 2 of the suspects must have a row number"),
        (["1,0,a,b,0.1,0.9,true", "2,0,a,b,0.1,0.9,true"], "Line 3 .* must not repeat row 0, which line 2 has already"),
        (["1,0,a,b,0.1,much,true"], "Line 2 .* must have a number from 0 to 1 in error_probability"),
        (["1,0,a,b,0.1,nan,true"], "Line 2 .* must have a number from 0 to 1 in error_probability"),
        (["1,0,a,b,0.1,0.9,yes"], "Line 2 .* must have true or false in is_issue"),
        (["1,0"], "Line 2 .* must have true or false in is_issue"),
        (['1,0,"a'], "must be a CSV table"),
    ],
)
def test_a_broken_table_is_refused(tmp_path: Path, lines: list[str], words: str) -> None:
    """The message names the line."""
    with pytest.raises(FileContentError, match=words):
        read_suspects(table(tmp_path, *lines))


def test_another_table_is_refused(tmp_path: Path) -> None:
    """The columns that are missing are named; an empty file has none."""
    with pytest.raises(FileContentError, match="rank, suggested_label, error_probability, is_issue not found"):
        read_suspects(table(tmp_path, header="row,given_label\n"))
    with pytest.raises(FileContentError, match="must have the columns"):
        read_suspects(table(tmp_path, header=""))
    with pytest.raises(FileContentError, match="cannot be read"):
        read_suspects(tmp_path / "nothing.csv")


def test_a_table_that_is_no_text_is_refused(tmp_path: Path) -> None:
    """Bytes that are not UTF-8 are not ours."""
    path = tmp_path / "suspects.csv"
    path.write_bytes(b"rank,\xff\xfe\n")

    with pytest.raises(FileContentError, match="must be a CSV table in UTF-8"):
        read_suspects(path)


def test_labels_that_are_no_text_are_sent_under_their_names(tmp_path: Path) -> None:
    """The number 1 and the text "1" have two names; the same names are the choices."""
    data = Dataset.from_labels(["x", "y", "z"], [1, "1", None])
    labels = TaskLabels.of(data)
    suspects = read_suspects(
        table(tmp_path, '1,0,1,"""1""",0.1,0.9,true', '2,1,"""1""",1,0.2,0.8,true', "3,2,,1,,,false")
    )

    rows = sent_rows(suspects, data, labels, top=None, all_rows=True)

    assert labels.names.tokens == ("1", '"1"')
    assert [(row.given, row.suggested) for row in rows] == [(("1",), ('"1"',)), (('"1"',), ("1",)), (None, ("1",))]
    assert [row.rank for row in rows] == [1, 2, 3]


def test_escaped_labels_are_read_as_what_they_are(tmp_path: Path) -> None:
    """The apostrophe that keeps spreadsheets from running a label is none of it; any other one is."""
    data = Dataset.from_labels(["v", "w", "x", "y", "z"], ["=1+1", "'=1+1", "'tis", "-1", "\ud83d"])
    labels = TaskLabels.of(data)
    path = table(tmp_path, "1,0,'=1+1,''=1+1,,0.9,true", "2,1,''=1+1,'tis,,0.8,true", "3,2,'tis,-1,,0.7,true")
    with path.open("a", encoding="utf-8", errors="surrogatepass") as file:
        file.write("4,3,-1,'=1+1,,0.6,true\n5,4,\ud83d,'@new,,0.5,true\n")

    rows = sent_rows(read_suspects(path), data, labels, top=None, all_rows=True)

    assert [row.given_label for row in rows] == ["=1+1", "'=1+1", "'tis", "-1", "\ud83d"]
    assert [row.suggested_label for row in rows] == ["'=1+1", "'tis", "-1", "=1+1", "@new"]


def test_label_sets_are_sent_label_by_label(tmp_path: Path) -> None:
    """The order of a set in the table does not matter."""
    data = Dataset.from_labels(["x", "y"], [LabelSet(["late", "a, b"]), LabelSet()])
    labels = TaskLabels.of(data)
    suspects = read_suspects(
        table(tmp_path, '1,0,"[""a, b"", ""late""]",[],0.1,0.9,true', '2,1,[],"[""late""]",0.2,0.8,true')
    )

    rows = sent_rows(suspects, data, labels, top=1, all_rows=False)
    everything = sent_rows(suspects, data, labels, top=None, all_rows=False)

    assert labels.names.tokens == ("a, b", "late")
    assert [(row.given, row.suggested) for row in rows] == [(("late", "a, b"), ())]
    assert [(row.given, row.suggested) for row in everything] == [(("late", "a, b"), ()), ((), ("late",))]


def test_a_table_of_single_labels_does_not_fit_label_sets(tmp_path: Path) -> None:
    """The message names the line."""
    data = Dataset.from_labels(["x"], [LabelSet(["a"])])
    suspects = read_suspects(table(tmp_path, "1,0,a,b,0.1,0.9,true"))

    with pytest.raises(FileContentError, match="Line 2 of the suspects must spell labels as"):
        sent_rows(suspects, data, TaskLabels.of(data), top=None, all_rows=True)
