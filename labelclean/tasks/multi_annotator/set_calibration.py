"""The temperatures under which a model's probabilities of single classes are as sure as the annotators' sets are."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from labelclean.arrays import FloatArray, IndexArray, Label
from labelclean.core.temperature import balanced_temperature, softened_binary
from labelclean.tasks.multi_annotator.model_probs import PredProbs
from labelclean.tasks.multi_annotator.read_set_votes import SetTable
from labelclean.tasks.multi_annotator.set_data import AnnotatedSets
from labelclean.tasks.multi_annotator.set_votes import SetVotes
from labelclean.tasks.multi_annotator.sums import exact_sum

__all__ = ["calibrated_sets", "multi_label_vote_temperatures"]

_CLASSES_AT_ONCE = 16  # columns turned into lines at a time; no result depends on it
_SCALE = 2.0**-7  # makes logarithms of odds, at most 69.1, fit for exact sums; the slope's sign is all that counts


def multi_label_vote_temperatures(
    votes: SetVotes | SetTable,
    pred_probs: PredProbs,
    *,
    class_names: Sequence[Label] | None = None,
) -> FloatArray:
    """
    Return the temperatures under which each model's probabilities come nearest to the shares of the answers.

    Every class is a question of its own, present or absent, about which a model may be too sure while it is not sure
    enough about another.

    Parameters
    ----------
    votes : SetVotes, nested sequence, ndarray of object or DataFrame, shape (n_examples, n_annotators)
        The label sets given; see ``set_votes_from_table``.
    pred_probs : array-like of float, shape (n_examples, n_classes) or (n_models, n_examples, n_classes)
        Held-out P(class applies), 0 to 1, of one model or several.
    class_names : sequence of hashable, optional
        The classes, in the order of the columns of ``pred_probs``; see ``set_votes_from_table``.

    Returns
    -------
    ndarray of float64, shape (n_models, n_classes)
        0.05 to 20; below 1 where the probabilities are not sure enough, above 1 where they are too sure. 1 where
        there are no answers, or where every temperature gives the same.

    Raises
    ------
    InvalidInputError
        If votes or probabilities break the rules of their formats, or do not fit each other.

    Notes
    -----
    With the share ``s`` of an example's answers that hold the class, the model's probability ``p`` and the
    temperature ``t``, what is made smallest for each model and class is the mean over the examples with answers of
    ``-s log(q) - (1 - s) log(1 - q)``, where ``q = 1 / (1 + exp(-z / t))`` and ``z = log(p / (1 - p))``. The result is
    that of one call of ``vote_temperatures`` per class, present against absent. Probabilities below 1e-30, for or
    against, count as 1e-30.

    References
    ----------
    Guo, Pleiss, Sun & Weinberger (2017), "On Calibration of Modern Neural Networks", sections 4.1 and 4.2.

    Examples
    --------
    Three of four hold the cat, and none of them the dog:

    >>> votes = [[["cat"], ["cat"], ["cat"], []]]
    >>> multi_label_vote_temperatures(votes, [[0.9, 0.5]], class_names=["cat", "dog"]).round(6)
    array([[2., 1.]])
    """
    return _temperatures(AnnotatedSets.checked(votes, pred_probs, class_names=class_names))


def calibrated_sets(data: AnnotatedSets) -> AnnotatedSets:
    """
    Return the same data with every model under its temperatures.

    Parameters
    ----------
    data : AnnotatedSets
        Answers and probabilities.

    Returns
    -------
    AnnotatedSets
        The same tables, to be sharpened or softened as they are read.

    Examples
    --------
    >>> data = AnnotatedSets.checked([[[0], [0], [0], []]], [[0.9]])
    >>> calibrated_sets(data).models.block(0, slice(0, 1)).round(6)
    array([[0.75]])
    """
    return data.with_temperatures(_temperatures(data))


def _temperatures(data: AnnotatedSets) -> FloatArray:
    models, n_votes = data.models_given(), data.votes.counts_by_row()
    found, has_votes = np.ones((models.n_models, data.n_classes)), n_votes > 0
    if not has_votes.any():
        return found
    rows_by_class = _rows_by_class(data)
    for first in range(0, data.n_classes, _CLASSES_AT_ONCE):
        classes = slice(first, min(first + _CLASSES_AT_ONCE, data.n_classes))
        counts = [np.bincount(rows, minlength=len(n_votes))[has_votes] for rows in rows_by_class[classes]]
        shares = [each / n_votes[has_votes] for each in counts]
        for model in range(models.n_models):
            lines = zip(models.odds(model, has_votes, classes), shares, strict=True)
            found[model, classes] = [balanced_temperature(partial(_slope, odds, share)) for odds, share in lines]
    return found


def _rows_by_class(data: AnnotatedSets) -> list[IndexArray]:
    """Return, for each class, the examples of the answers that hold it."""
    votes = data.votes
    rows = votes.rows[votes.member_votes][np.argsort(votes.member_codes, kind="stable")]
    return np.split(rows, np.cumsum(np.bincount(votes.member_codes, minlength=data.n_classes))[:-1])


def _slope(odds: FloatArray, shares: FloatArray, temperature: float) -> float:
    """Return the slope of the loss against the inverse temperature, up to a factor."""
    return exact_sum((softened_binary(odds, temperature) - shares) * odds * _SCALE)
