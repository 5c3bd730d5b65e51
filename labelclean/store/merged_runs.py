"""A run as it reads after names of classes were merged, or a merge was undone, since it was made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from labelclean.arrays import UNLABELLED, CountMatrix, IndexArray
from labelclean.core.noise import inverse_noise_matrix, joint, noise_matrix
from labelclean.dataset import Dataset, label_key
from labelclean.results import NoiseEstimate
from labelclean.review.decisions import ReviewEvent
from labelclean.review.label_cells import LabelCells
from labelclean.store.label_confusions import renamed_confusions
from labelclean.store.merged_labels import new_names, noise_of_merged_labels
from labelclean.store.names_today import NamesToday
from labelclean.store.run_records import StoredRun

__all__ = ["run_with_merges"]


def run_with_merges(run: StoredRun, dataset: Dataset, merges: Sequence[ReviewEvent]) -> StoredRun:
    """
    Return a run whose labels are those of the dataset as it reads now.

    Parameters
    ----------
    run : StoredRun
        As it was made, from the names that there were then.
    dataset : Dataset
        The file with the merges in force.
    merges : sequence of ReviewEvent
        These merges.

    Returns
    -------
    StoredRun
        The same run where no name changed since. Otherwise given and suggested labels have the names of today; a row
        whose two labels are one now is no longer flagged. The codes of the classes stay, new ones follow. What was
        estimated of merged classes is added up; an analysis of the merged labels may say more.
    """
    today = NamesToday(merges, dataset.class_names, run.created_at)
    codes = {label_key(name): code for code, name in enumerate(run.class_names)}
    added = [name for name in dataset.class_names if label_key(name) not in codes]
    after = [today(name) for name in run.class_names]
    added += [name for name in after if label_key(name) not in {*codes, *map(label_key, added)}]
    class_names = (*run.class_names, *added)
    codes = {label_key(name): code for code, name in enumerate(class_names)}
    of_dataset = np.array([*(codes[label_key(name)] for name in dataset.class_names), UNLABELLED], dtype=np.int64)
    labels = of_dataset[dataset.labels]  # -1 finds the last one
    becomes = np.arange(len(class_names))  # what the run does not know has the name of today
    becomes[: len(after)] = [codes[label_key(name)] for name in after]
    if np.array_equal(labels, run.labels) and np.array_equal(becomes, np.arange(len(class_names))):
        return run
    suggested = becomes[run.suggested_labels]
    return replace(
        run,
        class_names=class_names,
        labels=labels,
        suggested_labels=suggested,
        likely_labels=becomes[run.likely_labels],
        is_issue=run.is_issue & (labels != suggested),
        noise=run.noise if run.label_noise else _added_up(run.noise, becomes),
        label_cells=_renamed(run, today),
        label_noise=noise_of_merged_labels(run, labels, class_names, today),
        label_confusions=renamed_confusions(run.label_confusions, new_names(run.label_noise, today)),
        statement="",  # like the interval, it is about the labels that there were
        n_errors_interval=None,
    )


def _renamed(run: StoredRun, today: NamesToday) -> LabelCells | None:
    cells = run.label_cells
    return None if cells is None else cells.renamed([today(name) for name in cells.members])


def _added_up(noise: NoiseEstimate, becomes: IndexArray) -> NoiseEstimate:
    """Return the estimate over the classes of today; errors between names that are one now are none."""
    n_before, n_classes = len(noise.confident_joint), len(becomes)
    counts: CountMatrix = np.zeros((n_classes, n_classes), dtype=np.int64)
    np.add.at(counts, (becomes[:n_before, np.newaxis], becomes[np.newaxis, :n_before]), noise.confident_joint)
    n_settled = int(counts.trace() - noise.confident_joint.trace())
    priors = np.zeros(n_classes)
    np.add.at(priors, becomes[:n_before], noise.class_priors)
    return NoiseEstimate(
        confident_joint=counts,
        joint=joint(counts),
        noise_matrix=noise_matrix(counts),
        inverse_noise_matrix=inverse_noise_matrix(counts),
        class_priors=priors,
        n_label_errors=max(0, noise.n_label_errors - n_settled),
    )
