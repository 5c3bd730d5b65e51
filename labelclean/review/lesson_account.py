"""Works out what a lesson changed: habits of the reviewer, errors expected, agreement with held-out decisions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from labelclean.arrays import UNLABELLED, CodeArray, FloatArray, IndexArray, Label, MaskArray
from labelclean.core.reranking_data import RankingSignals, Reranking, Verdicts, ViewLogOdds
from labelclean.review.lesson_words import Habit, LessonAccount

__all__ = ["account_of", "expected_errors", "verdict_folds"]

_HABITS = 3
_AT_LEAST = 3  # times, to be a habit
_MOSTLY = 0.6
_FOLDS = 5
_CHECKED_FROM = 20  # decisions
_ROWS_BESIDE = 4_000  # undecided rows that a check ranks along
_EVEN = 0.5


def account_of(
    signals: RankingSignals, verdicts: Verdicts, reranking: Reranking, class_names: Sequence[Label]
) -> LessonAccount:
    """
    Say what was learned.

    Parameters
    ----------
    signals : RankingSignals
        What the audit knows.
    verdicts : Verdicts
        The decisions.
    reranking : Reranking
        What follows from them.
    class_names : sequence of hashable
        The classes of the run, and after them those that reviewers made.

    Returns
    -------
    LessonAccount
        The agreement after learning is that of re-rankings that did not see the rows in question.
    """
    is_open = signals.labels != UNLABELLED
    is_open[np.concatenate([verdicts.rows, verdicts.set_aside])] = False
    labelled = signals.labels[verdicts.rows] != UNLABELLED
    rows, true = verdicts.rows[labelled], verdicts.true_labels[labelled]
    before = after = None
    if len(rows) >= _CHECKED_FROM:
        audited = _said(signals.labels, signals.suggested_labels, signals.error_probabilities)
        before = float((audited[rows] == true).mean())
        after = float((_held_out(signals, rows, true) == true).mean())
    return LessonAccount(
        n_decisions=len(rows),
        habits=_habits(signals, rows, true, reranking=reranking, is_open=is_open, class_names=class_names),
        errors_before=expected_errors(signals.error_probabilities, is_open),
        errors_after=expected_errors(reranking.error_probabilities, is_open),
        agreement_before=before,
        agreement_after=after,
        is_held_out=after is not None,
    )


def expected_errors(error_probabilities: FloatArray, rows: MaskArray) -> float:
    """Return how many labels of some rows are expected to be wrong."""
    return float(np.nansum(error_probabilities[rows]))


def verdict_folds(n_verdicts: int) -> IndexArray:
    """Return the fold of each verdict; always the same for the same number."""
    return np.random.default_rng(0).permutation(np.arange(n_verdicts) % _FOLDS).astype(np.int64)


def _said(labels: CodeArray, suggested: CodeArray, error_probabilities: FloatArray) -> CodeArray:
    return np.where(error_probabilities > _EVEN, suggested, labels)


def _held_out(signals: RankingSignals, rows: IndexArray, true: CodeArray) -> CodeArray:
    """Return what the ranking says of each decided row if it learns from the others."""
    from labelclean.core.reranking import rerank  # noqa: PLC0415  (loads scipy; reviewing alone does not need it)

    others = np.setdiff1d(np.arange(len(signals.labels)), rows)
    beside = np.random.default_rng(0).permutation(others)[:_ROWS_BESIDE]
    small = _part(signals, np.concatenate([rows, beside]))
    places, is_wrong = np.arange(len(rows)), true != signals.labels[rows]
    folds = verdict_folds(len(rows))
    said = np.empty(len(rows), dtype=np.int64)
    for fold in range(_FOLDS):
        kept = np.flatnonzero(folds != fold)
        learnt = rerank(small, Verdicts(rows=places[kept], is_wrong=is_wrong[kept], true_labels=true[kept]))
        asked = folds == fold
        said[asked] = _said(small.labels, learnt.suggested_labels, learnt.error_probabilities)[: len(rows)][asked]
    return said


def _part(signals: RankingSignals, rows: IndexArray) -> RankingSignals:
    sketch = signals.views.text_sketch
    return RankingSignals(
        labels=signals.labels[rows],
        error_probabilities=signals.error_probabilities[rows],
        label_quality_scores=signals.label_quality_scores[rows],
        suggested_labels=signals.suggested_labels[rows],
        is_issue=signals.is_issue[rows],
        likely_labels=signals.likely_labels[rows],
        likely_probs=signals.likely_probs[rows],
        confident_joint=signals.confident_joint,
        views=ViewLogOdds(
            names=signals.views.names,
            values=signals.views.values[rows],
            text_sketch=sketch[rows] if len(sketch) else sketch,
        ),
    )


def _habits(
    signals: RankingSignals,
    rows: IndexArray,
    true: CodeArray,
    *,
    reranking: Reranking,
    is_open: MaskArray,
    class_names: Sequence[Label],
) -> tuple[Habit, ...]:
    """Return what was decided again and again for one given label, what concerns most rows first."""
    given = signals.labels[rows]
    pairs, counts = np.unique(np.column_stack([given, true]), axis=0, return_counts=True)
    n_given = np.bincount(given, minlength=len(class_names))
    habits: list[Habit] = []
    for (label, other), n_times in zip(pairs.tolist(), counts.tolist(), strict=True):
        n_decided = int(n_given[label])
        if n_times < _AT_LEAST or n_times < _MOSTLY * n_decided:
            continue
        of_label = is_open & (signals.labels == label)
        if other == label:
            n_more = int(np.count_nonzero(of_label & signals.is_issue & ~reranking.is_issue))
        else:
            n_more = int(np.count_nonzero(of_label & reranking.is_issue & (reranking.suggested_labels == other)))
        if n_more:
            habits.append(
                Habit(
                    kind="kept" if other == label else "meant",
                    label=class_names[label],
                    other=class_names[other],
                    n_times=n_times,
                    n_decided=n_decided,
                    n_more=n_more,
                )
            )
    habits.sort(key=lambda habit: (habit.kind == "kept", -habit.n_more, -habit.n_times))
    return tuple(habits[:_HABITS])
