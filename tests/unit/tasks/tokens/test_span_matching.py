"""Which spans are about the same words."""

from __future__ import annotations

import numpy as np
import pytest

from labelclean.tasks.tokens.span_matching import match_spans
from labelclean.tasks.tokens.spans import Spans, read_spans

NAMES = ["O", "B-X", "I-X", "B-Y", "I-Y"]


def read(text: str) -> Spans:
    """Read one sentence."""
    return read_spans([text.split()], class_names=NAMES)


@pytest.mark.parametrize(
    ("given", "suggested", "expected"),
    [
        ("B-X I-X O", "B-X I-X O", [0]),
        ("B-X I-X O", "O O B-X", [-1]),
        ("B-X I-X I-X", "B-X B-X I-X", [1]),  # two tokens rather than one
        ("B-X I-X O", "B-Y B-X O", [1]),  # the same type
        ("B-X I-X O", "B-Y B-Y O", [0]),  # the first
        ("B-X B-X O", "O B-X O", [-1, 0]),
        ("O B-X I-X B-X I-X O", "B-X I-X B-X I-X B-X I-X", [0, 1]),  # a chain of single shared tokens
        ("O O", "O O", []),
        ("O O", "B-X I-X", []),
        ("B-X I-X", "O O", [-1]),
    ],
)
def test_spans_are_paired_by_shared_tokens_then_type_then_place(
    given: str, suggested: str, expected: list[int]
) -> None:
    """By hand."""
    one, other = read(given), read(suggested)

    found = match_spans(one, other, np.array([0, len(given.split())]))

    assert found.tolist() == expected
