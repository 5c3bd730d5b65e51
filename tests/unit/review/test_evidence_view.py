"""The evidence for a row as the card shows it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelclean.explain.evidence import Neighbour, RowEvidence, Span
from labelclean.review.decisions import ReviewEvent, Verdict
from labelclean.review.evidence_view import EvidenceViewer, tinted_spans
from labelclean.review.label_names import LabelNames
from labelclean.review.payload import CardEvidence
from tests.store_examples import decide

TEXTS = ("how many days", "x" * 1_000, "  two\n lines ", "", "fifth", "sixth", "seventh")
CLASSES = ("a", "b")


def view(found: RowEvidence | None, decisions: Mapping[int, ReviewEvent] | None = None) -> CardEvidence | None:
    """Return what the card shows of it."""
    known = decisions or {}
    names = LabelNames.of(CLASSES, (event.label for event in known.values() if event.label is not None))
    return EvidenceViewer(texts=TEXTS, class_names=CLASSES, names=names, decisions=known).view(found)


def near(row: int, label: int = 1) -> Neighbour:
    """Return a neighbour."""
    return Neighbour(row=row, similarity=0.5, label=label)


def test_a_row_that_was_not_explained_has_no_evidence() -> None:
    """Nothing is made up."""
    assert view(None) is None


def test_evidence_names_labels_and_quotes_the_beginning_of_other_texts() -> None:
    """Codes become names, rows become their first words on one line."""
    found = RowEvidence(row=0, suggested=1, given=0, sentence="Why.", neighbours=(near(2), near(1), near(3, 0)))

    shown = view(found)

    assert shown is not None
    assert (shown["sentence"], shown["suggested"], shown["given"]) == ("Why.", "b", "a")
    assert [(item["row"], item["label"], item["told"]) for item in shown["nearest"]] == [
        (2, "b", None),
        (1, "b", None),
        (3, "a", None),
    ]
    assert [item["text"] for item in shown["nearest"]] == ["two lines", "x" * 159 + "…", ""]


def test_a_row_without_a_label_has_evidence_for_the_suggestion_alone() -> None:
    """There is no given label to speak for."""
    shown = view(RowEvidence(row=0, suggested=1, given=-1, sentence="Why."))

    assert shown is not None
    assert shown["given"] is None


@pytest.mark.parametrize(
    ("verdict", "label", "shown_label", "told"),
    [
        (Verdict.ACCEPT, "a", "a", "corrected"),
        (Verdict.RELABEL, "new", "new", "corrected"),
        (Verdict.KEEP, None, "b", "confirmed"),
        (Verdict.EXCLUDE, None, "b", "excluded"),
        (Verdict.UNSURE, None, "b", None),
        (Verdict.AMBIGUOUS, None, "b", None),
    ],
)
def test_a_neighbour_that_was_decided_says_so(
    verdict: Verdict, label: str | None, shown_label: str, told: str | None
) -> None:
    """What reviewers found out meanwhile counts more than what the audit knew."""
    decisions = {4: decide("e", 4, verdict=verdict, label=label)}

    shown = view(RowEvidence(row=0, suggested=1, given=0, sentence="", neighbours=(near(4),)), decisions)

    assert shown is not None
    assert (shown["nearest"][0]["label"], shown["nearest"][0]["told"]) == (shown_label, told)


def test_the_counter_example_is_shown_once() -> None:
    """Among the nearest it stands already; one further away comes by itself."""
    nearest = (near(1), near(2), near(3, 0), near(4), near(5, 0))

    among = view(RowEvidence(row=0, suggested=1, given=0, sentence="", neighbours=nearest, counter_example=near(3, 0)))
    alone = view(RowEvidence(row=0, suggested=1, given=0, sentence="", neighbours=nearest, counter_example=near(6, 0)))

    assert among is not None
    assert alone is not None
    assert [item["row"] for item in among["nearest"]] == [1, 2, 3, 4, 5]
    assert among["counter"] is None
    assert alone["counter"] is not None
    assert alone["counter"]["row"] == 6


def span(start: int, end: int) -> Span:
    """Return a span for the suggestion."""
    return Span(start=start, end=end, weight=1.0, side="suggested")


@pytest.mark.parametrize(
    ("text", "start", "end", "expected"),
    [
        ("abcdef", 1, 3, (1, 3)),
        ("\U0001f4ec\U0001f4ec cd", 3, 5, (5, 7)),  # two emoji before, each two units
        ("a\U0001f4ecc", 1, 2, (1, 3)),
        ("cafe\u0301 x", 0, 4, (0, 5)),  # the accent belongs to its letter
        ("นำ้x", 0, 2, (0, 3)),
        ("abc", 2, 99, (2, 3)),
    ],
)
def test_spans_are_counted_as_javascript_counts(text: str, start: int, end: int, expected: tuple[int, int]) -> None:
    """In UTF-16 code units, never between a letter and its marks, never past the end."""
    (found,) = tinted_spans(text, [span(start, end)])

    assert (found["start"], found["end"]) == expected


def test_spans_that_overlap_are_cut_where_the_one_before_ends() -> None:
    """Each letter is tinted once."""
    found = tinted_spans("abcdefgh", [span(4, 6), span(0, 5), span(1, 3), span(9, 12)])

    assert [(item["start"], item["end"]) for item in found] == [(0, 5), (5, 6)]


def test_the_strongest_words_for_the_suggested_label_are_the_main_ones() -> None:
    """However strong those for the given label are; a long text is shown from there."""
    spans = [
        Span(start=0, end=2, weight=1.0, side="given"),
        Span(start=3, end=5, weight=0.4, side="suggested"),
        Span(start=6, end=8, weight=0.7, side="suggested"),
    ]

    found = tinted_spans("ab cd ef", spans)

    assert [item["is_main"] for item in found] == [False, False, True]
    assert [item["is_main"] for item in tinted_spans("ab cd ef", spans[:1])] == [True]


@settings(deadline=None)
@given(
    st.text(max_size=30),
    st.lists(st.tuples(st.integers(0, 35), st.integers(0, 35)).filter(lambda pair: pair[0] < pair[1]), max_size=5),
)
def test_spans_never_overlap_and_stay_within_the_text(text: str, places: list[tuple[int, int]]) -> None:
    """Whatever is stored, the browser can cut the text with it."""
    found = tinted_spans(text, [span(start, end) for start, end in places])

    n_units = len(text.encode("utf-16-le", "surrogatepass")) // 2
    ends = [0, *(place for item in found for place in (item["start"], item["end"]))]
    assert ends == sorted(ends)
    assert ends[-1] <= n_units
    assert all(item["start"] < item["end"] for item in found)
