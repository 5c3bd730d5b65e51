"""An audit of label sets as a run: each set that is given, suggested or likely is one class."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import UNLABELLED, CodeArray, FloatArray, IndexArray, Label
from labelclean.core.chunks import row_chunks
from labelclean.explain.evidence import RowEvidence
from labelclean.label_set import LabelSet
from labelclean.label_set_results import LabelSetAuditResult
from labelclean.results import NoiseEstimate
from labelclean.review.label_cells import label_cells
from labelclean.review.label_set_names import member_token
from labelclean.store.label_confusions import label_confusions
from labelclean.store.run_records import ComputedRun, LabelNoise, StoredRun

__all__ = ["label_set_run"]

_MOST_FLIPS = 3
_SMALLEST = 1e-6


def label_set_run(
    result: LabelSetAuditResult, config: dict[str, object], created_at: datetime, *, n_explained: int = 5_000
) -> ComputedRun:
    """
    Return what is kept of an audit of label sets.

    Parameters
    ----------
    result : LabelSetAuditResult
        What was found.
    config : dict
        The options, as ``AuditConfig.to_dict`` gives them.
    created_at : datetime
        UTC.
    n_explained : int, default=5_000
        For how many rows, the most suspect first, a sentence says what to add and what to remove.

    Returns
    -------
    ComputedRun
        Likely are the suggested set, the given one, and those that differ from it in one label. Their probabilities
        add up to the row's: that of the given set is what is left of the row's error probability; the others share
        that one by the odds of the labels in which they differ, as if each were wrong for itself.
    """
    packed, probs = _candidates(result)
    n_examples, n_likely, width = packed.shape
    _, first, codes = np.unique(
        packed.reshape(-1, width).view(np.dtype((np.void, width))).ravel(), return_index=True, return_inverse=True
    )
    sets = packed.reshape(-1, width)[first]
    class_names, order = _named(sets, result.class_names)
    codes = order[codes].reshape(n_examples, n_likely)
    best_first = np.argsort(-probs, axis=1, kind="stable")
    suggested = codes[:, 0]
    given = np.where(result.is_labelled, codes[:, -1], UNLABELLED)
    return ComputedRun(
        run=StoredRun(
            config=config,
            class_names=class_names,
            labels=given,
            suggested_labels=np.ascontiguousarray(suggested),
            label_quality_scores=1.0 - result.error_probabilities,
            error_probabilities=result.error_probabilities,
            is_issue=result.is_issue,
            ranked_rows=result.ranked_rows,
            likely_labels=np.take_along_axis(codes, best_first, axis=1),
            likely_probs=np.take_along_axis(probs, best_first, axis=1).astype(np.float32),
            noise=_right_and_wrong(result),
            created_at=created_at,
            label_noise=tuple(_label_noise(result)),
            label_cells=label_cells(result),
            label_confusions=label_confusions(result),
        ),
        evidence=tuple(_sentences(result, suggested, given, result.ranked_rows[:n_explained])),
    )


def _candidates(result: LabelSetAuditResult) -> tuple[NDArray[np.uint8], FloatArray]:
    """Return, for each row, packed sets (suggested, single changes, given) and their probabilities."""
    n_examples, n_labels = result.is_given.shape
    n_flips = min(_MOST_FLIPS, max(n_labels - 1, 0))
    packed = np.zeros((n_examples, n_flips + 2, max(1, -(-n_labels // 8))), dtype=np.uint8)
    probs = np.zeros((n_examples, n_flips + 2))
    for rows in row_chunks(result.pred_probs):
        tables, weights = _candidates_of(result, rows, n_flips)
        for place, (table, weight) in enumerate(zip(tables, weights, strict=True)):
            packed[rows, place, : -(-n_labels // 8)] = np.packbits(table, axis=1)
            probs[rows, place] = weight
    return packed, probs


def _candidates_of(
    result: LabelSetAuditResult, rows: slice, n_flips: int
) -> tuple[list[NDArray[np.bool_]], list[FloatArray]]:
    suggested, is_labelled = result.is_suggested[rows], result.is_labelled[rows]
    base = np.where(is_labelled[:, np.newaxis], result.is_given[rows], suggested)
    errors = _cell_errors(result, rows, base)
    log_odds = np.log(errors) - np.log1p(-errors)
    log_none = np.log1p(-errors).sum(axis=1)  # that no cell of the base is wrong
    row_errors = np.where(is_labelled, result.error_probabilities[rows], -np.expm1(log_none))
    log_scale = np.log(np.maximum(row_errors, _SMALLEST)) + log_none - np.log(np.maximum(-np.expm1(log_none), 1e-300))
    differs = suggested != base
    tables = [suggested]
    weights = [np.where(is_labelled, _bounded(log_scale + (log_odds * differs).sum(axis=1)), 1.0 - row_errors)]
    for cell in _strongest(errors, differs, n_flips + 1).T:
        flipped = base.copy()
        np.put_along_axis(flipped, cell[:, np.newaxis], ~np.take_along_axis(base, cell[:, np.newaxis], axis=1), axis=1)
        tables.append(flipped)
        weights.append(_bounded(log_scale + np.take_along_axis(log_odds, cell[:, np.newaxis], axis=1)[:, 0]))
    # The last place is that of the given set; rows without one have one more change there.
    if len(tables) == n_flips + 1:
        tables.append(base)
        weights.append(1.0 - row_errors)
    tables[-1] = np.where(is_labelled[:, np.newaxis], base, tables[-1])
    weights[-1] = np.where(is_labelled, 1.0 - row_errors, weights[-1])
    return tables, weights


def _cell_errors(result: LabelSetAuditResult, rows: slice, base: NDArray[np.bool_]) -> FloatArray:
    """Return how likely each cell of the base is wrong, strictly between 0 and 1."""
    probs = result.pred_probs[rows].astype(np.float64)
    errors = np.where(
        result.is_labelled[rows, np.newaxis], result.cell_error_probabilities[rows], np.where(base, 1.0 - probs, probs)
    )
    return np.clip(errors, _SMALLEST, 1.0 - _SMALLEST)


def _strongest(errors: FloatArray, differs: NDArray[np.bool_], n_cells: int) -> IndexArray:
    """Return the likeliest errors of each row; the one that alone makes the suggested set comes last of all."""
    alone = differs & (differs.sum(axis=1) == 1)[:, np.newaxis]
    shown = np.where(alone, -1.0, errors)
    return np.argsort(-shown, axis=1, kind="stable")[:, : min(n_cells, errors.shape[1])]


def _bounded(logarithm: FloatArray) -> FloatArray:
    return np.exp(np.minimum(logarithm, 0.0))


def _named(sets: NDArray[np.uint8], names: tuple[Label, ...]) -> tuple[tuple[LabelSet, ...], IndexArray]:
    """Return the label sets in a fixed order (few labels first, then by code), and where each packed one went."""
    tables = np.unpackbits(sets, axis=1, count=len(names)).astype(bool) if names else np.zeros((len(sets), 0), bool)
    members = [np.flatnonzero(table).tolist() for table in tables]
    in_order = sorted(range(len(members)), key=lambda place: (len(members[place]), members[place]))
    order = np.empty(len(members), dtype=np.int64)
    order[in_order] = np.arange(len(members))
    return tuple(LabelSet(names[code] for code in members[place]) for place in in_order), order


def _right_and_wrong(result: LabelSetAuditResult) -> NoiseEstimate:
    """Return an estimate over two classes: rows whose set is right, and rows whose set is wrong."""
    n_labelled = int(np.count_nonzero(result.is_labelled))
    n_wrong = min(n_labelled, round(result.n_wrong_rows))
    counts = np.array([[n_labelled - n_wrong, n_wrong], [0, 0]], dtype=np.int64)
    share = counts / max(n_labelled, 1)
    return NoiseEstimate(
        confident_joint=counts,
        joint=share,
        noise_matrix=np.eye(2),
        inverse_noise_matrix=np.eye(2),
        class_priors=share[0],
        n_label_errors=n_wrong,
    )


def _label_noise(result: LabelSetAuditResult) -> Iterator[LabelNoise]:
    n_given = result.is_given.sum(axis=0)
    for code, label in enumerate(result.class_names):
        yield LabelNoise(
            label=label,
            n_given=int(n_given[code]),
            n_added=float(result.n_added[code]),
            n_missing=float(result.n_missing[code]),
            added_rate=float(result.added_rates[code]),
            missing_rate=float(result.missing_rates[code]),
        )


def _sentences(
    result: LabelSetAuditResult, suggested: CodeArray, given: CodeArray, rows: IndexArray
) -> Iterator[RowEvidence]:
    for row in rows.tolist():
        if not result.is_labelled[row]:
            continue
        parts = [_part("add", result, row, result.labels_to_add(row))]
        parts.append(_part("remove", result, row, result.labels_to_remove(row)))
        said = " and ".join(filter(None, parts))
        yield RowEvidence(
            row=row,
            suggested=int(suggested[row]),
            given=int(given[row]),
            sentence=f"The suggested set would {said}." if said else "The suggested set is the given one.",
        )


def _part(verb: str, result: LabelSetAuditResult, row: int, labels: Sequence[Label]) -> str:
    if not labels:
        return ""
    named = []
    for label in labels:
        wrong = float(result.cell_error_probabilities[row, result.class_names.index(label)])
        named.append(f"“{member_token(label)}” ({100 * wrong:.0f} %)")
    return f"{verb} {', '.join(named)}"
