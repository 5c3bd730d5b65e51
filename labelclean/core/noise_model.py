"""How given labels come about: calibrated probabilities of true classes, and a noise matrix with a prior."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax

from labelclean.arrays import ClassArray, CodeArray, FloatArray, ProbMatrix, freeze_fields
from labelclean.core.chunks import BLOCK_ROWS
from labelclean.core.temperature import HIGHEST_TEMPERATURE, LOWEST_TEMPERATURE, log_probs

__all__ = ["NoiseModel", "fit_noise_model", "fit_temperature", "sharpness"]

_SMALLEST = 1e-12  # a probability of 0 has no logarithm
_ROWS_TO_FIT_BY = 20_000  # the log-loss is flat around its lowest point, so that some rows find it
_PRIOR_ROWS = 20.0  # rows' worth of belief, per true class, that its noise is like everybody's
_BYTES_TO_FIT_BY = 2**27  # of probabilities; larger tables are fitted by evenly spaced rows
_ROUNDS_BLUNT, _ROUNDS_SHARP = 15, 10
_RATES = (1e-3, 0.9)  # labels are never known to be all right or all wrong
_PER_ROOT_ERROR = 0.85
_LEAST_SHARPENED, _MOST_SHARPENED = 1.2, 4.0


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class NoiseModel:
    """
    Two readings of the same noise: one rate for all pairs of classes, and one for each pair.

    Attributes
    ----------
    power : float
        Held-out probabilities to this power, each row divided by its sum, are taken for those of the true class.
    blunt : ndarray of float64, shape (n_classes, n_classes)
        P(given | true), indexed [given, true]: one noise rate; wrong labels fall on each class as often as it is
        given.
    sharp : ndarray of float64, shape (n_classes, n_classes)
        P(given | true) by pairs of classes; every column is drawn to ``blunt`` with the weight of 20 rows.
    """

    power: float
    blunt: ProbMatrix
    sharp: ProbMatrix

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)

    def true_class_probs(self, pred_probs: ProbMatrix) -> FloatArray:
        """
        Return what the text alone says about the true class.

        Parameters
        ----------
        pred_probs : ndarray of float, shape (n_examples, n_classes)
            Held-out probabilities, 0 to 1.

        Returns
        -------
        ndarray of float64, shape (n_examples, n_classes)
            Rows sum to 1.
        """
        return np.asarray(softmax(log_probs(pred_probs, smallest=_SMALLEST) * self.power, axis=1))


def fit_noise_model(labels: CodeArray, pred_probs: ProbMatrix, *, power: float | None = None) -> NoiseModel:
    """
    Estimate the noise by expectation-maximisation, the probabilities of the true classes being known.

    Held-out probabilities are fitted to given labels, mistakes and all, and are less sure of the true class than they
    should be. They are sharpened first; then the rate of wrong labels follows, and from it, as the centre of a
    Dirichlet prior, the noise of each pair of classes.

    Parameters
    ----------
    labels : ndarray of int64, shape (n_examples,)
        Given class codes.
    pred_probs : ndarray of float, shape (n_examples, n_classes)
        Held-out probabilities, 0 to 1.
    power : float, optional
        How far to sharpen; ``sharpness`` over the temperature that suits the labels where left out.

    Returns
    -------
    NoiseModel
        No step is random. Tables of more than 128 MiB are fitted by evenly spaced rows.

    References
    ----------
    Dawid & Skene (1979), "Maximum Likelihood Estimation of Observer Error-Rates Using the EM Algorithm", Applied
    Statistics 28, equations 2.3 to 2.5: here with one observer, whose prior knowledge of the truth is the text.

    Examples
    --------
    >>> labels = np.repeat([0, 0, 1, 1], [90, 10, 90, 10])
    >>> probs = np.repeat([[0.9, 0.1], [0.1, 0.9], [0.1, 0.9], [0.9, 0.1]], [90, 10, 90, 10], axis=0)
    >>> fit_noise_model(labels, probs).sharp.round(1)
    array([[0.9, 0.1],
           [0.1, 0.9]])
    """
    n_classes = pred_probs.shape[1]
    step = max(1, -(-len(labels) * n_classes * 4 // _BYTES_TO_FIT_BY))
    if step > 1:
        labels, pred_probs = labels[::step], pred_probs[::step]
    shares = (np.bincount(labels, minlength=n_classes) + 1.0) / (len(labels) + n_classes)
    chosen = sharpness(labels, pred_probs) / fit_temperature(labels, pred_probs) if power is None else power
    model = NoiseModel(power=chosen, blunt=np.eye(n_classes), sharp=np.eye(n_classes))
    blocks = [slice(start, start + BLOCK_ROWS) for start in range(0, len(labels), BLOCK_ROWS)]
    truth = [model.true_class_probs(pred_probs[rows]).astype(np.float32) for rows in blocks]
    given = [labels[rows] for rows in blocks]
    rate = 0.1
    for _ in range(_ROUNDS_BLUNT):
        blunt = _one_rate(rate, shares)
        wrong = sum(float(_share_wrong(codes, probs, blunt).sum()) for codes, probs in zip(given, truth, strict=True))
        rate = float(np.clip(wrong / max(len(labels), 1), *_RATES))
    blunt = sharp = _one_rate(rate, shares)
    for _ in range(_ROUNDS_SHARP):
        counts = _PRIOR_ROWS * blunt
        for codes, probs in zip(given, truth, strict=True):
            counts += _expected_counts(codes, probs, sharp)
        sharp = counts / counts.sum(axis=0)
    return NoiseModel(power=chosen, blunt=blunt, sharp=sharp)


def sharpness(labels: CodeArray, pred_probs: ProbMatrix) -> float:
    """
    Return how much surer of the true class one may be than calibrated probabilities are of the given label.

    Where held-out predictions nearly always meet the given label, what doubt is left is mostly noise; where they
    often miss it, much of the doubt is about the text itself. So the power falls with the root of the share of rows
    that they miss.

    Parameters
    ----------
    labels : ndarray of int64, shape (n_examples,)
        Given class codes.
    pred_probs : ndarray of float, shape (n_examples, n_classes)
        Held-out probabilities, 0 to 1.

    Returns
    -------
    float
        ``0.85 / sqrt(share missed)``, 1.2 at least and 4 at most: a rule of thumb.

    Examples
    --------
    >>> sharpness(np.array([0, 0, 0, 1]), np.array([[0.9, 0.1]] * 4))
    1.7
    """
    missed = float((pred_probs.argmax(axis=1) != labels).mean()) if len(labels) else 1.0
    if missed == 0.0:
        return _MOST_SHARPENED
    return float(np.clip(_PER_ROOT_ERROR / np.sqrt(missed), _LEAST_SHARPENED, _MOST_SHARPENED))


def fit_temperature(labels: CodeArray, pred_probs: ProbMatrix) -> float:
    """
    Return the temperature under which the given labels are most likely.

    Parameters
    ----------
    labels : ndarray of int64, shape (n_examples,)
        Given class codes.
    pred_probs : ndarray of float, shape (n_examples, n_classes)
        Held-out probabilities, 0 to 1; every row sums to 1.

    Returns
    -------
    float
        0.05 to 20; below 1 where the probabilities are not sure enough, above 1 where they are too sure. 1 where
        there are no rows. With more than 20,000 rows, evenly spaced ones decide.

    References
    ----------
    Guo, Pleiss, Sun & Weinberger (2017), "On Calibration of Modern Neural Networks", section 4.2.

    Examples
    --------
    Sure of the second class, and right three times in four: not that sure.

    >>> round(fit_temperature(np.array([1, 1, 1, 0]), np.tile([0.01, 0.99], (4, 1))), 1)
    4.2
    """
    if not len(labels):
        return 1.0
    step = -(-len(labels) // _ROWS_TO_FIT_BY)
    logits = log_probs(pred_probs[::step], smallest=_SMALLEST)
    given = labels[::step]
    rows = np.arange(len(given))

    def log_loss(log_temperature: float) -> float:
        return -float(log_softmax(logits / np.exp(log_temperature), axis=1)[rows, given].mean())

    found = minimize_scalar(
        log_loss,
        bounds=(np.log(LOWEST_TEMPERATURE), np.log(HIGHEST_TEMPERATURE)),
        method="bounded",
        options={"xatol": 1e-3},
    )
    return float(np.exp(found.x))


def _one_rate(rate: float, shares: ClassArray) -> ProbMatrix:
    """Return P(given | true) with one noise rate, wrong labels falling on classes as often as these are given."""
    matrix = np.repeat(shares[:, np.newaxis], len(shares), axis=1)
    np.fill_diagonal(matrix, 0.0)
    matrix *= rate / np.maximum(matrix.sum(axis=0), np.finfo(np.float64).tiny)
    np.fill_diagonal(matrix, 1.0 - rate if len(shares) > 1 else 1.0)
    return matrix


def _share_wrong(labels: CodeArray, truth: NDArray[np.floating], noise_matrix: ProbMatrix) -> FloatArray:
    """Return P(true class is another | given label, text)."""
    both = truth * noise_matrix[labels]
    rows = np.arange(len(labels))
    right = both[rows, labels]
    both[rows, labels] = 0.0
    wrong = both.sum(axis=1)
    return np.asarray(wrong / np.maximum(wrong + right, np.finfo(np.float64).tiny))


def _expected_counts(labels: CodeArray, truth: NDArray[np.floating], noise_matrix: ProbMatrix) -> FloatArray:
    """Return the expected number of rows by given and true class."""
    both = truth * noise_matrix[labels]
    both /= np.maximum(both.sum(axis=1, keepdims=True), np.finfo(np.float64).tiny)
    n_rows = len(labels)
    given = sparse.csr_array((np.ones(n_rows), (labels, np.arange(n_rows))), shape=(len(noise_matrix), n_rows))
    return np.asarray(given @ both)
