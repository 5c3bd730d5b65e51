"""One temperature that makes probabilities as sure as they have a right to be."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax

from labelclean.arrays import CodeArray, ProbMatrix
from labelclean.core.temperature import HIGHEST_TEMPERATURE, LOWEST_TEMPERATURE, log_probs, softened

__all__ = ["apply_temperature", "fit_temperature"]

_SMALLEST = 1e-12  # a probability of 0 has no logarithm


def fit_temperature(labels: CodeArray, pred_probs: ProbMatrix) -> float:
    """
    Return the temperature under which the given labels are most likely.

    Parameters
    ----------
    labels : ndarray of int64, shape (n_examples,)
        Given class codes.
    pred_probs : ndarray of float, shape (n_examples, n_classes)
        Held-out probabilities, 0 to 1; every row sums to 1.

    Returns
    -------
    float
        0.05 to 20; below 1 where the probabilities are not sure enough, above 1 where they are too sure. 1 where
        there are no rows.

    References
    ----------
    Guo, Pleiss, Sun & Weinberger (2017), "On Calibration of Modern Neural Networks", section 4.2.

    Examples
    --------
    Sure of the second class, and right three times in four: not that sure.

    >>> probs = np.tile([0.01, 0.99], (4, 1))
    >>> temperature = fit_temperature(np.array([1, 1, 1, 0]), probs)
    >>> apply_temperature(probs[:1], temperature).round(2)
    array([[0.25, 0.75]])
    """
    if not len(labels):
        return 1.0
    logits = log_probs(pred_probs, smallest=_SMALLEST)
    rows = np.arange(len(labels))

    def log_loss(log_temperature: float) -> float:
        return -float(log_softmax(logits / np.exp(log_temperature), axis=1)[rows, labels].mean())

    found = minimize_scalar(
        log_loss,
        bounds=(np.log(LOWEST_TEMPERATURE), np.log(HIGHEST_TEMPERATURE)),
        method="bounded",
        options={"xatol": 1e-3},
    )
    return float(np.exp(found.x))


def apply_temperature(pred_probs: ProbMatrix, temperature: float) -> ProbMatrix:
    """
    Sharpen (below 1) or soften (above 1) probabilities; their order in each row stays.

    Parameters
    ----------
    pred_probs : ndarray of float, shape (n_examples, n_classes)
        Probabilities, 0 to 1.
    temperature : float
        Above 0.

    Returns
    -------
    ndarray of float64, shape (n_examples, n_classes)
        Every row sums to 1.

    Examples
    --------
    >>> apply_temperature(np.array([[0.2, 0.8]]), 0.5).round(3)
    array([[0.059, 0.941]])
    """
    return softened(log_probs(pred_probs, smallest=_SMALLEST), temperature)
