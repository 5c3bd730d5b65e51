"""Embeddings centred, scaled and reduced."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from labelclean.models import dense_ridge_features
from labelclean.models.dense_ridge_features import CentredRows, PlainFeatures, centred_rows, kept_if_small


def _embeddings(n_rows: int, n_dimensions: int) -> NDArray[np.float32]:
    return np.random.default_rng(0).normal(3.0, 1.0, (n_rows, n_dimensions)).astype(np.float32)


def test_rows_are_less_their_mean_and_of_length_one() -> None:
    """Mean (2, 2): (3, 2) becomes (1, 0), and (1, 6) becomes (-1, 4) over the root of 17."""
    embeddings = np.array([[3, 2], [1, 6], [2, -2]], dtype=np.float32)

    found = centred_rows(embeddings).rows(np.array([1, 0]))

    np.testing.assert_allclose(found, np.array([[-0.242536, 0.970143], [1, 0]]), atol=1e-6)


def test_rows_of_zeros_are_no_embeddings() -> None:
    """They do not move the mean, and stay zeros."""
    found = centred_rows(np.array([[3, 1], [0, 0], [1, 1]], dtype=np.float32))

    assert found.mean.tolist() == [2, 1]
    assert found.rows(np.arange(3)).tolist() == [[1, 0], [0, 0], [-1, 0]]


def test_a_row_that_is_the_mean_is_zero() -> None:
    """It has no direction."""
    assert centred_rows(np.array([[1, 1], [2, 2], [3, 3]], dtype=np.float32)).rows(np.array([1])).tolist() == [[0, 0]]


def test_a_constant_column_says_nothing() -> None:
    """Its numbers are zero once centred, whatever they are."""
    embeddings = _embeddings(10, 3)
    embeddings[:, 1] = 7.0

    assert not centred_rows(embeddings).rows(np.arange(10))[:, 1].any()


@pytest.mark.parametrize("size", [1e-30, 1e30])
def test_the_scale_of_the_numbers_does_not_matter(size: float) -> None:
    """Neither tiny nor huge ones overflow."""
    embeddings = np.array([[3, 2], [1, 6], [2, -2]], dtype=np.float32)

    found = centred_rows((embeddings * size).astype(np.float32)).rows(np.arange(3))

    np.testing.assert_allclose(found, centred_rows(embeddings).rows(np.arange(3)), rtol=1e-5, atol=1e-6)


def test_with_fewer_rows_than_dimensions_the_products_stay() -> None:
    """Five rows span five dimensions at most."""
    embeddings = _embeddings(5, 40)
    rows = np.arange(5)
    whole = centred_rows(embeddings).rows(rows)

    reduced = centred_rows(embeddings, reduce=True)

    assert reduced.n_features <= 5
    np.testing.assert_allclose(reduced.rows(rows) @ reduced.rows(rows).T, whole @ whole.T, atol=1e-5)


def test_many_dimensions_are_reduced_to_the_main_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that differ along two of six dimensions keep their products in two."""
    monkeypatch.setattr(dense_ridge_features, "_MOST_DIMENSIONS", 2)
    plane = np.linalg.qr(np.random.default_rng(1).normal(size=(6, 2)))[0].T
    embeddings = (np.random.default_rng(2).normal(size=(50, 2)) @ plane).astype(np.float32)
    rows = np.arange(50)
    whole = centred_rows(embeddings).rows(rows)

    reduced = centred_rows(embeddings, reduce=True)

    assert reduced.n_features == 2
    np.testing.assert_allclose(reduced.rows(rows) @ reduced.rows(rows).T, whole @ whole.T, atol=1e-5)


def test_few_dimensions_stay_as_they_are() -> None:
    """Nothing is rotated without need."""
    assert centred_rows(_embeddings(20, 4), reduce=True).axes is None


def test_equal_rows_have_no_directions() -> None:
    """All embeddings the same: the rows are zeros, and nothing fails."""
    found = centred_rows(np.ones((3, 8), dtype=np.float32), reduce=True)

    assert not found.rows(np.arange(3)).any()


def test_the_callers_array_is_not_touched() -> None:
    """Neither its numbers nor whether it may be written to."""
    embeddings = _embeddings(6, 3)
    before = embeddings.copy()

    centred_rows(embeddings).rows(np.arange(6))

    assert embeddings.flags.writeable
    np.testing.assert_array_equal(embeddings, before)


def test_small_tables_are_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the same rows; those that would not fit are made when asked for."""
    features = centred_rows(_embeddings(9, 3))

    small = kept_if_small(features, 9)
    monkeypatch.setattr(dense_ridge_features, "_KEPT_BYTES", 4 * 9 * 3 - 1)
    large = kept_if_small(features, 9)

    assert isinstance(small, PlainFeatures)
    assert isinstance(large, CentredRows)
    np.testing.assert_array_equal(small.rows(np.arange(9)), large.rows(np.arange(9)))
