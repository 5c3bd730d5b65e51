"""Which examples to ask annotators about next: ActiveLab."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from labelclean.arrays import FloatArray, Label
from labelclean.errors import InvalidInputError
from labelclean.tasks.multi_annotator.asking_order import AskingOrder
from labelclean.tasks.multi_annotator.calibration import calibrated
from labelclean.tasks.multi_annotator.consensus import weigh
from labelclean.tasks.multi_annotator.inputs import AnnotatedData
from labelclean.tasks.multi_annotator.majority import scan_votes
from labelclean.tasks.multi_annotator.model_probs import ModelProbs, PredProbs
from labelclean.tasks.multi_annotator.names import as_frame
from labelclean.tasks.multi_annotator.posterior import score_labels, weighted_posterior
from labelclean.tasks.multi_annotator.read_votes import VoteTable
from labelclean.tasks.multi_annotator.sums import exact_mean, sum_by_group
from labelclean.tasks.multi_annotator.votes import Votes
from labelclean.tasks.multi_annotator.weights import CrowdWeights

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ActiveLearningScores", "active_learning_scores", "checked_pool"]


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class ActiveLearningScores(AskingOrder):
    """
    How settled the label of each example is: ask about the lowest first.

    Attributes
    ----------
    scores, pool_scores : ndarray of float64, shape (n_examples,) and (n_pool,)
        0 to 1, comparable with each other; see ``AskingOrder``.
    annotator_weights : ndarray of float64, shape (n_annotators,)
        Everyone's weight; NaN for an annotator without votes.
    model_weights : ndarray of float64, shape (n_models,)
        Each model's weight.
    temperatures : ndarray of float64, shape (n_models,)
        What the probabilities were softened by.
    """

    annotator_weights: FloatArray
    model_weights: FloatArray
    temperatures: FloatArray

    def to_frame(self) -> pd.DataFrame:
        """
        Return one line per example, the one to ask about first on top.

        Returns
        -------
        DataFrame
            Columns ``row`` (its position in its own table), ``is_pool``, ``score``.
        """
        return as_frame(self.columns())


def active_learning_scores(
    votes: Votes | VoteTable,
    pred_probs: PredProbs,
    *,
    pool_pred_probs: PredProbs | None = None,
    class_names: Sequence[Label] | None = None,
    calibrate: bool = True,
) -> ActiveLearningScores:
    """
    Score how much another label would tell about each example, labelled before or not.

    The score is the quality of the consensus, drawn towards a blind guess by one more annotator of mean weight: an
    example with few votes stays uncertain even where they agree with the model. With labelled and unlabelled
    examples on one scale, it says whether to label anew or to ask for a second opinion.

    Parameters
    ----------
    votes : Votes, array-like or DataFrame, shape (n_examples, n_annotators)
        The labels given; see ``votes_from_table``. Rows without a vote are unlabelled examples.
    pred_probs : array-like of float, shape (n_examples, n_classes) or (n_models, n_examples, n_classes)
        Held-out probabilities, 0 to 1, of one model or several (also a list of tables).
    pool_pred_probs : array-like of float, shape (n_pool, n_classes) or (n_models, n_pool, n_classes), optional
        Probabilities of further examples without votes, by the same models.
    class_names : sequence of hashable, optional
        The classes, in the order of the columns of ``pred_probs``; see ``votes_from_table``. A DataFrame of
        probabilities with named columns brings them along.
    calibrate : bool, default=True
        First soften or sharpen the probabilities, so that they are as sure as the annotators agree; see
        ``vote_temperatures``. Never done where no example has two votes.

    Returns
    -------
    ActiveLearningScores
        Scores of the votes' examples and of the pool.

    Raises
    ------
    InvalidInputError
        If votes or probabilities break the rules of their formats, or do not fit each other.

    Notes
    -----
    An unlabelled example is scored for the class that most models favour, ties as in ``majority_vote``. Where no
    example has two votes, annotators cannot be compared and every weight is 1.

    References
    ----------
    Goh & Mueller (2023), "ActiveLab: Active Learning with Re-Labeling by Multiple Annotators", arXiv:2301.11856,
    section 3.

    Examples
    --------
    >>> votes = [[0, 0, 0], [1, 1, 0], [1, 1, 1], [-1, -1, -1]]
    >>> probs = [[0.9, 0.1], [0.4, 0.6], [0.1, 0.9], [0.5, 0.5]]
    >>> found = active_learning_scores(votes, probs, pool_pred_probs=[[0.6, 0.4]])
    >>> found.ranking()
    array([3, 4, 1, 0, 2])
    """
    data = AnnotatedData.checked(votes, pred_probs, class_names=class_names)
    pool = checked_pool(data.models_given(), pool_pred_probs)
    if calibrate and (data.votes.counts_by_row() > 1).any():
        data = calibrated(data)
        pool = pool.with_temperatures(data.temperatures())
    scan = scan_votes(data.votes, data.models, n_classes=data.n_classes)
    found = weigh(data, scan, consensus_method="best_quality")
    posterior = weighted_posterior(data, found.weights)
    quality = score_labels(data, posterior, found.labels, score="self_confidence").consensus
    scores = _drawn_to_a_guess(data, quality, found.weights)
    voteless = np.flatnonzero(data.votes.counts_by_row() == 0)
    scores[voteless] = _voteless_scores(data.models_given().rows(voteless), found.weights)
    return ActiveLearningScores(
        scores=scores,
        pool_scores=_voteless_scores(pool, found.weights),
        annotator_weights=found.weights.annotator_weights,
        model_weights=found.weights.model_weights,
        temperatures=data.temperatures(),
    )


def checked_pool(models: ModelProbs, pool_pred_probs: PredProbs | None) -> ModelProbs:
    """
    Check the pool against the models of the labelled examples.

    Parameters
    ----------
    models : ModelProbs
        The models of the labelled examples.
    pool_pred_probs : array-like of float or None
        Probabilities of the pool; none make an empty pool.

    Returns
    -------
    ModelProbs
        The pool's tables.

    Raises
    ------
    InvalidInputError
        If the tables are no probabilities, or not by as many models for as many classes.

    Examples
    --------
    >>> models = ModelProbs.checked([[0.75, 0.25]], n_examples=None, n_classes=None)
    >>> checked_pool(models, None).n_examples
    0
    """
    if pool_pred_probs is None:
        return models.rows(np.empty(0, dtype=np.int64))
    pool = ModelProbs.checked(pool_pred_probs, n_examples=None, n_classes=models.n_classes)
    if pool.n_models != models.n_models:
        raise InvalidInputError(
            f"pool_pred_probs must be by the same {models.n_models:,} models as pred_probs; got {pool.n_models:,}.",
            fix="Predict both with the same models.",
        )
    return pool


def _drawn_to_a_guess(data: AnnotatedData, quality: FloatArray, weights: CrowdWeights) -> FloatArray:
    """Average the consensus quality with one blind guess of mean weight."""
    votes = data.votes
    annotators = sum_by_group(votes.rows, weights.annotator_weights[votes.annotators], votes.n_examples)
    known = annotators + float(weights.model_weights.sum())
    guess = _mean_weight(weights)
    return np.asarray((quality * known + guess / data.n_classes) / (known + guess))


def _voteless_scores(models: ModelProbs, weights: CrowdWeights) -> FloatArray:
    """Score examples without votes for the class most models favour."""
    votes = _model_votes(models)
    labels = scan_votes(votes, models, n_classes=models.n_classes).labels
    guess = _mean_weight(weights)
    scores = np.empty(models.n_examples)
    for block in votes.blocks(models.n_classes):
        table = models.weighted_block(block.rows, weights.model_weights)
        scores[block.rows] = table[np.arange(block.n_rows), labels[block.rows]]
    return np.asarray((scores + guess / models.n_classes) / (float(weights.model_weights.sum()) + guess))


def _model_votes(models: ModelProbs) -> Votes:
    """Let every model vote for its most likely class."""
    codes = np.column_stack([models.guesses(model) for model in range(models.n_models)])
    return Votes(
        rows=np.repeat(np.arange(models.n_examples), models.n_models),
        annotators=np.tile(np.arange(models.n_models), models.n_examples),
        codes=codes.ravel(),
        n_examples=models.n_examples,
        annotator_names=tuple(range(models.n_models)),
        class_names=tuple(range(models.n_classes)),
        has_named_classes=False,
    )


def _mean_weight(weights: CrowdWeights) -> float:
    """Return the mean weight of the annotators who voted; 1 where nobody did."""
    known = weights.annotator_weights[~np.isnan(weights.annotator_weights)]
    return exact_mean(known) if len(known) else 1.0
