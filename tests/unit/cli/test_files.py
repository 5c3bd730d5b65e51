"""Files that a command reads and writes."""

from __future__ import annotations

import errno
import io
import sys
from pathlib import Path
from typing import BinaryIO

import pytest

from labelclean.cli.files import STDOUT, check_apart, check_not_input, existing_file, write_output
from labelclean.errors import InvalidInputError, NotFoundError, StoreError


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    """A file that is not there has an error of its own."""
    with pytest.raises(NotFoundError, match="does not exist"):
        existing_file(tmp_path / "no.csv")


def test_a_directory_is_no_file(tmp_path: Path) -> None:
    """A directory is refused before it is opened."""
    with pytest.raises(InvalidInputError, match="it is a directory"):
        existing_file(tmp_path)


def test_output_appears_when_it_is_complete(tmp_path: Path) -> None:
    """While writing, the old content stays; afterwards only the new one is there."""
    target = tmp_path / "out.csv"
    target.write_bytes(b"old")

    def write(stream: BinaryIO) -> bytes:
        stream.write(b"new")
        stream.flush()
        return target.read_bytes()

    while_writing = write_output(target, write)

    assert while_writing == b"old"
    assert target.read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


def test_output_into_a_missing_directory_is_refused(tmp_path: Path) -> None:
    """The message names the file, not the draft."""
    with pytest.raises(StoreError, match=r"out\.csv cannot be written"):
        write_output(tmp_path / "no" / "out.csv", lambda stream: stream.write(b"x"))


def test_a_dash_is_standard_output(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes go to stdout as they are, and no file is made."""
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))

    written = write_output(STDOUT, lambda stream: stream.write("é\n".encode()))

    assert raw.getvalue() == b"\xc3\xa9\n"
    assert written == 3


def test_the_input_is_not_overwritten_unless_that_is_wanted(tmp_path: Path) -> None:
    """The same file under another name is the same file."""
    source = tmp_path / "in.csv"
    source.write_bytes(b"x")
    (tmp_path / "other.csv").symlink_to(source)

    with pytest.raises(InvalidInputError, match="must not be an input file"):
        check_not_input(tmp_path / "other.csv", source, force=False)

    check_not_input(tmp_path / "other.csv", source, force=True)
    check_not_input(tmp_path / "new.csv", source, force=False)
    check_not_input(STDOUT, source, force=False)


def test_a_path_that_no_file_can_have_is_refused(tmp_path: Path) -> None:
    """The system's reason is given, for what is read and for what is written."""
    source = tmp_path / "in.csv"
    source.write_bytes(b"x")

    with pytest.raises(InvalidInputError, match="cannot be used: File name too long"):
        existing_file(tmp_path / ("x" * 300))
    with pytest.raises(InvalidInputError, match="cannot be used: File name too long"):
        check_not_input(tmp_path / ("x" * 300), source, force=False)


def test_two_outputs_are_two_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second would replace the first; standard output cannot take both either."""
    monkeypatch.chdir(tmp_path)

    for first, second in [("a.csv", str(tmp_path / "a.csv")), ("-", "-")]:
        with pytest.raises(InvalidInputError, match="must be two files"):
            check_apart(Path(first), Path(second))

    check_apart(Path("a.csv"), Path("b.csv"))
    check_apart(Path("-"), Path("a.csv"))


def test_a_standard_output_that_takes_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk behind it, or a program started without one."""

    class Full(io.BytesIO):
        def write(self, data: object) -> int:
            raise OSError(errno.ENOSPC, f"No room for {type(data).__name__}")

    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(Full()))
    with pytest.raises(StoreError, match="Standard output cannot be written: No room"):
        write_output(STDOUT, lambda stream: stream.write(b"x"))

    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(StoreError, match="it is closed"):
        write_output(STDOUT, lambda stream: stream.write(b"x"))


def test_a_reader_that_went_away_is_no_failure_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is passed on as it is."""

    class Gone(io.BytesIO):
        def write(self, data: object) -> int:
            raise BrokenPipeError(errno.EPIPE, f"Nobody reads {type(data).__name__}")

    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(Gone()))

    with pytest.raises(BrokenPipeError):
        write_output(STDOUT, lambda stream: stream.write(b"x"))
