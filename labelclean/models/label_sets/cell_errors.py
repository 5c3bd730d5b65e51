"""How likely each cell of a table of label sets is wrong, how likely each row is, and how noisy each label is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, log_expit

from labelclean.arrays import ClassArray, FloatArray, freeze_fields
from labelclean.core.chunks import row_chunks
from labelclean.models.label_sets.types import Cells, GivenTable

__all__ = ["LabelNoise", "error_log_odds", "estimate_label_noise", "move_to_total", "n_wrong_rows", "row_log_odds"]

_ROWS_OF_BELIEF = (50.0, 20.0)  # that a label's errors are like everybody's: where it is not given, and where it is
_TOLERANCE = 1e-6  # equal probabilities may differ by the rounding of their mean
_FURTHEST_MOVE = 40.0
_HALVINGS = 40
_MOST_BINS = 4_096
_MOST_LOG_ODDS = 20.0


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class LabelNoise:
    """
    How often each label is wrongly given, and wrongly left out.

    Attributes
    ----------
    n_added : ndarray of float64, shape (n_labels,)
        Estimated number of rows given the label that should not have it.
    n_missing : ndarray of float64, shape (n_labels,)
        Estimated number of rows not given the label that should have it.
    added_rates : ndarray of float64, shape (n_labels,)
        P(given | does not belong), 0 to 1.
    missing_rates : ndarray of float64, shape (n_labels,)
        P(not given | belongs), 0 to 1.
    added_rate, missing_rate : float
        The same for a cell of any label.
    """

    n_added: ClassArray
    n_missing: ClassArray
    added_rates: ClassArray
    missing_rates: ClassArray
    added_rate: float
    missing_rate: float

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)

    @property
    def n_wrong_cells(self) -> float:
        """Estimated number of wrong cells of all labels."""
        return float(self.n_added.sum() + self.n_missing.sum())


def estimate_label_noise(log_odds: Cells, is_given: GivenTable) -> LabelNoise:
    """
    Count, label by label, the cells that confidently speak against what was given, and shrink the shares.

    Parameters
    ----------
    log_odds : ndarray of float32, shape (n_rows, n_labels)
        Held-out log-odds that a row is given a label.
    is_given : ndarray of bool, shape (n_rows, n_labels)
        Whether it is.

    Returns
    -------
    LabelNoise
        All 0 without rows.

    Notes
    -----
    A cell counts if its probability reaches the mean self-confidence of the other state, and the other state is the
    likelier one. The shares of a label are pulled to those of all labels together by as much as 20 rows given it, and
    50 rows not given it, would.

    References
    ----------
    Northcutt, Jiang & Chuang (2021), "Confident Learning", JAIR 70, equations 1 and 2, one label against the rest.

    Examples
    --------
    >>> log_odds = np.float32([[3], [3], [3], [-3], [-3], [-3]])
    >>> given = np.array([[True], [True], [False], [False], [False], [False]])
    >>> estimate_label_noise(log_odds, given).n_missing.round(2)
    array([1.])
    """
    n_labels = is_given.shape[1]
    sums, sizes, counts = np.zeros((2, n_labels)), np.zeros((2, n_labels)), np.zeros((2, n_labels))
    for rows in row_chunks(log_odds):
        probs, given = expit(log_odds[rows].astype(np.float64)), is_given[rows]
        for state, of_state in enumerate((~given, given)):
            sums[state] += np.where(of_state, probs if state else 1.0 - probs, 0.0).sum(axis=0)
            sizes[state] += of_state.sum(axis=0)
    thresholds = np.divide(sums, sizes, out=np.full_like(sums, 2.0), where=sizes > 0) - _TOLERANCE
    for rows in row_chunks(log_odds):
        probs, given = expit(log_odds[rows].astype(np.float64)), is_given[rows]
        counts[0] += (~given & (probs >= thresholds[1]) & (probs > 0.5)).sum(axis=0)  # noqa: PLR2004  (an even chance)
        counts[1] += (given & (1.0 - probs >= thresholds[0]) & (probs < 0.5)).sum(axis=0)  # noqa: PLR2004
    n_missing, n_added = (_shrunk(counts[state], sizes[state], _ROWS_OF_BELIEF[state]) for state in (0, 1))
    n_true = sizes[1] - n_added + n_missing
    n_false = sizes.sum(axis=0) - n_true
    return LabelNoise(
        n_added=n_added,
        n_missing=n_missing,
        added_rates=np.divide(n_added, n_false, out=np.zeros(n_labels), where=n_false > 0),
        missing_rates=np.divide(n_missing, n_true, out=np.zeros(n_labels), where=n_true > 0),
        added_rate=float(n_added.sum()) / max(float(n_false.sum()), 1.0),
        missing_rate=float(n_missing.sum()) / max(float(n_true.sum()), 1.0),
    )


def _shrunk(counts: ClassArray, sizes: ClassArray, belief: float) -> ClassArray:
    """Return counts whose shares are pulled to the pooled share."""
    pooled = float(counts.sum()) / max(float(sizes.sum()), 1.0)
    return np.asarray((counts + belief * pooled) / (sizes + belief) * sizes)


def error_log_odds(log_odds: Cells, is_given: GivenTable) -> Cells:
    """
    Turn log-odds of being given into log-odds that what was given is wrong, up to a move of all together.

    Parameters
    ----------
    log_odds : ndarray of float32, shape (n_rows, n_labels)
        Held-out log-odds that a row is given a label.
    is_given : ndarray of bool, shape (n_rows, n_labels)
        Whether it is.

    Returns
    -------
    ndarray of float32, shape (n_rows, n_labels)
        Between -20 and 20.

    Examples
    --------
    >>> error_log_odds(np.float32([[2, 2]]), np.array([[True, False]]))
    array([[-2.,  2.]], dtype=float32)
    """
    against = np.clip(log_odds, -_MOST_LOG_ODDS, _MOST_LOG_ODDS)
    np.negative(against, out=against, where=is_given)
    return np.asarray(against, dtype=np.float32)


def row_log_odds(cells: Cells) -> FloatArray:
    """
    Join the log-odds of a row's cells: the sum of the odds.

    Parameters
    ----------
    cells : ndarray of float32, shape (n_rows, n_labels)
        Log-odds that each cell is wrong.

    Returns
    -------
    ndarray of float64, shape (n_rows,)
        Logarithm of the summed odds; -20 without labels.

    Notes
    -----
    If at most one cell of a row is wrong, the odds that any is are the sum of each cell's odds given the others: the
    probability of each set one change away over that of the given set. That is what the cells are where the other
    labels were taken into account.

    Examples
    --------
    >>> row_log_odds(np.float32([[0, 0]])).round(3)
    array([0.693])
    """
    joined = np.full(len(cells), -_MOST_LOG_ODDS)
    if not cells.shape[1]:
        return joined
    for rows in row_chunks(cells):
        block = cells[rows].astype(np.float64)
        most = block.max(axis=1)
        joined[rows] = most + np.log(np.exp(block - most[:, np.newaxis]).sum(axis=1))
    return joined


def move_to_total(log_odds: NDArray[np.floating], total: float) -> float:
    """
    Return by how much to move all log-odds so that the probabilities add up as wanted.

    Parameters
    ----------
    log_odds : ndarray of float, any shape
        Log-odds, -20 to 20.
    total : float
        Wanted sum of the probabilities; kept half a unit away from none and from all.

    Returns
    -------
    float
        To be added; 0 where there is nothing to move.

    Notes
    -----
    By bisection over a histogram of 4,096 bins, which no order of the rows changes.

    Examples
    --------
    >>> move = move_to_total(np.zeros(10), 5.0)
    >>> bool(abs(move) < 0.01)
    True
    """
    if not log_odds.size:
        return 0.0
    edge = 2.0 * _MOST_LOG_ODDS
    counts, edges = np.histogram(log_odds, bins=_MOST_BINS, range=(-edge, edge))
    middles = (edges[1:] + edges[:-1]) / 2.0
    wanted = min(max(total, 0.5), log_odds.size - 0.5)
    low, high = -_FURTHEST_MOVE, _FURTHEST_MOVE
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        if float((counts * expit(middles + middle)).sum()) < wanted:
            low = middle
        else:
            high = middle
    return (low + high) / 2.0


def n_wrong_rows(cells: Cells, move: float) -> float:
    """
    Return how many rows are expected to hold at least one wrong cell.

    Parameters
    ----------
    cells : ndarray of float32, shape (n_rows, n_labels)
        Log-odds that each cell is wrong.
    move : float
        Added to all of them.

    Returns
    -------
    float
        Sum over the rows of one less the product of the cells' probabilities of being right.

    Examples
    --------
    >>> n_wrong_rows(np.float32([[0, 0]]), 0.0)
    0.75
    """
    total = 0.0
    for rows in row_chunks(cells):
        right = log_expit(-(cells[rows].astype(np.float64) + move)).sum(axis=1)
        total += float(-np.expm1(right).sum())
    return total
