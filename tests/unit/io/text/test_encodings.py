"""Guessing encodings, and knowing when the guess is sure."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from labelclean.errors import FileContentError
from labelclean.io.text import encodings
from labelclean.io.text.encodings import guess_encoding

WESTERN = "text,label\nDie Straße ist schön,spät\nUn café près de l'église,été\n"
RUSSIAN = "text,label\nХороший товар, советую,да\nОчень долго везли,нет\n"


def saved(folder: Path, data: bytes) -> Path:
    """Write bytes to a file."""
    path = folder / "a"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("data", "codec"),
    [
        (b"text,label\n", "utf-8"),
        (WESTERN.encode(), "utf-8"),
        (WESTERN.encode("utf-8-sig"), "utf-8"),
        (WESTERN.encode("utf-16"), "utf-16-le"),
        (WESTERN.encode("utf-16-be"), "utf-16-be"),
    ],
)
def test_what_the_bytes_prove_is_sure(tmp_path: Path, data: bytes, codec: str) -> None:
    """A mark, zero bytes, and valid UTF-8 leave no doubt."""
    guess = guess_encoding(saved(tmp_path, data), data)

    assert (guess.codec, guess.is_sure) == (codec, True)


@pytest.mark.parametrize(("text", "codec"), [(WESTERN, "cp1252"), (RUSSIAN, "cp1251")])
def test_what_only_the_letters_tell_is_doubtful(tmp_path: Path, text: str, codec: str) -> None:
    """Someone should look at the preview."""
    data = text.encode(codec)

    guess = guess_encoding(saved(tmp_path, data), data)

    assert (guess.codec, guess.is_sure) == (codec, False)
    assert "preview" in guess.reason


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("reviews.latin2.csv", "iso8859-2"),
        ("reviews_windows-1250.csv", "cp1250"),
        ("reviews-cp1257.csv", "cp1257"),
        ("REVIEWS_CP1254.CSV", "cp1254"),
        ("translatin1.csv", "cp1252"),
        ("reviews.latin99.csv", "cp1252"),
        ("reviews.gb18030.csv", "cp1252"),
    ],
)
def test_the_name_may_tell_the_encoding(tmp_path: Path, name: str, codec: str) -> None:
    """If it is a word of the name, and the file can be read that way."""
    data = WESTERN.encode("cp1252")

    guess = guess_encoding(saved(tmp_path, data), data, name=name)

    assert guess.codec == codec


def test_the_content_of_an_archive_is_looked_at(tmp_path: Path) -> None:
    """Not the bytes of the archive."""
    data = RUSSIAN.encode("cp1251")

    guess = guess_encoding(saved(tmp_path, gzip.compress(data)), data, compression="gzip")

    assert guess.codec == "cp1251"


@pytest.mark.parametrize("block_bytes", [1, 7, 1 << 20])
def test_a_file_in_two_encodings_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block_bytes: int) -> None:
    """With the first line that is not UTF-8, where the rest is."""
    monkeypatch.setattr(encodings, "BLOCK_BYTES", block_bytes)
    data = WESTERN.encode() + "schön,spät\n".encode("cp1252") + WESTERN.encode()

    with pytest.raises(FileContentError, match=r"4 of 5 lines .* are UTF-8, but line 4 is not"):
        guess_encoding(saved(tmp_path, data), data)


def test_a_file_cut_off_inside_of_a_letter_is_no_other_encoding(tmp_path: Path) -> None:
    """What is UTF-8 up to its last byte is not read as something else."""
    data = (WESTERN + "é").encode()[:-1]

    with pytest.raises(FileContentError, match="but line 4 is not"):
        guess_encoding(saved(tmp_path, data), data)


def test_letters_that_are_utf8_by_chance_do_not_count(tmp_path: Path) -> None:
    """One such line among many, and the two Chinese words that are famous for it."""
    western = WESTERN.encode("cp1252") * 40 + "Ã©,a\n".encode("cp1252")
    chinese = "文本,标签\n这个产品非常好,联通\n联通,联通\n".encode("gb18030")
    chinese += "东西收到了很满意,好\n物流太慢了不推荐,差\n".encode("gb18030") * 20

    assert guess_encoding(saved(tmp_path, western), western).codec == "cp1252"
    assert guess_encoding(saved(tmp_path, chinese), chinese).codec == "gb18030"
