"""What would change, and the corrected file."""

from __future__ import annotations

import errno
import hashlib
import io
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import pytest

from labelclean.arrays import Label
from labelclean.dataset import Dataset
from labelclean.errors import InvalidInputError, StoreError
from labelclean.export import planned_changes, write_atomically, write_corrected_file
from labelclean.io.layout import ColumnRoles, FileLayout
from labelclean.review.decisions import EventKind, ReviewEvent, Verdict

TIME = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ROLES = ColumnRoles(text="text", label="label", row_id="id")


def decided(row: int, verdict: Verdict, label: Label | None = None) -> ReviewEvent:
    """Make a decision."""
    return ReviewEvent(
        uuid=f"u{row}",
        row=row,
        kind=EventKind.DECIDE,
        verdict=verdict,
        label=label,
        reviewer="ana",
        decided_at=TIME,
        seconds_spent=1.5,
        error_probability=0.5,
        note="why",
    )


def by_row(*events: ReviewEvent) -> dict[int, ReviewEvent]:
    """Key decisions as current_decisions does."""
    return {event.row: event for event in events}


def test_planned_changes_come_in_row_order_with_old_and_new_label() -> None:
    """Decisions were made in another order; only a correcting verdict changes the label."""
    dataset = Dataset.from_labels(["t"] * 4, ["a", "b", None, "a"], row_ids=["w", "x", "y", "z"])
    decisions = by_row(
        decided(3, Verdict.RELABEL, "new"),
        decided(0, Verdict.KEEP),
        decided(2, Verdict.ACCEPT, "b"),
        decided(1, Verdict.EXCLUDE),
    )

    changes = planned_changes(dataset, decisions)

    assert [(c.row, c.row_id, c.old, c.new, c.verdict, c.is_correction) for c in changes] == [
        (0, "w", "a", "a", Verdict.KEEP, False),
        (1, "x", "b", "b", Verdict.EXCLUDE, False),
        (2, "y", None, "b", Verdict.ACCEPT, True),
        (3, "z", "a", "new", Verdict.RELABEL, True),
    ]
    assert (changes[0].reviewer, changes[0].decided_at, changes[0].seconds_spent) == ("ana", TIME, 1.5)
    assert (changes[0].error_probability, changes[0].note) == (0.5, "why")


def test_accepting_the_label_that_is_there_is_no_correction() -> None:
    """It is logged, but the cell stays."""
    changes = planned_changes(Dataset.from_labels(["t"], ["a"]), by_row(decided(0, Verdict.ACCEPT, "a")))

    assert [(change.row_id, change.is_correction) for change in changes] == [(None, False)]


@pytest.mark.parametrize(("old", "new"), [(1, True), (1, "1"), (0, False), (1, 1.0), ("a", "a ")])
def test_labels_of_another_kind_are_other_labels(old: Label, new: Label) -> None:
    """Python calls 1 and True equal; they are two classes."""
    changes = planned_changes(Dataset.from_labels(["t"], [old]), by_row(decided(0, Verdict.RELABEL, new)))

    assert changes[0].is_correction


def test_a_decision_on_a_row_that_does_not_exist_is_refused() -> None:
    """The dataset has one row."""
    with pytest.raises(InvalidInputError, match="0 to 0; got row 1"):
        planned_changes(Dataset.from_labels(["t"], ["a"]), by_row(decided(1, Verdict.KEEP)))


