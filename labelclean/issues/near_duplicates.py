"""Rows whose texts are nearly the same."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from labelclean.arrays import IndexArray
from labelclean.errors import ConfigError
from labelclean.issues.minhash import N_TREES, Signatures, candidate_pairs, likely_similar, minhash_signatures
from labelclean.issues.shingles import folded_text, shingle_similarities
from labelclean.protocols import Progress, no_progress

__all__ = ["NEAR_SIMILARITY", "near_duplicate_groups"]

NEAR_SIMILARITY = 0.8
"""From here on texts say the same: a typing error in 30 characters, an added "please", another number in a template.

One word in a short request ("cancel my order", "change my order") makes a similarity of about 0.5.
"""

_CHAIN_TEXTS = 20  # so many texts may be joined through others; of more, all must be near to one
_MOST_ROUNDS = 100
_TREES_AT_ONCE = 4
_TREES_FOR_CUTS = 8
_TEXTS_AT_ONCE = 50_000
_SIGNED = 0.4  # share of the time after which all texts have signatures


def near_duplicate_groups(
    texts: Sequence[str], *, similarity: float = NEAR_SIMILARITY, progress: Progress = no_progress
) -> IndexArray:
    """
    Give rows with nearly the same text the same number.

    A model that was trained on one of them has seen the others: they vouch for each other's labels, right or wrong.
    Upper case and white space are no difference. Rows without any text are not duplicates of each other.

    Parameters
    ----------
    texts : sequence of str, length n_examples
        The texts.
    similarity : float, default=0.8
        How much of their shingles (three characters in a row) two texts must share to be near-duplicates: both have
        over either has, above 0 and at most 1.
    progress : Progress
        Told the step and the fraction done, 0 to 1 for this step alone; it may raise ``RunCancelledError``.

    Returns
    -------
    ndarray of int64, shape (n_examples,)
        The first row of each row's group. Another order of the rows changes these numbers, not the groups.

    Raises
    ------
    ConfigError
        If the similarity is not above 0 and at most 1.
    RunCancelledError
        If ``progress`` raises it.

    Notes
    -----
    Pairs are found by MinHash and then compared exactly, so that chance joins nothing; a few pairs just above the
    limit may be missed. Texts are joined through others, too (A is near B, B is near C), as long as no more than 20
    different texts come together. A larger chain is cut: the text with the most neighbours takes all that are near
    itself, and what is left is looked at again. After 100 such cuts the rest stays apart.

    Of texts longer than 2,000 characters, the first 2,000 are compared, and the lengths must be as near as
    ``similarity`` says.

    Cost: about 10 s for a million texts of 60 characters, 20 s where most of them have near-duplicates, 90 s where all
    follow one template; up to 1,200 bytes of memory for each different text besides a copy of it.

    References
    ----------
    Broder (1997), "On the resemblance and containment of documents", sections 2 and 3; Bawa, Condie & Ganesan (2005),
    "LSH Forest: self-tuning indexes for similarity search", section 3.

    Examples
    --------
    >>> near_duplicate_groups(["Parcel 17 is on its way to you", "parcel 18 is on its way to you", "lost", ""])
    array([0, 0, 2, 3])
    >>> near_duplicate_groups(["I want to cancel my order", "I want to change my order"])
    array([0, 1])
    """
    if not 0.0 < similarity <= 1.0:
        raise ConfigError(
            f"similarity must be above 0 and at most 1; got {similarity}.", fix=f"Leave it at {NEAR_SIMILARITY}."
        )
    text_of_row, different = _different_texts(texts)
    group_of_text = _joined(different, similarity, progress)
    has_text = text_of_row >= 0
    group_of_row = -1 - np.arange(len(texts), dtype=np.int64)
    group_of_row[has_text] = group_of_text[text_of_row[has_text]]
    _, first_rows, groups = np.unique(group_of_row, return_index=True, return_inverse=True)
    return first_rows[groups].astype(np.int64)


def _different_texts(texts: Sequence[str]) -> tuple[IndexArray, list[str]]:
    """Return for each row the position of its folded text among the sorted ones; -1 where there is none."""
    folded = [folded_text(text) for text in texts]
    different = sorted({*folded} - {""})
    positions = {text: position for position, text in enumerate(different)}
    return np.fromiter((positions.get(text, -1) for text in folded), dtype=np.int64, count=len(folded)), different


def _joined(texts: Sequence[str], similarity: float, progress: Progress) -> IndexArray:
    """Return a group number for each of some different texts."""
    step = "Looking for near-duplicates"
    progress(step, 0.0)
    groups = np.arange(len(texts), dtype=np.int64)
    parts = []
    for start in range(0, len(texts), _TEXTS_AT_ONCE):
        parts.append(minhash_signatures(texts[start : start + _TEXTS_AT_ONCE]))
        progress(step, _SIGNED * min(1.0, (start + _TEXTS_AT_ONCE) / len(texts)))
    if len(texts) < 2:  # noqa: PLR2004  (there is no pair)
        return groups
    signatures = np.concatenate(parts)
    left = right = np.empty(0, dtype=np.int64)
    for first in range(0, N_TREES, _TREES_AT_ONCE):
        trees = range(first, min(first + _TREES_AT_ONCE, N_TREES))
        more_left, more_right = _near_pairs(texts, signatures, trees, similarity, groups)
        if more_left.size:
            left, right = np.append(left, more_left), np.append(right, more_right)
            groups = _connected(len(texts), left, right)
        progress(step, _SIGNED + (1.0 - _SIGNED) * trees.stop / N_TREES)
    return _cut_chains(texts, signatures, groups, similarity)


def _near_pairs(
    texts: Sequence[str], signatures: Signatures, trees: range, similarity: float, groups: IndexArray
) -> tuple[IndexArray, IndexArray]:
    """Return pairs of near-duplicates that are not in one group yet."""
    found = [candidate_pairs(signatures, tree, similarity=similarity) for tree in trees]
    pairs = np.sort(np.stack([np.concatenate(side) for side in zip(*found, strict=True)], axis=1), axis=1)
    pairs = pairs[groups[pairs[:, 0]] != groups[pairs[:, 1]]]
    left, right = np.divmod(np.unique(pairs[:, 0] * len(texts) + pairs[:, 1]), len(texts))
    near = shingle_similarities(texts, left, right) >= similarity
    return left[near], right[near]


def _connected(n_texts: int, left: IndexArray, right: IndexArray) -> IndexArray:
    links = sparse.coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(n_texts, n_texts))
    return connected_components(links, directed=False)[1].astype(np.int64)


def _cut_chains(texts: Sequence[str], signatures: Signatures, groups: IndexArray, similarity: float) -> IndexArray:
    """Return the groups, those of too many texts cut into pieces."""
    members = np.flatnonzero(np.bincount(groups)[groups] > _CHAIN_TEXTS)
    if not members.size:
        return groups
    own_texts = [texts[text] for text in members.tolist()]
    own_signatures = signatures[members]
    links = _near_pairs(own_texts, own_signatures, range(_TREES_FOR_CUTS), similarity, np.arange(len(members)))
    cut = groups.copy()
    cut[members] = len(texts) + _pieces(own_texts, own_signatures, links, similarity)
    return cut


def _pieces(
    texts: Sequence[str], signatures: Signatures, links: tuple[IndexArray, IndexArray], similarity: float
) -> IndexArray:
    """Return for each text the number of one of its piece."""
    pieces = np.arange(len(texts), dtype=np.int64)
    is_open = np.ones(len(texts), dtype=np.bool_)
    for _ in range(_MOST_ROUNDS):
        between_open = is_open[links[0]] & is_open[links[1]]
        left, right = links[0][between_open], links[1][between_open]
        chains = _connected(len(texts), left, right)
        small = is_open & (np.bincount(chains)[chains] <= _CHAIN_TEXTS)
        n_neighbours = np.bincount(np.concatenate([left, right]), minlength=len(texts))
        centres = _centres(chains, n_neighbours)[chains]
        pieces[small] = centres[small]
        left_over = np.flatnonzero(is_open & ~small)
        around = centres[left_over]
        near = likely_similar(signatures, left_over, around, similarity=similarity)
        near[near] = shingle_similarities(texts, left_over[near], around[near]) >= similarity
        pieces[left_over[near]] = around[near]
        is_open[small] = False
        is_open[left_over[near]] = False
        if not is_open.any():
            break
    return pieces


def _centres(chains: IndexArray, n_neighbours: IndexArray) -> IndexArray:
    """Return for each chain the text with the most neighbours, among equals the first."""
    order = np.lexsort((-np.arange(len(chains)), n_neighbours, chains))  # the last one of each chain is its centre
    centres = np.empty(int(chains.max()) + 1, dtype=np.int64)
    centres[chains[order]] = order
    return centres
