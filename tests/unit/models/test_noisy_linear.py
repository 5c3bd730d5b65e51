"""Forward correction and noise adaptation as classifiers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import sparse
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, KFold, PredefinedSplit

from labelclean.core.label_issues import find_label_issues
from labelclean.errors import ConfigError, InvalidInputError
from labelclean.models.forward_correction import ForwardCorrectedClassifier
from labelclean.models.logistic import SoftmaxRegression
from labelclean.models.noise_adaptation import NoiseAdaptedClassifier
from labelclean.models.noise_counts import noise_counts, shares_of_true
from labelclean.models.noisy_linear import NoisyLinearClassifier
from labelclean.models.out_of_sample import out_of_sample_pred_probs
from labelclean.models.targets import check_targets
from tests.unit.models.test_noise_robust import label_sets, noisy, run_checks

BOTH = [ForwardCorrectedClassifier(), NoiseAdaptedClassifier(), NoiseAdaptedClassifier(cross_fit=False)]
BOTH_IDS = ["forward correction", "noise adaptation, held out", "noise adaptation"]


@pytest.mark.parametrize("model", BOTH, ids=BOTH_IDS)
def test_scikit_learn_finds_nothing_wrong(model: NoisyLinearClassifier) -> None:
    """All its checks for classifiers, multi-label and sparse ones too."""
    assert run_checks(clone(model)) > 60


def test_without_noise_forward_correction_is_logistic_regression() -> None:
    """scikit-learn's own with the same penalty."""
    rows, _, given = noisy()
    expected = LogisticRegression(C=2.0, tol=1e-8, max_iter=1000).fit(rows, given).predict_proba(rows)

    model = ForwardCorrectedClassifier(2.0, tol=1e-8, max_steps=1000).fit(rows, given, noise_matrix=np.eye(3))

    assert np.abs(model.predict_proba(rows) - expected).max() < 2e-3


def test_without_noise_sets_of_labels_are_one_logistic_regression_each() -> None:
    """All trained at once, and yet each on its own."""
    rows, true, _ = label_sets()
    untouched = np.tile(np.eye(2), (3, 1, 1))
    expected = [
        LogisticRegression(C=2.0, tol=1e-8, max_iter=1000).fit(rows, true[:, label]).predict_proba(rows)[:, 1]
        for label in range(3)
    ]

    model = ForwardCorrectedClassifier(2.0, tol=1e-8, max_steps=1000).fit(rows, true[:, :3], noise_matrix=untouched)

    assert np.abs(model.predict_proba(rows) - np.stack(expected, axis=1)).max() < 2e-3


def test_the_noise_is_estimated_by_confident_learning_from_held_out_probabilities() -> None:
    """Those of the same regression, or the caller's."""
    rows, _, given = noisy()
    seed = int(np.random.default_rng(0).integers(2**32))
    features = sparse.csr_array(rows.astype(np.float32))
    probs = out_of_sample_pred_probs(SoftmaxRegression(10.0), features, given, random_state=seed)
    expected = find_label_issues(given, probs).noise.noise_matrix

    estimated = ForwardCorrectedClassifier().fit(rows, given)
    handed_over = ForwardCorrectedClassifier().fit(rows, given, pred_probs=probs)

    assert expected[1, 0] > 0.2
    assert np.allclose(estimated.noise_matrix_, expected)
    assert np.array_equal(estimated.coef_, handed_over.coef_)


def test_the_noise_of_each_label_is_that_of_the_label_alone() -> None:
    """Two classes, absent and present; counts add up to the rows."""
    _, true, given = label_sets()
    probs = np.clip(true * 0.7 + 0.15, 0, 1)
    targets = check_targets(given)

    counts = noise_counts(targets, probs)

    assert (counts.sum(axis=(1, 2)) == 400).all()
    for label in range(5):
        alone = find_label_issues(given[:, label], np.stack([1 - probs[:, label], probs[:, label]], axis=1))
        assert np.array_equal(counts[label], alone.noise.confident_joint)
    assert np.allclose(shares_of_true(counts).sum(axis=1), 1)


@pytest.mark.parametrize("model", BOTH, ids=BOTH_IDS)
def test_true_classes_are_found_better_than_by_training_on_noisy_labels(model: NoisyLinearClassifier) -> None:
    """Four in ten of class 0 are given as 1; the mean over five draws."""
    better = []
    for seed in range(5):
        rows, _, given = noisy(seed=seed)
        fresh, true, _ = noisy(2000, seed=100 + seed)
        naive = LogisticRegression(C=10).fit(rows, given).score(fresh, true)

        better.append(clone(model).fit(rows, given).score(fresh, true) - naive)
    assert np.mean(better) > 0.02


