"""The way from a true class to the given label, and back: what given labels say about scores of the true classes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import expit

from labelclean.arrays import CodeArray, FloatArray, IndexArray, ProbMatrix
from labelclean.models.linear import Scores

__all__ = ["Channel", "ClassChannel", "Explained", "LabelChannel"]

_SMALLEST_NOISE = 1e-12  # a given label that the noise rules out would make every true class impossible


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Explained:
    """
    How scores of the true classes explain the given labels.

    Attributes
    ----------
    log_likelihoods : ndarray of float, shape (n_examples,)
        Logarithm of P(given label) of each row; for multi-label data of all its labels together.
    probs : ndarray of float, shape (n_examples, n_classes)
        P(true), from the scores alone.
    true_probs : ndarray of float, shape (n_examples, n_classes)
        P(true | given), from the scores and the given label.
    """

    log_likelihoods: NDArray[np.floating]
    probs: ProbMatrix
    true_probs: ProbMatrix


class Channel(Protocol):
    """Given labels, and the noise they went through."""

    @property
    def codes(self) -> CodeArray:
        """The given labels."""

    @property
    def noise_matrix(self) -> FloatArray:
        """P(given | true)."""

    def with_noise(self, noise_matrix: FloatArray) -> Self:
        """Return the same labels with other noise."""

    def take(self, rows: IndexArray) -> Self:
        """Return some of the labels, with the same noise."""

    def explain(self, scores: Scores) -> Explained:
        """Return how likely scores make the given labels, and the true classes behind them."""

    def cross_entropies(self, scores: Scores, true_probs: ProbMatrix) -> tuple[NDArray[np.floating], ProbMatrix]:
        """Return for each row minus the expected logarithm of P(true), and P(true)."""

    def counts(self, true_probs: ProbMatrix, weights: FloatArray) -> FloatArray:
        """Return expected counts of given label and true class, in the shape of the noise matrix."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class ClassChannel:
    """
    One class per row: P(true) is the softmax of the scores.

    Attributes
    ----------
    codes : ndarray of int64, shape (n_examples,)
        Given class codes.
    noise_matrix : ndarray of float64, shape (n_classes, n_classes)
        P(given | true), indexed [given, true].

    References
    ----------
    Patrini, Rozza, Menon, Nock & Qu (2017), "Making deep neural networks robust to label noise", theorem 2 (with the
    transpose of this matrix): P(given) is the noise matrix times P(true).
    """

    codes: CodeArray
    noise_matrix: FloatArray

    def with_noise(self, noise_matrix: FloatArray) -> Self:
        """Return the same labels with other noise."""
        return replace(self, noise_matrix=noise_matrix)

    def take(self, rows: IndexArray) -> Self:
        """Return some of the labels, with the same noise."""
        return replace(self, codes=self.codes[rows])

    def explain(self, scores: Scores) -> Explained:
        """Return how likely scores make the given labels, and the true classes behind them."""
        log_noise = np.log(np.maximum(self.noise_matrix, _SMALLEST_NOISE)).astype(scores.dtype)
        log_sums, probs = _softmax(scores)
        joint_log_sums, true_probs = _softmax(scores + log_noise[self.codes])
        return Explained(log_likelihoods=joint_log_sums - log_sums, probs=probs, true_probs=true_probs)

    def cross_entropies(self, scores: Scores, true_probs: ProbMatrix) -> tuple[NDArray[np.floating], ProbMatrix]:
        """Return for each row minus the expected logarithm of P(true), and P(true)."""
        log_sums, probs = _softmax(scores)
        return log_sums - np.einsum("ij,ij->i", true_probs, scores), probs

    def counts(self, true_probs: ProbMatrix, weights: FloatArray) -> FloatArray:
        """Return expected counts, shape (n_classes, n_classes), indexed [given, true]."""
        n_examples, n_classes = true_probs.shape
        given = sparse.csr_array(
            (weights, self.codes, np.arange(n_examples + 1)), shape=(n_examples, n_classes), dtype=np.float64
        )
        return np.asarray(given.T @ true_probs.astype(np.float64))


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class LabelChannel:
    """
    A set of labels per row, each on its own: P(true) of a label is the logistic function of its score.

    Attributes
    ----------
    codes : ndarray of int64, shape (n_examples, n_labels)
        1 where the label was given, else 0.
    noise_matrix : ndarray of float64, shape (n_labels, 2, 2)
        P(given | true) of each label, indexed [label, given, true]; 1 means the label applies.
    """

    codes: CodeArray
    noise_matrix: FloatArray

    def with_noise(self, noise_matrix: FloatArray) -> Self:
        """Return the same labels with other noise."""
        return replace(self, noise_matrix=noise_matrix)

    def take(self, rows: IndexArray) -> Self:
        """Return some of the labels, with the same noise."""
        return replace(self, codes=self.codes[rows])

    def explain(self, scores: Scores) -> Explained:
        """Return how likely scores make the given labels, and the true labels behind them."""
        log_noise = np.log(np.maximum(self.noise_matrix, _SMALLEST_NOISE)).astype(scores.dtype)
        labels = np.arange(scores.shape[1])
        if_absent, if_present = (log_noise[labels, self.codes, true] for true in (0, 1))
        likelihoods = np.logaddexp(if_present - _softplus(-scores), if_absent - _softplus(scores))
        return Explained(
            log_likelihoods=likelihoods.sum(axis=1),
            probs=expit(scores),
            true_probs=expit(scores + if_present - if_absent),
        )

    def cross_entropies(self, scores: Scores, true_probs: ProbMatrix) -> tuple[NDArray[np.floating], ProbMatrix]:
        """Return for each row minus the expected logarithm of P(true), summed over the labels, and P(true)."""
        return _softplus(scores).sum(axis=1) - np.einsum("ij,ij->i", true_probs, scores), expit(scores)

    def counts(self, true_probs: ProbMatrix, weights: FloatArray) -> FloatArray:
        """Return expected counts, shape (n_labels, 2, 2), indexed [label, given, true]."""
        present = true_probs * weights[:, np.newaxis]
        total, given = np.full(len(weights), 1.0) @ present, np.einsum("ij,ij->j", self.codes, present)
        n_given, n_all = weights @ self.codes, weights.sum()
        table = np.array([[n_all - n_given - total + given, total - given], [n_given - given, given]])
        return np.ascontiguousarray(np.maximum(table, 0.0).transpose(2, 0, 1))


def _softmax(scores: ProbMatrix) -> tuple[NDArray[np.floating], ProbMatrix]:
    """Return the logarithm of each row's sum of exponentials, and the exponentials' shares of it."""
    highest = scores.max(axis=1, keepdims=True)
    exponentials = np.exp(scores - highest)
    sums = exponentials.sum(axis=1, keepdims=True)
    return (np.log(sums) + highest)[:, 0], exponentials / sums


def _softplus(scores: Scores) -> Scores:
    return np.logaddexp(np.float32(0.0), scores)
