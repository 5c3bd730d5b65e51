"""Which cells of a multi-label data set are flagged: the choices, their defaults and their ranges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from labelclean.errors import ConfigError

__all__ = ["MultiLabelFilter", "MultiLabelOptions"]

MultiLabelFilter = Literal[
    "prune_by_noise_rate",
    "prune_by_class",
    "both",
    "confident_learning",
    "predicted_neq_given",
    "low_self_confidence",
    "low_normalized_margin",
]

_PRUNING = ("prune_by_noise_rate", "prune_by_class", "both")


@dataclass(frozen=True, kw_only=True, slots=True)
class MultiLabelOptions:
    """
    Options of one search for errors in label sets.

    Attributes
    ----------
    filter_by : str, default="prune_by_noise_rate"
        A method of Northcutt, Jiang & Chuang (2021), section 3.2, applied to each class against the rest.
    frac_noise : float, default=1.0
        Share of the estimated errors to flag, above 0 and at most 1.
    min_examples_per_class : int, default=1
        Examples of each class's state that are never flagged, 0 or more.
    n_to_remove_per_class : tuple of int, length n_classes, default=None
        Examples given each class to flag, in place of the estimated number.
    """

    filter_by: MultiLabelFilter = "prune_by_noise_rate"
    frac_noise: float = 1.0
    min_examples_per_class: int = 1
    n_to_remove_per_class: Sequence[int] | None = None

    def __post_init__(self) -> None:
        """Refuse options outside their range."""
        if self.filter_by not in get_args(MultiLabelFilter):
            raise ConfigError(
                f"filter_by must be one of {', '.join(get_args(MultiLabelFilter))}; got {self.filter_by!r}.",
                fix="Leave it out to use the default.",
            )
        if not _is_share(self.frac_noise):
            raise ConfigError(f"frac_noise must be above 0 and at most 1; got {self.frac_noise!r}.")
        if not _is_count(self.min_examples_per_class):
            raise ConfigError(
                f"min_examples_per_class must be a whole number, 0 or more; got {self.min_examples_per_class!r}."
            )
        if self.filter_by not in _PRUNING and (self.frac_noise != 1 or self.n_to_remove_per_class is not None):
            raise ConfigError(
                f"frac_noise and n_to_remove_per_class must be left out with filter_by {self.filter_by!r}, "
                "which flags what it finds.",
                fix=f"Use one of {', '.join(_PRUNING)}.",
            )

    def removals(self, n_given: NDArray[np.int64]) -> NDArray[np.int64] | None:
        """
        Check the wanted removals against the data.

        Parameters
        ----------
        n_given : ndarray of int64, shape (n_classes,)
            Examples given each class.

        Returns
        -------
        ndarray of int64, shape (n_classes,), or None
            The wanted number of removals per class, where the caller named any.
        """
        if self.n_to_remove_per_class is None:
            return None
        wanted = np.asarray(self.n_to_remove_per_class)
        if wanted.shape != n_given.shape or wanted.dtype.kind not in "iu":
            raise ConfigError(
                f"n_to_remove_per_class must hold one whole number for each of the {len(n_given):,} classes; "
                f"got shape {wanted.shape} of type {wanted.dtype}."
            )
        bad = np.flatnonzero((wanted < 0) | (wanted > n_given))
        if bad.size:
            raise ConfigError(
                f"n_to_remove_per_class must be from 0 to the number of examples given the class; got {bad.size:,} "
                f"other values, first {wanted[bad[0]]:,} of {n_given[bad[0]]:,} examples in class {bad[0]:,}.",
                fix="Ask for fewer removals.",
            )
        return wanted.astype(np.int64)


def _is_share(value: object) -> bool:
    return isinstance(value, (int, float)) and 0 < value <= 1


def _is_count(value: object) -> bool:
    return isinstance(value, (int, np.integer)) and int(value) >= 0
