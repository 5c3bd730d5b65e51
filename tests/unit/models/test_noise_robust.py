"""Find, prune, weigh, train again."""

from __future__ import annotations

import warnings
from typing import Any, get_args

import numpy as np
import pandas as pd
import pytest
import sklearn
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import clone
from sklearn.dummy import DummyClassifier
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, PredefinedSplit, StratifiedKFold
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC
from sklearn.utils.estimator_checks import estimator_checks_generator

from labelclean.config import FilterMethod
from labelclean.core.label_issues import find_label_issues
from labelclean.errors import ConfigError, InvalidInputError, LabelCleanWarning
from labelclean.models.forward_correction import ForwardCorrectedClassifier
from labelclean.models.noise_robust import NoiseRobustClassifier
from labelclean.models.out_of_sample import out_of_sample_pred_probs
from labelclean.models.weighted_issues import weighted_label_issues
from labelclean.results import NoiseEstimate
from tests import reference_noise_robust as reference
from tests.core_oracle import N_CASES, as_documented, make_case
from tests.core_oracle import reference as cleanlab_module

Codes = NDArray[np.int64]
Floats = NDArray[np.float64]


def run_checks(estimator: object) -> int:
    """Let scikit-learn check an estimator, and return the number of checks that ran."""
    n_run = 0
    for subject, check in estimator_checks_generator(estimator):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the checks provoke warnings on purpose
            try:
                check(subject)
            except pytest.skip.Exception:
                continue
            except Exception as error:
                if type(error).__name__ == "SkipTest":
                    continue
                raise
        n_run += 1
    return n_run


@pytest.mark.parametrize("model", [NoiseRobustClassifier(), NoiseRobustClassifier(LogisticRegression())])
def test_scikit_learn_finds_nothing_wrong(model: NoiseRobustClassifier) -> None:
    """All its checks for classifiers, multi-label ones too."""
    assert run_checks(model) > 60


def noisy(n_rows: int = 300, *, seed: int = 0, rate: float = 0.2) -> tuple[Floats, Codes, Codes]:
    """Draw rows of three overlapping classes, true and given labels; class 0 is often taken for 1."""
    generator = np.random.default_rng(seed)
    true = generator.integers(0, 3, n_rows)
    given = np.where((true == 0) & (generator.random(n_rows) < 2 * rate), 1, true)
    return generator.normal(size=(n_rows, 3)) * 0.6 + 2 * np.eye(3)[true], true, given


def test_it_is_what_its_steps_are_by_hand() -> None:
    """Held-out probabilities, issues, rows left out, weights of one over the diagonal, training."""
    rows, _, given = noisy()
    seed = int(np.random.default_rng(0).integers(2**32, size=2)[0])
    probs = out_of_sample_pred_probs(LogisticRegression(), rows, given, random_state=seed)
    found = find_label_issues(given, probs, min_examples_per_class=10)
    noise = found.noise.noise_matrix.tolist()
    weights = np.array([reference.class_weight(noise, label, 10.0) for label in given.tolist()])
    kept = ~found.is_issue
    by_hand = LogisticRegression().fit(rows[kept], given[kept], sample_weight=weights[kept])

    model = NoiseRobustClassifier(LogisticRegression()).fit(rows, given)

    assert 20 < found.is_issue.sum() < 60
    assert np.array_equal(model.label_issues_, found.is_issue)
    assert np.allclose(model.sample_weight_, np.where(kept, weights, 0))
    assert np.allclose(model.predict_proba(rows), by_hand.predict_proba(rows))
    assert isinstance(model.noise_, NoiseEstimate)
    assert np.array_equal(model.noise_.confident_joint, found.noise.confident_joint)


def test_it_finds_the_true_labels_better_than_training_on_the_noisy_ones() -> None:
    """Four in ten of class 0 are given as 1; the mean over five draws."""
    better = []
    for seed in range(5):
        rows, _, given = noisy(seed=seed)
        fresh, true, _ = noisy(2000, seed=100 + seed)

        robust = NoiseRobustClassifier(LogisticRegression()).fit(rows, given).score(fresh, true)

        better.append(robust - LogisticRegression().fit(rows, given).score(fresh, true))
    assert np.mean(better) > 0.02
    assert min(better) > -0.005


