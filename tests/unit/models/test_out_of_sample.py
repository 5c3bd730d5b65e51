"""Held-out probabilities of anybody's classifier."""

from __future__ import annotations

import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Self

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import sparse
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression, Perceptron
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC
from sklearn.tree import ExtraTreeClassifier
from threadpoolctl import threadpool_info

from labelclean.errors import ConfigError, InvalidInputError, RunCancelledError
from labelclean.models.folds import assign_folds
from labelclean.models.out_of_sample import out_of_sample_pred_probs


def blobs(n_rows: int = 90, n_classes: int = 3) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Draw well separated groups of rows, so that each class can be recognised."""
    generator = np.random.default_rng(21)
    labels = generator.permutation(np.arange(n_rows) % n_classes)
    return generator.normal(size=(n_rows, n_classes)) * 0.3 + 2.0 * np.eye(n_classes)[labels], labels


class Shares:
    """The smallest classifier there can be: it counts, and remembers what it was given."""

    def __init__(self) -> None:
        self.seen: list[tuple[list[Any], list[Any]]] = []

    def fit(self, X: Any, y: Any) -> Self:  # noqa: N803  (scikit-learn's own argument name)
        """Count the classes."""
        self.classes_, counts = np.unique(y, return_counts=True)
        self.shares_ = counts / len(y)
        self.seen.append((np.asarray(X).ravel().tolist(), np.asarray(y).tolist()))
        LOG.append(self)
        return self

    def predict_proba(self, X: Any) -> NDArray[np.float64]:  # noqa: N803  (scikit-learn's own argument name)
        """Give the shares."""
        return np.tile(self.shares_, (len(X), 1))


LOG: list[Shares] = []


@pytest.fixture(autouse=True)
def _empty_log() -> None:
    LOG.clear()


def test_each_row_gets_what_a_model_trained_on_the_other_folds_says() -> None:
    """The same numbers as a plain loop over the folds with scikit-learn itself."""
    rows, labels = blobs()
    folds = assign_folds(
        labels, np.arange(90), n_folds=4, random_state=int(np.random.default_rng(5).integers(2**32, size=1)[0])
    )
    expected = np.empty((90, 3))
    for fold in range(4):
        model = LogisticRegression().fit(rows[folds != fold], labels[folds != fold])
        expected[folds == fold] = model.predict_proba(rows[folds == fold])

    found = out_of_sample_pred_probs(LogisticRegression(), rows, labels, n_folds=4, random_state=5)

    assert found.dtype == np.float64
    assert np.abs(found - expected).max() < 1e-12


def test_no_row_is_ever_trained_on_by_the_model_that_judges_it() -> None:
    """Four of five folds are trained on; together each row is left out exactly once."""
    rows = np.arange(20).reshape(-1, 1)

    out_of_sample_pred_probs(Shares(), rows, [0, 1] * 10)

    left_out = [sorted(set(range(20)) - set(seen)) for model in LOG for seen, _ in model.seen]
    assert sorted(row for part in left_out for row in part) == list(range(20))
    assert [len(part) for part in left_out] == [4] * 5


def test_repeats_are_the_mean_over_other_folds() -> None:
    """The first cross-validation is the one without repeats; the mean lies between its numbers and the others'."""
    rows, labels = blobs()

    once = out_of_sample_pred_probs(LogisticRegression(), rows, labels)
    thrice = out_of_sample_pred_probs(LogisticRegression(), rows, labels, n_repeats=3)
    alone = [
        out_of_sample_pred_probs(LogisticRegression(), rows, labels, random_state=generator)
        for generator in [np.random.default_rng(0)] * 3
    ]

    assert np.array_equal(alone[0], once)
    assert not np.array_equal(alone[1], once)
    assert np.abs(thrice - sum(alone) / 3).max() < 1e-12


