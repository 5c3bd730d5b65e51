"""The door: what users see of a good file, of a bad file, and of a file written back."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from labelclean.arrays import Label
from labelclean.errors import FileContentError, InvalidInputError
from labelclean.io.layout import ColumnRoles, LabelSpelling, SpellingKind
from labelclean.io.source import inspect_file, read_columns, read_dataset, write_back
from labelclean.label_set import LabelSet

ROLES = ColumnRoles(text="text", label="label")

MakeFile = Callable[[bytes], Path]
ROLES = ColumnRoles(text="text", label="label")


@pytest.fixture
def make_file(tmp_path: Path) -> MakeFile:
    """Return a function that stores bytes under a name that says nothing."""

    def make(data: bytes) -> Path:
        path = tmp_path / "upload"
        path.write_bytes(data)
        return path

    return make


def labels_of(path: Path) -> list[Label | None]:
    """Read the labels of a file with the columns text and label."""
    dataset = read_dataset(path, inspect_file(path).layout, ROLES)
    return [dataset.given_label(row) for row in range(dataset.n_examples)]


def written(path: Path, corrections: dict[int, Label], dropped: tuple[int, ...] = ()) -> bytes:
    """Return the bytes of a file with corrections."""
    target = io.BytesIO()
    write_back(path, target, inspect_file(path).layout, ROLES, corrections, dropped_rows=dropped)
    return target.getvalue()


def test_a_csv_file_is_described(make_file: MakeFile) -> None:
    """Layout, preview, guesses and reasons of a small file."""
    path = make_file(b"id,text,label\n1,how do I pay,billing\n2,where is it,parcel\n3,pay by card,billing\n")

    summary = inspect_file(path, name="mine.csv")

    layout = summary.layout
    assert (layout.file_format, layout.encoding, layout.byte_order_mark) == ("csv", "utf-8", False)
    assert (layout.delimiter, layout.columns, layout.n_rows) == (",", ("id", "text", "label"), 3)
    assert summary.preview[1] == ("2", "where is it", "parcel")
    assert [(guess.role, guess.column) for guess in summary.guesses] == [
        ("text", "text"),
        ("label", "label"),
        ("row_id", "id"),
    ]
    assert sorted(summary.reasons) == ["delimiter", "encoding", "file_format"]
    assert summary.warnings == ()


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        (b",text,label", ("Unnamed: 0", "text", "label")),
        (b'"","text","label"', ("Unnamed: 0", "text", "label")),
        (b" ,text,label", ("Unnamed: 0", "text", "label")),
        (b",Unnamed: 0,text,label", ("Unnamed: 0.1", "Unnamed: 0", "text", "label")),
        (b",Unnamed: 0.1,Unnamed: 0,text,label", ("Unnamed: 0.2", "Unnamed: 0.1", "Unnamed: 0", "text", "label")),
    ],
)
def test_a_first_column_without_a_name_is_an_index(
    make_file: MakeFile, header: bytes, columns: tuple[str, ...]
) -> None:
    """So pandas and R save row names; the column gets a name to speak of, and the file keeps its bytes."""
    index = b"7," * (len(columns) - 2)
    path = make_file(header + b"\r\n" + index + b"pay by card,billing\r\n" + index + b"where is it,parcel")

    summary = inspect_file(path)

    assert summary.layout.columns == columns
    assert summary.warnings == ()
    assert read_columns(path, summary.layout, [columns[0]]) == {columns[0]: ["7", "7"]}
    assert written(path, {}) == path.read_bytes()
    assert written(path, {1: "post"}) == path.read_bytes().replace(b"parcel", b"post")


def test_the_preview_has_at_most_200_rows(make_file: MakeFile) -> None:
    """A longer file is counted wholly and shown in part."""
    path = make_file(b"text,label\n" + b"some words here,a\n" * 6_000)

    summary = inspect_file(path)

    assert (len(summary.preview), summary.layout.n_rows) == (200, 6_000)


def test_csv_labels_are_always_text(make_file: MakeFile) -> None:
    """Numbers, missing-value words and white space stay as they stand; only the empty cell is no label."""
    path = make_file(b"text,label\na b,007\nc d,1e5\ne f,NA\ng h,None\ni j,True\nk l, x \nm n,\n")

    assert labels_of(path) == ["007", "1e5", "NA", "None", "True", " x ", None]


def test_json_labels_keep_their_type(make_file: MakeFile) -> None:
    """Text, whole number, fraction, true and null are five things; a missing key is like null, and so is NaN."""
    values = [b'"1"', b"1", b"1.5", b"true", b"null", b"NaN"]
    lines = [b'{"text": "a", "label": ' + value + b"}\n" for value in values]
    path = make_file(b"".join(lines) + b'{"text": "a"}\n')

    labels = labels_of(path)

    assert [(type(label).__name__, label) for label in labels] == [
        ("str", "1"),
        ("int", 1),
        ("float", 1.5),
        ("bool", True),
        ("NoneType", None),
        ("NoneType", None),
        ("NoneType", None),
    ]


def test_json_texts_are_made_text(make_file: MakeFile) -> None:
    """A missing text is empty; numbers, true and arrays have their JSON spelling; half a character is replaced."""
    values = [b'"a b"', b"null", b"NaN", b"7", b"1.5", b"true", b'["x", "\xc3\xa9"]', b'"\\ud800!"']
    path = make_file(b"".join(b'{"text": ' + value + b', "label": "x"}\n' for value in values) + b'{"label": "x"}')

    dataset = read_dataset(path, inspect_file(path).layout, ROLES)

    assert dataset.texts == ("a b", "", "", "7", "1.5", "true", '["x", "é"]', "\ufffd!", "")


def test_row_ids_are_text(make_file: MakeFile) -> None:
    """Numeric ids of a JSON file are read as text."""
    path = make_file(b'{"id": 17, "text": "a", "label": "x"}\n{"id": "b", "text": "a", "label": "x"}\n')

    dataset = read_dataset(path, inspect_file(path).layout, ColumnRoles(text="text", label="label", row_id="id"))

    assert dataset.row_ids == ("17", "b")


@pytest.mark.parametrize(
    "data", [b"text,label,n\na,b,1\n", b'{"text": "a", "label": "b", "n": 1}'], ids=["csv", "jsonl"]
)
def test_columns_are_read_as_text(make_file: MakeFile, data: bytes) -> None:
    """Any columns can be read for display."""
    path = make_file(data)

    assert read_columns(path, inspect_file(path).layout, ["n", "text"]) == {"n": ["1"], "text": ["a"]}


@pytest.mark.parametrize(
    ("data", "corrections", "expected"),
    [
        (b"text,label\na,b\n", {0: "c"}, b"text,label\na,c\n"),
        (b'text,label\na,"b"\n', {0: "c"}, b'text,label\na,"c"\n'),
        (b"text,label\na,b\n", {0: "c,d"}, b'text,label\na,"c,d"\n'),
        (b"text,label\na,b\n", {0: 'c"d'}, b'text,label\na,"c""d"\n'),
        (b"text,label\na,b\n", {0: "c\r\nd"}, b'text,label\na,"c\r\nd"\n'),
        (b"text,label\na,b\n", {0: " c"}, b'text,label\na," c"\n'),
        (b"text,label\na,b\n", {0: None}, b"text,label\na,\n"),
        (b"text,label\na,b\n", {0: float("nan")}, b"text,label\na,\n"),
        (b"text,label\na,b\n", {0: 7}, b"text,label\na,7\n"),
        (b'text,label\na,"b"x\n', {0: "bx"}, b'text,label\na,"b"x\n'),
        (b'text,label\na,"b"x\n', {0: "y"}, b'text,label\na,"y"\n'),
        (b"label,text\r\n\r\na,b\rc,d", {1: "e"}, b"label,text\r\n\r\na,b\re,d"),
        (b"label\na\nb", {1: None}, b'label\na\n""'),
    ],
)
def test_a_corrected_cell_is_spelled_like_the_old_one(
    make_file: MakeFile, data: bytes, corrections: dict[int, Label], expected: bytes
) -> None:
    """Quotes stay where they were, are added where they must be, and everything else stays."""
    assert written(make_file(data), corrections) == expected


@pytest.mark.parametrize(
    ("data", "label", "expected"),
    [
        (b"text,label,more\na,b,c\nd", "x", b"text,label,more\na,b,c\nd,x"),
        (b"text,more,label\na,b,c\nd", "x", b"text,more,label\na,b,c\nd,,x"),
        (b"text,more,label\na,b,c\nd", "", b"text,more,label\na,b,c\nd"),
    ],
)
def test_a_short_last_line_gets_the_delimiters_it_needs(
    make_file: MakeFile, data: bytes, label: str, expected: bytes
) -> None:
    """A label can be set in a last line that ends before its cell; without one the bytes stay."""
    path = make_file(data)

    summary = inspect_file(path)

    assert len(summary.warnings) == 1
    assert "line (3)" in summary.warnings[0]
    assert written(path, {1: label}) == expected


@pytest.mark.parametrize(
    ("line", "label", "expected"),
    [
        (b'{"label":1}', 2, b'{"label":2}'),
        (b'{"label": 1}', True, b'{"label": true}'),
        (b'{"label": 1}', 1.0, b'{"label": 1.0}'),
        (b'{"label": 1}', "1", b'{"label": "1"}'),
        (b'{"label": 1}', None, b'{"label": null}'),
        (b'{"label": null}', None, b'{"label": null}'),
        (b'{"label" :\t1 , "text": "label"}', 2, b'{"label" :\t2 , "text": "label"}'),
        (b'{"label": 1, "label": 2}', 3, b'{"label": 1, "label": 3}'),
        (b'{"label": 1, "label": 2}', 2, b'{"label": 1, "label": 2}'),
        (b'{"x": {"label": 1}, "label": 2}', 3, b'{"x": {"label": 1}, "label": 3}'),
        (b'{"label": [1, 2]}', 3, b'{"label": 3}'),
        (b'{"label": "a"}', "\u00fc", b'{"label": "\xc3\xbc"}'),
        (b'{"label": "\\u00e9"}', "\u00fc", b'{"label": "\\u00fc"}'),
        (b'{"label": "\\u00e9\xc3\xa9"}', "\u00fc", b'{"label": "\xc3\xbc"}'),
        (b'{"text": "a"}', "b", b'{"text": "a", "label": "b"}'),
        (b'{"text":"a" }', "b", b'{"text":"a","label":"b" }'),
        (b" { }", "b", b' {"label": "b" }'),
    ],
)
def test_only_the_value_of_the_label_key_is_replaced(
    make_file: MakeFile, line: bytes, label: Label, expected: bytes
) -> None:
    """Type, spacing, escapes and the last of two equal keys, each as the line has it."""
    first = b'{"text": "a", "label": "x"}\n'

    assert written(make_file(first + line + b"\r\n"), {1: label}) == first + expected + b"\r\n"


def test_json_escapes_what_the_encoding_lacks(tmp_path: Path) -> None:
    """A Japanese label in a cp1252 file becomes an escape."""
    path = tmp_path / "a.jsonl"
    path.write_bytes('{"text": "caf\xe9", "label": "a"}'.encode("cp1252"))
    target = io.BytesIO()

    write_back(path, target, inspect_file(path, encoding="cp1252").layout, ROLES, {0: "日"})

    assert target.getvalue() == b'{"text": "caf\xe9", "label": "\\u65e5"}'


def test_a_label_that_the_encoding_lacks_is_refused(tmp_path: Path) -> None:
    """A Japanese label in a cp1252 table cannot be written; the row and its line are named."""
    path = tmp_path / "a.csv"
    path.write_bytes(b"text,label\ncaf\xe9,a\nb,c\n")
    layout = inspect_file(path, encoding="cp1252").layout

    with pytest.raises(FileContentError, match=r"row 1 \(line 3\)") as caught:
        write_back(path, io.BytesIO(), layout, ROLES, {0: "x\ny", 1: "日本"})

    assert "UTF-8" in caught.value.fix


@pytest.mark.parametrize(
    ("dropped", "expected"),
    [((0,), b"text,label\n\nc,d\ne,f"), ((2,), b"text,label\na,b\n\nc,d\n"), ((0, 1, 2), b"text,label\n\n")],
)
def test_dropped_rows_go_with_their_line_ends(make_file: MakeFile, dropped: tuple[int, ...], expected: bytes) -> None:
    """The records of dropped rows are left out wholly, corrected or not; blank lines stay."""
    path = make_file(b"text,label\na,b\n\nc,d\ne,f")

    assert written(path, {dropped[0]: "new"}, dropped) == expected


def test_only_real_changes_count(make_file: MakeFile) -> None:
    """A correction to the label that is there already, or of a dropped row, changes no cell."""
    path = make_file(b"text,label\na,b\nc,d\ne,f\n")
    layout = inspect_file(path).layout

    assert write_back(path, io.BytesIO(), layout, ROLES, {0: "b", 1: "x", 2: "x"}, dropped_rows=[2]) == 1


@pytest.mark.parametrize("row", [-1, 2, 10**12])
@pytest.mark.parametrize("data", [b"text,label\na,b\nc,d\n", b'{"label": 1}\n{"label": 2}'], ids=["csv", "jsonl"])
def test_rows_outside_the_file_are_refused(make_file: MakeFile, data: bytes, row: int) -> None:
    """A correction of a row that is not there names the row and how many there are."""
    with pytest.raises(InvalidInputError, match="2 rows"):
        written(make_file(data), {row: "x"})


@pytest.mark.parametrize(
    ("data", "label"),
    [(b"text,label\na,b\n", "a\0b"), (b'{"label": 1}', ("a", "b"))],
    ids=["nul in csv", "tuple in json"],
)
def test_labels_that_the_format_lacks_are_refused(make_file: MakeFile, data: bytes, label: Label) -> None:
    """NUL has no place in a table, and JSON no tuple."""
    with pytest.raises(InvalidInputError, match="label"):
        written(make_file(data), {0: label})


@pytest.mark.parametrize("data", [b"text,label\na,b\n", b'{"text": "a", "label": "b"}'], ids=["csv", "jsonl"])
def test_an_unknown_column_is_named_with_those_there_are(make_file: MakeFile, data: bytes) -> None:
    """Reading and writing a column that is not there lists the columns."""
    path = make_file(data)
    layout = inspect_file(path).layout

    for act in (
        lambda: read_dataset(path, layout, ColumnRoles(text="body", label="label")),
        lambda: read_columns(path, layout, ["body"]),
        lambda: write_back(path, io.BytesIO(), layout, replace(ROLES, label="body"), {}),
    ):
        with pytest.raises(FileContentError, match="“body”") as caught:
            act()
        assert "“text”, “label”" in caught.value.fix


def test_a_long_list_of_columns_is_cut(make_file: MakeFile) -> None:
    """With hundreds of columns only the first are listed."""
    names = ",".join(f"c{place}" for place in range(300))
    path = make_file(f"{names}\n{names}\n".encode())

    with pytest.raises(FileContentError) as caught:
        read_columns(path, inspect_file(path).layout, ["x"])

    assert caught.value.fix.endswith("“c19”, ….")


@pytest.mark.parametrize("kind", ["plain", "joined"])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"text,label\na b,x\nc d,y\n", b"text,label\na b,x\n"),
        (b'{"text": "a b", "label": "x"}\n{"text": "c d", "label": "y"}\n', b'{"text": "a b", "label": "x"}\n'),
        (b"__label__x a b\n__label__y c d\n", b"__label__x a b\n"),
    ],
)
def test_a_file_that_became_shorter_is_refused(
    make_file: MakeFile, kind: SpellingKind, before: bytes, after: bytes
) -> None:
    """Whether one row shows how labels are spelled, or all do."""
    path = make_file(before)
    found = inspect_file(path)
    label = next(guess.column for guess in found.guesses if guess.role == "label")
    roles = ColumnRoles(text="text", label=str(label), spelling=LabelSpelling(kind=kind, separator="|"))
    path.write_bytes(after)
    new = "x" if kind == "plain" else LabelSet(["x"])

    with pytest.raises(FileContentError, match="another number of them now"):
        write_back(path, io.BytesIO(), found.layout, roles, {1: new})


def test_a_file_that_changed_meanwhile_is_refused(make_file: MakeFile) -> None:
    """Writing back onto a file with other columns, or without rows, is an error."""
    path = make_file(b"text,label\na,b\n")
    layout = inspect_file(path).layout
    make_file(b"label,text\na,b\n")

    with pytest.raises(FileContentError, match="others now"):
        write_back(path, io.BytesIO(), layout, ROLES, {0: "x"})


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "it is empty"),
        (b"\xef\xbb\xbf", "it is empty"),
        (b"\n\r\n", "it holds blank lines only"),
        (b"\n\n  \n", "it holds blank lines only"),
        (b" \t" + b"\n" * (3 << 20), "it holds blank lines only"),
        (b"text,label\n", "header only"),
        (b"text,label\n\n\n", "header only"),
        (b"PK\x03\x04\x14\0\0\0", "zip archive must be whole"),
        (b"\x1f\x8b\x08\0", "gzip"),
        (b"PAR1\x15\x04", "Parquet"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"%PDF-1.7\n", "PDF"),
        (b"text,label\na\0b,c\n", "zero bytes"),
        (b"\x80\x01\x02\x03\x04\x05\n" * 9, "control characters"),
        (b"text,label\na,b\nc,d,e\nf\ng,h\n", r"line 3 has 3\. 1 more row is too long or too short\."),
        (b"text,label\na,b\nf\nc,d,e\nf\ng,h\n", r"line 3 has 1\. 2 more rows are too long or too short\."),
        (b'text,label\n"a\nb",c\nd\ne,f\n', "line 4 has 1"),
        (b"text,label\na,b\nc,d,e", "line 3 has 3"),
        (b"text,label,text\na,b,c\n", "“text” is the name of columns 1, 3"),
        (b"id,,label\n0,a,b\n", "column 2 is empty"),
        (b",,label\n0,a,b\n", "column 2 is empty"),
        (b"text,label,\na,b,0\n", "column 3 is empty"),
        (b" \na\nb\n", "column 1 is empty"),
        (b'text,label\na,b\nc,"d\ne\n', "line 3 never is"),
        (b'text,label\n"a\nb","d\ne\n', "line 3 never is"),
        (b'{"text": "a"}\n\n{"text": }\n', "line 3 is not, from column 10"),
        (b'{"text": "a"}\n[1]\n', "line 2 is an array"),
        (b'{"text": "a"}\n1\n', "line 2 is a single value"),
        (b'{"text": "a"}\n{"n": ' + b"1" * 5_000 + b"}\n", "too many digits"),
        (b'{"text": "a"}\n{"n": ' + b"[" * 100_000 + b"}\n", "nested too deeply"),
        (b"{}\n{}\n", "all empty"),
        (b'{"\\ud800": 1}\n', "surrogate"),
    ],
)
def test_each_bad_file_has_its_own_message(make_file: MakeFile, data: bytes, message: str) -> None:
    """What is wrong and where, and what to do about it."""
    path = make_file(data)

    with pytest.raises(FileContentError, match=message) as caught:
        inspect_file(path)

    assert caught.value.fix


def test_blank_json_lines_only_are_no_data(make_file: MakeFile) -> None:
    """Whatever the name of the file says."""
    with pytest.raises(FileContentError, match="it holds blank lines only"):
        inspect_file(make_file(b" \n\t\n"), name="a.jsonl")


def test_a_wrong_encoding_says_where(make_file: MakeFile) -> None:
    """Bytes that the chosen encoding does not have are named by offset and line."""
    path = make_file(b"text,label\r\na,b\r\ncaf\xe9,d\r\n")

    with pytest.raises(FileContentError, match=r"offset 20 \(line 3\)"):
        inspect_file(path, encoding="utf-8")


@pytest.mark.parametrize(("value", "kind"), [(b'["a"]', "a list"), (b'{"a": 1}', "an object")])
def test_several_labels_are_no_single_label(make_file: MakeFile, value: bytes, kind: str) -> None:
    """Arrays and objects are no single labels; the row is named."""
    path = make_file(b'{"text": "a", "label": 1}\n{"text": "a", "label": ' + value + b"}\n")

    with pytest.raises(FileContentError, match=f"row 1 holds {kind}") as caught:
        labels_of(path)

    assert "how the file spells sets" in caught.value.fix


def test_half_a_surrogate_pair_is_no_label(make_file: MakeFile) -> None:
    """Such a label could be neither shown nor stored."""
    path = make_file(b'{"text": "a", "label": "\\ud800"}\n')

    with pytest.raises(FileContentError, match="row 0"):
        labels_of(path)


def test_a_ragged_row_is_found_when_reading_too(make_file: MakeFile) -> None:
    """A file that changed after it was looked at is not read beyond its header's cells."""
    path = make_file(b"text,label\na,b\n")
    layout = inspect_file(path).layout
    make_file(b"text,label\na,b\nc\nd,e\n")

    with pytest.raises(FileContentError, match="line 3 has 1"):
        read_dataset(path, layout, ROLES)


def test_a_file_without_rows_has_no_dataset(make_file: MakeFile) -> None:
    """The same for a file that lost its rows."""
    path = make_file(b"text,label\na,b\n")
    layout = inspect_file(path).layout
    make_file(b"text,label\n")

    with pytest.raises(FileContentError, match="header only"):
        read_dataset(path, layout, ROLES)


def test_a_header_that_is_data_gives_a_warning(make_file: MakeFile) -> None:
    """A column name that is also a value below it hints at a missing header."""
    path = make_file(b"good day to you,ham\nbuy this now,spam\nsee you soon,ham\n")

    warnings = inspect_file(path).warnings

    assert len(warnings) == 1
    assert "“ham”" in warnings[0]
