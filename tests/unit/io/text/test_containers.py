"""Archives around a text file: recognised, read, refused, and packed again."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
from pathlib import Path

import pytest
import zstandard

from labelclean.errors import FileContentError
from labelclean.io.layout import Compression
from labelclean.io.text import unpacked
from labelclean.io.text.containers import (
    open_container,
    recognise_container,
    recompressed,
    zip_kind,
)

TEXT = b"text,label\n" + b"".join(b"row %d,spam\n" % number for number in range(500))
KINDS: list[Compression] = ["gzip", "bz2", "xz", "zstd", "zip"]


def zipped(members: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip archive of these members."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, compress_type=method)
    return target.getvalue()


def packed(kind: Compression, data: bytes = TEXT) -> bytes:
    """Return an archive around some bytes."""
    match kind:
        case "gzip":
            return gzip.compress(data, mtime=0)
        case "bz2":
            return bz2.compress(data)
        case "xz":
            return lzma.compress(data)
        case "zstd":
            return zstandard.ZstdCompressor(write_checksum=True).compress(data)
        case "zip":
            return zipped({"a.csv": data})


def saved(folder: Path, data: bytes) -> Path:
    """Write bytes to a file."""
    path = folder / "archive"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("kind", KINDS)
def test_every_archive_is_recognised_and_read(tmp_path: Path, kind: Compression) -> None:
    """By its first bytes, whatever its name."""
    path = saved(tmp_path, packed(kind))

    assert recognise_container(path, path.read_bytes()[:16]) == kind
    with open_container(path, kind) as content:
        assert content.read(5) == TEXT[:5]
        assert content.read() == TEXT[5:]


def test_text_is_no_archive(tmp_path: Path) -> None:
    """Not even one that begins like the name of a bzip2 block."""
    for data in (b"text,label\n", b"BZh9 is a word,1\n", b"PK,1\n"):
        assert recognise_container(saved(tmp_path, data), data) is None


@pytest.mark.parametrize("kind", KINDS)
def test_several_archives_one_after_the_other_are_one(tmp_path: Path, kind: Compression) -> None:
    """As ``cat a.gz b.gz`` gives them; zip has no such form."""
    if kind == "zip":
        return
    path = saved(tmp_path, packed(kind, b"text,label\n") + packed(kind, b"a,b\n"))

    with open_container(path, kind) as content:
        assert content.read() == b"text,label\na,b\n"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("part", [0.3, 0.99])
def test_an_archive_that_is_cut_off_is_refused(tmp_path: Path, kind: Compression, part: float) -> None:
    """Wherever it was cut; nothing is taken for the whole file."""
    data = packed(kind)
    path = saved(tmp_path, data[: int(len(data) * part)])

    with (
        pytest.raises(FileContentError, match=r"archive must be whole; (it ends too early|its list of files)"),
        open_container(path, kind) as content,
    ):
        content.read()


@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_archive_is_refused(tmp_path: Path, kind: Compression) -> None:
    """Every kind has a checksum or a form that breaks."""
    data = bytearray(packed(kind))
    middle = len(data) // 3
    data[middle : middle + 4] = bytes(255 - byte for byte in data[middle : middle + 4])
    path = saved(tmp_path, bytes(data))

    with pytest.raises(FileContentError, match="must be whole"), open_container(path, kind) as content:
        content.read()


@pytest.mark.parametrize("kind", KINDS)
def test_an_archive_that_swells_without_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: Compression
) -> None:
    """Over the limit and over so many times its own size; one of the two alone is no harm."""
    monkeypatch.setattr(unpacked, "_ANY_RATIO_BYTES", 1 << 19)
    monkeypatch.setattr(unpacked, "_MAX_RATIO", 100)
    path = saved(tmp_path, packed(kind, b"a" * (1 << 20)))

    with pytest.raises(FileContentError, match="at most 100 times"), open_container(path, kind) as content:
        content.read()

    monkeypatch.setattr(unpacked, "_ANY_RATIO_BYTES", 1 << 21)
    with open_container(path, kind) as content:
        assert len(content.read()) == 1 << 20


@pytest.mark.parametrize(
    ("inner", "name"),
    [
        (packed("zip"), "a ZIP archive"),
        (packed("gzip"), "a gzip archive"),
        (b"a.csv".ljust(257, b"\0") + b"ustar\x0000" + b"\0" * 248, "a tar archive"),
        (b"PAR1" + b"\0" * 20, "a Parquet file"),
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_an_archive_within_an_archive_is_refused(tmp_path: Path, kind: Compression, inner: bytes, name: str) -> None:
    """One is undone, and what it holds must be the text."""
    path = saved(tmp_path, packed(kind, inner))

    with pytest.raises(FileContentError, match=f"what is in it looks like {name}"):
        open_container(path, kind)


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"a.csv": TEXT, "b.csv": TEXT}, "one file only; it holds 2"),
        ({}, "one file; it is empty"),
        ({"folder/": b""}, "one file; it is empty"),
        ({"../a.csv": TEXT}, "file 1 is absolute or leads out"),
        ({"/etc/a.csv": TEXT}, "file 1 is absolute or leads out"),
        ({"C:\\a.csv": TEXT}, "file 1 is absolute or leads out"),
        ({"mimetype": b"x", "content.xml": b"x"}, "an office document"),
        ({"[Content_Types].xml": b"x", "word/document.xml": b"x"}, "an office document"),
    ],
)
def test_a_zip_archive_holds_one_file(tmp_path: Path, members: dict[str, bytes], message: str) -> None:
    """Anything else has a message of its own."""
    path = saved(tmp_path, zipped(members))

    with pytest.raises(FileContentError, match=message):
        open_container(path, "zip")


def test_folders_and_forks_of_macos_do_not_count(tmp_path: Path) -> None:
    """The file in a folder, beside what macOS adds, is the only one."""
    path = saved(tmp_path, zipped({"data/": b"", "data/a.csv": TEXT, "__MACOSX/data/._a.csv": b"x"}))

    with open_container(path, "zip") as content:
        assert content.read() == TEXT


def test_an_encrypted_zip_archive_is_refused(tmp_path: Path) -> None:
    """The mark of encryption is a bit in the member's description."""
    data = bytearray(packed("zip"))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1

    with pytest.raises(FileContentError, match="without a password; it is encrypted"):
        open_container(saved(tmp_path, bytes(data)), "zip")


