"""Texts that have next to nothing in common with any other text."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy import sparse

from labelclean.arrays import FeatureMatrix, FloatArray, IndexArray, MaskArray
from labelclean.features.choosing import text_recipes
from labelclean.features.counting import block_bounds, choose_vocabulary, count_block, count_rows
from labelclean.features.weighting import tfidf_rows
from labelclean.issues.problem import DataProblem, problem_of
from labelclean.protocols import Progress, no_progress

__all__ = ["outliers", "typicality"]

_STEP = "Looking for texts unlike all others"

_NEIGHBOURS = 5
_ENOUGH_TEXTS = 50  # fewer texts have no neighbours to speak of
_FENCE = 3.0  # times the distance from the middle to the lower quartile
_HALF = 0.5  # of the usual similarity: where all texts are nearly alike, a little less so is no outlier
_NOTHING = 1e-3  # similarity

_POOL = 30_000  # texts among which neighbours are looked for
_FIRST_POOL = 2_000  # in the first round, for the rows that are worth a second one
_SECOND_SHARE = 0.05
_MOST_SECOND = 20_000
_FEWEST_SECOND = 2_000
_USUAL_ROWS = 2_000  # from which the usual similarity is told

_BITS = 18  # of the features: 262,144 columns at most
_CHARACTERS = 2_000  # of each text
_ROWS_AT_ONCE = 256


def outliers(
    texts: Sequence[str],
    groups: IndexArray,
    *,
    passed_over: MaskArray | None = None,
    progress: Progress = no_progress,
) -> DataProblem | None:
    """
    Find texts whose nearest other texts are far away, compared with how near they are for most texts.

    Parameters
    ----------
    texts : sequence of str, length n_examples
        The texts; the first 2,000 characters of each are looked at.
    groups : ndarray of int64, shape (n_examples,)
        Rows with the same number are copies of each other, and no neighbours.
    passed_over : ndarray of bool, shape (n_examples,), optional
        True for rows that are not to be judged, such as those with another problem; blank rows never are.
    progress : Progress, optional
        Told the fraction done; it may raise ``RunCancelledError``.

    Returns
    -------
    DataProblem or None
        The least typical first. The score is the mean similarity of the five nearest other texts. None where there are
        none, or fewer than 50 texts.

    Notes
    -----
    Similarities are cosines of TF-IDF vectors of words (and pairs of words where texts are short), or of letters in
    scripts without spaces. A text counts if it is farther below the median than 3 times the distance from the median
    to the lower quartile, which is about 2 standard deviations where similarities are normally distributed, and
    less than half as similar as the median; the measure is robust, so that many outliers do not hide each other.

    Neighbours are looked for among 30,000 texts at most, chosen by a checksum of the text and so whatever the order of
    the rows. Where there are more, the rows worth the full search are chosen among 2,000. Cost: about 2 s for 100,000
    texts of 60 characters.

    References
    ----------
    Ramaswamy, Rastogi & Shim (2000), "Efficient algorithms for mining outliers from large data sets", section 3.

    Examples
    --------
    >>> texts = [f"please send the refund for my order number {n} soon" for n in "abcdefghijklmnopqrstuvwxyz" * 2]
    >>> outliers([*texts, "zebra xylophone quartz"], np.arange(53)).rows
    array([52])
    """
    is_judged = np.fromiter((bool(text.strip()) for text in texts), dtype=np.bool_, count=len(texts))
    if passed_over is not None:
        is_judged &= ~passed_over
    if np.count_nonzero(is_judged) < _ENOUGH_TEXTS:
        return None
    features = _features(texts, progress)
    by_checksum = _by_checksum(texts, np.flatnonzero(is_judged))
    asked = _worth_asking(features, groups, by_checksum, progress)
    usual = by_checksum[:_USUAL_ROWS]
    both = np.union1d(asked, usual)
    scores = typicality(features, groups, both, by_checksum[:_POOL], progress=_between(progress, 0.7, 1.0))
    lower, middle = np.quantile(scores[np.isin(both, usual)], [0.25, 0.5])
    far = scores < max(min(middle - _FENCE * (middle - lower), _HALF * middle), _NOTHING)
    return problem_of(
        "outliers",
        both[far],
        scores[far],
        [
            "It has nothing in common with any other text."
            if score < _NOTHING
            else f"The most similar texts are {100 * score:.0f} % like it, against {100 * middle:.0f} % for most texts."
            for score in scores[far].tolist()
        ],
    )


def typicality(
    features: FeatureMatrix,
    groups: IndexArray,
    rows: IndexArray,
    pool: IndexArray,
    *,
    progress: Progress = no_progress,
) -> FloatArray:
    """
    Return how similar some rows are to their nearest neighbours.

    Parameters
    ----------
    features : csr_array of float32, shape (n_examples, n_features)
        Numbers of 0 and more, rows of length 1 or all zero.
    groups : ndarray of int64, shape (n_examples,)
        Rows with the same number are no neighbours.
    rows : ndarray of int64, shape (n_rows,)
        The rows asked about.
    pool : ndarray of int64
        The rows that may be neighbours.
    progress : Progress, optional
        Told the fraction done; it may raise ``RunCancelledError``.

    Returns
    -------
    ndarray of float64, shape (n_rows,)
        The mean cosine of the five nearest, 0 to 1; neighbours that do not exist count as 0.

    Examples
    --------
    >>> texts = sparse.csr_array(np.array([[1, 0], [1, 0], [0, 1]], dtype=np.float32))
    >>> typicality(texts, np.arange(3), np.array([0, 2]), np.arange(3))
    array([0.2, 0. ])
    """
    others = sparse.csr_array(features[pool].T)
    groups_of_pool = groups[pool]
    means = np.zeros(len(rows))
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        progress(_STEP, start / len(rows))
        block = rows[start : start + _ROWS_AT_ONCE]
        similar = sparse.csr_array(features[block] @ others)
        own = np.repeat(groups[block], np.diff(similar.indptr)) == groups_of_pool[similar.indices]
        similar.data[own] = 0.0
        bounds = similar.indptr.tolist()
        for place in range(len(block)):
            values = similar.data[bounds[place] : bounds[place + 1]]
            if len(values) > _NEIGHBOURS:
                values = np.partition(values, len(values) - _NEIGHBOURS)[-_NEIGHBOURS:]
            # Summed in order of size: the order of the columns must make no difference.
            means[start + place] = np.sort(values.astype(np.float64)).sum() / _NEIGHBOURS
    return np.minimum(means, 1.0)


def _features(texts: Sequence[str], progress: Progress) -> FeatureMatrix:
    """Return weighted words, also those that only one text has: they are what makes it unlike the others."""
    recipe = replace(
        text_recipes(texts)["words"], min_texts=1, max_features=1 << _BITS, n_bits=_BITS, max_characters=_CHARACTERS
    )
    blocks = []
    for start, end in block_bounds(texts, recipe.max_characters):
        progress(_STEP, 0.3 * start / len(texts))
        blocks.append(count_block(texts[start:end], recipe, start=start))
    vocabulary = choose_vocabulary(blocks, recipe)
    n_filled = sum(block.n_filled for block in blocks)
    return tfidf_rows(count_rows(blocks, vocabulary), vocabulary.text_counts, n_texts=n_filled)


def _by_checksum(texts: Sequence[str], rows: IndexArray) -> IndexArray:
    """Return the rows in an order that depends on their texts alone, and is as good as random."""
    sums = np.fromiter(
        (zlib.crc32(texts[row].encode("utf-8", "surrogatepass")) for row in rows.tolist()),
        dtype=np.uint32,
        count=len(rows),
    )
    return rows[np.argsort(sums, kind="stable")]


def _worth_asking(
    features: FeatureMatrix, groups: IndexArray, by_checksum: IndexArray, progress: Progress
) -> IndexArray:
    """Return the rows that may be outliers: all, where they are few."""
    n_asked = min(_MOST_SECOND, max(_FEWEST_SECOND, int(_SECOND_SHARE * len(by_checksum))))
    if len(by_checksum) <= max(n_asked, _FEWEST_SECOND):
        return by_checksum
    rough = typicality(features, groups, by_checksum, by_checksum[:_FIRST_POOL], progress=_between(progress, 0.3, 0.7))
    return by_checksum[np.argsort(rough, kind="stable")[:n_asked]]


def _between(progress: Progress, start: float, end: float) -> Progress:
    return lambda step, fraction: progress(step, start + (end - start) * fraction)
