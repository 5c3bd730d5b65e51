"""Wrong labels on purpose: what is put in is known, so what is found can be judged."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from labelclean.arrays import CodeArray, CountMatrix, FloatArray, IndexArray, ProbMatrix
from labelclean.core.checks import check_labels_and_pred_probs
from labelclean.core.noise import noise_matrix as noise_matrix_of_counts
from labelclean.core.random_noise_matrix import is_learnable, random_noise_matrix
from labelclean.core.rounding import round_rows
from labelclean.core.scores import normalized_margin
from labelclean.errors import ConfigError, InvalidInputError

__all__ = [
    "class_dependent_noise",
    "empirical_noise_matrix",
    "instance_dependent_noise",
    "is_learnable",
    "random_noise_matrix",
]

_SUM_TOLERANCE = 1e-6


def class_dependent_noise(
    true_labels: ArrayLike, noise_matrix: ArrayLike, *, random_state: int | np.random.Generator
) -> CodeArray:
    """
    Replace labels so that they are wrong as often as a noise matrix says, class by class.

    Which rows of a class are wrong is left to chance; how many is not.

    Parameters
    ----------
    true_labels : array-like of int, shape (n_examples,)
        True class codes, 0 to n_classes - 1.
    noise_matrix : array-like of float, shape (n_classes, n_classes)
        P(given | true), indexed [given, true]; every column sums to 1.
    random_state : int or numpy.random.Generator
        Seed, or the generator to draw from.

    Returns
    -------
    ndarray of int64, shape (n_examples,)
        Given class codes. Each pair of classes occurs as often as the matrix says, up to rounding: the counts of a true
        class are its expected counts rounded by largest remainder, so that each is less than 1 off.

    Raises
    ------
    InvalidInputError
        If a label is not a class of the matrix, or the matrix is none of probabilities.

    References
    ----------
    Northcutt, Jiang & Chuang (2021), "Confident Learning", JAIR 70, section 2: the class-conditional noise process.

    Examples
    --------
    >>> noise = [[0.75, 0.0], [0.25, 1.0]]
    >>> given = class_dependent_noise([0, 0, 0, 0, 1, 1], noise, random_state=0)
    >>> int((given == 1).sum())
    3
    """
    matrix = _checked_noise_matrix(noise_matrix)
    n_classes = len(matrix)
    labels = _checked_codes(true_labels, n_classes, "true_labels")
    class_counts = np.bincount(labels, minlength=n_classes)
    counts = round_rows(matrix.T * class_counts[:, np.newaxis])  # rows are true classes here
    shuffled = np.random.default_rng(random_state).permutation(len(labels))
    rows = shuffled[np.argsort(labels[shuffled], kind="stable")]
    given = np.empty(len(labels), dtype=np.int64)
    given[rows] = np.repeat(np.tile(np.arange(n_classes), n_classes), counts.ravel())
    return given


def instance_dependent_noise(
    true_labels: ArrayLike, pred_probs: ArrayLike, *, noise_rate: float, random_state: int | np.random.Generator
) -> CodeArray:
    """
    Replace the labels of rows that are hard to tell, by classes they are easily taken for.

    This is the noise people make: mistakes gather where classes meet, so no single noise matrix describes them.

    Parameters
    ----------
    true_labels : array-like of int, shape (n_examples,)
        True class codes, 0 to n_classes - 1.
    pred_probs : array-like of float, shape (n_examples, n_classes)
        How plausible each class is for each row, 0 to 1; probabilities of any model will do.
    noise_rate : float
        Share of rows to make wrong, 0 to 1.
    random_state : int or numpy.random.Generator
        Seed, or the generator to draw from.

    Returns
    -------
    ndarray of int64, shape (n_examples,)
        Given class codes; exactly ``rint(noise_rate * n_examples)`` of them differ from the true ones.

    Raises
    ------
    ConfigError
        If the rate is outside its range, or above 0 with only one class.
    InvalidInputError
        If shapes, types or values do not fit; see ``check_labels_and_pred_probs``.

    Notes
    -----
    Rows are drawn one after the other without replacement, each time with probability proportional to

        w = 1 - (p_true - p_best_other + 1) / 2,

    which is 0 where the model is sure of the true class, 1/2 at a tie and 1 where it is sure of another; rows of weight
    0 come last. The given class is drawn in proportion to the probabilities of the other classes; where these are all
    0, each is as likely as the next.

    References
    ----------
    Xia et al. (2020), "Part-dependent Label Noise", NeurIPS: every row has noise rates of its own, and a fixed rate in
    total. Zhang et al. (2021), "Learning with Feature-Dependent Label Noise", ICLR: rates that fall as the margin
    grows. Efraimidis & Spirakis (2006), "Weighted random sampling with a reservoir": drawing with exponential keys.

    Examples
    --------
    >>> probs = [[1.0, 0.0, 0.0], [0.5, 0.5, 0.0], [1.0, 0.0, 0.0]]
    >>> instance_dependent_noise([0, 0, 0], probs, noise_rate=1 / 3, random_state=0)
    array([0, 1, 0])
    """
    labels, probs = check_labels_and_pred_probs(true_labels, pred_probs)
    n_wrong = _checked_wrong_count(noise_rate, len(labels), probs.shape[1])
    generator = np.random.default_rng(random_state)
    weights = np.clip(1.0 - normalized_margin(labels, probs), 0.0, None)
    rows = _draw_without_replacement(weights, n_wrong, generator)
    given = labels.copy()
    given[rows] = _draw_other_classes(labels[rows], probs[rows], generator)
    return given


def empirical_noise_matrix(given_labels: ArrayLike, true_labels: ArrayLike, n_classes: int) -> ProbMatrix:
    """
    Return the noise matrix that labels really have.

    Parameters
    ----------
    given_labels : array-like of int, shape (n_examples,)
        Given class codes, 0 to n_classes - 1.
    true_labels : array-like of int, shape (n_examples,)
        True class codes, 0 to n_classes - 1.
    n_classes : int
        Number of classes, also of those that do not occur.

    Returns
    -------
    ndarray of float64, shape (n_classes, n_classes)
        P(given | true), indexed [given, true]; every column sums to 1. A class that no row is of gets the identity
        column.

    Raises
    ------
    InvalidInputError
        If the two differ in length, or a label is outside its range.

    Examples
    --------
    >>> empirical_noise_matrix([0, 1, 1, 1], [0, 0, 1, 1], 2)
    array([[0.5, 0. ],
           [0.5, 1. ]])
    """
    given = _checked_codes(given_labels, n_classes, "given_labels")
    true = _checked_codes(true_labels, n_classes, "true_labels")
    if len(given) != len(true):
        raise InvalidInputError(
            f"given_labels must have one entry for each of the {len(true):,} true labels; got {len(given):,}."
        )
    pairs = np.bincount(given * n_classes + true, minlength=n_classes * n_classes)
    counts: CountMatrix = pairs.reshape(n_classes, n_classes).astype(np.int64)
    return noise_matrix_of_counts(counts)


def _draw_without_replacement(weights: FloatArray, count: int, generator: np.random.Generator) -> IndexArray:
    """Draw rows with probability proportional to their weights; those of weight 0 come last, in random order."""
    waiting = generator.exponential(size=len(weights))
    with np.errstate(divide="ignore"):
        keys = waiting / weights
    rows: IndexArray = np.lexsort((waiting, keys))[:count]
    return rows


def _draw_other_classes(labels: CodeArray, probs: ProbMatrix, generator: np.random.Generator) -> CodeArray:
    """Draw one class other than its label for each row, in proportion to the probabilities."""
    rows = np.arange(len(labels))
    weights = np.clip(probs.astype(np.float64), 0.0, None)
    weights[rows, labels] = 0.0
    nowhere_to_go = ~weights.any(axis=1)
    weights[nowhere_to_go] = 1.0
    weights[rows, labels] = 0.0
    cumulated = weights.cumsum(axis=1)
    totals = cumulated[:, -1:]
    reached = np.minimum(generator.random((len(labels), 1)) * totals, np.nextafter(totals, 0.0))
    return np.asarray((cumulated <= reached).sum(axis=1), dtype=np.int64)


def _checked_noise_matrix(noise_matrix: ArrayLike) -> ProbMatrix:
    matrix = np.asarray(noise_matrix, dtype=np.float64)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not matrix.size:  # noqa: PLR2004  (rows and columns)
        raise InvalidInputError(f"noise_matrix must be square; got shape {matrix.shape}.")
    bad = ~((matrix >= 0).all(axis=0) & (np.abs(matrix.sum(axis=0) - 1.0) <= _SUM_TOLERANCE))
    if bad.any():
        raise InvalidInputError(
            f"noise_matrix must hold probabilities, and every column must sum to 1; got {int(bad.sum()):,} other "
            f"columns, first column {int(np.argmax(bad)):,}.",
            fix="Rows are given labels, columns true classes: is the matrix transposed?",
        )
    return matrix


def _checked_codes(labels: ArrayLike, n_classes: int, name: str) -> CodeArray:
    codes = np.asarray(labels)
    if codes.size == 0:
        return np.empty(0, dtype=np.int64)
    if codes.ndim != 1 or codes.dtype.kind not in "iu":
        raise InvalidInputError(
            f"{name} must be a flat list of whole numbers; got shape {codes.shape} of type {codes.dtype}."
        )
    bad = np.flatnonzero((codes < 0) | (codes >= n_classes))
    if bad.size:
        raise InvalidInputError(
            f"{name} must be from 0 to {n_classes - 1:,}; got {codes[bad[0]]:,} in row {bad[0]:,} "
            f"({bad.size:,} such rows)."
        )
    return codes.astype(np.int64)


def _checked_wrong_count(noise_rate: float, n_examples: int, n_classes: int) -> int:
    if not 0 <= noise_rate <= 1:
        raise ConfigError(f"noise_rate must be from 0 to 1; got {noise_rate:g}.")
    n_wrong = round(noise_rate * n_examples)
    if n_wrong and n_classes == 1:
        raise ConfigError(f"noise_rate must be 0 where there is only one class; got {noise_rate:g}.")
    return n_wrong