@pytest.mark.parametrize("n_jobs", [2, 7])
def test_the_number_of_threads_does_not_change_a_bit(n_jobs: int) -> None:
    """Nor does a classifier without a seed of its own."""
    rows, labels = blobs()
    tree = ExtraTreeClassifier()

    alone = out_of_sample_pred_probs(tree, rows, labels, n_repeats=2)
    together = out_of_sample_pred_probs(tree, rows, labels, n_repeats=2, n_jobs=n_jobs)

    assert alone.tobytes() == together.tobytes()
    assert tree.random_state is None


@pytest.mark.parametrize(
    "kind", ["float32", "list", "csr_matrix", "coo_array", "DataFrame", "read-only", "Fortran order", "memory map"]
)
def test_rows_of_any_kind_give_the_same(kind: str, tmp_path: Any) -> None:
    """Arrays, sparse matrices of any layout, tables, lists; the caller's own is never written to."""
    rows, labels = blobs()
    rows = rows.astype(np.float32).astype(np.float64)
    np.save(tmp_path / "x.npy", rows)
    frozen = rows.copy()
    frozen.flags.writeable = False
    given: dict[str, Any] = {
        "float32": rows.astype(np.float32),
        "list": rows.tolist(),
        "csr_matrix": sparse.csr_matrix(rows),
        "coo_array": sparse.coo_array(rows),
        "DataFrame": pd.DataFrame(rows, index=np.arange(90)[::-1]),
        "read-only": frozen,
        "Fortran order": np.asfortranarray(rows),
        "memory map": np.load(tmp_path / "x.npy", mmap_mode="r"),
    }
    expected = out_of_sample_pred_probs(LogisticRegression(), rows, labels)

    found = out_of_sample_pred_probs(LogisticRegression(), given[kind], labels)

    assert np.abs(found - expected).max() < 1e-3


def test_a_pipeline_reads_texts_and_never_sees_the_ones_it_judges() -> None:
    """A list and a Series of texts; the vectoriser is fitted inside the folds."""
    texts = [f"{colour} thing number {number}" for number in range(15) for colour in ("red", "blue")]
    labels = ["r", "b"] * 15
    pipeline = make_pipeline(TfidfVectorizer(), LogisticRegression(C=100))

    from_list = out_of_sample_pred_probs(pipeline, texts, labels)
    from_series = out_of_sample_pred_probs(pipeline, pd.Series(texts, index=range(100, 130)), pd.Series(labels))

    assert from_list.argmax(axis=1).tolist() == [1, 0] * 15
    assert np.array_equal(from_list, from_series)
    assert not hasattr(pipeline[0], "vocabulary_")


@pytest.mark.parametrize(
    ("labels", "class_names", "columns"),
    [
        ([10, 2, 10, 2, 10, 2], None, [1, 0] * 3),
        (["b", "a"] * 3, None, [1, 0] * 3),
        ([True, False] * 3, None, [1, 0] * 3),
        ([0.5, 0.25] * 3, None, [1, 0] * 3),
        ([1, "1"] * 3, None, [0, 1] * 3),
        ([("x", 1), None] + [("x", 1), ("y", 2)] * 2, None, [0, 1] * 3),
        ([np.int8(3), np.int8(1)] * 3, [1, 2, 3], [2, 0] * 3),
        (np.array(["b", "a"] * 3, dtype=object), ["b", "a"], [0, 1] * 3),
    ],
)
def test_columns_are_the_classes_in_the_order_of_the_dataset_or_as_named(
    labels: Any, class_names: Any, columns: list[int]
) -> None:
    """Numbers by value, then text; any hashable value; numbers of NumPy are Python's."""
    rows = np.array([[0.0], [1.0]] * 3)

    probs = out_of_sample_pred_probs(LogisticRegression(C=1e4), rows, labels, class_names=class_names)

    assert probs.argmax(axis=1).tolist() == columns
    assert probs.shape == (6, 2 if class_names is None else len(class_names))


def test_the_classifier_is_shown_the_labels_as_they_are() -> None:
    """Options that name a class, such as class weights, mean what they say."""
    out_of_sample_pred_probs(Shares(), np.zeros((8, 1)), ["spam", "ham"] * 4)

    assert set(LOG[0].seen[0][1]) == {"spam", "ham"}


