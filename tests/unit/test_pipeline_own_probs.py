"""The audit with the user's own probabilities, or with their own model."""

from __future__ import annotations

import inspect
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import ArrayLike, NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

import labelclean
from labelclean.arrays import Label
from labelclean.config import AuditConfig, FilterMethod
from labelclean.core.label_issues import find_label_issues
from labelclean.dataset import Dataset
from labelclean.errors import InvalidInputError, LabelCleanWarning
from labelclean.io.model_outputs.class_order import match_pred_probs
from labelclean.pipeline import audit, audit_dataset, audit_matched
from labelclean.results import AuditResult

CLASSES = ("billing", "refund", "shipping")
N_ROWS = 400
WRONG_ROWS = tuple(range(5, N_ROWS, 10))


def sample() -> tuple[list[str], list[Label | None], NDArray[np.float64]]:
    """Return texts, labels of which every tenth is wrong, and what a good model thinks of them."""
    random = np.random.default_rng(0)
    true = np.arange(N_ROWS) % 3
    probs = random.dirichlet(np.ones(3), N_ROWS) * 0.4
    probs[np.arange(N_ROWS), true] += 0.6
    given = true.copy()
    given[list(WRONG_ROWS)] = (true[list(WRONG_ROWS)] + 1) % 3
    return [f"message {row}" for row in range(N_ROWS)], [CLASSES[code] for code in given], probs


def found_rows(result: AuditResult) -> list[int]:
    """Return the flagged rows."""
    found: list[int] = np.flatnonzero(result.is_issue).tolist()
    return found


def test_the_given_probabilities_take_the_place_of_a_model() -> None:
    """Scores, suggestions and flags are those of these very numbers."""
    texts, labels, probs = sample()

    result = audit(texts, labels, pred_probs=probs)

    codes = result.labels
    assert np.array_equal(result.pred_probs, probs)
    assert np.array_equal(result.label_quality_scores, probs[np.arange(N_ROWS), codes])
    assert np.array_equal(result.suggested_labels, probs.argmax(axis=1))
    assert np.array_equal(result.is_issue, result.error_probabilities > 0.5)
    assert set(found_rows(result)) <= set(WRONG_ROWS)
    assert len(found_rows(result)) > 0.8 * len(WRONG_ROWS)


@pytest.mark.parametrize("filter_by", ["prune_by_noise_rate", "both", "confident_learning", "low_self_confidence"])
def test_a_filter_flags_what_it_flags_by_itself(filter_by: FilterMethod) -> None:
    """Flags and noise are those of the filter; the ranking does not depend on it."""
    texts, labels, probs = sample()

    result = audit(texts, labels, pred_probs=probs, config=AuditConfig(filter_by=filter_by))

    alone = find_label_issues(result.labels, probs, filter_by=filter_by)
    assert found_rows(result) == np.flatnonzero(alone.is_issue).tolist()
    assert np.array_equal(result.noise.confident_joint, alone.noise.confident_joint)
    assert np.array_equal(result.ranked_rows, audit(texts, labels, pred_probs=probs).ranked_rows)


def test_the_table_of_the_caller_stays_theirs() -> None:
    """The result is read-only, but it does not lock what it was made from."""
    texts, labels, probs = sample()
    before = probs.copy()

    result = audit(texts, labels, pred_probs=probs)

    assert not result.pred_probs.flags.writeable
    assert probs.flags.writeable
    assert np.array_equal(probs, before)


