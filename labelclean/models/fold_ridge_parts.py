"""What each feature adds to the held-out scores of a ridge model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from labelclean.arrays import CodeArray, FloatArray, IndexArray
from labelclean.models.fold_ridge_iterations import solve_block
from labelclean.models.fold_ridge_problem import Columns, FoldSystems
from labelclean.models.folds import NO_FOLD

__all__ = ["WideMatrix", "score_parts"]

WideMatrix: TypeAlias = "sparse.csr_array[np.float64, tuple[int, int]]"
"""A sparse matrix in double precision."""


def score_parts(
    systems: FoldSystems,
    dual_coef: NDArray[np.float32] | None,
    rows: IndexArray,
    left: CodeArray,
    right: CodeArray,
    *,
    strengths: tuple[float, ...],
) -> WideMatrix:
    """
    Return what each feature adds to the score of one class over another.

    Parameters
    ----------
    systems : FoldSystems
        Rows and targets.
    dual_coef : ndarray of float32, shape (n_folds, n_examples, n_columns), or None
        Coefficients of the rows; None solves the systems of the classes asked for again.
    rows : ndarray of int64, shape (n_rows,)
        Positions of examples.
    left, right : ndarray of int64, shape (n_rows,)
        Class codes to compare, for each of these rows.
    strengths : tuple of float
        Should the systems be solved again: the lowest penalty they were solved at, and that of these scores.

    Returns
    -------
    csr_array of float64, shape (n_rows, n_features)
        In the model that held each row out; rows without a label: in the mean of all models.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> from labelclean.models.fold_ridge_problem import fold_systems
    >>> rows = csr_array(np.float32([[1, 0], [0, 1]] * 2))
    >>> systems = fold_systems(rows, np.array([0, 1, 0, 1]), np.array([0, 0, 1, 1]), n_classes=2)
    >>> score_parts(systems, None, np.array([0]), np.array([0]), np.array([1]), strengths=(1.0,)).toarray()
    array([[0.5, 0. ]])
    """
    place = np.empty(len(systems.order), dtype=np.int64)
    place[systems.order] = np.arange(len(systems.order))
    chosen = systems.features[place[rows]][:, :-1].astype(np.float64)
    per_row = np.diff(chosen.indptr)
    models = systems.fold_of[rows]
    slopes = np.zeros(chosen.nnz)
    for classes, dual_of in _duals(systems, dual_coef, _classes_to_solve(systems, left, right), strengths):
        sides = [(sign, *_columns_and_signs(systems, classes, codes)) for sign, codes in ((1.0, left), (-1.0, right))]
        for model in np.unique(models):
            weights = _weights(systems, dual_of(int(model)))
            here = np.flatnonzero(np.repeat(models == model, per_row))
            features = chosen.indices[here]
            for sign, columns, signs in sides:
                column_of, sign_of = np.repeat(columns, per_row)[here], np.repeat(signs, per_row)[here]
                slopes[here] += sign * sign_of * weights[features, column_of]
    chosen.data *= slopes
    return sparse.csr_array(chosen)


def _classes_to_solve(systems: FoldSystems, left: CodeArray, right: CodeArray) -> IndexArray:
    solved = systems.solved_classes
    return solved if len(solved) < systems.n_classes else np.intersect1d(solved, np.union1d(left, right))


def _columns_and_signs(systems: FoldSystems, classes: IndexArray, codes: CodeArray) -> tuple[IndexArray, FloatArray]:
    """Return where each class stands in a block; its sign is -1 where only its opposite does, 0 where neither does."""
    columns = np.searchsorted(classes, codes).clip(max=len(classes) - 1)
    is_opposite = len(systems.solved_classes) < systems.n_classes
    return columns, np.where(classes[columns] == codes, 1.0, -1.0 if is_opposite else 0.0)


def _weights(systems: FoldSystems, duals: Columns) -> Columns:
    return np.asarray(systems.features[: systems.n_labelled].T @ duals)


def _duals(
    systems: FoldSystems, dual_coef: NDArray[np.float32] | None, classes: IndexArray, strengths: tuple[float, ...]
) -> Iterator[tuple[IndexArray, Callable[[int], Columns]]]:
    """Return blocks of classes, and what gives their coefficients in the model of a fold (or, for -1, their mean)."""
    labelled = systems.order[: systems.n_labelled]
    for block in systems.blocks(classes):
        if dual_coef is None:
            solved = solve_block(systems, block, strengths, keep_duals=True).duals[-1]
            folded = solved.reshape(len(solved), systems.n_folds, len(block))
        else:
            columns = block - systems.solved_classes[0]
            folded = dual_coef[:, labelled][:, :, columns].transpose(1, 0, 2)
        yield block, partial(_of_model, folded)


def _of_model(folded: NDArray[np.float32], model: int) -> Columns:
    return np.ascontiguousarray(folded.mean(axis=1) if model == NO_FOLD else folded[:, model])
