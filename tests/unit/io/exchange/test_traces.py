"""The keys that travel with a row."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from labelclean.errors import FileContentError
from labelclean.io.exchange.traces import annotation_of, number_of, text_of, time_of

HASH = "00ff00ff00ff00ff"


def test_numbers_that_became_text_are_read() -> None:
    """Some tools and spreadsheets may write them so."""
    holder = {"labelclean_row": "12", "labelclean_text_hash": HASH, "labelclean_error_probability": "0.5"}

    found = annotation_of(holder, "line 1", None)

    assert (found.row, found.error_probability, found.text) == (12, 0.5, None)


@pytest.mark.parametrize("row", [None, -1, 1.5, "x", True, [], float("nan"), "9" * 400])
def test_a_row_must_be_a_row(row: object) -> None:
    """Whatever else stands there, the task is not taken for any row."""
    with pytest.raises(FileContentError, match="Each task must say which row it is of"):
        annotation_of({"labelclean_row": row, "labelclean_text_hash": HASH}, "line 1", None)


def test_a_row_needs_its_fingerprint() -> None:
    """A row number alone could be of any file."""
    with pytest.raises(FileContentError, match="labelclean_text_hash; line 1 does not"):
        annotation_of({"labelclean_row": 1}, "line 1", None)


@pytest.mark.parametrize(
    ("value", "time"),
    [
        ("2026-03-02T09:00:00.500000Z", datetime(2026, 3, 2, 9, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-03-02T10:00:00+01:00", datetime(2026, 3, 2, 9, tzinfo=UTC)),
        ("2026-03-02T09:00:00", datetime(2026, 3, 2, 9, tzinfo=UTC)),
        (1772442000, datetime(2026, 3, 2, 9, tzinfo=UTC)),
        ("yesterday", None),
        ("0001-01-01T00:00:00+14:00", None),
        (1e30, None),
        (None, None),
        (True, None),
    ],
)
def test_times_are_in_utc(value: object, time: datetime | None) -> None:
    """ISO 8601 and seconds since 1970; what is no time is none."""
    assert time_of(value) == time


def test_only_plain_values_are_text() -> None:
    """Ids may be numbers; numbers that Python does not print are none."""
    assert [text_of(value) for value in ("a", 7, None, True, 1.5, ["a"], 10**5000)] == ["a", "7", "", "", "", "", ""]
    assert number_of(10**400) is None
