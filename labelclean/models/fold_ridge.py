"""Held-out scores of ridge regression over folds: all folds, classes and strengths at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import CodeArray, FeatureMatrix, FloatArray, IndexArray, freeze_fields
from labelclean.errors import ConfigError
from labelclean.models.fold_ridge_blocks import solve_blocks
from labelclean.models.fold_ridge_parts import WideMatrix, dual_coefficients, score_parts
from labelclean.models.fold_ridge_problem import Columns, FoldSystems, fold_systems
from labelclean.models.score_loss import scaled_log_loss
from labelclean.protocols import Progress, no_progress

__all__ = ["STRENGTHS", "RidgeScores", "held_out_ridge", "held_out_ridge_path"]

STRENGTHS = (0.3, 1.0, 3.0, 10.0)
"""Penalties to choose from, for rows of length 1."""

_LARGEST_DUALS = 2**27  # bytes, all strengths together; past that, solving again when asked is less work
_LARGEST_DUAL = 2**29  # bytes of a single strength, which costs next to no time


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class RidgeScores:
    """
    What ridge models say of each row, each trained without the row's fold.

    Attributes
    ----------
    scores : ndarray of float32, shape (n_examples, n_classes)
        Estimated indicator of each class, the class's share in the training rows included; rows sum to about 1, single
        scores may lie outside 0 to 1. Rows without a label: mean over the models.
    strength : float
        The penalty on the squared weights.
    loss : float
        Held-out log-loss over all rows with a label, after the best temperature.
    losses : tuple of float
        The same for each strength offered.
    dual_coef : ndarray of float32, shape (n_folds, n_examples, n_columns), or None
        Coefficients of the rows in each fold's model, 0 for rows it was not trained on; one column per class, only
        that of the second of two classes. None where it would take too much memory: then it is computed when needed.
    """

    scores: Columns
    strength: float
    loss: float
    losses: tuple[float, ...]
    dual_coef: NDArray[np.float32] | None
    _intercepts: NDArray[np.float64]
    _systems: FoldSystems
    _lowest: float

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)

    @property
    def n_dual_bytes(self) -> int:
        """Memory of ``dual_coef``, whether it is there or not."""
        return 4 * len(self.scores) * self._systems.n_folds * len(self._systems.solved_classes)

    def with_dual_coef(self, *, n_jobs: int = 1, progress: Progress = no_progress) -> RidgeScores:
        """
        Return the same with ``dual_coef``, so that several calls of ``contributions`` are quick.

        Parameters
        ----------
        n_jobs : int, default=1
            Blocks of classes at the same time; the result does not depend on it.
        progress : Progress
            Told after each block; it may raise ``RunCancelledError``.

        Returns
        -------
        RidgeScores
            Itself where it has them. Otherwise a copy that shares all other arrays, after about as much time as the
            scores took.
        """
        if self.dual_coef is not None:
            return self
        strengths = (self._lowest, self.strength)
        return replace(self, dual_coef=dual_coefficients(self._systems, strengths, n_jobs=n_jobs, progress=progress))

    def contributions(
        self,
        rows: IndexArray,
        left: CodeArray,
        right: CodeArray,
        *,
        n_jobs: int = 1,
        progress: Progress = no_progress,
    ) -> WideMatrix:
        """
        Return what each feature adds to the score of one class over another.

        Parameters
        ----------
        rows : ndarray of int64, shape (n_rows,)
            Positions of examples.
        left, right : ndarray of int64, shape (n_rows,)
            Class codes to compare, for each of these rows.
        n_jobs : int, default=1
            Blocks of classes at the same time, where ``dual_coef`` is None; the result does not depend on it.
        progress : Progress
            Told after each block; it may raise ``RunCancelledError``.

        Returns
        -------
        csr_array of float64, shape (n_rows, n_features)
            Entry (r, j) is feature j's part of ``scores[rows[r], left[r]] - scores[rows[r], right[r]]``, in the model
            that held the row out (rows without a label: the mean of all). A row's entries and its ``bias`` sum to
            that difference.

        Notes
        -----
        Without ``dual_coef`` the systems of the classes asked for are solved again at each call: ask for all rows at
        once, or call ``with_dual_coef`` first.
        """
        return score_parts(
            self._systems,
            self.dual_coef,
            rows,
            left,
            right,
            strengths=(self._lowest, self.strength),
            n_jobs=n_jobs,
            progress=progress,
        )

    def bias(self, rows: IndexArray, left: CodeArray, right: CodeArray) -> FloatArray:
        """
        Return what intercepts and shares of the classes add to the score of one class over another.

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
        models = self._systems.fold_of[rows]  # -1, the last, is the mean
        return np.asarray(self._intercepts[models, left] - self._intercepts[models, right])


