"""What a re-ranking learns from: numbers and groups that describe each row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import expit, logit

from labelclean.arrays import UNLABELLED, CodeArray, FloatArray, IndexArray, freeze_fields
from labelclean.core.reranking_data import RankingSignals
from labelclean.core.reranking_model import LearntWeights

__all__ = ["RowColumns", "describe_rows", "likeliest_other"]

_SURE = 1e-9  # keeps log-odds finite
_BELIEVABLE = 8.0  # log-odds; one in 3,000
_FURTHEST = 6.0  # log-odds; what lies beyond says no more, and must not outweigh the rest
_MOST_GROUPS = 250  # of each kind, the most decided ones; keeps the model small
_NO_GROUP = -1
_FIRST_LEARNER = 2  # after the 1 and the audit's own log-odds
_POOL = "all together"


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class RowColumns:
    """
    The description of rows: a table of numbers, and which class and which pair each belongs to.

    Attributes
    ----------
    numbers : ndarray of float64, shape (n_examples, n_numbers)
        1, the audit's log-odds, each learner's, and the sketch of the text.
    number_blocks : ndarray of int64, shape (n_numbers,)
        The block of each.
    groups : ndarray of int64, shape (n_group_kinds, n_examples)
        Column of the row's given class and of its pair, counted from 0 in each kind; -1 where no verdict has it.
    n_groups : tuple of int
        Columns of each kind.
    offsets : ndarray of float64, shape (n_examples,)
        Log-odds of a wrong label before the verdicts, at most believably far from 0; NaN for unlabelled rows.
    names : tuple of str
        Of the learners.
    """

    numbers: FloatArray
    number_blocks: IndexArray
    groups: IndexArray
    n_groups: tuple[int, ...]
    offsets: FloatArray
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)

    @property
    def block_of(self) -> IndexArray:
        """The block of each column, numbers first, then one block for each kind of group."""
        first = int(self.number_blocks.max()) + 1
        kinds = np.repeat(np.arange(len(self.n_groups)), self.n_groups)
        return np.concatenate([self.number_blocks, first + kinds]).astype(np.int64)

    def sparse_rows(self, rows: IndexArray) -> sparse.csr_array[np.float64, tuple[int, int]]:
        """Return some rows as one table: numbers, then a column for each group."""
        tables = [sparse.csr_array(self.numbers[rows])]
        for groups, n_groups in zip(self.groups, self.n_groups, strict=True):
            tables.append(_one_hot(groups[rows], n_groups))
        return sparse.csr_array(sparse.hstack(tables, format="csr"))

    @property
    def learner_columns(self) -> IndexArray:
        """The columns of the learners."""
        return np.arange(_FIRST_LEARNER, _FIRST_LEARNER + len(self.names), dtype=np.int64)

    def predict(self, learnt: LearntWeights) -> FloatArray:
        """Return each row's probability, less extreme where the weights are uncertain; NaN for unlabelled rows."""
        numbers, covariance = self.numbers, learnt.covariance
        n_numbers = numbers.shape[1]
        log_odds = self.offsets + numbers @ learnt.weights[:n_numbers]
        variances = ((numbers @ covariance[:n_numbers, :n_numbers]) * numbers).sum(axis=1)
        starts = np.cumsum((n_numbers, *self.n_groups[:-1]))
        own = [
            np.where(group == _NO_GROUP, _NO_GROUP, start + group)
            for group, start in zip(self.groups, starts, strict=True)
        ]
        for place, group in enumerate(own):
            seen = group != _NO_GROUP
            log_odds += np.where(seen, learnt.weights[group], 0.0)
            alone = np.diagonal(covariance)[group] + 2.0 * (numbers * covariance[:n_numbers].T[group]).sum(axis=1)
            unseen = learnt.spreads[place - len(own)] ** 2
            variances += np.where(seen, alone, unseen)
            for other in own[:place]:
                variances += np.where(seen & (other != _NO_GROUP), 2.0 * covariance[group, other], 0.0)
        # The mean of a logistic curve over a normal distribution (MacKay 1992).
        return np.asarray(expit(log_odds / np.sqrt(1.0 + np.pi / 8.0 * np.maximum(variances, 0.0))), dtype=np.float64)


def _one_hot(groups: IndexArray, n_groups: int) -> sparse.csr_array[np.float64, tuple[int, int]]:
    places = np.flatnonzero(groups != _NO_GROUP)
    cells = (np.ones(len(places)), (places, groups[places]))
    return sparse.csr_array(cells, shape=(len(groups), n_groups))