@pytest.mark.parametrize("missing", [None, float("nan"), "", pd.NA, np.float64("nan")])
def test_rows_without_a_label_are_judged_by_all_folds_and_never_trained_on(missing: Any) -> None:
    """They get the mean; the other rows do not change a bit."""
    rows, true = blobs()
    labels: list[Any] = [f"c{code}" for code in true]
    hidden = [0, 7, 50]
    for row in hidden:
        labels[row] = missing
    kept = np.setdiff1d(np.arange(90), hidden)

    probs = out_of_sample_pred_probs(LogisticRegression(), rows, labels)
    without = out_of_sample_pred_probs(LogisticRegression(), rows[kept], [labels[row] for row in kept])

    assert np.array_equal(probs[kept], without)
    assert np.array_equal(probs[hidden].argmax(axis=1), true[hidden])
    assert np.allclose(probs.sum(axis=1), 1)


def test_groups_are_held_out_together() -> None:
    """Random labels on four copies of each row cannot be predicted, unless copies are trained on."""
    generator = np.random.default_rng(3)
    distinct = generator.normal(size=(60, 4))
    rows, names = np.repeat(distinct, 4, axis=0), np.repeat([f"author {number}" for number in range(60)], 4)
    labels = np.repeat(generator.integers(0, 2, 60), 4)
    nearest = KNeighborsClassifier(1)

    apart = out_of_sample_pred_probs(nearest, rows, labels)
    together = out_of_sample_pred_probs(nearest, rows, labels, groups=names)

    assert (apart.argmax(axis=1) == labels).mean() > 0.9
    assert (together.argmax(axis=1) == labels).mean() < 0.7


def test_the_only_row_of_a_class_is_neither_sure_nor_impossible() -> None:
    """Of 24 training rows and 3 classes, the class not among them gets one 27th."""
    labels = ["a"] * 15 + ["b"] * 14 + ["rare"]

    probs = out_of_sample_pred_probs(Shares(), np.zeros((30, 1)), labels)

    assert probs[29, 2] == pytest.approx(1 / 27)
    assert np.allclose(probs.sum(axis=1), 1)


def test_weights_reach_the_classifier_also_in_a_pipeline_and_a_search() -> None:
    """Rows of no weight might as well have another label."""
    rows, labels = blobs()
    spoilt = labels.copy()
    spoilt[:30] = (spoilt[:30] + 1) % 3
    weights = np.r_[np.zeros(30), np.ones(60)]
    pipeline = make_pipeline(LogisticRegression())
    search = GridSearchCV(pipeline, {"logisticregression__C": [1.0]}, cv=2)

    for estimator in (LogisticRegression(), pipeline, search):
        probs = out_of_sample_pred_probs(estimator, rows, spoilt, sample_weight=weights)
        assert (probs.argmax(axis=1) == labels).mean() > 0.9


def test_a_trained_classifier_is_trained_anew_and_stays_as_it_is() -> None:
    """What it learnt before is not used, and not lost."""
    rows, labels = blobs()
    trained = LogisticRegression().fit(rows, labels)
    before = trained.coef_.copy()

    found = out_of_sample_pred_probs(trained, rows, labels)

    assert np.array_equal(found, out_of_sample_pred_probs(LogisticRegression(), rows, labels))
    assert np.array_equal(trained.coef_, before)


class OnlyTrained:
    """A model that somebody trained somewhere."""

    classes_ = np.array([0, 1])

    def predict_proba(self, X: Any) -> NDArray[np.float64]:  # noqa: N803  (scikit-learn's own argument name)
        """Say the same about all."""
        return np.full((len(X), 2), 0.5)


def frozen() -> FrozenEstimator:
    """Return a classifier whose fit does nothing."""
    return FrozenEstimator(LogisticRegression().fit(*blobs()))