@pytest.mark.parametrize("kind", ["f2", "f4", "f8"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_every_kind_of_array_gives_what_its_numbers_give(tmp_path: Path, kind: str, order: str) -> None:
    """In memory or mapped, row by row or column by column, some rows without a label."""
    texts, labels, probs = sample()
    labels[3] = labels[77] = None
    table = np.asarray(probs.astype(kind), order="F" if order == "F" else "C")
    np.save(tmp_path / "probs.npy", table)
    mapped = np.load(tmp_path / "probs.npy", mmap_mode="r")
    plain = audit(texts, labels, pred_probs=table.astype(np.float64))

    for given in (table, mapped):
        result = audit(texts, labels, pred_probs=given)

        assert np.array_equal(result.ranked_rows, plain.ranked_rows)
        assert found_rows(result) == found_rows(plain)


def test_rows_without_a_label_get_a_suggestion() -> None:
    """From their own probabilities."""
    texts, labels, probs = sample()
    labels[0] = None
    probs[0] = [0.1, 0.1, 0.8]

    result = audit(texts, labels, pred_probs=probs)

    assert result.class_names[result.suggested_labels[0]] == "shipping"
    assert np.isnan(result.label_quality_scores[0])
    assert result.noise.n_labelled == N_ROWS - 1


def test_columns_come_in_the_order_that_is_named() -> None:
    """By class_names, or by the columns of a DataFrame; the result has the dataset's order."""
    texts, labels, probs = sample()
    plain = audit(texts, labels, pred_probs=probs)
    names = ["shipping", "billing", "refund"]
    moved = probs[:, [2, 0, 1]]

    for result in (
        audit(texts, labels, pred_probs=moved, class_names=names),
        audit(texts, labels, pred_probs=pd.DataFrame(moved, columns=names)),
        audit(texts, labels, pred_probs=pd.DataFrame(probs)),
    ):
        assert result.class_names == CLASSES
        assert np.array_equal(result.pred_probs, probs)
        assert np.array_equal(result.ranked_rows, plain.ranked_rows)


def test_a_class_that_nobody_was_given_can_be_suggested() -> None:
    """The model knows one more; such a row is ranked among the errors, though no noise can be estimated for it."""
    texts, labels, probs = sample()
    wider = np.column_stack([np.full(N_ROWS, 0.01), probs * 0.99])
    wider[7] = [0.97, 0.01, 0.01, 0.01]

    result = audit(texts, labels, pred_probs=wider, class_names=["returns", *CLASSES])

    assert result.class_names == (*CLASSES, "returns")
    assert result.class_names[result.suggested_labels[7]] == "returns"
    assert 7 in result.ranked_rows[:50]


def test_a_file_read_and_matched_gives_the_same_result() -> None:
    """As the command line and the app do it."""
    texts, labels, probs = sample()
    dataset = Dataset.from_labels(texts, labels)

    result = audit_matched(match_pred_probs(dataset, probs))

    assert np.array_equal(result.ranked_rows, audit(texts, labels, pred_probs=probs).ranked_rows)


def test_options_reach_the_filter() -> None:
    """Half of the noise flags about half of the rows."""
    texts, labels, probs = sample()

    all_found = audit(texts, labels, pred_probs=probs)
    half = audit(texts, labels, pred_probs=probs, config=AuditConfig(frac_noise=0.5))

    assert 0 < half.n_issues < 0.7 * all_found.n_issues


def test_progress_rises_to_one() -> None:
    """Nothing is trained, but something is said."""
    texts, labels, probs = sample()
    told: list[tuple[str, float]] = []

    audit(texts, labels, pred_probs=probs, progress=lambda step, fraction: told.append((step, fraction)))

    fractions = [fraction for _, fraction in told]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert told[0][0] == "Checking the probabilities"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda probs: probs[:-1], "each of the 400 rows of the dataset; got 399"),
        (lambda probs: probs[:, :2], "each of the 3 classes; got 2 columns"),
        (lambda probs: np.where(probs > 0.9, np.nan, probs), "must be numbers from 0 to 1"),
        (lambda probs: probs * 2, "must be numbers from 0 to 1"),
        (lambda probs: probs.ravel(), "got 1 dimensions"),
        (lambda probs: probs.astype(str), "must hold numbers"),
    ],
)
def test_probabilities_that_do_not_fit_are_refused(change: object, message: str) -> None:
    """Before anything is computed."""
    texts, labels, probs = sample()
    assert callable(change)

    with pytest.raises(InvalidInputError, match=message):
        audit(texts, labels, pred_probs=change(probs))


def test_a_bad_value_in_a_row_without_a_label_is_named_by_its_row() -> None:
    """Rows are counted as the user counts them, whether or not they have a label."""
    texts, labels, probs = sample()
    labels[2] = labels[9] = None
    probs[9, 0] = -1.0
    matched = match_pred_probs(Dataset.from_labels(texts, labels), probs)

    with pytest.raises(InvalidInputError, match="in 1 rows, first in row 9"):
        audit_matched(matched)


