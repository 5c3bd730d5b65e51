"""A radial kernel as features."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from labelclean.models.dense_ridge_features import PlainFeatures
from labelclean.models.nystroem import nystroem_rows


def _table(n_rows: int, n_dimensions: int = 3) -> NDArray[np.float32]:
    table = np.random.default_rng(0).standard_normal((n_rows, n_dimensions)).astype(np.float32)
    return np.asarray(table / np.linalg.norm(table, axis=1, keepdims=True))


def _kernel(one: NDArray[np.float32], other: NDArray[np.float32], gamma: float) -> NDArray[np.float64]:
    """Return the kernel pair by pair."""
    pairs = [[np.sum((a.astype(np.float64) - b) ** 2) for b in other] for a in one]
    return np.exp(-gamma * np.array(pairs))


def test_with_all_rows_as_landmarks_the_products_are_the_kernel() -> None:
    """Up to axes that are rounding."""
    table = _table(30)
    found = nystroem_rows(PlainFeatures(table), 30)
    rows = found.rows(np.arange(30))

    np.testing.assert_allclose(rows @ rows.T, _kernel(table, table, found.gamma), atol=2e-3)


def test_gamma_is_half_the_inverse_of_the_median_squared_distance() -> None:
    """Distances 1, 2 and 5 between three rows on a line, squared 1, 4 and 9: the median is 4."""
    table = np.array([[0.0], [1.0], [3.0]], dtype=np.float32) + 1

    assert nystroem_rows(PlainFeatures(table), 3).gamma == pytest.approx(0.5 / 4)


def test_few_landmarks_give_the_products_of_nystroem() -> None:
    """C W^-1 C^T with the landmarks drawn."""
    table = _table(40)
    found = nystroem_rows(PlainFeatures(table), 40, n_landmarks=8, random_state=3)
    rows = found.rows(np.arange(40))

    near = _kernel(table, found.landmarks, found.gamma)
    between = _kernel(found.landmarks, found.landmarks, found.gamma)
    assert len(found.landmarks) == 8
    np.testing.assert_allclose(rows @ rows.T, near @ np.linalg.inv(between) @ near.T, atol=5e-3)


def test_the_seed_draws_the_landmarks() -> None:
    """The same seed the same ones, another seed others."""
    features = PlainFeatures(_table(50))

    one, same, other = (nystroem_rows(features, 50, n_landmarks=5, random_state=seed) for seed in (1, 1, 2))

    assert one.landmarks.tobytes() == same.landmarks.tobytes()
    assert one.landmarks.tobytes() != other.landmarks.tobytes()


def test_landmarks_are_different_rows() -> None:
    """Ten rows, but only two different ones."""
    found = nystroem_rows(PlainFeatures(np.array([[1, 0], [0, 1]] * 5, dtype=np.float32)), 10)

    assert found.landmarks.tolist() == [[0, 1], [1, 0]]


def test_rows_of_zeros_are_near_to_nothing() -> None:
    """They stay zeros; and one landmark alone has no distance to take a width from."""
    found = nystroem_rows(PlainFeatures(np.zeros((4, 2), dtype=np.float32)), 4)

    assert found.gamma == 1.0
    assert not found.rows(np.arange(4)).any()
