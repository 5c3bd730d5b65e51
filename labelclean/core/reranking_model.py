"""A logistic model of the verdicts that starts from a known answer and leaves it only as far as the evidence goes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import minimize
from scipy.special import expit

from labelclean.arrays import FloatArray, IndexArray, MaskArray, freeze_fields

__all__ = ["LearntWeights", "learn_weights"]

_SMALLEST_SPREAD, _LARGEST_SPREAD = 0.02, 5.0  # log-odds: as good as nothing, and as good as free
_FIRST_SPREAD = 0.4
_SEARCH_STEPS = 15
_NEWTON_STEPS, _HALVINGS = 50, 20
_PRECISION = 1e-8  # of the objective, in log-likelihood


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class LearntWeights:
    """
    What the verdicts say about each column.

    Attributes
    ----------
    weights : ndarray of float64, shape (n_columns,)
        Their most probable values, in log-odds per unit of the column.
    covariance : ndarray of float64, shape (n_columns, n_columns)
        How uncertain they still are.
    spreads : ndarray of float64, shape (n_blocks,)
        Standard deviation of the weights of each block before the verdicts, as the verdicts suggest it.
    """

    weights: FloatArray
    covariance: FloatArray
    spreads: FloatArray

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)


def learn_weights(
    columns: sparse.csr_array[np.float64, tuple[int, int]],
    block_of: IndexArray,
    offsets: FloatArray,
    is_wrong: MaskArray,
    *,
    spread_rates: FloatArray,
) -> LearntWeights:
    r"""
    Learn by how much each column moves the log-odds away from where they are.

    The weights of a block have mean 0 and one standard deviation. It is found by the probability of the verdicts
    under it, times a prior that prefers 0: without evidence to the contrary nothing moves. Rows may have been picked
    by their columns and by earlier verdicts, as a queue does: that changes no likelihood.

    Parameters
    ----------
    columns : csr_array of float64, shape (n_verdicts, n_columns)
        What each decided row is like.
    block_of : ndarray of int64, shape (n_columns,)
        The block of each column, 0 to n_blocks - 1; columns of a block share one spread.
    offsets : ndarray of float64, shape (n_verdicts,)
        Log-odds of a wrong label that are known beforehand.
    is_wrong : ndarray of bool, shape (n_verdicts,)
        The verdicts.
    spread_rates : ndarray of float64, shape (n_blocks,)
        Rate of the exponential prior on the spread of each block; high = reluctant to move.

    Returns
    -------
    LearntWeights
        Weights, their covariance, and the spreads.

    Notes
    -----
    Cost of each of at most some 30 rounds: O(n_columns ** 3 + entries of ``columns`` times n_columns).

    References
    ----------
    Rasmussen & Williams (2006), "Gaussian Processes for Machine Learning", section 3.4 and equation 3.32 (Laplace's
    approximation of the evidence); Simpson et al. (2017), "Penalising Model Component Complexity", Statistical
    Science 32 (the exponential prior on the spread).

    Examples
    --------
    >>> from scipy import sparse
    >>> ones = sparse.csr_array(np.ones((30, 1)))
    >>> learnt = learn_weights(
    ...     ones, np.array([0]), np.zeros(30), np.arange(30) < 27, spread_rates=np.array([0.5])
    ... )
    >>> learnt.weights.round(1)
    array([1.9])
    """
    search = _SpreadSearch(columns, block_of, offsets, is_wrong.astype(np.float64), spread_rates)
    start = np.full(len(spread_rates), np.log(_FIRST_SPREAD))
    bounds = [(np.log(_SMALLEST_SPREAD), np.log(_LARGEST_SPREAD))] * len(start)
    found = minimize(
        search.cost, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": _SEARCH_STEPS, "ftol": 1e-6}
    )
    log_spreads = np.asarray(found.x, dtype=np.float64)
    search.cost(log_spreads)
    return LearntWeights(weights=search.weights, covariance=search.covariance, spreads=np.exp(log_spreads))


class _SpreadSearch:
    """The evidence for given spreads, and the weights that go with them; each round starts from the last weights."""

    def __init__(
        self,
        columns: sparse.csr_array[np.float64, tuple[int, int]],
        block_of: IndexArray,
        offsets: FloatArray,
        wrong: FloatArray,
        spread_rates: FloatArray,
    ) -> None:
        self._columns, self._transposed = columns, sparse.csr_array(columns.T)
        self._rows = np.repeat(np.arange(columns.shape[0]), np.diff(columns.indptr))
        self._block_of, self._n_blocks = block_of, len(spread_rates)
        self._offsets, self._wrong, self._rates = offsets, wrong, spread_rates
        self.weights: FloatArray = np.zeros(len(block_of))
        self.covariance: FloatArray = np.zeros((len(block_of), len(block_of)))

    def cost(self, log_spreads: FloatArray) -> tuple[float, FloatArray]:
        """Return minus the logarithm of evidence times prior, and its slope in the logarithms of the spreads."""
        spreads = np.exp(log_spreads)
        precision: FloatArray = spreads[self._block_of] ** -2.0
        height, factor = self._climb(precision)
        self.covariance = np.asarray(cho_solve(factor, np.eye(len(precision))), dtype=np.float64)
        log_determinant = 2.0 * float(np.log(np.diagonal(factor[0])).sum())
        evidence = height + (float(np.log(precision).sum()) - log_determinant) / 2.0
        slope = self._per_block(self._slopes(precision)) - self._rates * spreads
        return float(self._rates @ spreads) - evidence, -slope

    def _slopes(self, precision: FloatArray) -> FloatArray:
        """Return by how much the evidence rises with the logarithm of the spread, column by column."""
        probs = expit(self._offsets + self._columns @ self.weights)
        spread_out = np.asarray(self._columns @ self.covariance, dtype=np.float64)
        by_entry = spread_out[self._rows, self._columns.indices]
        variances = np.bincount(self._rows, weights=by_entry * self._columns.data, minlength=len(probs))
        skew = probs * (1.0 - probs) * (1.0 - 2.0 * probs) * variances
        by_the_mode = self.covariance @ (self._transposed @ skew)
        pulled = precision * self.weights
        return np.asarray(
            pulled * self.weights - 1.0 + precision * np.diagonal(self.covariance) - by_the_mode * pulled,
            dtype=np.float64,
        )

    def _per_block(self, values: FloatArray) -> FloatArray:
        sums = np.bincount(self._block_of, weights=values, minlength=self._n_blocks)
        return np.asarray(sums, dtype=np.float64)

    def _climb(self, precision: FloatArray) -> tuple[float, tuple[NDArray[np.float64], bool]]:
        """Find the most probable weights by Newton's method; return their log-probability and the curvature there."""
        height = self._height(self.weights, precision)
        for _ in range(_NEWTON_STEPS):  # pragma: no branch  (it converges long before)
            probs = expit(self._offsets + self._columns @ self.weights)
            uphill = self._transposed @ (self._wrong - probs) - precision * self.weights
            step = cho_solve(self._curvature(probs, precision), uphill)
            reached, halvings = self._height(self.weights + step, precision), 0
            while reached < height and halvings < _HALVINGS:
                step, halvings = step / 2.0, halvings + 1
                reached = self._height(self.weights + step, precision)
            gained = reached - height
            if gained > 0.0:
                self.weights, height = self.weights + step, reached
            if gained < _PRECISION:
                break
        probs = expit(self._offsets + self._columns @ self.weights)
        return height, self._curvature(probs, precision)

    def _height(self, weights: FloatArray, precision: FloatArray) -> float:
        log_odds = self._offsets + self._columns @ weights
        fit = self._wrong * log_odds - np.logaddexp(0.0, log_odds)
        return float(fit.sum() - (precision * weights**2).sum() / 2.0)

    def _curvature(self, probs: FloatArray, precision: FloatArray) -> tuple[NDArray[np.float64], bool]:
        weighted = self._columns.copy()
        weighted.data *= (probs * (1.0 - probs))[self._rows]
        matrix = (self._transposed @ weighted).toarray()
        matrix[np.diag_indices_from(matrix)] += precision
        factor, lower = cho_factor(matrix, lower=True, check_finite=False)
        return np.asarray(factor), bool(lower)
