"""Learning from decisions about label sets: verdicts on single labels in, new log-odds of each being wrong out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import expit, logit

from labelclean.arrays import FloatArray, IndexArray, MaskArray, freeze_fields
from labelclean.core.reranking_model import learn_weights

__all__ = ["LabelCellOdds", "cell_moves", "moved_rows"]

_SURE = 1e-6
_BELIEVABLE = 8.0
_RELUCTANCE = 1.0  # rate of the prior on each spread: one log-odds is a large move
_NO_LABEL = -1


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class LabelCellOdds:
    """
    The labels of each row that are most likely wrongly given or wrongly missing.

    Attributes
    ----------
    codes : ndarray of int64, shape (n_examples, n_shown)
        Label codes; -1 where there are fewer.
    is_given : ndarray of bool, shape (n_examples, n_shown)
        Whether the row was given the label.
    errors : ndarray of float64, shape (n_examples, n_shown)
        P(what was given of this label is wrong), 0 to 1.
    n_labels : int
        Number of labels.
    """

    codes: IndexArray
    is_given: MaskArray
    errors: FloatArray
    n_labels: int

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)

    @property
    def log_odds(self) -> FloatArray:
        """Log-odds that each is wrong."""
        return np.asarray(logit(np.clip(self.errors, _SURE, 1.0 - _SURE)), dtype=np.float64)

    @property
    def kinds(self) -> IndexArray:
        """For each cell its label, apart where it is given and where it is missing; -1 where there is none."""
        return np.where(self.codes == _NO_LABEL, _NO_LABEL, 2 * self.codes + self.is_given).astype(np.int64)


def cell_moves(cells: LabelCellOdds, rows: IndexArray, is_wrong: MaskArray) -> FloatArray:
    """
    Learn by how much the log-odds of each label being wrong move, from decisions about whole sets.

    A decision about a set is a verdict on each of its cells: what was given of a label was right or wrong. A logistic
    model starts from the audit's log-odds and moves all of them, those of given and of missing labels, and those of
    each single label in either case, each only as far as the verdicts are evidence for it; a label nobody decided
    about moves with the others.

    Parameters
    ----------
    cells : LabelCellOdds
        What the audit knows.
    rows : ndarray of int64, shape (n_verdicts,)
        The decided rows.
    is_wrong : ndarray of bool, shape (n_verdicts, n_shown)
        Whether what was given of each label was wrong.

    Returns
    -------
    ndarray of float64, shape (n_examples, n_shown)
        What to add to ``cells.log_odds``; 0 where there is no cell, and everywhere without a verdict.

    References
    ----------
    Gelman & Hill (2007), "Data Analysis Using Regression and Multilevel/Hierarchical Models", chapter 12; see
    ``reranking_model.learn_weights``.

    Examples
    --------
    What was doubted of label 0 was right in all ten rows; an eleventh row moves with them, and so does less label 1.

    >>> codes = np.repeat([[0]] * 11 + [[1]], 1, axis=1)
    >>> cells = LabelCellOdds(codes=codes, is_given=codes == 0, errors=np.full(codes.shape, 0.7), n_labels=2)
    >>> moves = cell_moves(cells, np.arange(10), np.zeros((10, 1), dtype=bool))
    >>> bool(moves[10, 0] < moves[11, 0] < 0)
    True
    """
    moves = np.zeros(cells.codes.shape)
    if not len(rows):
        return moves
    kinds, log_odds = cells.kinds, np.clip(cells.log_odds, -_BELIEVABLE, _BELIEVABLE)
    asked = kinds[rows] != _NO_LABEL
    seen, of_kind = np.unique(kinds[rows][asked], return_inverse=True)
    offsets, was_given = log_odds[rows][asked], cells.is_given[rows][asked]
    numbers = np.column_stack([np.ones(len(offsets)), offsets / 2.0, was_given - 0.5])
    groups = sparse.csr_array(
        (np.ones(len(offsets)), (np.arange(len(offsets)), of_kind)), shape=(len(offsets), len(seen))
    )
    columns = sparse.csr_array(sparse.hstack([sparse.csr_array(numbers), groups], format="csr"))
    blocks = np.array([0, 1, 2, *[3] * len(seen)], dtype=np.int64)
    learnt = learn_weights(columns, blocks, offsets, is_wrong[asked], spread_rates=np.full(4, _RELUCTANCE))
    of_cell = learnt.weights[0] + learnt.weights[1] * log_odds / 2.0 + learnt.weights[2] * (cells.is_given - 0.5)
    places = np.minimum(np.searchsorted(seen, kinds), len(seen) - 1)
    of_label = np.where(seen[places] == kinds, learnt.weights[3:][places], 0.0)
    return np.where(kinds == _NO_LABEL, moves, of_cell + of_label)


def moved_rows(cells: LabelCellOdds, error_probabilities: FloatArray, moves: FloatArray) -> FloatArray:
    """
    Return how likely each row's set is wrong after the log-odds of its labels moved.

    Parameters
    ----------
    cells : LabelCellOdds
        What the audit knows of the labels.
    error_probabilities : ndarray of float64, shape (n_examples,)
        P(the set is wrong) by the audit; NaN for rows without a set.
    moves : ndarray of float64, shape (n_examples, n_shown)
        As ``cell_moves`` returns them.

    Returns
    -------
    ndarray of float64, shape (n_examples,)
        The row's odds grow as the sum of its labels' odds does; the same probabilities where nothing moves.

    Examples
    --------
    >>> cells = LabelCellOdds(
    ...     codes=np.array([[0, 1]]), is_given=np.array([[True, False]]), errors=np.array([[0.5, 0.5]]), n_labels=2
    ... )
    >>> moved_rows(cells, np.array([0.5]), np.log([[3.0, 1.0]])).round(3)
    array([0.667])
    """
    there: NDArray[np.bool_] = cells.codes != _NO_LABEL
    log_odds = np.clip(cells.log_odds, -_BELIEVABLE, _BELIEVABLE)
    before = (np.exp(log_odds) * there).sum(axis=1)
    after = (np.exp(log_odds + moves) * there).sum(axis=1)
    factor = np.divide(after, before, out=np.ones(len(before)), where=before > 0.0)
    known = np.clip(error_probabilities, _SURE, 1.0 - _SURE)
    moved = np.asarray(expit(logit(known) + np.log(factor)), dtype=np.float64)
    return np.where(factor == 1.0, error_probabilities, moved)
