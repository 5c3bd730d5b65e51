"""The walk over settings."""

from __future__ import annotations

import pytest

from labelclean.models.search import downhill


@pytest.mark.parametrize(
    ("losses", "best", "n_asked"),
    [
        ([5.0, 4.0, 3.0, 4.0, 5.0], 2, 3),
        ([1.0, 2.0, 3.0, 4.0, 5.0], 0, 3),
        ([5.0, 4.0, 3.0, 2.0, 1.0], 4, 4),
        ([3.0, 3.0, 3.0, 3.0, 3.0], 2, 3),
    ],
)
def test_the_lowest_of_a_valley_is_found_with_few_questions(losses: list[float], best: int, n_asked: int) -> None:
    """From the middle; a tie does not move."""
    asked: list[int] = []

    def loss(position: int) -> float:
        asked.append(position)
        return losses[position]

    assert downhill(loss, n_settings=5, start=2) == best
    assert len(asked) == len(set(asked)) == n_asked


def test_a_single_setting_is_not_tried() -> None:
    """There is nothing to choose."""
    empty: list[float] = []

    assert downhill(empty.__getitem__, n_settings=1, start=0) == 0
