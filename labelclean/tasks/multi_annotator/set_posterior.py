"""What answers and models together say about every example and class."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import FloatArray
from labelclean.tasks.multi_annotator.model_probs import ModelProbs
from labelclean.tasks.multi_annotator.set_data import AnnotatedSets
from labelclean.tasks.multi_annotator.set_votes import SetBlock
from labelclean.tasks.multi_annotator.set_weights import SetWeights
from labelclean.tasks.multi_annotator.sums import join_parts, split_parts

__all__ = ["SetPosterior", "best_sets", "set_shares", "weighted_models", "weighted_sets"]


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class SetPosterior:
    """
    The judgement about some consecutive examples.

    Attributes
    ----------
    block : SetBlock
        The examples and their answers.
    absent, present : ndarray of float64, shape (n_rows, n_classes)
        P(the class does not, does apply), 0 to 1; together 1. NaN where nothing is known.
    """

    block: SetBlock
    absent: FloatArray
    present: FloatArray


def weighted_sets(data: AnnotatedSets, weights: SetWeights) -> Iterator[SetPosterior]:
    """
    Average probabilities and answers by their weights, every class on its own.

    Parameters
    ----------
    data : AnnotatedSets
        Answers and probabilities.
    weights : SetWeights
        The weights; where annotators cannot be compared, the models speak alone.

    Yields
    ------
    SetPosterior
        Block after block.

    References
    ----------
    Goh, Tkachenko & Mueller (2022), "CROWDLAB", arXiv:2210.06812, section 3, applied to present against absent.

    Examples
    --------
    >>> from labelclean.tasks.multi_annotator.read_set_votes import set_votes_from_table
    >>> data = AnnotatedSets.checked(set_votes_from_table([[[0], []]]), [[0.5]])
    >>> weights = SetWeights(
    ...     annotator_weights=np.array([[0.75], [0.25]]), model_weights=np.ones((1, 1)), hit_rates=np.ones(1),
    ...     is_comparable=True,
    ... )
    >>> [each.present for each in weighted_sets(data, weights)]
    [array([[0.625]])]
    """
    models = data.models_given()
    parts = split_parts(weights.annotator_weights)
    hits, misses = weights.hit_rates, 1 - weights.hit_rates
    for block in data.votes.blocks(data.n_classes):
        present, absent = weighted_models(models, block.rows, weights.model_weights)
        total = np.broadcast_to(weights.model_weights.sum(axis=0), present.shape)
        if weights.is_comparable:
            of_all = [block.by_row(part) for part in parts]
            for_it = [block.members_by_row(part) for part in parts]
            against = [whole - some for whole, some in zip(of_all, for_it, strict=True)]
            by_row = join_parts(*of_all)
            present += misses * by_row + (hits - misses) * join_parts(*for_it)
            absent += misses * by_row + (hits - misses) * join_parts(*against)
            total = total + by_row
        yield SetPosterior(block=block, absent=absent / total, present=present / total)


def set_shares(data: AnnotatedSets) -> Iterator[SetPosterior]:
    """
    Return the share of each example's answers that hold each class.

    Parameters
    ----------
    data : AnnotatedSets
        The answers.

    Yields
    ------
    SetPosterior
        Block after block; NaN for an example without answers.

    Examples
    --------
    >>> from labelclean.tasks.multi_annotator.read_set_votes import set_votes_from_table
    >>> data = AnnotatedSets.checked(set_votes_from_table([[[0], [], [0, 1], []]]), None)
    >>> [each.present for each in set_shares(data)]
    [array([[0.5 , 0.25]])]
    """
    for block in data.votes.blocks(data.n_classes):
        n_votes = block.vote_counts().astype(np.float64)[:, np.newaxis]
        n_votes[n_votes == 0] = np.nan
        counts = block.counts()
        yield SetPosterior(block=block, absent=(n_votes - counts) / n_votes, present=counts / n_votes)


def best_sets(posterior: Iterator[SetPosterior], majority: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """
    Return, for every example and class, the more credible state.

    Parameters
    ----------
    posterior : iterator of SetPosterior
        The judgement.
    majority : ndarray of bool, shape (n_examples, n_classes)
        The majority's state, kept where both are equally credible.

    Returns
    -------
    ndarray of bool, shape (n_examples, n_classes)
        True where the class applies.

    Examples
    --------
    >>> best_sets(iter([]), np.array([[True]]))
    array([[ True]])
    """
    best = majority.copy()
    for each in posterior:
        kept = majority[each.block.rows] & (each.present == each.absent)
        best[each.block.rows] = (each.present > each.absent) | kept
    return best


def weighted_models(models: ModelProbs, rows: slice, model_weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    """
    Add the models' probabilities up by their weights, every class on its own.

    Parameters
    ----------
    models : ModelProbs
        P(class present).
    rows : slice
        The examples.
    model_weights : ndarray of float64, shape (n_models, n_classes)
        The weights.

    Returns
    -------
    present, absent : ndarray of float64, shape (n_rows, n_classes)
        The sums for the class and against it.

    Examples
    --------
    >>> models = ModelProbs.checked([[0.75]], n_examples=None, n_classes=None)
    >>> weighted_models(models, slice(0, 1), np.array([[2.0]]))
    (array([[1.5]]), array([[0.5]]))
    """
    present, absent = np.zeros((2, rows.stop - rows.start, models.n_classes))
    for model, weight in enumerate(model_weights):
        probs = models.block(model, rows)
        present += weight * probs
        absent += weight * (1 - probs)
    return present, absent
