"""MinHash signatures of texts, and the pairs of texts whose signatures make a closer look worthwhile."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import IndexArray, MaskArray
from labelclean.issues.shingles import READ_CHARACTERS, shingle_keys

__all__ = ["N_TREES", "Signatures", "candidate_pairs", "likely_similar", "minhash_signatures"]

Signatures = NDArray[np.uint8]
"""One byte per hash function, shape (n_texts, 128): the share of equal bytes estimates the similarity."""

N_TREES = 31
"""How often ``candidate_pairs`` can be asked."""

_N_HASHES = 128
_HASHES_AT_FIRST = 4  # that texts must share to be neighbours in a tree
_HASHES_SORTED = 8  # that decide who is next to whom
_DEVIATIONS = 4.0  # a pair is dropped if its estimate is as many standard deviations too low: 3 in 100,000
_BLOCK_CHARACTERS = 2**17  # keeps the keys in the processor's cache
_BLOCK_PAIRS = 2**16


def minhash_signatures(texts: Sequence[str]) -> Signatures:
    """
    Return a signature of each text's set of shingles.

    Parameters
    ----------
    texts : sequence of str
        Folded texts, none of them empty.

    Returns
    -------
    ndarray of uint8, shape (len(texts), 128)
        For each of 128 hash functions one byte of the least hash among the text's shingles. Two texts agree in a byte
        with the probability of their Jaccard similarity, or by chance once in 256.

    Notes
    -----
    Cost: O(128 characters) time, 128 bytes a text. The hash functions are fixed: the same text has the same signature
    everywhere.

    References
    ----------
    Broder (1997), "On the resemblance and containment of documents", section 3; Li & Koenig (2010), "b-Bit minwise
    hashing", for keeping a few bits of each.

    Examples
    --------
    >>> near = minhash_signatures(["where is my parcel now?", "where is my parcel now"])
    >>> int(np.count_nonzero(near[0] == near[1])) > 80
    True
    """
    lengths = np.fromiter((min(len(text), READ_CHARACTERS) for text in texts), dtype=np.int64, count=len(texts))
    block_of_text = np.cumsum(lengths + 1) // _BLOCK_CHARACTERS
    bounds = np.flatnonzero(np.diff(block_of_text, prepend=-1, append=-1)).tolist()
    multipliers = (_mixed(np.arange(1, _N_HASHES + 1, dtype=np.uint64)) >> np.uint64(32)).astype(np.uint32) | 1
    signatures = np.empty((len(texts), _N_HASHES), dtype=np.uint8)
    for start, stop in pairwise(bounds):
        keys, starts = shingle_keys(texts[start:stop])
        hashes = (_mixed(keys) >> np.uint64(32)).astype(np.uint32)
        scratch = np.empty_like(hashes)
        for position, multiplier in enumerate(multipliers):
            np.multiply(hashes, multiplier, out=scratch)
            least = np.minimum.reduceat(scratch, starts)
            signatures[start:stop, position] = (least * _SPREAD) >> 24  # least hashes are small: their first bits are 0
    return signatures


_SPREAD = np.uint32(0x9E3779B1)


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Scatter values over all 64 bits (the last steps of SplitMix64)."""
    mixed = values + np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(30)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(27)
    mixed *= np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return mixed


def candidate_pairs(signatures: Signatures, tree: int, *, similarity: float) -> tuple[IndexArray, IndexArray]:
    """
    Return neighbours in one sorted order of the signatures that may well be similar.

    Each order ("tree") sorts by eight of the hashes, so that similar texts, which share most of them, come to stand
    side by side, however many other texts share the first few. A pair that one tree misses is found by another.

    Parameters
    ----------
    signatures : ndarray of uint8, shape (n_texts, 128)
        As ``minhash_signatures`` gives them.
    tree : int
        Which order, from 0 to ``N_TREES`` - 1.
    similarity : float
        Pairs whose estimate is clearly lower are left out.

    Returns
    -------
    left, right : ndarray of int64, shape (n_pairs,)
        Positions of the texts; fewer pairs than texts.

    Notes
    -----
    Among few texts, a pair of similarity 0.8 is met in at least one tree with probability 1 - (1 - 0.8**4)**31, all
    but one in ten million; where many texts are alike, nearer neighbours may stand between.

    References
    ----------
    Bawa, Condie & Ganesan (2005), "LSH Forest: self-tuning indexes for similarity search", section 3.

    Examples
    --------
    >>> signatures = minhash_signatures(["the parcel is late", "another thing", "the parcel is late"])
    >>> candidate_pairs(signatures, 0, similarity=0.8)
    (array([0]), array([2]))
    """
    first = tree * _HASHES_AT_FIRST
    part = np.ascontiguousarray(signatures[:, first : first + _HASHES_SORTED])
    keys = part.view(">u8").ravel().astype(np.uint64)
    order = np.argsort(keys, kind="stable")
    prefixes = keys[order] >> np.uint64(8 * (_HASHES_SORTED - _HASHES_AT_FIRST))
    together = np.flatnonzero(prefixes[1:] == prefixes[:-1])
    left, right = order[together], order[together + 1]
    kept = likely_similar(signatures, left, right, similarity=similarity)
    return left[kept], right[kept]


def likely_similar(signatures: Signatures, left: IndexArray, right: IndexArray, *, similarity: float) -> MaskArray:
    """
    Tell which pairs may well be similar.

    Parameters
    ----------
    signatures : ndarray of uint8, shape (n_texts, 128)
        As ``minhash_signatures`` gives them.
    left, right : ndarray of int64, shape (n_pairs,)
        Positions of the texts.
    similarity : float
        The similarity asked for, 0 to 1.

    Returns
    -------
    ndarray of bool, shape (n_pairs,)
        False where the estimate is four standard deviations too low, which 3 in 100,000 pairs of that similarity are.

    Examples
    --------
    >>> signatures = minhash_signatures(["the parcel is late", "another thing", "the parcel is late!"])
    >>> likely_similar(signatures, np.array([0, 0]), np.array([1, 2]), similarity=0.8)
    array([False,  True])
    """
    least = similarity - _DEVIATIONS * np.sqrt(similarity * (1.0 - similarity) / _N_HASHES)
    likely = np.empty(len(left), dtype=np.bool_)
    for start in range(0, len(left), _BLOCK_PAIRS):
        block = slice(start, start + _BLOCK_PAIRS)
        equal = signatures[left[block]] == signatures[right[block]]
        likely[block] = np.count_nonzero(equal, axis=1) >= least * _N_HASHES
    return likely
