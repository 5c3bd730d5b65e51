"""Names for the array types that travel between the rooms."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import fields
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from _typeshed import DataclassInstance
    from scipy import sparse

__all__ = [
    "UNLABELLED",
    "ClassArray",
    "CodeArray",
    "CountMatrix",
    "FeatureMatrix",
    "FloatArray",
    "IndexArray",
    "Label",
    "MaskArray",
    "ProbMatrix",
    "freeze",
    "freeze_fields",
]

Label: TypeAlias = Hashable
"""A class as the user spells it: text, number, bool, or any other hashable value."""

CodeArray: TypeAlias = NDArray[np.int64]
"""Class codes, shape (n_examples,): positions in ``class_names``; ``UNLABELLED`` where no label was given."""

IndexArray: TypeAlias = NDArray[np.int64]
"""Positions of examples (0-based records of the input)."""

MaskArray: TypeAlias = NDArray[np.bool_]
"""One bool per example."""

FloatArray: TypeAlias = NDArray[np.float64]
"""One float per example."""

ClassArray: TypeAlias = NDArray[np.float64]
"""One float per class, shape (n_classes,)."""

ProbMatrix: TypeAlias = NDArray[np.float64] | NDArray[np.float32]
"""Probabilities in [0, 1]; the docstring at hand says what the axes mean."""

CountMatrix: TypeAlias = NDArray[np.int64]
"""Example counts, shape (n_classes, n_classes); rows are given labels, columns estimated true classes."""

FeatureMatrix: TypeAlias = "sparse.csr_array[np.float32, tuple[int, int]]"
"""One sparse row of numbers per example, shape (n_examples, n_features)."""

UNLABELLED = -1
"""The class code of an example without a label."""


def freeze(array: NDArray[np.generic]) -> None:
    """Make an array read-only in place, so that a result cannot be changed after it was handed out."""
    array.flags.writeable = False


def freeze_fields(result: DataclassInstance) -> None:
    """Make every array of a frozen result read-only in place."""
    for field in fields(result):
        value = getattr(result, field.name)
        if isinstance(value, np.ndarray):
            freeze(value)
