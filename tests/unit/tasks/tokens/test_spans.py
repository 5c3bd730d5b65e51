"""From tags to spans."""

from __future__ import annotations

import pytest

from labelclean.errors import InvalidInputError
from labelclean.tasks.tokens import Spans, TagScheme, read_spans

BIO = ["O", "B-X", "I-X", "B-Y", "I-Y"]
BIOES = ["O", "B-X", "I-X", "E-X", "S-X", "B-Y", "E-Y"]


def read(text: str, scheme: TagScheme = "BIO") -> Spans:
    """Read sentences parted by bars."""
    labels = [sentence.split() for sentence in text.split("|")]
    return read_spans(labels, class_names=BIO if scheme == "BIO" else BIOES, scheme=scheme)


def as_rows(spans: Spans) -> list[tuple[object, ...]]:
    """Sentence, start, end, type, broken."""
    return list(spans.to_frame().itertuples(index=False, name=None))


def test_spans_begin_end_and_touch() -> None:
    """By hand: two spans of one type beside each other, one to the end of its sentence."""
    spans = read("B-X I-X B-X O B-Y I-Y | | B-Y")

    assert as_rows(spans) == [
        (0, 0, 2, "X", False),
        (0, 2, 3, "X", False),
        (0, 4, 6, "Y", False),
        (2, 0, 1, "Y", False),
    ]
    assert spans.n_spans == 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("O I-X I-X", [(0, 1, 3, "X", True)]),
        ("B-X I-Y", [(0, 0, 1, "X", False), (0, 1, 2, "Y", True)]),
        ("B-X | I-X", [(0, 0, 1, "X", False), (1, 0, 1, "X", True)]),
        ("I-X O I-Y", [(0, 0, 1, "X", True), (0, 2, 3, "Y", True)]),
    ],
)
def test_a_tag_that_goes_on_with_nothing_begins_a_broken_span(text: str, expected: list[tuple[object, ...]]) -> None:
    """After O, after another type, at the start of a sentence."""
    assert as_rows(read(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("B-X I-X E-X S-X", [(0, 0, 3, "X", False), (0, 3, 4, "X", False)]),
        ("B-X I-X O", [(0, 0, 2, "X", True)]),
        ("B-X | E-X", [(0, 0, 1, "X", True), (1, 0, 1, "X", True)]),
        ("S-X E-X", [(0, 0, 1, "X", False), (0, 1, 2, "X", True)]),
        ("B-X B-X E-X", [(0, 0, 1, "X", True), (0, 1, 3, "X", False)]),
        ("B-X E-Y", [(0, 0, 1, "X", True), (0, 1, 2, "Y", True)]),
        ("B-X E-X I-X", [(0, 0, 2, "X", False), (0, 2, 3, "X", True)]),
    ],
)
def test_in_the_longer_scheme_spans_must_be_closed_too(text: str, expected: list[tuple[object, ...]]) -> None:
    """Left open before O, before another span, at the end of a sentence; gone on with after their end."""
    assert as_rows(read(text, "BIOES")) == expected


def test_no_sentences_have_no_spans() -> None:
    """Empty in, empty out."""
    assert read_spans([], class_names=BIO).n_spans == 0
    assert as_rows(read("O | |")) == []


def test_a_label_that_is_no_tag_is_refused() -> None:
    """With its place."""
    with pytest.raises(InvalidInputError, match="sentence 1, token 0"):
        read("O | PER")
