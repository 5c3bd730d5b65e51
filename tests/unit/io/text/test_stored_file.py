"""Files as they are stored: opened with clear errors, and watched while they are read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from labelclean.errors import FileContentError
from labelclean.io.text.stored_file import open_bytes
from labelclean.io.text.text_file import _BYTEWISE, codec_name, is_bytewise


@pytest.mark.parametrize("change", ["grow", "shrink", "rewrite"])
@pytest.mark.parametrize("all_at_once", [False, True])
def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path, change: str, *, all_at_once: bool) -> None:
    """Whether it grows, shrinks or has other content of the same size."""
    path = tmp_path / "a"
    path.write_bytes(b"x" * 100)
    with open_bytes(path) as file:
        file.read(10)
        data = {"grow": b"x" * 200, "shrink": b"x" * 5, "rewrite": b"y" * 100}[change]
        path.write_bytes(data)
        os.utime(path, ns=(0, 0))  # within a few milliseconds the time may be the same

        with pytest.raises(FileContentError, match="stay as it is while it is read"):
            file.read() if all_at_once else [file.read(7) for _ in range(50)]


def test_a_file_that_stays_is_read_to_its_end(tmp_path: Path) -> None:
    """And again from its beginning."""
    path = tmp_path / "a"
    path.write_bytes(b"ab\ncd")

    with open_bytes(path) as file:
        assert (file.read(), file.read(), file.seek(0), file.readline()) == (b"ab\ncd", b"", 0, b"ab\n")


@pytest.mark.parametrize("n_bytes", [1, -1])
def test_a_disk_that_fails_is_an_error_of_the_file(tmp_path: Path, n_bytes: int) -> None:
    """However it is read."""
    path = tmp_path / "a"
    path.write_bytes(b"a")

    with open_bytes(path) as file, path.open("wb") as no_reader:
        os.dup2(no_reader.fileno(), file.fileno())

        with pytest.raises(FileContentError, match="cannot be read"):
            file.read(n_bytes)


@pytest.mark.parametrize("encoding", sorted(_BYTEWISE - {"utf-8"}))
def test_in_encodings_read_by_bytes_every_byte_has_one_meaning(encoding: str) -> None:
    """ASCII is itself, and what a byte means is written as that byte."""
    meanings = {byte: bytes([byte]).decode(encoding, "ignore") for byte in range(256)}

    assert codec_name(encoding) == encoding
    assert all(meanings[byte] == chr(byte) for byte in range(128))
    assert all(len(letter) <= 1 for letter in meanings.values())
    assert all(letter.encode(encoding) == bytes([byte]) for byte, letter in meanings.items() if letter)


def test_delimiters_must_be_single_bytes() -> None:
    """In the encoding at hand; one that it lacks can be in no byte."""
    assert [is_bytewise(encoding, mark) for encoding, mark in (("utf-8", ","), ("utf-8", "§"), ("cp1252", "§"))] == [
        True,
        False,
        True,
    ]
    assert not is_bytewise("cp1252", "→")
    assert not is_bytewise("gb18030", ",")
