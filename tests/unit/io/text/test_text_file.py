"""Bytes to text: encodings, marks, and the promise that nothing changes."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from labelclean.errors import FileContentError, InvalidInputError
from labelclean.io.layout import FileLayout
from labelclean.io.text import text_file
from labelclean.io.text.text_file import (
    byte_order_mark,
    codec_name,
    count_line_ends,
    is_bytewise,
    open_bytes,
    read_blocks,
    read_byte_blocks,
    read_bytes,
)


def layout_of(encoding: str, *, mark: bool = False) -> FileLayout:
    """Return a layout of which only the encoding matters."""
    return FileLayout(file_format="csv", encoding=encoding, byte_order_mark=mark, delimiter=",", columns=(), n_rows=0)


@pytest.mark.parametrize(
    ("name", "codec"),
    [("UTF8", "utf-8"), ("utf-8-sig", "utf-8"), ("windows-1252", "cp1252"), ("utf-16", "utf-16-le"), ("GBK", "gbk")],
)
def test_encodings_have_one_name(name: str, codec: str) -> None:
    """Python's own name, without anything about a mark."""
    assert codec_name(name) == codec


@pytest.mark.parametrize("name", ["klingon", "", "hex", "rot13", "a\0b", "日本", "undefined"])
def test_what_is_no_text_encoding_is_refused(name: str) -> None:
    """Unknown names, and codecs that do not give text."""
    with pytest.raises(InvalidInputError, match="encoding"):
        codec_name(name)


@pytest.mark.parametrize("name", ["utf-7", "iso2022_jp", "hz"])
def test_encodings_with_a_state_are_refused(name: str) -> None:
    """Their bytes depend on what stands before, so single cells cannot be patched."""
    with pytest.raises(InvalidInputError, match="patched"):
        codec_name(name)


def test_marks_belong_to_encodings() -> None:
    """UTF encodings have a mark of their own, one-byte encodings have none."""
    marks = [byte_order_mark(codec) for codec in ("utf-8", "utf-16-le", "utf-16-be", "cp1252")]

    assert marks == [b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b""]


def test_each_line_end_counts_once() -> None:
    """A return and a line feed together are one line end."""
    assert count_line_ends("a\r\nb\rc\n\r") == 4


@pytest.mark.parametrize("block_bytes", [1, 2, 3, 5, 100])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "gb18030", "cp932"])
def test_characters_are_whole_wherever_blocks_are_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str, block_bytes: int
) -> None:
    """A character of several bytes may lie on the border of two blocks; the mark is left out."""
    path = tmp_path / "a"
    mark = byte_order_mark(encoding)
    path.write_bytes(mark + "a日本b\r\nc".encode(encoding))
    monkeypatch.setattr(text_file, "BLOCK_BYTES", block_bytes)

    blocks = list(read_blocks(path, layout_of(encoding, mark=bool(mark))))

    assert "".join(blocks) == "a日本b\r\nc"


@pytest.mark.parametrize("block_bytes", [1, 2, 7, 100])
@pytest.mark.parametrize(
    ("encoding", "data", "place"),
    [
        ("utf-8", b"a\r\nb\rc\n\xff", (7, 4)),
        ("utf-8", b"a\n\xe6\x97", (2, 2)),
        ("utf-16-le", b"a\0\n\0b", (4, 2)),
        ("cp932", b"a\nbc\x81\xff", (4, 2)),
        ("ascii", b"\n\n\x80", (2, 3)),
    ],
)
def test_undecodable_bytes_are_located(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    encoding: str,
    data: bytes,
    *,
    place: tuple[int, int],
    block_bytes: int,
) -> None:
    """The offset counts from the beginning of the file, the line from 1, wherever blocks are cut."""
    path = tmp_path / "a"
    path.write_bytes(data)
    monkeypatch.setattr(text_file, "BLOCK_BYTES", block_bytes)

    for read in (read_blocks, read_byte_blocks):
        if read is read_blocks or is_bytewise(encoding, ","):
            with pytest.raises(FileContentError, match=rf"offset {place[0]} \(line {place[1]}\)"):
                list(read(path, layout_of(encoding)))


@pytest.mark.parametrize("block_bytes", [1, 3, 100])
def test_bytes_that_would_come_back_as_others_are_located(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block_bytes: int
) -> None:
    """In cp932 the byte pairs 81 CA and FA 54 are one character; only the first would be written."""
    path = tmp_path / "a"
    path.write_bytes(b"a\n\x81\xca\n\xfa\x54b")
    monkeypatch.setattr(text_file, "BLOCK_BYTES", block_bytes)

    with pytest.raises(FileContentError, match=r"offset 5 \(line 3\)") as caught:
        list(read_blocks(path, layout_of("cp932")))

    assert "UTF-8" in caught.value.fix


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "gb18030"])
def test_nul_characters_are_located(tmp_path: Path, encoding: str) -> None:
    """Text files have none, wherever it stands."""
    path = tmp_path / "a"
    before = ("é,b\n" * 300_000 + "c").encode(encoding)
    offset = len(before)
    path.write_bytes(before + "\0".encode(encoding))

    for read in (read_blocks, read_byte_blocks):
        if read is read_blocks or is_bytewise(encoding, ","):
            with pytest.raises(FileContentError, match=rf"NUL .* offset {offset:,} \(line 300,001\)"):
                list(read(path, layout_of(encoding)))


def test_a_mark_is_no_part_of_the_bytes(tmp_path: Path) -> None:
    """Blocks of bytes leave it out, as blocks of text do."""
    path = tmp_path / "a"
    path.write_bytes("\ufeffaé\n".encode())

    assert list(read_byte_blocks(path, layout_of("utf-8", mark=True))) == ["aé\n".encode()]


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    """So are names that no file can have, and what is no file."""
    os.mkfifo(tmp_path / "pipe")

    for path, message in [
        (tmp_path / "none", "no file"),
        (tmp_path, "a folder"),
        (tmp_path / "pipe", "a device or a pipe"),
        (tmp_path / ("x" * 5_000), "cannot be read"),
        (tmp_path / "a\0b", "cannot be read"),
    ]:
        with pytest.raises(FileContentError, match=message):
            open_bytes(path)


class _FailingFile(io.BytesIO):
    """A file on a disk that fails."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Fail."""
        raise OSError(size)


def test_a_failing_disk_is_an_error_of_the_file() -> None:
    """A read that fails says so."""
    with pytest.raises(FileContentError, match="cannot be read"):
        read_bytes(_FailingFile(), 1)
