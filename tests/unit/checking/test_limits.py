"""How many label errors are allowed."""

from __future__ import annotations

import pytest

from labelclean.checking import ErrorLimit, parse_limit
from labelclean.errors import InvalidInputError


@pytest.mark.parametrize(
    ("spelled", "allowed"),
    [("2%", 4.0), ("0%", 0.0), ("100%", 200.0), ("2.5 %", 5.0), (" 7 ", 7.0), ("0", 0.0), ("1000", 1000.0)],
)
def test_a_limit_is_a_share_of_the_labels_or_a_number(spelled: str, allowed: float) -> None:
    """Of 200 labels."""
    assert parse_limit(spelled).allowed(200) == allowed


@pytest.mark.parametrize("spelled", ["", "0.02", "-1", "101%", "2 percent", "%", "1e3", "٢%", "nan", "2%%", "1,000"])
def test_what_could_mean_something_else_is_refused(spelled: str) -> None:
    """Such as 0.02: two per cent, or a fiftieth of a label."""
    with pytest.raises(InvalidInputError, match="--max-errors must be a share"):
        parse_limit(spelled)


def test_a_limit_reads_as_it_was_written() -> None:
    """In reports."""
    assert [str(parse_limit(spelled)) for spelled in ("2%", "2.50%", "20")] == ["2%", "2.5%", "20"]
    assert parse_limit("2%") == ErrorLimit(value=2.0, is_percent=True)