@pytest.mark.parametrize("first", range(0, N_CASES, 50))
def test_rows_and_weights_are_the_references(first: int) -> None:
    """The same probabilities and options give cleanlab's rows and weights, where every class is given."""
    clean_learning = cleanlab_module("classification").CleanLearning
    n_pruned = 0
    for seed in range(first, first + 50):
        given, probs = make_case(seed, missing=False)  # a class that nobody gave has no column here
        for options in ({"min_examples_per_class": 10}, {"min_examples_per_class": 1, "frac_noise": 0.7}):
            rows = np.zeros((len(given), 1))
            with as_documented():
                theirs = clean_learning(DummyClassifier(), find_label_issues_kwargs={**options, "n_jobs": 1})
                theirs.fit(rows, given, pred_probs=probs)

            ours = NoiseRobustClassifier(DummyClassifier(), max_weight=1000, **options)
            ours.fit(rows, given, pred_probs=probs)

            assert np.array_equal(ours.label_issues_, theirs.label_issues_mask), seed
            assert np.allclose(ours.sample_weight_, theirs.label_issues_df["sample_weight"]), seed
            n_pruned += int(ours.label_issues_.sum())
    assert n_pruned > 500


def test_a_class_weighs_no_more_than_allowed() -> None:
    """A diagonal of 0.01 would mean 100 times; nothing below 1 is allowed."""
    rows, _, given = noisy()
    noise = np.array([[0.01, 0.0, 0.0], [0.99, 1.0, 0.0], [0.0, 0.0, 1.0]])

    model = NoiseRobustClassifier(GaussianNB(), max_weight=4).fit(rows, given, noise_matrix=noise)

    kept = ~model.label_issues_
    assert np.allclose(model.sample_weight_[kept], np.array([4.0, 1.0, 1.0])[given[kept]])
    with pytest.raises(ConfigError, match="max_weight must be 1 or more"):
        NoiseRobustClassifier(max_weight=0.5).fit(rows, given)


def test_issues_found_elsewhere_are_taken_as_they_are() -> None:
    """A mask alone gives no weights, a result or a noise matrix does; nothing is cross-validated."""
    rows, true, given = noisy()
    found = find_label_issues(given, np.eye(3)[true] * 0.9 + 0.1 / 3)

    by_mask = NoiseRobustClassifier().fit(rows, given, label_issues=given != true)
    by_result = NoiseRobustClassifier().fit(rows, given, label_issues=found)

    assert np.array_equal(by_mask.label_issues_, given != true)
    assert np.array_equal(by_mask.sample_weight_, (given == true).astype(float))
    assert by_mask.noise_ is None
    assert by_result.noise_ is found.noise
    assert by_result.sample_weight_.max() > 1
    with pytest.raises(InvalidInputError, match="bool for each label"):
        NoiseRobustClassifier().fit(rows, given, label_issues=np.array([1, 2, 3]))


def test_weights_of_the_caller_multiply_the_classes() -> None:
    """Less what is thought wrong; both reach the classifier."""
    rows, _, given = noisy()
    weights = np.random.default_rng(1).random(300) + 0.5
    probs = out_of_sample_pred_probs(LogisticRegression(), rows, given)
    found = weighted_label_issues(given, probs, weights, min_examples_per_class=10)
    noise = found.noise.noise_matrix.tolist()
    of_class = np.array([reference.class_weight(noise, label, 10.0) for label in given.tolist()])

    plain = NoiseRobustClassifier().fit(rows, given, pred_probs=probs)
    weighted = NoiseRobustClassifier().fit(rows, given, weights, pred_probs=probs)

    assert np.allclose(weighted.sample_weight_, found.kept_weights * of_class)
    assert np.array_equal(weighted.label_issues_, found.kept_weights == 0)
    assert not np.allclose(weighted.predict_proba(rows), plain.predict_proba(rows))


def test_weights_of_1_change_nothing() -> None:
    """Not a bit."""
    rows, _, given = noisy()

    plain = NoiseRobustClassifier().fit(rows, given)
    weighted = NoiseRobustClassifier().fit(rows, given, np.ones(300))

    assert plain.label_issues_.any()
    assert np.array_equal(weighted.sample_weight_, plain.sample_weight_)
    assert np.array_equal(weighted.predict_proba(rows), plain.predict_proba(rows))


