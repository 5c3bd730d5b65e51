"""Reading and writing back: nothing changes but the corrected label cells, and everything reads as others read it."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from labelclean.arrays import Label
from labelclean.dataset import is_missing_label
from labelclean.errors import LabelCleanError
from labelclean.io.layout import ColumnRoles, FileLayout
from labelclean.io.source import inspect_file, read_columns, read_dataset, write_back
from labelclean.io.tables.delimited_files.format import Tokenizer
from labelclean.io.text import text_file

ROLES = ColumnRoles(text="text", label="label")

LETTERS = {
    "utf-8": "ab1é日😀\u2028\x85\x0b",
    "utf-16-le": "ab1é日😀\u2028",
    "utf-16-be": "ab1é日😀\u2028",
    "cp1252": "ab1éß€“",
    "gb18030": "ab1你好é😀",
}
SPECIAL = " ,;\t|:\"\r\n'\\"
DELIMITERS = [",", ";", "\t", "|", ":"]
LINE_ENDS = ["\n", "\r\n", "\r"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give one folder to all examples of a property."""
    return tmp_path_factory.mktemp("round_trip")


@dataclass(frozen=True)
class TableFile:
    """A delimited file in pieces, so that a test can say which bytes may change."""

    encoding: str
    mark: bool
    delimiter: str
    lead: str
    records: list[list[str]]  # the spelled cells
    ends: list[str]  # line ends, blank lines after them included
    labels: dict[int, str]  # corrections

    def text(self, records: list[list[str]]) -> str:
        """Join spelled cells to the text of the file."""
        rows = (self.delimiter.join(cells) + end for cells, end in zip(records, self.ends, strict=True))
        return self.lead + "".join(rows)

    def data(self, records: list[list[str]]) -> bytes:
        """Join spelled cells to the bytes of the file."""
        return (("\ufeff" if self.mark else "") + self.text(records)).encode(self.encoding)

    def layout(self, path: Path) -> FileLayout:
        """Look into the file, after choosing what no one could guess."""
        return inspect_file(
            path, file_format="csv", encoding=self.encoding, delimiter=self.delimiter, quoting=True
        ).layout


def quoted(cell: str) -> str:
    """Spell a cell in quotes."""
    return '"' + cell.replace('"', '""') + '"'


def must_quote(cell: str, delimiter: str) -> bool:
    """Tell whether a cell would be read as something else without quotes."""
    return any(mark in cell for mark in (delimiter, '"', "\r", "\n")) or cell.strip() != cell


def is_shown(label: Label | None) -> bool:
    """Tell whether a label is one: white space alone means none, so it would change no empty cell."""
    return not is_missing_label(label)


@st.composite
def table_files(draw: st.DrawFn) -> TableFile:
    """Draw a file of the columns text, label, id in any delimiter, quoting, encoding and line end."""
    encoding = draw(st.sampled_from(sorted(LETTERS)))
    delimiter = draw(st.sampled_from(DELIMITERS))
    cells = st.text(alphabet=LETTERS[encoding] + SPECIAL, max_size=6)
    mixed = draw(st.booleans())
    one_end = draw(st.sampled_from(LINE_ENDS))
    end = st.sampled_from(LINE_ENDS) if mixed else st.just(one_end)

    def spell(cell: str) -> str:
        style = draw(st.sampled_from(["quoted", "minimal", "raw"]))
        is_plain = not cell.startswith('"') and not any(mark in cell for mark in (delimiter, "\r", "\n"))
        if style == "raw" and is_plain:
            return cell
        return quoted(cell) if style == "quoted" or must_quote(cell, delimiter) else cell

    n_rows = draw(st.integers(1, 6))
    records = [[spell(draw(cells)) for _ in range(3)] for _ in range(n_rows)]
    ends = [draw(end) + draw(end) * draw(st.integers(0, 2)) for _ in records]
    if draw(st.booleans()):
        ends[-1] = ""
    header = delimiter.join(spell(name) for name in ("text", "label", "id")) + draw(end)
    mark = encoding.startswith("utf-16") or (encoding != "cp1252" and draw(st.booleans()))
    labels = draw(st.dictionaries(st.integers(0, n_rows - 1), cells.filter(is_shown)))
    return TableFile(encoding, mark, delimiter, header, records, ends, labels)


def rows_by_csv(text: str, delimiter: str) -> list[list[str]]:
    """Read all but blank lines with the csv module."""
    return [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row]


