"""Name a first column that has no name: pandas and R write row names into such a one."""

from __future__ import annotations

from collections.abc import Collection
from itertools import chain, count

__all__ = ["row_names_column"]

_NAME = "Unnamed: 0"  # as pandas itself calls it when it reads such a file


def row_names_column(others: Collection[str]) -> str:
    """Return a name for a first column without one; none of the other columns has it."""
    possible = chain([_NAME], (f"{_NAME}.{number}" for number in count(1)))
    return next(name for name in possible if name not in others)
