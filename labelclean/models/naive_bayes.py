"""Multinomial naive Bayes that leaves each group of rows out of its own judgement, exactly and in closed form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import CodeArray, FeatureMatrix, FloatArray, IndexArray, freeze_fields
from labelclean.errors import ConfigError, InvalidInputError
from labelclean.models.held_out import Meter
from labelclean.models.naive_bayes_counts import ClassCounts, WideMatrix, class_counts
from labelclean.models.score_loss import scaled_log_loss
from labelclean.models.search import downhill
from labelclean.protocols import Progress, no_progress

__all__ = ["SMOOTHINGS", "NaiveBayesScores", "leave_one_out_naive_bayes"]

SMOOTHINGS = (0.03, 0.1, 0.3, 1.0)
"""Pseudo-counts of each feature in each class to choose from."""

_N_ROWS_AT_ONCE = 32_768
_USUAL_TRIALS = 3
_STEP = "Judging by naive Bayes"


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class NaiveBayesScores:
    """
    What naive Bayes says of each row, not having seen its group.

    Attributes
    ----------
    scores : ndarray of float32, shape (n_examples, n_classes)
        Logarithm of the joint probability of row and class, up to what only depends on the row's counts.
    smoothing : float
        The pseudo-count chosen.
    losses : tuple of float
        Held-out log-loss for each smoothing offered, after the best temperature; nan where it was not tried.
    """

    scores: NDArray[np.float32]
    smoothing: float
    losses: tuple[float, ...]
    _model: ClassCounts

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)

    def contributions(self, rows: IndexArray, left: CodeArray, right: CodeArray) -> WideMatrix:
        """
        Return what each feature adds to the score of one class over another.

        Parameters
        ----------
        rows : ndarray of int64, shape (n_rows,)
            Positions of examples.
        left, right : ndarray of int64, shape (n_rows,)
            Class codes to compare, for each of these rows.

        Returns
        -------
        csr_array of float64, shape (n_rows, n_features)
            Entry (r, j) is feature j's part of ``scores[rows[r], left[r]] - scores[rows[r], right[r]]``, under the
            counts without the row's group. A row's entries and its ``bias`` sum to that difference.
        """
        return self._model.log_parts(rows, left, self.smoothing) - self._model.log_parts(rows, right, self.smoothing)

    def bias(self, rows: IndexArray, left: CodeArray, right: CodeArray) -> FloatArray:
        """
        Return what the frequencies of the classes add to the score of one class over another.

        Parameters
        ----------
        rows : ndarray of int64, shape (n_rows,)
            Positions of examples.
        left, right : ndarray of int64, shape (n_rows,)
            Class codes to compare, for each of these rows.

        Returns
        -------
        ndarray of float64, shape (n_rows,)
            The part of the difference that no feature is responsible for.
        """
        return self._model.log_priors(rows, left) - self._model.log_priors(rows, right)


def leave_one_out_naive_bayes(
    counts: FeatureMatrix,
    labels: CodeArray,
    groups: IndexArray,
    *,
    n_classes: int,
    smoothings: Sequence[float] = SMOOTHINGS,
    weights: FloatArray | None = None,
    progress: Progress = no_progress,
) -> NaiveBayesScores:
    """
    Judge each row by naive Bayes over all rows outside its group.

    Leaving a group out only changes the counts of the classes its rows are given, so that all rows are judged by one
    sparse product and a correction; nothing is fitted again.

    Parameters
    ----------
    counts : csr_array of float32, shape (n_examples, n_features)
        Counts or TF-IDF weights, 0 or more; sorted indices.
    labels : ndarray of int64, shape (n_examples,)
        Given class codes; -1 where no label was given. Such rows are judged by all rows with a label.
    groups : ndarray of int64, shape (n_examples,)
        Rows with the same number leave together, whatever their labels.
    n_classes : int
        Number of columns wanted.
    smoothings : sequence of float, default=SMOOTHINGS
        Pseudo-counts to choose from, ascending and above 0: a walk downhill from the middle in log-loss over all rows
        with a label, after the best temperature.
    weights : ndarray of float64, shape (n_examples,), optional
        How many rows each row counts for, 0 or more; 1 each where left out.
    progress : Progress
        Told after each block of rows; fractions 0 to 1 are those of this step alone.

    Returns
    -------
    NaiveBayesScores
        Classes without a row (outside the group) are judged by the pseudo-counts alone.

    Raises
    ------
    ConfigError
        If no smoothing is offered, or one is not above 0.
    InvalidInputError
        If a count is negative.
    RunCancelledError
        If ``progress`` raises it.

    Notes
    -----
    With ``N_cj`` the summed counts of feature j in class c, ``N_c`` their sum over the d features, ``n_c`` the rows of
    the class, and ``own`` the group's share of each, the score of class c is
    ``log((n_c - own + 1) / (n - own + K)) + sum_j x_j log((N_cj - own_cj + a) / (N_c - own_c + a d))``.
    Cost: O(stored numbers * K) for each smoothing.

    References
    ----------
    McCallum & Nigam (1998), "A Comparison of Event Models for Naive Bayes Text Classification", equations 5 to 7.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> counts = csr_array(np.float32([[2, 0], [1, 0], [0, 2], [0, 1]]))
    >>> found = leave_one_out_naive_bayes(counts, np.array([0, 0, 1, 1]), np.arange(4), n_classes=2, smoothings=[1.0])
    >>> found.scores.round(2)
    array([[-1.73, -3.73],
           [-1.2 , -2.12],
           [-3.73, -1.73],
           [-2.12, -1.2 ]], dtype=float32)
    """
    if not smoothings or min(smoothings) <= 0:
        raise ConfigError(
            f"smoothings must hold numbers above 0; got {list(smoothings)}.", fix="Offer a few, such as 0.1 and 1."
        )
    if counts.nnz and counts.data.min() < 0:
        n_negative = int(np.count_nonzero(counts.data < 0))
        raise InvalidInputError(
            f"counts must be 0 or more; got {n_negative:,} negative numbers.", fix="Use counts or TF-IDF weights."
        )
    model = class_counts(counts, labels, groups, n_classes=n_classes, weights=weights)
    n_steps = (len(list(model.class_blocks())) + 1) * -(-counts.shape[0] // _N_ROWS_AT_ONCE)
    meter = Meter(progress=progress, planned=n_steps * min(_USUAL_TRIALS, len(smoothings)))
    meter.tell(_STEP)
    losses = [float("nan")] * len(smoothings)
    best: list[tuple[float, int, NDArray[np.float32]]] = []

    def loss(position: int) -> float:
        scores = _scores(model, smoothings[position], meter)
        losses[position] = scaled_log_loss(scores, labels, weights=weights)
        if not best or losses[position] < best[0][0]:
            best[:] = [(losses[position], position, scores)]
        return losses[position]

    if len(smoothings) == 1:
        loss(0)  # the walk would not look at it
    else:
        downhill(loss, n_settings=len(smoothings), start=len(smoothings) // 2)
    _, chosen, scores = best[0]
    return NaiveBayesScores(scores=scores, smoothing=float(smoothings[chosen]), losses=tuple(losses), _model=model)


def _scores(model: ClassCounts, smoothing: float, meter: Meter) -> NDArray[np.float32]:
    """Judge blocks of rows, each by all rows and then without its own group."""
    n_examples = model.counts.shape[0]
    scores = np.empty((n_examples, model.n_classes), dtype=np.float32)
    blocks = [slice(start, start + _N_ROWS_AT_ONCE) for start in range(0, n_examples, _N_ROWS_AT_ONCE)]
    for classes in model.class_blocks():
        log_probs = model.log_probs(classes, smoothing)
        for rows in blocks:
            scores[rows, classes] = np.asarray(model.counts[rows].astype(np.float64) @ log_probs)
            meter.done += 1
            meter.tell(_STEP)
    own_parts = model.own_log_parts(smoothing)
    for rows in blocks:
        model.leave_out(scores[rows], rows, own_parts, smoothing)
        meter.done += 1
        meter.tell(_STEP)
    return scores
