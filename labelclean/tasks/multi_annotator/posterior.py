"""What votes and models together say about the true label of each example."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from labelclean.arrays import UNLABELLED, ClassArray, CodeArray, FloatArray, IndexArray
from labelclean.core.scores import adjusted_pred_probs, confidence_weighted_entropy, normalized_margin
from labelclean.core.thresholds import UNREACHED
from labelclean.tasks.multi_annotator.inputs import AnnotatedData
from labelclean.tasks.multi_annotator.sums import ExactSums, sum_by_group
from labelclean.tasks.multi_annotator.votes import VoteBlock
from labelclean.tasks.multi_annotator.weights import CrowdWeights

__all__ = [
    "Posterior",
    "QualityScore",
    "Scores",
    "best_labels",
    "consensus_thresholds",
    "score_labels",
    "vote_shares",
    "weighted_posterior",
]

QualityScore = Literal["self_confidence", "normalized_margin", "confidence_weighted_entropy"]
"""How a label is scored against the posterior."""

Posterior = Iterator[tuple[VoteBlock, FloatArray]]
"""Block after block: its votes, and a table examples x classes."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Scores:
    """
    How well labels fit the posterior.

    Attributes
    ----------
    consensus : ndarray of float64, shape (n_examples,)
        The consensus labels' scores.
    votes : ndarray of float64, shape (n_votes,)
        The votes' scores.
    """

    consensus: FloatArray
    votes: FloatArray


def weighted_posterior(data: AnnotatedData, weights: CrowdWeights) -> Posterior:
    """
    Average the models' probabilities and the annotators' votes by their weights.

    Parameters
    ----------
    data : AnnotatedData
        Votes and probabilities.
    weights : CrowdWeights
        The weights; where annotators cannot be compared, the models speak alone.

    Yields
    ------
    VoteBlock, ndarray of float64, shape (n_block_examples, n_classes)
        0 to 1; a row sums to 1 if its probabilities do.

    References
    ----------
    Goh, Tkachenko & Mueller (2022), "CROWDLAB", arXiv:2210.06812, section 3, equation of the weighted average.

    Examples
    --------
    >>> from labelclean.tasks.multi_annotator.inputs import AnnotatedData
    >>> from labelclean.tasks.multi_annotator.weights import CrowdWeights
    >>> data = AnnotatedData.checked([[0, 1]], [[0.5, 0.5]], class_names=None)
    >>> weights = CrowdWeights(
    ...     annotator_weights=np.array([0.75, 0.25]), model_weights=np.ones(1), hit_rate=1.0, miss_rate=0.0,
    ...     is_comparable=True,
    ... )
    >>> [table for _, table in weighted_posterior(data, weights)]
    [array([[0.625, 0.375]])]
    """
    n_classes = data.n_classes
    all_models = float(weights.model_weights.sum())
    for block in data.votes.blocks(n_classes):
        table = data.models_given().weighted_block(block.rows, weights.model_weights)
        total = np.full(block.n_rows, all_models)
        if weights.is_comparable:
            given = weights.annotator_weights[block.annotators]
            by_row = sum_by_group(block.local_rows, given, block.n_rows)
            by_cell = sum_by_group(block.cells(n_classes), given, table.size).reshape(table.shape)
            table += weights.miss_rate * by_row[:, np.newaxis]
            table += (weights.hit_rate - weights.miss_rate) * by_cell
            total += by_row
        table /= total[:, np.newaxis]
        yield block, table


def vote_shares(data: AnnotatedData) -> Posterior:
    """
    Return the share of each example's votes that each class has.

    Parameters
    ----------
    data : AnnotatedData
        The votes.

    Yields
    ------
    VoteBlock, ndarray of float64, shape (n_block_examples, n_classes)
        0 to 1; NaN for an example without votes.

    Examples
    --------
    >>> from labelclean.tasks.multi_annotator.inputs import AnnotatedData
    >>> data = AnnotatedData.checked([[0, 1, 1, 1]], None, class_names=None)
    >>> [table for _, table in vote_shares(data)]
    [array([[0.25, 0.75]])]
    """
    n_classes = data.n_classes
    for block in data.votes.blocks(n_classes):
        counts = np.bincount(block.cells(n_classes), minlength=block.n_rows * n_classes)
        n_votes = np.bincount(block.local_rows, minlength=block.n_rows).astype(np.float64)
        n_votes[n_votes == 0] = np.nan
        yield block, counts.reshape(block.n_rows, n_classes) / n_votes[:, np.newaxis]


