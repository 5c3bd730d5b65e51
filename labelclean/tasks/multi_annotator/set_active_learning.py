"""Which examples to ask annotators about next where they give label sets: ActiveLab for every class at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import ClassArray, FloatArray, Label
from labelclean.tasks.multi_annotator.active_learning import checked_pool
from labelclean.tasks.multi_annotator.asking_order import AskingOrder
from labelclean.tasks.multi_annotator.model_probs import ModelProbs, PredProbs
from labelclean.tasks.multi_annotator.names import as_frame, name_column
from labelclean.tasks.multi_annotator.read_set_votes import SetTable
from labelclean.tasks.multi_annotator.set_calibration import calibrated_sets
from labelclean.tasks.multi_annotator.set_consensus import weigh_sets
from labelclean.tasks.multi_annotator.set_data import AnnotatedSets
from labelclean.tasks.multi_annotator.set_majority import majority_sets
from labelclean.tasks.multi_annotator.set_posterior import weighted_models, weighted_sets
from labelclean.tasks.multi_annotator.set_votes import SetVotes
from labelclean.tasks.multi_annotator.set_weights import SetWeights
from labelclean.tasks.multi_annotator.sums import exact_mean, join_parts, split_parts
from labelclean.tasks.multi_label.aggregation import Aggregation, aggregator

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MultiLabelActiveLearningScores", "multi_label_active_learning_scores"]

_BLIND = 0.5  # what a guess without any knowledge says of present against absent


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class MultiLabelActiveLearningScores(AskingOrder):
    """
    How settled the label set of each example is: ask about the lowest first.

    Attributes
    ----------
    class_names : tuple of hashable, length n_classes
        The classes.
    scores, pool_scores : ndarray of float64, shape (n_examples,) and (n_pool,)
        0 to 1, comparable with each other: the class scores of each example joined into one; see ``AskingOrder``.
    class_scores : ndarray of float64, shape (n_examples, n_classes)
        0 to 1; how settled the question of each class is.
    pool_class_scores : ndarray of float64, shape (n_pool, n_classes)
        The same for the pool.
    annotator_weights : ndarray of float64, shape (n_annotators, n_classes)
        Everyone's weight for each class; NaN for an annotator without answers.
    model_weights : ndarray of float64, shape (n_models, n_classes)
        Each model's weight for each class.
    temperatures : ndarray of float64, shape (n_models, n_classes)
        What the probabilities were softened by.
    """

    class_names: tuple[Label, ...]
    class_scores: FloatArray
    pool_class_scores: FloatArray
    annotator_weights: FloatArray
    model_weights: FloatArray
    temperatures: FloatArray

    def to_frame(self) -> pd.DataFrame:
        """
        Return one line per example, the one to ask about first on top.

        Returns
        -------
        DataFrame
            Columns ``row`` (its position in its own table), ``is_pool``, ``score``, ``lowest_class`` (the class least
            settled, the first of equals) and ``lowest_class_score``.
        """
        by_class = np.concatenate([self.class_scores, self.pool_class_scores])[self.ranking()]
        return as_frame(
            {
                **self.columns(),
                "lowest_class": name_column(self.class_names, by_class.argmin(axis=1)),
                "lowest_class_score": by_class.min(axis=1),
            }
        )


def multi_label_active_learning_scores(
    votes: SetVotes | SetTable,
    pred_probs: PredProbs,
    *,
    pool_pred_probs: PredProbs | None = None,
    class_names: Sequence[Label] | None = None,
    aggregate_by: Aggregation = np.mean,
    calibrate: bool = True,
) -> MultiLabelActiveLearningScores:
    """
    Score how much another label set would tell about each example, labelled before or not.

    Whether a class applies is a question of its own, present or absent, and is scored as by
    ``active_learning_scores``: the quality of the consensus, drawn towards a blind guess by one more annotator of mean
    weight. An annotator who is asked answers all questions of an example at once, so that their scores are joined.

    Parameters
    ----------
    votes : SetVotes, nested sequence, ndarray of object or DataFrame, shape (n_examples, n_annotators)
        The label sets given; see ``set_votes_from_table``. Rows without an answer are unlabelled examples.
    pred_probs : array-like of float, shape (n_examples, n_classes) or (n_models, n_examples, n_classes)
        Held-out P(class applies), 0 to 1, of one model or several (also a list of tables).
    pool_pred_probs : array-like of float, shape (n_pool, n_classes) or (n_models, n_pool, n_classes), optional
        Probabilities of further examples without answers, by the same models.
    class_names : sequence of hashable, optional
        The classes, in the order of the columns of ``pred_probs``; see ``set_votes_from_table``. A DataFrame of
        probabilities with named columns brings them along.
    aggregate_by : {"exponential_moving_average", "softmin"} or callable, default=numpy.mean
        How the scores of an example's classes are joined: the mean asks where most is to be learnt altogether,
        ``numpy.min`` where the least settled class is.
    calibrate : bool, default=True
        First soften or sharpen the probabilities of each class, so that they are as sure as the annotators agree; see
        ``multi_label_vote_temperatures``. Never done where no example has two answers.

    Returns
    -------
    MultiLabelActiveLearningScores
        Scores of the votes' examples and of the pool, and of each of their classes.

    Raises
    ------
    ConfigError
        If ``aggregate_by`` is unknown.
    InvalidInputError
        If votes or probabilities break the rules of their formats, or do not fit each other.

    Notes
    -----
    With the quality ``q`` of the consensus on a class, the weights ``w`` of the example's annotators and the models
    for that class, ``W`` their sum and ``g`` the mean weight of all annotators, the class scores
    ``(q W + g / 2) / (W + g)``. The class scores are those of one call of ``active_learning_scores`` per class, present
    against absent; an unlabelled example is scored for the state that most models favour. Where no example has two
    answers, annotators cannot be compared and every weight is 1.

    References
    ----------
    Goh & Mueller (2023), "ActiveLab: Active Learning with Re-Labeling by Multiple Annotators", arXiv:2301.11856,
    section 3, for present against absent.

    Examples
    --------
    >>> votes = [[["cat"], ["cat"]], [["cat", "dog"], ["dog"]], [[], []], [None, None]]
    >>> probs = [[0.9, 0.1], [0.4, 0.9], [0.1, 0.1], [0.5, 0.5]]
    >>> found = multi_label_active_learning_scores(
    ...     votes, probs, pool_pred_probs=[[0.1, 0.8]], class_names=["cat", "dog"]
    ... )
    >>> found.ranking()
    array([3, 1, 4, 0, 2])
    >>> found.to_frame()["lowest_class"].tolist()[:2]
    ['cat', 'cat']
    """
    join = aggregator(aggregate_by)
    data = AnnotatedSets.checked(votes, pred_probs, class_names=class_names)
    pool = checked_pool(data.models_given(), pool_pred_probs)
    if calibrate and (data.votes.counts_by_row() > 1).any():
        data = calibrated_sets(data)
        pool = pool.with_temperatures(data.temperatures())
    found = weigh_sets(data, majority_sets(data), consensus_method="best_quality")
    scores = _class_scores(data, found.consensus, found.weights)
    pool_scores = _voteless_scores(pool, found.weights)
    return MultiLabelActiveLearningScores(
        class_names=data.class_names,
        scores=join(scores),
        pool_scores=join(pool_scores),
        class_scores=scores,
        pool_class_scores=pool_scores,
        annotator_weights=found.weights.annotator_weights,
        model_weights=found.weights.model_weights,
        temperatures=data.temperatures(),
    )


def _class_scores(data: AnnotatedSets, consensus: NDArray[np.bool_], weights: SetWeights) -> FloatArray:
    """Average the quality of the consensus on each class with one blind guess of mean weight."""
    scores, guess = np.empty(data.shape), _mean_weights(weights)
    parts = split_parts(weights.annotator_weights)
    of_models = weights.model_weights.sum(axis=0)
    for each in weighted_sets(data, weights):
        rows = each.block.rows
        quality = np.where(consensus[rows], each.present, each.absent)
        known = join_parts(*(each.block.by_row(part) for part in parts)) + of_models
        scores[rows] = (quality * known + guess * _BLIND) / (known + guess)
    voteless = np.flatnonzero(data.votes.counts_by_row() == 0)
    scores[voteless] = _voteless_scores(data.models_given().rows(voteless), weights)
    return scores


def _voteless_scores(models: ModelProbs, weights: SetWeights) -> FloatArray:
    """Score the classes of examples without answers for the state most models favour."""
    data = AnnotatedSets(votes=_model_answers(models), models=models, class_names=tuple(range(models.n_classes)))
    state, guess = majority_sets(data), _mean_weights(weights)
    scores = np.empty(data.shape)
    for block in data.votes.blocks(data.n_classes):
        present, absent = weighted_models(models, block.rows, weights.model_weights)
        scores[block.rows] = np.where(state[block.rows], present, absent)
    return np.asarray((scores + guess * _BLIND) / (weights.model_weights.sum(axis=0) + guess))


def _model_answers(models: ModelProbs) -> SetVotes:
    """Let every model answer with the classes that it takes to apply."""
    everything = slice(0, models.n_examples)
    is_present = np.stack([models.says_present(model, everything) for model in range(models.n_models)], axis=1)
    member_votes, member_codes = np.nonzero(is_present.reshape(-1, models.n_classes))
    return SetVotes(
        rows=np.repeat(np.arange(models.n_examples), models.n_models),
        annotators=np.tile(np.arange(models.n_models), models.n_examples),
        member_votes=member_votes,
        member_codes=member_codes,
        n_examples=models.n_examples,
        annotator_names=tuple(range(models.n_models)),
        class_names=tuple(range(models.n_classes)),
        has_named_classes=False,
    )


def _mean_weights(weights: SetWeights) -> ClassArray:
    """Return, for each class, the mean weight of the annotators who answered; 1 where nobody did."""
    known = weights.annotator_weights[~np.isnan(weights.annotator_weights).all(axis=1)]
    columns = known.T if len(known) else np.ones((known.shape[1], 1))
    return np.array([exact_mean(column) for column in columns])
