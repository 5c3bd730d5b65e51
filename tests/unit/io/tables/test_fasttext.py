"""Files as fastText reads them."""

from __future__ import annotations

import string
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from labelclean.errors import FileContentError, InvalidInputError
from labelclean.io.tables.contract import CellValue, TableEdits
from labelclean.io.tables.fasttext import recognise_fasttext
from labelclean.io.text import text_file
from tests.json_cases import FileOf

FILE = "__label__a __label__b  Two  words\n\n__label__c\tone\r\nno label\nmid __label__x more __label__y \n__label__ z"


def test_labels_and_text_are_columns(tmp_path: Path) -> None:
    """Labels count wherever they stand; the text is the rest; blank lines are nothing."""
    file = FileOf(tmp_path, "fasttext", FILE)

    scan = file.scan()

    assert (scan.columns, scan.n_rows, scan.kinds) == (("labels", "text"), 5, ("list", "text"))
    assert scan.warnings == ("2 lines have no label and count as not labelled.",)
    assert scan.sample[:2] == (('["a", "b"]', "Two  words"), ("c", "one"))
    labels, texts = file.read("labels", "text")
    assert labels == [["a", "b"], "c", None, ["x", "y"], None]
    assert texts == ["Two  words", "one", "no label", "mid more", "__label__ z"]
    assert file.read("text", rows=[1, 3]) == [["one", "mid more"]]
    assert file.write(TableEdits()) == (0, FILE)


def test_a_mark_inside_of_the_file_is_named_with_its_line(tmp_path: Path) -> None:
    """It hides the label behind it, and stays where it is."""
    content = "__label__a one\n\n\ufeff__label__b two\n__label__c th\ufeffree\n"
    file = FileOf(tmp_path, "fasttext", content)

    scan = file.scan()

    assert len(scan.warnings) == 2
    assert scan.warnings[1].startswith("Line 3 has a byte order mark inside, as when files were joined")
    assert file.read("labels") == [["a", None, "c"]]
    assert file.write(TableEdits()) == (0, content)


def test_a_file_with_one_label_per_line_has_no_label_sets(tmp_path: Path) -> None:
    """It is what most such files are, and single labels can be checked better."""
    file = FileOf(tmp_path, "fasttext", "__label__a one\n__label__b two\nthree\n")

    assert file.scan().kinds == ("text", "text")
    assert file.read("labels") == [["a", "b", None]]
    assert file.with_cells({0: {"labels": "c"}, 1: {"labels": None}}) == "__label__c one\ntwo\nthree\n"


def test_the_sample_is_bounded(tmp_path: Path) -> None:
    """All rows are counted, the first ones kept."""
    scan = FileOf(tmp_path, "fasttext", "__label__a x\n" * 6_000).scan()

    assert (scan.n_rows, len(scan.sample)) == (6_000, 5_000)


