"""How many errors a reviewer finds who looks at the top of the queue, with and without learning from the decisions.

Usage: python -m tests.benchmarks.simulated_reviewer --data DIR [--sets NAME ...] [--seeds 3] [--rows 3000]
"""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from labelclean import audit
from labelclean.arrays import CodeArray, FloatArray, IndexArray, MaskArray
from labelclean.core.error_probability import rank_rows
from labelclean.core.reranking import rerank
from labelclean.core.reranking_data import RankingSignals, Reranking, Verdicts
from labelclean.errors import LabelCleanWarning
from labelclean.results import AuditResult
from tests.benchmarks.detection_sets import LabelledSet, find_sets, read_labelled_set, sample_rows

__all__ = ["Findings", "audit_signals", "review", "thin_known"]

BATCH = 50
CHECKPOINTS = (200, 400)
SYSTEMATIC = {"rules", "knowledge base"}
GOAL_SYSTEMATIC, GOAL_EACH = 1.3, 0.97
_N_BINS = 10


@dataclass(frozen=True, eq=False, kw_only=True)
class Findings:
    """
    What a reviewer found in one queue.

    Attributes
    ----------
    errors : tuple of int
        Wrong labels found after each of the checkpoints.
    slowest_seconds : float
        Of the re-rankings; 0 without.
    calibration_error : float
        Expected calibration error of the error probabilities of the rows that are undecided in the end.
    suggestions_right : float
        Share of the undecided wrong labels whose suggestion is right; NaN where all are found.
    """

    errors: tuple[int, ...]
    slowest_seconds: float
    calibration_error: float
    suggestions_right: float


def main(arguments: Sequence[str]) -> None:
    """Print one line per set, and how the goals are met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of CSV files")
    parser.add_argument("--sets", nargs="*", help="names of sets; all multi-class ones by default")
    parser.add_argument("--seeds", type=int, default=3, help="samples of each set")
    parser.add_argument("--rows", type=int, default=3_000, help="rows of each sample")
    options = parser.parse_args(arguments)
    warnings.simplefilter("ignore", LabelCleanWarning)
    print(f"{'set':26} {'fixed':>11} {'learning':>11} {'ratio':>11}  spread  slowest  calibration  suggestions")
    gains: dict[str, FloatArray] = {}
    systematic: list[str] = []
    for name, path in find_sets(options.data, options.sets).items():
        data = read_labelled_set(path)
        if data.is_multi_label:
            continue
        gains[name] = _compare(data, n_seeds=options.seeds, n_rows=options.rows)
        systematic += [name] if data.kind in SYSTEMATIC else []
    _print_goals(gains, systematic)


def _compare(data: LabelledSet, *, n_seeds: int, n_rows: int) -> FloatArray:
    """Print a set's line; return learning over fixed after each of the checkpoints, in the mean over the samples."""
    pairs = []
    for seed in range(n_seeds):
        sample = thin_known(data, n_rows=n_rows, seed=seed)
        signals = audit_signals(sample)
        pairs.append([review(signals, sample.true, learning=learning) for learning in (False, True)])
    fixed, learning = (np.array([pair[way].errors for pair in pairs], dtype=np.float64) for way in (0, 1))
    gain = learning.mean(axis=0) / np.maximum(fixed.mean(axis=0), 1.0)
    spread = (learning / np.maximum(fixed, 1.0)).std(axis=0).max()
    slowest = max(pair[1].slowest_seconds for pair in pairs)
    calibration = [np.mean([pair[way].calibration_error for pair in pairs]) for way in (0, 1)]
    suggested = [np.nanmean([pair[way].suggestions_right for pair in pairs]) for way in (0, 1)]
    print(
        f"{data.name:26} {_slashed(fixed.mean(axis=0), 0):>11} {_slashed(learning.mean(axis=0), 0):>11} "
        f"{_slashed(gain, 2):>11}  {spread:6.2f}  {slowest:5.2f} s  {calibration[0]:.2f} > {calibration[1]:.2f}  "
        f"{suggested[0]:.2f} > {suggested[1]:.2f}",
        flush=True,
    )
    return np.asarray(gain, dtype=np.float64)


def _slashed(values: FloatArray, n_digits: int) -> str:
    return " / ".join(f"{value:.{n_digits}f}" for value in values)


def _print_goals(gains: dict[str, FloatArray], systematic: Sequence[str]) -> None:
    if systematic:
        mean = np.mean([gains[name] for name in systematic], axis=0)
        print(f"systematic sets in the mean: {_slashed(mean, 2)} (goal {GOAL_SYSTEMATIC})")
    if gains:
        worst = min(gains, key=lambda name: float(gains[name].min()))
        print(f"lowest of all: {gains[worst].min():.2f}, {worst} (goal {GOAL_EACH})")


