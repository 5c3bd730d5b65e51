"""Probabilities sharpened or softened by a temperature, and the temperature where a slope is zero."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit, softmax

from labelclean.arrays import FloatArray

__all__ = [
    "HIGHEST_TEMPERATURE",
    "LOWEST_TEMPERATURE",
    "balanced_temperature",
    "log_odds",
    "log_probs",
    "softened",
    "softened_binary",
]

LOWEST_TEMPERATURE, HIGHEST_TEMPERATURE = 0.05, 20.0
"""Between these temperatures are searched; further out, probabilities are as good as certain or even."""

_PRECISION = 1e-9  # of the logarithm of the temperature


def log_probs(pred_probs: NDArray[np.floating], *, smallest: float) -> FloatArray:
    """
    Return the logarithms of probabilities.

    Parameters
    ----------
    pred_probs : ndarray of float, any shape
        Probabilities, 0 to 1.
    smallest : float
        What a smaller probability counts as, above 0: 0 has no logarithm.

    Returns
    -------
    ndarray of float64, same shape
        At most 0, up to rounding.

    Examples
    --------
    >>> log_probs(np.array([[1.0, 0.0]]), smallest=1e-12).round(2)
    array([[  0.  , -27.63]])
    """
    return np.asarray(np.log(np.maximum(pred_probs, smallest, dtype=np.float64)))


def log_odds(pred_probs: NDArray[np.floating], *, smallest: float) -> FloatArray:
    """
    Return the logarithms of the odds of probabilities, every cell a question of its own.

    Parameters
    ----------
    pred_probs : ndarray of float, any shape
        Probabilities, 0 to 1.
    smallest : float
        What a smaller probability, for or against, counts as; above 0.

    Returns
    -------
    ndarray of float64, same shape
        ``log(p / (1 - p))``; 0 for an even chance.

    Examples
    --------
    >>> log_odds(np.array([0.5, 0.75]), smallest=1e-12).round(3)
    array([0.   , 1.099])
    """
    probs = np.asarray(pred_probs, dtype=np.float64)
    return log_probs(probs, smallest=smallest) - log_probs(1 - probs, smallest=smallest)


def softened(logits: NDArray[np.floating], temperature: float) -> FloatArray:
    """
    Sharpen (below 1) or soften (above 1) rows of probabilities; their order in each row stays.

    Parameters
    ----------
    logits : ndarray of float, shape (n_examples, n_classes)
        Their logarithms, up to a constant for each row.
    temperature : float
        Above 0.

    Returns
    -------
    ndarray of float64, shape (n_examples, n_classes)
        ``p ** (1 / temperature)``, each row divided by its sum; 0 to 1.

    References
    ----------
    Guo, Pleiss, Sun & Weinberger (2017), "On Calibration of Modern Neural Networks", section 4.2.

    Examples
    --------
    >>> softened(np.log([[0.9, 0.1]]), 2.0)
    array([[0.75, 0.25]])
    """
    return np.asarray(softmax(logits / temperature, axis=1))


def softened_binary(logits: NDArray[np.floating], temperatures: float | FloatArray) -> FloatArray:
    """
    Sharpen (below 1) or soften (above 1) probabilities, every cell a question of its own.

    Parameters
    ----------
    logits : ndarray of float, shape (n_examples, n_classes)
        The logarithms of their odds; see ``log_odds``.
    temperatures : float or ndarray of float64, shape (n_classes,)
        Above 0; one for all classes, or one for each.

    Returns
    -------
    ndarray of float64, shape (n_examples, n_classes)
        ``p ** (1 / t) / (p ** (1 / t) + (1 - p) ** (1 / t))``, 0 to 1.

    References
    ----------
    Guo, Pleiss, Sun & Weinberger (2017), "On Calibration of Modern Neural Networks", sections 4.1 and 4.2.

    Examples
    --------
    >>> softened_binary(np.log([[9.0, 9.0]]), np.array([1.0, 2.0])).round(6)
    array([[0.9 , 0.75]])
    """
    return np.asarray(expit(logits / temperatures))


def balanced_temperature(slope: Callable[[float], float]) -> float:
    """
    Return the temperature at which a loss is smallest.

    Parameters
    ----------
    slope : callable
        From a temperature to the slope of the loss against its inverse, up to a factor above 0. The loss is convex in
        the inverse, so that the slope falls as the temperature rises.

    Returns
    -------
    float
        0.05 to 20, exact to nine digits; the nearer limit where the slope has no zero between them, and 1 where it is
        zero at both: every temperature gives the same.

    Examples
    --------
    >>> round(balanced_temperature(lambda temperature: 2.0 - temperature), 6)
    2.0
    """

    @functools.cache
    def of_logarithm(log_temperature: float) -> float:
        return slope(math.exp(log_temperature))

    low, high = math.log(LOWEST_TEMPERATURE), math.log(HIGHEST_TEMPERATURE)
    if of_logarithm(low) == of_logarithm(high) == 0:
        return 1.0
    if of_logarithm(low) <= 0:
        return LOWEST_TEMPERATURE
    if of_logarithm(high) >= 0:
        return HIGHEST_TEMPERATURE
    return math.exp(float(brentq(of_logarithm, low, high, xtol=_PRECISION)))
