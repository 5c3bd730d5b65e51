"""Held-out rows as the caller says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import (
    GroupKFold,
    KFold,
    PredefinedSplit,
    RepeatedKFold,
    StratifiedKFold,
    cross_val_predict,
)

from labelclean.errors import InvalidInputError
from labelclean.models.cv_splits import cv_splits
from labelclean.models.out_of_sample import out_of_sample_pred_probs
from tests.unit.models.test_out_of_sample import blobs

EVERYTHING = np.ones(6, dtype=np.bool_)
CODES = np.array([0, 0, 0, 1, 1, 1])


def splits_of(cv: object, present: Any = EVERYTHING, groups: Any = None) -> list[tuple[list[int], list[int]]]:
    """Split six rows."""
    found = cv_splits(cv, np.zeros((6, 1)), CODES, present, groups=groups)
    return [(train.tolist(), test.tolist()) for train, test in found]


@pytest.mark.parametrize(
    "cv",
    [
        2,
        StratifiedKFold(2),
        [([1, 2, 4, 5], [0, 3]), ([0, 3], [1, 2, 4, 5])],
        (pair for pair in [(np.array([1, 2, 4, 5]), np.array([0, 3])), (np.array([0, 3]), np.array([1, 2, 4, 5]))]),
        [(np.isin(np.arange(6), [1, 2, 4, 5]), np.isin(np.arange(6), [0, 3])), ([0, 3], [1, 2, 4, 5])],
    ],
    ids=["number", "splitter", "lists", "generator", "masks"],
)
def test_every_way_to_say_it_is_understood(cv: object) -> None:
    """As scikit-learn does."""
    found = splits_of(cv)

    assert len(found) == 2
    for train, test in found:
        assert sorted([*train, *test]) == list(range(6))
        assert set(CODES[train]) == set(CODES[test]) == {0, 1}


def test_a_splitter_sees_only_rows_that_are_there_and_groups() -> None:
    """Row 0 is not; splits told by positions lose it."""
    present = np.arange(6) > 0

    by_group = splits_of(GroupKFold(3), present, np.array([0, 0, 1, 1, 2, 2]))
    explicit = splits_of([([3, 4, 5], [0, 1, 2]), ([0, 1, 2], [3, 4, 5])], present)
    predefined = splits_of(PredefinedSplit([0, 0, 0, 1, 1, 1]), present)

    assert sorted(test for _, test in by_group) == [[1], [2, 3], [4, 5]]
    assert explicit == predefined == [([3, 4, 5], [1, 2]), ([1, 2], [3, 4, 5])]


@pytest.mark.parametrize(
    ("cv", "message"),
    [
        ([([0, 1, 2], [3, 4])], "hold out every row at least once; got 4 rows in no test part, first row 0"),
        ([([0, 1, 2], [2, 3, 4, 5]), ([3], [0, 1])], "got 1 rows in both parts of split 0, first row 2"),
        ([([0, 1], [6, 2, -1])], "positions from 0 to 5; got 2 others, first 6"),
        ([([0.5, 1.0], [2.0])], "positions of rows; got float64"),
    ],
)
def test_what_holds_nothing_out_is_refused(cv: object, message: str) -> None:
    """Each says how many and where."""
    with pytest.raises(InvalidInputError, match=message):
        splits_of(cv)


def test_probabilities_are_those_of_scikit_learn_with_the_same_splits() -> None:
    """Number of folds and repeats do not count."""
    rows, labels = blobs()
    cv = KFold(4, shuffle=True, random_state=3)
    expected = cross_val_predict(LogisticRegression(), rows, labels, cv=cv, method="predict_proba")

    found = out_of_sample_pred_probs(LogisticRegression(), rows, labels, cv=cv, n_folds=7, n_repeats=3)

    assert np.allclose(found, expected, rtol=1e-9)


def test_a_row_in_several_test_parts_gets_the_mean() -> None:
    """Two repeats of two folds are the mean of both."""
    rows, labels = blobs()
    cv = RepeatedKFold(n_splits=2, n_repeats=2, random_state=5)
    pairs = list(cv.split(rows))

    together = out_of_sample_pred_probs(LogisticRegression(), rows, labels, cv=cv)
    apart = [out_of_sample_pred_probs(LogisticRegression(), rows, labels, cv=some) for some in (pairs[:2], pairs[2:])]

    assert not np.allclose(apart[0], apart[1])
    assert np.allclose(together, (apart[0] + apart[1]) / 2)


@pytest.mark.parametrize("cv", [None, GroupKFold(3)], ids=["own folds", "splitter"])
def test_rows_of_weight_0_are_not_there_but_judged(cv: object) -> None:
    """The others do not change a bit; those of weight 0 are judged by all."""
    rows, labels = blobs()
    groups = np.arange(90) // 2
    weights = np.random.default_rng(8).integers(0, 3, 90).astype(float)
    kept = weights > 0
    options: dict[str, Any] = {"cv": cv} if cv is not None else {"n_folds": 3}

    probs = out_of_sample_pred_probs(
        LogisticRegression(), rows, labels, sample_weight=weights, groups=groups, **options
    )
    without = out_of_sample_pred_probs(
        LogisticRegression(), rows[kept], labels[kept], sample_weight=weights[kept], groups=groups[kept], **options
    )

    assert np.array_equal(probs[kept], without)
    assert (probs[~kept].argmax(axis=1) == labels[~kept]).mean() > 0.9


def test_a_class_missing_from_the_training_rows_gets_what_one_row_of_weight_1_would() -> None:
    """Of weight 3 x 4 and two classes it is one 14th."""
    probs = out_of_sample_pred_probs(
        LogisticRegression(),
        np.zeros((5, 1)),
        [0, 0, 0, 0, 1],
        sample_weight=np.full(5, 3.0),
        cv=[([0, 1, 2, 3], [4]), ([4], [0, 1, 2, 3])],
    )

    assert probs[4, 1] == pytest.approx(1 / 14)