@settings(deadline=None)
@given(file=table_files(), block_bytes=st.integers(1, 40))
def test_no_corrections_give_the_same_bytes(file: TableFile, block_bytes: int, folder: Path) -> None:
    """A delimited file written back without corrections is the same file, wherever the blocks are cut."""
    path = folder / "table"
    path.write_bytes(file.data(file.records))
    target = io.BytesIO()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_file, "BLOCK_BYTES", block_bytes)
        layout = file.layout(path)
        n_changed = write_back(path, target, layout, ROLES, {})

    assert n_changed == 0
    assert target.getvalue() == path.read_bytes()


@settings(deadline=None)
@given(file=table_files(), block_bytes=st.integers(1, 40))
def test_cells_read_as_the_csv_module_reads_them(file: TableFile, block_bytes: int, folder: Path) -> None:
    """Texts, labels and ids are those that Python's csv module finds in the decoded text."""
    path = folder / "table"
    path.write_bytes(file.data(file.records))
    header, *expected = rows_by_csv(file.text(file.records), file.delimiter)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_file, "BLOCK_BYTES", block_bytes)
        layout = file.layout(path)
        found = read_columns(path, layout, ["text", "label", "id"])

    assert list(layout.columns) == header
    assert layout.n_rows == len(expected)
    assert [list(row) for row in zip(*found.values(), strict=True)] == expected


@settings(deadline=None)
@given(file=table_files())
def test_the_dataset_holds_the_labels_as_they_stand(file: TableFile, folder: Path) -> None:
    """Labels keep their white space, and only those of white space alone mean that there is none."""
    path = folder / "table"
    path.write_bytes(file.data(file.records))
    rows = rows_by_csv(file.text(file.records), file.delimiter)[1:]

    layout = file.layout(path)
    dataset = read_dataset(path, layout, ColumnRoles(text="text", label="label", row_id="id"))

    assert list(dataset.texts) == [row[0] for row in rows]
    assert [dataset.given_label(row) for row in range(len(rows))] == [
        row[1] if row[1].strip() else None for row in rows
    ]
    assert dataset.row_ids == tuple(row[2] for row in rows)


@settings(deadline=None)
@given(file=table_files(), block_bytes=st.integers(1, 40))
def test_corrections_change_their_cells_only(file: TableFile, block_bytes: int, folder: Path) -> None:
    """Every byte outside the corrected cells stays, and the corrected cells read as the new labels."""
    path = folder / "table"
    path.write_bytes(file.data(file.records))
    before = rows_by_csv(file.text(file.records), file.delimiter)[1:]
    expected = [cells.copy() for cells in file.records]
    changed = {row: label for row, label in file.labels.items() if before[row][1] != label}
    for row, label in changed.items():
        is_quoted = expected[row][1].startswith('"') or must_quote(label, file.delimiter)
        expected[row][1] = quoted(label) if is_quoted else label
    target = io.BytesIO()

    layout = file.layout(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_file, "BLOCK_BYTES", block_bytes)
        n_changed = write_back(path, target, layout, ROLES, file.labels)

    assert n_changed == len(changed)
    assert target.getvalue() == file.data(expected)
    after = rows_by_csv(target.getvalue().decode(file.encoding).removeprefix("\ufeff"), file.delimiter)[1:]
    assert after == [[row[0], file.labels.get(at, row[1]), row[2]] for at, row in enumerate(before)]


@settings(deadline=None)
@given(file=table_files(), dropped=st.sets(st.integers(0, 5)))
def test_dropped_rows_leave_the_others_as_they_are(file: TableFile, dropped: set[int], folder: Path) -> None:
    """Leaving rows out keeps the other records in order, each with the bytes it had."""
    path = folder / "table"
    path.write_bytes(file.data(file.records))
    rows = rows_by_csv(file.text(file.records), file.delimiter)
    dropped = {row for row in dropped if row < len(file.records)}
    target = io.BytesIO()

    layout = file.layout(path)
    n_changed = write_back(path, target, layout, ROLES, file.labels, dropped_rows=dropped)

    kept = [[row[0], file.labels.get(at, row[1]), row[2]] for at, row in enumerate(rows[1:]) if at not in dropped]
    assert n_changed <= len(kept)
    text = target.getvalue().decode(file.encoding).removeprefix("\ufeff")
    assert rows_by_csv(text, file.delimiter) == [rows[0], *kept]


