"""Rows drawn by chance: how right the labels are, measured without trusting any ranking."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass

import numpy as np

from labelclean.arrays import UNLABELLED, CodeArray, IndexArray
from labelclean.errors import InvalidInputError
from labelclean.review.shares import jeffreys_interval

__all__ = ["ControlCounts", "LabelAccuracy", "control_order", "control_places", "label_accuracy"]

_MOST_SHARE = 0.5


@dataclass(frozen=True, kw_only=True, slots=True)
class ControlCounts:
    """
    What the decisions say about the data, parted by what led to them.

    Attributes
    ----------
    n_rows : int
        Labelled rows of the data, without those that were looked at and not judged (unsure, ambiguous, excluded).
    n_judged, n_judged_wrong : int
        Rows with a verdict on their label, whatever led to it, and those whose given label was wrong.
    n_drawn : int
        Rows that chance led to, with a verdict.
    n_beyond, n_beyond_wrong : float
        How many of these the review would not have come to by itself, and how many of those were wrong. They may be
        fractions: a row that it would have come to with a chance of 0.3 counts 0.7.
    """

    n_rows: int
    n_judged: int
    n_judged_wrong: int
    n_drawn: int
    n_beyond: float
    n_beyond_wrong: float

    def __post_init__(self) -> None:
        """Refuse counts that cannot be."""
        parts = (0, self.n_beyond_wrong, self.n_beyond, self.n_drawn, self.n_judged, self.n_rows)
        if list(parts) != sorted(parts) or not 0 <= self.n_judged_wrong <= self.n_judged:
            raise InvalidInputError(
                f"Parts must not be more than the whole; got {self.n_beyond_wrong:,.1f} of {self.n_beyond:,.1f} of "
                f"{self.n_drawn:,} drawn, {self.n_judged_wrong:,} of {self.n_judged:,} judged, {self.n_rows:,} rows.",
                fix="Count the decisions of one project.",
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelAccuracy:
    """
    The share of right labels in the whole data, before and after the corrections.

    Attributes
    ----------
    before, after : float
        Estimates, 0 to 1; without a row drawn by chance the middle of their intervals.
    before_interval, after_interval : tuple of float
        Lower and upper end.
    n_drawn : int
        Rows that only chance led to, on which all of it rests.
    how : str
        How it is computed, in a sentence or two.
    """

    before: float
    before_interval: tuple[float, float]
    after: float
    after_interval: tuple[float, float]
    n_drawn: int
    how: str


def control_order(labels: CodeArray, seed: str) -> IndexArray:
    """
    Put the labelled rows into a random order that is always the same for the same seed.

    Parameters
    ----------
    labels : ndarray of int64, shape (n_examples,)
        Given class codes; -1 where no label was given.
    seed : str
        Names the project and the run.

    Returns
    -------
    ndarray of int64, shape (n_labelled,)
        Rows; any beginning of them is a simple random sample of the labelled rows.

    Examples
    --------
    >>> control_order(np.array([0, -1, 1, 1]), "project:run").tolist() == control_order(
    ...     np.array([0, -1, 1, 1]), "project:run"
    ... ).tolist()
    True
    """
    number = int.from_bytes(hashlib.sha256(seed.encode("utf-8", "replace")).digest()[:8], "big")
    labelled = np.flatnonzero(labels != UNLABELLED)
    return np.random.default_rng(number).permutation(labelled).astype(np.int64)


def control_places(n_places: int, share: float, *, start: int = 0) -> IndexArray:
    """
    Return at which places of a queue a row drawn by chance is shown.

    Parameters
    ----------
    n_places : int
        Length of the queue with these rows.
    share : float
        0 to 0.5: one in 20 for 0.05.
    start : int, default=0
        Only places from here on.

    Returns
    -------
    ndarray of int64
        Rising, in the middle of each stretch, so that no session begins with one; the same whatever was asked before.

    Examples
    --------
    >>> control_places(100, 0.05).tolist()
    [9, 29, 49, 69, 89]
    """
    if not 0.0 <= share <= _MOST_SHARE:
        raise InvalidInputError(f"share must be between 0 and {_MOST_SHARE}; got {share}.", fix="Give 0.05 for 5 %.")
    if share == 0.0:
        return np.empty(0, dtype=np.int64)
    numbers = np.arange(math.ceil(n_places * share) + 1)
    places = np.floor((numbers + 0.5) / share).astype(np.int64) - 1
    return np.asarray(places[(places >= start) & (places < n_places)], dtype=np.int64)


def label_accuracy(counts: ControlCounts, *, level: float = 0.9) -> LabelAccuracy:
    """
    Estimate how many labels of the whole data are right, from rows that were drawn by chance.

    What was looked at is known; only the rest has to be estimated, and the rows that chance alone led to are a random
    sample of the rest. Taking the two apart leaves far less to chance than the share of errors in a plain random
    sample would. Rows that chance led to and the review would have reached as well are no part of the rest.

    Parameters
    ----------
    counts : ControlCounts
        The decisions so far.
    level : float, default=0.9
        How sure the intervals are.

    Returns
    -------
    LabelAccuracy
        Corrected rows count as right after the corrections, and kept ones before and after.

    References
    ----------
    Cochran (1977), "Sampling Techniques", 3rd edition, section 5A.9 (stratification after selection); Brown, Cai &
    DasGupta (2001), "Interval Estimation for a Binomial Proportion", Statistical Science 16 (Jeffreys' interval).

    Examples
    --------
    Of 1,000 rows 100 were judged and 60 were wrong; 20 of the 100 came by chance alone, one of them wrong.

    >>> counts = ControlCounts(
    ...     n_rows=1000, n_judged=100, n_judged_wrong=60, n_drawn=20, n_beyond=20, n_beyond_wrong=1
    ... )
    >>> accuracy = label_accuracy(counts)
    >>> round(accuracy.before, 3), round(accuracy.after, 3)
    (0.895, 0.955)
    """
    n_rows, n_left = max(counts.n_rows, 1), counts.n_rows - counts.n_judged
    low, high = jeffreys_interval(counts.n_beyond_wrong, counts.n_beyond, level=level)
    rate = counts.n_beyond_wrong / counts.n_beyond if counts.n_beyond > 0.0 else (low + high) / 2.0
    left, known = n_left / n_rows, counts.n_judged_wrong / n_rows
    return LabelAccuracy(
        before=1.0 - known - left * rate,
        before_interval=(1.0 - known - left * high, 1.0 - known - left * low),
        after=1.0 - left * rate,
        after_interval=(1.0 - left * high, 1.0 - left * low),
        n_drawn=counts.n_drawn,
        how=(
            f"{counts.n_judged_wrong:,} of the {counts.n_judged:,} rows you judged were wrong; that is known. Of "
            f"{counts.n_drawn:,} rows drawn by chance, {counts.n_beyond:,.0f} would not have come up by themselves, "
            f"{counts.n_beyond_wrong:,.0f} of them wrong; the {n_left:,} rows nobody judged are taken to be like these "
            f"({100 * level:.0f} % Jeffreys interval). "
            "Unsure, ambiguous and excluded rows are left out."
        ),
    )
