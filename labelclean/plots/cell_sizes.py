"""How large the cells of a heat map and the writing on them are."""

from __future__ import annotations

from typing import NamedTuple, Self

__all__ = ["CellSizes"]


class CellSizes(NamedTuple):
    """
    Sizes in pixels.

    Attributes
    ----------
    most_classes : int
        Up to how many classes these sizes hold.
    cell : int
        Side of a cell, if the page is wide enough.
    number : int
        Font size inside the cells; 0 where two digits no longer fit.
    name : int
        Font size of the class names.
    """

    most_classes: int
    cell: int
    number: int
    name: int

    @classmethod
    def of(cls, n_classes: int) -> Self:
        """Return the sizes for a number of classes."""
        return next(cls(*row) for row in _STEPS if n_classes <= row[0])


_STEPS = (
    (4, 76, 16, 14),
    (7, 56, 14, 13),
    (12, 42, 13, 13),
    (16, 34, 12, 13),
    (20, 28, 11, 12),
    (30, 22, 9, 11),
    (40, 12, 0, 9),
    (2**31, 10, 0, 9),
)
