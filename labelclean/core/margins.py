"""The rows with the largest margins of a true over the given class, for all pairs of classes at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import CodeArray, CountMatrix, FloatArray, IndexArray, MaskArray
from labelclean.core.chunks import take_rows

__all__ = ["flag_largest_margins"]

_CLEAR_MARGIN = 1e-5  # a row with a larger margin surely disagrees with its given label
_CELLS_AT_ONCE = 1 << 18  # margins of one block: two megabytes, which stay in the cache
_CELLS_READ_AT_ONCE = 1 << 15
_FEW_ROWS = 64  # classes with no more suspects share a block
_ROWS_AT_ONCE = 1 << 18
_SUSPECTS_AT_ONCE = 1 << 18
_SORTED_WIDTH = 256  # up to here sorting all pairs of a block at once beats selecting pair by pair


def flag_largest_margins(
    labels: CodeArray,
    pred_probs: NDArray[np.floating],
    self_confidence: FloatArray,
    counts: CountMatrix,
    suggested: NDArray[np.signedinteger],
    *,
    min_examples_per_class: int,
) -> MaskArray:
    """
    Flag the rows that disagree and are among the largest margins of at least one pair of classes.

    In each given class k and for each other class j, the ``counts[k, j]`` rows with the largest margin
    ``P(j) - P(k)`` among all rows given k are taken, equal margins in row order; then rows that agree with their
    label are left out.

    Parameters
    ----------
    labels : ndarray of int64, shape (n_examples,)
        Given class codes.
    pred_probs : ndarray of float, shape (n_examples, n_classes)
        Held-out probabilities; only rows that disagree are read, as a rule.
    self_confidence : ndarray of float64, shape (n_examples,)
        The probability of each row's given label.
    counts : ndarray of int64, shape (n_classes, n_classes)
        How many rows to take; rows are given labels, columns true classes; the diagonal is not looked at.
    suggested : ndarray of int, shape (n_examples,)
        The most likely class; the given label where that one is at most 1e-6 behind: the row then agrees.
    min_examples_per_class : int
        Classes with no more rows than this are left alone; a class's only row always is.

    Returns
    -------
    ndarray of bool, shape (n_examples,)
        True where flagged; never where a row agrees.

    Notes
    -----
    A row with a clearly positive margin disagrees. So where enough rows have one, ranking the disagreeing rows alone
    gives the same result; the whole class is looked at only for the other pairs, and only if a disagreeing row is
    left that they could still flag.

    Examples
    --------
    >>> labels, probs = np.array([0, 0, 0, 1]), np.array([[0.9, 0.1], [0.4, 0.6], [0.2, 0.8], [0.1, 0.9]])
    >>> own, suggested = probs[np.arange(4), labels], probs.argmax(axis=1)
    >>> flag_largest_margins(labels, probs, own, np.array([[2, 1], [0, 1]]), suggested, min_examples_per_class=1)
    array([False, False,  True, False])
    """
    table = _Table(labels=labels, pred_probs=pred_probs, given=self_confidence, suggested=suggested)
    flagged = np.zeros(len(labels), dtype=np.bool_)
    sizes = np.bincount(labels, minlength=len(counts))
    pairs = _Pairs.of(counts, sizes > max(min_examples_per_class, 1))
    for suspects in _suspects(labels, suggested, len(counts)):
        unsure: list[_Pairs] = []
        for block in _blocks(suspects, pairs.among(suspects), table):
            complete = block.mark(flagged, floor=_CLEAR_MARGIN)
            if not complete.all():
                unsure.append(block.pairs.at(~complete))
        for some in unsure:
            _look_at_whole_classes(table, suspects, some, flagged)
    return flagged


def _suspects(labels: CodeArray, suggested: NDArray[np.signedinteger], n_classes: int) -> Iterator[_Groups]:
    """Yield the rows that disagree, as many classes at a time as keeps the memory small."""
    n_of_class = np.zeros(n_classes, dtype=np.int64)
    for start in range(0, len(labels), _ROWS_AT_ONCE):
        given = labels[start : start + _ROWS_AT_ONCE]
        n_of_class += np.bincount(given[suggested[start : start + _ROWS_AT_ONCE] != given], minlength=n_classes)
    batch_of_class = (np.cumsum(n_of_class) - 1) // _SUSPECTS_AT_ONCE
    for batch in np.unique(batch_of_class[n_of_class > 0]).tolist():
        wanted = batch_of_class == batch
        everything = bool(wanted[n_of_class > 0].all())
        rows = []
        for start in range(0, len(labels), _ROWS_AT_ONCE):
            given = labels[start : start + _ROWS_AT_ONCE]
            own = np.flatnonzero(suggested[start : start + _ROWS_AT_ONCE] != given)
            rows.append(start + (own if everything else own[wanted[given[own]]]))
        yield _Groups.of(labels, np.concatenate(rows), n_classes)


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class _Table:
    """Where margins are read from."""

    labels: CodeArray
    suggested: NDArray[np.signedinteger]
    pred_probs: NDArray[np.floating]
    given: FloatArray

    def margins(self, rows: IndexArray, true: int | NDArray[np.intp]) -> FloatArray:
        """Return P(true) - P(given), in double precision; ``true`` is one class, or one for each row of ``rows``."""
        if self.pred_probs.flags.c_contiguous:
            cells = self.pred_probs.reshape(-1).take(rows * self.pred_probs.shape[1] + true)
        else:
            cells = self.pred_probs[rows, true]
        return np.asarray(cells - self.given[rows], dtype=np.float64)

    def class_margins(self, rows: IndexArray, true: NDArray[np.intp]) -> FloatArray:
        """Return the margins of the same rows for several classes, shape (n_classes, n_rows)."""
        n_classes = self.pred_probs.shape[1]
        margins = np.empty((len(true), len(rows)))
        step = max(1, _CELLS_READ_AT_ONCE // n_classes)
        for start in range(0, len(rows), step):
            some = rows[start : start + step]
            if len(true) * 4 < n_classes:
                cells = self.pred_probs[some, true[:, np.newaxis]]
            else:
                cells = take_rows(self.pred_probs, some).T[true]
            np.subtract(cells, self.given[some], out=margins[:, start : start + step], dtype=np.float64)
        return margins


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class _Groups:
    """Rows sorted by class, in row order within a class."""

    rows: IndexArray
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, labels: CodeArray, rows: NDArray[np.intp], n_classes: int) -> _Groups:
        own = labels[rows]
        # Small whole numbers are sorted digit by digit, several times as fast.
        order = np.argsort(own.astype(np.uint16) if n_classes <= np.iinfo(np.uint16).max else own, kind="stable")
        starts = np.zeros(n_classes + 1, dtype=np.int64)
        np.cumsum(np.bincount(own, minlength=n_classes), out=starts[1:])
        return cls(rows=rows[order].astype(np.int64, copy=False), starts=starts)

    def sizes(self) -> NDArray[np.int64]:
        return np.diff(self.starts)

    def of_class(self, code: int) -> IndexArray:
        return self.rows[self.starts[code] : self.starts[code + 1]]


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class _Pairs:
    """Pairs of given and true class, by given class, and how many rows each of them takes."""

    given: NDArray[np.intp]
    true: NDArray[np.intp]
    wanted: NDArray[np.int64]

    @classmethod
    def of(cls, counts: CountMatrix, is_looked_at: MaskArray) -> _Pairs:
        cells = np.flatnonzero(counts != 0)
        given, true = np.divmod(cells, len(counts))
        kept = (given != true) & is_looked_at[given]
        return cls(given=given[kept], true=true[kept], wanted=counts.reshape(-1)[cells[kept]])

    def __len__(self) -> int:
        return len(self.given)

    def among(self, groups: _Groups) -> _Pairs:
        """Return the pairs whose given class has rows in the groups."""
        return self.at((groups.sizes() > 0)[self.given])

    def at(self, places: slice | MaskArray | NDArray[np.intp]) -> _Pairs:
        return _Pairs(given=self.given[places], true=self.true[places], wanted=self.wanted[places])


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class _Block:
    """
    The margins of some pairs of classes.

    ``margins`` has a line for each pair, ``rows`` the row of each margin (one line for all where the pairs are of one
    class); places without a row hold minus infinity.
    """

    pairs: _Pairs
    margins: FloatArray
    rows: IndexArray

    def mark(self, flagged: MaskArray, *, floor: float) -> MaskArray:
        """Flag the rows that are taken, of those above ``floor``; return for which pairs these are all."""
        cuts = self._cuts()
        complete = cuts > floor
        lowest = np.where(complete, cuts, np.nextafter(floor, np.inf))
        taken = self.margins >= lowest[:, np.newaxis]
        tied = np.flatnonzero(complete & (np.count_nonzero(taken, axis=1) > self.pairs.wanted))
        if tied.size:
            taken[tied] = self._without_late_ties(tied, cuts)
        flagged[self.rows[0, taken.any(axis=0)] if len(self.rows) == 1 else self.rows[taken]] = True
        return complete

    def _cuts(self) -> FloatArray:
        """Return the smallest margin that each pair takes; minus infinity where it wants more rows than there are."""
        n_pairs, width = self.margins.shape
        place = width - self.pairs.wanted
        cuts = np.full(n_pairs, -np.inf)
        enough = np.flatnonzero(place >= 0)
        if width <= _SORTED_WIDTH:
            ordered = np.sort(self.margins, axis=1)
            cuts[enough] = ordered[enough, place[enough]]
        else:
            for pair in enough.tolist():
                cuts[pair] = np.partition(self.margins[pair], place[pair])[place[pair]]
        return cuts

    def _without_late_ties(self, pairs: NDArray[np.intp], cuts: FloatArray) -> MaskArray:
        """Return which margins are taken where several equal the smallest one taken: the earlier rows."""
        margins, cut = self.margins[pairs], cuts[pairs, np.newaxis]
        above, equal = margins > cut, margins == cut
        room = self.pairs.wanted[pairs] - np.count_nonzero(above, axis=1)
        return np.asarray(above | (equal & (np.cumsum(equal, axis=1) <= room[:, np.newaxis])))


def _blocks(groups: _Groups, pairs: _Pairs, table: _Table) -> Iterator[_Block]:
    """Cut the pairs into blocks: large classes one by one, small ones many at a time."""
    small = (groups.sizes() <= _FEW_ROWS)[pairs.given]
    yield from _blocks_of_small_classes(groups, pairs.at(small), table)
    large = pairs.at(~small)
    for code in np.unique(large.given).tolist():
        own = large.at(slice(*np.searchsorted(large.given, [code, code + 1])))
        rows = groups.of_class(code)
        n_pairs = max(1, _CELLS_AT_ONCE // len(rows))
        for start in range(0, len(own), n_pairs):
            some = own.at(slice(start, start + n_pairs))
            yield _Block(pairs=some, margins=table.class_margins(rows, some.true), rows=rows[np.newaxis])


def _blocks_of_small_classes(groups: _Groups, pairs: _Pairs, table: _Table) -> Iterator[_Block]:
    """Lay the margins of many pairs into one table, as wide as the largest class among them."""
    n_pairs = max(1, _CELLS_AT_ONCE // _FEW_ROWS)
    sizes = groups.sizes()
    order = np.argsort(sizes[pairs.given], kind="stable")  # like sizes together: little of the table is empty
    for start in range(0, len(order), n_pairs):
        some = pairs.at(order[start : start + n_pairs])
        place = np.arange(sizes[some.given[-1]])
        rows = groups.rows.take(groups.starts[some.given, np.newaxis] + place, mode="clip")
        margins = table.margins(rows, some.true[:, np.newaxis])
        margins[place >= sizes[some.given, np.newaxis]] = -np.inf
        yield _Block(pairs=some, margins=margins, rows=rows)


def _look_at_whole_classes(table: _Table, suspects: _Groups, pairs: _Pairs, flagged: MaskArray) -> None:
    """Rank all rows of a class where too few have a clearly positive margin, if that can flag another row."""
    for code in np.unique(pairs.given).tolist():
        if flagged[suspects.of_class(code)].all():
            continue
        rows = np.flatnonzero(table.labels == code)
        taken = np.zeros(len(flagged), dtype=np.bool_)
        for place in np.flatnonzero(pairs.given == code).tolist():
            pair = pairs.at(slice(place, place + 1))
            whole = _Pairs(given=pair.given, true=pair.true, wanted=np.minimum(pair.wanted, len(rows)))
            margins = table.margins(rows, int(pair.true[0]))[np.newaxis]
            _Block(pairs=whole, margins=margins, rows=rows[np.newaxis]).mark(taken, floor=-np.inf)
        flagged[rows] |= taken[rows] & (table.suggested[rows] != code)
