from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelclean.errors import InvalidInputError
from labelclean.explain.evidence import Neighbour, RowEvidence, Side, Span

COUNTS = st.integers(0, 10**9)
SHARES = st.floats(0, 1)
SIDES: tuple[Side, Side] = ("suggested", "given")
SPANS = st.builds(Span, start=COUNTS, end=COUNTS, weight=SHARES, side=st.sampled_from(SIDES))
NEIGHBOURS = st.builds(Neighbour, row=COUNTS, similarity=SHARES, label=COUNTS)
WORDS = st.lists(st.text(), max_size=3).map(tuple)
EVIDENCE = st.builds(
    RowEvidence,
    row=COUNTS,
    suggested=COUNTS,
    given=st.integers(-1, 100),
    sentence=st.text(),
    spans=st.lists(SPANS, max_size=3).map(tuple),
    words_for=WORDS,
    words_against=WORDS,
    neighbours=st.lists(NEIGHBOURS, max_size=5).map(tuple),
    n_suggested=COUNTS,
    n_given=COUNTS,
    counter_example=st.none() | NEIGHBOURS,
)


@settings(deadline=None)
@given(EVIDENCE)
def test_evidence_comes_back_from_json_as_it_went(evidence: RowEvidence) -> None:
    """Whatever was found, with any text."""
    stored = json.loads(json.dumps(evidence.to_dict()))

    assert RowEvidence.from_dict(stored) == evidence


def test_spans_and_neighbours_are_stored_as_short_lists() -> None:
    """The form the docstring promises, since it lies in databases."""
    evidence = RowEvidence(
        row=3,
        suggested=1,
        given=0,
        sentence="Why.",
        spans=(
            Span(start=0, end=3, weight=1.0, side="suggested"),
            Span(start=4, end=6, weight=0.25, side="given"),
        ),
        words_for=("how",),
        words_against=("is",),
        neighbours=(Neighbour(row=7, similarity=0.5, label=1),),
        n_suggested=1,
    )

    assert evidence.to_dict() == {
        "row": 3,
        "suggested": 1,
        "given": 0,
        "sentence": "Why.",
        "spans": [[0, 3, 1.0, "s"], [4, 6, 0.25, "g"]],
        "words_for": ["how"],
        "words_against": ["is"],
        "neighbours": [[7, 0.5, 1]],
        "n_suggested": 1,
        "n_given": 0,
        "counter_example": None,
    }


@pytest.mark.parametrize(("field", "value"), [("row", "three"), ("spans", "none"), ("neighbours", [[1, "near", 2]])])
def test_what_was_never_written_is_refused(field: str, value: object) -> None:
    """A damaged record says so instead of becoming half a card."""
    stored = RowEvidence(row=3, suggested=1, given=0, sentence="Why.").to_dict() | {field: value}

    with pytest.raises(InvalidInputError, match="Stored evidence must hold"):
        RowEvidence.from_dict(stored)
