"""The field's reference, cleanlab, run so that its answers are those that it documents; and cases to put to it."""

from __future__ import annotations

import functools
import importlib
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

N_CASES = 200
"""Random cases for each function."""


def reference(module: str) -> Any:
    """Import a module of the reference without keeping the blanket warnings filter that it installs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module(f"cleanlab.{module}")


@contextmanager
def as_documented() -> Iterator[None]:
    """
    Run the reference with stable sorts and without its warnings.

    It breaks ties with an unstable sort, so that its answer depends on the processor; its own documented order is
    what a stable sort gives.
    """
    unstable: Callable[..., NDArray[np.intp]] = np.argsort
    stable = functools.partial(_stable_argsort, unstable)
    with warnings.catch_warnings(), pytest.MonkeyPatch.context() as patch:
        warnings.simplefilter("ignore")
        patch.setattr(np, "argsort", stable)
        yield


def _stable_argsort(original: Callable[..., NDArray[np.intp]], values: Any, axis: int = -1) -> NDArray[np.intp]:
    return original(values, axis=axis, kind="stable")


def make_case(seed: int, *, missing: bool = True, ties: bool = True) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """
    Draw labels and noisy, overlapping probabilities of 2 to 8 classes, sometimes of up to 24.

    Every fourth case lacks a class (if wanted), every fifth is rounded to hundredths (if wanted), so that many values
    are equal.
    """
    generator = np.random.default_rng(seed)
    n_classes = int(generator.integers(2, 25 if seed % 6 == 5 else 9))
    n_rows = int(generator.integers(n_classes * 3, 300))
    labels = generator.integers(0, n_classes, n_rows)
    if missing and seed % 4 == 0 and n_classes > 2:
        labels[labels == n_classes - 1] = 0
    first = range(n_classes) if not missing else range(2)  # the reference wants two classes
    labels[: len(first)] = first
    probs = generator.dirichlet(np.full(n_classes, 0.3), n_rows)
    probs[np.arange(n_rows), labels] += generator.random(n_rows) * (generator.random(n_rows) < 0.8)
    probs /= probs.sum(axis=1, keepdims=True)
    return labels, np.round(probs, 2) if ties and seed % 5 == 3 else probs
