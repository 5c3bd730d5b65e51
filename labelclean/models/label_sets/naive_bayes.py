"""Naive Bayes for each label against the rest, every group of rows left out of its own judgement, exactly."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from labelclean.arrays import FeatureMatrix, IndexArray, MaskArray
from labelclean.models.held_out import Meter
from labelclean.models.label_sets.types import Cells, GivenTable
from labelclean.protocols import Progress, no_progress

__all__ = ["leave_groups_out_naive_bayes"]

_N_NUMBERS_AT_ONCE = 2**22  # stored numbers times labels of a block
_STEP = "Judging labels by naive Bayes"


def leave_groups_out_naive_bayes(
    counts: FeatureMatrix,
    is_given: GivenTable,
    is_labelled: MaskArray,
    groups: IndexArray,
    *,
    smoothing: float = 0.3,
    n_jobs: int = 1,
    progress: Progress = no_progress,
) -> Cells:
    """
    Score each label of each row by naive Bayes, "with the label" against "without it", over all rows of other groups.

    Leaving a group out only changes the counts of the features that it has, so that nothing is fitted again.

    Parameters
    ----------
    counts : csr_array of float32, shape (n_examples, n_features)
        How often each text has each feature, 0 or more.
    is_given : ndarray of bool, shape (n_examples, n_labels)
        Whether a row was given a label.
    is_labelled : ndarray of bool, shape (n_examples,)
        Whether a row has a label set, be it empty; the others are judged and not learnt from.
    groups : ndarray of int64, shape (n_examples,)
        Rows with the same number leave together.
    smoothing : float, default=0.3
        Pseudo-count of each feature, above 0.
    n_jobs : int, default=1
        Blocks of rows judged at the same time; the result does not depend on it.
    progress : Progress
        Told after each block; fractions 0 to 1 are those of this step alone.

    Returns
    -------
    ndarray of float32, shape (n_examples, n_labels)
        Log-likelihood ratio of the text, without the label's frequency, divided by the square root of the summed
        counts: evidence from words that come together is worth less than it seems. 0 for an empty text.

    Raises
    ------
    RunCancelledError
        If ``progress`` raises it.

    Notes
    -----
    With ``P_jl`` and ``N_jl`` the counts of feature j in rows with and without label l, outside the row's group, and
    ``P_l``, ``N_l`` their sums over the d features, the ratio is
    ``sum_j x_j (log((P_jl + a) / (P_l + a d)) - log((N_jl + a) / (N_l + a d)))``.
    Cost: O(stored numbers * n_labels); numbers are kept in single precision, which is exact for whole counts.

    References
    ----------
    McCallum & Nigam (1998), "A Comparison of Event Models for Naive Bayes Text Classification", equations 5 to 7.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> counts = csr_array(np.float32([[2, 0], [1, 0], [0, 2], [0, 1]]))
    >>> given = np.array([[True], [True], [False], [False]])
    >>> leave_groups_out_naive_bayes(counts, given, np.ones(4, dtype=bool), np.arange(4), smoothing=1.0).round(2)
    array([[ 1.7 ],
           [ 1.32],
           [-1.7 ],
           [-1.32]], dtype=float32)
    """
    model = _Counts.of(counts, is_given, is_labelled, smoothing)
    scores = np.zeros(is_given.shape, dtype=np.float32)
    blocks = list(_blocks(counts, groups, is_given.shape[1]))
    meter = Meter(progress=progress, planned=max(len(blocks), 1))

    def judge(rows: IndexArray) -> tuple[IndexArray, Cells]:
        return rows, model.judge(rows, groups[rows])

    with ThreadPoolExecutor(n_jobs) as pool:
        try:
            for rows, judged in pool.map(judge, blocks):
                scores[rows] = judged
                meter.done += 1
                meter.tell(_STEP)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return scores


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class _Counts:
    """What all rows with a label set say; ``with_label`` and ``of_all`` are per feature, their sums over features."""

    counts: FeatureMatrix
    given: Cells
    is_labelled: NDArray[np.float32]
    with_label: Cells
    of_all: NDArray[np.float32]
    smoothing: np.float32

    @classmethod
    def of(cls, counts: FeatureMatrix, is_given: GivenTable, is_labelled: MaskArray, smoothing: float) -> _Counts:
        learnt = is_labelled.astype(np.float32)
        given = is_given.astype(np.float32) * learnt[:, np.newaxis]
        return cls(
            counts=counts,
            given=given,
            is_labelled=learnt,
            with_label=np.asarray(counts.T @ given),
            of_all=np.asarray(counts.T @ learnt),
            smoothing=np.float32(smoothing),
        )

    def judge(self, rows: IndexArray, groups: IndexArray) -> Cells:
        """Judge whole groups of rows."""
        block = self.counts[rows]
        row_of = np.repeat(np.arange(len(rows)), np.diff(block.indptr))
        _, group_of = np.unique(groups, return_inverse=True)
        keys, key_of = np.unique(group_of[row_of] * np.int64(block.shape[1]) + block.indices, return_inverse=True)
        shares = sparse.csr_array((block.data, (key_of, row_of)), shape=(len(keys), len(rows)))
        ratios = self._log_ratios(
            keys % max(block.shape[1], 1), shares @ self.given[rows], shares @ self.is_labelled[rows]
        )
        lengths = np.asarray(block.sum(axis=1), dtype=np.float32).reshape(-1, 1)
        found = np.asarray(shares.T.tocsr() @ ratios) - lengths * self._log_ratios_of_sums(rows, group_of, lengths)
        return np.asarray(found / np.sqrt(np.maximum(lengths, np.finfo(np.float32).tiny)), dtype=np.float32)

    def _log_ratios(self, features: IndexArray, own_with: Cells, own: NDArray[np.float32]) -> Cells:
        """Return the log-ratio of a feature's counts, for each pair of a group and a feature that it has."""
        with_label = self.with_label[features]
        without = (self.of_all[features] - own)[:, np.newaxis] - with_label
        with_label -= own_with
        without += own_with
        return self._log(with_label) - self._log(without)

    def _log(self, left: Cells) -> Cells:
        """Return the logarithm of smoothed counts, in place; rounding of counts must not go below 0."""
        np.maximum(left, 0.0, out=left)
        np.add(left, self.smoothing, out=left)
        return np.log(left, out=left)

    def _log_ratios_of_sums(self, rows: IndexArray, group_of: IndexArray, lengths: Cells) -> Cells:
        """Return the log-ratio of the summed counts, for each row without its group."""
        members = sparse.csr_array((lengths.ravel(), (group_of, np.arange(len(rows)))))
        own_with = np.asarray(members @ self.given[rows], dtype=np.float64)
        own = np.asarray(members @ self.is_labelled[rows], dtype=np.float64)[:, np.newaxis]
        total_with = self.with_label.sum(axis=0, dtype=np.float64)
        with_label = np.maximum(total_with - own_with, 0.0)
        without = np.maximum(self.of_all.sum(dtype=np.float64) - own - with_label, 0.0)
        mass = float(self.smoothing) * self.counts.shape[1]
        ratios: Cells = (np.log(with_label + mass) - np.log(without + mass)).astype(np.float32)
        return ratios[group_of]


def _blocks(counts: FeatureMatrix, groups: IndexArray, n_labels: int) -> Iterator[IndexArray]:
    """Deal rows to blocks of whole groups; no result depends on how."""
    order = np.argsort(groups, kind="stable")
    if not order.size:
        return
    starts = np.concatenate([[0], np.flatnonzero(np.diff(groups[order])) + 1, [len(order)]])
    stored = np.concatenate([[0], np.cumsum(np.diff(counts.indptr)[order] + 1)])[starts]
    wanted = max(_N_NUMBERS_AT_ONCE // max(n_labels, 1), 1)
    begin = 0
    while begin < len(starts) - 1:
        end = int(np.searchsorted(stored, stored[begin] + wanted, side="right")) - 1
        end = max(end, begin + 1)
        yield order[starts[begin] : starts[end]]
        begin = end
