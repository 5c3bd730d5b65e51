"""What a run says of the single labels of label sets, after some of them were renamed or merged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from labelclean.arrays import UNLABELLED, CodeArray, Label
from labelclean.dataset import label_key
from labelclean.review.merging import single_names
from labelclean.store.names_today import NamesToday
from labelclean.store.run_records import LabelNoise, StoredRun

__all__ = ["new_names", "noise_of_merged_labels"]


def new_names(noise: Sequence[LabelNoise], today: NamesToday) -> dict[tuple[str, Label], Label]:
    """Return what each label is called today, by ``label_key`` of its old name."""
    return {label_key(each.label): today(each.label) for each in noise}


def noise_of_merged_labels(
    run: StoredRun, labels: CodeArray, class_names: Sequence[Label], today: NamesToday
) -> tuple[LabelNoise, ...]:
    """
    Return what was found of each label as they are called now.

    Parameters
    ----------
    run : StoredRun
        As it was made.
    labels : ndarray of int64, shape (n_examples,)
        The given label sets after the merges, as codes; -1 where there is none.
    class_names : sequence of hashable
        The label sets of the codes.
    today : NamesToday
        What the labels of the run are called now.

    Returns
    -------
    tuple of LabelNoise
        The errors of labels that are one now are added up, but for those where one of its names was given in the
        place of another: they are none any more.
    """
    names = new_names(run.label_noise, today)
    if all(label_key(name) == key for key, name in names.items()):
        return run.label_noise
    parts: dict[tuple[str, Label], list[LabelNoise]] = {}
    for each in run.label_noise:
        parts.setdefault(label_key(names[label_key(each.label)]), []).append(each)
    settled, n_given = _settled(run, names), _rows_given(labels, class_names)
    n_rows = int(np.count_nonzero(labels != UNLABELLED))
    return tuple(
        _joined(names[label_key(noise[0].label)], noise, n_given[key], settled.get(key, 0.0), n_rows)
        for key, noise in parts.items()
    )


def _settled(run: StoredRun, names: dict[tuple[str, Label], Label]) -> dict[tuple[str, Label], float]:
    """Return for each new name the estimated mistakes between its old ones."""
    found: dict[tuple[str, Label], float] = {}
    for each in run.label_confusions:
        given, meant = (label_key(names.get(label_key(label), label)) for label in (each.given, each.meant))
        if given == meant:
            found[given] = found.get(given, 0.0) + each.n_estimated
    return found


def _rows_given(labels: CodeArray, class_names: Sequence[Label]) -> Counter[tuple[str, Label]]:
    """Count for each label the rows whose set holds it."""
    n_rows = np.bincount(labels[labels != UNLABELLED], minlength=len(class_names))
    counts: Counter[tuple[str, Label]] = Counter()
    for code in np.flatnonzero(n_rows).tolist():
        for key in {label_key(single) for single in single_names(class_names[code])}:
            counts[key] += int(n_rows[code])
    return counts


def _joined(label: Label, parts: Sequence[LabelNoise], n_given: int, settled: float, n_rows: int) -> LabelNoise:
    if len(parts) == 1 and parts[0].n_given == n_given:
        only = parts[0]
        return LabelNoise(
            label=label,
            n_given=n_given,
            n_added=only.n_added,
            n_missing=only.n_missing,
            added_rate=only.added_rate,
            missing_rate=only.missing_rate,
        )
    n_added = max(0.0, sum(part.n_added for part in parts) - settled)
    n_missing = max(0.0, sum(part.n_missing for part in parts) - settled)
    n_meant = max(0.0, n_given - n_added + n_missing)
    return LabelNoise(
        label=label,
        n_given=n_given,
        n_added=n_added,
        n_missing=n_missing,
        added_rate=_share(n_added, n_rows - n_meant),
        missing_rate=_share(n_missing, n_meant),
    )


def _share(part: float, whole: float) -> float:
    return min(1.0, part / whole) if whole > 0 else 0.0
