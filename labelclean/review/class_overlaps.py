"""Classes that are taken for each other both ways: there a rule may be missing, not attention."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from labelclean.arrays import CountMatrix, Label, ProbMatrix
from labelclean.dataset import label_key

__all__ = ["ClassOverlap", "class_overlaps", "label_overlaps"]

_LEAST_SHARE = 0.02
_LEAST_ROWS = 2.0


@dataclass(frozen=True, kw_only=True, slots=True)
class ClassOverlap:
    """
    Two classes that are taken for each other.

    Attributes
    ----------
    first, second : hashable
        The classes.
    share_first, share_second : float
        0 to 1: share of the rows that truly are the first class and were given the second, and the other way round.
    n_rows : float
        Estimated number of rows that were given the wrong one of the two.
    """

    first: Label
    second: Label
    share_first: float
    share_second: float
    n_rows: float


class _Confusion(Protocol):
    """What is asked of a confusion of single labels."""

    @property
    def given(self) -> Label:
        """The label that was given."""

    @property
    def meant(self) -> Label:
        """The one that belongs in its place."""

    @property
    def n_estimated(self) -> float:
        """Estimated number of such mistakes."""


class _Given(Protocol):
    """What is asked of a single label."""

    @property
    def label(self) -> Label:
        """The label."""

    @property
    def n_given(self) -> int:
        """Rows that have it."""


def class_overlaps(
    class_names: Sequence[Label], noise_matrix: ProbMatrix, counts: CountMatrix, *, limit: int = 5
) -> tuple[ClassOverlap, ...]:
    """
    List the pairs of classes that are taken for each other in both directions.

    Parameters
    ----------
    class_names : sequence of hashable, length n_classes
        The classes.
    noise_matrix : ndarray of float, shape (n_classes, n_classes)
        P(given | true), indexed [given, true].
    counts : ndarray of int64, shape (n_classes, n_classes)
        Estimated rows, indexed [given, true].
    limit : int, default=5
        At most so many pairs.

    Returns
    -------
    tuple of ClassOverlap
        Pairs of which at least 2 % and two rows are confused each way; the greatest smaller share first.
    """
    both = np.where(np.minimum(counts, counts.T) >= _LEAST_ROWS, np.minimum(noise_matrix, noise_matrix.T), 0.0)
    first, second = np.nonzero(np.triu(both, k=1) > _LEAST_SHARE)
    order = np.argsort(-both[first, second], kind="stable")[:limit]
    return tuple(
        ClassOverlap(
            first=class_names[a],
            second=class_names[b],
            share_first=float(noise_matrix[b, a]),
            share_second=float(noise_matrix[a, b]),
            n_rows=float(counts[a, b] + counts[b, a]),
        )
        for a, b in zip(first[order].tolist(), second[order].tolist(), strict=True)
    )


def label_overlaps(
    confusions: Sequence[_Confusion], labels: Sequence[_Given], *, limit: int = 5
) -> tuple[ClassOverlap, ...]:
    """
    List the labels of label sets that stand in each other's place in both directions.

    Parameters
    ----------
    confusions : sequence
        Which label was given where which one was meant; each pair once.
    labels : sequence
        The labels, with the rows that have them, in whose parts the shares are.
    limit : int, default=5
        At most so many pairs.

    Returns
    -------
    tuple of ClassOverlap
        Pairs of which at least 2 % and two rows are confused each way; the greatest smaller share first.
    """
    n_given = {label_key(each.label): max(each.n_given, 1) for each in labels}
    found = {(label_key(each.given), label_key(each.meant)): each for each in confusions}
    overlaps: list[ClassOverlap] = []
    for (given, meant), there in found.items():
        back = found.get((meant, given))
        if back is None or given not in n_given or meant not in n_given:
            continue
        shares = back.n_estimated / n_given[given], there.n_estimated / n_given[meant]
        is_first = str(given) < str(meant)
        if is_first and min(shares) > _LEAST_SHARE and min(there.n_estimated, back.n_estimated) >= _LEAST_ROWS:
            overlaps.append(
                ClassOverlap(
                    first=there.given,
                    second=there.meant,
                    share_first=min(1.0, shares[0]),
                    share_second=min(1.0, shares[1]),
                    n_rows=there.n_estimated + back.n_estimated,
                )
            )
    overlaps.sort(key=lambda each: -min(each.share_first, each.share_second))
    return tuple(overlaps[:limit])
