"""The queue that learns from the reviewer: verdicts so far in, new error probabilities out."""

from __future__ import annotations

import numpy as np

from labelclean.arrays import UNLABELLED, ClassArray, FloatArray, IndexArray, MaskArray
from labelclean.core.error_probability import rank_rows
from labelclean.core.noise import estimate_noise
from labelclean.core.reranking_checks import check_reranking
from labelclean.core.reranking_columns import describe_rows
from labelclean.core.reranking_data import RankingSignals, Reranking, Verdicts
from labelclean.core.reranking_model import learn_weights
from labelclean.core.reranking_noise import corrected_joint, corrected_suggestions, likely_truths

__all__ = ["rerank"]

_RELUCTANCE = 1.0  # rate of the prior on each spread: one log-odds is a large move
_NO_VERDICTS = Verdicts(
    rows=np.empty(0, dtype=np.int64), is_wrong=np.empty(0, dtype=np.bool_), true_labels=np.empty(0, dtype=np.int64)
)
_NEXT_ROWS = 50  # a reviewer's next hour: where a moved ranking is felt


def rerank(signals: RankingSignals, verdicts: Verdicts) -> Reranking:
    """
    Rank the rows anew by what the reviewer's verdicts say about the ranking so far.

    Mistakes that a rule or a tired annotator made over and over look like truth to every learner. The verdicts can
    tell: which learner was right, which classes and pairs are really confused, and how far the probabilities can be
    believed. A logistic model starts from the audit's ranking and moves away from it only as far as the verdicts
    are evidence for; see ``reranking_model.learn_weights``. Suggestions and noise follow.

    Parameters
    ----------
    signals : RankingSignals
        What the audit knows about each row.
    verdicts : Verdicts
        What the reviewer said so far; any number, in any order.

    Returns
    -------
    Reranking
        New probabilities, suggestions, flags, order and noise. Without a verdict on a labelled row all of it is the
        audit's, bit for bit. The flags change only where a probability crosses the audit's own limit.

    Raises
    ------
    InvalidInputError
        If shapes do not fit, rows are none or stand twice, or a verdict contradicts itself.

    Notes
    -----
    Reviewers look at the top of the queue, so the verdicts are no fair sample. They are a fair sample of rows that
    look alike to the model, and that is all it takes.

    References
    ----------
    Rubin (1976), "Inference and Missing Data", Biometrika 63 (why the choice of rows does not matter here).

    Examples
    --------
    >>> from labelclean.core.reranking_data import ViewLogOdds
    >>> labels = np.repeat([0, 1], 20)
    >>> signals = RankingSignals(
    ...     labels=labels, error_probabilities=np.full(40, 0.2), label_quality_scores=np.full(40, 0.8),
    ...     suggested_labels=labels, is_issue=np.zeros(40, dtype=bool), likely_labels=np.tile([0, 1], (40, 1)),
    ...     likely_probs=np.full((40, 2), 0.5), confident_joint=np.array([[16, 4], [4, 16]]),
    ...     views=ViewLogOdds(names=("words",), values=np.zeros((40, 1), dtype=np.float32)),
    ... )
    >>> rows = np.r_[0:10, 20:30]
    >>> verdicts = Verdicts(rows=rows, is_wrong=labels[rows] == 0, true_labels=np.full(20, -1))
    >>> rerank(signals, verdicts).error_probabilities[[15, 35]].round(1)
    array([0.9, 0.1])
    """
    check_reranking(signals, verdicts)
    undecided = _undecided(signals, verdicts)
    probs, names, weights = signals.error_probabilities.copy(), signals.views.names, np.zeros(len(signals.views.names))
    taught = signals.labels[verdicts.rows] != UNLABELLED
    if taught.any():
        probs, names, weights = _learnt(signals, verdicts.rows[taught], verdicts.is_wrong[taught])
    moved, flags = _share_of_new_rows(signals, probs, undecided), _flags(signals, probs) & undecided
    probs[verdicts.rows[taught]] = verdicts.is_wrong[taught]
    before, after = likely_truths(signals, _NO_VERDICTS), likely_truths(signals, verdicts)
    return Reranking(
        error_probabilities=probs,
        suggested_labels=corrected_suggestions(signals, verdicts, probs, before=before, after=after),
        is_issue=flags,
        ranked_rows=rank_rows(probs, signals.label_quality_scores),
        noise=estimate_noise(corrected_joint(signals, verdicts, probs, before=before, after=after)),
        moved=moved,
        signal_names=names,
        signal_weights=weights,
    )


def _undecided(signals: RankingSignals, verdicts: Verdicts) -> MaskArray:
    undecided: MaskArray = signals.labels != UNLABELLED
    undecided[verdicts.rows] = False
    undecided[verdicts.set_aside] = False
    return undecided


def _learnt(
    signals: RankingSignals, rows: IndexArray, is_wrong: MaskArray
) -> tuple[FloatArray, tuple[str, ...], ClassArray]:
    """Return every row's probability after the verdicts, and what each learner has to do with it."""
    columns = describe_rows(signals, rows)
    blocks = columns.block_of
    rates = np.full(int(blocks.max()) + 1, _RELUCTANCE)
    rates[0] = _RELUCTANCE / 2.0  # of the intercept: how many labels are wrong is the least known
    learnt = learn_weights(columns.sparse_rows(rows), blocks, columns.offsets[rows], is_wrong, spread_rates=rates)
    shown = columns.learner_columns
    return columns.predict(learnt), columns.names, learnt.weights[shown] / np.sqrt(len(columns.names))


def _share_of_new_rows(signals: RankingSignals, probs: FloatArray, undecided: MaskArray) -> float:
    """Return which share of the next rows to review would not have been among them."""
    quality = signals.label_quality_scores
    orders = [rank_rows(values, quality) for values in (signals.error_probabilities, probs)]
    before, after = (order[undecided[order]][:_NEXT_ROWS] for order in orders)
    return 1.0 - len(np.intersect1d(before, after)) / len(after) if len(after) else 0.0


def _flags(signals: RankingSignals, probs: FloatArray) -> MaskArray:
    """Change the audit's flag where the probability crosses the limit that the number of flags implies."""
    before = signals.error_probabilities
    n_flags, known = int(np.count_nonzero(signals.is_issue)), np.sort(before[~np.isnan(before)])
    limit = min(0.5, float(known[-n_flags])) if 0 < n_flags <= len(known) else 0.5
    was_above, is_above = before >= limit, probs >= limit
    return np.where(was_above == is_above, signals.is_issue, is_above)
