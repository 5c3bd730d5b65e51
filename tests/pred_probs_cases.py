"""Probabilities of six rows in three classes, and ways to write them, for the tests of files that hold them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from labelclean.dataset import Dataset
from labelclean.io.model_outputs.pred_probs import PredProbsFile

__all__ = ["CLASSES", "DATA", "IDS", "LABELS", "PROBS", "frame", "same", "write_npy"]

CLASSES = ("billing", "refund", "shipping")
LABELS = ["refund", "billing", None, "shipping", "refund", "billing"]
IDS = [f"m{number}" for number in range(6)]
DATA = Dataset.from_labels([f"text {number}" for number in range(6)], LABELS, row_ids=IDS)
PROBS = np.random.default_rng(0).dirichlet(np.ones(3), 6)


def write_npy(path: Path, array: NDArray[np.generic]) -> Path:
    """Write an array as it is, whatever its order and type."""
    np.save(path, array)
    return path


def frame(order: tuple[int, ...] = (0, 1, 2), **others: Any) -> pd.DataFrame:
    """Return the probabilities with a column for each class, in some order, after other columns."""
    classes = {CLASSES[code]: PROBS[:, code] for code in order}
    return pd.DataFrame({**others, **classes})


def same(found: PredProbsFile, expected: NDArray[np.float64] = PROBS) -> bool:
    """Compare values, bit for bit in the file's own precision."""
    return np.array_equal(found.pred_probs, expected.astype(found.pred_probs.dtype))