@pytest.mark.parametrize("sets", [False, True], ids=["classes", "label sets"])
@pytest.mark.parametrize("filter_by", get_args(FilterMethod))
def test_whole_weights_are_repeated_rows(filter_by: FilterMethod, sets: bool) -> None:
    """In what is kept, in the noise and in the predictions; weight 0 is none. Copies share a part of the splits."""
    rows, _, given = label_sets() if sets else noisy()
    weights = np.random.default_rng(6).integers(0, 4, len(rows))
    copies, parts = np.repeat(np.arange(len(rows)), weights), np.arange(len(rows)) % 4
    options: dict[str, Any] = {"filter_by": filter_by, "min_examples_per_class": 1}
    precise = LogisticRegression(tol=1e-10, max_iter=2000)

    weighted = NoiseRobustClassifier(precise, cv=PredefinedSplit(parts), **options).fit(rows, given, weights)
    repeated = NoiseRobustClassifier(precise, cv=list(PredefinedSplit(parts[copies]).split()), **options)
    repeated.fit(rows[copies], given[copies])

    in_all = np.zeros(weighted.sample_weight_.shape)
    np.add.at(in_all, copies, repeated.sample_weight_)
    assert repeated.label_issues_.sum() > 20
    assert np.allclose(weighted.sample_weight_, in_all, rtol=1e-9)
    assert np.array_equal(weighted.label_issues_[copies], (in_all == 0)[copies])
    assert not weighted.label_issues_[weights == 0].any()
    assert np.allclose(weighted.predict_proba(rows), repeated.predict_proba(rows), rtol=1e-5)
    for ours, theirs in zip(noise_of(weighted), noise_of(repeated), strict=True):
        assert np.array_equal(ours, theirs)


def noise_of(model: NoiseRobustClassifier) -> list[Floats]:
    """Return the noise matrices found."""
    found = model.noise_ if isinstance(model.noise_, tuple) else (model.noise_,)
    return [np.asarray(each.noise_matrix, dtype=np.float64) for each in found if each is not None]


@pytest.mark.parametrize("cv", [None, StratifiedKFold(4)], ids=["own folds", "splitter"])
def test_a_row_of_weight_0_is_not_there(cv: object) -> None:
    """Its class stays in the columns."""
    rows, _, given = noisy()
    weights = np.random.default_rng(7).random(300) * 3
    weights[::7] = 0.0
    weights[given == 2] = 0.0
    kept = weights > 0

    some = NoiseRobustClassifier(cv=cv).fit(rows, given, weights)
    without = NoiseRobustClassifier(cv=cv).fit(rows[kept], given[kept], weights[kept])

    assert without.label_issues_.any()
    assert np.allclose(some.sample_weight_[kept], without.sample_weight_)
    assert not some.sample_weight_[~kept].any()
    assert some.classes_.tolist() == [0, 1, 2]
    assert np.allclose(some.predict_proba(rows)[:, :2], without.predict_proba(rows))


def test_a_classifier_without_weights_is_trained_without() -> None:
    """The weights say so; the caller's own are refused."""
    rows, _, given = noisy()

    model = NoiseRobustClassifier(KNeighborsClassifier()).fit(rows, given)

    assert set(model.sample_weight_) == {0.0, 1.0}
    with pytest.raises(InvalidInputError, match="must take weights"):
        model.fit(rows, given, np.ones(300))


def test_texts_go_through_a_pipeline_whole_and_weights_to_its_end() -> None:
    """The vectoriser is part of the estimator."""
    texts = [f"{colour} thing number {number}" for number in range(30) for colour in ("red", "blue")]
    labels = np.array(["r", "b"] * 30)
    labels[[4, 9]] = ["b", "r"]
    pipeline = make_pipeline(TfidfVectorizer(), LogisticRegression(C=10))

    model = NoiseRobustClassifier(pipeline).fit(texts, labels)

    assert np.flatnonzero(model.label_issues_).tolist() == [4, 9]
    assert model.predict(["a red one", "a blue one"]).tolist() == ["r", "b"]


