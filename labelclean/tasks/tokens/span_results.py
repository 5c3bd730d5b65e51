"""What is found about spans: frozen results over read-only arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

import numpy as np

from labelclean.arrays import CodeArray, CountMatrix, FloatArray, IndexArray, freeze_fields
from labelclean.errors import InvalidInputError
from labelclean.tasks.tokens.results import name_array
from labelclean.tasks.tokens.spans import Spans

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SPAN_ISSUE_KINDS", "Span", "SpanIssue", "SpanIssueKind", "SpanIssues"]

SpanIssueKind: TypeAlias = Literal[
    "invalid_sequence", "missing_span", "spurious_span", "wrong_type", "wrong_boundary", "wrong_type_and_boundary"
]
"""
What is wrong. The tags break their own rules; a span that should be there is not; a span is there that should not be;
it has the wrong type; it begins or ends at the wrong token; both.
"""

SPAN_ISSUE_KINDS: tuple[SpanIssueKind, ...] = get_args(SpanIssueKind)
"""The kinds in the order of their codes."""

NO_SPAN = -1


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """
    One span of a sentence.

    Attributes
    ----------
    start, end : int
        Its first token, and the one after its last.
    type : str
        Its type.
    """

    start: int
    end: int
    type: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SpanIssue:
    """
    One suspected span.

    Attributes
    ----------
    kind : str
        One of ``SPAN_ISSUE_KINDS``.
    sentence : int
        Its sentence, from 0.
    given : Span or None
        The span as labelled; None where one is missing.
    suggested : Span or None
        The span that the model sees; None where it sees none.
    score : float
        0 to 1, low = suspect.
    """

    kind: SpanIssueKind
    sentence: int
    given: Span | None
    suggested: Span | None
    score: float


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class SpanIssues:
    """
    Which spans are suspected, and in what way, most suspect first.

    Attributes
    ----------
    kinds : ndarray of int64, shape (n_issues,)
        Positions in ``SPAN_ISSUE_KINDS``.
    given_index, suggested_index : ndarray of int64, shape (n_issues,)
        The spans of each issue, positions in ``given_spans`` and ``suggested_spans``; -1 where there is none.
    label_quality_scores : ndarray of float64, shape (n_issues,)
        0 to 1, low = suspect; in rising order, ties by place in the text, then by kind.
    given_spans, suggested_spans : Spans
        All spans, as labelled and as the model sees them.
    span_scores : ndarray of float64, shape (n_given_spans,)
        0 to 1, low = suspect: the lowest probability of a given tag within each given span; 0 if its tags break the
        rules.
    sentence_scores : ndarray of float64, shape (n_sentences,)
        0 to 1, low = suspect: the score of the worst issue of each sentence; 1 where it has none.
    """

    kinds: CodeArray
    given_index: IndexArray
    suggested_index: IndexArray
    label_quality_scores: FloatArray
    given_spans: Spans
    suggested_spans: Spans
    span_scores: FloatArray
    sentence_scores: FloatArray

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)

    @property
    def n_issues(self) -> int:
        """Number of issues."""
        return len(self.kinds)

    @property
    def sentence_index(self) -> IndexArray:
        """Sentence of each issue, from 0."""
        return self._place("sentence_index")

    @property
    def start(self) -> IndexArray:
        """First token of each given span, or of the suggested one where none is given."""
        return self._place("start")

    @property
    def end(self) -> IndexArray:
        """Token after the last of each given span, or of the suggested one where none is given."""
        return self._place("end")

    def _place(self, name: Literal["sentence_index", "start", "end"]) -> IndexArray:
        is_given = self.given_index != NO_SPAN
        places = np.empty(self.n_issues, dtype=np.int64)
        places[is_given] = getattr(self.given_spans, name)[self.given_index[is_given]]
        places[~is_given] = getattr(self.suggested_spans, name)[self.suggested_index[~is_given]]
        return places

    def issue(self, position: int) -> SpanIssue:
        """
        Return one issue.

        Parameters
        ----------
        position : int
            0 is the most suspect one.

        Returns
        -------
        SpanIssue
            Everything about it.
        """
        return SpanIssue(
            kind=SPAN_ISSUE_KINDS[self.kinds[position]],
            sentence=int(self.sentence_index[position]),
            given=_span(self.given_spans, int(self.given_index[position])),
            suggested=_span(self.suggested_spans, int(self.suggested_index[position])),
            score=float(self.label_quality_scores[position]),
        )

    def counts_by_kind(self) -> dict[SpanIssueKind, int]:
        """
        Return how many issues of each kind there are.

        Returns
        -------
        dict of str to int
            All kinds, in the order of ``SPAN_ISSUE_KINDS``.
        """
        counts = np.bincount(self.kinds, minlength=len(SPAN_ISSUE_KINDS)).tolist()
        return dict(zip(SPAN_ISSUE_KINDS, counts, strict=True))

    def type_confusions(self) -> CountMatrix:
        """
        Return how often each type of span was given where another is suggested.

        Returns
        -------
        ndarray of int64, shape (n_types + 1, n_types + 1)
            Rows are given types, columns suggested ones, in the order of ``given_spans.type_names``; the last row and
            column stand for no span. On the diagonal are wrong boundaries. Sequences that break the rules do not count.
        """
        n_types = len(self.given_spans.type_names)
        counts = np.zeros((n_types + 1, n_types + 1), dtype=np.int64)
        differs = self.kinds != SPAN_ISSUE_KINDS.index("invalid_sequence")
        given = _types(self.given_spans, self.given_index[differs])
        suggested = _types(self.suggested_spans, self.suggested_index[differs])
        np.add.at(counts, (given, suggested), 1)
        return counts

    def to_frame(self, tokens: Sequence[Sequence[str]] | None = None) -> pd.DataFrame:
        """
        Return one line per issue, most suspect first.

        Parameters
        ----------
        tokens : sequence of sequences of str, length n_sentences, optional
            The tokens of each sentence.

        Returns
        -------
        DataFrame
            Columns ``rank`` (1 = most suspect), ``kind``, ``sentence``, ``start``, ``end`` (exclusive) and
            ``given_type`` of the given span, ``suggested_start``, ``suggested_end`` and ``suggested_type`` of the
            suggested one, ``given_text`` and ``suggested_text`` (only with tokens), ``label_quality`` (0 to 1, low =
            suspect). Missing where there is no such span.

        Raises
        ------
        InvalidInputError
            If a span's tokens do not exist.
        """
        import pandas as pd  # noqa: PLC0415  (keeps the import of the package light)

        columns: dict[str, object] = {
            "rank": np.arange(1, self.n_issues + 1),
            "kind": pd.Series(name_array(SPAN_ISSUE_KINDS)[self.kinds], dtype=object),
            "sentence": self.sentence_index,
        }
        sides = ((self.given_spans, self.given_index), (self.suggested_spans, self.suggested_index))
        for (spans, index), names in zip(sides, _COLUMNS, strict=True):
            start, end = _edges(spans, index)
            types = name_array([*spans.type_names, None])[_types(spans, index)]
            columns[names[0]] = pd.Series(start, dtype="Int64").mask(index == NO_SPAN)
            columns[names[1]] = pd.Series(end, dtype="Int64").mask(index == NO_SPAN)
            columns[names[2]] = pd.Series(types, dtype=object)
        if tokens is not None:
            for (spans, index), names in zip(sides, _COLUMNS, strict=True):
                columns[names[3]] = pd.Series(_texts(tokens, spans, index), dtype=object)
        columns["label_quality"] = self.label_quality_scores
        return pd.DataFrame(columns)


_COLUMNS = (
    ("start", "end", "given_type", "given_text"),
    ("suggested_start", "suggested_end", "suggested_type", "suggested_text"),
)


def _span(spans: Spans, index: int) -> Span | None:
    if index == NO_SPAN:
        return None
    start, end = int(spans.start[index]), int(spans.end[index])
    return Span(start=start, end=end, type=spans.type_names[spans.types[index]])


def _types(spans: Spans, index: IndexArray) -> CodeArray:
    """Return the type of each span; the number of types where there is none."""
    types = np.full(len(index), len(spans.type_names), dtype=np.int64)
    types[index != NO_SPAN] = spans.types[index[index != NO_SPAN]]
    return types


def _edges(spans: Spans, index: IndexArray) -> tuple[IndexArray, IndexArray]:
    """Return start and end of each span; -1 where there is none."""
    return np.append(spans.start, NO_SPAN)[index], np.append(spans.end, NO_SPAN)[index]


def _texts(tokens: Sequence[Sequence[str]], spans: Spans, index: IndexArray) -> list[str | None]:
    texts: list[str | None] = [None] * len(index)
    start, end = _edges(spans, index)
    for issue in np.flatnonzero(index != NO_SPAN).tolist():
        sentence = int(spans.sentence_index[index[issue]])
        words = tokens[sentence] if sentence < len(tokens) else ()
        if end[issue] > len(words):
            raise InvalidInputError(
                f"tokens must be those of the labels; got {len(words):,} tokens for sentence {sentence:,}, in which a "
                f"span ends at token {end[issue]:,}.",
                fix="Give the tokens of the same sentences, in the same order.",
            )
        texts[issue] = " ".join(words[start[issue] : end[issue]])
    return texts
