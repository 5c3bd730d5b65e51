"""Confident learning where rows count more or less than once: a row of weight w counts like w rows."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import ClassArray, CodeArray, CountMatrix, FloatArray, IndexArray, ProbMatrix, freeze_fields
from labelclean.config import AuditConfig, FilterMethod, check_filter_method
from labelclean.core.checks import CheckedExamples, check_examples
from labelclean.core.chunks import Chunking
from labelclean.core.filters import confident_learning
from labelclean.core.label_issues import find_label_issues
from labelclean.core.noise import estimate_noise
from labelclean.core.prune_counts import prune_counts
from labelclean.core.rounding import round_rows
from labelclean.core.scan import NOT_CONFIDENT, RowScan, scan_rows
from labelclean.core.scores import score_examples
from labelclean.core.thresholds import UNREACHED, mean_self_confidence
from labelclean.errors import LabelCleanWarning
from labelclean.results import NoiseEstimate

__all__ = ["WeightedIssues", "weighted_joint", "weighted_label_issues", "weighted_thresholds"]

_FLOOR = 2e-6  # of a threshold, as without weights
_CRUMB = 1e-9  # share of a row's weight below which what is left of it comes from rounding


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class WeightedIssues:
    """
    What is left of each row, and the noise found on the way.

    Attributes
    ----------
    kept_weights : ndarray of float64, shape (n_examples,)
        The row's weight less what is thought wrong; 0 where all of it is.
    noise : NoiseEstimate
        Counts are sums of weights, rounded to whole numbers.
    """

    kept_weights: FloatArray
    noise: NoiseEstimate

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)


def weighted_label_issues(
    labels: CodeArray,
    pred_probs: ProbMatrix,
    weights: FloatArray | None,
    *,
    filter_by: FilterMethod = "prune_by_noise_rate",
    frac_noise: float = 1.0,
    min_examples_per_class: int = 1,
) -> WeightedIssues:
    """
    Find the labels that are probably wrong, as ``find_label_issues`` does for ``weights[i]`` copies of each row ``i``.

    Rows are taken in its order until their weights reach the count; the last of them may be taken in part.

    Parameters
    ----------
    labels : ndarray of int64, shape (n_examples,)
        Given class codes.
    pred_probs : ndarray of float, shape (n_examples, n_classes)
        Held-out probabilities, 0 to 1.
    weights : ndarray of float64, shape (n_examples,), or None
        0 or more; a row of weight 0 has no say. None, or 1 everywhere, is ``find_label_issues`` itself.
    filter_by : str, default="prune_by_noise_rate"
        Which rows are taken; see ``find_label_issues``.
    frac_noise : float, default=1.0
        Share of the estimated errors to take, above 0 and at most 1.
    min_examples_per_class : int, default=1
        Weight of each class that is never taken.

    Returns
    -------
    WeightedIssues
        What is left of each row, and the noise.

    Raises
    ------
    ConfigError
        If an option is outside its range.
    InvalidInputError
        If a value is no probability.

    Notes
    -----
    Two things are rounded, both as without weights: the cells of the confident joint to whole numbers, and the counts
    to take down where ``frac_noise`` or ``min_examples_per_class`` changes them. Nothing else is, so that between
    these steps the weight kept of a row changes as little as the weights do. Weights that sum to 1 say that there is
    one row, in which no error can be counted; there is a warning where they sum to less than one per class.

    A row that several pairs of classes take counts as taken once, by the pair that takes most of it.

    References
    ----------
    Northcutt, Jiang & Chuang (2021), "Confident Learning", JAIR 70, equations 1 to 3 and section 3.2, with every
    number of rows replaced by their sum of weights.

    Examples
    --------
    The third row counts twice, and one of two is thought wrong.

    >>> probs = np.array([[0.9, 0.1], [0.8, 0.2], [0.9, 0.1], [0.1, 0.9], [0.2, 0.8]])
    >>> weights = np.array([3.0, 3.0, 2.0, 1.0, 0.5])
    >>> weighted_label_issues(np.array([0, 0, 1, 1, 1]), probs, weights, frac_noise=0.5).kept_weights
    array([3. , 3. , 1. , 1. , 0.5])
    """
    if weights is None or bool((weights == 1).all()):
        found = find_label_issues(
            labels,
            pred_probs,
            filter_by=filter_by,
            frac_noise=frac_noise,
            min_examples_per_class=min_examples_per_class,
        )
        return WeightedIssues(kept_weights=np.where(found.is_issue, 0.0, 1.0), noise=found.noise)
    check_filter_method(filter_by)
    AuditConfig(filter_by=filter_by, frac_noise=frac_noise, min_examples_per_class=min_examples_per_class)
    examples = check_examples(labels, pred_probs)
    _warn_of_few(float(weights.sum()), examples.n_classes)
    work = _Work.of(examples, weights)
    if filter_by in {"prune_by_noise_rate", "prune_by_class", "both"}:
        counts = prune_counts(work.joint, min_examples_per_class=min_examples_per_class, frac_noise=frac_noise)
        taken = work.taken_by_counts(counts, filter_by, min_weight=max(min_examples_per_class, 1))
    else:
        taken = work.taken_by_rule(filter_by)
    kept = weights - taken
    kept[kept <= _CRUMB * weights] = 0.0
    return WeightedIssues(kept_weights=kept, noise=estimate_noise(work.joint))


def weighted_thresholds(
    labels: CodeArray, self_confidence: FloatArray, weights: FloatArray, n_classes: int
) -> ClassArray:
    """
    Return the weighted mean self-confidence of each class.

    Parameters
    ----------
    labels : ndarray of int64, shape (n_examples,)
        Given class codes.
    self_confidence : ndarray of float64, shape (n_examples,)
        The probability of each row's given label.
    weights : ndarray of float64, shape (n_examples,)
        0 or more.
    n_classes : int
        Number of classes.

    Returns
    -------
    ndarray of float64, shape (n_classes,)
        ``sum(w * p) / sum(w)`` over the rows given each class, at least 2e-6; 2, which no probability reaches, for a
        class whose rows weigh nothing.

    References
    ----------
    Northcutt, Jiang & Chuang (2021), "Confident Learning", JAIR 70, equation 2.

    Examples
    --------
    >>> weighted_thresholds(np.array([0, 0, 1]), np.array([0.5, 1.0, 0.25]), np.array([3.0, 1.0, 0.0]), 2)
    array([0.625, 2.   ])
    """
    totals = np.bincount(labels, weights=weights * self_confidence, minlength=n_classes)
    sizes = np.bincount(labels, weights=weights, minlength=n_classes)
    means = np.divide(totals, sizes, out=np.full(n_classes, UNREACHED), where=sizes > 0)
    return np.asarray(np.maximum(means, _FLOOR))


def weighted_joint(labels: CodeArray, guesses: NDArray[np.integer], weights: FloatArray, n_classes: int) -> CountMatrix:
    """
    Return the weight of given against confidently estimated classes, calibrated to the weight of each given class.

    Parameters
    ----------
    labels : ndarray of int64, shape (n_examples,)
        Given class codes.
    guesses : ndarray of int, shape (n_examples,)
        Confident guesses as ``scan_rows`` gives them; -1 counts for its given class only.
    weights : ndarray of float64, shape (n_examples,)
        0 or more.
    n_classes : int
        Number of classes.

    Returns
    -------
    ndarray of int64, shape (n_classes, n_classes)
        With ``C`` the sums of weights of each pair (the diagonal at least 1) and ``n`` those of each given class:
        ``C[k, j] / sum_j C[k, j] * n[k]``, all scaled to sum to ``sum(n)``, rounded by ``round_rows``.

    References
    ----------
    Northcutt, Jiang & Chuang (2021), "Confident Learning", JAIR 70, equations 1 and 3.

    Examples
    --------
    >>> weighted_joint(np.array([0, 0, 1, 1]), np.array([0, 1, 1, -1]), np.array([3.0, 1.0, 1.5, 1.6]), 2)
    array([[3, 1],
           [0, 3]])
    """
    confident = guesses != NOT_CONFIDENT
    cells = labels[confident] * n_classes + guesses[confident]
    counts = np.bincount(cells, weights=weights[confident], minlength=n_classes**2).reshape(n_classes, n_classes)
    np.fill_diagonal(counts, np.maximum(counts.diagonal(), 1.0))
    sizes = np.bincount(labels, weights=weights, minlength=n_classes)
    # The order of operations, and of the sum, of joint.calibrate_joint: whole weights round the way rows do.
    scaled = counts / counts.sum(axis=1, keepdims=True) * sizes[:, np.newaxis]
    total = np.ascontiguousarray(scaled.T).sum()
    return round_rows(scaled / total * sizes.sum() if total > 0 else scaled)


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class _Work:
    """What the filters look at; each returns how much of each row is taken."""

    examples: CheckedExamples
    weights: FloatArray
    self_confidence: FloatArray
    scan: RowScan
    joint: CountMatrix

    @classmethod
    def of(cls, examples: CheckedExamples, weights: FloatArray) -> _Work:
        """Look at all rows once."""
        labels, n_classes = examples.labels, examples.n_classes
        _, self_confidence = mean_self_confidence(examples)
        thresholds = weighted_thresholds(labels, self_confidence, weights, n_classes)
        scan = scan_rows(examples, thresholds, self_confidence, chunking=Chunking())
        joint = weighted_joint(labels, scan.guesses, weights, n_classes)
        return cls(examples=examples, weights=weights, self_confidence=self_confidence, scan=scan, joint=joint)

    def taken_by_counts(self, counts: CountMatrix, filter_by: FilterMethod, *, min_weight: float) -> FloatArray:
        """Take what is counted as wrong, in classes that weigh more than ``min_weight``; never rows that agree."""
        labels = self.examples.labels
        sizes = np.bincount(labels, weights=self.weights, minlength=self.examples.n_classes)
        classes = np.flatnonzero(sizes > min_weight)
        taken = self.weights
        if filter_by != "prune_by_class":
            taken = np.minimum(taken, self.taken_by_noise_rate(counts, classes))
        if filter_by != "prune_by_noise_rate":
            n_wrong = self.joint.sum(axis=1) - counts.diagonal()
            taken = np.minimum(taken, self.taken_by_class(n_wrong, classes))
        return np.where(self.scan.suggested != labels, taken, 0.0)

    def taken_by_noise_rate(self, counts: CountMatrix, classes: NDArray[np.intp]) -> FloatArray:
        """Take for each pair of classes the rows with the largest margin; of each row what its greediest pair takes."""
        taken = np.zeros(len(self.weights))
        for code, rows in self._rows_of(classes):
            for true in np.flatnonzero(counts[code]).tolist():
                if true != code:
                    margins = self.examples.pred_probs[rows, true] - self.self_confidence[rows]
                    by_pair = _take(-margins, self.weights[rows], float(counts[code, true]))
                    taken[rows] = np.maximum(taken[rows], by_pair)
        return taken

    def taken_by_class(self, n_wrong: NDArray[np.int64], classes: NDArray[np.intp]) -> FloatArray:
        """Take in each class the rows with the lowest self-confidence."""
        taken = np.zeros(len(self.weights))
        for code, rows in self._rows_of(classes):
            taken[rows] = _take(self.self_confidence[rows], self.weights[rows], float(n_wrong[code]))
        return taken

    def taken_by_rule(self, filter_by: FilterMethod) -> FloatArray:
        """Take whole rows, or as much as these weigh of the lowest scores of all."""
        labels = self.examples.labels
        if filter_by == "predicted_neq_given":
            return np.where(self.scan.suggested != labels, self.weights, 0.0)
        confident = np.where(confident_learning(labels, self.scan), self.weights, 0.0)
        if filter_by == "confident_learning":
            return confident
        scores = self.self_confidence
        if filter_by == "low_normalized_margin":
            scores = score_examples(self.examples, method="normalized_margin", chunking=Chunking())
        return _take(scores, self.weights, float(confident.sum()))

    def _rows_of(self, classes: NDArray[np.intp]) -> Iterator[tuple[int, IndexArray]]:
        """Yield the rows given each class in which some row disagrees."""
        labels = self.examples.labels
        order = np.argsort(labels, kind="stable")
        ends = np.cumsum(np.bincount(labels, minlength=self.examples.n_classes))
        disagree = np.bincount(labels[self.scan.suggested != labels], minlength=self.examples.n_classes)
        for code in classes[disagree[classes] > 0].tolist():
            yield code, order[ends[code - 1] if code else 0 : ends[code]]


def _take(keys: FloatArray, weights: FloatArray, amount: float) -> FloatArray:
    """Take rows by ascending key, among equals in row order, until their weights reach an amount."""
    order = np.argsort(keys, kind="stable")
    in_order = weights[order]
    before = np.cumsum(in_order) - in_order
    taken = np.empty(len(weights))
    taken[order] = np.clip(amount - before, 0.0, in_order)
    return taken


def _warn_of_few(total: float, n_classes: int) -> None:
    if total < n_classes:
        warnings.warn(
            f"sample_weight sums to {total:.3g}, as if there were less than one row for each of {n_classes:,} classes: "
            "next to no wrong labels can be counted. Scale it, so that it says how many rows each row counts for.",
            LabelCleanWarning,
            stacklevel=3,
        )
