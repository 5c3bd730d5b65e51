"""The minimiser."""

from __future__ import annotations

import numpy as np
import pytest

from labelclean.models.lbfgs import Parameters, minimise

CURVATURES = np.geomspace(1e-3, 1e3, 30).astype(np.float32)
KNOWN = np.reciprocal(CURVATURES)


def bowl(at: Parameters) -> tuple[float, Parameters]:
    """Return a badly scaled quadratic with its bottom at 1 everywhere."""
    away = at - np.float32(1)
    return float(0.5 * (CURVATURES * away * away).sum(dtype=np.float64)), CURVATURES * away


def test_a_badly_scaled_bowl_is_descended() -> None:
    """With the curvatures known the bottom is found at once; without, it is approached."""
    start = np.zeros(30, dtype=np.float32)
    known = minimise(bowl, start, inverse_curvature=KNOWN, max_iterations=5, relative_change=0.0)
    unknown = minimise(
        bowl, start, inverse_curvature=np.ones(30, dtype=np.float32), max_iterations=200, relative_change=1e-9
    )

    assert np.allclose(known, 1)
    assert bowl(unknown)[0] < 1e-4 * bowl(start)[0]
    assert not start.any()


def test_a_step_too_long_is_shortened() -> None:
    """A guess of the curvature ten thousand times too small overshoots at first."""
    far = np.full(30, 10, dtype=np.float32)

    found = minimise(
        bowl, np.zeros(30, dtype=np.float32), inverse_curvature=far, max_iterations=300, relative_change=1e-9
    )

    assert bowl(found)[0] < 1e-3 * bowl(np.zeros(30, dtype=np.float32))[0]


def test_at_the_bottom_nothing_moves() -> None:
    """No step lowers the loss."""
    bottom = np.ones(30, dtype=np.float32)

    found = minimise(bowl, bottom, inverse_curvature=KNOWN, max_iterations=5, relative_change=1e-5)

    assert np.array_equal(found, bottom)


@pytest.mark.parametrize("precision", [np.float32, np.float64])
def test_parameters_stay_in_their_precision(precision: type[np.floating]) -> None:
    """Whatever the loss gives its value in; steps are shortened on the way."""

    def loss(at: Parameters) -> tuple[float, Parameters]:
        value, gradient = bowl(at)
        assert at.dtype == gradient.dtype == precision
        return np.float64(value), gradient

    far = np.full(30, 10, dtype=precision)

    found = minimise(loss, np.zeros(30, dtype=precision), inverse_curvature=far, max_iterations=50, relative_change=0.0)

    assert found.dtype == precision
