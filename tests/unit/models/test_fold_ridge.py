"""Ridge models of folds, against models fitted one by one."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import sparse

from labelclean.arrays import CodeArray, FeatureMatrix, FloatArray, IndexArray
from labelclean.errors import ConfigError, RunCancelledError
from labelclean.models import fold_ridge, fold_ridge_blocks, fold_ridge_iterations, fold_ridge_problem
from labelclean.models.fold_ridge import RidgeScores, held_out_ridge, held_out_ridge_path
from labelclean.models.fold_ridge_exact import exact_models
from labelclean.models.fold_ridge_problem import fold_systems
from labelclean.models.folds import assign_folds

Case: TypeAlias = tuple[FeatureMatrix, CodeArray, IndexArray]

STRENGTHS = (1.0, 3.0, 100.0)


def refitted(
    case: Case, *, n_classes: int, strength: float, weights: FloatArray | None = None
) -> tuple[FloatArray, FloatArray]:
    """
    Fit a model for each fold and class by the normal equations, and return held-out scores and the models.

    Minimise ``sum w (x b - (y - share))^2 + strength b^2`` over rows with one more feature, the root of 0.1.
    """
    features, labels, folds = case
    n_examples = len(labels)
    rows = np.hstack([features.toarray().astype(np.float64), np.full((n_examples, 1), np.sqrt(0.1))])
    counts = np.ones(n_examples) if weights is None else weights
    n_folds = int(folds.max()) + 1
    scores, models = np.zeros((n_examples, n_classes)), np.zeros((n_folds, rows.shape[1], n_classes))
    for fold in range(n_folds):
        used = (folds != fold) & (folds != -1)
        for code in range(n_classes):
            is_code = (labels[used] == code).astype(np.float64)
            share = (counts[used] * is_code).sum() / counts[used].sum()
            weighted = rows[used].T * counts[used]
            squares = weighted @ rows[used] + strength * np.eye(rows.shape[1])
            models[fold, :, code] = np.linalg.solve(squares, weighted @ (is_code - share))
            scores[folds == fold, code] = rows[folds == fold] @ models[fold, :, code] + share
            scores[folds == -1, code] += (rows[folds == -1] @ models[fold, :, code] + share) / n_folds
    return scores, models


def draw(seed: int, *, n_classes: int, n_examples: int = 90, n_folds: int = 4) -> Case:
    """Draw sparse rows of length 1, empty ones among them; class 0 has one row, and some rows no label."""
    generator = np.random.default_rng(seed)
    rows = generator.random((n_examples, 30)) * (generator.random((n_examples, 30)) < 0.2)
    rows[::11] = 0
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    labels = generator.integers(1, n_classes, n_examples) if n_classes > 2 else generator.integers(0, 2, n_examples)
    labels[5] = 0
    labels[::7] = -1
    folds = np.where(labels == -1, -1, generator.permutation(n_examples) % n_folds)
    return sparse.csr_array(rows.astype(np.float32)), labels, folds


def never_exact(monkeypatch: pytest.MonkeyPatch, *, to_the_end: bool = True) -> None:
    """Let conjugate gradients do it, and run as far as single precision goes."""
    monkeypatch.setattr(fold_ridge_blocks, "is_exact_cheaper", lambda *_, **__: False)
    if to_the_end:
        monkeypatch.setattr(fold_ridge_iterations, "MAX_ITERATIONS", 80)
        monkeypatch.setattr(fold_ridge_iterations, "RELATIVE_RESIDUAL", 1e-6)


def error(found: NDArray[np.floating], expected: FloatArray) -> float:
    """Return the largest error beside the largest number."""
    return float(np.abs(found - expected).max() / np.abs(expected).max())


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("n_classes", [2, 5])
def test_conjugate_gradients_give_the_scores_of_models_fitted_one_by_one(
    n_classes: int, weighted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At every strength, with weights of 0 among others, and for rows without a label the mean."""
    never_exact(monkeypatch)
    case = draw(1, n_classes=n_classes)
    generator = np.random.default_rng(1)
    weights = generator.random(90) * (generator.random(90) < 0.8) if weighted else None

    path = held_out_ridge_path(*case, n_classes=n_classes, strengths=STRENGTHS, weights=weights)

    for found in path:
        expected, _ = refitted(case, n_classes=n_classes, strength=found.strength, weights=weights)
        assert error(found.scores, expected) < 1e-5