def best_labels(posterior: Posterior, majority: CodeArray) -> CodeArray:
    """
    Return the class with the highest posterior of each example.

    Parameters
    ----------
    posterior : iterator of (VoteBlock, ndarray)
        The posterior.
    majority : ndarray of int64, shape (n_examples,)
        The majority's labels; one that is among several best classes is kept, else the lowest of them is taken.

    Returns
    -------
    ndarray of int64, shape (n_examples,)
        Class codes.

    Examples
    --------
    >>> from labelclean.tasks.multi_annotator.inputs import AnnotatedData
    >>> data = AnnotatedData.checked([[0, 1]], None, class_names=None)
    >>> best_labels(vote_shares(data), np.array([1]))
    array([1])
    """
    labels = majority.copy()
    for block, table in posterior:
        found = table.argmax(axis=1)
        places = np.arange(block.n_rows)
        is_kept = table[places, majority[block.rows]] == table[places, found]
        labels[block.rows] = np.where(is_kept, majority[block.rows], found)
    return labels


def consensus_thresholds(data: AnnotatedData, posterior: Posterior, consensus: CodeArray) -> ClassArray:
    """
    Return the mean posterior of the consensus label, class by class: how sure one generally is of the class.

    Parameters
    ----------
    data : AnnotatedData
        The votes; only examples with votes count.
    posterior : iterator of (VoteBlock, ndarray)
        The posterior.
    consensus : ndarray of int64, shape (n_examples,)
        The consensus labels.

    Returns
    -------
    ndarray of float64, shape (n_classes,)
        0 to 1; 2 for a class that is no example's consensus.

    References
    ----------
    Northcutt, Jiang & Chuang (2021), "Confident Learning", JAIR 70, section 3.1, equation of the thresholds.

    Examples
    --------
    >>> from labelclean.tasks.multi_annotator.inputs import AnnotatedData
    >>> data = AnnotatedData.checked([[0, 1, 1, 1], [1, 1, 1, 1]], None, class_names=None)
    >>> consensus_thresholds(data, vote_shares(data), np.array([1, 1]))
    array([2.   , 0.875])
    """
    given = np.where(data.votes.counts_by_row() > 0, consensus, UNLABELLED)
    sums = ExactSums.partial(np.empty(0, dtype=np.int64), np.empty(0), data.n_classes)
    for block, table in posterior:
        labels = given[block.rows]
        rows = np.flatnonzero(labels != UNLABELLED)
        sums = sums + ExactSums.partial(labels[rows], table[rows, labels[rows]], data.n_classes)
    counts = np.bincount(given[given != UNLABELLED], minlength=data.n_classes)
    return np.where(counts > 0, sums.finish() / np.maximum(counts, 1), UNREACHED)


def score_labels(
    data: AnnotatedData,
    posterior: Posterior,
    consensus: CodeArray,
    *,
    score: QualityScore,
    thresholds: ClassArray | None = None,
) -> Scores:
    """
    Score the consensus labels and every vote against the posterior.

    Parameters
    ----------
    data : AnnotatedData
        The votes.
    posterior : iterator of (VoteBlock, ndarray)
        The posterior.
    consensus : ndarray of int64, shape (n_examples,)
        The consensus labels; -1 scores NaN.
    score : {"self_confidence", "normalized_margin", "confidence_weighted_entropy"}
        The scoring rule.
    thresholds : ndarray of float64, shape (n_classes,), optional
        From ``consensus_thresholds``: taken off each class's posterior first, see ``adjusted_pred_probs``.

    Returns
    -------
    Scores
        Both kinds of scores.

    Examples
    --------
    >>> from labelclean.tasks.multi_annotator.inputs import AnnotatedData
    >>> data = AnnotatedData.checked([[0, 1, 1, 1]], None, class_names=None)
    >>> score_labels(data, vote_shares(data), np.array([1]), score="self_confidence").votes
    array([0.25, 0.75, 0.75, 0.75])
    """
    of_consensus = np.full(data.votes.n_examples, np.nan)
    of_votes = np.full(data.votes.n_votes, np.nan)
    for block, raw in posterior:
        table = raw if thresholds is None else adjusted_pred_probs(raw, thresholds)
        labels = consensus[block.rows]
        labelled = np.flatnonzero(labels >= 0)
        of_consensus[labelled + block.rows.start] = _score(table, labelled, labels[labelled], score)
        of_votes[block.picks] = _score(table, block.local_rows, block.codes, score)
    return Scores(consensus=of_consensus, votes=of_votes)


def _score(table: FloatArray, rows: IndexArray, labels: CodeArray, score: QualityScore) -> FloatArray:
    if score == "self_confidence":
        return np.asarray(table[rows, labels])
    rule = normalized_margin if score == "normalized_margin" else confidence_weighted_entropy
    return rule(labels, table[rows])
