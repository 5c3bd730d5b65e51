"""A change log on its file, and on other versions of it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from labelclean.arrays import Label
from labelclean.dataset import Dataset, text_hash
from labelclean.errors import FileContentError
from labelclean.export import Replay, read_change_log, replay_log, replay_report
from labelclean.label_set import LabelSet

HEADER = "row,id,old,new,verdict,text_hash\n"


def line(row: int, text: str, *, old: str = "a", new: str = "b", verdict: str = "accept", row_id: str = "") -> str:
    """Spell one line of a log."""
    return f"{row},{row_id},{old},{new},{verdict},{text_hash(text)}\n"


def replayed(
    content: str,
    rows: list[tuple[str, Label | None]],
    tmp_path: Path,
    *,
    ids: list[str] | None = None,
    revert: bool = False,
) -> Replay:
    """Replay a log on a file with these texts and labels."""
    path = tmp_path / "log"
    path.write_text(content, encoding="utf-8")
    dataset = Dataset.from_labels([text for text, _ in rows], [label for _, label in rows], row_ids=ids)
    return replay_log(read_change_log(path), dataset, revert=revert)


def labelled(labels: list[Label | None]) -> list[tuple[str, Label | None]]:
    """Give each label a text of its own."""
    return [(f"text {row}", label) for row, label in enumerate(labels)]


def statuses(replay: Replay) -> list[tuple[str, int | None]]:
    """Say what became of each line, and where its row is."""
    return [(row.status, row.row) for row in replay.rows]


def test_only_labels_that_differ_become_corrections(tmp_path: Path) -> None:
    """Kept, excluded and already right rows are none."""
    content = (
        "row,old,new,verdict\n0,a,b,accept\n1,a,a,keep\n2,b,b,exclude\n3,b,b,accept\n4,,new one,relabel\n"
        "5,a,,ambiguous\n"
    )

    replay = replayed(content, labelled(["a", "a", "b", "b", None, "a"]), tmp_path)

    assert replay.corrections == {0: "b", 4: "new one"}
    assert replay.excluded_rows == {2}
    assert replay.problems == ()
    assert replay.n_without_fingerprint == 6


def test_a_row_that_has_the_new_label_already_needs_nothing(tmp_path: Path) -> None:
    """As when a log is applied twice; it is counted."""
    replay = replayed(HEADER + line(0, "text 0") + line(1, "text 1"), labelled(["b", "a"]), tmp_path)

    assert statuses(replay) == [("done", 0), ("change", 1)]
    assert replay.n_done == 1


def test_a_row_in_another_place_is_found_by_its_text(tmp_path: Path) -> None:
    """The text stands once in the file and once in the log."""
    replay = replayed(HEADER + line(0, "x") + line(2, "z"), [("z", "a"), ("new", "c"), ("x", "a")], tmp_path)

    assert statuses(replay) == [("change", 2), ("change", 0)]
    assert replay.n_moved == 2


def test_another_text_in_the_place_is_an_edited_row(tmp_path: Path) -> None:
    """The reviewed text is nowhere in the file."""
    replay = replayed(HEADER + line(0, "x") + line(1, "y"), [("x", "a"), ("y!", "a")], tmp_path)

    assert statuses(replay) == [("change", 0), ("edited", None)]


def test_a_text_that_is_nowhere_is_gone_where_another_row_has_its_place(tmp_path: Path) -> None:
    """Row 1 was taken out, so row 2 stands in its place; row 3 was beyond the end."""
    log = HEADER + line(1, "y") + line(2, "z") + line(3, "w")

    replay = replayed(log, [("x", "a"), ("z", "a")], tmp_path)

    assert statuses(replay) == [("gone", None), ("change", 1), ("gone", None)]


def test_another_label_than_the_old_and_the_new_one_is_reported(tmp_path: Path) -> None:
    """Somebody relabelled the row meanwhile; a row that was kept is no exception."""
    log = HEADER + line(0, "x") + line(1, "y", new="a", verdict="keep")

    replay = replayed(log, [("x", "c"), ("y", "c")], tmp_path)

    assert statuses(replay) == [("relabelled", 0), ("relabelled", 1)]
    assert replay.corrections == {}


def test_copies_of_a_text_are_told_apart_by_position_while_nothing_has_moved(tmp_path: Path) -> None:
    """The file as it was reviewed, and an edit elsewhere."""
    log = HEADER + line(0, "x") + line(1, "y") + line(2, "x", new="c")

    replay = replayed(log, [("x", "a"), ("other", "a"), ("x", "a")], tmp_path)

    assert statuses(replay) == [("change", 0), ("edited", None), ("change", 2)]


def test_copies_of_a_text_are_ambiguous_once_a_row_has_moved(tmp_path: Path) -> None:
    """A new first row moved all others by one; row 1 of the log and row 1 of the file have the same text."""
    log = HEADER + line(0, "x") + line(1, "x") + line(2, "y")

    replay = replayed(log, [("new", "a"), ("x", "a"), ("x", "a"), ("y", "a")], tmp_path)

    assert statuses(replay) == [("ambiguous", None), ("ambiguous", None), ("change", 3)]


def test_a_copy_that_is_left_alone_is_ambiguous(tmp_path: Path) -> None:
    """Two lines of the log have that text, and one row of the file: either may be the one that is gone."""
    log = HEADER + line(1, "x") + line(2, "x", new="a", verdict="keep")

    replay = replayed(log, [("y", "a"), ("x", "a")], tmp_path)

    assert statuses(replay) == [("ambiguous", None), ("ambiguous", None)]


def test_ids_say_which_row_it_is(tmp_path: Path) -> None:
    """Copies of a text in another order; a row whose id is gone is not looked for by its text."""
    log = HEADER + line(0, "x", row_id="m0") + line(1, "x", row_id="m1", new="c") + line(2, "z", row_id="m2")

    replay = replayed(log, [("z", "a"), ("x", "a"), ("x", "a")], tmp_path, ids=["m9", "m1", "m0"])

    assert statuses(replay) == [("change", 2), ("change", 1), ("gone", None)]
    assert replay.corrections == {2: "b", 1: "c"}


def test_an_id_with_another_text_is_an_edited_row(tmp_path: Path) -> None:
    """Its label was decided for the text that it had."""
    replay = replayed(HEADER + line(0, "x", row_id="m0"), [("y", "a"), ("x", "a")], tmp_path, ids=["m0", "m1"])

    assert statuses(replay) == [("edited", None)]


def test_an_id_that_stands_twice_is_ambiguous(tmp_path: Path) -> None:
    """In the file or in the log."""
    in_file = replayed(HEADER + line(0, "x", row_id="m0"), [("x", "a"), ("x", "a")], tmp_path, ids=["m0", "m0"])
    in_log = replayed(
        HEADER + line(0, "x", row_id="m0") + line(1, "x", row_id="m0"),
        [("x", "a"), ("x", "a")],
        tmp_path,
        ids=["m0", "m1"],
    )

    assert statuses(in_file) == [("ambiguous", None)]
    assert statuses(in_log) == [("ambiguous", None), ("ambiguous", None)]
    assert "2 times" in in_file.rows[0].reason
    assert "2 lines" in in_log.rows[0].reason


def test_an_older_log_is_found_by_position_or_id(tmp_path: Path) -> None:
    """It has no fingerprints; the old label is compared all the same."""
    log = "row,id,old,new,verdict\n0,m0,a,b,accept\n1,,a,b,accept\n9,,a,b,accept\n"

    plain = replayed(log, labelled(["a", "c"]), tmp_path)
    with_ids = replayed(log, labelled(["a", "a"]), tmp_path, ids=["m9", "m0"])

    assert statuses(plain) == [("change", 0), ("relabelled", 1), ("gone", None)]
    assert statuses(with_ids) == [("ambiguous", None), ("ambiguous", None), ("gone", None)]


def test_reverting_goes_from_the_new_label_to_the_old_one(tmp_path: Path) -> None:
    """A row that has the old label already is done; lines that changed nothing are left out."""
    log = HEADER + "".join(
        [line(0, "text 0"), line(1, "text 1"), line(2, "text 2"), line(3, "text 3", new="a", verdict="keep")]
    )
    log += line(4, "text 4", old="", new="b", verdict="relabel")

    replay = replayed(log, labelled(["b", "a", "c", "zzz", "b"]), tmp_path, revert=True)

    assert statuses(replay) == [("change", 0), ("done", 1), ("relabelled", 2), ("change", 4)]
    assert replay.corrections == {0: "a", 4: None}


def test_text_of_a_csv_log_means_the_class_it_spells(tmp_path: Path) -> None:
    """The dataset's classes are numbers and bools, so the texts 1 and true are these, and 9 is a new number."""
    content = "row,old,new,verdict\n0,1,2,accept\n1,2,true,accept\n2,true,1.5,accept\n3,1.5,9,accept\n4,1,x,accept\n"

    corrections = replayed(content, labelled([1, 2, True, 1.5, 1]), tmp_path).corrections

    assert corrections == {0: 2, 1: True, 2: 1.5, 3: 9, 4: "x"}
    assert [type(label) for label in corrections.values()] == [int, bool, float, int, str]


