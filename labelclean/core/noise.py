"""From the confident joint to noise matrices and class priors."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labelclean.arrays import ClassArray, CountMatrix, ProbMatrix
from labelclean.core.checks import check_pred_probs, refuse_bad_probabilities
from labelclean.errors import ConfigError, InvalidInputError
from labelclean.results import NoiseEstimate

__all__ = [
    "PriorsMethod",
    "class_priors",
    "estimate_noise",
    "inverse_noise_matrix",
    "joint",
    "noise_matrix",
    "true_class_probs",
]

PriorsMethod: TypeAlias = Literal["cnt", "eqn", "marginal", "marginal_ps"]
"""How class priors follow from the noise."""

_SMALLEST_PRIOR = 1e-6
_SMALLEST_CONVERGED_PRIOR = 1e-5
_NOISE_ROUNDS = 3
_INVERSE_ROUNDS = 5


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


def class_priors(
    confident_joint: CountMatrix, *, method: PriorsMethod = "cnt", class_counts: NDArray[np.int64] | None = None
) -> ClassArray:
    """
    Return how common each true class is.

    Parameters
    ----------
    confident_joint : ndarray of int64, shape (n_classes, n_classes)
        Counts; rows are given labels, columns estimated true classes.
    method : {"cnt", "eqn", "marginal", "marginal_ps"}, default="cnt"
        How the priors follow from the noise, with p(given) the share of each label:

        - "cnt": ``p(given) * P(true | given) / P(given | true)`` on the diagonal;
        - "eqn": solve ``P(given | true) p(true) = p(given)``;
        - "marginal": the share of each column of the counts;
        - "marginal_ps": ``sum over given of P(true | given) p(given)``.

        With calibrated counts all but "eqn" say the same, and "eqn" too unless a class is estimated to have no rows.
    class_counts : ndarray of int64, shape (n_classes,), optional
        Rows given each label; by default the row sums of the counts, which is right if they are calibrated.

    Returns
    -------
    ndarray of float64, shape (n_classes,)
        P(true class), at least about 1e-6; sums to 1. All equal where nothing was counted.

    Raises
    ------
    ConfigError
        If the method is none of these.
    InvalidInputError
        If "eqn" has no single solution, because some classes are mistaken for each other in the same way.

    Notes
    -----
    "cnt" is computed from the row and column sums, which also holds where a diagonal cell is 0; the reference divides
    by next to nothing there.

    References
    ----------
    Northcutt, Wu & Chuang (2017), "Learning with Confident Examples", UAI, section 3.

    Examples
    --------
    >>> class_priors(np.array([[3, 1], [0, 4]]))
    array([0.375, 0.625])
    """
    if method not in get_args(PriorsMethod):
        raise ConfigError(
            f"The method for class priors must be one of {', '.join(get_args(PriorsMethod))}; got {method!r}.",
            fix="Leave it out to use cnt.",
        )
    given = confident_joint.sum(axis=1)
    true = confident_joint.sum(axis=0)
    counts = given if class_counts is None else class_counts
    shares = counts / max(int(counts.sum()), 1)
    if method == "marginal":
        priors = true / max(int(true.sum()), 1)
    elif method == "marginal_ps":
        priors = shares @ inverse_noise_matrix(confident_joint)
    elif method == "eqn":
        priors = _solved(noise_matrix(confident_joint), shares)
    else:
        # A class that was never given has no ratio; its column says how common it is.
        ratios = np.divide(counts, given, out=np.ones(len(given)), where=given > 0)
        priors = true * ratios / max(int(counts.sum()), 1)
    return _as_distribution(priors)


def _solved(matrix: ProbMatrix, shares: ClassArray) -> ClassArray:
    # Rounding hides most singular matrices from the solver, which then gives any of the many solutions.
    if np.linalg.matrix_rank(matrix) < len(matrix):
        raise InvalidInputError(
            "The noise matrix must be invertible for the class priors by 'eqn'; it is not.",
            fix="Use the method 'cnt'.",
        )
    return np.asarray(np.linalg.solve(matrix, shares), dtype=np.float64)


def _as_distribution(values: ClassArray, smallest: float = _SMALLEST_PRIOR) -> ClassArray:
    clipped = np.clip(values, smallest, 1.0)
    return np.asarray(clipped / clipped.sum(), dtype=np.float64)


def estimate_noise(
    confident_joint: CountMatrix,
    *,
    class_counts: NDArray[np.int64] | None = None,
    priors_method: PriorsMethod = "cnt",
    converge: bool = False,
) -> NoiseEstimate:
    """
    Join everything the confident joint says about the noise.

    Parameters
    ----------
    confident_joint : ndarray of int64, shape (n_classes, n_classes)
        Calibrated counts; rows are given labels, columns estimated true classes.
    class_counts : ndarray of int64, shape (n_classes,), optional
        Rows given each label; by default the row sums of the counts.
    priors_method : {"cnt", "eqn", "marginal", "marginal_ps"}, default="cnt"
        How the class priors are found; see ``class_priors``.
    converge : bool, default=False
        Whether matrices and priors are made to agree with each other by Bayes' rule, in turns: 3 rounds of the noise
        matrix, each after 5 rounds of the inverse noise matrix and the priors. With calibrated counts they agree
        already, up to the classes of which nothing is estimated.

    Returns
    -------
    NoiseEstimate
        Matrices, priors, and the number of counts off the diagonal.

    References
    ----------
    Northcutt, Jiang & Chuang (2021), "Confident Learning", JAIR 70, section 3.1.

    Examples
    --------
    >>> estimate_noise(np.array([[3, 1], [0, 4]])).n_label_errors
    1
    """
    n_right = int(np.trace(confident_joint))
    priors = class_priors(confident_joint, method=priors_method, class_counts=class_counts)
    noise, inverse = noise_matrix(confident_joint), inverse_noise_matrix(confident_joint)
    if converge:
        counts = confident_joint.sum(axis=1) if class_counts is None else class_counts
        noise, inverse, priors = _converged(noise, inverse, priors, counts / max(int(counts.sum()), 1))
    return NoiseEstimate(
        confident_joint=confident_joint,
        joint=joint(confident_joint),
        noise_matrix=noise,
        inverse_noise_matrix=inverse,
        class_priors=priors,
        n_label_errors=int(confident_joint.sum()) - n_right,
    )


def _converged(
    noise: ProbMatrix, inverse: ProbMatrix, priors: ClassArray, shares: ClassArray
) -> tuple[ProbMatrix, ProbMatrix, ClassArray]:
    """Apply Bayes' rule in turns; a class never given or never true keeps its row or column."""
    never_given, never_true = shares == 0, inverse.sum(axis=0) == 0
    for _ in range(_NOISE_ROUNDS):
        for _ in range(_INVERSE_ROUNDS):
            # P(true | given) = P(given | true) P(true) / P(given), rows made to sum to 1
            inverse = np.where(never_given[:, np.newaxis], inverse, _rows_sum_to_1(noise * priors))
            priors = _as_distribution(_ratios(noise, inverse, shares, otherwise=shares @ inverse))
        joint_probs = inverse * shares[:, np.newaxis]
        noise = np.where(never_true, noise, _rows_sum_to_1(joint_probs.T).T)
    return noise, inverse, _as_distribution(priors, _SMALLEST_CONVERGED_PRIOR)


