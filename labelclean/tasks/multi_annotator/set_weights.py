"""CROWDLAB's weights for the binary question of every class at once."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from labelclean.arrays import ClassArray, FloatArray, freeze_fields
from labelclean.tasks.multi_annotator.model_probs import ModelProbs
from labelclean.tasks.multi_annotator.set_data import AnnotatedSets
from labelclean.tasks.multi_annotator.set_votes import SetBlock
from labelclean.tasks.multi_annotator.sums import exact_mean
from labelclean.tasks.multi_annotator.weights import SMALLEST_WEIGHT, relative_weights

__all__ = ["SetWeights", "agreement_with_others", "set_weights"]


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class SetWeights:
    """
    The numbers answers and models are weighed with, class by class; see ``CrowdWeights``.

    Attributes
    ----------
    annotator_weights : ndarray of float64, shape (n_annotators, n_classes)
        1e-6 to 1; NaN for an annotator without answers.
    model_weights : ndarray of float64, shape (n_models, n_classes)
        Above 0.
    hit_rates : ndarray of float64, shape (n_classes,)
        P(an annotator says what the consensus says), 0 to 1.
    is_comparable : bool
        False where no example has two answers; all weights are 1 then, and only the model judges.
    """

    annotator_weights: FloatArray
    model_weights: FloatArray
    hit_rates: ClassArray
    is_comparable: bool

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)


def agreement_with_others(data: AnnotatedSets) -> FloatArray:
    """
    Return, for each class, the share of others' answers on the same examples that say the same about it.

    Parameters
    ----------
    data : AnnotatedSets
        The answers.

    Returns
    -------
    ndarray of float64, shape (n_annotators, n_classes)
        0 to 1; the mean of the others for an annotator who shares no example; NaN for one without answers.

    Examples
    --------
    >>> from labelclean.tasks.multi_annotator.read_set_votes import set_votes_from_table
    >>> data = AnnotatedSets.checked(set_votes_from_table([[[0], [0, 1], [0]]]), None)
    >>> agreement_with_others(data)
    array([[1. , 0.5],
           [1. , 0. ],
           [1. , 0.5]])
    """
    agreeing = np.zeros((data.votes.n_annotators, data.n_classes))
    for block in data.votes.blocks(data.n_classes):
        counts = block.counts()
        agreeing += block.by_annotator(block.vote_counts()[:, np.newaxis] - counts - 1, counts - 1)
    n_votes = data.votes.counts_by_row()
    others = np.bincount(
        data.votes.annotators, weights=(n_votes - 1)[data.votes.rows], minlength=data.votes.n_annotators
    )
    agreement = agreeing / np.maximum(others, 1)[:, np.newaxis]
    alone, sharing = others == 0, others > 0
    if alone.any():
        agreement[alone] = [exact_mean(column) for column in agreement[sharing].T]
    agreement[data.votes.counts_by_annotator() == 0] = np.nan
    return agreement


def set_weights(data: AnnotatedSets, consensus: NDArray[np.bool_], agreement: FloatArray) -> SetWeights:
    """
    Weigh annotators and models by how often they are right where several annotators answered.

    Parameters
    ----------
    data : AnnotatedSets
        Answers and probabilities.
    consensus : ndarray of bool, shape (n_examples, n_classes)
        The consensus so far.
    agreement : ndarray of float64, shape (n_annotators, n_classes)
        From ``agreement_with_others``.

    Returns
    -------
    SetWeights
        The weights, each class on its own.

    References
    ----------
    Goh, Tkachenko & Mueller (2022), "CROWDLAB", arXiv:2210.06812, section 3, applied to present against absent.

    Examples
    --------
    >>> from labelclean.tasks.multi_annotator.read_set_votes import set_votes_from_table
    >>> data = AnnotatedSets.checked(set_votes_from_table([[[0], [0]], [[], []]]), [[0.9], [0.2]])
    >>> set_weights(data, np.array([[True], [False]]), agreement_with_others(data)).annotator_weights
    array([[1.],
           [1.]])
    """
    models = data.models_given()
    n_votes = data.votes.counts_by_row()
    n_shared = int(np.count_nonzero(n_votes > 1))
    if not n_shared:
        has_votes = (data.votes.counts_by_annotator() > 0)[:, np.newaxis]
        return SetWeights(
            annotator_weights=np.where(has_votes, np.ones(agreement.shape), np.nan),
            model_weights=np.ones((models.n_models, data.n_classes)),
            hit_rates=np.full(data.n_classes, np.nan),
            is_comparable=False,
        )
    hits = np.zeros((int(n_votes.max()) + 1, data.n_classes))
    n_present = np.zeros(data.n_classes)
    model_errors = np.zeros((models.n_models, data.n_classes))
    for block in data.votes.blocks(data.n_classes):
        state, is_shared = consensus[block.rows], block.vote_counts() > 1
        hits += _hits_by_vote_count(block, state, len(hits))
        n_present += np.count_nonzero(state[is_shared], axis=0)
        model_errors += _model_errors(models, block, state, is_shared)
    hit_rates = (hits[2:] / np.arange(2, len(hits))[:, np.newaxis]).sum(axis=0) / n_shared
    base_errors = np.maximum(np.minimum(n_present, n_shared - n_present) / n_shared, SMALLEST_WEIGHT)
    votes_per_example = data.votes.n_votes / int(np.count_nonzero(n_votes))
    return SetWeights(
        annotator_weights=relative_weights(1 - agreement, base_errors),
        model_weights=relative_weights(model_errors / n_shared, base_errors) * math.sqrt(votes_per_example),
        hit_rates=hit_rates,
        is_comparable=True,
    )


def _hits_by_vote_count(block: SetBlock, state: NDArray[np.bool_], n_counts: int) -> FloatArray:
    """Count the answers that say what the consensus says, by class and by the number of answers of the example."""
    counts, n_votes = block.counts(), block.vote_counts()
    n_hits = np.where(state, counts, n_votes[:, np.newaxis] - counts)
    places = np.arange(block.n_rows)
    groups = sparse.csr_array((np.ones(block.n_rows), (n_votes, places)), shape=(n_counts, block.n_rows))
    return np.asarray(groups @ n_hits.astype(np.float64))


def _model_errors(
    models: ModelProbs, block: SetBlock, state: NDArray[np.bool_], is_shared: NDArray[np.bool_]
) -> FloatArray:
    """Count the shared examples where each model does not guess what the consensus says."""
    errors = []
    for model in range(models.n_models):
        is_wrong = models.says_present(model, block.rows) != state
        errors.append(np.count_nonzero(is_wrong[is_shared], axis=0))
    return np.array(errors, dtype=np.float64)
