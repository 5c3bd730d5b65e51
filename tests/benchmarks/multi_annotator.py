"""
Several annotators: CPU time against the reference in the same run, as a Markdown table.

Run: ``python -m tests.benchmarks.multi_annotator [ROWS] [ROWS_OF_ENSEMBLES]`` (default 100000 10000). The reference's
ensembles are loops over rows and classes, and get fewer rows.
"""

from __future__ import annotations

import statistics
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from labelclean.tasks.multi_annotator import (
    active_learning_scores,
    majority_vote,
    multi_annotator_consensus,
    multi_label_active_learning_scores,
    multi_label_annotator_consensus,
    multi_label_vote_temperatures,
    set_votes_from_triples,
    vote_temperatures,
)

N_ANNOTATORS, N_CLASSES, N_VOTES, N_MODELS = 50, 10, 5, 3


@dataclass(frozen=True)
class Case:
    """Votes as both sides take them, and probabilities of several models."""

    votes: NDArray[np.float64]
    probs: NDArray[np.float64]

    @classmethod
    def drawn(cls, n_rows: int) -> Case:
        """Draw a few votes a row, by annotators who are right in half to nearly all cases."""
        generator = np.random.default_rng(0)
        true = generator.integers(0, N_CLASSES, n_rows)
        voters = np.argsort(generator.random((n_rows, N_ANNOTATORS)), axis=1)[:, :N_VOTES]
        accuracy = generator.uniform(0.5, 0.95, N_ANNOTATORS)
        wrong = generator.integers(0, N_CLASSES, voters.shape)
        given = np.where(generator.random(voters.shape) < accuracy[voters], true[:, np.newaxis], wrong)
        votes = np.full((n_rows, N_ANNOTATORS), np.nan)
        np.put_along_axis(votes, voters, given.astype(np.float64), axis=1)
        probs = generator.dirichlet(np.full(N_CLASSES, 0.3), (N_MODELS, n_rows))
        probs[:, np.arange(n_rows), true] += 0.7
        return cls(votes=votes, probs=probs / probs.sum(axis=2, keepdims=True))


def cpu_seconds(work: Callable[[], object], *, repeats: int) -> float:
    """Return the median CPU time of some runs, after a first one where there are several."""
    if repeats > 1:
        work()
    times = []
    for _ in range(repeats):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return statistics.median(times)


def report(
    name: str, ours: Callable[[], object], theirs: Callable[[], object], *, repeats: int = 3, n_calls: int = 1
) -> None:
    """Print one line of the table; the reference's time is that of ``n_calls`` calls, one of which is measured."""
    own = cpu_seconds(ours, repeats=5)
    other = cpu_seconds(theirs, repeats=repeats) * n_calls
    print(f"| {name} | {own * 1000:,.0f} | {other * 1000:,.0f} | {other / own:,.0f}x |", flush=True)


def compare_one_model(n_rows: int) -> None:
    """Compare what takes one model's probabilities."""
    from cleanlab import multiannotator as reference  # noqa: PLC0415  (its import changes the warnings)
    from cleanlab.internal.multiannotator_utils import find_best_temp_scaler  # noqa: PLC0415

    case = Case.drawn(n_rows)
    votes, probs = case.votes, case.probs[0]
    size = f"{n_rows:,} rows"
    report(
        f"consensus and all qualities, {size}",
        lambda: multi_annotator_consensus(votes, probs),
        lambda: reference.get_label_quality_multiannotator(votes, probs, verbose=False),
    )
    report(
        f"quality by agreement, {size}",
        lambda: multi_annotator_consensus(votes, probs, quality_method="agreement"),
        lambda: reference.get_label_quality_multiannotator(votes, probs, quality_method="agreement", verbose=False),
        repeats=1,
    )
    report(
        f"majority vote, {size}",
        lambda: majority_vote(votes, probs),
        lambda: reference.get_majority_vote_label(votes, probs, verbose=False),
    )
    report(
        f"temperature, {size}",
        lambda: vote_temperatures(votes, probs),
        lambda: find_best_temp_scaler(votes, probs),
        repeats=1,
    )
    report(
        f"active-learning scores, {size} and as many unlabelled",
        lambda: active_learning_scores(votes, probs, pool_pred_probs=case.probs[1]),
        lambda: reference.get_active_learning_scores(votes, probs, case.probs[1]),
        repeats=1,
    )


