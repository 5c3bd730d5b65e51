"""The logistic regression."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from labelclean.arrays import CodeArray, FeatureMatrix
from labelclean.models.logistic import SoftmaxRegression


def blobs(n_classes: int) -> tuple[FeatureMatrix, CodeArray]:
    """Draw overlapping groups of rows."""
    generator = np.random.default_rng(8)
    labels = generator.integers(0, n_classes, 300)
    rows = generator.normal(size=(300, 12)) + 1.5 * np.eye(12)[labels]
    return sparse.csr_array(rows.astype(np.float32)), labels


@pytest.mark.parametrize("n_classes", [2, 5])
@pytest.mark.parametrize("inverse_penalty", [0.1, 1.0, 10.0])
def test_probabilities_are_those_of_an_independent_implementation(n_classes: int, inverse_penalty: float) -> None:
    """scikit-learn's multinomial regression with the same penalty; with two classes it has half the weights."""
    features, labels = blobs(n_classes)
    # Two weight vectors w and -w cost twice what one of their difference 2w costs halved: C doubles.
    other = LogisticRegression(C=inverse_penalty * (2 if n_classes == 2 else 1), tol=1e-8, max_iter=2000)
    expected = other.fit(features, labels).predict_proba(features)

    found = SoftmaxRegression(inverse_penalty).fit(features, labels).predict_proba(features)

    assert np.abs(found - expected).max() < 0.03


def test_classes_are_those_seen_in_training() -> None:
    """Codes may have gaps."""
    features, labels = blobs(3)

    model = SoftmaxRegression().fit(features, np.array([2, 5, 9])[labels])

    assert model.classes_.tolist() == [2, 5, 9]
    assert np.allclose(model.predict_proba(features).sum(axis=1), 1)


def test_without_any_feature_the_class_frequencies_remain() -> None:
    """Three of four rows are of class 1."""
    empty = sparse.csr_array(np.zeros((4, 2), dtype=np.float32))

    found = SoftmaxRegression().fit(empty, np.array([1, 1, 0, 1])).predict_proba(empty)

    assert np.allclose(found, [[0.25, 0.75]] * 4)


def test_training_warns_nobody_and_leaves_the_filters_alone() -> None:
    """Even where it stops early."""
    features, labels = blobs(5)
    before = list(warnings.filters)

    SoftmaxRegression(1e6).fit(features, labels)

    assert warnings.filters == before


def test_a_row_of_weight_2_is_two_rows_and_one_of_weight_0_is_none() -> None:
    """The same probabilities; weights of 1 change nothing."""
    features, labels = blobs(3)
    weights = np.random.default_rng(5).integers(0, 3, len(labels)).astype(np.float64)
    repeated = np.repeat(np.arange(len(labels)), weights.astype(np.int64))

    weighted = SoftmaxRegression(1.0).fit(features, labels, weights).predict_proba(features)
    twice = SoftmaxRegression(1.0).fit(features[repeated], labels[repeated]).predict_proba(features)
    ones = SoftmaxRegression(1.0).fit(features, labels, np.ones(len(labels))).predict_proba(features)
    plain = SoftmaxRegression(1.0).fit(features, labels).predict_proba(features)

    assert np.abs(weighted - twice).max() < 0.02
    assert np.abs(ones - plain).max() < 0.005
    assert np.abs(weighted - plain).max() > 0.03


def test_whole_weights_are_repeated_rows_in_double_precision() -> None:
    """Step by step, also where features and weights go together; single precision stays single."""
    rows, labels = blobs(3)
    table = rows.toarray().astype(np.float64)
    double: Any = sparse.csr_array(table)  # the alias for features names single precision
    weights = 1 + 3 * (table[:, 1] > 1)
    copies = np.repeat(np.arange(len(labels)), weights)

    weighted = SoftmaxRegression().fit(double, labels, weights.astype(float)).predict_proba(double)
    repeated = SoftmaxRegression().fit(double[copies], labels[copies]).predict_proba(double)

    assert len(copies) > len(labels)
    assert np.allclose(weighted, repeated, rtol=1e-9)