@pytest.mark.parametrize(
    ("estimator", "message"),
    [
        (OnlyTrained(), "trainable anew.*OnlyTrained.*held-out pred_probs"),
        (frozen(), "trainable anew.*FrozenEstimator"),
        (make_pipeline(frozen()), "trainable anew.*Pipeline"),
        (LinearSVC(), "LinearSVC does not.*CalibratedClassifierCV"),
        (make_pipeline(Perceptron()), "Pipeline does not.*CalibratedClassifierCV"),
        (LogisticRegression, "got the class LogisticRegression"),
        ("tfidf", "str does not"),
    ],
)
def test_what_gives_no_held_out_probabilities_is_refused_with_a_way_out(estimator: Any, message: str) -> None:
    """In-sample probabilities hide the errors; scores are no probabilities."""
    rows, labels = blobs()

    with pytest.raises(InvalidInputError, match=message) as caught:
        out_of_sample_pred_probs(estimator, rows, labels)
    assert caught.value.fix


class Careless(Shares):
    """A classifier whose probabilities are set from outside."""

    def __init__(self, answer: Any) -> None:
        super().__init__()
        self.answer = answer

    def predict_proba(self, X: Any) -> Any:  # noqa: N803  (scikit-learn's own argument name)
        """Give the answer for every row."""
        return self.answer if isinstance(self.answer, list) else np.tile(self.answer, (len(X), 1))


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (np.array([0.5, 0.2]), "sum to 1; Careless did not in 4 of 4 rows"),
        (np.array([1.5, -0.5]), "from 0 to 1"),
        (np.array([np.nan, 1.0]), "from 0 to 1"),
        (np.array([0.2, 0.3, 0.5]), "one column for each of the 2 classes; Careless gave shape"),
        ([np.zeros((4, 2))], "gave a list"),
    ],
)
def test_answers_that_are_no_probabilities_are_refused(answer: Any, message: str) -> None:
    """With the number of rows they are wrong in."""
    with pytest.raises(InvalidInputError, match=message):
        out_of_sample_pred_probs(Careless(answer), np.zeros((20, 1)), [0, 1] * 10)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"labels": [0, 1]}, "one row for each of the 2 labels; got 6 rows"),
        ({"labels": [None] * 6}, "At least one row must have a label"),
        ({"labels": [[0], [1]] * 3}, "hashable"),
        ({"labels": np.zeros((6, 2))}, "got ndarray with 2 dimensions"),
        ({"labels": "abcabc"}, "got str"),
        ({"class_names": [0]}, "another value in 3 rows, first in row 1"),
        ({"class_names": [0, 1, 1]}, "3 names of which 2 are distinct"),
        ({"class_names": [0, 1, None]}, "empty or missing"),
        ({"groups": [1, 2]}, "one value for each of the 6 rows; got 2"),
        ({"sample_weight": [1.0]}, r"shape \(6,\)"),
        ({"sample_weight": [1, 1, -1, 1, np.nan, 1]}, "2 rows, first in row 2"),
        ({"X": "one text"}, "got str"),
        ({"X": 7}, "got int"),
        ({"n_folds": 1}, "n_folds must be a whole number, 2 or more"),
        ({"n_repeats": 0}, "n_repeats"),
        ({"n_jobs": 1.5}, "n_jobs"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(changed: dict[str, Any], message: str) -> None:
    """Each names what was found."""
    given: dict[str, Any] = {"X": np.arange(6.0).reshape(-1, 1), "labels": [0, 1] * 3} | changed

    with pytest.raises((InvalidInputError, ConfigError), match=message):
        out_of_sample_pred_probs(LogisticRegression(), **given)


def test_weights_for_a_classifier_that_takes_none_are_refused() -> None:
    """Silently left out they would do harm."""
    rows, labels = blobs()

    with pytest.raises(InvalidInputError, match=r"KNeighborsClassifier\.fit does not"):
        out_of_sample_pred_probs(KNeighborsClassifier(), rows, labels, sample_weight=np.ones(90))


@given(st.lists(st.sampled_from([None, "a", "b", "c"]), min_size=1, max_size=12), st.integers(2, 6), st.integers(1, 3))
@settings(deadline=None)
def test_any_labels_give_distributions(labels: list[str | None], n_folds: int, n_repeats: int) -> None:
    """Fewer rows than folds, one row a class, one class, no label at all."""
    probs = out_of_sample_pred_probs(
        Shares(),
        np.zeros((len(labels), 1)),
        labels,
        class_names=["a", "b", "c", "never"],
        n_folds=n_folds,
        n_repeats=n_repeats,
    )

    assert probs.shape == (len(labels), 4)
    assert (probs >= 0).all()
    assert np.allclose(probs.sum(axis=1), 1)


def test_progress_rises_to_1_and_names_rounds_and_folds() -> None:
    """And an error of whoever watches comes through."""
    rows, labels = blobs()
    told: list[tuple[str, float]] = []

    out_of_sample_pred_probs(Shares(), rows, labels, n_repeats=2, progress=lambda *each: told.append(each))

    def stop(step: str, fraction: float) -> None:
        if step and fraction > 0.3:
            raise RunCancelledError("Stopped.")

    fractions = [fraction for _, fraction in told]
    assert fractions == sorted(fractions)
    assert (fractions[0], fractions[-1]) == (0.0, 1.0)
    assert "Round 2 of 2: training fold 3 of 5" in [step for step, _ in told]
    with pytest.raises(RunCancelledError, match="Stopped"):
        out_of_sample_pred_probs(Shares(), rows, labels, progress=stop)


def test_nothing_of_the_process_is_changed() -> None:
    """BLAS has one thread while models are trained and as many as before afterwards; filters and seeds stay."""
    rows, labels = blobs()
    inside: set[int] = set()

    def blas_threads() -> list[int]:
        return [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]

    before = (blas_threads(), list(warnings.filters), repr(np.random.get_state()))  # noqa: NPY002  (nobody touches it)

    out_of_sample_pred_probs(RandomForestClassifier(3), rows, labels)
    out_of_sample_pred_probs(
        LogisticRegression(), rows, labels, n_jobs=2, progress=lambda *_: inside.update(blas_threads())
    )

    assert inside == {1}
    assert before == (blas_threads(), list(warnings.filters), repr(np.random.get_state()))  # noqa: NPY002  (the same)


def test_many_threads_give_the_answers_of_one() -> None:
    """Eight different inputs at the same time."""
    cases = [blobs(60 + 10 * number) for number in range(8)]
    alone = [out_of_sample_pred_probs(LogisticRegression(), *case) for case in cases]

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda case: out_of_sample_pred_probs(LogisticRegression(), *case), cases))

    assert all(one.tobytes() == other.tobytes() for one, other in zip(alone, together, strict=True))


class Nameless(Shares):
    """A classifier that does not say which column is which."""

    def fit(self, X: Any, y: Any) -> Self:  # noqa: N803  (scikit-learn's own argument name)
        """Count, and forget the names."""
        super().fit(X, y)
        del self.classes_
        return self


def test_a_classifier_must_say_what_its_columns_are() -> None:
    """Guessing would mix up classes."""
    with pytest.raises(InvalidInputError, match="Nameless has no classes_ after fit"):
        out_of_sample_pred_probs(Nameless(), np.zeros((20, 1)), [0, 1] * 10)


class OnlyAnArray:
    """Rows that can only be turned into an array."""

    def __init__(self, rows: NDArray[np.float64]) -> None:
        self.rows = rows

    def __array__(self, dtype: Any = None, copy: Any = None) -> NDArray[np.float64]:
        """Give the rows."""
        return np.array(self.rows, dtype=dtype, copy=copy)


def test_rows_that_are_only_array_like_are_turned_into_an_array() -> None:
    """As scikit-learn does."""
    rows, labels = blobs()

    found = out_of_sample_pred_probs(LogisticRegression(), OnlyAnArray(rows), labels)

    assert np.array_equal(found, out_of_sample_pred_probs(LogisticRegression(), rows, labels))
