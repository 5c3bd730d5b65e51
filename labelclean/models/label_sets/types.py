"""The tables of one number per example and label that travel between the steps."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Cells", "GivenTable"]

Cells: TypeAlias = NDArray[np.float32]
"""One number per example and label, shape (n_examples, n_labels)."""

GivenTable: TypeAlias = NDArray[np.bool_]
"""Whether an example was given a label, shape (n_examples, n_labels)."""
