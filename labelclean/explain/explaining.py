"""The evidence for the labels of some rows, gathered from the models, the texts and the other rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from labelclean.arrays import UNLABELLED, CodeArray, FeatureMatrix, IndexArray, Label
from labelclean.explain.evidence import Neighbour, RowEvidence, Span
from labelclean.explain.neighbours import NearestTexts, nearest_texts
from labelclean.explain.sentence import Reasons, sentence_of
from labelclean.explain.spans import span_words
from labelclean.explain.voices import Question, Voice, telling_spans
from labelclean.protocols import Progress, no_progress

__all__ = ["explain_rows"]

_TWO_CLASSES = 2
_SEARCHED = 0.5  # share of the time after which the neighbours are found


def explain_rows(
    rows: IndexArray,
    texts: Sequence[str],
    labels: CodeArray,
    suggested_labels: CodeArray,
    *,
    class_names: Sequence[Label],
    voices: Sequence[Voice],
    features: FeatureMatrix,
    groups: IndexArray,
    rivals: CodeArray | None = None,
    n_spans: int = 8,
    n_neighbours: int = 5,
    progress: Progress = no_progress,
) -> list[RowEvidence]:
    """
    Gather what speaks for the suggested and for the given label of some rows.

    Parameters
    ----------
    rows : ndarray of int64, shape (n_rows,)
        The rows to explain, such as the first few thousand suspects.
    texts : sequence of str, length n_examples
        All texts.
    labels : ndarray of int64, shape (n_examples,)
        The class codes that the caller believes, given or decided; -1 where there is none.
    suggested_labels : ndarray of int64, shape (n_examples,)
        The class codes that are suggested.
    class_names : sequence of hashable, length n_classes
        The labels as the user spells them.
    voices : sequence of Voice
        The models whose words can be shown; those over embeddings or other columns cannot. With none, no part of a
        text is shown.
    features : csr_array of float32, shape (n_examples, n_features)
        What texts are compared by: the TF-IDF rows of the main view.
    groups : ndarray of int64, shape (n_examples,)
        Rows with the same number are copies of each other, or nearly so.
    rivals : ndarray of int64, shape (n_rows,), optional
        The class that the suggestion is weighed against where there is no given label other than it: the second most
        likely one of each of the rows. Where left out, or -1, no words are shown for such a row.
    n_spans : int, default=8
        Different words or phrases of each side to show, at most.
    n_neighbours : int, default=5
        Neighbours of each row, at most.
    progress : Progress, optional
        Told the fraction of this step alone, 0 to 1; it may raise ``RunCancelledError``.

    Returns
    -------
    list of RowEvidence
        One for each of the rows, in their order.

    Raises
    ------
    RunCancelledError
        If ``progress`` raises it.

    Notes
    -----
    The words are those of the very models that judged the row without having seen it: what each feature added to the
    score of the suggested label over that of the given one, weighed as in the pool. Cost: about a millisecond a row,
    and the comparison with every text.

    Examples
    --------
    >>> from labelclean.features.views import text_views
    >>> texts = ["late parcel", "late parcel again", "my parcel is late", "refund please"]
    >>> view = text_views(texts)[0]
    >>> found = explain_rows(
    ...     np.array([0]), texts, np.array([1, 0, 0, 1]), np.array([0, 0, 0, 1]),
    ...     class_names=["delivery", "refund"], voices=[], features=view.tfidf, groups=np.arange(4),
    ... )
    >>> found[0].sentence
    'Both of its nearest texts are labelled delivery.'
    """
    rows = np.asarray(rows, dtype=np.int64)
    question, asked = _question(rows, labels, suggested_labels, rivals)
    nearest = nearest_texts(
        features,
        rows,
        labels,
        groups,
        n_neighbours=n_neighbours,
        progress=lambda step, fraction: progress(step, _SEARCHED * fraction),
    )
    told = telling_spans(
        question,
        texts,
        voices,
        n_each=n_spans,
        progress=lambda step, fraction: progress(step, _SEARCHED + (1.0 - _SEARCHED) * fraction),
    )
    spans = dict(zip(asked.tolist(), told, strict=True))
    n_pair, n_labelled = _pair_counts(rows, labels, suggested_labels)
    if len(class_names) <= _TWO_CLASSES:
        n_pair = np.zeros_like(n_pair)  # the only pair there is, which the statement about all labels covers
    return [
        _row_evidence(
            _Row(
                row=row,
                text=texts[row],
                suggested=int(suggested_labels[row]),
                given=int(labels[row]),
                n_pair=int(n_pair[place]),
                n_labelled=int(n_labelled[place]),
            ),
            spans.get(place, []),
            *_neighbours(nearest, place, labels),
            class_names=class_names,
        )
        for place, row in enumerate(rows.tolist())
    ]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Row:
    """What is known of a row before any evidence."""

    row: int
    text: str
    suggested: int
    given: int
    n_pair: int
    n_labelled: int


def _question(
    rows: IndexArray, labels: CodeArray, suggested_labels: CodeArray, rivals: CodeArray | None
) -> tuple[Question, IndexArray]:
    """Return what to ask the models, and the places of the rows that have a class to be weighed against."""
    given, suggested = labels[rows], suggested_labels[rows]
    has_rival = (given == UNLABELLED) | (given == suggested)
    others = np.full(len(rows), UNLABELLED, dtype=np.int64) if rivals is None else rivals
    right = np.where(has_rival, others, given)
    asked = np.flatnonzero((right != UNLABELLED) & (right != suggested))
    question = Question(rows=rows[asked], left=suggested[asked], right=right[asked], both_sides=~has_rival[asked])
    return question, asked


def _neighbours(nearest: NearestTexts, place: int, labels: CodeArray) -> tuple[tuple[Neighbour, ...], Neighbour | None]:
    """Return a row's neighbours, and its counter-example."""
    found = tuple(
        _neighbour(row, similarity, labels)
        for row, similarity in zip(nearest.rows[place].tolist(), nearest.similarities[place].tolist(), strict=True)
        if row >= 0
    )
    counter_row = int(nearest.counter_rows[place])
    counter_similarity = float(nearest.counter_similarities[place])
    return found, _neighbour(counter_row, counter_similarity, labels) if counter_row >= 0 else None