@pytest.mark.parametrize("seed", range(3))
def test_as_many_steps_as_are_taken_are_enough(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """From strength 1 on, and with rows of length 1."""
    never_exact(monkeypatch, to_the_end=False)
    case = draw(seed, n_classes=6, n_examples=300)

    path = held_out_ridge_path(*case, n_classes=6, strengths=STRENGTHS)

    for found in path:
        assert error(found.scores, refitted(case, n_classes=6, strength=found.strength)[0]) < 1e-3


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("n_classes", [2, 5])
def test_the_closed_form_is_exact(n_classes: int, weighted: bool) -> None:
    """To a thousand millionth, in double precision."""
    features, labels, folds = draw(2, n_classes=n_classes)
    labels, folds = labels[labels != -1], folds[labels != -1]
    features = features[: len(labels)]
    weights = np.random.default_rng(2).choice([0.0, 1.0, 4.0, 9.0], len(labels)) if weighted else None
    systems = fold_systems(features, labels, folds, n_classes=n_classes, weights=weights)
    constant = np.sqrt(0.1)
    rows = np.hstack([features.toarray().astype(np.float64), np.full((len(labels), 1), constant)])[systems.order]

    models = exact_models(systems, rows @ rows.T, 0.3)

    _, expected = refitted((features, labels, folds), n_classes=n_classes, strength=0.3, weights=weights)
    found = rows.T @ models
    assert error(found, expected[:, :, systems.solved_classes]) < 1e-9


@pytest.mark.parametrize("n_classes", [2, 40])
def test_both_ways_give_the_same(n_classes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Scores, coefficients, biases and losses."""
    case = draw(3, n_classes=n_classes)
    monkeypatch.setattr(fold_ridge_blocks, "is_exact_cheaper", lambda *_, **__: True)
    exact = held_out_ridge_path(*case, n_classes=n_classes, strengths=STRENGTHS)
    never_exact(monkeypatch)

    iterated = held_out_ridge_path(*case, n_classes=n_classes, strengths=STRENGTHS)

    for one, other in zip(exact, iterated, strict=True):
        assert np.allclose(one.scores, other.scores, atol=1e-5)
        assert one.dual_coef is not None
        assert other.dual_coef is not None
        assert np.allclose(one.dual_coef, other.dual_coef, atol=1e-5)
        assert one.losses == pytest.approx(other.losses, abs=1e-4)


def test_few_rows_of_many_classes_are_solved_in_closed_form(monkeypatch: pytest.MonkeyPatch) -> None:
    """By their sizes alone: many rows of two classes are not."""

    def fail(*_: object, **__: object) -> None:
        raise MemoryError("solved in closed form")

    monkeypatch.setattr(fold_ridge_blocks, "solve_exactly", fail)

    held_out_ridge(*draw(3, n_classes=2, n_examples=1000), n_classes=2)

    with pytest.raises(MemoryError, match="closed form"):
        held_out_ridge(*draw(3, n_classes=40, n_examples=200), n_classes=40)


@pytest.mark.parametrize("to_the_end", [False, True])
@pytest.mark.parametrize("n_classes", [2, 5])
def test_whole_weights_are_rows_repeated(n_classes: int, to_the_end: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the same fold; the choice of the strength counts them as well."""
    never_exact(monkeypatch, to_the_end=to_the_end)
    features, labels, folds = draw(4, n_classes=n_classes)
    times = np.random.default_rng(4).integers(0, 4, len(labels))
    repeated = np.repeat(np.arange(len(labels)), times)

    found = held_out_ridge_path(features, labels, folds, n_classes=n_classes, weights=times.astype(np.float64))

    expected = held_out_ridge_path(features[repeated], labels[repeated], folds[repeated], n_classes=n_classes)
    for one, other in zip(found[1:], expected[1:], strict=True):
        assert np.allclose(one.scores[repeated], other.scores, atol=2e-3)
        assert one.losses == pytest.approx(other.losses, abs=2e-3)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 2**32 - 1), st.sampled_from([2, 3, 5]))
def test_order_of_rows_and_names_of_classes_and_folds_change_only_the_order(seed: int, n_classes: int) -> None:
    """To five decimals: sums of single precision run in another order."""
    features, labels, folds = draw(seed, n_classes=n_classes, n_examples=60)
    generator = np.random.default_rng(seed)
    rows, names, numbers = generator.permutation(60), generator.permutation(n_classes), generator.permutation(4)
    renamed, renumbered = np.where(labels == -1, -1, names[labels]), np.where(folds == -1, -1, numbers[folds])
    plain = held_out_ridge(features, labels, folds, n_classes=n_classes, strengths=[3.0])

    found = held_out_ridge(features[rows], renamed[rows], renumbered[rows], n_classes=n_classes, strengths=[3.0])

    assert np.allclose(found.scores[:, names], plain.scores[rows], atol=1e-5)