def test_an_unknown_method_of_packing_is_refused(tmp_path: Path) -> None:
    """Method 9, which some programs use for large files, cannot be undone."""
    data = bytearray(packed("zip"))
    data[8] = 9
    data[data.index(b"PK\x01\x02") + 10] = 9

    with pytest.raises(FileContentError, match="packed in a way that cannot be read"):
        open_container(saved(tmp_path, bytes(data)), "zip")


def test_the_kinds_of_zip_archives_are_told_apart(tmp_path: Path) -> None:
    """Workbooks and folders of datasets are zip archives too, but no archives around a text file."""
    workbook = zipped({"[Content_Types].xml": b"x", "xl/workbook.xml": b"x"})
    dataset = zipped({"data/dataset_info.json": b"{}", "data/state.json": b"{}"})

    for data, kind in ((workbook, "xlsx"), (dataset, "arrow"), (packed("zip"), "text")):
        path = saved(tmp_path, data)
        assert zip_kind(path) == kind
        assert recognise_container(path, data[:8]) == ("zip" if kind == "text" else None)


@pytest.mark.parametrize("kind", [None, *KINDS])
def test_what_is_packed_again_reads_as_what_was_written(tmp_path: Path, kind: Compression | None) -> None:
    """The target stays open, and the same bytes give the same archive."""
    source = saved(tmp_path, packed(kind) if kind else TEXT)
    targets = [io.BytesIO(), io.BytesIO()]

    for target in targets:
        with recompressed(source, target, kind) as file:
            file.write(TEXT[:100])
            file.write(TEXT[100:] + b"more\n")

    assert targets[0].getvalue() == targets[1].getvalue()
    again = saved(tmp_path, targets[0].getvalue())
    with open_container(again, kind) as content:
        assert content.read() == TEXT + b"more\n"


