"""Tests of verdicts on single labels: what moves, what does not, and by how much."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit, logit

from labelclean.core.cell_reranking import LabelCellOdds, cell_moves, moved_rows


def _cells(codes: list[list[int]], errors: float = 0.6) -> LabelCellOdds:
    array = np.array(codes, dtype=np.int64)
    return LabelCellOdds(
        codes=array, is_given=np.zeros(array.shape, dtype=np.bool_), errors=np.full(array.shape, errors), n_labels=4
    )


def test_without_a_verdict_nothing_moves() -> None:
    """The audit's log-odds, bit for bit."""
    cells = _cells([[0, 1], [2, -1]])

    moves = cell_moves(cells, np.empty(0, dtype=np.int64), np.empty((0, 2), dtype=np.bool_))

    assert moves.tolist() == [[0.0, 0.0], [0.0, 0.0]]


def test_a_place_without_a_label_does_not_move() -> None:
    """Whatever is learned of the others."""
    cells = _cells([[0, -1]] * 12)

    moves = cell_moves(cells, np.arange(10), np.zeros((10, 2), dtype=np.bool_))

    assert (moves[:, 0] < 0.0).all()
    assert (moves[:, 1] == 0.0).all()


def test_each_label_moves_by_its_own_verdicts() -> None:
    """Label 0 was always right as given, label 1 always wrong; label 2, which nobody saw, lies between."""
    cells = _cells([[0]] * 15 + [[1]] * 15 + [[2]])
    is_wrong = np.repeat([[False], [True]], 15, axis=0)

    moves = cell_moves(cells, np.arange(30), is_wrong)

    assert moves[0, 0] < moves[30, 0] < moves[29, 0]


def test_given_and_missing_labels_are_learned_apart() -> None:
    """Doubts about given labels are right, doubts about missing ones are not."""
    codes = np.zeros((40, 1), dtype=np.int64)
    is_given = np.arange(40)[:, np.newaxis] < 20
    cells = LabelCellOdds(codes=codes, is_given=is_given, errors=np.full((40, 1), 0.5), n_labels=1)

    moves = cell_moves(cells, np.arange(40), is_given.copy())

    assert (moves[:20] > 0.0).all()
    assert (moves[20:] < 0.0).all()


def test_the_odds_of_a_row_grow_as_the_sum_of_its_labels_odds() -> None:
    """By hand: 3/2 + 3/2 become 3 + 3/2, so the row's odds are half as much again."""
    cells = _cells([[0, 1]])

    moved = moved_rows(cells, np.array([0.8]), np.array([[np.log(2.0), 0.0]]))

    assert moved == pytest.approx(expit(logit(0.8) + np.log(1.5)))


def test_a_row_without_cells_or_without_moves_stays() -> None:
    """And NaN, a row without a set, stays NaN."""
    cells = _cells([[-1, -1], [0, 1], [-1, -1]])

    moved = moved_rows(cells, np.array([0.3, 0.7, np.nan]), np.zeros((3, 2)))

    np.testing.assert_array_equal(moved, [0.3, 0.7, np.nan])
