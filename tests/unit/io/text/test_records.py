"""Text blocks to whole records."""

from __future__ import annotations

import pytest

from labelclean.errors import FileContentError
from labelclean.io.text import records
from labelclean.io.text.records import Sample, record_batches, split_lines


def test_only_three_line_ends_end_a_line() -> None:
    """Other characters that Python's splitlines cuts at stay inside a line."""
    text = "a\u2028b\x0bc\x85d\x1ce\nf\r\ng\rh"

    assert split_lines(text) == ["a\u2028b\x0bc\x85d\x1ce\n", "f\r\n", "g\r", "h"]


def test_a_record_cut_by_a_block_is_joined() -> None:
    """Even if the border lies inside of a line end; every batch knows its first line."""
    batches = list(record_batches(["a\r", "\nb", "c\nd\n", "\r", "\ne"], split_lines))

    assert [record for batch in batches for record in batch.records] == ["a\r\n", "bc\n", "d\n", "\r\n", "e"]
    assert [(batch.first_line, len(batch.records), batch.is_last) for batch in batches] == [
        (1, 1, False),
        (2, 1, False),
        (3, 1, False),
        (4, 1, False),
        (5, 1, True),
    ]


def test_no_text_has_no_records() -> None:
    """An empty file has no batch at all."""
    assert list(record_batches([], split_lines)) == []


def test_lines_are_counted_inside_of_records() -> None:
    """A record over several lines moves those after it."""
    batch = records.RecordBatch(['"a\nb\r\nc"\n', "d\n", "e\n"], first_line=5)

    assert [batch.line_of(position) for position in range(3)] == [5, 8, 9]


def test_an_endless_record_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A record over the limit is named by its line, before the file is in memory."""
    monkeypatch.setattr(records, "MAX_RECORD_CHARACTERS", 10)

    with pytest.raises(FileContentError, match="begins in line 3"):
        list(record_batches(["a\nb\n", "c" * 6, "c" * 6, "never read"], split_lines))


def test_a_sample_is_bounded_by_rows_and_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is full after so many rows, or so many characters, but holds one row at least."""
    monkeypatch.setattr(records, "SAMPLE_ROWS", 3)
    monkeypatch.setattr(records, "_SAMPLE_CHARACTERS", 10)
    short, long = Sample(), Sample()

    long.add(["x" * 50])
    for _ in range(2):
        short.add(["a"])

    assert long.is_full
    assert not short.is_full
    short.add(["a"])
    assert short.is_full