def test_gzip_keeps_name_time_and_comment(tmp_path: Path) -> None:
    """The header is the old one, without the checksum and the fields that describe the packed bytes."""
    plain = gzip.compress(b"text,label\n", compresslevel=9, mtime=0)
    header = b"\x1f\x8b\x08\x1e\x78\x56\x34\x12\x02\x03" + b"\x04\x00abcd" + b"a.csv\0" + b"by hand\0" + b"\x12\x34"
    source, target = saved(tmp_path, header + plain[10:]), io.BytesIO()

    with recompressed(source, target, "gzip") as file:
        file.write(b"x")

    kept = b"\x1f\x8b\x08\x18\x78\x56\x34\x12\x02\x03" + b"a.csv\0" + b"by hand\0"
    assert target.getvalue().startswith(kept)
    assert gzip.decompress(target.getvalue()) == b"x"


def test_an_empty_gzip_file_is_written(tmp_path: Path) -> None:
    """Nothing written is an archive of nothing, not no archive."""
    target = io.BytesIO()

    with recompressed(saved(tmp_path, packed("gzip")), target, "gzip"):
        pass

    assert gzip.decompress(target.getvalue()) == b""


def test_zip_keeps_the_description_of_its_member(tmp_path: Path) -> None:
    """Name, time, method, permissions and comments."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.comment = b"of the archive"
        archive.writestr(zipfile.ZipInfo("data/"), b"")
        old = zipfile.ZipInfo("data/日.csv", (2001, 2, 3, 4, 5, 6))
        old.compress_type, old.external_attr, old.comment = zipfile.ZIP_BZIP2, 0o640 << 16, b"of the file"
        archive.writestr(old, TEXT)
    source, target = saved(tmp_path, buffer.getvalue()), io.BytesIO()

    with recompressed(source, target, "zip") as file:
        file.write(b"x")

    with zipfile.ZipFile(target) as archive:
        new = archive.getinfo("data/日.csv")
        assert (archive.comment, archive.namelist()) == (b"of the archive", ["data/", "data/日.csv"])
        assert (new.date_time, new.compress_type, new.external_attr, new.comment) == (
            (2001, 2, 3, 4, 5, 6),
            zipfile.ZIP_BZIP2,
            0o640 << 16,
            b"of the file",
        )
        assert archive.read(new) == b"x"


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_while_packing_is_passed_on(tmp_path: Path, kind: Compression) -> None:
    """It is the writer's own, not one about the archive."""
    source = saved(tmp_path, packed(kind))

    with pytest.raises(KeyError), recompressed(source, io.BytesIO(), kind):
        raise KeyError


def test_a_frame_to_skip_may_come_first_in_zstandard(tmp_path: Path) -> None:
    """Programs that pack in parallel write such frames."""
    data = b"\x51\x2a\x4d\x18\x04\x00\x00\x00abcd" + packed("zstd")
    path = saved(tmp_path, data)

    assert recognise_container(path, data[:16]) == "zstd"
    with open_container(path, "zstd") as content:
        assert content.read() == TEXT


def test_an_archive_that_grows_while_it_is_read_is_refused(tmp_path: Path) -> None:
    """Even if what is read first could be unpacked."""
    path = saved(tmp_path, packed("zip"))

    with open_container(path, "zip") as content:
        with path.open("ab") as file:
            file.write(b"more")

        with pytest.raises(FileContentError, match="changed meanwhile"):
            content.read()


def test_a_zip_archive_of_very_many_files_is_refused_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before their names are looked at."""
    monkeypatch.setattr("labelclean.io.text.zip_members._MOST_MEMBERS", 3)
    path = saved(tmp_path, zipped({f"{number}/": b"" for number in range(4)}))

    with pytest.raises(FileContentError, match="it holds 4"):
        open_container(path, "zip")
