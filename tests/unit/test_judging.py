"""Where an audit's held-out probabilities come from."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from labelclean import judging
from labelclean.config import AuditConfig
from labelclean.dataset import Dataset
from labelclean.judging import RunPlan, judge_by_classifier, judge_by_texts, plan_run
from labelclean.protocols import no_progress
from tests.messages import messages


def sample() -> Dataset:
    """Return messages with three wrong labels; two rows are nearly the same."""
    texts, _, given = messages()
    texts[20] = texts[8] + "!"
    return Dataset.from_labels(texts, given)


@pytest.mark.parametrize(
    ("entries", "n_classes", "n_folds", "n_ridge_views", "n_views"),
    [
        ([1_000], 2, 10, 1, 1),
        ([1_000_000, 9_000_000], 20, 10, 2, 2),  # 2e8 stored numbers times columns
        ([1_000_000, 9_000_001], 20, 5, 2, 2),
        ([10_000_000, 20_000_000], 20, 5, 2, 2),  # 3e9 with the folds
        ([10_000_000, 20_000_000], 21, 5, 1, 2),  # 3e7 stored numbers
        ([10_000_000, 20_000_001], 20, 5, 1, 1),
        ([100_000_000, 100_000_000], 1, 10, 2, 2),
        ([100_000_000, 100_000_000], 2, 10, 2, 2),  # two classes need one column
        ([100_000_000, 100_000_000], 3, 5, 2, 2),
    ],
)
def test_large_data_get_fewer_folds_then_fewer_views(
    entries: list[int], n_classes: int, n_folds: int, n_ridge_views: int, n_views: int
) -> None:
    """By stored numbers times columns times folds, on any machine the same; first ridge regression reads less."""
    expected = RunPlan(n_folds=n_folds, n_ridge_views=n_ridge_views, n_views=n_views)

    assert plan_run(entries, n_classes, 10) == expected


def test_a_plan_never_has_more_folds_than_asked_for() -> None:
    """Three are three, however large the data."""
    assert plan_run([10**9], 100, 3).n_folds == 3
    assert plan_run([10], 2, 3).n_folds == 3


def test_our_learners_leave_everything_that_later_steps_need() -> None:
    """Probabilities, groups, learners, and the views that their words come from."""
    data = sample()

    found = judge_by_texts(data, AuditConfig(), no_progress, bounded=False)

    assert found.pred_probs.shape == (90, 3)
    assert found.groups[20] == found.groups[8] == 8
    assert [view.name for view in found.views] == ["words", "characters"]
    assert {each.view for each in found.heard} == {0, 1}
    assert all(len(learner.log_odds) == 90 for learner in found.learners)


def test_with_less_memory_one_view_is_read() -> None:
    """Hashed words."""
    found = judge_by_texts(sample(), AuditConfig(), no_progress, bounded=True)

    assert [view.name for view in found.views] == ["words"]


def test_where_all_views_are_too_much_words_and_the_users_own_columns_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not learnt from is not kept, and each model still knows its view; ridge regression reads the words."""
    monkeypatch.setattr(judging, "_ENTRIES_FOR_ALL", 1)
    monkeypatch.setattr(judging, "_ENTRIES_FOR_BAYES", 1)
    shelves = {"shelf": [f"shelf {row % 3}" for row in range(90)]}

    found = judge_by_texts(sample(), AuditConfig(), no_progress, bounded=False, extra_columns=shelves)

    assert [view.name for view in found.views] == ["words", "column shelf"]
    for each in found.heard:
        view = found.views[each.view]
        parts = each.model.contributions(np.array([0]), np.array([0]), np.array([1]))
        assert parts.shape[1] == view.tfidf.shape[1]
    names = [learner.name for learner in found.learners]
    assert {"ridge on words", "naive Bayes on column shelf"} <= set(names)
    assert "ridge on column shelf" not in names


def test_where_ridge_regression_would_take_too_long_naive_bayes_still_reads_the_other_views(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It needs no folds."""
    monkeypatch.setattr(judging, "_ENTRIES_FOR_ALL", 1)

    found = judge_by_texts(sample(), AuditConfig(), no_progress, bounded=False)

    names = [learner.name for learner in found.learners]
    assert [view.name for view in found.views] == ["words", "characters"]
    assert {"ridge on words", "naive Bayes on characters"} <= set(names)
    assert "ridge on characters" not in names


def test_the_users_classifier_is_trained_without_a_row_and_its_copies() -> None:
    """Its probabilities are left as they are; there is nothing to be asked for reasons."""
    data = sample()
    told: list[float] = []

    found = judge_by_classifier(
        make_pipeline(TfidfVectorizer(), LogisticRegression(C=10.0)),
        data,
        AuditConfig(n_folds=3),
        lambda _, fraction: told.append(fraction),
    )

    assert np.allclose(found.pred_probs.sum(axis=1), 1)
    assert (found.pred_probs.argmax(axis=1) == data.labels).mean() > 0.8
    assert found.groups[20] == 8
    assert (found.learners, found.heard, found.views, found.free_weight) == ((), (), (), 1.0)
    assert told == sorted(told)
    assert (told[0], told[-1]) == (0.0, 1.0)
