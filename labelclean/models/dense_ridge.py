"""Held-out scores from embeddings: ridge regression, linear or with a kernel, whichever explains the labels better."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import CodeArray, FloatArray, IndexArray, freeze_fields
from labelclean.errors import ConfigError
from labelclean.models.blas_threads import one_blas_thread
from labelclean.models.dense_ridge_features import centred_rows, kept_if_small
from labelclean.models.dense_ridge_left_out import left_out_scores
from labelclean.models.dense_ridge_solver import (
    ROWS_AT_ONCE,
    DenseFeatures,
    dense_moments,
    held_out_scores,
    models_without_each_fold,
)
from labelclean.models.folds import NO_FOLD
from labelclean.models.held_out import Meter
from labelclean.models.nystroem import nystroem_rows
from labelclean.models.score_loss import scaled_log_loss
from labelclean.models.search import downhill
from labelclean.protocols import Progress, no_progress

__all__ = ["DENSE_STRENGTHS", "DenseKernel", "DenseRidgeScores", "held_out_dense_ridge"]

DenseKernel: TypeAlias = Literal["linear", "rbf"]
"""Whether scores are straight in the embeddings, or in how near they are to 1,000 of them."""

DENSE_STRENGTHS = (0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
"""Penalties to choose from; rows have length 1."""

_USUAL_TRIALS = 3
_MOST_FOLDS = 50  # of which sums are kept; more are small enough to be left out of the model of all rows
_STEP = "Judging by embeddings"


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class DenseRidgeScores:
    """
    What embeddings say of each row, its fold not having been seen.

    Attributes
    ----------
    scores : ndarray of float32, shape (n_examples, n_classes)
        Around 1 for a class that fits and 0 for others. Rows without a label: the mean over the folds' models.
    strength : float
        The penalty chosen.
    losses : tuple of float
        Held-out log-loss for each penalty offered, after the best temperature, with the kernel chosen; nan where it
        was not tried.
    kernel : {"linear", "rbf"}
        The kernel chosen.
    kernel_losses : dict of str to float
        The lowest loss with each kernel offered.
    """

    scores: NDArray[np.float32]
    strength: float
    losses: tuple[float, ...]
    kernel: DenseKernel
    kernel_losses: dict[DenseKernel, float]

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)


def held_out_dense_ridge(
    embeddings: NDArray[np.float32],
    labels: CodeArray,
    folds: IndexArray,
    *,
    n_classes: int,
    strengths: Sequence[float] = DENSE_STRENGTHS,
    kernels: Sequence[DenseKernel] = ("linear", "rbf"),
    random_state: int = 0,
    weights: FloatArray | None = None,
    progress: Progress = no_progress,
) -> DenseRidgeScores:
    """
    Judge each row by ridge regressions on embeddings that were fitted without its fold.

    Embeddings are centred and scaled to length 1. The kernel and the penalty are those with the lowest log-loss over
    all rows with a label, each held out.

    Parameters
    ----------
    embeddings : ndarray of float32, shape (n_examples, n_dimensions)
        As ``labelclean.io.model_outputs.embeddings`` gives them; a row of zeros means that there is none, and is
        judged by the frequencies of the classes.
    labels : ndarray of int64, shape (n_examples,)
        Given class codes; -1 where no label was given.
    folds : ndarray of int64, shape (n_examples,)
        As ``assign_folds`` gives them: from 0 and without gaps, -1 for rows without a label. There may be as many as
        rows (leave-one-out) or as groups of rows.
    n_classes : int
        Number of columns wanted.
    strengths : sequence of float, default=DENSE_STRENGTHS
        Penalties to choose from, ascending and above 0: a walk downhill from the middle in held-out log-loss.
    kernels : sequence of {"linear", "rbf"}, default=("linear", "rbf")
        Kernels to choose from.
    random_state : int, default=0
        Seed of the landmarks of the kernel.
    weights : ndarray of float64, shape (n_examples,), optional
        How many rows each row counts for, 0 or more; 1 each where left out.
    progress : Progress
        Told after each block of rows; fractions 0 to 1 are those of this step alone. It may raise
        ``RunCancelledError``.

    Returns
    -------
    DenseRidgeScores
        The same bits on every number of threads.

    Raises
    ------
    ConfigError
        If no strength or kernel is offered, a strength is not above 0, or a kernel is unknown.
    RunCancelledError
        If ``progress`` raises it.

    Notes
    -----
    What a model without a fold needs are sums over the other folds, so that one pass over the rows serves all folds
    and penalties. Of more than 50 folds, each is left out of the model of all rows by the hat matrix instead; the
    scores are the same. Cost with p features (the dimensions, or 1,000 landmarks): O(n_examples * p * (p + n_classes)),
    and O(n_folds * p ** 3) for each penalty. 100,000 x 384 in 77 classes take some 1 s with the linear kernel and 6 s
    with the other on one core, and at most 512 MiB besides what is given.

    References
    ----------
    Hoerl & Kennard (1970), "Ridge Regression: Biased Estimation for Nonorthogonal Problems", equation 2.1; Williams &
    Seeger (2001), "Using the Nystroem method to speed up kernel machines", equation 8.

    Examples
    --------
    >>> embeddings = np.float32([[1, 0], [0, 1]] * 10)
    >>> found = held_out_dense_ridge(embeddings, np.array([0, 1] * 10), np.arange(20) // 4, n_classes=2)
    >>> found.scores.argmax(axis=1)[:4]
    array([0, 1, 0, 1])
    """
    _check(strengths, kernels)
    n_blocks = -(-len(labels) // ROWS_AT_ONCE)
    meter = Meter(progress=progress, planned=n_blocks * len(kernels) * (1 + min(_USUAL_TRIALS, len(strengths))))
    meter.tell(_STEP)

    def tick() -> None:
        meter.done += 1
        meter.tell(_STEP)

    trial = _Trial(labels=labels, folds=folds, n_classes=n_classes, strengths=tuple(strengths), weights=weights)
    with one_blas_thread():
        found = [trial.judged(_features(embeddings, kernel, random_state), kernel, tick) for kernel in kernels]
    best = min(found, key=lambda each: each.kernel_losses[each.kernel])
    losses = {kernel: loss for each in found for kernel, loss in each.kernel_losses.items()}
    return DenseRidgeScores(
        scores=best.scores, strength=best.strength, losses=best.losses, kernel=best.kernel, kernel_losses=losses
    )


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class _Trial:
    """What is the same for every kernel."""

    labels: CodeArray
    folds: IndexArray
    n_classes: int
    strengths: tuple[float, ...]
    weights: FloatArray | None

    def _by_folds(self, features: DenseFeatures, tick: Callable[[], None]) -> Callable[[float], NDArray[np.float32]]:
        """Sum up each fold, and return what scores by the models without each, for a penalty."""
        moments = dense_moments(
            features, self.labels, self.folds, n_classes=self.n_classes, weights=self.weights, tick=tick
        )
        return lambda strength: held_out_scores(
            features, self.folds, models_without_each_fold(moments, strength), tick=tick
        )

    def _left_out(self, features: DenseFeatures, tick: Callable[[], None]) -> Callable[[float], NDArray[np.float32]]:
        """Sum up all folds together, and return the same for folds that are too many to keep sums of each."""
        together = np.minimum(self.folds, 0)
        whole = dense_moments(
            features, self.labels, together, n_classes=self.n_classes, weights=self.weights, tick=tick
        )
        return lambda strength: left_out_scores(
            features, self.labels, self.folds, whole, strength, weights=self.weights, tick=tick
        )

    def judged(self, features: DenseFeatures, kernel: DenseKernel, tick: Callable[[], None]) -> DenseRidgeScores:
        """Walk to the best penalty for some features."""
        score = (
            self._by_folds(features, tick)
            if self.folds.max(initial=NO_FOLD) < _MOST_FOLDS
            else self._left_out(features, tick)
        )
        losses = [float("nan")] * len(self.strengths)
        best: list[tuple[float, int, NDArray[np.float32]]] = []

        def loss(position: int) -> float:
            scores = score(self.strengths[position])
            losses[position] = scaled_log_loss(scores, self.labels, weights=self.weights)
            if not best or losses[position] < best[0][0]:
                best[:] = [(losses[position], position, scores)]
            return losses[position]

        if len(self.strengths) == 1:
            loss(0)  # the walk would not look at it
        else:
            downhill(loss, n_settings=len(self.strengths), start=len(self.strengths) // 2)
        lowest, chosen, scores = best[0]
        return DenseRidgeScores(
            scores=scores,
            strength=float(self.strengths[chosen]),
            losses=tuple(losses),
            kernel=kernel,
            kernel_losses={kernel: lowest},
        )


def _features(embeddings: NDArray[np.float32], kernel: DenseKernel, random_state: int) -> DenseFeatures:
    if kernel == "linear" or not len(embeddings):
        return kept_if_small(centred_rows(embeddings, reduce=True), len(embeddings))
    inner = kept_if_small(centred_rows(embeddings), len(embeddings))
    return kept_if_small(nystroem_rows(inner, len(embeddings), random_state=random_state), len(embeddings))


def _check(strengths: Sequence[float], kernels: Sequence[DenseKernel]) -> None:
    if not strengths or min(strengths) <= 0:
        raise ConfigError(
            f"strengths must hold numbers above 0; got {list(strengths)}.", fix="Offer a few, such as 0.3 and 3."
        )
    if not kernels or not set(kernels) <= set(get_args(DenseKernel)):
        raise ConfigError(
            f"kernels must be one or more of {', '.join(get_args(DenseKernel))}; got {list(kernels)}.",
            fix="Leave them out.",
        )
