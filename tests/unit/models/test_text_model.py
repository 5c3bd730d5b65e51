"""Held-out probabilities."""

from __future__ import annotations

import threading
import warnings
from typing import Self

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import sparse
from threadpoolctl import threadpool_info, threadpool_limits

from labelclean.arrays import CodeArray, FeatureMatrix
from labelclean.errors import RunCancelledError
from labelclean.features.tfidf import text_features
from labelclean.models.text_model import held_out_text_probs

COLOURS = ["red", "green", "blue"]


def colours(n_rows: int) -> tuple[FeatureMatrix, CodeArray]:
    """Make texts that name their class, with some words of no meaning."""
    generator = np.random.default_rng(11)
    labels = generator.integers(0, 3, n_rows)
    filler = np.array(["one", "two", "three", "four", "five", "six"])
    texts = [f"{COLOURS[label]} {' '.join(generator.choice(filler, 3))}" for label in labels]
    return text_features(texts, word_parts=False), labels


def test_rows_are_judged_by_what_others_like_them_are_given() -> None:
    """Clear texts are recognised, and each row of probabilities sums to 1."""
    features, labels = colours(150)

    probs = held_out_text_probs(features, labels, n_classes=3)

    assert probs.dtype == np.float32
    assert np.allclose(probs.sum(axis=1), 1, atol=1e-6)
    assert (probs.argmax(axis=1) == labels).mean() > 0.95


def test_a_row_never_votes_for_itself() -> None:
    """One wrong label among clear ones is seen through."""
    features, labels = colours(150)
    wrong = (int(labels[7]) + 1) % 3
    labels[7] = wrong

    probs = held_out_text_probs(features, labels, n_classes=3)

    assert probs[7, wrong] < 0.2


def test_duplicates_in_the_same_group_do_not_vouch_for_each_other() -> None:
    """
    Random labels on texts that occur four times each cannot be predicted.

    With groups the accuracy is that of chance, a half; without, each row finds its copies in the training rows.
    """
    generator = np.random.default_rng(12)
    words = np.array([f"w{number}" for number in range(400)])
    distinct = [" ".join(generator.choice(words, 6)) for _ in range(150)]
    groups = np.repeat(np.arange(150), 4)
    labels = np.repeat(generator.integers(0, 2, 150), 4)
    features = text_features([distinct[group] for group in groups], word_parts=False)

    held_out = held_out_text_probs(features, labels, n_classes=2, groups=groups)
    leaking = held_out_text_probs(features, labels, n_classes=2)

    assert 0.35 < (held_out.argmax(axis=1) == labels).mean() < 0.65
    assert (leaking.argmax(axis=1) == labels).mean() > 0.9


def test_the_only_row_of_a_class_gets_a_small_probability_of_it() -> None:
    """No model has seen the class without that row; it is neither dropped nor always right."""
    features, labels = colours(60)
    labels[5] = 3

    probs = held_out_text_probs(features, labels, n_classes=4)

    assert 0 < probs[5, 3] < 0.2
    assert np.allclose(probs.sum(axis=1), 1, atol=1e-6)


@pytest.mark.parametrize(
    ("labels", "n_classes"),
    [([0, 1], 2), ([0, 1, 2, 3], 4), ([0, 0, 0, 1], 2), ([0, 0], 1), ([0, 1], 5), ([0, -1, -1], 2), ([-1, -1], 2)],
)
def test_tiny_data_give_probabilities(labels: list[int], n_classes: int) -> None:
    """Fewer rows than folds, one row per class, one class, no label at all: never a crash, always a distribution."""
    features = sparse.csr_array(np.eye(len(labels), dtype=np.float32))

    probs = held_out_text_probs(features, np.array(labels), n_classes=n_classes)

    assert probs.shape == (len(labels), n_classes)
    assert np.isfinite(probs).all()
    assert np.allclose(probs.sum(axis=1), 1, atol=1e-6)


def test_rows_without_a_label_are_judged_and_not_learnt_from() -> None:
    """Their probabilities follow their text, and the others' do not change a bit."""
    features, labels = colours(120)
    hidden = np.arange(0, 120, 10)
    partly = labels.copy()
    partly[hidden] = -1
    kept = np.flatnonzero(partly != -1)

    probs = held_out_text_probs(features, partly, n_classes=3)
    without = held_out_text_probs(features[kept], partly[kept], n_classes=3)

    assert (probs[hidden].argmax(axis=1) == labels[hidden]).mean() > 0.9
    assert np.array_equal(probs[kept], without)