def _ratios(noise: ProbMatrix, inverse: ProbMatrix, factors: ClassArray, *, otherwise: ClassArray) -> ClassArray:
    """Return ``P(true | given) / P(given | true) * factor`` of each class; where its diagonal cell is 0, otherwise."""
    diagonal = noise.diagonal()
    known = diagonal >= np.finfo(np.float64).tiny
    ratios: ClassArray = np.divide(inverse.diagonal() * factors, diagonal, out=otherwise.copy(), where=known)
    return ratios


def _rows_sum_to_1(values: ProbMatrix) -> ProbMatrix:
    sums = values.sum(axis=1, keepdims=True)
    shares: ProbMatrix = np.divide(values, sums, out=np.eye(len(values)), where=sums > 0)
    return shares


def true_class_probs(pred_probs: ArrayLike, noise: NoiseEstimate) -> NDArray[np.float64]:
    """
    Turn probabilities of the given label into probabilities of the true class.

    A model trained on noisy labels predicts which label a text would be *given*. Each class's probability is scaled
    by ``P(true = k | given = k) / P(given = k | true = k)``, which is ``P(true = k) / P(given = k)``; the latter is
    taken where no row is estimated to be rightly of the class. The probability of a class that was never given is
    not scaled.

    Parameters
    ----------
    pred_probs : array-like of float, shape (n_examples, n_classes)
        Held-out probabilities of the given label, 0 to 1.
    noise : NoiseEstimate
        The noise.

    Returns
    -------
    ndarray of float64, shape (n_examples, n_classes)
        0 to 1; each row sums to 1, all equal where every value would be 0.

    Raises
    ------
    InvalidInputError
        If the probabilities are no table of as many columns as there are classes.

    References
    ----------
    Northcutt, Wu & Chuang (2017), "Learning with Confident Examples", UAI.

    Examples
    --------
    >>> true_class_probs([[0.5, 0.5]], estimate_noise(np.array([[3, 0], [1, 4]]))).round(3)
    array([[0.625, 0.375]])
    """
    probs = check_pred_probs(pred_probs)
    n_classes = len(noise.class_priors)
    if probs.shape[1] != n_classes:
        raise InvalidInputError(
            f"pred_probs must have one column for each of the {n_classes:,} classes; got shape {probs.shape}.",
            fix="Use the noise estimate of the same classes.",
        )
    refuse_bad_probabilities(probs)
    given, true = noise.joint.sum(axis=1), noise.joint.sum(axis=0)
    by_sums = np.divide(true, given, out=np.ones(n_classes), where=given > 0)
    ratios = _ratios(noise.noise_matrix, noise.inverse_noise_matrix, np.ones(n_classes), otherwise=by_sums)
    scaled = np.clip(probs * ratios, 0.0, 1.0)
    sums = scaled.sum(axis=1, keepdims=True)
    shares: NDArray[np.float64] = np.divide(scaled, sums, out=np.full_like(scaled, 1.0 / n_classes), where=sums > 0)
    return shares