@settings(deadline=None)
@given(text=st.text(alphabet='ab",\r\n ', max_size=30), delimiter=st.sampled_from([",", "a", "^", "-", "]", "\\"]))
def test_any_text_is_cut_as_the_csv_module_cuts_it(text: str, delimiter: str) -> None:
    """Records and cells are those of the csv module, for any text in which every quoted cell is closed."""
    tokenizer = Tokenizer(delimiter)
    records = tokenizer.split_records(text)
    assume(not records or tokenizer.open_quote(records[-1]) is None)

    found = [[] if not record.strip("\r\n") else tokenizer.cells(record) for record in records]

    assert "".join(records) == text
    assert found == list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    assert [tokenizer.n_cells(record) for record in records] == [max(len(cells), 1) for cells in found]


@settings(deadline=None)
@given(text=st.text(alphabet='ab",\r\n ', max_size=30))
def test_an_open_quote_is_where_the_strict_csv_module_sees_one(text: str) -> None:
    """A quoted cell counts as never closed exactly if the csv module meets the end inside of it."""
    tokenizer = Tokenizer(",")
    records = tokenizer.split_records(text)
    assume(records)
    # A closed text reads one record more if a line follows; inside a quote that line belongs to the cell.
    n_alone = len(list(csv.reader(io.StringIO(text.rstrip("\r\n"), newline=""))))
    n_followed = len(list(csv.reader(io.StringIO(text.rstrip("\r\n") + "\nx", newline=""))))

    is_open = tokenizer.open_quote(records[-1]) is not None

    assert is_open == (n_alone == n_followed)


SCALARS = st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(alphabet='ab"\\{}[]:, \néü日😀\u2028\x85', max_size=6)
LABELS = SCALARS | TEXTS
NEW_LABELS = LABELS.filter(is_shown)


@dataclass(frozen=True)
class LineFile:
    """A JSON Lines file; each line is what stands before the label's value, the value, and what stands after it."""

    encoding: str
    mark: bool
    lines: list[tuple[str, str, str]]
    corrections: dict[int, Label]

    def data(self, lines: list[tuple[str, str, str]]) -> bytes:
        """Join the lines to the bytes of the file."""
        return (("\ufeff" if self.mark else "") + "".join(map("".join, lines))).encode(self.encoding)


@st.composite
def line_files(draw: st.DrawFn) -> LineFile:
    """Draw a file whose objects have text, label and more, in any order and spacing."""
    encoding = draw(st.sampled_from(["utf-8", "utf-16-le", "utf-16-be", "cp1252", "gb18030"]))
    lines = []
    for _ in range(draw(st.integers(1, 5))):
        ascii_only = encoding == "cp1252" or draw(st.booleans())
        space, colon = draw(st.sampled_from([("", ":"), (" ", ": "), ("  ", " : "), ("\t", ":\t")]))

        def member(key: str, value: object, *, escape: bool = ascii_only, mid: str = colon) -> str:
            return json.dumps(key, ensure_ascii=escape) + mid + json.dumps(value, ensure_ascii=escape)

        before = [member("text", draw(TEXTS)), member("{x", draw(SCALARS | st.lists(TEXTS)))]
        if draw(st.booleans()):
            before.append(member("label", draw(LABELS)))
        after = [member("é", {"label": draw(LABELS)})] if draw(st.booleans()) else []
        label = json.dumps(draw(LABELS), ensure_ascii=ascii_only)
        head = space + "{" + space + ("," + space).join([*before, json.dumps("label") + colon])
        tail = "".join(space + "," + space + more for more in after) + space + "}" + space
        blank = draw(st.sampled_from(["", "\n", " \r\n"]))
        lines.append((head, label, tail + draw(st.sampled_from(LINE_ENDS)) + blank))
    if draw(st.booleans()):
        head, label, tail = lines[-1]
        lines[-1] = (head, label, tail.rstrip("\r\n"))
    mark = encoding.startswith("utf-16") or (encoding != "cp1252" and draw(st.booleans()))
    corrections: dict[int, Label] = draw(st.dictionaries(st.integers(0, len(lines) - 1), NEW_LABELS))
    return LineFile(encoding, mark, lines, corrections)


def objects(lines: list[tuple[str, str, str]]) -> list[dict[str, object]]:
    """Read the lines with the json module."""
    return [json.loads("".join(line)) for line in lines]


