"""What a file is taken for where its name, its bytes and the user's choices say different things."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]
import pytest

from labelclean.errors import FileContentError, InvalidInputError
from labelclean.io.formats import Recognised, recognise
from labelclean.io.layout import Compression, CompressionChoice, FileFormat, ReadingChoices
from labelclean.io.source import inspect_file
from tests.label_files import dataset_folder

CSV = b"text,label\nx,a\ny,b\n"
TABLES = b'{"old": [{"text": "x", "label": "a"}], "new": [{"text": "y", "label": "b"}], "n": 2}'


def zipped(*members: tuple[str, bytes]) -> bytes:
    """Return a zip archive of some files."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, data in members:
            archive.writestr(name, data)
    return content.getvalue()


def workbook(*sheets: str) -> bytes:
    """Return an Excel workbook with the same table on each sheet."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name in sheets:
        sheet = book.create_sheet(name)
        for row in (("text", "label"), ("x", "a"), ("y", "b")):
            sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def parquet() -> bytes:
    """Return a Parquet file."""
    content = io.BytesIO()
    pq.write_table(pa.table({"text": ["x", "y"], "label": ["a", "b"]}), content)
    return content.getvalue()


def zipped_folder(tmp_path: Path) -> bytes:
    """Return a zip archive of a folder as Hugging Face ``datasets`` saves it."""
    folder = dataset_folder(tmp_path / "saved", 4)
    return zipped(*((f"saved/{path.name}", path.read_bytes()) for path in sorted(folder.iterdir())))


ARCHIVES: dict[Compression, bytes] = {
    "gzip": gzip.compress(CSV),
    "bz2": bz2.compress(CSV),
    "xz": lzma.compress(CSV),
    "zstd": pa.compress(CSV, "zstd", asbytes=True),
    "zip": zipped(("reviews.csv", CSV)),
}
BINARY: dict[FileFormat, Callable[[Path], bytes]] = {
    "xlsx": lambda _tmp_path: workbook("one"),
    "parquet": lambda _tmp_path: parquet(),
    "arrow": zipped_folder,
}


def look(
    tmp_path: Path, data: bytes, *, name: str = "reviews.csv", choices: ReadingChoices | None = None
) -> Recognised:
    """Recognise some bytes under a name."""
    path = tmp_path / "upload"
    path.write_bytes(data)
    return recognise(path, name=name, choices=choices)


@pytest.mark.parametrize("kind", BINARY)
def test_a_table_that_is_no_text_is_known_under_any_name(tmp_path: Path, kind: FileFormat) -> None:
    """Its bytes decide, also where someone only renamed it; so they do if its format is chosen."""
    data = BINARY[kind](tmp_path)

    found = look(tmp_path, data)
    chosen = look(tmp_path, data, choices=ReadingChoices(file_format=kind))

    assert (found.layout.file_format, found.layout.compression) == (kind, None)
    assert chosen.layout == found.layout
    assert found.reasons["file_format"].startswith(("The file ", "The archive "))
    assert chosen.reasons["file_format"] == "Chosen by you."


@pytest.mark.parametrize("compression", ARCHIVES)
def test_an_archive_is_known_under_any_name(tmp_path: Path, compression: Compression) -> None:
    """Its bytes decide; what is inside is looked at as if there were no archive."""
    found = look(tmp_path, ARCHIVES[compression])
    chosen = look(tmp_path, ARCHIVES[compression], choices=ReadingChoices(compression=compression))

    assert (found.layout.file_format, found.layout.compression) == ("csv", compression)
    assert found.reasons["compression"].startswith("The file begins with the mark of ")
    assert chosen.layout == found.layout
    assert chosen.reasons["compression"] == "Chosen by you."


def test_the_name_inside_of_the_archive_s_name_is_a_hint(tmp_path: Path) -> None:
    """Comma and tab fit alike here, so the suffix before the archive's decides."""
    data = gzip.compress(b"a,b\tc\n1,2\t3\n")

    assert look(tmp_path, data, name="a.tsv.gz").layout.delimiter == "\t"
    assert look(tmp_path, data, name="a.csv.gz").layout.delimiter == ","
    assert look(tmp_path, data, name="a.tsv").layout.delimiter == "\t"


@pytest.mark.parametrize("compression", ARCHIVES)
@pytest.mark.parametrize("data", [CSV, parquet(), workbook("one")], ids=["csv", "parquet", "xlsx"])
def test_an_archive_that_the_file_is_not_is_refused(tmp_path: Path, compression: Compression, data: bytes) -> None:
    """It is not called damaged, for nothing is: the choice is wrong."""
    if compression == "zip" and data.startswith(b"PK"):
        message, fix = "it looks like an office document", "Leave the choice of an archive out"
    else:
        message, fix = "must be the chosen archive, .*; it begins otherwise", "Choose another archive or none"

    with pytest.raises(FileContentError, match=message) as caught:
        look(tmp_path, data, choices=ReadingChoices(compression=compression))

    assert fix in caught.value.fix


def test_a_zip_archive_may_have_a_program_in_front(tmp_path: Path) -> None:
    """As those have that unpack themselves; with the choice they are read."""
    data = b"#!/bin/sh\nexit\n" + ARCHIVES["zip"]

    found = look(tmp_path, data, choices=ReadingChoices(compression="zip"))

    assert (found.layout.file_format, found.layout.compression) == ("csv", "zip")


