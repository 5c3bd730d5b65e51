"""
Errors in label sets and scores of them, against the field's reference: CPU time, medians, in one process.

Run: ``python -m tests.benchmarks.multi_label [ROWSxCLASSES ...]`` (default 10000x100 100000x20). The reference runs
with one job. Both read the same lists of class ids; ours also the same labels as a sparse matrix.
"""

from __future__ import annotations

import functools
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from labelclean.tasks.multi_label import (
    estimate_multi_label_noise,
    find_multi_label_issues,
    multi_label_confusion,
    multi_label_health,
    multi_label_quality_scores,
)

LABELS_A_ROW = 3
FLIPPED = 0.1
REPEATS = 9
REFERENCE_REPEATS = 3

Work = Callable[[], object]


def make_data(n_rows: int, n_classes: int, *, seed: int = 0) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Draw true label sets, flip a tenth of all cells, and make probabilities of the truth: sigmoid(signal + noise)."""
    generator = np.random.default_rng(seed)
    truth = generator.random((n_rows, n_classes)) < LABELS_A_ROW / n_classes
    given = truth ^ (generator.random(truth.shape) < FLIPPED)
    logits = np.where(truth, 2.5, -2.5) + 1.5 * generator.standard_normal(truth.shape)
    return given, 1 / (1 + np.exp(-logits))


def milliseconds(work: Work, repeats: int) -> float:
    """Measure the median processor time after one run to warm up."""
    work()
    times = []
    for _ in range(repeats):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return 1000 * statistics.median(times)


def main(arguments: Sequence[str]) -> None:
    """Print one table over all sizes."""
    print("| work | rows x classes | reference ms | ours ms, lists | times faster | ours ms, CSR | times faster |")
    print("|---|---|---|---|---|---|---|")
    for size in arguments or ["10000x100", "100000x20"]:
        n_rows, n_classes = (int(part) for part in size.split("x"))
        measure(n_rows, n_classes)


def measure(n_rows: int, n_classes: int) -> None:
    """Print the lines of one size."""
    given, probs = make_data(n_rows, n_classes)
    sets = [np.flatnonzero(row).tolist() for row in given]
    csr = sparse.csr_array(given)
    reference = _reference(sets, probs)
    ours: dict[str, Callable[..., object]] = {
        "issues": find_multi_label_issues,
        "scores, moving average": multi_label_quality_scores,
        "scores, softmin": functools.partial(multi_label_quality_scores, aggregate_by="softmin"),
        "scores, entropy": functools.partial(multi_label_quality_scores, method="confidence_weighted_entropy"),
        "joints, noise matrices, priors": estimate_multi_label_noise,
        "health": multi_label_health,
        "label confusion": multi_label_confusion,
    }
    for name, function in ours.items():
        lists = milliseconds(functools.partial(function, sets, probs), REPEATS)
        matrix = milliseconds(functools.partial(function, csr, probs, label_format="csr"), REPEATS)
        if name not in reference:
            print(f"| {name} | {n_rows:,} x {n_classes} | - | {lists:.1f} | - | {matrix:.1f} | - |")
            continue
        slow = milliseconds(reference[name], REFERENCE_REPEATS)
        print(
            f"| {name} | {n_rows:,} x {n_classes} | {slow:.0f} | {lists:.1f} | {slow / lists:.1f} "
            f"| {matrix:.1f} | {slow / matrix:.1f} |"
        )


def _reference(sets: list[list[int]], probs: NDArray[np.float64]) -> dict[str, Work]:
    """Name the reference's functions for the same work, without the warnings filter that its import leaves behind."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from cleanlab import count  # noqa: PLC0415  (only who measures pays for its import)
        from cleanlab.multilabel_classification import filter as filters  # noqa: PLC0415
        from cleanlab.multilabel_classification import rank  # noqa: PLC0415

    return {
        "issues": lambda: filters.find_label_issues(sets, probs, n_jobs=1),
        "scores, moving average": lambda: rank.get_label_quality_scores(sets, probs),
        "scores, softmin": lambda: rank.get_label_quality_scores(sets, probs, aggregator_kwargs={"method": "softmin"}),
        "scores, entropy": lambda: rank.get_label_quality_scores(sets, probs, method="confidence_weighted_entropy"),
        "joints, noise matrices, priors": lambda: count.estimate_joint(sets, probs, multi_label=True),
    }


if __name__ == "__main__":
    main(sys.argv[1:])
