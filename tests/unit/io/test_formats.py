"""Recognising encodings, formats and delimiters."""

from __future__ import annotations

from pathlib import Path

import pytest

from labelclean.errors import FileContentError, InvalidInputError
from labelclean.io.formats import Recognised, recognise
from labelclean.io.layout import FileFormat, ReadingChoices


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a path whose name says nothing."""
    return tmp_path / "upload"


def look(
    path: Path,
    data: bytes,
    *,
    name: str = "",
    file_format: FileFormat | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
) -> Recognised:
    """Recognise some bytes."""
    path.write_bytes(data)
    choices = ReadingChoices(file_format=file_format, encoding=encoding, delimiter=delimiter)
    return recognise(path, name=name, choices=choices)


ROWS = {
    "french": "text,label\nLe café est fermé à Noël,refus\nÇa ne marche pas très bien,été\n",
    "german": "text,label\nDas Gerät läuft nicht mehr,Rückgabe\nSchöne Grüße aus Köln,übrig\n",
    "chinese": "text,label\n这个产品的质量很好我很喜欢,正面\n质量太差了完全不值这个价钱,负面\n",
    "japanese": "text,label\nこの商品はとても良いですね,良い\nすぐに壊れてしまいました,悪い\n",
    "russian": "text,label\nЭто очень хороший товар,да\nСовсем не работает,нет\n",
    "polish": "text,label\nZażółć gęślą jaźń,źle\nPaczka jeszcze nie dotarła,późno\n",
    "korean": "text,label\n이 제품은 정말 좋습니다,긍정\n품질이 너무 나쁩니다,부정\n",
}


@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "gb18030"])
def test_a_mark_decides_the_encoding(path: Path, codec: str) -> None:
    """A byte order mark is the file's own word."""
    found = look(path, ("\ufeff" + ROWS["french"]).encode(codec))

    assert (found.layout.encoding, found.layout.byte_order_mark) == (codec, True)
    assert "byte order mark" in found.reasons["encoding"]


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_known_without_a_mark(path: Path, codec: str) -> None:
    """Latin text has a zero in every other byte."""
    found = look(path, ROWS["french"].encode(codec))

    assert (found.layout.encoding, found.layout.byte_order_mark) == (codec, False)


@pytest.mark.parametrize(
    ("language", "codec"),
    [
        ("french", "utf-8"),
        ("chinese", "utf-8"),
        ("french", "cp1252"),
        ("german", "cp1252"),
        ("chinese", "gb18030"),
        ("japanese", "cp932"),
        ("russian", "cp1251"),
        ("polish", "cp1250"),
        ("korean", "cp949"),
    ],
)
def test_the_letters_decide_without_a_mark(path: Path, language: str, codec: str) -> None:
    """Valid UTF-8 is UTF-8; otherwise the encoding whose letters make sense."""
    assert look(path, ROWS[language].encode(codec)).layout.encoding == codec


def test_letters_far_down_count(path: Path) -> None:
    """The first accent may come after a million plain bytes."""
    data = b"text,label\n" + b"plain words,a\n" * 100_000 + ROWS["german"].encode("cp1252")

    assert look(path, data).layout.encoding == "cp1252"


def test_plain_ascii_is_utf_8(path: Path) -> None:
    """So that labels in any script can be added."""
    found = look(path, b"text,label\na b,c\n")

    assert found.layout.encoding == "utf-8"
    assert "ASCII" in found.reasons["encoding"]


def test_bytes_of_no_common_encoding_are_latin_1(path: Path) -> None:
    """In Latin-1 every byte means something, so that the file can be read and written back."""
    found = look(path, b"text,label\na\x81\x98 \x8d\x90 \x9d\xff\xa0 \xae words,b\n", name="a.csv")

    assert found.layout.encoding == "iso8859-1"


@pytest.mark.parametrize(
    ("encoding", "data", "codec", "mark"),
    [
        ("UTF-8", b"\xef\xbb\xbfa,b\n", "utf-8", True),
        ("utf-8-sig", b"\xef\xbb\xbfa,b\n", "utf-8", True),
        ("cp1252", b"\xef\xbb\xbfa,b\n", "cp1252", False),
        ("utf-16", b"\xfe\xff\0a\0,\0b", "utf-16-be", True),
        ("utf-16", b"\xff\xfea\0,\0b\0", "utf-16-le", True),
        ("utf-16", b"a\0,\0b\0", "utf-16-le", False),
        ("utf-16-le", b"a\0,\0b\0", "utf-16-le", False),
    ],
)
def test_the_user_s_encoding_is_taken(path: Path, encoding: str, data: bytes, codec: str, *, mark: bool) -> None:
    """A mark still counts if it is the mark of that encoding."""
    found = look(path, data, encoding=encoding)

    assert (found.layout.encoding, found.layout.byte_order_mark) == (codec, mark)
    assert found.reasons["encoding"] == "Chosen by you."


