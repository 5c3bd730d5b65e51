"""How likely each cell of a table of label sets is wrong, how likely each row is, and how noisy each label is."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, log_expit

from labelclean.arrays import ClassArray, FloatArray, freeze_fields
from labelclean.core.chunks import row_chunks
from labelclean.models.label_sets.types import Cells, GivenTable

__all__ = [
    "LabelNoise",
    "error_log_odds",
    "estimate_label_noise",
    "evidence_of_given",
    "move_to_total",
    "n_wrong_rows",
    "row_log_odds",
]

_ROWS_OF_BELIEF = (50.0, 20.0)  # that a label's errors are like everybody's: where it is not given, and where it is
_TOLERANCE = 1e-6  # equal probabilities may differ by the rounding of their mean
_FURTHEST_MOVE = 40.0
_HALVINGS = 40
_MOST_BINS = 4_096
_MOST_LOG_ODDS = 20.0
_RATES = (1e-3, 0.5)  # labels are never known to be free of errors


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
    added_rate_beside, missing_rate_beside : float
        The same for a cell of any label, in a row where another cell is wrong: higher where errors come together, as
        when one label is taken for another.
    """

    n_added: ClassArray
    n_missing: ClassArray
    added_rates: ClassArray
    missing_rates: ClassArray
    added_rate: float
    missing_rate: float
    added_rate_beside: float
    missing_rate_beside: float

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
    50 rows not given it, would. Beside an error, the cells of all labels are counted together, each once for every
    other cell of its row that counts, and their share is shrunk likewise.

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
    thresholds, sizes = _confident_thresholds(log_odds, is_given)
    counts, beside, sizes_beside = np.zeros_like(sizes), np.zeros(2), np.zeros(2)
    for rows in row_chunks(log_odds):
        wrong = _confidently_wrong(log_odds[rows], is_given[rows], thresholds)
        n_in_row = wrong.sum(axis=(0, 2))
        n_of_state = np.stack([(~is_given[rows]).sum(axis=1), is_given[rows].sum(axis=1)])
        counts += wrong.sum(axis=1)
        beside += wrong.sum(axis=2) @ (n_in_row - 1)
        sizes_beside += n_of_state @ n_in_row - wrong.sum(axis=(1, 2))
    pooled = counts.sum(axis=1) / np.maximum(sizes.sum(axis=1), 1.0)
    n_missing, n_added = (_shrunk(counts[state], sizes[state], pooled[state], state) for state in (0, 1))
    near = [_shrunk(beside[state, np.newaxis], sizes_beside[state], pooled[state], state) for state in (0, 1)]
    added_rates, missing_rates = _rates(n_missing, n_added, sizes)
    added_rate, missing_rate = _rates(n_missing.sum(), n_added.sum(), sizes.sum(axis=1))
    added_rate_beside, missing_rate_beside = _rates(near[0].sum(), near[1].sum(), sizes_beside)
    return LabelNoise(
        n_added=n_added,
        n_missing=n_missing,
        added_rates=added_rates,
        missing_rates=missing_rates,
        added_rate=float(added_rate),
        missing_rate=float(missing_rate),
        added_rate_beside=float(added_rate_beside),
        missing_rate_beside=float(missing_rate_beside),
    )


def evidence_of_given(added_rate: float, missing_rate: float) -> tuple[float, float]:
    """
    Return what the given state of a label says about whether it belongs.

    Parameters
    ----------
    added_rate : float
        P(given | it does not belong), 0 to 1.
    missing_rate : float
        P(not given | it belongs), 0 to 1.

    Returns
    -------
    float
        To be added to the log-odds of belonging where the label is given.
    float
        The same where it is not. Rates count as 0.001 at least and 0.5 at most, so that no state is proof.

    Examples
    --------
    >>> given, not_given = evidence_of_given(0.1, 0.1)
    >>> round(given, 3), round(not_given, 3)
    (2.197, -2.197)
    """
    lowest, highest = _RATES
    added, missing = (min(max(rate, lowest), highest) for rate in (added_rate, missing_rate))
    return math.log((1.0 - missing) / added), math.log(missing / (1.0 - added))


def _confident_thresholds(log_odds: Cells, is_given: GivenTable) -> tuple[FloatArray, FloatArray]:
    """Return the mean self-confidence of each label, not given and given, and the number of rows of each."""
    sums, sizes = np.zeros((2, is_given.shape[1])), np.zeros((2, is_given.shape[1]))
    for rows in row_chunks(log_odds):
        probs, given = expit(log_odds[rows].astype(np.float64)), is_given[rows]
        for state, of_state in enumerate((~given, given)):
            sums[state] += np.where(of_state, probs if state else 1.0 - probs, 0.0).sum(axis=0)
            sizes[state] += of_state.sum(axis=0)
    return np.divide(sums, sizes, out=np.full_like(sums, 2.0), where=sizes > 0) - _TOLERANCE, sizes


def _confidently_wrong(log_odds: Cells, is_given: GivenTable, thresholds: FloatArray) -> NDArray[np.bool_]:
    """Return the cells that count as missing, and those that count as added, shape (2, n_rows, n_labels)."""
    probs = expit(log_odds.astype(np.float64))
    missing = ~is_given & (probs >= thresholds[1]) & (probs > 0.5)  # noqa: PLR2004  (an even chance)
    added = is_given & (1.0 - probs >= thresholds[0]) & (probs < 0.5)  # noqa: PLR2004
    return np.stack([missing, added])


def _rates(
    n_missing: NDArray[np.float64], n_added: NDArray[np.float64], sizes: FloatArray
) -> tuple[ClassArray, ClassArray]:
    """Return P(given | does not belong) and P(not given | belongs); 0 where nothing could be."""
    n_true = sizes[1] - n_added + n_missing
    n_false = sizes[0] - n_missing + n_added
    pairs = ((n_added, n_false), (n_missing, n_true))
    added, missing = (np.divide(part, whole, out=np.zeros_like(whole), where=whole > 0) for part, whole in pairs)
    return added, missing


def _shrunk(counts: ClassArray, sizes: FloatArray, pooled: float, state: int) -> ClassArray:
    """Return counts whose shares are pulled to the pooled share of their state."""
    belief = _ROWS_OF_BELIEF[state]
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
