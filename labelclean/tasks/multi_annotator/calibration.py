"""The temperature under which a model's probabilities are as sure as the annotators' votes are."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence

import numpy as np

from labelclean.arrays import FloatArray, Label
from labelclean.core.temperature import balanced_temperature
from labelclean.tasks.multi_annotator.inputs import AnnotatedData
from labelclean.tasks.multi_annotator.model_probs import PredProbs
from labelclean.tasks.multi_annotator.read_votes import VoteTable
from labelclean.tasks.multi_annotator.votes import Votes

__all__ = ["calibrated", "vote_temperatures"]


def vote_temperatures(
    votes: Votes | VoteTable,
    pred_probs: PredProbs,
    *,
    class_names: Sequence[Label] | None = None,
) -> FloatArray:
    """
    Return the temperature of each model under which its probabilities come nearest to the shares of the votes.

    A model that is surer than its annotators agree should not keep examples from being asked about; softened by its
    temperature it is as sure as they are.

    Parameters
    ----------
    votes : Votes, array-like or DataFrame, shape (n_examples, n_annotators)
        The labels given; see ``votes_from_table``.
    pred_probs : array-like of float, shape (n_examples, n_classes) or (n_models, n_examples, n_classes)
        Held-out probabilities, 0 to 1, of one model or several.
    class_names : sequence of hashable, optional
        The classes, in the order of the columns of ``pred_probs``; see ``votes_from_table``. A DataFrame of
        probabilities with named columns brings them along.

    Returns
    -------
    ndarray of float64, shape (n_models,)
        0.05 to 20; below 1 where the probabilities are not sure enough, above 1 where they are too sure. 1 where
        there are no votes, or where every temperature gives the same.

    Raises
    ------
    InvalidInputError
        If votes or probabilities break the rules of their formats, or do not fit each other.

    Notes
    -----
    What is made smallest is the cross-entropy between vote shares and probabilities, averaged over the examples with
    votes. In the inverse temperature it is convex, so that its slope has one zero, which is searched to nine digits;
    the reference library tries 17 values instead. Probabilities of 0 count as 1e-30.

    References
    ----------
    Guo, Pleiss, Sun & Weinberger (2017), "On Calibration of Modern Neural Networks", section 4.2.

    Examples
    --------
    >>> votes_of_four = [[0, 0, 0, 1]]  # three quarters
    >>> vote_temperatures(votes_of_four, [[0.9, 0.1]]).round(6)
    array([2.])
    """
    data = AnnotatedData.checked(votes, pred_probs, class_names=class_names)
    return _temperatures(data)


def calibrated(data: AnnotatedData) -> AnnotatedData:
    """
    Return the same data with every model under its temperature.

    Parameters
    ----------
    data : AnnotatedData
        Votes and probabilities.

    Returns
    -------
    AnnotatedData
        The same tables, to be sharpened or softened as they are read.

    Examples
    --------
    >>> data = AnnotatedData.checked([[0, 0, 0, 1]], [[0.9, 0.1]], class_names=None)
    >>> calibrated(data).models.block(0, slice(0, 1)).round(6)
    array([[0.75, 0.25]])
    """
    return data.with_temperatures(_temperatures(data))


def _temperatures(data: AnnotatedData) -> FloatArray:
    return np.array([_temperature(data, model) for model in range(data.models_given().n_models)])


def _temperature(data: AnnotatedData, model: int) -> float:
    voted = _mean_voted_logits(data, model)
    return balanced_temperature(functools.partial(_slope, data, model, voted)) if len(voted) else 1.0


def _mean_voted_logits(data: AnnotatedData, model: int) -> FloatArray:
    """Return the mean logit of the votes of each example that has votes."""
    means = []
    for block in data.votes.blocks(data.n_classes):
        logits = data.models_given().logits(model, block.rows)
        counts = np.bincount(block.cells(data.n_classes), minlength=logits.size).reshape(logits.shape)
        n_votes = counts.sum(axis=1)
        voted = n_votes > 0
        means.append((counts * logits).sum(axis=1)[voted] / n_votes[voted])
    return np.concatenate(means) if means else np.empty(0)


def _slope(data: AnnotatedData, model: int, voted: FloatArray, temperature: float) -> float:
    """
    Return the slope of the loss against the inverse temperature; it falls as the temperature rises.

    For each example it is the mean logit under the tempered probabilities, less the mean logit of the votes.
    """
    expected = []
    has_votes = data.votes.counts_by_row() > 0
    for block in data.votes.blocks(data.n_classes):
        logits = data.models_given().logits(model, block.rows)[has_votes[block.rows]]
        shares = np.exp(logits / temperature)
        expected.append((shares * logits).sum(axis=1) / shares.sum(axis=1))
    return math.fsum((np.concatenate(expected) - voted).tolist())