@pytest.mark.parametrize(
    ("line", "labels", "expected"),
    [
        ("__label__a text", ["b"], "__label__b text"),
        ("__label__a\ttext ", ["b", "c"], "__label__b __label__c\ttext "),
        ("__label__a  __label__b text", ["b", "c"], "__label__b  __label__c text"),
        ("__label__a __label__b text", ["a"], "__label__a text"),
        ("__label__a __label__b text", ["b"], "__label__b text"),
        ("__label__a __label__b text", ["c"], "__label__c text"),
        ("__label__a __label__b text", ["b", "a"], "__label__a __label__b text"),
        ("__label__a __label__a text", ["b"], "__label__b text"),
        ("__label__a __label__a text", ["a", "b"], "__label__a __label__a __label__b text"),
        ("__label__a  __label__b text", ["c", "b"], "__label__c  __label__b text"),
        ("__label__a text", [], "text"),
        ("__label__a text", None, "text"),
        ("__label__a text", "b", "__label__b text"),
        ("__label__a text", [7], "__label__7 text"),
        ("  text", ["b", "c"], "  __label__b __label__c text"),
        ("text", None, "text"),
        ("one __label__a two __label__b", ["a"], "one __label__a two"),
        ("one __label__a two __label__b", ["b"], "one two __label__b"),
        ("one __label__a two __label__b", ["a", "b", "c"], "one __label__a two __label__b __label__c"),
        ("__label__é text", ["日"], "__label__日 text"),
        ("x__label__a text", ["b"], "__label__b x__label__a text"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
def test_only_labels_that_change_are_written(
    tmp_path: Path, line: str, labels: CellValue, expected: str, end: str
) -> None:
    """Those that stay keep their place and spacing; new ones follow the last one, or take the first one's place."""
    file = FileOf(tmp_path, "fasttext", f"__label__q w\n\n{line}{end}")

    n_changed, text = file.write(TableEdits(cells={1: {"labels": labels}}))

    assert (n_changed, text) == (expected != line, f"__label__q w\n\n{expected}{end}")


def test_lines_are_dropped_with_their_ends(tmp_path: Path) -> None:
    """A change of a dropped line does not count."""
    file = FileOf(tmp_path, "fasttext", FILE)

    n_changed, text = file.write(TableEdits(cells={0: {"labels": ["n"]}}, dropped_rows=frozenset({0, 4})))

    assert (n_changed, text) == (0, "\n__label__c\tone\r\nno label\nmid __label__x more __label__y \n")


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (["two words"], "must be one word"),
        ([""], "must be one word"),
        (["a\tb"], "must be one word"),
        (["a\nb"], "must be one word"),
        ([], "must have a label or a text"),
    ],
)
def test_labels_that_the_format_cannot_hold_are_refused(tmp_path: Path, labels: CellValue, message: str) -> None:
    """With the row and its line; so is a line that would be left blank, as it would be a row no more."""
    file = FileOf(tmp_path, "fasttext", "__label__a text\n\n__label__b\n")

    with pytest.raises(FileContentError, match=rf"{message}.*row 1 \(line 3\)") as caught:
        file.with_cells({1: {"labels": labels}})

    assert caught.value.fix


def test_what_an_encoding_lacks_is_refused(tmp_path: Path) -> None:
    """There are no escapes in this format."""
    file = FileOf(tmp_path, "fasttext", "__label__a é\n__label__b x\n", encoding="cp1252")

    with pytest.raises(FileContentError, match=r"cp1252; row 1 \(line 2\)") as caught:
        file.with_cells({1: {"labels": ["日"]}})

    assert "UTF-8" in caught.value.fix
    assert file.write(TableEdits(cells={1: {"labels": ["日"]}}, encoding="utf-8"))[1] == "__label__a é\n__label__日 x\n"


def test_nothing_but_labels_can_change(tmp_path: Path) -> None:
    """There is no room for further columns; rows outside of the file are refused too."""
    file = FileOf(tmp_path, "fasttext", "__label__a text\n")

    with pytest.raises(InvalidInputError, match="Only the labels"):
        file.with_cells({0: {"text": "other"}})
    with pytest.raises(InvalidInputError, match="Only the labels"):
        file.write(TableEdits(added={"new": ["x"]}))
    with pytest.raises(InvalidInputError, match="got row 1"):
        file.with_cells({1: {"labels": ["b"]}})


@pytest.mark.parametrize(
    ("text", "message"), [("", "it is empty"), (" \n\t\n", "it is empty"), ("a\nb\n", "none of 2")]
)
def test_files_without_labelled_lines_are_refused(tmp_path: Path, text: str, message: str) -> None:
    """They are some other format, or nothing."""
    with pytest.raises(FileContentError, match=message) as caught:
        FileOf(tmp_path, "fasttext", text).scan()

    assert caught.value.fix


@pytest.mark.parametrize(
    ("sample", "reason"),
    [
        ("__label__a x\n__label__b y\n", "All 2 lines looked at begin with __label__"),
        ("__label__a x\n\n __label__b y\nz", "2 of 3 lines looked at begin with __label__"),
        ("__label__a x\nb __label__c\n", None),
        ("__label__ x\n", None),
        ("text,label\nx,__label__a\n", None),
        ("", None),
    ],
)
def test_a_file_is_recognised_if_most_lines_begin_with_labels(sample: str, reason: str | None) -> None:
    """By its content alone."""
    found = recognise_fasttext(sample)

    assert (found is None) == (reason is None)
    assert (found or "").startswith(reason or "")


WORDS = st.sampled_from(["__label__a", "__label__b", "__label__é", "__label__", "x", "two", "x__label__a", "日", "#"])
SPACES = st.sampled_from([" ", "  ", "\t", " \t "])
LABELS = st.lists(st.text(string.ascii_lowercase + "é-_", min_size=1, max_size=2), unique=True, max_size=3)


@st.composite
def lines(draw: st.DrawFn) -> str:
    """Draw a line of words, labels among them, with any white space between and around them."""
    words = draw(st.lists(WORDS, min_size=1, max_size=6))
    edge = st.sampled_from(["", " ", "\t"])
    return draw(edge) + "".join(word + draw(SPACES) for word in words[:-1]) + words[-1] + draw(edge)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(lines(), st.sampled_from(["\n", "\r\n", "\n\n"])), min_size=1, max_size=4),
    wanted=LABELS,
    block_bytes=st.integers(1, 30),
)
def test_any_line_reads_as_its_new_labels(
    tmp_path: Path, rows: list[tuple[str, str]], wanted: list[str], block_bytes: int
) -> None:
    """The text stays, the labels are the wanted ones, in the old or the given order; other lines do not change."""
    text = "__label__q w\n" + "".join(line + end for line, end in rows)
    file = FileOf(tmp_path, "fasttext", text)
    words = rows[0][0].split()
    plain = [word for word in words if not word.startswith("__label__") or word == "__label__"]
    kept = [word for word in words if word.startswith("__label__") and word != "__label__"]
    assume(plain or wanted)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_file, "BLOCK_BYTES", block_bytes)
        written = file.with_cells({1: {"labels": wanted}})

    first, _, rest = written.removeprefix("__label__q w\n").partition(rows[0][1])
    assert rest == "".join(line + end for line, end in rows[1:])
    found = first.split()
    assert [word for word in found if not word.startswith("__label__") or word == "__label__"] == plain
    labels = [word.removeprefix("__label__") for word in found if word not in plain]
    assert set(labels) == set(wanted)
    stay = [word.removeprefix("__label__") for word in kept if word.removeprefix("__label__") in wanted]
    assert labels[: len(stay)] == stay or labels == wanted
