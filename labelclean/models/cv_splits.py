"""Which rows are held out together, as the caller says: scikit-learn's splitters, or the splits themselves."""

from __future__ import annotations

from typing import Any, cast

import numpy as np

from labelclean.arrays import CodeArray, FloatArray, IndexArray, MaskArray
from labelclean.errors import InvalidInputError
from labelclean.models.folds import group_numbers
from labelclean.models.rows import n_rows, take_rows

__all__ = ["chosen_splits", "cv_splits"]


def cv_splits(
    cv: object, rows: object, labels: CodeArray, present: MaskArray, *, groups: IndexArray | None = None
) -> tuple[tuple[IndexArray, IndexArray], ...]:
    """
    Return the rows to train on and the rows to judge, for each split.

    Parameters
    ----------
    cv : int, splitter, or iterable of (train, test)
        As ``sklearn.model_selection.check_cv`` takes it: a number of folds, an object with ``split``, or positions or
        masks of rows.
    rows : object
        As ``indexable_rows`` gives them.
    labels : ndarray of int64, shape (n_examples,) or (n_examples, n_labels)
        Class codes, for splitters that look at them.
    present : ndarray of bool, shape (n_examples,)
        Rows that have a label and weigh something. A splitter sees only these; splits told by positions, also those
        of ``PredefinedSplit``, are cut down to them.
    groups : ndarray of int64, shape (n_examples,), optional
        For splitters that look at them.

    Returns
    -------
    tuple of (ndarray of int64, ndarray of int64)
        Positions among all rows.

    Raises
    ------
    InvalidInputError
        If a present row is never held out, a row is trained on by the model that judges it, or a position is not one
        of a row.

    Examples
    --------
    >>> everything = np.ones(4, dtype=bool)
    >>> splits = cv_splits(2, np.zeros((4, 1)), np.array([0, 0, 1, 1]), everything)
    >>> [test.tolist() for train, test in splits]
    [[0, 2], [1, 3]]
    """
    from sklearn.model_selection import PredefinedSplit, check_cv  # noqa: PLC0415  (keeps the pipeline light until something is trained)

    looks_at_rows = hasattr(cv, "split") and not isinstance(cv, PredefinedSplit)
    if looks_at_rows or isinstance(cv, int | np.integer):
        places = np.flatnonzero(present)
        splitter = check_cv(cv, labels[places], classifier=True)
        some = rows if present.all() else take_rows(rows, places)
        found = splitter.split(some, labels[places], None if groups is None else groups[places])
        splits = [
            (places[_positions(train, len(places))], places[_positions(test, len(places))]) for train, test in found
        ]
    else:
        n_examples = n_rows(rows)
        pairs = list(check_cv(cast("Any", cv)).split())
        splits = [tuple(_positions(part, n_examples) for part in pair) for pair in pairs]  # type: ignore[misc]
    kept = tuple((train[present[train]], test[present[test]]) for train, test in splits)
    _check_held_out(kept, present)
    return kept


def chosen_splits(
    cv: object, rows: object, labels: CodeArray, *, sample_weight: FloatArray | None = None, groups: object = None
) -> tuple[tuple[IndexArray, IndexArray], ...] | None:
    """
    Return the splits of rows that all have a label, if the caller has any in mind.

    Parameters
    ----------
    cv : int, splitter, iterable of (train, test), or None
        As for ``cv_splits``; None where rows are to be dealt to folds.
    rows : object
        As ``indexable_rows`` gives them.
    labels : ndarray of int64, shape (n_examples,) or (n_examples, n_labels)
        Class codes.
    sample_weight : ndarray of float64, shape (n_examples,), optional
        Rows of weight 0 are not there.
    groups : sequence of hashable, length n_examples, optional
        For splitters that look at them.

    Returns
    -------
    tuple of (ndarray of int64, ndarray of int64), or None
        Positions among all rows; None where ``cv`` is.

    Examples
    --------
    >>> chosen_splits(None, np.zeros((4, 1)), np.array([0, 0, 1, 1])) is None
    True
    """
    if cv is None:
        return None
    present = np.ones(len(labels), dtype=np.bool_) if sample_weight is None else sample_weight > 0
    group_ids = None if groups is None else group_numbers(groups, len(labels))
    return cv_splits(cv, rows, labels, present, groups=group_ids)


def _positions(part: object, n_examples: int) -> IndexArray:
    given = np.asarray(part)
    if given.dtype == np.bool_ and given.shape == (n_examples,):
        return np.flatnonzero(given)
    if given.ndim != 1 or (given.size and given.dtype.kind not in "iu"):
        raise InvalidInputError(
            f"cv must give positions of rows; got {given.dtype} of shape {given.shape}.",
            fix="Give pairs (train, test) of whole numbers, as scikit-learn's splitters do.",
        )
    bad = np.flatnonzero((given < 0) | (given >= n_examples))
    if bad.size:
        raise InvalidInputError(
            f"cv must give positions from 0 to {n_examples - 1:,}; got {bad.size:,} others, first {given[bad[0]]:,}.",
            fix="Make the splits for these rows; a splitter is shown only those that have a label and weigh something.",
        )
    return given.astype(np.int64)


def _check_held_out(splits: tuple[tuple[IndexArray, IndexArray], ...], present: MaskArray) -> None:
    missing = present.copy()
    for number, (train, test) in enumerate(splits):
        missing[test] = False
        both = np.intersect1d(train, test)
        if both.size:
            raise InvalidInputError(
                f"cv must not train on the rows it judges; got {both.size:,} rows in both parts of split {number:,}, "
                f"first row {both[0]:,}.",
                fix="Leave the test rows of each split out of its training rows.",
            )
    never = np.flatnonzero(missing)
    if never.size:
        raise InvalidInputError(
            f"cv must hold out every row at least once; got {never.size:,} rows in no test part, first row "
            f"{never[0]:,}.",
            fix="Use splits that cover all rows, such as those of KFold.",
        )
