"""Finds the rows whose texts contain something, whatever the case."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

from labelclean.arrays import MaskArray

__all__ = ["FoldedTexts", "fold_texts"]

_TEXTS_AT_ONCE = 50_000


class FoldedTexts:
    """
    Texts ready for a search that ignores case.

    Notes
    -----
    They stand in Arrow's memory one behind the other: a million texts of 60 characters take 70 MB, and are searched
    in less than 100 ms.
    """

    def __init__(self, chunks: pa.ChunkedArray) -> None:
        self._chunks = chunks

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self._chunks)

    def containing(self, text: str) -> MaskArray:
        """Return for each text whether it contains this one, bool, shape (n_examples,)."""
        needle = _folded(text)
        found: MaskArray = pc.match_substring(self._chunks, pattern=needle).to_numpy()
        return found.astype(np.bool_, copy=False)


def fold_texts(texts: Sequence[str]) -> FoldedTexts:
    """
    Return the texts ready for a search that ignores case.

    Parameters
    ----------
    texts : sequence of str, length n_examples
        The texts.

    Returns
    -------
    FoldedTexts
        Worth keeping: folding a million texts takes half a second.

    Examples
    --------
    >>> fold_texts(["Straße gesperrt", "my order"]).containing("STRASSE")
    array([ True, False])
    """
    parts = [
        pa.array([_folded(text) for text in texts[start : start + _TEXTS_AT_ONCE]], type=pa.large_binary())
        for start in range(0, len(texts), _TEXTS_AT_ONCE)
    ]
    return FoldedTexts(pa.chunked_array(parts, type=pa.large_binary()))


def _folded(text: str) -> bytes:
    """Return the bytes to compare: a text may hold halves of characters, which no UTF-8 has."""
    return text.casefold().encode("utf-8", "surrogatepass")