def test_it_can_be_searched_over_cloned_and_put_in_a_pipeline() -> None:
    """Nested parameters have their usual names."""
    rows, true, given = noisy(150)
    search = GridSearchCV(
        make_pipeline(NoiseRobustClassifier(LogisticRegression())),
        {"noiserobustclassifier__estimator__C": [1e-4, 1.0], "noiserobustclassifier__n_folds": [3]},
        cv=3,
    )

    search.fit(rows, given, noiserobustclassifier__sample_weight=np.ones(150))

    assert search.best_params_["noiserobustclassifier__estimator__C"] == 1.0
    assert search.score(rows, true) > 0.85
    assert clone(search.best_estimator_)[0].n_folds == 3


def test_weights_are_routed_where_scikit_learn_routes_them() -> None:
    """A pipeline inside asks its end for them."""
    rows, _, given = noisy(150)
    weights = np.random.default_rng(2).random(150) + 0.5
    with sklearn.config_context(enable_metadata_routing=True):
        inner = make_pipeline(LogisticRegression().set_fit_request(sample_weight=True))
        deaf = make_pipeline(LogisticRegression().set_fit_request(sample_weight=False))

        routed = NoiseRobustClassifier(inner).fit(rows, given, weights)

        with pytest.raises(InvalidInputError, match="must take weights"):
            NoiseRobustClassifier(deaf).fit(rows, given, weights)
    plain = NoiseRobustClassifier(LogisticRegression()).fit(rows, given, weights)
    assert np.allclose(routed.predict_proba(rows), plain.predict_proba(rows))


def label_sets() -> tuple[Floats, Codes, Codes]:
    """Draw rows with three labels each on its own, the fourth never and the fifth always given; some are dropped."""
    generator = np.random.default_rng(9)
    true = (generator.random((400, 5)) < 0.4).astype(np.int64)
    true[:, 3], true[:, 4] = 0, 1
    dropped = generator.random((400, 5)) < 0.15
    dropped[:, 4] = False
    return generator.normal(size=(400, 3)) * 0.3 + true[:, :3], true, true * ~dropped


@pytest.mark.parametrize("kind", ["dense", "sparse", "list"])
def test_sets_of_labels_are_learnt_one_against_the_rest(kind: str) -> None:
    """Most dropped labels are found; a label always or never given stays so."""
    rows, true, given = label_sets()
    forms: dict[str, Any] = {"dense": given, "sparse": sparse.csr_array(given), "list": given.tolist()}

    model = NoiseRobustClassifier(LogisticRegression()).fit(rows, forms[kind])
    probs, predicted = model.predict_proba(rows), model.predict(rows)

    wrong = given != true
    assert model.classes_.tolist() == [0, 1, 2, 3, 4]
    assert model.label_issues_[wrong].mean() > 0.6
    assert model.label_issues_[~wrong].mean() < 0.05
    assert probs.shape == (400, 5)
    assert not probs[:, 3].any()
    assert (probs[:, 4] == 1).all()
    assert (predicted == true).mean() > 0.95
    assert model.n_features_in_ == 3


def test_sets_of_labels_take_what_is_known_of_each_label() -> None:
    """Held-out probabilities, issues and noise per label; the same as the label alone."""
    rows, true, given = label_sets()
    probs = np.clip(true * 0.8 + 0.1, 0, 1)
    noise = np.tile([[1.0, 0.5], [0.0, 0.5]], (5, 1, 1))
    two = np.stack([1 - probs[:, 1], probs[:, 1]], axis=1)

    together = NoiseRobustClassifier().fit(rows, given, pred_probs=probs, noise_matrix=noise)
    alone = NoiseRobustClassifier().fit(rows, given[:, 1], pred_probs=two, noise_matrix=noise[1])
    masked = NoiseRobustClassifier().fit(rows, given, label_issues=given != true)

    assert np.array_equal(together.label_issues_[:, 1], alone.label_issues_)
    assert np.array_equal(together.sample_weight_[:, 1], alone.sample_weight_)
    assert np.allclose(together.predict_proba(rows)[:, 1], alone.predict_proba(rows)[:, 1])
    assert np.array_equal(masked.label_issues_, given != true)


