"""How the scores of one example's classes are joined into one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Literal, Protocol, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from labelclean.arrays import FloatArray
from labelclean.errors import ConfigError, InvalidInputError

__all__ = ["Aggregation", "RowAggregator", "aggregator", "exponential_moving_average", "softmin"]


class RowAggregator(Protocol):
    """A function like ``numpy.min``: a table and ``axis=1`` in, one number per row out."""

    def __call__(self, scores: FloatArray, /, *, axis: int) -> ArrayLike:
        """Join the scores of each row."""
        ...


Aggregation: TypeAlias = Literal["exponential_moving_average", "softmin"] | RowAggregator


def aggregator(
    aggregate_by: Aggregation, *, alpha: float | None = 0.8, temperature: float = 0.1
) -> Callable[[FloatArray], FloatArray]:
    """
    Return the function that joins scores, its options checked.

    Parameters
    ----------
    aggregate_by : {"exponential_moving_average", "softmin"} or callable
        Name of the rule, or a function of a table of scores and ``axis=1``.
    alpha : float or None, default=0.8
        Of the moving average.
    temperature : float, default=0.1
        Of softmin.

    Returns
    -------
    callable
        From a table of scores, shape (n_rows, n_classes), to one score per row.

    Raises
    ------
    ConfigError
        If the name is unknown or an option is outside its range.

    Examples
    --------
    >>> aggregator(np.min)(np.array([[0.5, 0.25]]))
    array([0.25])
    """
    if alpha is not None and not 0 <= alpha <= 1:
        raise ConfigError(f"alpha must be from 0 to 1, or None; got {alpha!r}.")
    if not temperature > 0:
        raise ConfigError(f"temperature must be above 0; got {temperature!r}.")
    if aggregate_by == "exponential_moving_average":
        return partial(exponential_moving_average, alpha=alpha)
    if aggregate_by == "softmin":
        return partial(softmin, temperature=temperature)
    if not callable(aggregate_by):
        raise ConfigError(
            f"aggregate_by must be exponential_moving_average, softmin or a function; got {aggregate_by!r}.",
            fix="Leave it out to use the default.",
        )
    return partial(_call, aggregate_by)


def _call(function: RowAggregator, scores: FloatArray) -> FloatArray:
    joined = np.asarray(function(scores, axis=1), dtype=np.float64)
    if joined.shape != (len(scores),):
        raise InvalidInputError(
            f"aggregate_by must return one number per row; got shape {joined.shape} for {len(scores):,} rows.",
            fix="Make it reduce the axis it is given.",
        )
    return joined


def exponential_moving_average(scores: FloatArray, *, alpha: float | None = 0.8) -> FloatArray:
    """
    Average the scores of each row, from the best to the worst, so that the worst weighs most.

    Parameters
    ----------
    scores : ndarray of float64, shape (n_rows, n_classes)
        One score per cell, low = suspect.
    alpha : float or None, default=0.8
        Weight of each next score, 0 to 1; None means ``2 / (n_classes + 1)``.

    Returns
    -------
    ndarray of float64, shape (n_rows,)
        Between the worst and the best score of the row.

    Notes
    -----
    With the scores in descending order the average begins with the first and goes on with
    ``e = alpha * next + (1 - alpha) * e``. In closed form the worst score has the weight alpha, each better one
    ``1 - alpha`` times that of the one before, and the best of all ``(1 - alpha) ** (n_classes - 1)``.

    References
    ----------
    Thyagarajan et al. (2022), arXiv:2211.13895.

    Examples
    --------
    >>> exponential_moving_average(np.array([[0.1, 0.2, 0.3]]), alpha=0.5)
    array([0.175])
    """
    n_classes = scores.shape[1]
    share = 2.0 / (n_classes + 1) if alpha is None else float(alpha)
    weights = share * (1.0 - share) ** np.arange(n_classes)
    weights[-1] = (1.0 - share) ** (n_classes - 1)
    ascending = np.sort(scores, axis=1)
    ascending *= weights
    return np.asarray(ascending.sum(axis=1))  # numpy sums a line in the same order on every machine


def softmin(scores: FloatArray, *, temperature: float = 0.1) -> FloatArray:
    """
    Average the scores of each row with weights that fall off exponentially above the worst.

    Parameters
    ----------
    scores : ndarray of float64, shape (n_rows, n_classes)
        One score per cell, low = suspect.
    temperature : float, default=0.1
        Above 0; towards 0 the result is the minimum, towards infinity the mean.

    Returns
    -------
    ndarray of float64, shape (n_rows,)
        ``sum(s * w) / sum(w)`` with ``w = exp((1 - s) / temperature)``.

    References
    ----------
    Thyagarajan et al. (2022), arXiv:2211.13895.

    Examples
    --------
    >>> softmin(np.array([[0.0, 1.0], [0.5, 0.5]])).round(4)
    array([0. , 0.5])
    """
    weights = scores.min(axis=1, keepdims=True) - scores  # the worst gets weight 1, so that nothing overflows
    weights /= temperature
    np.exp(weights, out=weights)
    total = weights.sum(axis=1)
    weights *= scores
    return np.asarray(weights.sum(axis=1) / total)
