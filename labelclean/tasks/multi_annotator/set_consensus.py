"""The consensus of several annotators and a model on label sets: CROWDLAB for every class at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import FloatArray, Label
from labelclean.tasks.multi_annotator.annotators import model_shares
from labelclean.tasks.multi_annotator.model_probs import PredProbs
from labelclean.tasks.multi_annotator.options import ConsensusMethod, QualityMethod, check_methods
from labelclean.tasks.multi_annotator.read_set_votes import SetTable
from labelclean.tasks.multi_annotator.set_calibration import calibrated_sets
from labelclean.tasks.multi_annotator.set_data import AnnotatedSets
from labelclean.tasks.multi_annotator.set_majority import majority_sets
from labelclean.tasks.multi_annotator.set_posterior import SetPosterior, best_sets, set_shares, weighted_sets
from labelclean.tasks.multi_annotator.set_results import MultiLabelAnnotatorConsensus, MultiLabelAnnotatorQuality
from labelclean.tasks.multi_annotator.set_votes import SetVotes
from labelclean.tasks.multi_annotator.set_weights import SetWeights, agreement_with_others, set_weights
from labelclean.tasks.multi_annotator.sums import join_parts, split_parts
from labelclean.tasks.multi_annotator.weights import warn_of_single_votes
from labelclean.tasks.multi_label.aggregation import Aggregation, aggregator

__all__ = ["WeighedSets", "multi_label_annotator_consensus", "weigh_sets"]


def multi_label_annotator_consensus(
    votes: SetVotes | SetTable,
    pred_probs: PredProbs | None = None,
    *,
    class_names: Sequence[Label] | None = None,
    consensus_method: ConsensusMethod = "best_quality",
    quality_method: QualityMethod = "crowdlab",
    aggregate_by: Aggregation = "exponential_moving_average",
    calibrate: bool = False,
) -> MultiLabelAnnotatorConsensus:
    """
    Join what several annotators and one model or several say about examples that may have many labels.

    Whether a class applies is a question of its own, present or absent, to which every annotator who answered the
    example gave an answer, also by leaving the class out. Each question is settled as by ``multi_annotator_consensus``
    with two classes, all at once: an annotator may be good at one class and bad at another.

    Parameters
    ----------
    votes : SetVotes, nested sequence, ndarray of object or DataFrame, shape (n_examples, n_annotators)
        The label sets given; see ``set_votes_from_table`` and ``set_votes_from_triples``.
    pred_probs : array-like of float, shape (n_examples, n_classes) or (n_models, n_examples, n_classes), optional
        Held-out P(class applies), 0 to 1; rows need not sum to 1. Of one model or several (also a list of tables).
        Only "agreement" goes without.
    class_names : sequence of hashable, optional
        The classes, in the order of the columns of ``pred_probs``; see ``set_votes_from_table``. A DataFrame of
        probabilities with named columns brings them along.
    consensus_method : {"best_quality", "majority_vote"}
        For each class, the more credible state, or the one with more answers (see ``majority_vote``).
    quality_method : {"crowdlab", "agreement"}
        CROWDLAB's weighted judgement, or the plain share of the annotators.
    aggregate_by : {"exponential_moving_average", "softmin"} or callable
        How the qualities of the classes are joined into one per example and per answer.
    calibrate : bool, default=False
        Soften or sharpen the probabilities of each class first, so that they are as sure as the annotators agree; see
        ``multi_label_vote_temperatures``.

    Returns
    -------
    MultiLabelAnnotatorConsensus
        Sets and qualities. An example without answers gets what the model says; it changes nothing else, and neither
        does an annotator without answers.

    Raises
    ------
    ConfigError
        If an option is unknown, or "crowdlab" has no probabilities.
    InvalidInputError
        If votes or probabilities break the rules of their formats, or do not fit each other.

    Warns
    -----
    LabelCleanWarning
        If no example has two answers: the sets are then the answers themselves, judged by the model alone.

    Notes
    -----
    The result is that of one call of ``multi_annotator_consensus`` per class, but without a loop over classes: sums
    over answers are products of sparse and dense tables. Time goes by answers x classes, memory by examples x
    classes. All sums are exact or rounded once, so that the order of annotators and examples changes no bit of a
    weight or a quality of a cell.

    References
    ----------
    Goh, Tkachenko & Mueller (2022), "CROWDLAB", arXiv:2210.06812, sections 3 and 4, for present against absent;
    Thyagarajan et al. (2022), arXiv:2211.13895, section 3, for one class against the rest.

    Examples
    --------
    >>> votes = [[["cat"], ["cat", "dog"], ["cat"]], [["dog"], ["dog"], []], [[], ["cat"], None]]
    >>> probs = [[0.9, 0.3], [0.1, 0.8], [0.2, 0.1]]
    >>> found = multi_label_annotator_consensus(votes, probs, class_names=["cat", "dog"])
    >>> found.consensus_sets()
    [('cat',), ('dog',), ()]
    >>> found.annotators.quality.round(2)
    array([0.85, 0.67, 0.69])
    """
    check_methods(consensus_method, quality_method, has_models=pred_probs is not None)
    join = aggregator(aggregate_by)
    data = AnnotatedSets.checked(votes, pred_probs, class_names=class_names)
    data = calibrated_sets(data) if calibrate and data.models is not None else data
    majority = majority_sets(data)
    if quality_method == "agreement":
        return _result(data, majority, set_shares(data), None, join)
    found = weigh_sets(data, majority, consensus_method=consensus_method)
    warn_of_single_votes(data.votes, is_comparable=found.weights.is_comparable)
    return _result(data, found.consensus, weighted_sets(data, found.weights), found.weights, join)


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class WeighedSets:
    """
    Consensus sets, and the weights that follow from them.

    Attributes
    ----------
    consensus : ndarray of bool, shape (n_examples, n_classes)
        True where the class applies.
    weights : SetWeights
        Everyone's weights, measured on that consensus.
    """

    consensus: NDArray[np.bool_]
    weights: SetWeights


def weigh_sets(data: AnnotatedSets, majority: NDArray[np.bool_], *, consensus_method: ConsensusMethod) -> WeighedSets:
    """
    Settle the consensus sets and everyone's weights.

    Parameters
    ----------
    data : AnnotatedSets
        Answers and probabilities.
    majority : ndarray of bool, shape (n_examples, n_classes)
        What most annotators say; see ``majority_sets``.
    consensus_method : {"best_quality", "majority_vote"}
        How the consensus is chosen.

    Returns
    -------
    WeighedSets
        As ``weigh`` does for single labels; where annotators cannot be compared the answers stay.

    Examples
    --------
    >>> data = AnnotatedSets.checked([[[0], [0]], [[], []]], [[0.75], [0.25]])
    >>> weigh_sets(data, majority_sets(data), consensus_method="best_quality").consensus
    array([[ True],
           [False]])
    """
    agreement = agreement_with_others(data)
    weights = set_weights(data, majority, agreement)
    if consensus_method == "majority_vote":
        return WeighedSets(consensus=majority, weights=weights)
    best = best_sets(weighted_sets(data, weights), majority)
    if not weights.is_comparable:
        has_votes = (data.votes.counts_by_row() > 0)[:, np.newaxis]
        return WeighedSets(consensus=np.where(has_votes, majority, best), weights=weights)
    return WeighedSets(consensus=best, weights=set_weights(data, best, agreement))


def _result(
    data: AnnotatedSets,
    consensus: NDArray[np.bool_],
    posterior: Iterator[SetPosterior],
    weights: SetWeights | None,
    join: Callable[[FloatArray], FloatArray],
) -> MultiLabelAnnotatorConsensus:
    quality = np.full(data.shape, np.nan)
    of_examples, of_votes = np.full(data.votes.n_examples, np.nan), np.full(data.votes.n_votes, np.nan)
    tallies = _Tallies.none(data.votes.n_annotators, data.n_classes)
    for each in posterior if data.n_classes else ():
        block, state = each.block, consensus[each.block.rows]
        quality[block.rows] = np.where(state, each.present, each.absent)
        known = block.rows.start + np.flatnonzero(~np.isnan(quality[block.rows]).any(axis=1))
        of_examples[known] = join(quality[known])
        of_votes[block.picks] = join(block.by_vote(each.absent, each.present))
        tallies = tallies + _Tallies.partial(each, state)
    temperatures = data.temperatures()
    return MultiLabelAnnotatorConsensus(
        votes=data.votes,
        class_names=data.class_names,
        consensus=consensus,
        consensus_quality=quality,
        example_quality=of_examples,
        vote_counts=data.votes.counts_by_row(),
        vote_quality=of_votes,
        annotators=_rated(data, tallies, weights),
        model_weights=np.full(temperatures.shape, np.nan) if weights is None else weights.model_weights,
        temperatures=temperatures,
    )


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class _Tallies:
    """
    Sums over each annotator's answers, shape (n_annotators, n_classes); parts add up, in any order, to the same bits.

    The qualities of the answers in two parts (see ``split_parts``), and how many say what the consensus says, of all
    and of those to examples that others answered too.
    """

    high: FloatArray
    low: FloatArray
    hits: FloatArray
    shared_hits: FloatArray

    @classmethod
    def none(cls, n_annotators: int, n_classes: int) -> _Tallies:
        zeros = np.zeros((n_annotators, n_classes))
        return cls(high=zeros, low=zeros, hits=zeros, shared_hits=zeros)

    @classmethod
    def partial(cls, posterior: SetPosterior, state: NDArray[np.bool_]) -> _Tallies:
        block = posterior.block
        is_shared = (block.vote_counts() > 1)[:, np.newaxis]
        absent, present = split_parts(posterior.absent), split_parts(posterior.present)
        return cls(
            high=block.by_annotator(absent[0], present[0]),
            low=block.by_annotator(absent[1], present[1]),
            hits=block.by_annotator(~state, state),
            shared_hits=block.by_annotator(~state & is_shared, state & is_shared),
        )

    def __add__(self, other: _Tallies) -> _Tallies:
        return _Tallies(
            high=self.high + other.high,
            low=self.low + other.low,
            hits=self.hits + other.hits,
            shared_hits=self.shared_hits + other.shared_hits,
        )

    def qualities(self) -> FloatArray:
        """Return the sums of the qualities."""
        return join_parts(self.high, self.low)


def _rated(data: AnnotatedSets, tallies: _Tallies, weights: SetWeights | None) -> MultiLabelAnnotatorQuality:
    """Turn sums over answers into the annotators' qualities; see ``rate_annotators``."""
    votes = data.votes
    n_votes = votes.counts_by_annotator()
    is_shared = votes.counts_by_row()[votes.rows] > 1
    n_shared = np.bincount(votes.annotators[is_shared], minlength=votes.n_annotators)
    quality = agreement = _shares(tallies.shared_hits, n_shared)
    if weights is not None:
        own, share = _shares(tallies.qualities(), n_votes), np.ones(data.n_classes)
        if weights.is_comparable:
            share = model_shares(votes, weights.annotator_weights, weights.model_weights)
        quality = np.where(np.isnan(agreement), own, share * own + (1 - share) * agreement)
    return MultiLabelAnnotatorQuality(
        annotator_names=votes.annotator_names,
        class_names=data.class_names,
        quality=quality.mean(axis=1) if data.n_classes else np.full(votes.n_annotators, np.nan),
        class_quality=quality,
        agreement_with_consensus=_shares(tallies.hits, n_votes),
        n_votes=n_votes,
        weights=np.full(quality.shape, np.nan) if weights is None else weights.annotator_weights,
    )


def _shares(sums: FloatArray, counts: NDArray[np.integer]) -> FloatArray:
    """Divide each annotator's sums; NaN where there is nothing to divide by."""
    divisor = counts[:, np.newaxis]
    return np.where(divisor > 0, sums / np.maximum(divisor, 1), np.nan)
