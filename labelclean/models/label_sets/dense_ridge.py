"""Held-out ridge regression of many labels on the user's own embeddings, in closed form for every fold."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import IndexArray
from labelclean.models.folds import NO_FOLD
from labelclean.models.label_sets.types import Cells, GivenTable
from labelclean.protocols import Progress, no_progress

__all__ = ["held_out_dense_label_ridge"]

_STEP = "Judging labels by embeddings"
_N_ROWS_AT_ONCE = 16_384


def held_out_dense_label_ridge(
    embeddings: NDArray[np.float32],
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
    embeddings : ndarray of float32, shape (n_examples, n_dimensions)
        One row per example; centred and scaled to length 1 here.
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
    >>> embeddings = np.float32([[1, 0], [0, 1]] * 3)
    >>> given = np.array([[True], [False]] * 3)
    >>> scores = held_out_dense_label_ridge(embeddings, given, np.array([0, 0, 1, 1, 2, 2]), strengths=[0.1])
    >>> bool(scores[0][0, 0] > scores[0][1, 0])
    True
    """
    n_folds = int(folds.max(initial=NO_FOLD)) + 1
    rows = _unit_rows(embeddings)
    found = [np.zeros(is_given.shape, dtype=np.float32) for _ in strengths]
    moments = [_moments(rows, is_given, np.flatnonzero(folds == fold)) for fold in range(n_folds)]
    gram = sum((each[0] for each in moments), start=np.zeros((rows.shape[1],) * 2))
    products = sum((each[1] for each in moments), start=np.zeros((rows.shape[1], is_given.shape[1])))
    others = np.flatnonzero(folds == NO_FOLD)
    for fold, (own_gram, own_products) in enumerate(moments):
        progress(_STEP, fold / n_folds)
        values, vectors = np.linalg.eigh(gram - own_gram)
        turned = vectors.T @ (products - own_products)
        held_out = np.flatnonzero(folds == fold)
        for strength, scores in zip(strengths, found, strict=True):
            slopes = (vectors @ (turned / (np.maximum(values, 0.0) + strength)[:, np.newaxis])).astype(np.float32)
            scores[held_out] = rows[held_out] @ slopes
            if others.size:
                scores[others] += rows[others] @ slopes / np.float32(n_folds)
    return found


def _unit_rows(embeddings: NDArray[np.float32]) -> Cells:
    """Centre, scale to length 1 and append a constant."""
    centred = (
        embeddings - embeddings.mean(axis=0, dtype=np.float64).astype(np.float32) if len(embeddings) else embeddings
    )
    lengths = np.sqrt(np.einsum("ij,ij->i", centred, centred))[:, np.newaxis]
    rows = np.ones((len(embeddings), embeddings.shape[1] + 1), dtype=np.float32)
    rows[:, :-1] = centred / np.where(lengths > 0, lengths, 1.0)
    return rows


def _moments(rows: Cells, is_given: GivenTable, chosen: IndexArray) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    gram = np.zeros((rows.shape[1],) * 2)
    products = np.zeros((rows.shape[1], is_given.shape[1]))
    for start in range(0, len(chosen), _N_ROWS_AT_ONCE):
        part = chosen[start : start + _N_ROWS_AT_ONCE]
        block = rows[part].astype(np.float64)
        gram += block.T @ block
        products += block.T @ is_given[part]
    return gram, products
