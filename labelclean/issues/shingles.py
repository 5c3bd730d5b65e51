"""Texts as sets of character shingles, and how much two such sets share."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from labelclean.arrays import FloatArray, IndexArray

__all__ = ["READ_CHARACTERS", "folded_text", "shingle_keys", "shingle_similarities"]

READ_CHARACTERS = 2000
"""Only so much of a text is cut into shingles; of what follows, the length alone counts."""

_BITS = 21  # of a code point; three of them fill a key
_EDGE = 0x110000  # stands before and after each text; no character has this code
_BLOCK_CHARACTERS = 2**20


def folded_text(text: str) -> str:
    """
    Return a text without the differences that make no difference: upper case, and kinds and amounts of white space.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        Empty where there is nothing but white space.

    Examples
    --------
    >>> folded_text(" Where  IS it? ")
    'where is it?'
    """
    return " ".join(text.split()).casefold()


def shingle_keys(texts: Sequence[str]) -> tuple[NDArray[np.uint64], IndexArray]:
    """
    Cut texts into shingles of three characters.

    The beginning and the end of a text count as characters, so that a text of one character has a shingle, too.

    Parameters
    ----------
    texts : sequence of str
        None of them empty.

    Returns
    -------
    keys : ndarray of uint64
        The shingles of all texts, one after the other and with repetitions. Equal keys are equal shingles: a key holds
        the three code points.
    starts : ndarray of int64, shape (len(texts),)
        Where each text begins.

    Examples
    --------
    >>> keys, starts = shingle_keys(["ab", "xab"])
    >>> len(set(keys[:2].tolist())), starts.tolist()
    (2, [0, 3])
    """
    heads = [text[:READ_CHARACTERS] for text in texts]
    lengths = np.fromiter(map(len, heads), dtype=np.int64, count=len(heads))
    ends = np.cumsum(lengths + 1)
    joined = "".join([" ", *(f"{head} " for head in heads)])
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    codes[0] = _EDGE
    codes[ends] = _EDGE
    shift = np.uint64(_BITS)
    keys = codes[:-2] | (codes[1:-1] << shift) | (codes[2:] << (shift + shift))
    keys = np.append(keys, keys[-1:])
    keys[ends - 1] = keys[ends - 2]  # this shingle would reach into the next text: the one before it stands twice
    return keys, ends - lengths - 1


def shingle_similarities(texts: Sequence[str], left: IndexArray, right: IndexArray) -> FloatArray:
    """
    Return how similar pairs of texts are.

    Parameters
    ----------
    texts : sequence of str
        Folded texts, none of them empty.
    left, right : ndarray of int64, shape (n_pairs,)
        Positions of the texts to compare.

    Returns
    -------
    ndarray of float64, shape (n_pairs,)
        Shingles that both have over shingles that either has, 0 to 1. Where a text is longer than
        ``READ_CHARACTERS``, its beginning is compared, and the similarity is at most the shorter length over the
        longer one.

    Notes
    -----
    Exact, not estimated; O(characters of the pairs), in blocks of some 50 MB.

    References
    ----------
    Broder (1997), "On the resemblance and containment of documents", section 2.

    Examples
    --------
    >>> shingle_similarities(["ab", "abc"], np.array([0, 0]), np.array([0, 1])).round(2)
    array([1.  , 0.25])
    """
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    read = np.minimum(lengths, READ_CHARACTERS)
    block_of_pair = np.cumsum(read[left] + read[right]) // _BLOCK_CHARACTERS
    bounds = np.flatnonzero(np.diff(block_of_pair, prepend=-1, append=-1)).tolist()
    similarities = np.empty(len(left))
    for start, stop in pairwise(bounds):
        similarities[start:stop] = _jaccard(texts, left[start:stop], right[start:stop])
    longer = np.maximum(lengths[left], lengths[right])
    shorter = np.minimum(lengths[left], lengths[right])
    ratios = np.where(longer > READ_CHARACTERS, shorter / longer, 1.0)
    return np.minimum(similarities, ratios)


def _jaccard(texts: Sequence[str], left: IndexArray, right: IndexArray) -> FloatArray:
    used, places = np.unique(np.concatenate([left, right]), return_inverse=True)
    keys, starts = shingle_keys([texts[text] for text in used.tolist()])
    bounds = np.append(starts, len(keys))
    # A column for each possible key: only those that occur take memory.
    sets = sparse.csr_array(
        (np.ones(len(keys), dtype=np.int32), keys.view(np.int64), bounds), shape=(len(used), np.iinfo(np.int64).max)
    )
    sets.sum_duplicates()
    sets.data[:] = 1
    sizes = np.diff(sets.indptr)
    of_left, of_right = places[: len(left)], places[len(left) :]
    shared = np.asarray(sets[of_left].multiply(sets[of_right]).sum(axis=1), dtype=np.float64).ravel()
    return shared / (sizes[of_left] + sizes[of_right] - shared)