def thin_known(data: LabelledSet, *, n_rows: int, seed: int) -> LabelledSet:
    """Draw rows at random; where the truth of most is unknown, the known ones stay and the others are thinned."""
    n_examples, n_known = len(data.texts), int(data.is_known.sum())
    if n_examples <= n_rows:
        return data
    if 2 * n_known >= n_examples:
        return sample_rows(data, share=n_rows / n_examples, seed=seed)
    unknown = np.random.default_rng(seed).permutation(np.flatnonzero(~data.is_known))
    kept = np.sort(np.concatenate([np.flatnonzero(data.is_known), unknown[: max(n_rows - n_known, 0)]]))
    return LabelledSet(
        name=data.name,
        kind=data.kind,
        texts=tuple(data.texts[row] for row in kept),
        given=data.given[kept],
        true=data.true[kept],
        class_names=data.class_names,
        rows=data.rows[kept],
    )


def audit_signals(data: LabelledSet) -> RankingSignals:
    """Audit texts and labels; return what a re-ranking starts from, in the codes of the set."""
    result = audit(data.texts, [data.class_names[code] for code in data.given])
    codes = np.array([data.class_names.index(str(name)) for name in result.class_names], dtype=np.int64)
    return _in_codes(result, codes, n_classes=len(data.class_names))


def _in_codes(result: AuditResult, codes: CodeArray, *, n_classes: int) -> RankingSignals:
    """Translate class codes: a class that is never given has a code in the set but not in the audit."""
    signals = result.signals
    if not isinstance(signals, RankingSignals):
        raise TypeError(type(signals).__name__)
    joint = np.zeros((n_classes, n_classes), dtype=np.int64)
    joint[np.ix_(codes, codes)] = result.noise.confident_joint
    return RankingSignals(
        labels=codes[result.labels],
        error_probabilities=result.error_probabilities,
        label_quality_scores=result.label_quality_scores,
        suggested_labels=codes[result.suggested_labels],
        is_issue=result.is_issue,
        likely_labels=codes[result.likely_labels],
        likely_probs=result.likely_probs,
        confident_joint=joint,
        views=signals.views,
    )


def review(signals: RankingSignals, true: CodeArray, *, learning: bool) -> Findings:
    """
    Decide the rows at the top of the queue, batch by batch, by the truth.

    Rows whose true label is unknown are ranked and learnt about, but never shown.
    """
    is_wrong: MaskArray = signals.labels != true
    decided: IndexArray = np.empty(0, dtype=np.int64)
    order = rank_rows(signals.error_probabilities, signals.label_quality_scores)
    probs, suggested = signals.error_probabilities, signals.suggested_labels
    found, slowest = [], 0.0
    for _ in range(max(CHECKPOINTS) // BATCH):
        queue = order[(true[order] >= 0) & ~np.isin(order, decided)]
        decided = np.concatenate([decided, queue[:BATCH]])
        found.append(int(is_wrong[decided].sum()))
        if learning:
            started = time.perf_counter()
            reranking = _judged(signals, decided, is_wrong, true)
            slowest = max(slowest, time.perf_counter() - started)
            order, probs, suggested = (
                reranking.ranked_rows,
                reranking.error_probabilities,
                reranking.suggested_labels,
            )
    left = np.setdiff1d(np.flatnonzero(true >= 0), decided)
    missed = left[is_wrong[left]]
    return Findings(
        errors=tuple(found[checkpoint // BATCH - 1] for checkpoint in CHECKPOINTS),
        slowest_seconds=slowest,
        calibration_error=_calibration_error(probs[left], is_wrong[left]),
        suggestions_right=float((suggested[missed] == true[missed]).mean()) if len(missed) else float("nan"),
    )


def _judged(signals: RankingSignals, rows: IndexArray, is_wrong: MaskArray, true: CodeArray) -> Reranking:
    return rerank(signals, Verdicts(rows=rows, is_wrong=is_wrong[rows], true_labels=true[rows]))


def _calibration_error(probs: FloatArray, is_wrong: MaskArray) -> float:
    if not len(probs):
        return 0.0
    bins = np.minimum((probs * _N_BINS).astype(np.int64), _N_BINS - 1)
    return float(np.abs(np.bincount(bins, weights=probs - is_wrong, minlength=_N_BINS)).sum() / len(probs))


if __name__ == "__main__":
    main(sys.argv[1:])
