"""A change log on another version of its file: never a wrong row, and the way back gives the very same bytes."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from labelclean.dataset import Dataset
from labelclean.export import Replay, change_log_csv, change_log_jsonl, planned_changes, read_change_log, replay_log
from labelclean.io.layout import ColumnRoles, FileLayout
from labelclean.io.source import read_dataset, write_back
from labelclean.review.decisions import EventKind, ReviewEvent, Verdict

CLASSES = ("late", "lost", "paid")
WITHOUT_IDS = ColumnRoles(text="text", label="label")
WITH_IDS = ColumnRoles(text="text", label="label", row_id="id")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row of a file, and which row of the reviewed file it was, if any."""

    origin: int | None
    text: str
    label: str
    row_id: str

    @property
    def line(self) -> str:
        """The row as the file has it."""
        return f"{self.row_id},{self.text},{self.label}\n"


def decision(row: int, label: str, given_label: str) -> ReviewEvent:
    """Decide that a row has a label."""
    is_kept = label == given_label
    return ReviewEvent(
        uuid=str(row),
        row=row,
        kind=EventKind.DECIDE,
        verdict=Verdict.KEEP if is_kept else Verdict.RELABEL,
        label=None if is_kept else label,
        decided_at=datetime(2026, 3, 1, tzinfo=UTC),
    )


def layout_of(file_format: str, n_rows: int, columns: tuple[str, ...] = ("id", "text", "label")) -> FileLayout:
    """Return the layout of a small UTF-8 file."""
    return FileLayout(
        file_format=file_format,  # type: ignore[arg-type]  # one of the formats
        encoding="utf-8",
        byte_order_mark=False,
        delimiter="," if file_format == "csv" else "",
        columns=columns,
        n_rows=n_rows,
    )


