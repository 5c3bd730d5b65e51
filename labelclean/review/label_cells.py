"""The labels that matter in each row of a dataset with label sets, and how likely each belongs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import Label, freeze_fields
from labelclean.dataset import label_key
from labelclean.label_set_results import LabelSetAuditResult

__all__ = ["LabelCells", "label_cells"]

_MOST_LABELS = 9
_CELLS_AT_ONCE = 1 << 20
_CHANGED, _IN_A_SET = 4.0, 2.0  # above any probability, so that these labels come first


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class LabelCells:
    """
    The few labels of each row that a reviewer may want to see, most relevant first.

    Attributes
    ----------
    members : tuple of hashable
        The labels; the codes are positions in it.
    codes : ndarray of int32, shape (n_examples, n_shown)
        Labels whose suggestion differs from what was given, then the other given ones, then the likeliest; -1 where
        there are fewer.
    probs : ndarray of float32, shape (n_examples, n_shown)
        P(the label belongs to the row), 0 to 1; 0 where the code is -1.
    """

    members: tuple[Label, ...]
    codes: NDArray[np.int32]
    probs: NDArray[np.float32]

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)

    def of_row(self, row: int) -> list[tuple[Label, float]]:
        """Return the labels of one row with their probabilities, most relevant first."""
        pairs = zip(self.codes[row].tolist(), self.probs[row].tolist(), strict=True)
        return [(self.members[code], prob) for code, prob in pairs if code >= 0]

    def renamed(self, members: Sequence[Label]) -> LabelCells:
        """
        Return the same cells after labels were renamed.

        Parameters
        ----------
        members : sequence of hashable
            The new name of each label; labels of one name become one, which is as likely as its likeliest part.

        Returns
        -------
        LabelCells
            The same one where no name changed.
        """
        if all(label_key(new) == label_key(old) for new, old in zip(members, self.members, strict=True)):
            return self
        names = {label_key(name): name for name in members}
        place_of = {key: place for place, key in enumerate(names)}
        becomes = np.array([*(place_of[label_key(name)] for name in members), -1], dtype=np.int32)
        codes, probs = becomes[self.codes], self.probs.copy()  # -1 finds the last one
        for later in range(1, codes.shape[1]):
            for earlier in range(later):
                twice = (codes[:, later] == codes[:, earlier]) & (codes[:, later] >= 0)
                probs[twice, earlier] = np.maximum(probs[twice, earlier], probs[twice, later])
                codes[twice, later], probs[twice, later] = -1, 0.0
        return LabelCells(members=tuple(names.values()), codes=codes, probs=probs)


def label_cells(result: LabelSetAuditResult, *, n_shown: int = _MOST_LABELS) -> LabelCells:
    """
    Take the labels that matter out of an audit of label sets.

    Parameters
    ----------
    result : LabelSetAuditResult
        What was found.
    n_shown : int, default=9
        At most so many labels for each row.

    Returns
    -------
    LabelCells
        P(it belongs) is what is left of a given label's error probability, and the error probability of a label that
        was not given; rows without a label set have the probabilities of the model.
    """
    n_examples, n_labels = result.is_given.shape
    n_shown = min(n_shown, n_labels)
    codes = np.full((n_examples, n_shown), -1, dtype=np.int32)
    probs = np.zeros((n_examples, n_shown), dtype=np.float32)
    n_at_once = max(1, _CELLS_AT_ONCE // max(n_labels, 1))
    for start in range(0, n_examples, n_at_once):
        rows = slice(start, start + n_at_once)
        belongs = _belongs(result, rows)
        given, suggested = result.is_given[rows], result.is_suggested[rows]
        relevance = belongs + _CHANGED * (given != suggested) + _IN_A_SET * (given | suggested)
        best = _largest(relevance.astype(np.float32), n_shown)
        codes[rows] = best
        probs[rows] = np.take_along_axis(belongs, best, axis=1)
    return LabelCells(members=result.class_names, codes=codes, probs=probs)


def _largest(values: NDArray[np.float32], n_shown: int) -> NDArray[np.int64]:
    """Return the places of the largest values of each row, largest first; the first of equal ones leads."""
    if n_shown >= values.shape[1]:
        return np.argsort(-values, axis=1, kind="stable")
    some = np.sort(np.argpartition(-values, n_shown, axis=1)[:, :n_shown], axis=1)
    order = np.argsort(-np.take_along_axis(values, some, axis=1), axis=1, kind="stable")
    return np.take_along_axis(some, order, axis=1)


def _belongs(result: LabelSetAuditResult, rows: slice) -> NDArray[np.float32]:
    """Return P(each label belongs to each row), 0 to 1."""
    errors = result.cell_error_probabilities[rows]
    of_labelled = np.where(result.is_given[rows], 1.0 - errors, errors)
    belongs: NDArray[np.float32] = np.where(result.is_labelled[rows, np.newaxis], of_labelled, result.pred_probs[rows])
    return np.clip(np.nan_to_num(belongs), 0.0, 1.0).astype(np.float32)
