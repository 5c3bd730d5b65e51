"""What each feature adds to the held-out scores of a ridge model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from labelclean.arrays import CodeArray, FloatArray, IndexArray
from labelclean.models.fold_ridge_iterations import solve_block
from labelclean.models.fold_ridge_problem import FoldSystems
from labelclean.models.folds import NO_FOLD
from labelclean.protocols import Progress, no_progress

__all__ = ["WideMatrix", "dual_coefficients", "score_parts"]

_Part = TypeVar("_Part")

WideMatrix: TypeAlias = "sparse.csr_array[np.float64, tuple[int, int]]"
"""A sparse matrix in double precision."""

_STEP = "Finding what speaks for which class"


def score_parts(
    systems: FoldSystems,
    dual_coef: NDArray[np.float32] | None,
    rows: IndexArray,
    left: CodeArray,
    right: CodeArray,
    *,
    strengths: tuple[float, ...],
    n_jobs: int = 1,
    progress: Progress = no_progress,
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
    n_jobs : int, default=1
        Blocks of classes at the same time; the result does not depend on it.
    progress : Progress
        Told after each block, in the caller's thread.

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
    question = _Question(
        systems=systems,
        trained_on=systems.features[: systems.n_labelled].T,
        dual_coef=dual_coef,
        strengths=strengths,
        chosen=chosen,
        models=systems.fold_of[rows],
        sides=((1.0, left), (-1.0, right)),
    )
    blocks = systems.blocks(_classes_to_solve(systems, left, right)) if systems.n_folds else []
    slopes = np.zeros(chosen.nnz)
    for part in _side_by_side(question.slopes, blocks, n_jobs, progress):
        slopes += part
    chosen.data *= slopes
    return sparse.csr_array(chosen)


def dual_coefficients(
    systems: FoldSystems, strengths: tuple[float, ...], *, n_jobs: int = 1, progress: Progress = no_progress
) -> NDArray[np.float32]:
    """
    Solve the systems again for the coefficients of their rows.

    Parameters
    ----------
    systems : FoldSystems
        Rows and targets.
    strengths : tuple of float
        The lowest penalty the systems were solved at, and that of the coefficients wanted.
    n_jobs : int, default=1
        Blocks of classes at the same time; the result does not depend on it.
    progress : Progress
        Told after each block, in the caller's thread.

    Returns
    -------
    ndarray of float32, shape (n_folds, n_examples, n_columns)
        In the caller's order of rows, for the classes that have systems of their own.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> from labelclean.models.fold_ridge_problem import fold_systems
    >>> rows = csr_array(np.float32([[1, 0], [0, 1]] * 2))
    >>> systems = fold_systems(rows, np.array([0, 1, 0, 1]), np.array([0, 0, 1, 1]), n_classes=2)
    >>> dual_coefficients(systems, (1.0,))[0].ravel().round(2)
    array([ 0.  ,  0.  , -0.25,  0.25], dtype=float32)
    """
    classes = systems.solved_classes
    duals = np.zeros((systems.n_folds, len(systems.order), len(classes)), dtype=np.float32)
    labelled = systems.order[: systems.n_labelled]

    def solve(block: IndexArray) -> None:
        solved = solve_block(systems, block, strengths, keep_duals=True).duals[-1]
        for fold, of_fold in enumerate(systems.columns(len(block))):
            duals[fold][np.ix_(labelled, block - classes[0])] = solved[:, of_fold]

    blocks = systems.blocks(classes) if systems.n_folds else []
    for _ in _side_by_side(solve, blocks, n_jobs, progress):
        pass
    return duals


def _side_by_side(
    solve: Callable[[IndexArray], _Part], blocks: Sequence[IndexArray], n_jobs: int, progress: Progress
) -> Iterator[_Part]:
    """Give the results in the order of the blocks, several of them under way; drop the rest where one fails."""
    progress(_STEP, 0.0)
    with ThreadPoolExecutor(n_jobs) as pool:
        futures = [pool.submit(solve, block) for block in blocks]
        try:
            for number, future in enumerate(futures):
                yield future.result()
                progress(_STEP, (number + 1) / len(blocks))
        finally:
            for future in futures:
                future.cancel()


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class _Question:
    """Which features add what, for some rows and two classes each."""

    systems: FoldSystems
    trained_on: sparse.csc_array
    dual_coef: NDArray[np.float32] | None
    strengths: tuple[float, ...]
    chosen: WideMatrix
    models: IndexArray
    sides: tuple[tuple[float, CodeArray], ...]

    def slopes(self, block: IndexArray) -> FloatArray:
        """Return what a block of classes adds to the difference of weights at each stored number."""
        slopes = np.zeros(self.chosen.nnz)
        folded = self._duals(block)
        per_row = np.diff(self.chosen.indptr)
        sides = [(sign, *_columns_and_signs(self.systems, block, codes)) for sign, codes in self.sides]
        for model in np.unique(self.models):
            duals = folded.mean(axis=1) if model == NO_FOLD else folded[:, model]
            weights = np.asarray(self.trained_on @ np.ascontiguousarray(duals))
            here = np.flatnonzero(np.repeat(self.models == model, per_row))
            features = self.chosen.indices[here]
            for sign, columns, signs in sides:
                column_of, sign_of = np.repeat(columns, per_row)[here], np.repeat(signs, per_row)[here]
                slopes[here] += sign * sign_of * weights[features, column_of]
        return slopes

    def _duals(self, block: IndexArray) -> NDArray[np.float32]:
        """Return coefficients, shape (n_labelled, n_folds, n_classes of the block)."""
        if self.dual_coef is None:
            solved = solve_block(self.systems, block, self.strengths, keep_duals=True).duals[-1]
            return solved.reshape(len(solved), self.systems.n_folds, len(block))
        labelled = self.systems.order[: self.systems.n_labelled]
        columns = block - self.systems.solved_classes[0]
        return self.dual_coef[:, labelled][:, :, columns].transpose(1, 0, 2)


def _classes_to_solve(systems: FoldSystems, left: CodeArray, right: CodeArray) -> IndexArray:
    solved = systems.solved_classes
    return solved if len(solved) < systems.n_classes else np.intersect1d(solved, np.union1d(left, right))


def _columns_and_signs(systems: FoldSystems, classes: IndexArray, codes: CodeArray) -> tuple[IndexArray, FloatArray]:
    """Return where each class stands in a block; its sign is -1 where only its opposite does, 0 where neither does."""
    columns = np.searchsorted(classes, codes).clip(max=len(classes) - 1)
    is_opposite = len(systems.solved_classes) < systems.n_classes
    return columns, np.where(classes[columns] == codes, 1.0, -1.0 if is_opposite else 0.0)