CSV = b'\xef\xbb\xbfid;text;label\r\nm0;"a; ""q"" \r\nb";billing\r\nm1;c;"refund"\r\nm2;d;billing\r\nm3;e;'


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Write a file with a byte order mark, quotes that need not be, a missing label and no last line end."""
    path = tmp_path / "upload"
    path.write_bytes(CSV)
    return path


LAYOUT = FileLayout(
    file_format="csv",
    encoding="utf-8",
    byte_order_mark=True,
    delimiter=";",
    columns=("id", "text", "label"),
    n_rows=4,
)


def corrected(source: Path, decisions: dict[int, ReviewEvent], *, drop_excluded: bool = False) -> tuple[int, bytes]:
    """Write the corrected file into memory."""
    target = io.BytesIO()
    n_changed = write_corrected_file(source, target, LAYOUT, ROLES, decisions, drop_excluded=drop_excluded)
    return n_changed, target.getvalue()


def test_without_decisions_the_file_comes_back_byte_for_byte(source: Path) -> None:
    """Not even the quotes that need not be are lost."""
    assert corrected(source, {}) == (0, CSV)


def test_only_the_corrected_cells_change(source: Path) -> None:
    """Row 2 gets its new label, row 3 its first one."""
    decisions = by_row(
        decided(2, Verdict.ACCEPT, "refund"), decided(3, Verdict.RELABEL, "other"), decided(0, Verdict.KEEP)
    )

    assert corrected(source, decisions) == (2, CSV.replace(b"m2;d;billing", b"m2;d;refund") + b"other")


def test_a_decision_for_the_label_that_is_there_leaves_the_bytes_alone(source: Path) -> None:
    """The quoted cell of row 1 stays quoted."""
    assert corrected(source, by_row(decided(1, Verdict.ACCEPT, "refund"))) == (0, CSV)


def test_excluded_rows_stay_unless_dropping_is_asked_for(source: Path) -> None:
    """Row 1 is excluded."""
    decisions = by_row(decided(1, Verdict.EXCLUDE))

    assert corrected(source, decisions) == (0, CSV)
    assert corrected(source, decisions, drop_excluded=True) == (0, CSV.replace(b'm1;c;"refund"\r\n', b""))


def test_the_upload_is_left_as_it_is(source: Path) -> None:
    """Writing back reads only."""
    before = hashlib.sha256(source.read_bytes()).hexdigest()

    corrected(source, by_row(decided(0, Verdict.ACCEPT, "x")), drop_excluded=True)

    assert hashlib.sha256(source.read_bytes()).hexdigest() == before


def names_in(directory: Path) -> list[str]:
    """Return what lies in a directory."""
    return sorted(path.name for path in directory.iterdir())


def test_an_atomic_write_gives_the_file_and_what_the_writer_returned(tmp_path: Path) -> None:
    """Nothing else is left in the directory."""
    target = tmp_path / "out.csv"

    assert write_atomically(target, lambda stream: stream.write(b"new")) == 3

    assert target.read_bytes() == b"new"
    assert names_in(tmp_path) == ["out.csv"]


def test_a_full_disk_leaves_the_old_file_as_it_was(tmp_path: Path) -> None:
    """The error says so, and no part file stays."""
    target = tmp_path / "out.csv"
    target.write_bytes(b"old")

    def write(stream: BinaryIO) -> None:
        stream.write(b"half")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(StoreError, match="No space left on device") as caught:
        write_atomically(target, write)

    assert "unchanged" in caught.value.fix
    assert target.read_bytes() == b"old"
    assert names_in(tmp_path) == ["out.csv"]


def test_an_error_of_the_writer_passes_through_and_leaves_nothing(tmp_path: Path) -> None:
    """Errors of ours keep their own words."""
    target = tmp_path / "out.csv"

    def write(stream: BinaryIO) -> None:
        stream.write(b"half")
        raise InvalidInputError("no")

    with pytest.raises(InvalidInputError, match="no"):
        write_atomically(target, write)

    assert names_in(tmp_path) == []


def test_an_atomic_write_into_a_missing_directory_is_refused(tmp_path: Path) -> None:
    """With the system's reason."""
    with pytest.raises(StoreError, match="No such file or directory"):
        write_atomically(tmp_path / "none" / "out.csv", lambda stream: stream.write(b""))


def test_an_atomic_write_follows_links_and_keeps_permissions(tmp_path: Path) -> None:
    """The link stays a link; the file it names keeps its mode."""
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    real.write_bytes(b"old")
    real.chmod(0o640)
    link.symlink_to(real)

    write_atomically(link, lambda stream: stream.write(b"new"))

    assert link.is_symlink()
    assert (real.read_bytes(), real.stat().st_mode & 0o777) == (b"new", 0o640)


def test_a_device_or_pipe_is_written_to_and_never_replaced(tmp_path: Path) -> None:
    """Moving a file into the place of ``/dev/null`` would take the device away from the whole machine."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)

    written = write_atomically(pipe, lambda stream: stream.write(b"new"))

    assert written == 3
    assert pipe.is_fifo()
    assert os.read(reader, 10) == b"new"
    assert names_in(tmp_path) == ["pipe"]
    os.close(reader)


def test_a_merged_name_is_a_change_whatever_the_verdict() -> None:
    """The reviewer kept the label, and its name went into another one."""
    dataset = Dataset.from_labels(["t", "u"], ["Refund", "refund"])
    merged = replace(decided(0, Verdict.KEEP), label="refund", merged=("Refund",))

    (change,) = planned_changes(dataset, by_row(merged))

    assert (change.old, change.new, change.verdict, change.is_correction) == ("Refund", "refund", Verdict.KEEP, True)


def test_a_planned_change_has_the_fingerprint_of_its_text() -> None:
    """Worked out with another program: printf hello | sha256sum."""
    dataset = Dataset.from_labels(["hello"], ["a"])

    (change,) = planned_changes(dataset, by_row(decided(0, Verdict.KEEP)))

    assert change.text_hash == "2cf24dba5fb0a30e"
