"""Pieces of pages."""

from __future__ import annotations

import pytest

from labelclean.ui.elements import count, percent, plain_markdown, plate


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain words", "plain words"),
        ("**bold**", r"\*\*bold\*\*"),
        ("$x^2$", r"\$x\^2\$"),
        (":red[x]", r"\:red\[x\]"),
        ("a_b\nc", r"a\_b c"),
        ("<b>", r"\<b\>"),
    ],
)
def test_markdown_is_escaped(text: str, expected: str) -> None:
    """Every character that markdown, maths or Streamlit would read is escaped."""
    assert plain_markdown(text) == expected


def test_labels_are_escaped_in_plates() -> None:
    """A label is shown letter for letter."""
    assert "<script>" not in plate("<script>", "given")


def test_numbers_are_grouped_and_shares_are_per_cent() -> None:
    """Thousands are separated; per cent has a space."""
    assert count(1234567) == "1,234,567"
    assert percent(0.8749, digits=1) == "87.5 %"
