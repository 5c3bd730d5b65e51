"""Held-out ridge regression of many labels of the same rows: all folds, labels and strengths at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from labelclean.arrays import UNLABELLED, FeatureMatrix, IndexArray
from labelclean.errors import ConfigError
from labelclean.models.fold_ridge_blocks import solve_blocks
from labelclean.models.fold_ridge_problem import Columns, FoldSystems, fold_systems
from labelclean.models.folds import NO_FOLD
from labelclean.models.label_sets.types import Cells, GivenTable
from labelclean.protocols import Progress, no_progress

__all__ = ["held_out_label_ridge"]


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class _LabelSystems(FoldSystems):
    """The systems of single labels: the target of a row is 1 for each of its labels, of which it may have many."""

    given: GivenTable

    @property
    def solved_classes(self) -> IndexArray:
        """Every label is a question of its own, also of two."""
        return np.arange(self.n_classes, dtype=np.int64)

    def targets(self, classes: IndexArray) -> Columns:
        """Return the right-hand sides of all folds of some labels, fold by fold; 0 for the rows held out."""
        is_given = self.given[:, classes].astype(np.float32)
        targets = np.empty((self.n_labelled, self.n_folds * len(classes)), dtype=np.float32)
        for fold, columns in enumerate(self.columns(len(classes))):
            targets[:, columns] = is_given - self.frequencies[fold, classes].astype(np.float32)
            targets[self.held_out(fold), columns] = 0.0
        return targets


def held_out_label_ridge(
    features: FeatureMatrix,
    is_given: GivenTable,
    folds: IndexArray,
    *,
    strengths: Sequence[float],
    n_jobs: int = 1,
    progress: Progress = no_progress,
) -> list[Cells]:
    """
    Score each label of each row by ridge regression on the other folds.

    Parameters
    ----------
    features : csr_array of float32, shape (n_examples, n_features)
        One row per example, best of length 1.
    is_given : ndarray of bool, shape (n_examples, n_labels)
        Whether a row was given a label.
    folds : ndarray of int64, shape (n_examples,)
        Fold of each row with a label set, from 0 and without gaps; -1 for the others, which are never trained on.
    strengths : sequence of float
        Penalties, ascending and above 0.
    n_jobs : int, default=1
        Blocks of labels solved at the same time; the result does not depend on it.
    progress : Progress
        Told before each step of each block; fractions 0 to 1 are those of this step alone.

    Returns
    -------
    list of ndarray of float32, shape (n_examples, n_labels)
        For each strength the estimated indicator of each label. Rows without a label set: the mean of the folds'
        models.

    Raises
    ------
    ConfigError
        If the strengths do not ascend from above 0.
    RunCancelledError
        If ``progress`` raises it.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> features = csr_array(np.float32([[1, 0], [0, 1]] * 3))
    >>> given = np.array([[True, True], [False, True]] * 3)
    >>> held_out_label_ridge(features, given, np.array([0, 0, 1, 1, 2, 2]), strengths=[1.0])[0][:2].round(2)
    array([[0.83, 1.  ],
           [0.17, 1.  ]], dtype=float32)
    """
    if not strengths or strengths[0] <= 0 or list(strengths) != sorted(set(strengths)):
        raise ConfigError(
            f"strengths must be above 0 and ascend; got {list(strengths)}.", fix="Offer a few, such as 1 and 10."
        )
    systems = _label_systems(features, is_given, folds)
    return solve_blocks(systems, strengths, keep_duals=False, n_jobs=n_jobs, progress=progress).scores


def _label_systems(features: FeatureMatrix, is_given: GivenTable, folds: IndexArray) -> _LabelSystems:
    rows = fold_systems(features, np.where(folds == NO_FOLD, UNLABELLED, 0), folds, n_classes=1)
    given = is_given[rows.order[: rows.n_labelled]]
    tally = np.array([given[rows.held_out(fold)].sum(axis=0) for fold in range(rows.n_folds)], dtype=np.float64)
    tally = tally.reshape(rows.n_folds, is_given.shape[1])
    n_trained_on = rows.n_labelled - np.diff(rows.bounds)[:, np.newaxis].astype(np.float64)
    trained_on = tally.sum(axis=0) - tally
    return _LabelSystems(
        features=rows.features,
        order=rows.order,
        bounds=rows.bounds,
        fold_of=rows.fold_of,
        codes=rows.codes,
        roots=None,
        frequencies=np.divide(trained_on, n_trained_on, out=np.zeros_like(trained_on), where=n_trained_on > 0),
        given=given,
    )