@pytest.mark.parametrize("text", ["007", "1e5", "NaN", "+1", "[1]", "1_000"])
def test_text_that_no_number_is_spelled_like_stays_text(text: str, tmp_path: Path) -> None:
    """The classes are numbers, and yet nothing is guessed."""
    replay = replayed(f"row,old,new,verdict\n0,1,{text},accept\n", labelled([1, 2]), tmp_path)

    assert replay.corrections == {0: text}


def test_a_new_class_beside_text_is_text(tmp_path: Path) -> None:
    """The labels of a CSV file are text, digits or not."""
    replay = replayed("row,old,new,verdict\n0,1,9,accept\n", labelled(["1", "2"]), tmp_path)

    assert replay.corrections == {0: "9"}


def test_text_that_spells_two_classes_is_refused(tmp_path: Path) -> None:
    """The text 1 and the number 1 look the same in CSV; the JSONL form tells them apart."""
    rows = labelled([1, "1", "a"])

    with pytest.raises(FileContentError, match=r"Line 2 .* spells 2 classes"):
        replayed("row,old,new,verdict\n2,a,1,accept\n", rows, tmp_path)

    replay = replayed('{"row": 2, "old": "a", "new": 1, "verdict": "accept"}\n', rows, tmp_path)

    assert replay.corrections == {2: 1}


