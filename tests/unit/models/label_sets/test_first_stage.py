from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from labelclean.features.views import text_views
from labelclean.models.label_sets import first_stage
from labelclean.models.label_sets.first_stage import affordable_folds, label_set_folds, text_log_odds


def test_rows_of_a_rare_label_are_spread_over_the_folds() -> None:
    """Five rows of a rare label, all with the common one as well: one in each of five folds."""
    given = np.zeros((100, 2), dtype=np.bool_)
    given[:, 0] = True
    given[40:45, 1] = True

    folds = label_set_folds(given, np.ones(100, dtype=np.bool_), np.arange(100), n_folds=5)

    assert sorted(folds[40:45].tolist()) == [0, 1, 2, 3, 4]


def test_copies_share_a_fold_and_rows_without_a_set_have_none() -> None:
    """Whatever their labels."""
    given = np.random.default_rng(0).random((40, 3)) < 0.4
    groups = np.arange(40) // 2
    labelled = np.arange(40) < 36

    folds = label_set_folds(given, labelled, groups, n_folds=5)

    np.testing.assert_array_equal(folds[0:36:2], folds[1:36:2])
    assert folds[36:].tolist() == [-1] * 4


def test_labels_that_nobody_was_given_make_no_folds_fail() -> None:
    """Also not a table without a column."""
    folds = label_set_folds(np.zeros((6, 0), dtype=np.bool_), np.ones(6, dtype=np.bool_), np.arange(6), n_folds=3)

    assert sorted(folds.tolist()) == [0, 0, 1, 1, 2, 2]


def test_large_data_get_fewer_folds(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Worked out by hand.

    20 words stored, 5 labels, 24 steps and two regressions make 4,800 a fold: 24,000 are enough for 5, and 3 are always
    allowed.
    """
    views = text_views(["film", "book"] * 10)

    monkeypatch.setattr(first_stage, "_MOST_WORK", 24_000)
    assert affordable_folds(views, 5, n_folds=10) == 5
    assert affordable_folds(views, 5, n_folds=4) == 4
    monkeypatch.setattr(first_stage, "_MOST_WORK", 0)
    assert affordable_folds(views, 5, n_folds=10) == 3


def test_a_word_counts_once_a_text() -> None:
    """For naive Bayes and for the ridge regression on presence; rows of the latter have length 1."""
    counts = sparse.csr_array(np.array([[3, 0, 1], [0, 0, 0], [1, 2, 1]], dtype=np.float32))

    presence = first_stage._presence(counts)

    assert presence.toarray().tolist() == [[1, 0, 1], [0, 0, 0], [1, 1, 1]]
    lengths = np.square(first_stage._of_length_1(presence).toarray()).sum(axis=1)
    np.testing.assert_allclose(lengths, [1.0, 0.0, 1.0], rtol=1e-6)


def test_what_is_too_much_for_ridge_regression_is_left_to_naive_bayes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words are always judged by both; characters only by naive Bayes where the work passes the limit."""
    given = np.array([[True], [False]] * 20)
    views = text_views(["a good film", "a bad film"] * 20)
    folds, groups = np.arange(40) % 5, np.arange(40)
    steps: list[str] = []

    monkeypatch.setattr(first_stage, "_MOST_WORK", 0)
    log_odds = text_log_odds(views, given, folds, groups, progress=lambda step, _: steps.append(step))

    n_ridges = sum(step != before for step, before in zip(steps, ["", *steps], strict=False) if "ridge" in step)
    assert n_ridges == 1  # presence and words, one after the other
    assert (log_odds[::2] > 0).all()
    assert (log_odds[1::2] < 0).all()


def test_the_strength_is_the_one_that_explains_the_given_labels() -> None:
    """Of scores that are noise and scores that fit, the latter."""
    rng = np.random.default_rng(0)
    given = rng.random((200, 2)) < 0.4
    noise = rng.normal(size=(200, 2)).astype(np.float32)

    found = first_stage._best([noise, noise + given], given, np.ones(200, dtype=np.bool_))

    np.testing.assert_array_equal(found, noise + given)
