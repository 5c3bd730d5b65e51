"""The consensus of several annotators and a model: CROWDLAB from end to end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, get_args

import numpy as np

from labelclean.arrays import UNLABELLED, CodeArray, FloatArray, IndexArray, Label, freeze_fields
from labelclean.core.scores import check_scoring
from labelclean.tasks.multi_annotator.annotators import AnnotatorQuality, rate_annotators
from labelclean.tasks.multi_annotator.calibration import calibrated
from labelclean.tasks.multi_annotator.inputs import AnnotatedData
from labelclean.tasks.multi_annotator.majority import VoteScan, scan_votes
from labelclean.tasks.multi_annotator.model_probs import PredProbs
from labelclean.tasks.multi_annotator.names import as_frame, name_column
from labelclean.tasks.multi_annotator.options import ConsensusMethod, QualityMethod, check_choice, check_methods
from labelclean.tasks.multi_annotator.posterior import (
    Posterior,
    QualityScore,
    Scores,
    best_labels,
    consensus_thresholds,
    score_labels,
    vote_shares,
    weighted_posterior,
)
from labelclean.tasks.multi_annotator.read_votes import VoteTable
from labelclean.tasks.multi_annotator.votes import Votes
from labelclean.tasks.multi_annotator.weights import CrowdWeights, crowd_weights, warn_of_single_votes

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["AnnotatorConsensus", "WeighedConsensus", "multi_annotator_consensus", "weigh"]


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class AnnotatorConsensus:
    """
    What several annotators and a model say together.

    Attributes
    ----------
    votes : Votes
        The labels given.
    class_names : tuple of hashable, length n_classes
        The classes; every code below is a position in it.
    consensus_labels : ndarray of int64, shape (n_examples,)
        The most credible class of each example; -1 where there is neither a vote nor a model.
    consensus_quality : ndarray of float64, shape (n_examples,)
        How credible it is, 0 to 1, low = suspect; NaN where there is no label, and by agreement where there is no
        vote.
    annotator_agreement : ndarray of float64, shape (n_examples,)
        Share of the example's annotators who gave the consensus label, 0 to 1; NaN without votes.
    vote_counts : ndarray of int64, shape (n_examples,)
        Number of labels each example was given.
    vote_quality : ndarray of float64, shape (n_votes,)
        How credible each label given is, 0 to 1, low = suspect; in the order of ``votes``.
    annotators : AnnotatorQuality
        How good each annotator is.
    model_weights : ndarray of float64, shape (n_models,)
        Each model's weight; an annotator's is at most 1. NaN by agreement.
    temperatures : ndarray of float64, shape (n_models,)
        What the probabilities were softened by; 1 where they were taken as they are.
    """

    votes: Votes
    class_names: tuple[Label, ...]
    consensus_labels: CodeArray
    consensus_quality: FloatArray
    annotator_agreement: FloatArray
    vote_counts: IndexArray
    vote_quality: FloatArray
    annotators: AnnotatorQuality
    model_weights: FloatArray
    temperatures: FloatArray

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)

    @property
    def n_examples(self) -> int:
        """Number of examples, with votes or without."""
        return len(self.consensus_labels)

    def to_frame(self) -> pd.DataFrame:
        """
        Return one line per example, in the order of the input.

        Returns
        -------
        DataFrame
            Columns ``example`` (its name, or its row), ``consensus_label`` (None if there is none),
            ``consensus_quality``, ``annotator_agreement``, ``n_votes``.
        """
        return as_frame(
            {
                "example": name_column(self.votes.example_names, np.arange(self.n_examples)),
                "consensus_label": name_column(self.class_names, self.consensus_labels),
                "consensus_quality": self.consensus_quality,
                "annotator_agreement": self.annotator_agreement,
                "n_votes": self.vote_counts,
            }
        )

    def votes_to_frame(self) -> pd.DataFrame:
        """
        Return one line per label given, by example and annotator.

        Returns
        -------
        DataFrame
            Columns ``example``, ``annotator``, ``label``, ``quality`` (0 to 1, low = suspect).
        """
        return self.votes.to_frame().assign(quality=self.vote_quality)

    def vote_quality_table(self) -> FloatArray:
        """
        Return the quality of every label given as a table like that of the votes.

        Returns
        -------
        ndarray of float64, shape (n_examples, n_annotators)
            0 to 1; NaN where no label was given.
        """
        return self.votes.spread(self.vote_quality)


def multi_annotator_consensus(
    votes: Votes | VoteTable,
    pred_probs: PredProbs | None = None,
    *,
    class_names: Sequence[Label] | None = None,
    consensus_method: ConsensusMethod = "best_quality",
    quality_method: QualityMethod = "crowdlab",
    score: QualityScore = "self_confidence",
    adjust_pred_probs: bool = False,
    calibrate: bool = False,
) -> AnnotatorConsensus:
    """
    Join what several annotators and one model or several say about each example.

    Annotators who agree with others, and models that agree with the consensus, weigh more. The result tells which
    label is most credible, how credible it and each single vote is, and how good each annotator is.

    Parameters
    ----------
    votes : Votes, array-like or DataFrame, shape (n_examples, n_annotators)
        The labels given; see ``votes_from_table`` and, for long lists, ``votes_from_long``.
    pred_probs : array-like of float, shape (n_examples, n_classes) or (n_models, n_examples, n_classes), optional
        Held-out probabilities, 0 to 1, of one model or several (also a list of tables). Only "agreement" goes
        without.
    class_names : sequence of hashable, optional
        The classes, in the order of the columns of ``pred_probs``; see ``votes_from_table``. A DataFrame of
        probabilities with named columns brings them along.
    consensus_method : {"best_quality", "majority_vote"}
        The class of the highest quality, or the one with most votes (see ``majority_vote``).
    quality_method : {"crowdlab", "agreement"}
        CROWDLAB's weighted judgement, or the plain share of the annotators.
    score : {"self_confidence", "normalized_margin", "confidence_weighted_entropy"}
        How a label is scored against the joint judgement; the agreement of a consensus label is always its share.
    adjust_pred_probs : bool, default=False
        Whether each class's mean judgement of its own consensus labels is taken off the joint judgement before labels
        are scored, so that classes everybody is unsure of are not all suspect; see ``adjusted_pred_probs`` of the
        core. Changes scores only, no label and no weight. Not for "confidence_weighted_entropy".
    calibrate : bool, default=False
        Soften or sharpen the probabilities first, so that they are as sure as the annotators agree; see
        ``vote_temperatures``.

    Returns
    -------
    AnnotatorConsensus
        Labels and qualities. An example without votes gets the model's most likely class and its probability; it
        changes nothing else, and neither does an annotator without votes.

    Raises
    ------
    ConfigError
        If an option is unknown, two do not go together, or "crowdlab" has no probabilities.
    InvalidInputError
        If votes or probabilities break the rules of their formats, or do not fit each other.

    Warns
    -----
    LabelCleanWarning
        If no example has two votes: the labels are then the votes themselves, judged by the model alone.

    Notes
    -----
    Where several classes are equally credible, the majority's is kept, else the lowest code taken. All sums are
    exact or rounded once, so that the order of annotators and examples changes no bit. Besides the votes, time and
    memory go by a few passes over the probabilities in blocks, and by a table annotators x classes.

    References
    ----------
    Goh, Tkachenko & Mueller (2022), "CROWDLAB: Simple and effective algorithms to handle data labeled by multiple
    annotators", arXiv:2210.06812, sections 3 and 4.

    Examples
    --------
    >>> votes = [[0, 0, 1], [1, 1, 1], [0, 0, 0], [1, 1, -1]]
    >>> found = multi_annotator_consensus(votes, [[0.7, 0.3], [0.1, 0.9], [0.8, 0.2], [0.4, 0.6]])
    >>> found.consensus_labels
    array([0, 1, 0, 1])
    >>> found.annotators.quality.round(2)
    array([0.9 , 0.9 , 0.67])
    """
    check_methods(consensus_method, quality_method, has_models=pred_probs is not None)
    check_choice("score", score, get_args(QualityScore))
    check_scoring(score, adjust_pred_probs=adjust_pred_probs)
    data = AnnotatedData.checked(votes, pred_probs, class_names=class_names)
    data = calibrated(data) if calibrate and data.models is not None else data
    scan = scan_votes(data.votes, data.models, n_classes=data.n_classes)
    if quality_method == "agreement":
        return _by_agreement(data, scan, score, adjust_pred_probs=adjust_pred_probs)
    found = weigh(data, scan, consensus_method=consensus_method)
    warn_of_single_votes(data.votes, is_comparable=found.weights.is_comparable)
    scores = _scored(
        data, partial(weighted_posterior, data, found.weights), found.labels, score, adjust_pred_probs=adjust_pred_probs
    )
    return _joined(data, found.labels, scores.consensus, scores.votes, found.weights)


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class WeighedConsensus:
    """
    Consensus labels, and the weights that follow from them.

    Attributes
    ----------
    labels : ndarray of int64, shape (n_examples,)
        The consensus.
    weights : CrowdWeights
        Everyone's weight, measured on that consensus.
    """

    labels: CodeArray
    weights: CrowdWeights


def weigh(data: AnnotatedData, scan: VoteScan, *, consensus_method: ConsensusMethod) -> WeighedConsensus:
    """
    Settle the consensus labels and everyone's weight.

    Parameters
    ----------
    data : AnnotatedData
        Votes and probabilities.
    scan : VoteScan
        The majority's labels.
    consensus_method : {"best_quality", "majority_vote"}
        How the consensus is chosen.

    Returns
    -------
    WeighedConsensus
        With "best_quality" the labels are the best ones under the majority's weights; the weights returned are then
        measured anew on these labels. Where annotators cannot be compared the votes stay.

    Examples
    --------
    >>> data = AnnotatedData.checked([[0, 0], [1, 1]], [[0.75, 0.25], [0.25, 0.75]], class_names=None)
    >>> weigh(data, scan_votes(data.votes, data.models, n_classes=2), consensus_method="best_quality").labels
    array([0, 1])
    """
    guesses = _guesses(data)
    weights = crowd_weights(data.votes, scan, scan.labels, guesses, n_classes=data.n_classes)
    if consensus_method == "majority_vote":
        return WeighedConsensus(labels=scan.labels, weights=weights)
    labels = best_labels(weighted_posterior(data, weights), scan.labels)
    if not weights.is_comparable:
        has_votes = data.votes.counts_by_row() > 0
        return WeighedConsensus(labels=np.where(has_votes, scan.labels, labels), weights=weights)
    weights = crowd_weights(data.votes, scan, labels, guesses, n_classes=data.n_classes)
    return WeighedConsensus(labels=labels, weights=weights)


def _guesses(data: AnnotatedData) -> list[CodeArray]:
    return [] if data.models is None else [data.models.guesses(model) for model in range(data.models.n_models)]


def _by_agreement(
    data: AnnotatedData, scan: VoteScan, score: QualityScore, *, adjust_pred_probs: bool
) -> AnnotatorConsensus:
    """Most votes are the largest share, so that both ways to a consensus lead to the majority."""
    has_votes = data.votes.counts_by_row() > 0
    labels = np.where(has_votes, scan.labels, UNLABELLED)
    scores = _scored(data, partial(vote_shares, data), labels, score, adjust_pred_probs=adjust_pred_probs)
    return _joined(data, scan.labels, _agreement(data.votes, scan.labels), scores.votes, None)


def _scored(
    data: AnnotatedData,
    posterior: Callable[[], Posterior],
    labels: CodeArray,
    score: QualityScore,
    *,
    adjust_pred_probs: bool,
) -> Scores:
    """Score labels and votes; the posterior is walked through once more where thresholds are taken off it."""
    thresholds = consensus_thresholds(data, posterior(), labels) if adjust_pred_probs else None
    return score_labels(data, posterior(), labels, score=score, thresholds=thresholds)


def _joined(
    data: AnnotatedData,
    labels: CodeArray,
    consensus_quality: FloatArray,
    vote_quality: FloatArray,
    weights: CrowdWeights | None,
) -> AnnotatorConsensus:
    votes, temperatures = data.votes, data.temperatures()
    return AnnotatorConsensus(
        votes=votes,
        class_names=data.class_names,
        consensus_labels=labels.copy(),
        consensus_quality=consensus_quality,
        annotator_agreement=_agreement(votes, labels),
        vote_counts=votes.counts_by_row(),
        vote_quality=vote_quality,
        annotators=rate_annotators(
            votes,
            labels,
            class_names=data.class_names,
            consensus_quality=consensus_quality,
            vote_quality=vote_quality,
            weights=weights,
        ),
        model_weights=np.full(len(temperatures), np.nan) if weights is None else weights.model_weights,
        temperatures=temperatures,
    )


def _agreement(votes: Votes, labels: CodeArray) -> FloatArray:
    """Return the share of each example's votes that are its label; NaN without votes."""
    n_votes = votes.counts_by_row()
    n_hits = np.bincount(votes.rows[votes.codes == labels[votes.rows]], minlength=votes.n_examples)
    return np.where(n_votes > 0, n_hits / np.maximum(n_votes, 1), np.nan)
