"""The same systems solved in closed form: one inverse of the rows' products serves all folds and classes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy import linalg

from labelclean.arrays import FloatArray
from labelclean.models.blas_threads import one_blas_thread
from labelclean.models.fold_ridge_iterations import MAX_ITERATIONS, BlockSolution
from labelclean.models.fold_ridge_problem import Columns, FoldSystems

__all__ = ["exact_models", "is_exact_cheaper", "solve_exactly"]

_MOST_ROWS = 4_000  # two square matrices of 128 MB
_SECONDS_PER_PRODUCT = 4e-9  # of two stored numbers, in the products of all rows
_SECONDS_PER_CUBE = 2.4e-11  # one strength, n_rows ** 3: the inverse
_SECONDS_PER_SQUARE = 1.5e-8  # one strength, n_rows ** 2: what is done around it
_SECONDS_PER_SQUARE_AND_CLASS = 5e-10  # one strength, n_rows ** 2 for each class: the models
_SECONDS_PER_NUMBER = 4.2e-10  # one stored number and column, in one step of conjugate gradients
_SECONDS_PER_ENTRY = 1.4e-8  # one row and column, there


def is_exact_cheaper(systems: FoldSystems, *, n_strengths: int) -> bool:
    """
    Tell whether the closed form takes less time than conjugate gradients.

    Parameters
    ----------
    systems : FoldSystems
        Rows and targets.
    n_strengths : int
        Number of strengths wanted; the closed form pays for each, conjugate gradients hardly.

    Returns
    -------
    bool
        From the sizes alone, by what both took on one processor, so that it is the same on every machine: with 4
        strengths, 10 folds and 60 numbers in a row never for 6 classes, and up to some 1,000 rows for 77.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> from labelclean.models.fold_ridge_problem import fold_systems
    >>> labels, folds = np.arange(200) % 50, np.arange(200) % 10
    >>> systems = fold_systems(csr_array(np.ones((200, 3), dtype=np.float32)), labels, folds, n_classes=50)
    >>> is_exact_cheaper(systems, n_strengths=4)
    True
    """
    n_rows, rows = systems.n_labelled, systems.features[: systems.n_labelled]
    if not 0 < n_rows <= _MOST_ROWS:
        return False
    n_products = float(np.square(np.bincount(rows.indices).astype(np.float64)).sum())
    n_classes = len(systems.solved_classes)
    per_square = _SECONDS_PER_CUBE * n_rows + _SECONDS_PER_SQUARE + _SECONDS_PER_SQUARE_AND_CLASS * n_classes
    exact = _SECONDS_PER_PRODUCT * n_products + n_strengths * per_square * n_rows**2
    n_columns = systems.n_folds * n_classes
    per_column = _SECONDS_PER_NUMBER * systems.features.nnz + _SECONDS_PER_ENTRY * len(systems.order)
    return exact < MAX_ITERATIONS * n_columns * per_column


def solve_exactly(
    systems: FoldSystems, strengths: Sequence[float], *, told: Callable[[], None] = lambda: None
) -> BlockSolution:
    """
    Solve all systems in double precision.

    Parameters
    ----------
    systems : FoldSystems
        Rows and targets; at least one row with a label.
    strengths : sequence of float
        Above 0.
    told : callable
        Called before each strength; what it raises comes through.

    Returns
    -------
    BlockSolution
        For the classes that have systems of their own, in the order of ``systems``.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> from labelclean.models.fold_ridge_problem import fold_systems
    >>> rows = csr_array(np.float32([[1, 0], [0, 1]] * 3))
    >>> systems = fold_systems(rows, np.array([0, 1] * 3), np.array([0, 0, 1, 1, 2, 2]), n_classes=2)
    >>> solve_exactly(systems, [1.0]).held_out[0][:2].round(2)
    array([[-0.33],
           [ 0.33]], dtype=float32)
    """
    solution = BlockSolution(held_out=[], without_label=[], constants=[], duals=[])
    rows = systems.features[: systems.n_labelled].astype(np.float64)
    products = (rows @ rows.T).toarray()
    constant = float(systems.features.data[-1]) ** 2
    with one_blas_thread():
        for strength in strengths:
            told()
            models = exact_models(systems, products, strength)
            held_out = [products[systems.held_out(fold)] @ model for fold, model in enumerate(models)]
            mean_weights = rows.T @ models.mean(axis=0)
            others = systems.features[systems.n_labelled :].astype(np.float64) @ mean_weights
            solution.held_out.append(_short(np.concatenate(held_out)))
            solution.without_label.append(_short(others))
            solution.constants.append(_short(constant * models.sum(axis=1)))
            solution.duals.append(_short(np.concatenate(models, axis=1)))
    return solution


def exact_models(systems: FoldSystems, products: FloatArray, strength: float) -> FloatArray:
    """
    Return the coefficients of the rows in the models of all folds.

    Parameters
    ----------
    systems : FoldSystems
        Rows and targets.
    products : ndarray of float64, shape (n_labelled, n_labelled)
        Product of each pair of rows.
    strength : float
        Above 0.

    Returns
    -------
    ndarray of float64, shape (n_folds, n_labelled, n_columns)
        0 for the rows of the fold.

    Notes
    -----
    Let ``B`` be the inverse for all rows. Were the targets of fold S changed by ``-e`` so that the solution is 0 there,
    ``B_SS e = (B y)_S``, then the fold would have no say, and the solution is that of the other rows alone.

    References
    ----------
    Pahikkala, Boberg & Salakoski (2006), "Fast n-Fold Cross-Validation for Regularized Least-Squares".

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> from labelclean.models.fold_ridge_problem import fold_systems
    >>> rows = csr_array(np.float32([[1, 0], [0, 1]] * 2))
    >>> systems = fold_systems(rows, np.array([0, 1, 0, 1]), np.array([0, 0, 1, 1]), n_classes=2)
    >>> products = (systems.features @ systems.features.T).toarray().astype(np.float64)
    >>> exact_models(systems, products, 1.0)[0].ravel().round(2)
    array([ 0.  ,  0.  , -0.25,  0.25])
    """
    classes = systems.solved_classes
    roots = np.ones((systems.n_labelled, 1)) if systems.roots is None else systems.roots.astype(np.float64)
    inverse = _inverse(roots * products * roots.T, strength)
    of_codes = inverse @ (roots * (systems.codes[:, np.newaxis] == classes))
    of_ones = inverse @ roots
    models = np.empty((systems.n_folds, *of_codes.shape))
    for fold in range(systems.n_folds):
        rows = systems.held_out(fold)
        solution = of_codes - of_ones * systems.frequencies[fold, classes]
        change = linalg.solve(inverse[rows, rows], solution[rows], assume_a="pos")
        models[fold] = roots * (solution - inverse[:, rows] @ change)
        models[fold, rows] = 0.0
    return models


def _inverse(matrix: FloatArray, strength: float) -> FloatArray:
    """Return the inverse of a symmetric matrix plus the strength on its diagonal; the matrix is overwritten."""
    matrix[np.diag_indices_from(matrix)] += strength
    factor, _ = linalg.cho_factor(matrix, lower=True, overwrite_a=True)
    inverse, _ = linalg.lapack.dpotri(factor, lower=True, overwrite_c=True)
    lower = np.tril(inverse, -1)
    return np.asarray(np.tril(inverse) + lower.T)


def _short(numbers: FloatArray) -> Columns:
    return np.asarray(numbers, dtype=np.float32)
