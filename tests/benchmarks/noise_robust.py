"""
What learning with noisy labels brings: train on given labels, test on true ones.

Run: ``python -m tests.benchmarks.noise_robust --data FOLDER [--seeds 3] [--sets NAME ...]``. The folder holds CSV files
with the columns ``text, given_label, true_label``, or ``text, given_labels, true_labels`` (joined by ``|``) for
multi-label data. Everybody trains the same logistic regression with the same penalty (true labels: with their own),
chosen by the held-out log-loss of the labels trained on. Times are CPU seconds of one training with the
cross-validation it needs, BLAS on one thread.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score
from threadpoolctl import threadpool_limits

from labelclean.arrays import UNLABELLED, CodeArray, FeatureMatrix, IndexArray
from labelclean.models.forward_correction import ForwardCorrectedClassifier
from labelclean.models.logistic import SoftmaxRegression
from labelclean.models.noise_adaptation import NoiseAdaptedClassifier
from labelclean.models.noise_counts import held_out_linear_probs
from labelclean.models.noise_robust import NoiseRobustClassifier
from labelclean.models.search import downhill
from labelclean.models.targets import check_targets
from tests.benchmarks.noisy_sets import NoisySet, read_noisy_set, split_rows

SETS = ("banking77__mix12", "snips__idn10", "sms_spam__cdn10", "agnews_weak", "trec_weak", "goemotions__mlmix10")
INVERSE_PENALTIES = (1.0, 3.0, 10.0, 30.0, 100.0)

Method: TypeAlias = Callable[[FeatureMatrix, CodeArray, IndexArray, float], Any]


def main() -> None:
    """Measure each set and print its part of the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--sets", nargs="*", default=SETS)
    options = parser.parse_args()
    print("| set (wrong labels) | trained on | accuracy or micro-F1 | macro-F1 | CPU s |")
    print("|---|---|---|---|---|")
    with threadpool_limits(1, user_api="blas"):
        for name in options.sets:
            measure(name, read_noisy_set(next(options.data.glob(f"{name}.csv*"))), n_seeds=options.seeds)


def measure(name: str, data: NoisySet, *, n_seeds: int) -> None:
    """Print one line per method: mean and standard deviation over the splits."""
    results: dict[str, list[tuple[float, float, float]]] = {method: [] for method in METHODS}
    for seed in range(n_seeds):
        train, test = split_rows(data, seed=seed)
        for method, found in run_split(data, train, test).items():
            results[method].append(found)
    for method, runs in results.items():
        first, second, seconds = zip(*runs, strict=True)
        title = f"{name} ({data.error_rate:.0%})" if method == next(iter(METHODS)) else ""
        print(f"| {title} | {method} | {_spread(first)} | {_spread(second)} | {np.mean(seconds):.1f} |", flush=True)


def run_split(data: NoisySet, train: IndexArray, test: IndexArray) -> dict[str, tuple[float, float, float]]:
    """Train every method on one split; return accuracy or micro-F1, macro-F1 and CPU seconds."""
    found = {}
    penalty_of_given = 0.0
    for method, learn in METHODS.items():
        labels = data.true if method == "true labels" else data.given
        rows = train if data.is_multi_label else train[labels[train] != UNLABELLED]
        features, groups = data.features[rows], data.groups[rows]
        if labels is data.given:
            penalty_of_given = penalty_of_given or choose_penalty(features, labels[rows], groups)
            inverse_penalty = penalty_of_given
        else:
            inverse_penalty = choose_penalty(features, labels[rows], groups)
        started = time.process_time()
        model = learn(features, labels[rows], groups, inverse_penalty)
        seconds = time.process_time() - started
        found[method] = (*score(data.true[test], model.predict(data.features[test])), seconds)
    return found


def choose_penalty(features: FeatureMatrix, labels: CodeArray, groups: IndexArray) -> float:
    """Return the inverse penalty under which held-out probabilities make the labels most likely."""
    targets = check_targets(labels)

    def loss(position: int) -> float:
        probs = held_out_linear_probs(
            features, targets, inverse_penalty=INVERSE_PENALTIES[position], groups=groups, n_folds=3
        )
        if targets.is_multi_label:
            likely = np.where(targets.codes == 1, probs, 1.0 - probs).prod(axis=1)
        else:
            likely = probs[np.arange(len(probs)), targets.codes]
        return -float(np.log(np.maximum(likely, 1e-300)).mean())

    best = downhill(loss, n_settings=len(INVERSE_PENALTIES), start=len(INVERSE_PENALTIES) // 2)
    return INVERSE_PENALTIES[best]


def score(true: CodeArray, predicted: NDArray[Any]) -> tuple[float, float]:
    """Return accuracy (for multi-label data micro-F1) and macro-F1."""
    macro = float(f1_score(true, predicted, average="macro", zero_division=0.0))
    if true.ndim > 1:
        return float(f1_score(true, predicted, average="micro", zero_division=0.0)), macro
    return float((true == predicted).mean()), macro


def as_given(features: FeatureMatrix, labels: CodeArray, groups: IndexArray, inverse_penalty: float) -> Any:
    """Take every label as it is: nothing is ever mistaken for anything else."""
    del groups
    n_classes = labels.shape[1] if labels.ndim > 1 else len(np.unique(labels))
    untouched = np.tile(np.eye(2), (n_classes, 1, 1)) if labels.ndim > 1 else np.eye(n_classes)
    return ForwardCorrectedClassifier(inverse_penalty).fit(features, labels, noise_matrix=untouched)


def prune(features: FeatureMatrix, labels: CodeArray, groups: IndexArray, inverse_penalty: float) -> Any:
    """Find, prune, reweight; two columns of weights cost half of what one costs, so one label's penalty is halved."""
    base = SoftmaxRegression(inverse_penalty / labels.ndim)
    return NoiseRobustClassifier(base).fit(features, labels, groups=groups)


def forward(features: FeatureMatrix, labels: CodeArray, groups: IndexArray, inverse_penalty: float) -> Any:
    """Correct the loss by the noise matrix."""
    return ForwardCorrectedClassifier(inverse_penalty).fit(features, labels, groups=groups)


def adapt(features: FeatureMatrix, labels: CodeArray, groups: IndexArray, inverse_penalty: float) -> Any:
    """Learn the noise matrix as well."""
    return NoiseAdaptedClassifier(inverse_penalty).fit(features, labels, groups=groups)


METHODS: dict[str, Method] = {
    "noisy labels": as_given,
    "prune + reweight": prune,
    "forward correction": forward,
    "noise adaptation": adapt,
    "true labels": as_given,
}


def _spread(values: tuple[float, ...]) -> str:
    return f"{np.mean(values):.3f} ± {np.std(values):.3f}"


if __name__ == "__main__":
    main()
