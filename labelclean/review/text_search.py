"""Finds the rows whose texts contain something, whatever the case."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]
from numpy.typing import NDArray

from labelclean.arrays import IndexArray, MaskArray

__all__ = ["FoldedTexts", "fold_texts"]

_TEXTS_AT_ONCE = 1_000
_FEW = 0.3  # of so small a share of the texts it is quicker to copy them together than to search all


class FoldedTexts:
    """
    Texts ready for a search that ignores case.

    Notes
    -----
    They stand in Arrow's memory one behind the other: a million texts of 60 characters take 70 MB, and are searched
    in less than 100 ms.
    """

    def __init__(self, array: pa.LargeBinaryArray) -> None:
        self._array = array

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self._array)

    def containing(self, text: str, rows: IndexArray | None = None) -> MaskArray:
        """Return for each text, or for each of some rows, whether it contains this one."""
        searched = self._array
        if rows is not None and len(rows) < _FEW * len(self):
            # Not pa.array(rows), which imports pandas at its first use: 200 ms.
            wanted = pa.py_buffer(np.ascontiguousarray(rows, dtype=np.int64))
            searched = searched.take(pa.Int64Array.from_buffers(pa.int64(), len(rows), [None, wanted]))
        found = _bits(pc.match_substring(searched, pattern=_folded(text)))
        return found if rows is None or searched is not self._array else found[rows]


def _bits(found: pa.BooleanArray) -> MaskArray:
    """Return Arrow's bits as an array; its own way imports pandas at its first use, too."""
    packed = np.frombuffer(found.buffers()[1] or b"", dtype=np.uint8)
    bits = np.unpackbits(packed, count=found.offset + len(found), bitorder="little")
    return bits[found.offset :].astype(np.bool_)


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
        Worth keeping: folding a million texts takes a moment.

    Examples
    --------
    >>> fold_texts(["Straße gesperrt", "my order"]).containing("STRASSE")
    array([ True, False])
    """
    contents: list[bytes] = []
    lengths: list[NDArray[np.int64]] = []
    for start in range(0, len(texts), _TEXTS_AT_ONCE):
        content, length = _folded_together(texts[start : start + _TEXTS_AT_ONCE])
        contents.append(content)
        lengths.append(length)
    offsets = np.concatenate([np.zeros(1, dtype=np.int64), *lengths]).cumsum()
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(b"".join(contents))]
    return FoldedTexts(pa.LargeBinaryArray.from_buffers(pa.large_binary(), len(texts), buffers))


def _folded_together(texts: Sequence[str]) -> tuple[bytes, NDArray[np.int64]]:
    """Return some folded texts one behind the other, and the length of each; quickly where all are plain ASCII."""
    joined = "".join(texts)
    if joined.isascii():
        return joined.casefold().encode("ascii"), np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    folded = [_folded(text) for text in texts]
    return b"".join(folded), np.fromiter(map(len, folded), dtype=np.int64, count=len(texts))


def _folded(text: str) -> bytes:
    """Return the bytes to compare: a text may hold halves of characters, which no UTF-8 has."""
    return text.casefold().encode("utf-8", "surrogatepass")