def test_only_one_source_of_probabilities_is_taken() -> None:
    """And names without columns mean nothing."""
    texts, labels, probs = sample()

    with pytest.raises(InvalidInputError, match="Only one of pred_probs and model"):
        audit(texts, labels, pred_probs=probs, model=LogisticRegression())
    with pytest.raises(InvalidInputError, match="class_names must name the columns of pred_probs"):
        audit(texts, labels, class_names=CLASSES)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda probs, _: probs * 0.9, "do not sum to 1"),
        (
            lambda probs, _: probs[:, [1, 2, 0]],
            "billing → refund, refund → shipping, shipping → billing.",
        ),
        (lambda _, codes: np.eye(3)[codes] * 0.97 + 0.01, "trained on these very rows"),
    ],
)
@pytest.mark.parametrize("as_dataset", [False, True])
def test_implausible_probabilities_give_a_warning_at_the_line_of_the_caller(
    make: object, said: str, as_dataset: bool
) -> None:
    """The result is what these numbers give; the line is the one to look at."""
    texts, labels, probs = sample()
    dataset = Dataset.from_labels(texts, labels)
    assert callable(make)
    odd: ArrayLike = make(probs, dataset.labels)

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        frame = inspect.currentframe()
        assert frame is not None
        line = frame.f_lineno + 1
        audit_dataset(dataset, pred_probs=odd) if as_dataset else audit(texts, labels, pred_probs=odd)

    (warning,) = caught
    assert warning.category is LabelCleanWarning
    assert said in str(warning.message)
    assert (warning.filename, warning.lineno) == (__file__, line)


def words(n_rows: int = 120) -> tuple[list[str], list[Label | None]]:
    """Return messages about two topics, two of them with the other's label and one without any."""
    topics = (("parcel", "late", "courier", "delivery"), ("refund", "money", "card", "paid"))
    random = np.random.default_rng(2)
    texts = [" ".join(random.choice(topics[row % 2], 3)) + f" {row}" for row in range(n_rows)]
    labels: list[Label | None] = [row % 2 == 1 for row in range(n_rows)]
    labels[10], labels[41], labels[60] = True, False, None
    return texts, labels


def pipeline() -> Pipeline:
    """Return a model over texts."""
    return make_pipeline(TfidfVectorizer(), LogisticRegression(C=10.0))


def test_a_model_over_texts_takes_the_place_of_ours() -> None:
    """Each row is judged by a copy that did not see it; labels reach it as they are."""
    texts, labels = words()
    model = pipeline()

    result = audit(texts, labels, model=model, config=AuditConfig(n_folds=4))

    assert set(found_rows(result)) >= {10, 41}
    assert result.class_names == (False, True)
    assert result.suggested_labels[60] == 0
    assert np.allclose(result.pred_probs.sum(axis=1), 1)
    assert not hasattr(model, "classes_")


def test_a_model_gives_the_same_bytes_again() -> None:
    """The seed is that of the options."""
    texts, labels = words()

    first = audit(texts, labels, model=pipeline())
    second = audit_dataset(Dataset.from_labels(texts, labels), model=pipeline(), config=AuditConfig(n_jobs=5))

    assert first.pred_probs.tobytes() == second.pred_probs.tobytes()
    assert first.ranked_rows.tobytes() == second.ranked_rows.tobytes()


def test_copies_of_a_text_are_held_out_together() -> None:
    """A model that knows its texts by heart would see the wrong label of a row in its copy."""
    texts, labels = words()
    texts[11] = texts[10] = "parcel late delivery 10"
    labels[10] = labels[11] = True

    result = audit(texts, labels, model=pipeline())

    assert result.pred_probs[10, 1] < 0.5
    assert result.pred_probs[11, 1] < 0.5


def test_the_public_name_takes_them_too() -> None:
    """As the README shows it."""
    texts, labels, probs = sample()

    assert labelclean.audit(texts, labels, pred_probs=probs).n_issues > 0


def test_what_a_column_was_taken_for_is_told_whatever_the_order_in_the_file() -> None:
    """The names are in the wrong places, so the columns are moved first; told is by class, not by place."""
    texts, labels, probs = sample()

    with pytest.warns(LabelCleanWarning) as caught:
        audit(texts, labels, pred_probs=probs, class_names=[CLASSES[1], CLASSES[2], CLASSES[0]])

    # The column of class 0 was named class 1, that of class 1 class 2, and that of class 2 class 0.
    told = f"{CLASSES[0]} → {CLASSES[2]}, {CLASSES[1]} → {CLASSES[0]}, {CLASSES[2]} → {CLASSES[1]}."
    assert told in str(caught[0].message)
