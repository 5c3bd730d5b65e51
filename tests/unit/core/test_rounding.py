"""Rounding that keeps sums."""

from __future__ import annotations

import numpy as np
import pytest

from labelclean.core.rounding import round_cells, round_rows


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ([1.0, 2.0, 3.0], [1, 2, 3]),
        ([0.5, 0.25, 0.25], [1, 0, 0]),  # 0, 0, 0 is one short: the largest remainder gains
        ([0.25, 0.25, 0.25, 0.25], [0, 0, 0, 1]),  # equal remainders: the last column gains
        ([0.75, 0.75, 0.5], [1, 1, 0]),  # 2 as it should be: nothing moves
        ([1.75, 0.75, 0.75, 0.75], [1, 1, 1, 1]),  # 2, 1, 1, 1 is one too many: the first column loses
        ([0.0, 2.5, 0.0, 0.5], [0, 2, 0, 1]),  # halves to even, 2 and 0, one short; zeros never move
        ([], []),
    ],
)
def test_rows_keep_their_rounded_sum(row: list[float], expected: list[int]) -> None:
    """Worked out by hand from the documented rule."""
    assert round_rows(np.array([row]).reshape(1, -1)).tolist() == [expected]


def test_cells_that_are_not_0_are_enough() -> None:
    """Two rows of a wide table, of which four cells are not 0."""
    found = round_cells(np.array([0.5, 0.5, 1.25, 1.25]), np.array([0, 0, 3, 3]), np.array([4, 9, 0, 2]))

    assert found.tolist() == [0, 1, 1, 1]