@pytest.mark.parametrize("n_jobs", [2, 7])
def test_the_number_of_threads_does_not_change_a_bit(n_jobs: int) -> None:
    """Folds are independent, and joined in their order."""
    features, labels = colours(100)

    alone = held_out_text_probs(features, labels, n_classes=3, n_jobs=1)
    together = held_out_text_probs(features, labels, n_classes=3, n_jobs=n_jobs)

    assert alone.tobytes() == together.tobytes()


def test_progress_rises_to_1_and_names_the_folds() -> None:
    """It never falls, whatever order the folds finish in."""
    features, labels = colours(100)
    told: list[tuple[str, float]] = []

    held_out_text_probs(
        features, labels, n_classes=3, n_jobs=2, progress=lambda step, fraction: told.append((step, fraction))
    )

    fractions = [fraction for _, fraction in told]
    assert fractions == sorted(fractions)
    assert fractions[0] == 0.0
    assert fractions[-1] == 1.0
    assert ("Training fold 3 of 5") in [step for step, _ in told]


def test_cancelling_stops_the_training_and_leaves_no_thread_behind() -> None:
    """The error comes through as it is."""
    features, labels = colours(100)
    n_threads = threading.active_count()

    def stop(step: str, fraction: float) -> None:
        if step and fraction > 0.2:
            raise RunCancelledError("The run was stopped.")

    with pytest.raises(RunCancelledError, match="stopped"):
        held_out_text_probs(features, labels, n_classes=3, n_jobs=2, progress=stop)
    assert threading.active_count() == n_threads


class Frequencies:
    """A classifier that only counts."""

    def __init__(self, inverse_penalty: float) -> None:
        self.inverse_penalty = inverse_penalty
        self.classes_: CodeArray = np.empty(0, dtype=np.int64)
        self.shares: NDArray[np.float64] = np.empty(0)

    def fit(self, X: FeatureMatrix, y: CodeArray) -> Self:  # noqa: N803  (the protocol's argument name)
        """Count the classes."""
        self.classes_, counts = np.unique(y, return_counts=True)
        self.shares = counts / X.shape[0]
        return self

    def predict_proba(self, X: FeatureMatrix) -> NDArray[np.float64]:  # noqa: N803  (the protocol's argument name)
        """Give the shares."""
        return np.tile(self.shares, (X.shape[0], 1))


def test_another_classifier_can_take_the_place() -> None:
    """Anything with fit, predict_proba and classes_; with one penalty nothing is chosen."""
    features, labels = colours(90)
    made: list[float] = []

    def make(inverse_penalty: float) -> Frequencies:
        made.append(inverse_penalty)
        return Frequencies(inverse_penalty)

    probs = held_out_text_probs(features, labels, n_classes=3, make_classifier=make, inverse_penalties=[2.5])

    assert made == [2.5] * 5
    assert probs.max() < 0.6


def test_warning_filters_are_left_alone() -> None:
    """They belong to the whole process."""
    features, labels = colours(60)
    before = list(warnings.filters)

    held_out_text_probs(features, labels, n_classes=3, n_jobs=2)

    assert warnings.filters == before


def blas_threads() -> list[int]:
    """Return how many threads each BLAS library of the process may use."""
    return [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]


def set_blas_threads(n_threads: int) -> None:
    """Set it from a thread that ends: threadpoolctl lets no other thread change it while the one that did lives."""
    setter = threading.Thread(target=threadpool_limits, args=(n_threads,), kwargs={"user_api": "blas"})
    setter.start()
    setter.join()


def test_runs_that_overlap_give_the_process_its_blas_threads_back() -> None:
    """The second run begins within the first and ends after it: one thread until then, and afterwards as before."""
    features, labels = colours(60)
    first_began, second_began, first_ended = threading.Event(), threading.Event(), threading.Event()
    told: list[tuple[str, float]] = []
    inside: list[int] = []

    def watch_first(step: str, fraction: float) -> None:
        told.append((step, fraction))
        first_began.set()
        second_began.wait(30)

    def run_first() -> None:
        held_out_text_probs(features, labels, n_classes=3, progress=watch_first)
        first_ended.set()

    def watch_second(step: str, fraction: float) -> None:
        told.append((step, fraction))
        second_began.set()
        first_ended.wait(30)
        inside.extend(blas_threads())

    before = blas_threads()
    set_blas_threads(2)
    first = threading.Thread(target=run_first)
    first.start()
    first_began.wait(30)
    held_out_text_probs(features, labels, n_classes=3, progress=watch_second)
    first.join()
    after = blas_threads()
    set_blas_threads(before[0])

    assert {fraction for _, fraction in told} >= {0.0, 1.0}
    assert set(inside) == {1}
    assert set(after) == {2}