@pytest.mark.parametrize("model", BOTH, ids=BOTH_IDS)
def test_dropped_labels_of_sets_are_put_back(model: NoisyLinearClassifier) -> None:
    """Labels dropped at random come back; one always or never given stays so."""
    rows, true, given = label_sets()

    fitted = clone(model).fit(rows, given)
    predicted = fitted.predict(rows)

    assert fitted.noise_matrix_.shape == (5, 2, 2)
    assert np.allclose(fitted.noise_matrix_.sum(axis=1), 1)
    assert (predicted[:, :3] == true[:, :3]).mean() > 0.95
    assert not predicted[:, 3].any()
    assert predicted[:, 4].all()


@pytest.mark.parametrize("sets", [False, True], ids=["classes", "label sets"])
@pytest.mark.parametrize("prior_strength", [0.0, 1.0])
def test_the_likelihood_never_falls(sets: bool, prior_strength: float) -> None:
    """The theorem of expectation-maximisation; up to rounding in single precision."""
    rows, _, given = label_sets() if sets else noisy()

    model = NoiseAdaptedClassifier(cross_fit=False, prior_strength=prior_strength, n_rounds=30, tol=-1.0)
    model.fit(rows, given)

    assert len(model.log_likelihoods_) == 31
    assert model.log_likelihoods_[-1] > model.log_likelihoods_[0] + 1e-3
    assert np.diff(model.log_likelihoods_).min() > -1e-5


def test_the_turns_stop_where_they_bring_nothing() -> None:
    """The held-out likelihood rises until the last turn, which is dropped if it fell."""
    rows, _, given = noisy()

    model = NoiseAdaptedClassifier(n_rounds=50).fit(rows, given)

    rises = np.diff(model.log_likelihoods_)
    assert 1 <= model.n_iter_ < 50
    assert len(rises) == model.n_iter_
    assert (rises[:-1] > 0).all()


def test_a_strong_prior_keeps_the_noise_it_was_given() -> None:
    """And no prior lets it go."""
    rows, _, given = noisy()
    noise = 0.94 * np.eye(3) + 0.02

    kept = NoiseAdaptedClassifier(prior_strength=1e4, cross_fit=False).fit(rows, given, noise_matrix=noise)
    free = NoiseAdaptedClassifier(prior_strength=0, cross_fit=False).fit(rows, given, noise_matrix=noise)

    assert np.allclose(kept.noise_matrix_, noise, atol=1e-3)
    assert free.noise_matrix_[1, 0] > 0.1


@pytest.mark.parametrize("sets", [False, True], ids=["classes", "label sets"])
@pytest.mark.parametrize("knows", ["nothing", "noise_matrix", "pred_probs"])
@pytest.mark.parametrize("model", BOTH, ids=BOTH_IDS)
def test_whole_weights_are_repeated_rows(model: NoisyLinearClassifier, knows: str, sets: bool) -> None:
    """In the noise and in the predictions; weight 0 is none. Copies share a part of the splits."""
    rows, true, given = label_sets() if sets else noisy()
    weights = np.random.default_rng(4).integers(0, 4, len(rows))
    copies, parts = np.repeat(np.arange(len(rows)), weights), np.arange(len(rows)) % 4
    probs = np.clip(true, 0.1, 0.8) if sets else np.eye(3)[true] * 0.7 + 0.1
    noise = np.tile([[0.9, 0.2], [0.1, 0.8]], (5, 1, 1)) if sets else 0.85 * np.eye(3) + 0.05
    known: dict[str, Any] = {"noise_matrix": {"noise_matrix": noise}, "pred_probs": {"pred_probs": probs}}.get(
        knows, {}
    )
    copied = {"pred_probs": probs[copies]} if knows == "pred_probs" else known

    weighted = clone(model).set_params(cv=PredefinedSplit(parts)).fit(rows, given, weights, **known)
    repeated = clone(model).set_params(cv=PredefinedSplit(parts[copies])).fit(rows[copies], given[copies], **copied)

    assert np.allclose(weighted.noise_matrix_, repeated.noise_matrix_, rtol=1e-7)
    assert np.allclose(weighted.predict_proba(rows), repeated.predict_proba(rows), rtol=1e-7)


@pytest.mark.parametrize("sets", [False, True], ids=["classes", "label sets"])
@pytest.mark.parametrize("model", BOTH, ids=BOTH_IDS)
def test_a_row_of_weight_0_is_not_there(model: NoisyLinearClassifier, sets: bool) -> None:
    """Nor in the folds; with groups."""
    rows, _, given = label_sets() if sets else noisy()
    weights = np.random.default_rng(5).random(len(rows)) * 3
    weights[::7] = 0.0
    kept, groups = weights > 0, np.arange(len(rows)) // 3

    some = clone(model).fit(rows, given, weights, groups=groups)
    without = clone(model).fit(rows[kept], given[kept], weights[kept], groups=groups[kept])

    assert np.allclose(some.noise_matrix_, without.noise_matrix_, rtol=1e-7)
    assert np.allclose(some.predict_proba(rows), without.predict_proba(rows), rtol=1e-7)


