"""Which labelled texts are nearest to a row, and which is the nearest under its own label."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from labelclean.arrays import UNLABELLED, CodeArray, FeatureMatrix, FloatArray, IndexArray, freeze_fields
from labelclean.protocols import Progress, no_progress

__all__ = ["NearestTexts", "nearest_texts"]

_NONE = -1
_MAX_CELLS = 1 << 24  # similarities held at a time: 64 MB
_MAX_QUERIES = 128  # more do not fit the cache together
_COMMON = 0.02  # share of the texts from which a feature is multiplied as dense numbers
_CHUNK = 32  # similarities of which the best is kept, so that the best of all is found without reading all again

_Scores = NDArray[np.float32]


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class NearestTexts:
    """
    The nearest labelled texts of some rows. All arrays are read-only.

    Attributes
    ----------
    rows : ndarray of int64, shape (n_queries, n_neighbours)
        Nearest first, among equals the first in the file; -1 where no other text has anything in common with the row.
    similarities : ndarray of float64, shape (n_queries, n_neighbours)
        Cosines, 0 to 1; 0 where there is no neighbour.
    counter_rows : ndarray of int64, shape (n_queries,)
        The nearest row under the label of the row itself; -1 where there is none, or the row has no label.
    counter_similarities : ndarray of float64, shape (n_queries,)
        Its cosine; 0 where there is none.
    """

    rows: IndexArray
    similarities: FloatArray
    counter_rows: IndexArray
    counter_similarities: FloatArray

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)


def nearest_texts(
    features: FeatureMatrix,
    rows: IndexArray,
    labels: CodeArray,
    groups: IndexArray,
    *,
    n_neighbours: int = 5,
    progress: Progress = no_progress,
) -> NearestTexts:
    """
    Find the labelled texts that are most like each of some rows.

    A row's own group is left out, since a copy tells nothing new. Of a group of copies that carry the same label only
    the first row counts; so five neighbours are five different texts, or show one text under different labels.

    Parameters
    ----------
    features : csr_array of float32, shape (n_examples, n_features)
        Numbers of 0 and more, rows of length 1 or all zero, such as TF-IDF.
    rows : ndarray of int64, shape (n_queries,)
        The rows asked about.
    labels : ndarray of int64, shape (n_examples,)
        Class codes; -1 where there is no label: such rows may be asked about but are nobody's neighbours.
    groups : ndarray of int64, shape (n_examples,)
        Rows with the same number are copies of each other.
    n_neighbours : int, default=5
        Neighbours to find, 1 or more.
    progress : Progress, optional
        Told the fraction of the rows done; it may raise ``RunCancelledError``.

    Returns
    -------
    NearestTexts
        Row by row, in the order asked.

    Raises
    ------
    RunCancelledError
        If ``progress`` raises it.

    Notes
    -----
    Exact: every row is compared with every text, in blocks of at most 128 rows and 64 MB. Similarities are summed in
    one fixed order, so that equal texts are equally near, on any machine and for any block size.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> texts = csr_array(np.array([[1, 0], [0.8, 0.6], [0.6, 0.8], [0, 1]], dtype=np.float32))
    >>> found = nearest_texts(texts, np.array([0]), np.array([0, 1, 1, 0]), np.arange(4), n_neighbours=3)
    >>> found.rows
    array([[ 1,  2, -1]])
    >>> found.counter_rows
    array([-1])
    """
    found = _Found.nothing(len(rows), n_neighbours)
    pool = _Pool.of(features, labels, groups)
    by_label = np.argsort(labels[rows], kind="stable")  # rows of one class in one block share their counter-examples
    n_together = max(1, min(_MAX_QUERIES, _MAX_CELLS // max(1, len(pool.rows))))
    for start in range(0, len(rows) if len(pool.rows) else 0, n_together):
        progress("Finding similar texts", start / len(rows))
        places = by_label[start : start + n_together]
        scores = pool.similarities(features[rows[places]])
        scores[pool.copies(groups[rows[places]])] = _NONE
        found.counter_rows[places], found.counter_similarities[places] = pool.best_of_class(
            scores, labels[rows[places]]
        )
        found.rows[places], found.similarities[places] = pool.best(scores, n_neighbours)
    return NearestTexts(
        rows=found.rows,
        similarities=found.similarities,
        counter_rows=found.counter_rows,
        counter_similarities=found.counter_similarities,
    )


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class _Found:
    """The result while it is being filled."""

    rows: IndexArray
    similarities: FloatArray
    counter_rows: IndexArray
    counter_similarities: FloatArray

    @classmethod
    def nothing(cls, n_queries: int, n_neighbours: int) -> _Found:
        return cls(
            rows=np.full((n_queries, n_neighbours), _NONE, dtype=np.int64),
            similarities=np.zeros((n_queries, n_neighbours)),
            counter_rows=np.full(n_queries, _NONE, dtype=np.int64),
            counter_similarities=np.zeros(n_queries),
        )


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class _Pool:
    """The texts that can be neighbours, in file order; scores have one row for each of them, one column per query."""

    rows: IndexArray
    labels: CodeArray
    by_group: IndexArray
    sorted_groups: IndexArray
    rare: IndexArray
    common: IndexArray
    rare_features: FeatureMatrix
    common_features: FeatureMatrix

    @classmethod
    def of(cls, features: FeatureMatrix, labels: CodeArray, groups: IndexArray) -> _Pool:
        rows = _one_of_each_copy(labels, groups)
        texts = features[rows]
        n_texts_with = np.bincount(texts.indices, minlength=features.shape[1])
        is_common = n_texts_with > _COMMON * len(rows)
        rare, common = np.flatnonzero(~is_common), np.flatnonzero(is_common)
        by_group = np.argsort(groups[rows], kind="stable")
        return cls(
            rows=rows,
            labels=labels[rows],
            by_group=by_group,
            sorted_groups=groups[rows][by_group],
            rare=rare,
            common=common,
            rare_features=texts[:, rare],
            common_features=texts[:, common],
        )

    def similarities(self, queries: FeatureMatrix) -> _Scores:
        """Return the cosines, shape (n_texts, n_queries)."""
        # Few texts share a rare feature, so sparse times sparse skips most of them; nearly all share some common one.
        scores: _Scores = (self.rare_features @ sparse.csr_array(queries[:, self.rare].T)).toarray()
        if len(self.common):
            scores += self.common_features @ np.ascontiguousarray(queries[:, self.common].toarray().T)
        return scores

    def copies(self, groups: IndexArray) -> tuple[IndexArray, IndexArray]:
        """Return the places in the scores where a query meets a text of its own group."""
        first = np.searchsorted(self.sorted_groups, groups, side="left")
        n_each = np.searchsorted(self.sorted_groups, groups, side="right") - first
        queries = np.repeat(np.arange(len(groups)), n_each)
        within = np.arange(n_each.sum()) - np.repeat(np.cumsum(n_each) - n_each, n_each)
        return self.by_group[first[queries] + within], queries

    def best_of_class(self, scores: _Scores, labels: CodeArray) -> tuple[IndexArray, FloatArray]:
        """Return the nearest text that carries each query's own label, and how near it is."""
        rows, nearness = np.full(len(labels), _NONE, dtype=np.int64), np.zeros(len(labels))
        for label in np.unique(labels[labels != UNLABELLED]):
            queries, texts = np.flatnonzero(labels == label), np.flatnonzero(self.labels == label)
            theirs = scores[np.ix_(texts, queries)]  # at least the query itself, or its copy
            best = theirs.argmax(axis=0)
            rows[queries], nearness[queries] = self._if_any(texts[best], theirs[best, np.arange(len(queries))])
        return rows, nearness

    def best(self, scores: _Scores, n_neighbours: int) -> tuple[IndexArray, FloatArray]:
        """Return the nearest texts of each query, nearest first, and how near they are; the scores are used up."""
        n_texts, n_queries = scores.shape
        tops = np.maximum.reduceat(scores, np.arange(0, n_texts, _CHUNK), axis=0)
        each = np.arange(n_queries)
        within = np.arange(_CHUNK)[:, None]
        rows, nearness = np.empty((n_queries, n_neighbours), dtype=np.int64), np.empty((n_queries, n_neighbours))
        for rank in range(n_neighbours):
            chunk = tops.argmax(axis=0)
            # The last chunk may be short; meeting its last text several times changes no maximum.
            texts = np.minimum(chunk * _CHUNK + within, n_texts - 1)
            theirs = scores[texts, each]
            best = theirs.argmax(axis=0)
            rows[:, rank], nearness[:, rank] = self._if_any(texts[best, each], theirs[best, each])
            scores[texts[best, each], each] = _NONE
            tops[chunk, each] = scores[texts, each].max(axis=0)
        return rows, nearness

    def _if_any(self, texts: IndexArray, scores: _Scores) -> tuple[IndexArray, FloatArray]:
        """Return the rows of texts, and none where the score says that there is nothing in common."""
        alike = scores > 0
        return np.where(alike, self.rows[texts], _NONE), np.where(alike, np.minimum(scores, 1.0), 0.0)


def _one_of_each_copy(labels: CodeArray, groups: IndexArray) -> IndexArray:
    """Return the first row of each label in each group of copies, in file order."""
    labelled = np.flatnonzero(labels != UNLABELLED)
    order = labelled[np.lexsort((labels[labelled], groups[labelled]))]  # stable: the first row comes first
    is_first = np.ones(len(order), dtype=np.bool_)
    is_first[1:] = (groups[order][1:] != groups[order][:-1]) | (labels[order][1:] != labels[order][:-1])
    return np.sort(order[is_first])
