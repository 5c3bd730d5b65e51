"""Scores of examples with votes and of a pool without, and the order in which to ask about them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import FloatArray, IndexArray, freeze_fields

__all__ = ["AskingOrder"]


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class AskingOrder:
    """
    How settled the labels of each example are: ask about the lowest first.

    Attributes
    ----------
    scores : ndarray of float64, shape (n_examples,)
        0 to 1, one per example of the votes, also of those without a vote.
    pool_scores : ndarray of float64, shape (n_pool,)
        0 to 1, one per example of the pool that has no votes at all; comparable with ``scores``.
    """

    scores: FloatArray
    pool_scores: FloatArray

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)

    def ranking(self) -> IndexArray:
        """
        Return the examples in the order in which to ask about them.

        Returns
        -------
        ndarray of int64, shape (n_examples + n_pool,)
            Positions, the lowest score first, ties by position; the pool is counted on after the votes' examples.
        """
        order = np.argsort(np.concatenate([self.scores, self.pool_scores]), kind="stable")
        return order.astype(np.int64, copy=False)

    def columns(self) -> dict[str, NDArray[np.generic]]:
        """Return the columns of a table in that order: ``row`` (in its own table), ``is_pool``, ``score``."""
        order, n_examples = self.ranking(), len(self.scores)
        return {
            "row": np.where(order < n_examples, order, order - n_examples),
            "is_pool": order >= n_examples,
            "score": np.concatenate([self.scores, self.pool_scores])[order],
        }