def compared(found: RidgeScores, *, n_classes: int) -> tuple[IndexArray, CodeArray, CodeArray, FloatArray]:
    """Draw rows and pairs of classes, and return them with the differences of their scores."""
    generator = np.random.default_rng(5)
    rows = generator.integers(0, len(found.scores), 70)
    left, right = generator.integers(0, n_classes, (2, 70))
    return rows, left, right, found.scores[rows, left].astype(np.float64) - found.scores[rows, right]


@pytest.mark.parametrize("memory", [0, 2**28])
@pytest.mark.parametrize("n_classes", [2, 5, 40])
def test_contributions_and_bias_sum_to_the_difference(
    n_classes: int, memory: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With and without the coefficients in memory, for rows with and without a label, with weights."""
    monkeypatch.setattr(fold_ridge, "_LARGEST_DUALS", memory)
    features, labels, folds = draw(5, n_classes=n_classes)
    weights = np.random.default_rng(5).random(len(labels))

    monkeypatch.setattr(fold_ridge_problem, "_N_COLUMNS_AT_ONCE", 8)

    for found in held_out_ridge_path(features, labels, folds, n_classes=n_classes, weights=weights):
        rows, left, right, difference = compared(found, n_classes=n_classes)
        parts = found.contributions(rows, left, right)
        with_two_threads = found.contributions(rows, left, right, n_jobs=2)

        assert (found.dual_coef is None) == (memory == 0)
        assert with_two_threads.data.tobytes() == parts.data.tobytes()
        assert np.allclose(parts.sum(axis=1) + found.bias(rows, left, right), difference, atol=2e-5)
        assert parts.shape == (70, 30)
        assert parts.dtype == np.float64
        assert not parts.toarray()[features[rows].toarray() == 0].any()


@pytest.mark.parametrize("n_classes", [2, 5])
def test_coefficients_can_be_had_later(n_classes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are those of the scores; where they are there, nothing is solved."""
    never_exact(monkeypatch, to_the_end=False)
    case = draw(5, n_classes=n_classes)
    kept = held_out_ridge(*case, n_classes=n_classes)
    monkeypatch.setattr(fold_ridge, "_LARGEST_DUALS", 0)
    found = held_out_ridge(*case, n_classes=n_classes)

    later = found.with_dual_coef(n_jobs=2)

    assert found.dual_coef is None
    assert kept.with_dual_coef() is kept
    assert kept.dual_coef is not None
    assert later.dual_coef is not None
    assert np.allclose(later.dual_coef, kept.dual_coef, atol=1e-6)
    assert later.scores.tobytes() == found.scores.tobytes()


def test_each_contribution_is_the_feature_times_its_weight_in_the_model_that_held_the_row_out() -> None:
    """Row 1 is judged by the model without its fold."""
    case = draw(6, n_classes=5)
    features, _, folds = case
    found = held_out_ridge(*case, n_classes=5, strengths=[3.0])

    parts = found.contributions(np.array([1, 7]), np.array([2, 1]), np.array([4, 3]))

    _, models = refitted(case, n_classes=5, strength=3.0)
    mean = models.mean(axis=0)
    weights = np.stack([models[folds[1], :-1, 2] - models[folds[1], :-1, 4], mean[:-1, 1] - mean[:-1, 3]])
    assert folds[7] == -1
    assert np.allclose(parts.toarray(), features[[1, 7]].toarray() * weights, atol=1e-5)


def test_a_row_is_not_judged_by_its_own_label() -> None:
    """Changing the label of a row changes the scores of its fold only through the other folds: not at all."""
    features, labels, folds = draw(7, n_classes=5)
    changed = labels.copy()
    changed[folds == 2] = 1 + changed[folds == 2] % 4
    plain = held_out_ridge(features, labels, folds, n_classes=5, strengths=[1.0])

    found = held_out_ridge(features, changed, folds, n_classes=5, strengths=[1.0])

    assert np.allclose(found.scores[folds == 2], plain.scores[folds == 2], atol=1e-6)
    assert not np.allclose(found.scores[folds == 1], plain.scores[folds == 1], atol=1e-3)


def test_duplicates_with_random_labels_are_judged_no_better_than_by_chance() -> None:
    """Every row has four copies, all with its label, in its fold: 4 classes make 1/4."""
    generator = np.random.default_rng(12)
    groups = np.repeat(np.arange(300), 5)
    labels = generator.integers(0, 4, 300)[groups]
    features = draw(12, n_classes=4, n_examples=300)[0][groups]
    folds = assign_folds(labels, groups, n_folds=10)

    found = held_out_ridge(features, labels, folds, n_classes=4)

    assert abs((found.scores.argmax(axis=1) == labels).mean() - 0.25) < 0.08


def test_a_class_missing_from_training_has_a_score_of_zero() -> None:
    """Its only row is judged all the same."""
    features, labels, folds = draw(8, n_classes=5)

    found = held_out_ridge(features, labels, folds, n_classes=5)

    assert np.allclose(found.scores[folds == folds[5], 0], 0, atol=1e-6)
    assert np.isfinite(found.scores).all()


def test_without_features_the_scores_are_the_shares_of_the_classes() -> None:
    """Three rows of class 1 and one of class 0 outside each fold, and no features."""
    labels, folds = np.array([1, 1, 0, 1, 1, 1, 0, 1]), np.repeat([0, 1], 4)
    nothing = sparse.csr_array(np.zeros((8, 2), dtype=np.float32))

    found = held_out_ridge(nothing, labels, folds, n_classes=2, strengths=[1e6])

    assert np.allclose(found.scores, [0.25, 0.75], atol=1e-5)


@pytest.mark.parametrize("seed", range(3))
def test_the_strength_with_the_lowest_loss_is_chosen(seed: int) -> None:
    """Of all offered; the path holds each."""
    case = draw(seed, n_classes=5)
    path = held_out_ridge_path(*case, n_classes=5)

    found = held_out_ridge(*case, n_classes=5)

    assert [each.strength for each in path] == list(fold_ridge.STRENGTHS)
    assert found.loss == min(each.loss for each in path) == min(found.losses)
    assert found.scores.tobytes() == next(each for each in path if each.strength == found.strength).scores.tobytes()


@pytest.mark.parametrize("with_unlabelled", [False, True])
def test_the_number_of_threads_changes_no_byte(with_unlabelled: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many small blocks; and neither does it matter how much memory a block may take."""
    never_exact(monkeypatch, to_the_end=False)
    monkeypatch.setattr(fold_ridge_problem, "_N_COLUMNS_AT_ONCE", 8)
    features, labels, folds = draw(9, n_classes=12, n_examples=400)
    if not with_unlabelled:
        features, labels, folds = features[labels != -1], labels[labels != -1], folds[labels != -1]

    one = held_out_ridge(features, labels, folds, n_classes=12, n_jobs=1)
    two = held_out_ridge(features, labels, folds, n_classes=12, n_jobs=2)

    assert one.scores.tobytes() == two.scores.tobytes()
    assert one.dual_coef is not None
    assert two.dual_coef is not None
    assert one.dual_coef.tobytes() == two.dual_coef.tobytes()


@pytest.mark.parametrize("n_classes", [1, 3])
def test_without_any_label_all_scores_are_zero(n_classes: int) -> None:
    """There is nothing to learn from; and no rows are no error."""
    nothing = np.full(4, -1)
    for n_examples in (4, 0):
        features = sparse.csr_array(np.ones((n_examples, 2), dtype=np.float32))

        found = held_out_ridge(features, nothing[:n_examples], nothing[:n_examples], n_classes=n_classes)

        assert found.scores.shape == (n_examples, n_classes)
        assert not found.scores.any()
        some = np.arange(n_examples)
        assert not found.contributions(some, some * 0, some * 0).data.any()


@pytest.mark.parametrize("is_exact", [False, True])
def test_one_class_and_one_fold_are_no_error(is_exact: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model without training rows says nothing."""
    monkeypatch.setattr(fold_ridge_blocks, "is_exact_cheaper", lambda *_, **__: is_exact)
    features = sparse.csr_array(np.eye(3, dtype=np.float32))

    one_fold = held_out_ridge(features, np.array([0, 1, 2]), np.zeros(3, dtype=np.int64), n_classes=3)
    one_class = held_out_ridge(features, np.zeros(3, dtype=np.int64), np.arange(3), n_classes=1)

    assert not one_fold.scores.any()
    assert np.allclose(one_class.scores, 1)


@pytest.mark.parametrize("strengths", [[], [0.0, 1.0], [3.0, 1.0], [1.0, 1.0]])
def test_strengths_ascend_from_above_zero(strengths: list[float]) -> None:
    """Otherwise they are refused."""
    with pytest.raises(ConfigError, match="strengths"):
        held_out_ridge(*draw(1, n_classes=2), n_classes=2, strengths=strengths)


@pytest.mark.parametrize("n_jobs", [1, 2])
@pytest.mark.parametrize("is_exact", [False, True])
def test_progress_never_falls_and_can_cancel(n_jobs: int, is_exact: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it raises comes through, whatever runs at the time."""
    monkeypatch.setattr(fold_ridge_blocks, "is_exact_cheaper", lambda *_, **__: is_exact)
    monkeypatch.setattr(fold_ridge_problem, "_N_COLUMNS_AT_ONCE", 8)
    case = draw(10, n_classes=12, n_examples=200)
    told: list[float] = []

    def watch(step: str, fraction: float) -> None:
        told.append(fraction)
        if step != "Judging by ridge regression" or len(told) == n_told:
            raise RunCancelledError("Stop.")

    n_told = -1
    held_out_ridge(*case, n_classes=12, n_jobs=n_jobs, progress=watch)
    first = list(told)
    told.clear()
    n_told = 2
    with pytest.raises(RunCancelledError, match="Stop"):
        held_out_ridge(*case, n_classes=12, n_jobs=n_jobs, progress=watch)

    assert first == sorted(first)
    assert 0 <= first[0] < first[-1]
    assert len(told) == 2


@pytest.mark.parametrize("relative_residual", [1e-4, 0.5])
def test_other_threads_are_told_of_until_all_blocks_are_done(
    relative_residual: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether or not they take all their steps: 6 blocks of 16 steps make 96."""
    never_exact(monkeypatch, to_the_end=False)
    monkeypatch.setattr(fold_ridge_iterations, "RELATIVE_RESIDUAL", relative_residual)
    monkeypatch.setattr(fold_ridge_problem, "_N_COLUMNS_AT_ONCE", 8)
    told: list[float] = []

    def watch(step: str, fraction: float) -> None:
        told.extend([fraction] if step else [])

    held_out_ridge(*draw(10, n_classes=12, n_examples=200), n_classes=12, n_jobs=2, progress=watch)

    assert told[-1] == 1
    assert (len(told) > 96) == (relative_residual == 1e-4)


def test_columns_that_are_solved_take_no_more_steps() -> None:
    """Rows of three kinds: three steps solve everything but rounding."""
    rows = sparse.csr_array(np.eye(3, dtype=np.float32)[np.arange(60) % 3])
    systems = fold_systems(rows, np.arange(60) % 3, np.arange(60) // 3 % 4, n_classes=3)
    steps: list[int] = []

    fold_ridge_iterations.solve_block(systems, np.arange(3), [1.0], told=lambda: steps.append(1))

    assert 0 < len(steps) <= 4


def test_contributions_can_be_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    """After each block, where the systems are solved again."""
    monkeypatch.setattr(fold_ridge, "_LARGEST_DUALS", 0)
    monkeypatch.setattr(fold_ridge_problem, "_N_COLUMNS_AT_ONCE", 8)
    found = held_out_ridge(*draw(5, n_classes=12), n_classes=12)
    told: list[float] = []

    def watch(step: str, fraction: float) -> None:
        told.append(fraction)
        if fraction > 0:
            raise RunCancelledError(step)

    with pytest.raises(RunCancelledError):
        found.contributions(np.arange(12), np.arange(12), np.arange(12)[::-1], progress=watch)

    assert len(told) == 2


def test_an_error_in_a_thread_comes_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """And does not leave the caller waiting."""
    never_exact(monkeypatch)
    monkeypatch.setattr(fold_ridge_problem, "_N_COLUMNS_AT_ONCE", 8)

    def fail(*_: object, **__: object) -> None:
        raise MemoryError("no more")

    monkeypatch.setattr(fold_ridge_blocks, "solve_block", fail)

    with pytest.raises(MemoryError, match="no more"):
        held_out_ridge(*draw(10, n_classes=12), n_classes=12, n_jobs=2)


def test_results_are_read_only_and_the_callers_arrays_untouched() -> None:
    """So that nobody changes them by mistake."""
    features, labels, folds = draw(11, n_classes=5)
    before = features.toarray(), labels.copy(), folds.copy()

    found = held_out_ridge(features, labels, folds, n_classes=5)

    assert not found.scores.flags.writeable
    assert folds.flags.writeable
    assert np.array_equal(features.toarray(), before[0])
    assert np.array_equal(labels, before[1])
    assert np.array_equal(folds, before[2])