@settings(deadline=None)
@given(file=line_files(), block_bytes=st.integers(1, 40))
def test_json_lines_without_corrections_give_the_same_bytes(file: LineFile, block_bytes: int, folder: Path) -> None:
    """A JSON Lines file written back without corrections is the same file, wherever the blocks are cut."""
    path = folder / "lines.jsonl"
    path.write_bytes(file.data(file.lines))
    target = io.BytesIO()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_file, "BLOCK_BYTES", block_bytes)
        layout = inspect_file(path, encoding=file.encoding).layout
        write_back(path, target, layout, ROLES, {})

    assert layout.n_rows == len(file.lines)
    assert target.getvalue() == path.read_bytes()


@settings(deadline=None)
@given(file=line_files())
def test_json_lines_read_as_the_json_module_reads_them(file: LineFile, folder: Path) -> None:
    """Texts and labels are those that Python's json module finds, each label in its own type."""
    path = folder / "lines.jsonl"
    path.write_bytes(file.data(file.lines))
    rows = objects(file.lines)

    layout = inspect_file(path, encoding=file.encoding).layout
    dataset = read_dataset(path, layout, ColumnRoles(text="text", label="label"))

    labels = [row["label"] for row in rows]
    expected = [None if isinstance(label, str) and not label.strip() else label for label in labels]
    found = [dataset.given_label(row) for row in range(dataset.n_examples)]
    assert list(dataset.texts) == [row["text"] for row in rows]
    assert found == expected
    assert [type(label) for label in found] == [type(label) for label in expected]


@settings(deadline=None)
@given(file=line_files(), block_bytes=st.integers(1, 40))
def test_corrections_change_the_value_of_their_key_only(file: LineFile, block_bytes: int, folder: Path) -> None:
    """Every byte outside the corrected values stays, and these read as the new labels, in their type."""
    path = folder / "lines.jsonl"
    path.write_bytes(file.data(file.lines))
    rows = objects(file.lines)
    target = io.BytesIO()

    layout = inspect_file(path, encoding=file.encoding).layout
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_file, "BLOCK_BYTES", block_bytes)
        n_changed = write_back(path, target, layout, ROLES, file.corrections)

    changed = {
        row for row, new in file.corrections.items() if (type(old := rows[row]["label"]), old) != (type(new), new)
    }
    written = target.getvalue().decode(file.encoding).removeprefix("\ufeff")
    at = 0
    for row, (head, label, tail) in enumerate(file.lines):
        assert written.startswith(head, at)
        at += len(head)
        if row in changed:
            value, end = json.JSONDecoder().raw_decode(written, at)
            assert (type(value), value) == (type(file.corrections[row]), file.corrections[row])
        else:
            end = at + len(label)
            assert written[at:end] == label
        assert written.startswith(tail, end)
        at = end + len(tail)
    assert at == len(written)
    assert n_changed == len(changed)


SNIPPETS = [
    b"text,label\n",
    b'{"text": "a", "label": 1}\n',
    b'"',
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\0",
    b"a,b\r\n",
    b"\x81\x30",
    b"{[" * 9,
]


@settings(deadline=None)
@given(
    data=st.binary(max_size=60) | st.lists(st.sampled_from(SNIPPETS) | st.binary(max_size=4), max_size=8).map(b"".join),
    name=st.sampled_from(["", "x.csv", "x.tsv", "x.jsonl"]),
    encoding=st.none()
    | st.sampled_from(["utf-8", "utf-16", "cp1252", "gb18030", "latin-1", "shift_jis", "big5hkscs", "cp037"]),
)
def test_any_bytes_are_read_back_unchanged_or_refused(
    data: bytes, name: str, encoding: str | None, folder: Path
) -> None:
    """Whatever the bytes, either the file comes back the same, or a LabelCleanError says why it cannot be read."""
    path = folder / "any"
    path.write_bytes(data)
    target = io.BytesIO()

    try:
        layout: FileLayout = inspect_file(path, name=name, encoding=encoding).layout
        first, last = layout.columns[0], layout.columns[-1]
        write_back(path, target, layout, ColumnRoles(text=last, label=last), {})
        written = target.getvalue()
        read_dataset(path, layout, ColumnRoles(text=first, label=last))
        read_columns(path, layout, layout.columns)
    except LabelCleanError:
        return

    assert written == data
