"""How a table is cut into row chunks that fit the processor's cache."""

from __future__ import annotations

from collections.abc import Iterator

from labelclean.arrays import ProbMatrix

__all__ = ["CHUNK_BYTES", "row_chunks"]

CHUNK_BYTES = 512 * 1024
"""About the size of a core's own cache; no result depends on it."""

_MAX_ROWS = 1 << 20  # keeps the integer sums of a chunk exact, see thresholds.py


def row_chunks(pred_probs: ProbMatrix, *, chunk_bytes: int = CHUNK_BYTES) -> Iterator[slice]:
    """
    Cut the rows of a table into slices of about ``chunk_bytes``.

    Parameters
    ----------
    pred_probs : ndarray of float, shape (n_examples, n_classes)
        The table; it may be a memory map.
    chunk_bytes : int, default=524288
        Wanted size of one chunk in bytes; a chunk always holds at least one row.

    Yields
    ------
    slice
        Consecutive slices that cover every row once.
    """
    n_examples, n_classes = pred_probs.shape
    n_rows = min(max(1, chunk_bytes // max(1, n_classes * pred_probs.itemsize)), _MAX_ROWS)
    for start in range(0, n_examples, n_rows):
        yield slice(start, min(start + n_rows, n_examples))
