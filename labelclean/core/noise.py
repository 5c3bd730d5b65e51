"""From the confident joint to noise matrices and class priors."""

from __future__ import annotations

import numpy as np

from labelclean.arrays import ClassArray, CountMatrix, ProbMatrix
from labelclean.results import NoiseEstimate

__all__ = ["class_priors", "estimate_noise", "inverse_noise_matrix", "joint", "noise_matrix"]

_SMALLEST_PRIOR = 1e-6


def joint(confident_joint: CountMatrix) -> ProbMatrix:
    """
    Return P(given, true).

    Parameters
    ----------
    confident_joint : ndarray of int64, shape (n_classes, n_classes)
        Calibrated counts; rows are given labels, columns estimated true classes.

    Returns
    -------
    ndarray of float64, shape (n_classes, n_classes)
        Sums to 1; all zeros where nothing was counted.

    Examples
    --------
    >>> joint(np.array([[3, 1], [0, 4]]))
    array([[0.375, 0.125],
           [0.   , 0.5  ]])
    """
    return confident_joint / max(int(confident_joint.sum()), 1)


def noise_matrix(confident_joint: CountMatrix) -> ProbMatrix:
    """
    Return the probability of each given label under each true class.

    Parameters
    ----------
    confident_joint : ndarray of int64, shape (n_classes, n_classes)
        Calibrated counts; rows are given labels, columns estimated true classes.

    Returns
    -------
    ndarray of float64, shape (n_classes, n_classes)
        P(given | true), indexed [given, true]; every column sums to 1. A class that no row is estimated to be
        gets the identity column.

    References
    ----------
    Northcutt, Jiang & Chuang (2021), "Confident Learning", JAIR 70, section 3.1.

    Examples
    --------
    >>> noise_matrix(np.array([[3, 1], [1, 3]]))
    array([[0.75, 0.25],
           [0.25, 0.75]])
    """
    totals = confident_joint.sum(axis=0)
    matrix: ProbMatrix = confident_joint / np.maximum(totals, 1)
    empty = np.flatnonzero(totals == 0)
    matrix[empty, empty] = 1.0
    return matrix


def inverse_noise_matrix(confident_joint: CountMatrix) -> ProbMatrix:
    """
    Return the probability of each true class under each given label.

    Parameters
    ----------
    confident_joint : ndarray of int64, shape (n_classes, n_classes)
        Calibrated counts; rows are given labels, columns estimated true classes.

    Returns
    -------
    ndarray of float64, shape (n_classes, n_classes)
        P(true | given), indexed [given, true]; every row sums to 1. A class that was never given gets the identity
        row.

    References
    ----------
    Northcutt, Jiang & Chuang (2021), "Confident Learning", JAIR 70, section 3.1.

    Examples
    --------
    >>> inverse_noise_matrix(np.array([[3, 1], [0, 4]]))
    array([[0.75, 0.25],
           [0.  , 1.  ]])
    """
    return noise_matrix(confident_joint.T).T


def class_priors(confident_joint: CountMatrix) -> ClassArray:
    """
    Return how common each true class is.

    Parameters
    ----------
    confident_joint : ndarray of int64, shape (n_classes, n_classes)
        Calibrated counts; rows are given labels, columns estimated true classes.

    Returns
    -------
    ndarray of float64, shape (n_classes,)
        P(true class), at least about 1e-6; sums to 1.

    Notes
    -----
    ``P(true) = P(given) * P(true | given) / P(given | true)`` on the diagonal. With calibrated counts this is the
    class's column total over the number of rows, which also holds where the diagonal is 0.

    Examples
    --------
    >>> class_priors(np.array([[3, 1], [0, 4]]))
    array([0.375, 0.625])
    """
    shares = confident_joint.sum(axis=0) / max(int(confident_joint.sum()), 1)
    clipped = np.clip(shares, _SMALLEST_PRIOR, 1.0)
    return np.asarray(clipped / clipped.sum(), dtype=np.float64)


def estimate_noise(confident_joint: CountMatrix) -> NoiseEstimate:
    """
    Join everything the confident joint says about the noise.

    Parameters
    ----------
    confident_joint : ndarray of int64, shape (n_classes, n_classes)
        Calibrated counts; rows are given labels, columns estimated true classes.

    Returns
    -------
    NoiseEstimate
        Matrices, priors, and the number of counts off the diagonal.
    """
    n_right = int(np.trace(confident_joint))
    return NoiseEstimate(
        confident_joint=confident_joint,
        joint=joint(confident_joint),
        noise_matrix=noise_matrix(confident_joint),
        inverse_noise_matrix=inverse_noise_matrix(confident_joint),
        class_priors=class_priors(confident_joint),
        n_label_errors=int(confident_joint.sum()) - n_right,
    )