def test_json_labels_match_by_kind(tmp_path: Path) -> None:
    """The number 1 is not the text 1."""
    replay = replayed('{"row": 0, "old": 1, "new": "b", "verdict": "accept"}\n', labelled(["1", "b"]), tmp_path)

    assert statuses(replay) == [("relabelled", 0)]


@pytest.mark.parametrize(
    "content",
    [
        'row,old,new,verdict\n0,"[""b"", ""a""]",[],accept\n1,[],"[""c""]",accept\n2,,"[""a"", ""c""]",accept\n',
        (
            '{"row": 0, "old": ["b", "a"], "new": [], "verdict": "accept"}\n'
            '{"row": 1, "old": [], "new": ["c"], "verdict": "accept"}\n'
            '{"row": 2, "old": null, "new": ["a", "c"], "verdict": "accept"}\n'
        ),
    ],
    ids=["csv", "jsonl"],
)
def test_label_sets_are_compared_as_sets(content: str, tmp_path: Path) -> None:
    """In whatever order; the empty set is not the same as no label."""
    rows = labelled([LabelSet(["a", "b"]), LabelSet(), None])

    replay = replayed(content, rows, tmp_path)

    assert replay.corrections == {0: LabelSet(), 1: LabelSet(["c"]), 2: LabelSet(["a", "c"])}
    assert list(replay.corrections[2] or ()) == ["a", "c"]  # type: ignore[call-overload]  # a label set


@pytest.mark.parametrize(
    ("content", "label"),
    [
        ("row,old,new,verdict\n0,a,b,accept\n", LabelSet(["a"])),
        ('{"row": 0, "old": "a", "new": "b", "verdict": "accept"}\n', LabelSet(["a"])),
        ('{"row": 0, "old": ["a"], "new": ["b"], "verdict": "accept"}\n', "a"),
    ],
)
def test_single_labels_and_label_sets_do_not_fit_each_other(content: str, label: Label, tmp_path: Path) -> None:
    """The log is that of another column, or the spelling is another one than was guessed."""
    with pytest.raises(FileContentError, match=r"Line 1|Line 2") as caught:
        replayed(content, labelled([label]), tmp_path)

    assert "a label set (a JSON list)" in caught.value.message
    assert "--label-spelling" in caught.value.fix


def test_label_sets_fit_a_file_that_has_no_labels_yet(tmp_path: Path) -> None:
    """There is nothing that they would differ from in kind."""
    replay = replayed('{"row": 0, "old": null, "new": ["b"], "verdict": "accept"}\n', labelled([None]), tmp_path)

    assert replay.corrections == {0: LabelSet(["b"])}


def test_the_report_has_one_line_for_each_line_of_the_log(tmp_path: Path) -> None:
    """With the place now, the labels, and why nothing is done; no cell begins like a formula."""
    log = HEADER + line(0, "x", old="=1+1", row_id="@m") + line(1, "y")

    replay = replayed(log, [("new", "a"), ("x", "=1+1")], tmp_path)

    table = list(csv.reader(io.StringIO(replay_report(replay).decode(), newline="")))
    assert table[0][:6] == ["line", "row", "id", "status", "row_now", "is_moved"]
    assert table[1] == ["2", "0", "'@m", "change", "1", "true", "'=1+1", "b", "'=1+1", ""]
    assert table[2][:9] == ["3", "1", "", "gone", "", "false", "a", "b", ""]
    assert table[2][9].startswith("its text is not in the file")
