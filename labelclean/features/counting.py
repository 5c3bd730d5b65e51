"""Counts of runs in texts as sparse rows, block by block, with the most shared runs as columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from labelclean.arrays import FeatureMatrix, IndexArray
from labelclean.features.grams import Hashes, stable_order
from labelclean.features.recipes import GramRecipe, find_grams

__all__ = ["BlockCounts", "Vocabulary", "block_bounds", "choose_vocabulary", "count_block", "count_rows"]

_BLOCK_CHARACTERS = 1 << 19  # about 1.5 million runs at a time: what they need stays under 100 MB
_BLOCK_TEXTS = 1 << 16  # rows of a block fit 16 bits


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class BlockCounts:
    """
    How often each run stands in each text of a block, run by run.

    Attributes
    ----------
    start, n_texts, n_filled : int
        First text of the block, the number of texts, and of those with any run.
    hashes : ndarray of uint64, shape (n_grams,)
        The runs, rising.
    bounds : ndarray of int64, shape (n_grams + 1,)
        Run ``i`` has the entries ``bounds[i]`` to ``bounds[i + 1]``: one for each text that has it.
    rows : ndarray of uint16, shape (n_entries,)
        Texts, counted from ``start``; rising within a run.
    counts : ndarray of unsigned int, shape (n_entries,)
        How often the text has the run.
    """

    start: int
    n_texts: int
    n_filled: int
    hashes: Hashes
    bounds: IndexArray
    rows: NDArray[np.uint16]
    counts: NDArray[np.unsignedinteger]


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Vocabulary:
    """
    The runs that became columns.

    Attributes
    ----------
    hashes : ndarray of uint64, shape (n_features,)
        Their numbers, rising.
    columns : ndarray of int32, shape (n_features,)
        Their columns. Column 0 is the run that the most texts have; ties stand in the order of the numbers.
    text_counts : ndarray of int64, shape (n_features,)
        For each column, the number of texts that have the run.
    first_texts : ndarray of int64, shape (n_features,)
        For each column, the first text that has the run.
    """

    hashes: Hashes
    columns: NDArray[np.int32]
    text_counts: IndexArray
    first_texts: IndexArray


def block_bounds(texts: Sequence[str], max_characters: int) -> list[tuple[int, int]]:
    """
    Cut texts into blocks of about equal work.

    Parameters
    ----------
    texts : sequence of str
        The texts.
    max_characters : int
        Characters of each that are read.

    Returns
    -------
    list of (int, int)
        First text and the one after the last, for each block; none is empty.

    Examples
    --------
    >>> block_bounds(["a", "b"], 10)
    [(0, 2)]
    """
    if not texts:
        return []
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    ends = np.cumsum(np.minimum(lengths, max_characters) + 1)
    block = np.maximum(ends // _BLOCK_CHARACTERS, 0)
    changes = np.flatnonzero(np.diff(block, prepend=-1)).tolist()
    pieces = zip(changes, [*changes[1:], len(texts)], strict=True)
    return [
        (start, min(start + _BLOCK_TEXTS, end)) for first, end in pieces for start in range(first, end, _BLOCK_TEXTS)
    ]


def count_block(texts: Sequence[str], recipe: GramRecipe, *, start: int = 0) -> BlockCounts:
    """
    Count the runs of one block of texts.

    Parameters
    ----------
    texts : sequence of str
        The texts of the block, at most 65,536.
    recipe : GramRecipe
        What to count.
    start : int, default=0
        Position of the block's first text among all.

    Returns
    -------
    BlockCounts
        Every run of the block, also those that only one text has.

    Examples
    --------
    >>> recipe = GramRecipe(unit="words", lengths=(1, 1), max_characters=100, min_texts=1, max_features=10)
    >>> block = count_block(["ha ha", "ha"], recipe)
    >>> block.rows, block.counts
    (array([0, 1], dtype=uint16), array([2, 1], dtype=uint8))
    """
    _, grams = find_grams(texts, recipe)
    hashes, rows = grams.hashes, grams.rows.astype(np.uint16)
    if recipe.n_bits < 64:  # noqa: PLR2004  (runs of all lengths share columns, and rows rise only within a length)
        by_row = np.argsort(rows, kind="stable")
        hashes, rows = hashes[by_row], rows[by_row]
    order = stable_order(hashes)
    hashes, rows = hashes[order], rows[order]
    is_new_gram = np.ones(len(hashes), dtype=np.bool_)
    is_new_gram[1:] = hashes[1:] != hashes[:-1]
    is_new_entry = is_new_gram.copy()
    is_new_entry[1:] |= rows[1:] != rows[:-1]
    entries = np.flatnonzero(is_new_entry)
    counts = np.diff(entries, append=len(hashes))
    return BlockCounts(
        start=start,
        n_texts=len(texts),
        n_filled=int(np.count_nonzero(np.bincount(rows))),
        hashes=hashes[is_new_gram],
        bounds=np.append(np.flatnonzero(is_new_gram[entries]), len(entries)),
        rows=rows[entries],
        counts=counts.astype(np.min_scalar_type(int(counts.max(initial=0)))),
    )


def choose_vocabulary(blocks: Sequence[BlockCounts], recipe: GramRecipe) -> Vocabulary:
    """
    Choose the runs that become columns.

    Parameters
    ----------
    blocks : sequence of BlockCounts
        All blocks.
    recipe : GramRecipe
        Says how many texts must have a run, and how many runs are kept.

    Returns
    -------
    Vocabulary
        The runs that at least ``min_texts`` texts have; where that is none at all, all runs. At most
        ``max_features``, those of the most texts.

    Examples
    --------
    >>> recipe = GramRecipe(unit="words", lengths=(1, 1), max_characters=100, min_texts=2, max_features=10)
    >>> choose_vocabulary([count_block(["ha ho", "ho hu"], recipe)], recipe).text_counts
    array([2])
    """
    hashes, text_counts = _all_grams(blocks)
    shared = text_counts >= recipe.min_texts
    if shared.any():
        hashes, text_counts = hashes[shared], text_counts[shared]
    if len(hashes) > recipe.max_features:
        place = len(hashes) - recipe.max_features
        frequent = text_counts >= np.partition(text_counts, place)[place]
        hashes, text_counts = hashes[frequent], text_counts[frequent]
    chosen = np.argsort(-text_counts, kind="stable")[: recipe.max_features]
    by_hash = np.argsort(hashes[chosen])
    vocabulary = Vocabulary(
        hashes=hashes[chosen][by_hash],
        columns=by_hash.astype(np.int32),
        text_counts=text_counts[chosen],
        first_texts=np.zeros(len(chosen), dtype=np.int64),
    )
    for block in reversed(blocks):
        in_block, columns = _columns_of(block, vocabulary)
        vocabulary.first_texts[columns] = block.start + block.rows[block.bounds[:-1][in_block]].astype(np.int64)
    return vocabulary


def count_rows(blocks: list[BlockCounts], vocabulary: Vocabulary) -> FeatureMatrix:
    """
    Lay the counts of all blocks out as sparse rows.

    Parameters
    ----------
    blocks : list of BlockCounts
        All blocks in order; **emptied**, so that memory is given back while the rows grow.
    vocabulary : Vocabulary
        The columns.

    Returns
    -------
    csr_array of float32, shape (n_texts, n_features)
        Counts, columns rising within each row; one column of zeros where the vocabulary is empty.

    Examples
    --------
    >>> recipe = GramRecipe(unit="words", lengths=(1, 1), max_characters=100, min_texts=1, max_features=10)
    >>> blocks = [count_block(["ha ho ha", "ha"], recipe)]
    >>> count_rows(blocks, choose_vocabulary(blocks, recipe)).toarray()
    array([[2., 1.],
           [1., 0.]], dtype=float32)
    """
    n_texts = sum(block.n_texts for block in blocks)
    n_entries = int(vocabulary.text_counts.sum())
    small = np.int32 if n_entries < np.iinfo(np.int32).max else np.int64
    indices: NDArray[np.integer] = np.empty(n_entries, dtype=small)
    indptr: NDArray[np.integer] = np.zeros(n_texts + 1, dtype=small)
    data = np.empty(n_entries, dtype=np.float32)
    done = 0
    blocks.reverse()
    while blocks:
        block = blocks.pop()
        part, columns = _block_rows(block, vocabulary)
        indices[done : done + part.nnz] = columns[part.indices]
        data[done : done + part.nnz] = part.data
        indptr[block.start + 1 : block.start + block.n_texts + 1] = part.indptr[1:] + done
        done += part.nnz
    counts: FeatureMatrix = sparse.csr_array((data, indices, indptr), shape=(n_texts, max(len(vocabulary.hashes), 1)))
    counts.has_canonical_format = True
    return counts


def _all_grams(blocks: Sequence[BlockCounts]) -> tuple[Hashes, IndexArray]:
    """Join the runs of all blocks, rising, with the number of texts that have each."""
    if len(blocks) == 1:
        return blocks[0].hashes, np.diff(blocks[0].bounds)
    hashes = np.sort(np.concatenate([np.zeros(0, dtype=np.uint64), *(block.hashes for block in blocks)]))
    is_new = np.ones(len(hashes), dtype=np.bool_)
    is_new[1:] = hashes[1:] != hashes[:-1]
    hashes = hashes[is_new]
    text_counts = np.zeros(len(hashes), dtype=np.int64)
    for block in blocks:
        text_counts[np.searchsorted(hashes, block.hashes)] += np.diff(block.bounds)
    return hashes, text_counts


def _columns_of(block: BlockCounts, vocabulary: Vocabulary) -> tuple[IndexArray, NDArray[np.int32]]:
    """Return which runs of a block are in the vocabulary, and their columns."""
    places = np.searchsorted(vocabulary.hashes, block.hashes)
    places[places == len(vocabulary.hashes)] = 0
    known = np.flatnonzero(vocabulary.hashes[places] == block.hashes) if len(vocabulary.hashes) else places[:0]
    return known, vocabulary.columns[places[known]]


def _block_rows(block: BlockCounts, vocabulary: Vocabulary) -> tuple[FeatureMatrix, NDArray[np.int32]]:
    """Return a block's counts as rows over the columns it has, and these columns, rising."""
    known, columns = _columns_of(block, vocabulary)
    order = stable_order(columns.astype(np.uint64) << np.uint64(32))
    known, columns = known[order], columns[order]
    lengths = block.bounds[known + 1] - block.bounds[known]
    bounds = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])
    entries = np.repeat(block.bounds[known] - bounds[:-1], lengths) + np.arange(bounds[-1])
    by_gram = sparse.csc_array(
        (block.counts[entries].astype(np.float32), block.rows[entries].astype(np.int32), bounds.astype(np.int32)),
        shape=(block.n_texts, len(known)),
    )
    return by_gram.tocsr(), columns
