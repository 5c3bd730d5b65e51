"""Held-out ridge regression of many labels on the user's own embeddings, in closed form for every fold."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import IndexArray
from labelclean.models.dense_ridge_solver import DenseFeatures
from labelclean.models.folds import NO_FOLD
from labelclean.models.label_sets.types import Cells, GivenTable
from labelclean.protocols import Progress, no_progress

__all__ = ["held_out_dense_label_ridge"]

_STEP = "Judging labels by embeddings"
_N_ROWS_AT_ONCE = 8_192


def held_out_dense_label_ridge(
    features: DenseFeatures,
    is_given: GivenTable,
    folds: IndexArray,
    *,
    strengths: Sequence[float],
    progress: Progress = no_progress,
) -> list[Cells]:
    """
    Score each label of each row by ridge regression of the other folds on embeddings.

    Parameters
    ----------
    features : DenseFeatures
        One row per example, best of length 1; a constant is appended here.
    is_given : ndarray of bool, shape (n_examples, n_labels)
        Whether a row was given a label.
    folds : ndarray of int64, shape (n_examples,)
        Fold of each row with a label set; -1 for the others, which are never trained on.
    strengths : sequence of float
        Penalties above 0.
    progress : Progress
        Told before each fold; fractions 0 to 1 are those of this step alone.

    Returns
    -------
    list of ndarray of float32, shape (n_examples, n_labels)
        For each strength the estimated indicator of each label. Rows without a label set: the mean of all models.

    Raises
    ------
    RunCancelledError
        If ``progress`` raises it.

    Examples
    --------
    >>> from labelclean.models.dense_ridge_features import PlainFeatures
    >>> rows = PlainFeatures(np.float32([[1, 0], [0, 1]] * 3))
    >>> given = np.array([[True], [False]] * 3)
    >>> scores = held_out_dense_label_ridge(rows, given, np.array([0, 0, 1, 1, 2, 2]), strengths=[0.1])
    >>> bool(scores[0][0, 0] > scores[0][1, 0])
    True
    """
    n_folds = int(folds.max(initial=NO_FOLD)) + 1
    found = [np.zeros(is_given.shape, dtype=np.float32) for _ in strengths]
    moments = [_moments(features, is_given, np.flatnonzero(folds == fold)) for fold in range(n_folds)]
    others = np.flatnonzero(folds == NO_FOLD)
    for fold in range(n_folds):
        progress(_STEP, fold / n_folds)
        gram, products = (
            np.sum([each[part] for i, each in enumerate(moments) if i != fold], axis=0) for part in (0, 1)
        )
        slopes = _slopes(gram, products, strengths) if n_folds > 1 else [np.zeros_like(moments[0][1])] * len(strengths)
        for rows, share in ((np.flatnonzero(folds == fold), 1.0), (others, 1.0 / n_folds)):
            for part in _parts(rows):
                block = _with_constant(features, part)
                for scores, of_strength in zip(found, slopes, strict=True):
                    scores[part] += (block @ of_strength * share).astype(np.float32)
    return found


def _slopes(
    gram: NDArray[np.float64], products: NDArray[np.float64], strengths: Sequence[float]
) -> list[NDArray[np.float64]]:
    """Solve for every strength, by one decomposition."""
    values, vectors = np.linalg.eigh(gram)
    turned = vectors.T @ products
    return [vectors @ (turned / (np.maximum(values, 0.0) + strength)[:, np.newaxis]) for strength in strengths]


def _moments(
    features: DenseFeatures, is_given: GivenTable, chosen: IndexArray
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the products of all pairs of features, and of features with labels, over some rows."""
    gram = np.zeros((features.n_features + 1,) * 2)
    products = np.zeros((features.n_features + 1, is_given.shape[1]))
    for part in _parts(chosen):
        block = _with_constant(features, part)
        gram += block.T @ block
        products += block.T @ is_given[part]
    return gram, products


def _with_constant(features: DenseFeatures, rows: IndexArray) -> NDArray[np.float64]:
    return np.hstack([features.rows(rows).astype(np.float64), np.ones((len(rows), 1))])


def _parts(rows: IndexArray) -> list[IndexArray]:
    return [rows[start : start + _N_ROWS_AT_ONCE] for start in range(0, len(rows), _N_ROWS_AT_ONCE)]
