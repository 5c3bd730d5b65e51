"""Which label of a set was given where which other one was meant, counted over an audit of label sets."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from labelclean.arrays import IndexArray, Label
from labelclean.dataset import label_key
from labelclean.errors import StoreError
from labelclean.label_set_results import LabelSetAuditResult
from labelclean.store.label_json import label_from_json, label_to_json

__all__ = [
    "LabelConfusion",
    "confusions_from_json",
    "confusions_to_json",
    "label_confusions",
    "renamed_confusions",
]

_MOST_PAIRS = 2_000
_CELLS_AT_ONCE = 1 << 24  # bounds the memory; no result depends on it
_LEAST_ESTIMATED = 0.5


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelConfusion:
    """
    How often one label stands where another was meant.

    Attributes
    ----------
    given, meant : hashable
        The label that the suggestion removes, and the one that it adds to the same row.
    n_rows : int
        Flagged rows in which it does: the rows of the pair's queue.
    n_estimated : float
        Estimated number of such mistakes over all rows.
    """

    given: Label
    meant: Label
    n_rows: int
    n_estimated: float


def label_confusions(result: LabelSetAuditResult) -> tuple[LabelConfusion, ...]:
    """
    Count the pairs of labels of which the suggestion removes one and adds the other in the same row.

    Parameters
    ----------
    result : LabelSetAuditResult
        What was found.

    Returns
    -------
    tuple of LabelConfusion
        The pairs that some flagged row has or that are estimated to occur at least once in two datasets like this
        one; most estimated mistakes first, then most rows, then the order of the labels. At most 2,000.

    Notes
    -----
    With R the labels that the suggestion removes from a row and A those it adds, at most ``min(|R|, |A|)`` swaps
    explain the row; which pairs they are it does not say, so each gets ``1 / max(|R|, |A|)`` of a mistake, as in
    ``labelclean.tasks.multi_label.multi_label_confusion``. The row counts as far as its set is likely wrong.
    """
    n_labels = len(result.class_names)
    estimated = sparse.csr_array((n_labels, n_labels), dtype=np.float64)
    flagged = sparse.csr_array((n_labels, n_labels), dtype=np.int64)
    n_at_once = max(1, _CELLS_AT_ONCE // max(n_labels, 1))
    for start in range(0, result.n_examples, n_at_once):
        swaps, seen = _swaps(result, slice(start, start + n_at_once))
        estimated, flagged = estimated + swaps, flagged + seen
    pairs = estimated.tocoo()
    given, meant = (np.asarray(coords, dtype=np.int64) for coords in pairs.coords)
    n_rows = _counts_at(flagged, given, meant)
    order = np.lexsort((meant, given, -n_rows, -pairs.data))
    worth = order[(n_rows[order] > 0) | (pairs.data[order] >= _LEAST_ESTIMATED)][:_MOST_PAIRS]
    names = result.class_names
    return tuple(
        LabelConfusion(
            given=names[given[place]],
            meant=names[meant[place]],
            n_rows=int(n_rows[place]),
            n_estimated=float(pairs.data[place]),
        )
        for place in worth.tolist()
    )


def _counts_at(counts: sparse.csr_array, rows: IndexArray, columns: IndexArray) -> IndexArray:
    """Return single entries of a sparse table that may be too large to be spread out."""
    found = counts.tocoo()
    keys = found.coords[0].astype(np.int64) * counts.shape[1] + found.coords[1]
    order = np.argsort(keys)
    wanted = rows * counts.shape[1] + columns
    places = np.minimum(np.searchsorted(keys, wanted, sorter=order), max(len(keys) - 1, 0))
    if not len(keys):
        return np.zeros(len(wanted), dtype=np.int64)
    return np.where(keys[order[places]] == wanted, found.data[order[places]], 0)


def _swaps(result: LabelSetAuditResult, rows: slice) -> tuple[sparse.csr_array, sparse.csr_array]:
    """Return, indexed [given, meant], the estimated mistakes and the number of flagged rows of some rows."""
    is_labelled = result.is_labelled[rows, np.newaxis]
    given, suggested = result.is_given[rows], result.is_suggested[rows]
    gone, added = given & ~suggested & is_labelled, suggested & ~given & is_labelled
    n_most = np.maximum(gone.sum(axis=1), added.sum(axis=1))
    weights = np.nan_to_num(result.error_probabilities[rows]) / np.maximum(n_most, 1)
    return _pairs(gone, added, weights), _pairs(gone, added, result.is_issue[rows].astype(np.int64))


def _pairs(
    gone: NDArray[np.bool_], added: NDArray[np.bool_], weights: NDArray[np.float64] | IndexArray
) -> sparse.csr_array:
    of_row = sparse.csr_array(gone.T, dtype=weights.dtype)
    of_row.data = weights[of_row.indices]
    return sparse.csr_array(of_row @ sparse.csr_array(added, dtype=weights.dtype))


def renamed_confusions(
    confusions: Sequence[LabelConfusion], names: Mapping[tuple[str, Label], Label]
) -> tuple[LabelConfusion, ...]:
    """
    Return the confusions after labels were renamed or merged.

    Parameters
    ----------
    confusions : sequence of LabelConfusion
        As they were counted.
    names : mapping
        The new name of each label, by ``label_key``; labels that are not in it keep theirs.

    Returns
    -------
    tuple of LabelConfusion
        Pairs that are the same now are added up, pairs of one name are gone; the order as in ``label_confusions``.
    """
    joined: dict[tuple[object, object], LabelConfusion] = {}
    for each in confusions:
        given, meant = (names.get(label_key(label), label) for label in (each.given, each.meant))
        key = (label_key(given), label_key(meant))
        if key[0] == key[1]:
            continue
        known = joined.get(key)
        joined[key] = LabelConfusion(
            given=given,
            meant=meant,
            n_rows=each.n_rows + (known.n_rows if known else 0),
            n_estimated=each.n_estimated + (known.n_estimated if known else 0.0),
        )
    return tuple(sorted(joined.values(), key=lambda each: (-each.n_estimated, -each.n_rows)))


def confusions_to_json(confusions: Sequence[LabelConfusion]) -> str | None:
    """Return confusions as JSON text; None where there are none."""
    if not confusions:
        return None
    return json.dumps(
        [
            {**asdict(each), "given": label_to_json(each.given), "meant": label_to_json(each.meant)}
            for each in confusions
        ]
    )


def confusions_from_json(text: str | None) -> tuple[LabelConfusion, ...]:
    """Return what ``confusions_to_json`` spelled; raises StoreError on anything else."""
    try:
        return tuple(
            LabelConfusion(
                given=label_from_json(each["given"]),
                meant=label_from_json(each["meant"]),
                n_rows=int(each["n_rows"]),
                n_estimated=float(each["n_estimated"]),
            )
            for each in (json.loads(text) if text is not None else ())
        )
    except (KeyError, TypeError, ValueError) as error:
        raise StoreError(
            "What is stored about confused labels must be whole; it is damaged.", fix="Run the audit again."
        ) from error
