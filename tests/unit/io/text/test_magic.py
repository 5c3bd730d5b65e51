"""Files that are no text are told by their first bytes, each with a way out."""

from __future__ import annotations

import re

import pytest

from labelclean.errors import FileContentError
from labelclean.io.text.magic import binary_kind, check_magic


@pytest.mark.parametrize(
    ("head", "kind", "way"),
    [
        (b"%PDF-1.7", "a PDF document", "such as CSV, JSON, Parquet or Excel"),
        (b"\x89PNG\r\n", "a PNG image", "such as CSV, JSON, Parquet or Excel"),
        (b"PAR1\x15", "a Parquet file", "told from its content"),
        (b"ARROW1\0\0", "an Arrow file", "JSON Lines or Parquet"),
        (b"\xd0\xcf\x11\xe0", "an old Excel or Word file", r"as \.xlsx or CSV"),
        (b"\x80\x04\x95", "a Python pickle", "never opened.* or Parquet"),
        (b"x" * 257 + b"ustar", "a tar archive", "Unpack"),
    ],
)
def test_files_that_are_no_text_are_named_with_a_way_out(head: bytes, kind: str, way: str) -> None:
    """The next step names every kind that can be read, and never a detour for one that can."""
    with pytest.raises(FileContentError, match=kind) as caught:
        check_magic(head)

    assert re.search(way, caught.value.fix or "")


def test_text_is_no_binary_kind() -> None:
    """Nothing is said about it."""
    assert binary_kind(b"text,label\n") is None
