"""What the export page says of the corrected file."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from labelclean.arrays import Label
from labelclean.export import CellChange
from labelclean.io.layout import Compression, FileFormat, FileLayout
from labelclean.label_set import LabelSet
from labelclean.review.decisions import Verdict
from labelclean.ui.corrected_name import corrected_name, first_unwritable, mime_type, promise


def _layout(
    file_format: FileFormat = "csv", *, encoding: str = "cp1252", compression: Compression | None = None
) -> FileLayout:
    return FileLayout(
        file_format=file_format,
        encoding=encoding,
        byte_order_mark=False,
        delimiter=",",
        columns=("text", "label"),
        n_rows=2,
        compression=compression,
    )


def _change(new: Label, old: Label = "old", row: int = 3) -> CellChange:
    return CellChange(
        row=row,
        row_id=None,
        old=old,
        new=new,
        verdict=Verdict.RELABEL,
        reviewer="kim",
        decided_at=datetime(2026, 1, 1, tzinfo=UTC),
        seconds_spent=None,
        error_probability=None,
        note="",
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("mine.csv", "mine.corrected.csv"),
        ("mine.jsonl.zst", "mine.corrected.jsonl.zst"),
        ("MINE.CSV.GZ", "MINE.corrected.CSV.GZ"),
        ("noending", "noending.corrected"),
        ("folder.zip", "folder.corrected.zip"),
    ],
)
def test_the_name_says_corrected_before_its_endings(name: str, expected: str) -> None:
    """So that the computer still knows what to open it with."""
    assert corrected_name(name) == expected


def test_the_browser_is_told_what_the_file_is() -> None:
    """The archive if there is one, else the format."""
    assert mime_type(_layout("xlsx")).endswith("spreadsheetml.sheet")
    assert mime_type(_layout("arrow")) == "application/zip"
    assert mime_type(_layout("csv", compression="gzip")) == "application/gzip"


def test_only_what_holds_is_promised() -> None:
    """Byte for byte is said of text alone."""
    assert "byte for byte" in promise(_layout("csv"))
    assert "packed again" in promise(_layout("csv", compression="zip"))
    assert "byte for byte" not in promise(_layout("parquet"))


def test_the_first_label_that_the_encoding_lacks_is_found() -> None:
    """Also inside of a set; decisions that change nothing do not count."""
    kept = _change("重", old="重", row=1)
    assert first_unwritable(_layout(), [kept, _change("Größe"), _change("重复", row=7)]) == _change("重复", row=7)
    assert first_unwritable(_layout(), [_change(LabelSet(["a", "重"]))]) is not None
    assert first_unwritable(_layout(), [kept]) is None
    assert first_unwritable(_layout("parquet"), [_change("重复")]) is None