def _neighbour(row: int, similarity: float, labels: CodeArray) -> Neighbour:
    return Neighbour(row=row, similarity=round(similarity, 4), label=int(labels[row]))


def _pair_counts(rows: IndexArray, labels: CodeArray, suggested_labels: CodeArray) -> tuple[IndexArray, IndexArray]:
    """Return for each row how many rows share its label and suggestion, and how many share its label."""
    n_classes = int(max(labels.max(initial=0), suggested_labels.max(initial=0))) + 1
    pairs = np.sort(labels * n_classes + suggested_labels)
    wanted = labels[rows] * n_classes + suggested_labels[rows]
    n_pair = np.searchsorted(pairs, wanted, side="right") - np.searchsorted(pairs, wanted, side="left")
    n_labelled = np.bincount(labels[labels != UNLABELLED], minlength=n_classes)
    return n_pair, np.where(labels[rows] == UNLABELLED, 0, n_labelled[labels[rows]])


def _row_evidence(
    row: _Row,
    spans: Sequence[Span],
    neighbours: tuple[Neighbour, ...],
    counter_example: Neighbour | None,
    *,
    class_names: Sequence[Label],
) -> RowEvidence:
    """Put the evidence of one row together."""
    words_for, words_against = span_words(row.text, spans, "suggested"), span_words(row.text, spans, "given")
    n_suggested = sum(each.label == row.suggested for each in neighbours)
    n_given = sum(each.label == row.given for each in neighbours)
    others = Counter(each.label for each in neighbours if each.label not in {row.suggested, row.given})
    [(other, n_other)] = others.most_common(1) or [(UNLABELLED, 0)]  # among equals the nearest
    sentence = sentence_of(
        Reasons(
            suggested=class_names[row.suggested],
            given=None if row.given == UNLABELLED else class_names[row.given],
            n_neighbours=len(neighbours),
            n_suggested=n_suggested,
            n_given=n_given,
            other=None if other == UNLABELLED else class_names[other],
            n_other=n_other,
            words_for=words_for,
            words_against=words_against,
            n_pair=row.n_pair,
            n_labelled=row.n_labelled,
            is_empty=not row.text.strip(),
        )
    )
    return RowEvidence(
        row=row.row,
        suggested=row.suggested,
        given=row.given,
        sentence=sentence,
        spans=tuple(spans),
        words_for=words_for,
        words_against=words_against,
        neighbours=neighbours,
        n_suggested=n_suggested,
        n_given=n_given,
        counter_example=counter_example,
    )
