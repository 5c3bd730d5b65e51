"""The telling parts of texts, as the models that judged them heard them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from scipy import sparse

from labelclean.arrays import CodeArray, FloatArray, IndexArray, MaskArray
from labelclean.explain.evidence import Side, Span
from labelclean.explain.spans import SpanReader, character_scores, readable_spans
from labelclean.protocols import Progress, no_progress

__all__ = ["Contributions", "Parts", "Question", "Voice", "telling_spans"]

_CHARACTERS_TOGETHER = 4_000_000  # of texts whose contributions are held at a time; some 100 MB
_ROWS_TOLD = 256  # between two reports of progress
_VIEW_APART = 1 << 40  # so that no two views share the number of a column
_MODELS = 0.3  # share of the time that the models take

Parts: TypeAlias = "sparse.csr_array[np.float64, tuple[int, int]]"
"""What each feature of a view adds to a score, one row for each question."""


class Contributions(Protocol):
    """A linear model or naive Bayes that can say what each feature added to the score of a row it had not seen."""

    def contributions(self, rows: IndexArray, left: CodeArray, right: CodeArray) -> Parts:
        """Return what each feature adds to ``scores[row, left] - scores[row, right]``, one row for each asked."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Voice:
    """
    One model in the pool, with the view of the text that it read.

    Attributes
    ----------
    model : Contributions
        Its held-out scores, which can be taken apart.
    reader : SpanReader
        Finds the features of its view in a text. Models of one view share one reader.
    scale : float
        What its scores are multiplied by in the pool: its weight over its temperature.
    """

    model: Contributions
    reader: SpanReader
    scale: float


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Question:
    """
    What is asked about some rows; all arrays have shape (n_rows,).

    Attributes
    ----------
    rows : ndarray of int64
        Which rows.
    left, right : ndarray of int64
        The class that is suggested for each, and the one it is weighed against.
    both_sides : ndarray of bool
        Whether words that speak for ``right`` are wanted as well.
    """

    rows: IndexArray
    left: CodeArray
    right: CodeArray
    both_sides: MaskArray


def telling_spans(
    question: Question,
    texts: Sequence[str],
    voices: Sequence[Voice],
    *,
    n_each: int = 8,
    progress: Progress = no_progress,
) -> list[list[Span]]:
    """
    Find the words that made the models prefer one class over another.

    Parameters
    ----------
    question : Question
        Rows, and the classes to weigh against each other.
    texts : sequence of str, length n_examples
        All texts.
    voices : sequence of Voice
        The models; with none, no words are found.
    n_each : int, default=8
        Different words or phrases of each side, at most.
    progress : Progress, optional
        Told the fraction done, 0 to 1; it may raise ``RunCancelledError``.

    Returns
    -------
    list of list of Span
        For each of the rows, in their order.

    Raises
    ------
    RunCancelledError
        If ``progress`` raises it.

    Examples
    --------
    >>> from labelclean.features.views import text_views
    >>> from labelclean.models.naive_bayes import leave_one_out_naive_bayes
    >>> texts = ["late parcel", "parcel here", "late again", "refund now"] * 2
    >>> view = text_views(texts)[0]
    >>> model = leave_one_out_naive_bayes(view.counts, np.array([0, 0, 0, 1] * 2), np.arange(8), n_classes=2)
    >>> question = Question(
    ...     rows=np.array([3]), left=np.array([0]), right=np.array([1]), both_sides=np.array([True])
    ... )
    >>> [spans] = telling_spans(question, texts, [Voice(model=model, reader=view.reader, scale=1.0)])
    >>> [(texts[3][span.start : span.end], span.side) for span in spans]
    [('refund now', 'given')]
    """
    lengths = np.fromiter((len(texts[row]) for row in question.rows.tolist()), np.int64, len(question.rows))
    block_of = np.cumsum(lengths) // _CHARACTERS_TOGETHER
    found: list[list[Span]] = []
    for places in np.split(np.arange(len(lengths)), np.flatnonzero(np.diff(block_of)) + 1):
        parts = _parts_by_reader(voices, question, places, n_before=len(found), progress=progress)
        for i, place in enumerate(places.tolist()):
            if i % _ROWS_TOLD == 0:
                done = _MODELS * len(places) + (1 - _MODELS) * i
                progress("Finding telling words", (len(found) - i + done) / len(lengths))
            text = texts[question.rows[place]]
            sides: tuple[Side, ...] = ("suggested", "given") if question.both_sides[place] else ("suggested",)
            found.append(readable_spans(text, _heard(text, parts, i), n_each=n_each, sides=sides))
    return found


def _parts_by_reader(
    voices: Sequence[Voice], question: Question, places: IndexArray, *, n_before: int, progress: Progress
) -> list[tuple[SpanReader, Parts]]:
    """Return what each feature of each view adds to the pooled scores; models that read the same view are summed."""
    summed: dict[int, tuple[SpanReader, Parts]] = {}
    heard = [voice for voice in voices if voice.scale != 0] if len(places) else []
    for i, voice in enumerate(heard):
        done = n_before + _MODELS * len(places) * i / len(heard)
        progress("Finding telling words", done / len(question.rows))
        parts = voice.model.contributions(question.rows[places], question.left[places], question.right[places])
        parts = sparse.csr_array(parts * voice.scale)
        if id(voice.reader) in summed:
            parts = sparse.csr_array(summed[id(voice.reader)][1] + parts)
        summed[id(voice.reader)] = (voice.reader, parts)
    return list(summed.values())


def _heard(text: str, parts_by_reader: Sequence[tuple[SpanReader, Parts]], i: int) -> FloatArray:
    """Return what each character of a text adds, through all views."""
    places, columns, values = [], [], []
    for number, (reader, parts) in enumerate(parts_by_reader):
        stored = slice(int(parts.indptr[i]), int(parts.indptr[i + 1]))
        theirs = parts.indices[stored].astype(np.int64)
        if len(theirs):
            found = np.array(reader.spans(text, theirs), dtype=np.int64).reshape(-1, 3)
            places.append(found + np.array([number * _VIEW_APART, 0, 0]))
            columns.append(theirs + number * _VIEW_APART)
            values.append(parts.data[stored])
    if not places:
        return np.zeros(len(text))
    return character_scores(text, np.concatenate(places), np.concatenate(columns), np.concatenate(values))
