"""Which given span and which suggested span are about the same words."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import IndexArray
from labelclean.tasks.tokens.spans import Spans

__all__ = ["match_spans"]


def match_spans(given: Spans, suggested: Spans, offsets: IndexArray) -> IndexArray:
    """
    Pair the given spans with the suggested ones that they share tokens with.

    Parameters
    ----------
    given, suggested : Spans
        Two readings of the same sentences.
    offsets : ndarray of int64, shape (n_sentences + 1,)
        Where the sentences begin in the table of all tokens.

    Returns
    -------
    ndarray of int64, shape (n_given_spans,)
        The suggested span of each given one; -1 where there is none. No two given spans share a suggested one.

    Notes
    -----
    Of all pairs that are still free the one that shares most tokens is taken first; among equals the one of the same
    type, then the one that begins first.

    Examples
    --------
    >>> from labelclean.tasks.tokens.spans import read_spans
    >>> names = ["O", "B-PER", "I-PER"]
    >>> given = read_spans([["B-PER", "I-PER", "O"]], class_names=names)
    >>> suggested = read_spans([["B-PER", "B-PER", "I-PER"]], class_names=names)
    >>> match_spans(given, suggested, np.array([0, 3]))
    array([0])
    """
    one, other = _span_of_token(given, offsets), _span_of_token(suggested, offsets)
    is_shared = (one >= 0) & (other >= 0)
    one, other = one[is_shared], other[is_shared]
    first = np.flatnonzero(np.diff(one, prepend=-1) + np.diff(other, prepend=-1))  # both rise along the text
    n_shared = np.diff(np.append(first, len(one)))
    one, other = one[first], other[first]
    differs = given.types[one] != suggested.types[other]
    best_first = np.lexsort((differs, -n_shared))
    return _take_best_first(one[best_first], other[best_first], given.n_spans)


def _span_of_token(spans: Spans, offsets: IndexArray) -> NDArray[np.int64]:
    """Return the span of each token; -1 outside."""
    lengths = spans.end - spans.start
    first = np.repeat(offsets[spans.sentence_index] + spans.start, lengths)
    place = np.arange(len(first)) - np.repeat(lengths.cumsum() - lengths, lengths)
    owner = np.full(int(offsets[-1]), -1, dtype=np.int64)
    owner[first + place] = np.repeat(np.arange(spans.n_spans), lengths)
    return owner


def _take_best_first(one: IndexArray, other: IndexArray, n_one: int) -> IndexArray:
    """Take pairs in their order, leaving out those with a partner already taken; whole rounds at a time."""
    partner = np.full(n_one, -1, dtype=np.int64)
    while one.size:
        is_best = np.zeros(len(one), dtype=np.bool_)
        is_best[np.unique(one, return_index=True)[1]] = True
        is_best_of_other = np.zeros(len(one), dtype=np.bool_)
        is_best_of_other[np.unique(other, return_index=True)[1]] = True
        taken = is_best & is_best_of_other  # nothing better is left for either of the two
        partner[one[taken]] = other[taken]
        is_left = ~(np.isin(one, one[taken]) | np.isin(other, other[taken]))
        one, other = one[is_left], other[is_left]
    return partner