def held_out_ridge(
    features: FeatureMatrix,
    labels: CodeArray,
    folds: IndexArray,
    *,
    n_classes: int,
    strengths: Sequence[float] = STRENGTHS,
    weights: FloatArray | None = None,
    n_jobs: int = 1,
    progress: Progress = no_progress,
) -> RidgeScores:
    """
    Judge each row by ridge regression on the other folds, at the strength that explains the given labels best.

    Parameters
    ----------
    features : csr_array of float32, shape (n_examples, n_features)
        One row per example, best of length 1.
    labels : ndarray of int64, shape (n_examples,)
        Given class codes; -1 where no label was given.
    folds : ndarray of int64, shape (n_examples,)
        Fold of each row with a label, from 0 and without gaps; -1 for the others, which are never trained on.
    n_classes : int
        Number of columns wanted.
    strengths : sequence of float, default=STRENGTHS
        Penalties to choose from, ascending and above 0, by held-out log-loss over all rows with a label, after the
        best temperature; among equals the first.
    weights : ndarray of float64, shape (n_examples,), optional
        How many rows each row counts for, 0 or more; 1 each where left out.
    n_jobs : int, default=1
        Blocks of classes solved at the same time; the result does not depend on it.
    progress : Progress
        Told before each step of each block; fractions 0 to 1 are those of this step alone.

    Returns
    -------
    RidgeScores
        At the strength chosen. A class without a row in a model's training rows gets a score of 0 there.

    Raises
    ------
    ConfigError
        If no strength is offered, one is not above 0, or they do not ascend.
    RunCancelledError
        If ``progress`` raises it.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> features = csr_array(np.float32([[1, 0], [0, 1]] * 3))
    >>> found = held_out_ridge(features, np.array([0, 1] * 3), np.array([0, 0, 1, 1, 2, 2]), n_classes=2)
    >>> found.scores[:2].argmax(axis=1)
    array([0, 1])
    """
    path = held_out_ridge_path(
        features,
        labels,
        folds,
        n_classes=n_classes,
        strengths=strengths,
        weights=weights,
        n_jobs=n_jobs,
        progress=progress,
    )
    return min(path, key=lambda found: found.loss)


def held_out_ridge_path(
    features: FeatureMatrix,
    labels: CodeArray,
    folds: IndexArray,
    *,
    n_classes: int,
    strengths: Sequence[float] = STRENGTHS,
    weights: FloatArray | None = None,
    n_jobs: int = 1,
    progress: Progress = no_progress,
) -> tuple[RidgeScores, ...]:
    """
    Judge each row by ridge regression on the other folds, at each of several strengths.

    All strengths together take little longer than the lowest alone. Few rows of many classes are solved in closed form
    in double precision, all others by conjugate gradients in single precision; the sizes alone decide.

    Parameters
    ----------
    features : csr_array of float32, shape (n_examples, n_features)
        One row per example, best of length 1.
    labels : ndarray of int64, shape (n_examples,)
        Given class codes; -1 where no label was given.
    folds : ndarray of int64, shape (n_examples,)
        Fold of each row with a label, from 0 and without gaps; -1 for the others, which are never trained on.
    n_classes : int
        Number of columns wanted.
    strengths : sequence of float, default=STRENGTHS
        Penalties, ascending and above 0.
    weights : ndarray of float64, shape (n_examples,), optional
        How many rows each row counts for, 0 or more; 1 each where left out.
    n_jobs : int, default=1
        Blocks of classes solved at the same time; the result does not depend on it.
    progress : Progress
        Told before each step of each block; fractions 0 to 1 are those of this step alone.

    Returns
    -------
    tuple of RidgeScores
        One for each strength, in their order.

    Raises
    ------
    ConfigError
        If no strength is offered, one is not above 0, or they do not ascend.
    RunCancelledError
        If ``progress`` raises it.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> features = csr_array(np.float32([[1, 0], [0, 1]] * 3))
    >>> path = held_out_ridge_path(features, np.array([0, 1] * 3), np.array([0, 0, 1, 1, 2, 2]), n_classes=2)
    >>> [found.strength for found in path]
    [0.3, 1.0, 3.0, 10.0]
    """
    if not strengths or strengths[0] <= 0 or list(strengths) != sorted(set(strengths)):
        raise ConfigError(
            f"strengths must be above 0 and ascend; got {list(strengths)}.", fix="Offer a few, such as 1 and 10."
        )
    systems = fold_systems(features, labels, folds, n_classes=n_classes, weights=weights)
    n_columns = len(systems.solved_classes) * systems.n_folds
    n_bytes = 4 * len(labels) * n_columns * len(strengths)
    keep_duals = n_bytes <= (_LARGEST_DUAL if len(strengths) == 1 else _LARGEST_DUALS)
    solved = solve_blocks(systems, strengths, keep_duals=keep_duals, n_jobs=n_jobs, progress=progress)
    losses = tuple(scaled_log_loss(scores, labels, weights=weights) for scores in solved.scores)
    return tuple(
        RidgeScores(
            scores=solved.scores[each],
            strength=float(strength),
            loss=losses[each],
            losses=losses,
            dual_coef=solved.duals[each] if keep_duals else None,
            _intercepts=solved.intercepts[each],
            _systems=systems,
            _lowest=float(strengths[0]),
        )
        for each, strength in enumerate(strengths)
    )