@contextmanager
def kept(content: bytes) -> Iterator[Path]:
    """Keep bytes in a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(content)
        yield path


def replayed(log: bytes, dataset: Dataset, *, revert: bool = False) -> Replay:
    """Read a log and replay it."""
    with kept(log) as path:
        return replay_log(read_change_log(path), dataset, revert=revert)


def written(content: bytes, layout: FileLayout, roles: ColumnRoles, log: bytes, *, revert: bool) -> bytes:
    """Apply a log to a file, or undo it; every row has to fit."""
    with kept(content) as path:
        replay = replayed(log, read_dataset(path, layout, roles), revert=revert)
        assert replay.problems == ()
        target = io.BytesIO()
        write_back(path, target, layout, roles, replay.corrections)
    return target.getvalue()


@st.composite
def versions(draw: st.DrawFn, *, texts: st.SearchStrategy[str]) -> tuple[list[Row], list[Row]]:
    """Draw a file, and the same file after somebody worked on it."""
    pairs = draw(st.lists(st.tuples(texts, st.sampled_from(CLASSES)), min_size=1, max_size=8))
    before = [Row(origin=row, text=text, label=label, row_id=f"m{row}") for row, (text, label) in enumerate(pairs)]
    after = draw(st.permutations(before)) if draw(st.booleans()) else list(before)
    for step in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(after)))
        text, label = draw(texts), draw(st.sampled_from(CLASSES))
        match draw(st.sampled_from(["insert", "delete", "edit", "relabel"])):
            case "insert":
                after.insert(place, Row(origin=None, text=text, label=label, row_id=f"n{step}"))
            case "delete" if place < len(after) and len(after) > 1:
                del after[place]
            case "edit" if place < len(after):
                old = after[place]
                after[place] = Row(origin=old.origin, text=text, label=old.label, row_id=old.row_id)
            case "relabel" if place < len(after):
                old = after[place]
                after[place] = Row(origin=old.origin, text=old.text, label=label, row_id=old.row_id)
    return before, after


def content_of(rows: Sequence[Row]) -> bytes:
    """Write rows as CSV."""
    return "".join(["id,text,label\n", *(row.line for row in rows)]).encode()


def new_labels(data: st.DataObject, rows: Sequence[Row]) -> dict[int, str]:
    """Draw which rows were decided, and what for."""
    return data.draw(st.dictionaries(st.integers(0, len(rows) - 1), st.sampled_from(CLASSES), min_size=1))


def applied(
    before: list[Row], after: list[Row], decided: dict[int, str], roles: ColumnRoles
) -> tuple[Replay, list[tuple[Row, str]]]:
    """Review one version, apply the log to the other one, and return what became of each of its rows."""
    with kept(content_of(before)) as path:
        reviewed = read_dataset(path, layout_of("csv", len(before)), roles)
    decisions = {row: decision(row, label, before[row].label) for row, label in decided.items()}
    log = change_log_csv(planned_changes(reviewed, decisions))
    layout, target = layout_of("csv", len(after)), io.BytesIO()
    with kept(content_of(after)) as path:
        replay = replayed(log, read_dataset(path, layout, roles))
        write_back(path, target, layout, roles, replay.corrections)
    lines = target.getvalue().decode().splitlines(keepends=True)
    assert lines[0] == "id,text,label\n"
    assert len(lines) == len(after) + 1
    return replay, list(zip(after, lines[1:], strict=True))


DISTINCT = st.integers(0, 10**6).map(lambda number: f"text {number}")
FEW = st.sampled_from(["x", "y", "z"])


@settings(deadline=None, max_examples=150)
@given(st.data(), versions(texts=st.one_of(FEW, DISTINCT)))
def test_with_ids_every_changed_row_is_the_one_that_was_reviewed(
    data: st.DataObject, files: tuple[list[Row], list[Row]]
) -> None:
    """Its text and its label are those of the log, and all other lines stay as they are."""
    before, after = files
    decided = new_labels(data, before)

    replay, lines = applied(before, after, decided, WITH_IDS)

    for row, line in lines:
        if line == row.line:
            continue
        assert row.origin is not None
        old = before[row.origin]
        assert (row.text, row.label) == (old.text, old.label)
        assert line == f"{row.row_id},{row.text},{decided[row.origin]}\n"
    fitting = {row.entry.row for row in replay.rows if not row.is_problem}
    assert fitting == {
        row.origin
        for row in after
        if row.origin in decided
        and row.text == before[row.origin].text
        and row.label in {before[row.origin].label, decided[row.origin]}
    }
    event(f"problems: {bool(replay.problems)}")


@settings(deadline=None, max_examples=150)
@given(st.data(), versions(texts=FEW))
def test_without_ids_every_changed_row_has_the_text_and_the_label_that_were_reviewed(
    data: st.DataObject, files: tuple[list[Row], list[Row]]
) -> None:
    """Copies of a text with one label cannot be told apart; all else can, and what is not certain stays."""
    before, after = files
    decided = new_labels(data, before)

    replay, lines = applied(before, after, decided, WITHOUT_IDS)

    reviewed = {(before[row].text, before[row].label, label) for row, label in decided.items()}
    n_changed = 0
    for row, line in lines:
        if line != row.line:
            n_changed += 1
            assert (row.text, row.label, line.rstrip().rpartition(",")[2]) in reviewed
            assert line.startswith(f"{row.row_id},{row.text},")
    assert n_changed == len(replay.corrections) == sum(row.status == "change" for row in replay.rows)
    event(f"ambiguous: {any(row.status == 'ambiguous' for row in replay.rows)}")


@settings(deadline=None, max_examples=150)
@given(st.data(), versions(texts=DISTINCT))
def test_without_ids_rows_with_texts_of_their_own_are_found_wherever_they_are(
    data: st.DataObject, files: tuple[list[Row], list[Row]]
) -> None:
    """Shuffled, with rows taken out, put in and edited: each changed row is the one that was reviewed."""
    before, after = files
    new_texts = [row.text for row in after if row.origin is None or row.text != before[row.origin].text]
    assume(len({*new_texts, *(row.text for row in before)}) == len(new_texts) + len(before))
    decided = new_labels(data, before)

    replay, lines = applied(before, after, decided, WITHOUT_IDS)

    for row, line in lines:
        if line != row.line:
            assert row.origin is not None
            assert (row.text, row.label) == (before[row.origin].text, before[row.origin].label)
            assert line.endswith(f",{decided[row.origin]}\n")
    assert {row.entry.row for row in replay.rows} == set(decided)


LABELS = st.one_of(
    st.sampled_from(CLASSES),
    st.text(alphabet="ab ,;'\"\\|é退\t", min_size=1, max_size=5).filter(lambda text: bool(text.strip())),
)


def csv_cell(text: str, *, is_quoted: bool) -> str:
    """Spell a cell; in quotes where it must be, or where it may be."""
    if is_quoted or text != text.strip() or any(mark in text for mark in ',"\r\n'):
        doubled = text.replace('"', '""')
        return f'"{doubled}"'
    return text


def needs_quotes(text: str) -> bool:
    """Tell whether a cell cannot do without quotes."""
    return csv_cell(text, is_quoted=False) != text


@settings(deadline=None, max_examples=100)
@given(st.data(), st.lists(st.tuples(LABELS, st.booleans(), LABELS), min_size=2, max_size=6), st.booleans())
def test_undoing_gives_the_identical_table(
    data: st.DataObject, rows: list[tuple[str, bool, str]], as_json: bool
) -> None:
    """Needless quotes stay; only quotes that a new label needed cannot be told from them afterwards."""
    lines = [
        f'm{row},"text, {row}",{csv_cell(old, is_quoted=is_quoted or needs_quotes(new))}\r\n'
        for row, (old, is_quoted, new) in enumerate(rows)
    ]
    content = "".join(["id,text,label\r\n", *lines]).encode()
    decided = data.draw(st.sets(st.integers(0, len(rows) - 1)))

    there, back = there_and_back(
        content, layout_of("csv", len(rows)), {row: rows[row][2] for row in decided}, as_json=as_json
    )

    assert (there == content) == all(rows[row][0] == rows[row][2] for row in decided)
    assert back == content


@settings(deadline=None, max_examples=100)
@given(
    st.data(),
    st.lists(st.tuples(st.one_of(LABELS, st.integers(), st.booleans()), LABELS), min_size=2, max_size=6),
    st.booleans(),
    st.sampled_from([(", ", ": "), (",", ":")]),
)
def test_undoing_gives_the_identical_json_lines(
    data: st.DataObject,
    rows: list[tuple[str | int | bool, str]],
    ascii_only: bool,
    separators: tuple[str, str],
) -> None:
    """With or without escapes and spaces; numbers and true or false come back as such."""
    content = "".join(
        json.dumps({"id": f"m{row}", "text": f"é {row}", "label": old}, ensure_ascii=ascii_only, separators=separators)
        + "\n"
        for row, (old, _) in enumerate(rows)
    ).encode()
    decided = data.draw(st.sets(st.integers(0, len(rows) - 1)))

    there, back = there_and_back(
        content, layout_of("jsonl", len(rows)), {row: rows[row][1] for row in decided}, as_json=True
    )

    assert (there == content) == all(rows[row][0] == rows[row][1] for row in decided)
    assert back == content


def there_and_back(
    content: bytes, layout: FileLayout, decided: dict[int, str], *, as_json: bool
) -> tuple[bytes, bytes]:
    """Review a file, apply the log, and undo it."""
    with kept(content) as path:
        dataset = read_dataset(path, layout, WITHOUT_IDS)
    decisions = {row: decision(row, label, str(dataset.given_label(row))) for row, label in decided.items()}
    write = change_log_jsonl if as_json else change_log_csv
    log = write(planned_changes(dataset, decisions))
    there = written(content, layout, WITHOUT_IDS, log, revert=False)
    return there, written(there, layout, WITHOUT_IDS, log, revert=True)
