"""Labels and probabilities for the tests of the core, drawn by Hypothesis."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

Probs: TypeAlias = NDArray[np.float64] | NDArray[np.float32] | NDArray[np.float16]
_SPECIAL: Mapping[str, Callable[[int, int], NDArray[np.float64]]] = {
    "zeros": lambda n_classes, _: np.zeros(n_classes),
    "minus zeros": lambda n_classes, row: np.where(np.arange(n_classes) == row % n_classes, 0.5, -0.0),
    "sure": lambda n_classes, row: np.eye(n_classes)[row % n_classes],
    "equal": lambda n_classes, _: np.full(n_classes, 1.0 / n_classes),
}

Case: TypeAlias = tuple[NDArray[np.int64], NDArray[np.float64]]


@st.composite
def cases(draw: st.DrawFn, *, ties: bool = True) -> Case:
    """Labels and probabilities with few classes; with ties, in steps of a tenth, so that equal values are common."""
    n_classes = draw(st.integers(1, 5))
    n_rows = draw(st.integers(0, 40))
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    labels = generator.integers(0, draw(st.integers(1, n_classes)), n_rows)
    probs = generator.dirichlet(np.full(n_classes, 0.5), n_rows)
    probs[np.arange(n_rows), labels] += generator.random(n_rows)
    probs = probs / probs.sum(axis=1, keepdims=True)
    return labels, np.round(probs, 1) if ties else probs


@st.composite
def any_cases(draw: st.DrawFn) -> tuple[NDArray[np.int64], Probs]:
    """Everything that is allowed: any precision, missing classes, more classes than rows, rows that say nothing."""
    labels, probs = draw(cases(ties=draw(st.booleans())))
    n_rows, n_classes = probs.shape
    special = draw(st.lists(st.sampled_from(["as it is"] * 3 + list(_SPECIAL)), min_size=n_rows, max_size=n_rows))
    for row, kind in enumerate(special):
        if kind in _SPECIAL:
            probs[row] = _SPECIAL[kind](n_classes, row)
    dtype = draw(st.sampled_from([np.float64, np.float32, np.float16]))
    return labels, probs.astype(dtype)


@st.composite
def counts(
    draw: st.DrawFn, *, n_classes: int | None = None, largest: int = 6, least_on_diagonal: int = 0
) -> NDArray[np.int64]:
    """Draw a confident joint with many zeros, of 1 to 5 classes unless their number is told."""
    size = draw(st.integers(1, 5)) if n_classes is None else n_classes
    cells = draw(st.lists(st.integers(0, largest) | st.just(0), min_size=size * size, max_size=size * size))
    matrix = np.array(cells, dtype=np.int64).reshape(size, size)
    np.fill_diagonal(matrix, np.maximum(matrix.diagonal(), least_on_diagonal))
    return matrix
