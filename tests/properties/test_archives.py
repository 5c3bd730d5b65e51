"""Archives: what was packed comes out again, and whatever is damaged is refused in the package's own words."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from labelclean.errors import FileContentError
from labelclean.io.layout import Compression
from labelclean.io.text.containers import open_container, recognise_container, recompressed

KINDS: list[Compression] = ["gzip", "bz2", "xz", "zstd", "zip"]
CONTENT = b"text,label\n" + b"a line of a table,good\n" * 20


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give one folder to all examples of a property."""
    return tmp_path_factory.mktemp("archives")


def packed(kind: Compression) -> bytes:
    """Return an archive as other programs make it."""
    match kind:
        case "gzip":
            return gzip.compress(CONTENT, mtime=0)
        case "bz2":
            return bz2.compress(CONTENT)
        case "xz":
            return lzma.compress(CONTENT)
        case "zstd":
            return zstandard.ZstdCompressor(write_checksum=True).compress(CONTENT)
        case "zip":
            target = io.BytesIO()
            with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(zipfile.ZipInfo("a.csv"), CONTENT, compress_type=zipfile.ZIP_DEFLATED)
            return target.getvalue()


@settings(deadline=None)
@given(kind=st.sampled_from(KINDS), pieces=st.lists(st.binary(max_size=50), max_size=5))
def test_what_is_packed_comes_out_again(kind: Compression, pieces: list[bytes], folder: Path) -> None:
    """Whatever it is, and in however many pieces it was written."""
    source, again = folder / "source", folder / "again"
    source.write_bytes(packed(kind))
    content = b"text," + b"".join(pieces)  # so that it does not look like another archive

    with again.open("wb") as target, recompressed(source, target, kind) as file:
        file.write(b"text,")
        for piece in pieces:
            file.write(piece)

    assert recognise_container(again, again.read_bytes()[:16]) == kind
    with open_container(again, kind) as file:
        assert file.read() == content


@settings(deadline=None, max_examples=150)
@given(kind=st.sampled_from(KINDS), data=st.data())
def test_a_damaged_archive_gives_its_content_or_is_refused(
    kind: Compression, data: st.DataObject, folder: Path
) -> None:
    """No error of a library ever comes out, wherever bytes were changed, added or lost."""
    path = folder / "damaged"
    archive = bytearray(packed(kind))
    at = data.draw(st.integers(0, len(archive) - 1), label="at")
    n_lost = data.draw(st.integers(0, 4), label="n_lost")
    archive[at : at + n_lost] = data.draw(st.binary(max_size=4), label="instead")
    path.write_bytes(archive)

    try:
        recognise_container(path, bytes(archive[:16]))
        with open_container(path, kind) as file:
            found = file.read()
        with recompressed(path, io.BytesIO(), kind) as target:
            target.write(found)
    except FileContentError:
        return

    assert len(found) <= len(CONTENT)
