"""Which labels are flagged by the probability that they are wrong."""

from __future__ import annotations

import numpy as np

from labelclean.arrays import CodeArray, FloatArray, MaskArray

__all__ = ["flag_likely_errors"]

_EVEN = 0.5


def flag_likely_errors(
    labels: CodeArray,
    error_probabilities: FloatArray,
    *,
    n_classes: int,
    frac_noise: float = 1.0,
    min_examples_per_class: int = 1,
) -> MaskArray:
    """
    Flag the labels that are more likely wrong than right.

    Parameters
    ----------
    labels : ndarray of int64, shape (n_examples,)
        Given class codes.
    error_probabilities : ndarray of float64, shape (n_examples,)
        P(given label is wrong), 0 to 1.
    n_classes : int
        Number of classes.
    frac_noise : float, default=1.0
        Share of them to flag, the likeliest first, above 0 and at most 1.
    min_examples_per_class : int, default=1
        Rows of each class that are never flagged, 0 or more: the least likely wrong ones.

    Returns
    -------
    ndarray of bool, shape (n_examples,)
        True where flagged; among equal probabilities earlier rows are flagged first.

    Examples
    --------
    >>> flag_likely_errors(np.array([0, 0, 1]), np.array([0.2, 0.9, 0.8]), n_classes=2)
    array([False,  True, False])
    """
    order = np.argsort(-error_probabilities, kind="stable")
    place_in_class = np.empty(len(labels), dtype=np.int64)
    by_class = order[np.argsort(labels[order], kind="stable")]
    counts = np.bincount(labels, minlength=n_classes)
    starts = np.cumsum(counts) - counts
    place_in_class[by_class] = np.arange(len(labels)) - starts[labels[by_class]]
    flagged: MaskArray = (error_probabilities > _EVEN) & (place_in_class < (counts - min_examples_per_class)[labels])
    if frac_noise < 1.0:
        likeliest = order[flagged[order]]
        flagged[likeliest[int(np.ceil(frac_noise * len(likeliest))) :]] = False
    return flagged
