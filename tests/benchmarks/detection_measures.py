"""How well a ranking, flags and probabilities find the rows that are wrong."""

from __future__ import annotations

import numpy as np

from labelclean.arrays import FloatArray, MaskArray

__all__ = [
    "average_precision",
    "calibration_error",
    "errors_in_first",
    "flag_f1",
    "precision_at_n_errors",
    "recall_in_first",
]

N_BINS = 15


def average_precision(scores: FloatArray, is_wrong: MaskArray) -> float:
    """
    Return the mean precision over the errors of a ranking, high scores first.

    Rows with equal scores are taken together, so that their order cannot matter. NaN without errors.
    """
    n_rows, n_wrong = _tied_counts(scores, is_wrong)
    precision = np.cumsum(n_wrong) / np.cumsum(n_rows)
    return _ratio(float(precision @ n_wrong), float(n_wrong.sum()))


def errors_in_first(scores: FloatArray, is_wrong: MaskArray, n_rows: int) -> float:
    """Return the number of errors among the rows with the highest scores; ties count with their expectation."""
    group_sizes, n_wrong = _tied_counts(scores, is_wrong)
    before = np.cumsum(group_sizes) - group_sizes
    share_taken = np.clip((n_rows - before) / group_sizes, 0.0, 1.0)
    return float(share_taken @ n_wrong)


def precision_at_n_errors(scores: FloatArray, is_wrong: MaskArray) -> float:
    """Return the share of errors among as many of the first rows as there are errors; NaN without errors."""
    n_errors = int(np.count_nonzero(is_wrong))
    return _ratio(errors_in_first(scores, is_wrong, n_errors), n_errors)


def recall_in_first(scores: FloatArray, is_wrong: MaskArray, *, share: float = 0.1) -> float:
    """Return the share of all errors found in the first part of the ranking, rounded up to whole rows."""
    n_rows = int(np.ceil(share * len(scores) - 1e-9))  # 0.1 times 30 is a hair above 3
    return _ratio(errors_in_first(scores, is_wrong, n_rows), int(np.count_nonzero(is_wrong)))


def flag_f1(is_flagged: MaskArray, is_wrong: MaskArray) -> float:
    """Return the harmonic mean of the flags' precision and recall; NaN with neither flags nor errors."""
    n_both = int(np.count_nonzero(is_flagged & is_wrong))
    return _ratio(2.0 * n_both, int(np.count_nonzero(is_flagged)) + int(np.count_nonzero(is_wrong)))


def calibration_error(error_probabilities: FloatArray, is_wrong: MaskArray, *, n_bins: int = N_BINS) -> float:
    """
    Return the expected calibration error over bins of equal width.

    The mean distance between what a bin's rows say on average and the share of them that is wrong, weighted by rows
    (Guo, Pleiss, Sun & Weinberger 2017, equation 3).
    """
    bins = np.minimum((error_probabilities * n_bins).astype(np.int64), n_bins - 1)
    said = np.bincount(bins, weights=error_probabilities, minlength=n_bins)
    found = np.bincount(bins, weights=is_wrong, minlength=n_bins)
    return _ratio(float(np.abs(said - found).sum()), len(bins))


def _tied_counts(scores: FloatArray, is_wrong: MaskArray) -> tuple[FloatArray, FloatArray]:
    """Return the number of rows and of errors for each different score, the highest first."""
    _, groups = np.unique(-np.asarray(scores, dtype=np.float64), return_inverse=True)
    n_wrong = np.bincount(groups, weights=is_wrong).astype(np.float64)
    return np.bincount(groups).astype(np.float64), n_wrong


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")