@pytest.mark.parametrize(
    ("data", "delimiter"),
    [
        (b"a,b\n1,2\n", ","),
        (b"a;b\n1,5;2,5\n", ";"),
        (b"a\tb\nx, y\tz\n", "\t"),
        (b"a|b\nx, y|z\n", "|"),
        (b"a:b\nx:z\n", ":"),
        (b"a,b\n12:30,x\n12:40,y\n", ","),
        (b"a:c,b\n12:30,x\n12:40:50,y\n", ","),
        (b'a;b\n"x;\ny";"z"\n', ";"),
        (b"text\nno table, only words\n", ","),
        (b"a,b\n1,2\n3\n4,5\n", ","),
    ],
)
def test_the_delimiter_cuts_all_records_alike(path: Path, data: bytes, delimiter: str) -> None:
    """The header has it, and the records have as many cells as the header."""
    assert look(path, data).layout.delimiter == delimiter


def test_the_suffix_decides_between_equals(path: Path) -> None:
    """Where comma and tab fit alike, the file's name does."""
    data = b"a,b\tc\n1,2\t3\n"

    assert look(path, data, name="a.csv").layout.delimiter == ","
    assert look(path, data, name="a.TSV").layout.delimiter == "\t"


def test_few_misfits_are_told(path: Path) -> None:
    """The reason says how many records fit."""
    found = look(path, b"a;b\n1;2\n3\n4;5\n")

    assert "3 of 4 records" in found.reasons["delimiter"]


def test_a_sample_that_ends_in_a_record_leaves_it_out(path: Path) -> None:
    """A long file is judged by its whole records only."""
    data = b'a;b\n"x";"' + b"y;\n" * 200_000 + b'"\n'

    assert look(path, data).layout.delimiter == ";"


def test_many_blank_lines_say_nothing(path: Path) -> None:
    """A sample of line ends only is no reason to fail."""
    assert look(path, b"\n" * 2_000_000 + b"a,b\n1,2\n").layout.delimiter == ","


@pytest.mark.parametrize(
    ("data", "name", "file_format"),
    [
        (b'{"a": 1}\n', "", "jsonl"),
        (b'{"a": 1}\n', "a.csv", "jsonl"),
        (b"a,b\n", "a.jsonl", "csv"),
        (b'[{"a": 1}]\n', "", "json"),
        (b'{"a": [1, 2], "b": [3, 4]}\n', "", "json_columns"),
        (b"__label__x a text\n__label__y another\n", "", "fasttext"),
        (b"{a},b\n1,2\n", "a.csv", "csv"),
        (b"[a],b\n1,2\n", "", "csv"),
        (b"a\tb\n1\t2\n", "", "tsv"),
        (b"a|b\n1|2\n", "", "csv"),
    ],
)
def test_the_content_decides_the_format(path: Path, data: bytes, name: str, file_format: str) -> None:
    """What stands in a file counts, whatever its name says."""
    assert look(path, data, name=name).layout.file_format == file_format


def test_the_user_s_format_and_delimiter_are_taken(path: Path) -> None:
    """Choices win over what the content looks like."""
    data = b'{"a": 1, "b": 2}\n'

    assert look(path, data, file_format="csv").layout.file_format == "csv"
    assert look(path, data, delimiter=":").layout.delimiter == ":"
    assert look(path, b"a,b\n", file_format="tsv").layout.delimiter == "\t"
    assert look(path, b"a\tb\n", file_format="csv").layout.file_format == "csv"
    assert look(path, b"a,b\n", file_format="jsonl").layout.file_format == "jsonl"


def test_impossible_choices_are_refused(path: Path) -> None:
    """An unknown encoding, and a delimiter of two characters."""
    with pytest.raises(InvalidInputError, match="encoding"):
        look(path, b"a,b\n", encoding="klingon")
    with pytest.raises(InvalidInputError, match="delimiter"):
        look(path, b"a,b\n", delimiter="::")


def test_zero_bytes_in_places_that_utf_16_has_not_are_binary(path: Path) -> None:
    """Scattered zeros are no text."""
    with pytest.raises(FileContentError, match="zero bytes"):
        look(path, b"abc\0def\0\0\0gh")
