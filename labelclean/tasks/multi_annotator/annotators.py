"""How good each annotator is, and in which class the weakest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from labelclean.arrays import UNLABELLED, ClassArray, CodeArray, FloatArray, IndexArray, Label, MaskArray, freeze_fields
from labelclean.tasks.multi_annotator.answers import Answers
from labelclean.tasks.multi_annotator.names import as_frame, name_column
from labelclean.tasks.multi_annotator.sums import sum_by_group
from labelclean.tasks.multi_annotator.votes import Votes
from labelclean.tasks.multi_annotator.weights import CrowdWeights

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["AnnotatorQuality", "model_shares", "rate_annotators"]


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class AnnotatorQuality:
    """
    What the votes say about the annotators, one entry each, in the order of the votes' columns.

    Attributes
    ----------
    annotator_names : tuple of hashable, length n_annotators
        The annotators.
    class_names : tuple of hashable, length n_classes
        The classes.
    quality : ndarray of float64, shape (n_annotators,)
        0 to 1, low = suspect; NaN for an annotator without votes, and by agreement also for one who shares no
        example with others.
    agreement_with_consensus : ndarray of float64, shape (n_annotators,)
        Share of the annotator's votes that are the consensus label, 0 to 1; NaN without votes.
    n_votes : ndarray of int64, shape (n_annotators,)
        Number of examples the annotator labelled.
    worst_class : ndarray of int64, shape (n_annotators,)
        The class whose votes by the annotator are least often the consensus; -1 without votes.
    weights : ndarray of float64, shape (n_annotators,)
        The annotator's weight in the consensus, 1e-6 to 1; NaN without votes, and where the quality is mere
        agreement.
    """

    annotator_names: tuple[Label, ...]
    class_names: tuple[Label, ...]
    quality: FloatArray
    agreement_with_consensus: FloatArray
    n_votes: IndexArray
    worst_class: CodeArray
    weights: FloatArray

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)

    def to_frame(self) -> pd.DataFrame:
        """
        Return one line per annotator, the most suspect first.

        Returns
        -------
        DataFrame
            Columns ``annotator``, ``quality``, ``agreement_with_consensus``, ``worst_class``, ``n_votes``,
            ``weight``. Ties in quality go by agreement, then by the votes' columns; annotators without quality last.
        """
        order = np.lexsort((self.agreement_with_consensus, self.quality))
        return as_frame(
            {
                "annotator": name_column(self.annotator_names, order.astype(np.int64)),
                "quality": self.quality[order],
                "agreement_with_consensus": self.agreement_with_consensus[order],
                "worst_class": name_column(self.class_names, self.worst_class[order]),
                "n_votes": self.n_votes[order],
                "weight": self.weights[order],
            }
        )


def rate_annotators(
    votes: Votes,
    consensus: CodeArray,
    *,
    class_names: tuple[Label, ...],
    consensus_quality: FloatArray,
    vote_quality: FloatArray,
    weights: CrowdWeights | None,
) -> AnnotatorQuality:
    """
    Rate each annotator by the quality of the own votes and by agreement with the consensus.

    Parameters
    ----------
    votes : Votes
        The votes.
    consensus : ndarray of int64, shape (n_examples,)
        The consensus labels.
    class_names : tuple of hashable, length n_classes
        The classes.
    consensus_quality : ndarray of float64, shape (n_examples,)
        Quality of the consensus labels, 0 to 1.
    vote_quality : ndarray of float64, shape (n_votes,)
        Quality of each vote, 0 to 1.
    weights : CrowdWeights or None
        The weights; None rates by agreement alone.

    Returns
    -------
    AnnotatorQuality
        One entry per annotator. Agreement counts on examples with several votes; who shares none is rated by the
        quality of the own votes alone.

    References
    ----------
    Goh, Tkachenko & Mueller (2022), "CROWDLAB", arXiv:2210.06812, section 4, the annotators' quality.

    Examples
    --------
    >>> from labelclean.tasks.multi_annotator.read_votes import votes_from_table
    >>> votes = votes_from_table([[0, 0, 1], [1, 1, 1]])
    >>> rate_annotators(
    ...     votes, np.array([0, 1]), class_names=(0, 1), consensus_quality=np.ones(2), vote_quality=np.ones(6),
    ...     weights=None,
    ... ).quality
    array([1. , 1. , 0.5])
    """
    is_hit = votes.codes == consensus[votes.rows]
    is_shared = votes.counts_by_row()[votes.rows] > 1
    with_consensus = _share(votes, is_hit)
    shared_agreement = _share(votes, is_hit & is_shared, among=is_shared)
    return AnnotatorQuality(
        annotator_names=votes.annotator_names,
        class_names=class_names,
        quality=shared_agreement
        if weights is None
        else _weighted_quality(votes, weights, vote_quality, shared_agreement),
        agreement_with_consensus=with_consensus,
        n_votes=votes.counts_by_annotator(),
        worst_class=_worst_classes(votes, is_hit, consensus_quality, max(len(class_names), 1)),
        weights=np.full(votes.n_annotators, np.nan) if weights is None else weights.annotator_weights,
    )


def model_shares(votes: Answers, annotator_weights: FloatArray, model_weights: FloatArray) -> ClassArray:
    """
    Return the models' part in an average judgement of each question: the rest is the annotators'.

    Parameters
    ----------
    votes : Votes or SetVotes
        The votes.
    annotator_weights : ndarray of float64, shape (n_annotators, n_questions)
        The annotators' weights; those of annotators without votes do not count.
    model_weights : ndarray of float64, shape (n_models, n_questions)
        The models' weights; of several models, one with their mean weight.

    Returns
    -------
    ndarray of float64, shape (n_questions,)
        0 to 1.

    Examples
    --------
    >>> from labelclean.tasks.multi_annotator.read_votes import votes_from_table
    >>> model_shares(votes_from_table([[0, 0]]), np.array([[0.5], [0.5]]), np.ones((1, 1)))
    array([0.5])
    """
    known = annotator_weights[votes.counts_by_annotator() > 0]
    n_questions = known.shape[1]
    sums = sum_by_group(np.tile(np.arange(n_questions), len(known)), known.ravel(), n_questions)
    per_example = sums * votes.n_votes / int(np.count_nonzero(votes.counts_by_row())) / len(known)
    model = model_weights.mean(axis=0)
    return np.asarray(model / (model + per_example))


def _weighted_quality(
    votes: Votes, weights: CrowdWeights, vote_quality: FloatArray, shared_agreement: FloatArray
) -> FloatArray:
    n_votes = votes.counts_by_annotator()
    sums = sum_by_group(votes.annotators, vote_quality, votes.n_annotators)
    own = np.where(n_votes > 0, sums / np.maximum(n_votes, 1), np.nan)
    if not weights.is_comparable:
        return own
    share = model_shares(votes, weights.annotator_weights[:, np.newaxis], weights.model_weights[:, np.newaxis])
    return np.where(np.isnan(shared_agreement), own, share * own + (1 - share) * shared_agreement)


def _share(votes: Votes, is_hit: MaskArray, *, among: MaskArray | None = None) -> FloatArray:
    """Return each annotator's share of hits; NaN where there is nothing to hit."""
    voters = votes.annotators if among is None else votes.annotators[among]
    n_all = np.bincount(voters, minlength=votes.n_annotators)
    n_hits = np.bincount(votes.annotators[is_hit], minlength=votes.n_annotators)
    return np.where(n_all > 0, n_hits / np.maximum(n_all, 1), np.nan)


def _worst_classes(votes: Votes, is_hit: MaskArray, consensus_quality: FloatArray, n_classes: int) -> CodeArray:
    """
    Return the class with the lowest accuracy of each annotator.

    Ties go to the class with the most votes, then to the highest mean quality of the consensus on them, then to the
    lowest code.
    """
    n_cells = votes.n_annotators * n_classes
    shape = (votes.n_annotators, n_classes)
    cells = votes.annotators * n_classes + votes.codes
    n_votes = np.bincount(cells, minlength=n_cells).reshape(shape)
    n_hits = np.bincount(cells[is_hit], minlength=n_cells).reshape(shape)
    quality = sum_by_group(cells, consensus_quality[votes.rows], n_cells).reshape(shape)
    divisor = np.maximum(n_votes, 1)
    candidates = n_votes > 0
    for scores in (-(n_hits / divisor), n_votes, quality / divisor):
        ranked = np.where(candidates, scores, -np.inf)
        candidates &= ranked == ranked.max(axis=1, keepdims=True, initial=-np.inf)
    found = np.asarray(candidates.argmax(axis=1), dtype=np.int64)
    return np.where(n_votes.sum(axis=1) > 0, found, UNLABELLED)