def compare_ensembles(n_rows: int) -> None:
    """Compare what takes several models' probabilities; the reference gets copies, as it writes to them."""
    from cleanlab import multiannotator as reference  # noqa: PLC0415  (its import changes the warnings)

    case = Case.drawn(n_rows)
    votes, probs = case.votes, case.probs
    size = f"{n_rows:,} rows, {N_MODELS} models"
    report(
        f"consensus and all qualities, {size}",
        lambda: multi_annotator_consensus(votes, probs),
        lambda: reference.get_label_quality_multiannotator_ensemble(votes, probs.copy(), verbose=False),
        repeats=1,
    )
    report(
        f"active-learning scores, {size}",
        lambda: active_learning_scores(votes, probs, pool_pred_probs=probs),
        lambda: reference.get_active_learning_scores_ensemble(votes, probs.copy(), probs.copy()),
        repeats=1,
    )


def compare_label_sets(n_rows: int, n_classes: int) -> None:
    """Compare all classes at once with one call of the reference per class, the only way it has."""
    from cleanlab import multiannotator as reference  # noqa: PLC0415  (its import changes the warnings)
    from cleanlab.internal.multiannotator_utils import find_best_temp_scaler  # noqa: PLC0415

    generator = np.random.default_rng(1)
    answered = np.zeros((n_rows, N_ANNOTATORS), dtype=bool)
    voters = np.argsort(generator.random(answered.shape), axis=1)[:, :N_VOTES]
    np.put_along_axis(answered, voters, values=True, axis=1)
    rows, annotators = (np.repeat(each, 3) for each in np.nonzero(answered))
    codes = (generator.integers(0, n_classes, len(rows) // 3)[:, np.newaxis] + np.array([0, 1, 3])) % n_classes
    votes = set_votes_from_triples(rows, annotators, codes.ravel(), answered=answered)
    shares = np.bincount(rows * n_classes + codes.ravel(), minlength=n_rows * n_classes) / N_VOTES
    # A model that learnt something: else every temperature is the highest allowed, and found at once.
    probs = 0.5 * shares.reshape(n_rows, n_classes) + 0.5 * generator.random((n_rows, n_classes))
    first_class = np.where(answered, 0.0, np.nan)
    holds_it = codes.ravel() == 0
    first_class[rows[holds_it], annotators[holds_it]] = 1.0
    binary = np.column_stack([1 - probs[:, 0], probs[:, 0]])
    size = f"{n_rows:,} rows, {n_classes} classes"
    report(
        f"label sets: consensus and all qualities, {size}",
        lambda: multi_label_annotator_consensus(votes, probs),
        lambda: reference.get_label_quality_multiannotator(first_class, binary, verbose=False),
        repeats=1,
        n_calls=n_classes,
    )
    report(
        f"label sets: temperatures, {size}",
        lambda: multi_label_vote_temperatures(votes, probs),
        lambda: find_best_temp_scaler(first_class, binary),
        repeats=1,
        n_calls=n_classes,
    )
    report(
        f"label sets: active-learning scores, {size} and as many unlabelled",
        lambda: multi_label_active_learning_scores(votes, probs, pool_pred_probs=probs),
        lambda: reference.get_active_learning_scores(first_class, binary, binary),
        repeats=1,
        n_calls=n_classes,
    )


def main(arguments: list[str]) -> None:
    """Print the table."""
    n_rows, n_ensemble_rows = (int(each) for each in (*arguments, *("100000", "10000")[len(arguments) :]))
    warnings.simplefilter("ignore")
    print(f"{N_ANNOTATORS} annotators, {N_CLASSES} classes, {N_VOTES} votes a row; CPU time, medians.\n")
    print("| work | labelclean ms | cleanlab ms | faster |")
    print("|---|---|---|---|")
    compare_one_model(n_rows)
    compare_ensembles(n_ensemble_rows)
    for n_classes in (20, 100):
        compare_label_sets(n_rows, n_classes)


if __name__ == "__main__":
    main(sys.argv[1:])
