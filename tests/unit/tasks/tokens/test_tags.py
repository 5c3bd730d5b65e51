"""What tags say about spans."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from labelclean.errors import ConfigError, InvalidInputError
from labelclean.tasks.tokens.tags import BEGIN, END, INSIDE, OUTSIDE, SINGLE, continues_span, read_tags


def test_tags_are_taken_apart() -> None:
    """By hand; types in the order in which they first occur, and a hyphen may stand in a type."""
    tags = read_tags(["I-X-1", "O", "B-X-1", "B-Y"])

    assert tags.prefixes.tolist() == [INSIDE, OUTSIDE, BEGIN, BEGIN]
    assert tags.types.tolist() == [0, -1, 0, 1]
    assert tags.type_names == ("X-1", "Y")


def test_tags_without_a_type_are_of_the_empty_one() -> None:
    """B, I and O alone."""
    assert read_tags(["O", "B", "I"]).type_names == ("",)


def test_the_longer_scheme_has_ends_and_single_tokens() -> None:
    """B, I, O, E and S."""
    tags = read_tags(["O", "B-X", "I-X", "E-X", "S-X"], scheme="BIOES")

    assert tags.prefixes.tolist() == [OUTSIDE, BEGIN, INSIDE, END, SINGLE]
    assert tags.goes_on.tolist() == [False, False, True, True, False]
    assert tags.leaves_open.tolist() == [False, True, True, False, False]
    assert tags.may_be_last.tolist() == [True, False, False, True, True]
    assert read_tags(["O", "B-X", "I-X"]).may_be_last.all()


def test_a_span_goes_on_in_its_sentence_and_type_only() -> None:
    """By hand: B-X I-X I-Y | I-X O I-X."""
    tags = read_tags(["O", "B-X", "I-X", "B-Y", "I-Y"])

    found = continues_span(np.array([1, 2, 4, 2, 0, 2]), np.array([0, 3, 3, 6, 6]), tags)

    assert found.tolist() == [False, True, False, False, False, False]


@pytest.mark.parametrize(
    ("message", "names", "scheme"),
    [
        ("scheme BIO, such as 'O' and 'B-PER'; got something else for class 1", ["O", "E-X"], "BIO"),
        ("got something else for class 0", ["PER", "O"], "BIO"),
        ("got something else for class 1", ["O", 7], "BIO"),
        ("got something else for class 1", ["O", "O-X"], "BIO"),
        ("must hold 'O' once", ["B-X", "I-X"], "BIO"),
        ("must hold 'O' once", ["O", "B-X", "O"], "BIO"),
        (r"a B- tag for every type; got class 2 without one \(1 such", ["O", "B-X", "I-Y"], "BIO"),
        (r"got class 1 without one \(2 such", ["O", "E-X", "I-X"], "BIOES"),
    ],
)
def test_names_that_are_no_tags_are_refused(message: str, names: Any, scheme: Any) -> None:
    """With the position of the class."""
    with pytest.raises(InvalidInputError, match=message):
        read_tags(names, scheme=scheme)


def test_an_unknown_scheme_is_refused() -> None:
    """One of two."""
    with pytest.raises(ConfigError, match="scheme must be one of BIO, BIOES; got 'IOB1'"):
        read_tags(["O"], scheme="IOB1")  # type: ignore[arg-type]