@pytest.mark.parametrize("compression", ARCHIVES)
def test_an_archive_read_as_it_is_is_no_text(tmp_path: Path, compression: Compression) -> None:
    """The choice of no archive is taken at its word, and the way out is to leave it."""
    with pytest.raises(FileContentError, match=r"must be text; it looks like an? .* archive") as caught:
        look(tmp_path, ARCHIVES[compression], choices=ReadingChoices(compression="none"))

    assert "Leave its format and its archive out" in caught.value.fix


@pytest.mark.parametrize("kind", BINARY)
@pytest.mark.parametrize("compression", ["gzip", "zip"])
def test_formats_that_are_no_text_do_not_stand_in_archives(
    tmp_path: Path, kind: FileFormat, compression: CompressionChoice
) -> None:
    """Both choices together contradict each other, whatever the file is."""
    with pytest.raises(InvalidInputError, match=f"A file in the format {kind} must be read as it is"):
        look(tmp_path, ARCHIVES["gzip"], choices=ReadingChoices(file_format=kind, compression=compression))


def test_what_stands_packed_but_is_no_text_is_named(tmp_path: Path) -> None:
    """The way out is to unpack it."""
    with pytest.raises(FileContentError, match=r"gzip archive must hold a text file; .* looks like a Parquet file"):
        look(tmp_path, gzip.compress(parquet()))
    with pytest.raises(FileContentError, match=r"zip archive must hold a text file; .* an Excel workbook"):
        look(tmp_path, zipped(("a.xlsx", workbook("one"))))


@pytest.mark.parametrize(
    ("file_format", "message"),
    [
        ("parquet", "A Parquet file must begin with “PAR1”"),
        ("xlsx", "must be in the chosen format, an Excel workbook; it begins otherwise"),
        ("arrow", "must be a folder, or a zip archive of one"),
        ("json", "must be one whole JSON document"),
        ("json_columns", "must be one whole JSON document"),
        ("jsonl", "must be one whole JSON object; line 1 is not"),
        ("fasttext", "must begin with a label such as __label__"),
    ],
)
def test_a_format_that_the_file_is_not_in_is_refused(tmp_path: Path, file_format: FileFormat, message: str) -> None:
    """In words about the choice, as nothing is wrong with the CSV file."""
    path = tmp_path / "reviews.csv"
    path.write_bytes(CSV)

    with pytest.raises(FileContentError, match=message) as caught:
        inspect_file(path, file_format=file_format)

    assert caught.value.fix


@pytest.mark.parametrize("file_format", ["csv", "tsv", "jsonl", "json", "json_columns", "fasttext"])
@pytest.mark.parametrize("kind", BINARY)
def test_a_text_format_does_not_fit_a_file_that_is_no_text(
    tmp_path: Path, kind: FileFormat, file_format: FileFormat
) -> None:
    """It says what the file is, and that the choice can be left out."""
    with pytest.raises(FileContentError, match="must be text; it looks like a") as caught:
        look(tmp_path, BINARY[kind](tmp_path), choices=ReadingChoices(file_format=file_format))

    assert "Leave its format" in caught.value.fix


def test_a_chosen_sheet_split_or_key_is_taken(tmp_path: Path) -> None:
    """Where there are several, the first is guessed."""
    for data, parts in ((workbook("one", "two"), ("one", "two")), (TABLES, ("old", "new"))):
        guessed = look(tmp_path, data)
        chosen = look(tmp_path, data, choices=ReadingChoices(part=parts[1]))

        assert guessed.parts == chosen.parts == parts
        assert (guessed.layout.part, chosen.layout.part) == parts
        assert guessed.reasons["part"].startswith("The first ")
        assert chosen.reasons["part"] == "Chosen by you."


@pytest.mark.parametrize(
    ("data", "message", "fix"),
    [
        (workbook("one", "two"), "The sheet must be one of the file's; there is no “three”", "“one”, “two”"),
        (TABLES, "a key of the document that holds an array of objects; “three” is none", "“old”, “new”"),
        (b'[{"text": "x", "label": "a"}]', "“three” is none", "Leave it out"),
        (CSV, "this file is one table, without parts", "Leave the part out"),
        (parquet(), "this file is one table, without parts", "Leave the part out"),
        (gzip.compress(CSV), "this file is one table, without parts", "Leave the part out"),
        (b'{"text": "x", "label": "a"}\n', "this file is one table, without parts", "Leave the part out"),
    ],
    ids=["workbook", "keys", "array", "csv", "parquet", "gzip", "jsonl"],
)
def test_a_part_that_is_not_there_is_refused(tmp_path: Path, data: bytes, message: str, fix: str) -> None:
    """The parts that are there are listed; where there are none, that is said."""
    with pytest.raises(InvalidInputError, match=message) as caught:
        look(tmp_path, data, choices=ReadingChoices(part="three"))

    assert fix in caught.value.fix


def test_a_folder_is_one_of_datasets_or_refused(tmp_path: Path) -> None:
    """Another format than its own cannot be chosen, nor a split where there are none."""
    (tmp_path / "other").mkdir()
    folder = dataset_folder(tmp_path / "saved", 4)

    assert recognise(folder, name="reviews.csv").layout.file_format == "arrow"
    assert recognise(folder, name="", choices=ReadingChoices(file_format="arrow")).layout.file_format == "arrow"
    with pytest.raises(InvalidInputError, match="must be read as arrow; csv was chosen"):
        recognise(folder, name="", choices=ReadingChoices(file_format="csv"))
    with pytest.raises(InvalidInputError, match="one table, without parts"):
        recognise(folder, name="", choices=ReadingChoices(part="train"))
    with pytest.raises(FileContentError, match="it names another folder"):
        recognise(tmp_path / "other", name="")
