"""The labels that matter in each row as bytes: compressed npz, without pickle."""

from __future__ import annotations

import io
import zipfile

import numpy as np

from labelclean.errors import StoreError
from labelclean.review.label_cells import LabelCells
from labelclean.store.label_json import labels_from_json, labels_to_json

__all__ = ["cells_from_bytes", "cells_to_bytes"]

_STEPS = 10_000  # a hundredth of a per cent: finer than any screen shows, and a third of the bytes


def cells_to_bytes(cells: LabelCells | None) -> bytes | None:
    """Return the cells as bytes, probabilities to four decimals; None where there are none."""
    if cells is None:
        return None
    target = io.BytesIO()
    np.savez_compressed(
        target,
        members=np.frombuffer(labels_to_json(cells.members).encode(), dtype=np.uint8),
        codes=cells.codes.astype(np.min_scalar_type(-max(len(cells.members), 1))),
        probs=np.rint(cells.probs * _STEPS).astype(np.uint16),
    )
    return target.getvalue()


def cells_from_bytes(content: bytes | None) -> LabelCells | None:
    """Return the cells that ``cells_to_bytes`` packed; raises StoreError on anything else."""
    if content is None:
        return None
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            return LabelCells(
                members=labels_from_json(arrays["members"].tobytes().decode()),
                codes=arrays["codes"].astype(np.int32),
                probs=(arrays["probs"] / np.float32(_STEPS)).astype(np.float32),
            )
    except (EOFError, KeyError, OSError, ValueError, zipfile.BadZipFile) as error:
        raise StoreError(
            "The stored labels of the rows must be whole; they are damaged.", fix="Run the audit again."
        ) from error
