"""Which cells are flagged, given how many errors each class is estimated to hold on each side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import FloatArray, IndexArray, ProbMatrix
from labelclean.tasks.multi_label.label_sets import LabelSets
from labelclean.tasks.multi_label.options import MultiLabelOptions
from labelclean.tasks.multi_label.scan import LabelScan

__all__ = ["flag_cells", "prune_counts_per_class"]

BoolTable = NDArray[np.bool_]

_SLACK = 1e-6  # the given state may be this much less likely than the other and still agree, as in the core
_CELLS_AT_ONCE = 1 << 17  # bounds the memory for suspects; no result depends on it


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class _Suspects:
    """Opposed cells of some classes, class by class, each in row order."""

    cells: IndexArray  # position in the flat table of these classes
    classes: IndexArray  # counted from the first of these classes
    given: BoolTable
    own: FloatArray  # probability of the given state
    other: FloatArray  # probability of the other state


def flag_cells(
    label_sets: LabelSets,
    pred_probs: ProbMatrix,
    scan: LabelScan,
    confident_joint: NDArray[np.int64],
    options: MultiLabelOptions,
) -> BoolTable:
    """
    Flag the cells that are probably wrong.

    Parameters
    ----------
    label_sets : LabelSets
        Given labels.
    pred_probs : ndarray of float, shape (n_examples, n_classes)
        Held-out probabilities, checked.
    scan : LabelScan
        Thresholds, counts and opposed cells of the same data.
    confident_joint : ndarray of int64, shape (n_classes, 2, 2)
        Calibrated confident joints, indexed [class, given, true].
    options : MultiLabelOptions
        Which cells to flag.

    Returns
    -------
    ndarray of bool, shape (n_classes, n_examples)
        True where the class seems wrongly given or wrongly left out.

    Notes
    -----
    With two states, a row whose given state is the less likely one comes before all others in every ranking: its
    margin is above 0 and its self-confidence below one half. So the rankings are done among these rows alone, which
    are few; the result is that of ranking all rows. Among equals the earlier rows are flagged.

    References
    ----------
    Northcutt, Jiang & Chuang (2021), "Confident Learning", JAIR 70, section 3.2.

    Examples
    --------
    >>> from labelclean.tasks.multi_label.noise import noise_of_scan
    >>> from labelclean.tasks.multi_label.scan import read_and_scan
    >>> data = read_and_scan([[0], [0], [0], []], [[0.9], [0.8], [0.1], [0.2]])
    >>> flag_cells(*data, noise_of_scan(data[2]).confident_joint, MultiLabelOptions())
    array([[False, False,  True, False]])
    """
    flagged = np.zeros_like(label_sets.by_class)
    wanted = prune_counts_per_class(confident_joint, scan.n_given, options)
    for classes in _class_slices(label_sets):
        suspects = _suspects(scan.opposed[classes], label_sets.by_class[classes], pred_probs[:, classes])
        reach = scan.confident_thresholds[classes, ::-1] - _SLACK  # of the state that was not given
        if options.filter_by in ("low_self_confidence", "low_normalized_margin"):
            taken = _lowest_of_both_sides(suspects, reach, options)
        else:
            taken = _taken(suspects, reach, wanted[classes], options) & _disagrees(suspects)
        flagged[classes].reshape(-1)[suspects.cells] = taken
    return flagged


def prune_counts_per_class(
    confident_joint: NDArray[np.int64], n_given: NDArray[np.int64], options: MultiLabelOptions
) -> NDArray[np.int64]:
    """
    Return how many cells to flag in each class on each side, by either ranking.

    Parameters
    ----------
    confident_joint : ndarray of int64, shape (n_classes, 2, 2)
        Calibrated confident joints, indexed [class, given, true].
    n_given : ndarray of int64, shape (n_classes, 2)
        Examples not given and given each class.
    options : MultiLabelOptions
        Share of the errors, examples to keep, wanted removals.

    Returns
    -------
    ndarray of int64, shape (n_classes, 2, 2)
        Indexed [class, given, ranking]; ranking 0 is by margin (``prune_by_noise_rate``), 1 by self-confidence
        (``prune_by_class``). Both are the errors of that side; they differ by 1 where ``frac_noise`` leaves a
        fraction of an error. With wanted removals these stand on the given side, and nothing on the other.

    Examples
    --------
    >>> joint = np.array([[[8, 2], [3, 7]]])
    >>> prune_counts_per_class(joint, joint.sum(axis=2), MultiLabelOptions(frac_noise=0.5))
    array([[[1, 1],
            [1, 2]]])
    """
    removals = options.removals(n_given[:, 1])
    if removals is not None:
        wanted = np.zeros_like(confident_joint)
        wanted[:, 1] = removals[:, np.newaxis]
    else:
        right = np.diagonal(confident_joint, axis1=1, axis2=2)
        kept = np.maximum(right, options.min_examples_per_class)
        errors = np.maximum(confident_joint.sum(axis=2) - right - (kept - right), 0)
        part = errors * options.frac_noise
        wanted = np.stack([part.astype(np.int64), n_given - (kept + (errors - part)).astype(np.int64)], axis=2)
    is_small = n_given <= max(options.min_examples_per_class, 1)
    wanted[is_small] = 0
    return np.maximum(wanted, 0)


def _class_slices(label_sets: LabelSets) -> Iterator[slice]:
    n_at_once = max(1, _CELLS_AT_ONCE // max(1, label_sets.n_examples))
    for start in range(0, label_sets.n_classes, n_at_once):
        yield slice(start, min(start + n_at_once, label_sets.n_classes))


def _suspects(opposed: BoolTable, present: BoolTable, pred_probs: ProbMatrix) -> _Suspects:
    n_examples = opposed.shape[1]
    cells = np.flatnonzero(opposed)  # several times faster than nonzero
    classes = cells // max(n_examples, 1)
    given = present.reshape(-1)[cells]
    probs = pred_probs[cells - classes * n_examples, classes].astype(np.float64)
    complements = 1.0 - probs
    return _Suspects(
        cells=cells,
        classes=classes,
        given=given,
        own=np.where(given, probs, complements),
        other=np.where(given, complements, probs),
    )


def _disagrees(suspects: _Suspects) -> BoolTable:
    """Compare after adding the slack to the given state; in double precision the two are then never equal."""
    return np.asarray(suspects.own + _SLACK < suspects.other)


def _is_confident(suspects: _Suspects, reach: FloatArray) -> BoolTable:
    """Tell which cells reach the threshold of the state that was not given."""
    return np.asarray(suspects.other >= reach[suspects.classes, suspects.given.view(np.int8)])


def _taken(suspects: _Suspects, reach: FloatArray, wanted: NDArray[np.int64], options: MultiLabelOptions) -> BoolTable:
    if options.filter_by == "confident_learning":
        return _is_confident(suspects, reach)
    if options.filter_by == "predicted_neq_given":
        return np.ones(len(suspects.cells), dtype=np.bool_)
    sides = _sides(suspects, len(wanted))
    if options.filter_by == "prune_by_class":
        return _lowest(suspects.own, sides, wanted[:, :, 1])
    by_margin = _lowest(suspects.own - suspects.other, sides, wanted[:, :, 0])
    if options.filter_by == "prune_by_noise_rate":
        return by_margin
    return by_margin & _lowest(suspects.own, sides, wanted[:, :, 1])


def _lowest_of_both_sides(suspects: _Suspects, reach: FloatArray, options: MultiLabelOptions) -> BoolTable:
    """Take, in each class, as many of the lowest scores as it has confident errors."""
    is_error = _is_confident(suspects, reach) & _disagrees(suspects)
    wanted = np.bincount(suspects.classes[is_error], minlength=len(reach))
    scores = suspects.own
    if options.filter_by == "low_normalized_margin":
        scores = (suspects.own - suspects.other + 1.0) / 2.0
    return _lowest(scores, _classes(suspects, len(reach)), wanted)


def _classes(suspects: _Suspects, n_classes: int) -> list[IndexArray]:
    """Return the positions of each class's suspects."""
    ends = np.searchsorted(suspects.classes, np.arange(1, n_classes))
    return np.split(np.arange(len(suspects.classes)), ends)


def _sides(suspects: _Suspects, n_classes: int) -> list[IndexArray]:
    """Return the positions of each class's suspects, those not given it first, then those given it."""
    return [
        group[at] for group in _classes(suspects, n_classes) for at in (~suspects.given[group], suspects.given[group])
    ]


def _lowest(scores: FloatArray, groups: list[IndexArray], wanted: NDArray[np.integer]) -> BoolTable:
    """Mark, in each group, the wanted number of lowest scores; among equal ones the first."""
    taken = np.zeros(len(scores), dtype=np.bool_)
    for group, count in zip(groups, wanted.reshape(-1).tolist(), strict=True):
        if count >= len(group):
            taken[group] = True
        elif count > 0:
            own_scores = scores[group]
            largest_taken = np.partition(own_scores, count - 1)[count - 1]
            below = own_scores < largest_taken
            equal = np.flatnonzero(own_scores == largest_taken)
            taken[group] = below
            taken[group[equal[: count - np.count_nonzero(below)]]] = True
    return taken