@pytest.mark.parametrize("sets", [False, True], ids=["classes", "label sets"])
@pytest.mark.parametrize("model", BOTH, ids=BOTH_IDS)
def test_several_test_parts_of_the_same_rows_say_what_one_says(model: NoisyLinearClassifier, sets: bool) -> None:
    """The mean of the same twice; the number of folds does not count."""
    rows, _, given = label_sets() if sets else noisy()
    splits = list(KFold(4).split(rows))

    once = clone(model).set_params(cv=4 if sets else splits).fit(rows, given)
    twice = clone(model).set_params(cv=[*splits, *splits], n_folds=3).fit(rows, given)

    assert np.allclose(once.noise_matrix_, twice.noise_matrix_, rtol=1e-9)
    assert np.allclose(once.predict_proba(rows), twice.predict_proba(rows), rtol=1e-9)


@pytest.mark.parametrize("precision", [np.float32, np.float64])
@pytest.mark.parametrize("model", BOTH, ids=BOTH_IDS)
def test_rows_of_any_kind_give_the_same_and_threads_change_nothing(
    model: NoisyLinearClassifier, precision: type[np.floating]
) -> None:
    """Dense, sparse of any layout, lists; in the precision they come in."""
    rows, _, given = noisy()
    rows = rows.astype(np.float32).astype(precision)
    rows.flags.writeable = False
    kinds: list[Any] = [sparse.csr_matrix(rows), sparse.coo_array(rows)]
    kinds += [rows.tolist()] if precision is np.float64 else []

    fitted = clone(model).fit(rows, given)
    expected = fitted.predict_proba(rows)

    assert fitted.coef_.dtype == fitted.intercept_.dtype == precision
    for kind in kinds:
        assert np.array_equal(clone(model).set_params(n_jobs=3).fit(kind, given).predict_proba(kind), expected)


@pytest.mark.parametrize("model", BOTH, ids=BOTH_IDS)
def test_both_precisions_learn_the_same(model: NoisyLinearClassifier) -> None:
    """As far as single precision goes."""
    rows, _, given = noisy()

    double = clone(model).fit(rows, given).predict_proba(rows)
    single = clone(model).fit(rows.astype(np.float32), given).predict_proba(rows)

    assert np.abs(double - single).max() < 1e-3


def test_labels_of_any_kind_come_back() -> None:
    """Text, and a single class."""
    rows, _, given = noisy()
    names = np.array(["no", "so", "yes"])

    by_name = ForwardCorrectedClassifier().fit(rows, names[given])
    alone = ForwardCorrectedClassifier().fit(rows, ["only"] * 300)

    assert by_name.classes_.tolist() == ["no", "so", "yes"]
    assert set(by_name.predict(rows)) == {"no", "so", "yes"}
    assert (alone.predict_proba(rows) == 1).all()


@pytest.mark.parametrize("model", BOTH[:2], ids=BOTH_IDS[:2])
def test_a_search_over_the_penalty_works(model: NoisyLinearClassifier) -> None:
    """As over any classifier."""
    rows, true, given = noisy()
    search = GridSearchCV(model, {"inverse_penalty": [1e-4, 1.0]}, cv=3, scoring="neg_log_loss")

    search.fit(rows, given)

    assert search.best_params_ == {"inverse_penalty": 1.0}
    assert (search.predict(rows) == true).mean() > 0.85


@pytest.mark.parametrize(
    ("model", "options", "message"),
    [
        (ForwardCorrectedClassifier(0.0), {}, "inverse_penalty must be above 0"),
        (ForwardCorrectedClassifier(max_steps=0), {}, "max_steps must be above 0"),
        (ForwardCorrectedClassifier(n_folds=1), {}, "n_folds must be a whole number, 2 or more"),
        (NoiseAdaptedClassifier(prior_strength=-1.0), {}, "prior_strength must be 0 or more"),
        (NoiseAdaptedClassifier(n_rounds=0), {}, "n_rounds must be above 0"),
        (ForwardCorrectedClassifier(), {"noise_matrix": np.eye(4)}, r"shape \(3, 3\); got \(4, 4\)"),
        (ForwardCorrectedClassifier(), {"noise_matrix": -np.eye(3)}, "numbers from 0 to 1"),
        (ForwardCorrectedClassifier(), {"pred_probs": np.ones((2, 3))}, "pred_probs must have one row per example"),
        (ForwardCorrectedClassifier(), {"groups": [1]}, "groups must have one value for each of the 300 rows"),
    ],
)
def test_what_does_not_fit_is_refused(model: NoisyLinearClassifier, options: dict[str, Any], message: str) -> None:
    """Each says what was found."""
    rows, _, given = noisy()

    with pytest.raises((ConfigError, InvalidInputError), match=message):
        model.fit(rows, given, **options)


def test_predicting_wants_training_first() -> None:
    """As in scikit-learn."""
    with pytest.raises(NotFittedError):
        ForwardCorrectedClassifier().predict([[1.0]])
