"""How likely each given label is wrong, how many are, and in which order to look."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.special import expit

from labelclean.arrays import CodeArray, CountMatrix, FloatArray, IndexArray, ProbMatrix, freeze_fields
from labelclean.core.chunks import BLOCK_ROWS
from labelclean.core.noise_model import NoiseModel, fit_noise_model
from labelclean.core.rounding import round_rows

__all__ = ["ErrorEstimate", "estimate_errors", "rank_rows"]

_SURE = 1e-9  # log-odds stay finite; far below what a float32 probability can tell apart from 1
_SPREAD = 2.0  # how far off the power of the probabilities may be, either way
_STANDARD_ERRORS = 1.96
_ROWS_FOR_INTERVAL = 20_000


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class ErrorEstimate:
    """
    What is believed about the given labels.

    Attributes
    ----------
    error_probabilities : ndarray of float64, shape (n_examples,)
        P(given label is wrong), 0 to 1.
    joint_counts : ndarray of int64, shape (n_classes, n_classes)
        Expected rows by given (rows) and true class (columns), rounded so that each row sums to the rows given that
        label; off the diagonal they add up to the sum of the error probabilities, to the nearest whole number.
    interval : tuple of int
        Lower and upper end of the number of wrong labels: from probabilities half as sharp to twice as sharp, and
        chance (95 %) on top.
    """

    error_probabilities: FloatArray
    joint_counts: CountMatrix
    interval: tuple[int, int]

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)


def estimate_errors(labels: CodeArray, pred_probs: ProbMatrix) -> ErrorEstimate:
    """
    Return how likely each given label is wrong.

    The probabilities say what the text looks like; the noise says how often a text of class j ends up with this
    label. Bayes' rule joins them. It is asked twice, and the log-odds are averaged: once with the noise of each pair
    of classes, which is sharp but rests on few rows, and once with one noise rate for all, which is blunt and steady.

    Parameters
    ----------
    labels : ndarray of int64, shape (n_examples,)
        Given class codes.
    pred_probs : ndarray of float, shape (n_examples, n_classes)
        Held-out probabilities, 0 to 1. How sure they are is put right first, see ``fit_noise_model``.

    Returns
    -------
    ErrorEstimate
        With one class only, no label can be wrong and all probabilities are 0.

    Notes
    -----
    Mistakes that follow a rule look like truth to any model of the given labels; neither the probabilities nor the
    interval can know of them.

    Examples
    --------
    >>> labels = np.repeat([0, 0, 1, 1], [90, 10, 90, 10])
    >>> probs = np.repeat([[0.9, 0.1], [0.1, 0.9], [0.1, 0.9], [0.9, 0.1]], [90, 10, 90, 10], axis=0)
    >>> estimate_errors(labels, probs).error_probabilities[[0, 90]].round(2)
    array([0.  , 0.98])
    """
    n_classes = pred_probs.shape[1]
    if n_classes == 1 or not len(labels):
        counts = np.diag(np.bincount(labels, minlength=n_classes)).astype(np.int64)
        return ErrorEstimate(error_probabilities=np.zeros(len(labels)), joint_counts=counts, interval=(0, 0))
    model = fit_noise_model(labels, pred_probs)
    errors = np.empty(len(labels), dtype=np.float64)
    joint = np.zeros((n_classes, n_classes))
    for start in range(0, len(labels), BLOCK_ROWS):
        rows = slice(start, start + BLOCK_ROWS)
        errors[rows] = _error_probabilities(labels[rows], pred_probs[rows], model, joint)
    return ErrorEstimate(
        error_probabilities=errors,
        joint_counts=_whole(joint, np.bincount(labels, minlength=n_classes)),
        interval=_interval(labels, pred_probs, model, float(errors.sum())),
    )


def _error_probabilities(labels: CodeArray, pred_probs: ProbMatrix, model: NoiseModel, joint: FloatArray) -> FloatArray:
    """Return P(wrong) and add the expected counts to ``joint``."""
    truth = model.true_class_probs(pred_probs)
    errors = np.asarray(expit((_log_odds(labels, truth, model.blunt) + _log_odds(labels, truth, model.sharp)) / 2.0))
    rows = np.arange(len(labels))
    others = truth * model.sharp[labels]
    others[rows, labels] = 0.0
    others *= (errors / np.maximum(others.sum(axis=1), np.finfo(np.float64).tiny))[:, np.newaxis]
    given = sparse.csr_array((np.ones(len(labels)), (labels, rows)), shape=(len(joint), len(labels)))
    joint += np.asarray(given @ others)
    return errors


def _log_odds(labels: CodeArray, truth: FloatArray, noise_matrix: ProbMatrix) -> FloatArray:
    """Return the log-odds that the true class is another than the given one."""
    both = truth * noise_matrix[labels]
    rows = np.arange(len(labels))
    right = both[rows, labels]
    both[rows, labels] = 0.0  # subtracting it from the sum would lose all digits of a sure row
    wrong = both.sum(axis=1)
    smallest = _SURE * np.maximum(right + wrong, np.finfo(np.float64).tiny)
    return np.asarray(np.log(np.maximum(wrong, smallest)) - np.log(np.maximum(right, smallest)))


def _whole(off_diagonal: FloatArray, class_counts: IndexArray) -> CountMatrix:
    """Return whole counts with the given row sums; first rounded is how many are wrong, then what they are."""
    wrong = off_diagonal.sum(axis=1)
    n_wrong = round_rows(wrong[np.newaxis])[0]  # a row's many small cells would all be rounded away in its favour
    scale = n_wrong / np.maximum(wrong, np.finfo(np.float64).tiny)
    return round_rows(off_diagonal * scale[:, np.newaxis]) + np.diag(class_counts - n_wrong)


def _interval(labels: CodeArray, pred_probs: ProbMatrix, model: NoiseModel, n_errors: float) -> tuple[int, int]:
    """Return how many labels are wrong at the least and at the most, as far as the text can tell."""
    step = -(-len(labels) // _ROWS_FOR_INTERVAL)
    some, probs = labels[::step], pred_probs[::step]
    spare = np.zeros(model.blunt.shape)
    ends = []
    for power in (max(model.power / _SPREAD, 1.0), model.power * _SPREAD):
        errors = _error_probabilities(some, probs, fit_noise_model(some, probs, power=power), spare)
        ends.append(float(errors.sum()) * len(labels) / len(some))
    chance = _STANDARD_ERRORS * np.sqrt(n_errors * (1.0 - n_errors / len(labels)))
    low, high = min(*ends, n_errors) - chance, max(*ends, n_errors) + chance
    return max(0, int(np.floor(low))), min(len(labels), int(np.ceil(high)))


def rank_rows(error_probability: FloatArray, label_quality_scores: FloatArray) -> IndexArray:
    """
    Order rows from the most to the least suspect.

    Parameters
    ----------
    error_probability : ndarray of float64, shape (n_examples,)
        0 to 1; NaN where there is no label.
    label_quality_scores : ndarray of float64, shape (n_examples,)
        0 to 1, low = suspect; NaN where there is no label. Decides among equal error probabilities.

    Returns
    -------
    ndarray of int64, shape (n_examples,)
        Row positions; ties in row order, rows without a label last.

    Examples
    --------
    >>> rank_rows(np.array([0.1, np.nan, 0.9, 0.9]), np.array([0.9, np.nan, 0.2, 0.1]))
    array([3, 2, 0, 1])
    """
    return np.lexsort((label_quality_scores, -error_probability)).astype(np.int64)