def describe_rows(signals: RankingSignals, decided: IndexArray) -> RowColumns:
    """
    Describe every row by what may have to do with whether its label is wrong.

    Parameters
    ----------
    signals : RankingSignals
        What the audit knows.
    decided : ndarray of int64, shape (n_verdicts,)
        Labelled rows with a verdict: only their classes and pairs get a column.

    Returns
    -------
    RowColumns
        Of all rows; 0 for the learners of unlabelled ones.

    Examples
    --------
    >>> from labelclean.core.reranking_data import ViewLogOdds
    >>> signals = RankingSignals(
    ...     labels=np.array([0, 1]), error_probabilities=np.array([0.5, 0.1]),
    ...     label_quality_scores=np.array([0.5, 0.9]), suggested_labels=np.array([0, 1]),
    ...     is_issue=np.array([False, False]), likely_labels=np.array([[0, 1], [1, 0]]),
    ...     likely_probs=np.array([[0.5, 0.5], [0.9, 0.1]]), confident_joint=np.eye(2, dtype=np.int64),
    ...     views=ViewLogOdds(names=("words",), values=np.array([[0.0], [2.0]], dtype=np.float32)),
    ... )
    >>> describe_rows(signals, np.array([0])).groups
    array([[ 0, -1],
           [ 0, -1]])
    """
    labelled = signals.labels != UNLABELLED
    own = logit(np.clip(signals.error_probabilities, _SURE, 1.0 - _SURE))
    pooled = -logit(np.clip(signals.label_quality_scores.astype(np.float64), _SURE, 1.0 - _SURE))
    views = np.column_stack([signals.views.values.astype(np.float64), pooled])
    standard = _standardised(views, labelled) / np.sqrt(views.shape[1])
    sketch = signals.views.text_sketch.astype(np.float64)
    sketch = sketch if len(sketch) else np.empty((len(own), 0))
    offsets = np.where(labelled, _tempered(own), np.nan)
    slope = np.where(labelled, offsets, 0.0) / 2.0
    pairs = signals.labels * (int(signals.likely_labels.max(initial=0)) + 2) + likeliest_other(signals) + 1
    classes, n_classes = _columns_of(signals.labels, decided)
    pair_columns, n_pairs = _columns_of(pairs, decided)
    return RowColumns(
        numbers=np.column_stack([np.ones(len(slope)), slope, standard, sketch]),
        number_blocks=np.array([0, 1, *[2] * views.shape[1], *[3] * sketch.shape[1]], dtype=np.int64),
        groups=np.stack([classes, pair_columns]),
        n_groups=(n_classes, n_pairs),
        offsets=offsets,
        names=(*signals.views.names, _POOL),
    )


def _tempered(log_odds: FloatArray) -> FloatArray:
    """
    Let log-odds beyond the believable grow by their logarithm only, in the same order.

    A reviewer will reject one in some hundred rows of which the audit is certain; at log-odds of 20 that one verdict
    would outweigh all others.
    """
    beyond = np.log1p(np.maximum(np.abs(log_odds) - _BELIEVABLE, 0.0))
    return np.asarray(np.sign(log_odds) * (np.minimum(np.abs(log_odds), _BELIEVABLE) + beyond), dtype=np.float64)


def _standardised(log_odds: NDArray[np.float64], labelled: NDArray[np.bool_]) -> FloatArray:
    values = np.clip(log_odds, -_FURTHEST, _FURTHEST)
    known = values[labelled]
    if not len(known):
        return np.zeros(values.shape)
    spread = known.std(axis=0)
    scaled = (values - known.mean(axis=0)) / np.where(spread > 0.0, spread, 1.0)
    return np.where(labelled[:, np.newaxis], scaled, 0.0)


def likeliest_other(signals: RankingSignals) -> CodeArray:
    """
    Return the most likely class of each row other than the given one.

    Parameters
    ----------
    signals : RankingSignals
        What the audit knows.

    Returns
    -------
    ndarray of int64, shape (n_examples,)
        Class codes; -1 where only the given class is known to be likely.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> likeliest_other(SimpleNamespace(labels=np.array([0, 1]), likely_labels=np.array([[0, 2], [0, 1]])))
    array([2, 0])
    """
    is_other = signals.likely_labels != signals.labels[:, np.newaxis]
    first = is_other.argmax(axis=1)[:, np.newaxis]
    others = np.take_along_axis(signals.likely_labels, first, axis=1)[:, 0]
    return np.where(is_other.any(axis=1), others, UNLABELLED).astype(np.int64)


def _columns_of(codes: CodeArray, decided: IndexArray) -> tuple[IndexArray, int]:
    """Give each group that has verdicts a column; where not all fit, those with most."""
    seen, counts = np.unique(codes[decided], return_counts=True)
    kept = np.sort(seen[np.argsort(-counts, kind="stable")[:_MOST_GROUPS]])
    if not len(kept):
        return np.full(len(codes), _NO_GROUP, dtype=np.int64), 0
    places = np.minimum(np.searchsorted(kept, codes), len(kept) - 1)
    return np.where(kept[places] == codes, places, _NO_GROUP).astype(np.int64), len(kept)