def test_a_label_that_all_rows_of_some_weight_agree_on_stays_so() -> None:
    """Rows of weight 0 are not there to speak against it."""
    rows, _, given = label_sets()
    weights = given[:, 0] * 2.0

    model = NoiseRobustClassifier().fit(rows, given, weights)

    assert (model.predict_proba(rows)[:, 0] == 1).all()
    assert not model.label_issues_[:, 0].any()
    assert np.array_equal(model.sample_weight_[:, 0], weights)


def test_a_class_without_right_labels_is_never_predicted_and_said_so() -> None:
    """Everything given 2 is wrong."""
    rows, _, given = noisy()

    with pytest.warns(LabelCleanWarning, match="No label of 1 of 3 classes"):
        model = NoiseRobustClassifier().fit(rows, given, label_issues=given == 2)

    probs = model.predict_proba(rows)
    assert not probs[:, 2].any()
    assert np.allclose(probs.sum(axis=1), 1)


def test_tables_keep_the_names_of_their_columns() -> None:
    """As in scikit-learn."""
    rows, _, given = noisy(90)

    model = NoiseRobustClassifier().fit(pd.DataFrame(rows, columns=["a", "b", "c"]), pd.Series(given))

    assert model.feature_names_in_.tolist() == ["a", "b", "c"]
    assert model.n_features_in_ == 3


def test_groups_share_a_fold() -> None:
    """Copies of a row do not vouch for each other; without groups nearest neighbours find no error."""
    rows, true, given = noisy(120, rate=0.15)
    copies, labels, names = np.repeat(rows, 3, axis=0), np.repeat(given, 3), np.repeat(np.arange(120), 3)

    apart = NoiseRobustClassifier(KNeighborsClassifier(1)).fit(copies, labels)
    together = NoiseRobustClassifier(KNeighborsClassifier(1)).fit(copies, labels, groups=names)

    wrong = np.repeat(given != true, 3)
    assert apart.label_issues_[wrong].mean() < 0.1
    assert together.label_issues_[wrong].mean() > 0.5


def test_the_number_of_threads_does_not_change_a_bit_and_arguments_stay_as_they_are() -> None:
    """Same bits; nothing given is written to."""
    rows, _, given = noisy()
    frozen = [array.copy() for array in (rows, given)]
    for array in (rows, given):
        array.flags.writeable = False
    estimator = LogisticRegression()

    alone = NoiseRobustClassifier(estimator).fit(rows, given).predict_proba(rows)
    together = NoiseRobustClassifier(estimator, n_jobs=4).fit(rows, given).predict_proba(rows)

    assert alone.tobytes() == together.tobytes()
    assert all(np.array_equal(before, now) for before, now in zip(frozen, (rows, given), strict=True))
    assert not hasattr(estimator, "coef_")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"pred_probs": np.full((300, 2), 0.5)}, r"one column per class of y, \(300, 3\); got \(300, 2\)"),
        ({"noise_matrix": np.eye(2)}, r"shape \(3, 3\); got \(2, 2\)"),
        ({"noise_matrix": np.array([[0.5, 0.5, 0.0], [0.1, 0.9, 0.0], [0, 0, 1.0]])}, "column sums from 0.6 to 1.4"),
        ({"sample_weight": np.zeros(300)}, "must not be zero everywhere"),
    ],
)
def test_what_does_not_fit_is_refused(given: dict[str, Any], message: str) -> None:
    """Before anything is trained."""
    rows, _, labels = noisy()

    with pytest.raises(InvalidInputError, match=message):
        NoiseRobustClassifier().fit(rows, labels, **given)


def test_rows_and_labels_must_be_as_many() -> None:
    """Also where nothing has to be cross-validated."""
    rows, _, given = noisy()

    for model in (NoiseRobustClassifier(), ForwardCorrectedClassifier()):
        with pytest.raises(ValueError, match=r"inconsistent numbers of samples: \[299, 300\]"):
            model.fit(rows[1:], given, pred_probs=np.full((300, 3), 1 / 3))


def test_it_wants_probabilities_and_training_first() -> None:
    """A classifier of scores is refused with a way out; so is predicting before fitting."""
    rows, _, given = noisy()

    with pytest.raises(InvalidInputError, match="CalibratedClassifierCV"):
        NoiseRobustClassifier(LinearSVC()).fit(rows, given)
    with pytest.raises(NotFittedError):
        NoiseRobustClassifier().predict(rows)
