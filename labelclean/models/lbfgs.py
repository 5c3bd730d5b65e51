"""Minimise a smooth convex function of many parameters: L-BFGS with a diagonal preconditioner."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Parameters", "minimise"]

Parameters = NDArray[np.floating]
"""A flat array of parameters, in single or double precision."""

_REMEMBERED_STEPS = 8
_SUFFICIENT_DECREASE = 1e-4  # Armijo's constant
_SMALLEST_STEP = 1e-6
_LEAST_CURVATURE = 1e-10  # a step along which the gradient hardly turned says nothing but rounding
_SMALL_DECREASES = 2  # a single small decrease may be a poor direction rather than the bottom


@dataclass(frozen=True, eq=False, slots=True)
class _Step:
    """One step taken: what it changed, and what it did to the gradient."""

    change: Parameters
    turn: Parameters
    inverse_product: float


def minimise(
    loss: Callable[[Parameters], tuple[float, Parameters]],
    start: Parameters,
    *,
    inverse_curvature: Parameters,
    max_iterations: int,
    relative_change: float,
) -> Parameters:
    """
    Return parameters near the minimum.

    Parameters
    ----------
    loss : callable
        Gives the value and the gradient at some parameters.
    start : ndarray of float32 or float64, shape (n_parameters,)
        Where to begin; not written to.
    inverse_curvature : ndarray of the same type, shape (n_parameters,)
        One over a rough guess of the curvature along each parameter, above 0. A good guess halves the iterations.
    max_iterations : int
        Steps to take at most.
    relative_change : float
        Stop after two steps in a row that lower the loss by less than this share of it (of 1, if it is below 1).

    Returns
    -------
    ndarray of the same type, shape (n_parameters,)
        The best parameters found.

    References
    ----------
    Nocedal & Wright (2006), "Numerical Optimization", algorithms 3.1 and 7.4.

    Examples
    --------
    >>> def bowl(at):
    ...     return float(((at - 3) ** 2).sum()), 2 * (at - 3)
    >>> start = np.zeros(2, dtype=np.float32)
    >>> minimise(
    ...     bowl, start, inverse_curvature=np.float32([0.5, 0.5]), max_iterations=9, relative_change=0.0
    ... )
    array([3., 3.], dtype=float32)
    """
    here = start
    value, gradient = loss(here)
    steps: deque[_Step] = deque(maxlen=_REMEMBERED_STEPS)
    n_small = 0
    for _ in range(max_iterations):
        direction = _direction(gradient, steps, inverse_curvature)
        there, new_value, new_gradient = _line_search(loss, here, value, gradient, direction)
        if new_value >= value:
            break
        _remember(steps, change=there - here, turn=new_gradient - gradient)
        small = value - new_value <= relative_change * max(abs(value), 1.0)
        n_small = n_small + 1 if small else 0
        here, value, gradient = there, new_value, new_gradient
        if n_small == _SMALL_DECREASES:
            break
    return here


def _direction(gradient: Parameters, steps: deque[_Step], inverse_curvature: Parameters) -> Parameters:
    """Return the step a quadratic model would take, by the two-loop recursion."""
    direction, number = -gradient, gradient.dtype.type
    weights = []
    for step in reversed(steps):
        weight = step.inverse_product * float(np.vdot(step.change, direction))
        direction -= number(weight) * step.turn
        weights.append(weight)
    direction *= inverse_curvature
    if steps:
        last = steps[-1]
        scale = 1.0 / (last.inverse_product * float(np.vdot(last.turn, inverse_curvature * last.turn)))
        direction *= number(scale)
    for step, weight in zip(steps, reversed(weights), strict=True):
        back = step.inverse_product * float(np.vdot(step.turn, direction))
        direction += number(weight - back) * step.change
    return direction


def _line_search(
    loss: Callable[[Parameters], tuple[float, Parameters]],
    here: Parameters,
    value: float,
    gradient: Parameters,
    direction: Parameters,
) -> tuple[Parameters, float, Parameters]:
    """Shorten the step until it lowers the loss enough; the parabola through what is known says by how much."""
    slope = float(np.vdot(direction, gradient))
    length = 1.0
    while True:
        there = here + direction.dtype.type(length) * direction
        new_value, new_gradient = loss(there)
        if new_value <= value + _SUFFICIENT_DECREASE * length * slope or length < _SMALLEST_STEP:
            return there, new_value, new_gradient
        bend = new_value - value - slope * length
        length *= min(0.5, max(0.1, -slope * length / (2.0 * bend))) if bend > 0 else 0.5


def _remember(steps: deque[_Step], *, change: Parameters, turn: Parameters) -> None:
    product = float(np.vdot(change, turn))
    if product > _LEAST_CURVATURE * float(np.vdot(turn, turn)):
        steps.append(_Step(change, turn, 1.0 / product))
