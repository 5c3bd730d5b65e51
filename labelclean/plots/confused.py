"""Which classes are mistaken for each other most: as a list, and as the choice of what a crowded figure shows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from labelclean.arrays import CodeArray, CountMatrix, ProbMatrix

__all__ = ["MOST_DRAWN", "ClassPartner", "ConfusedPair", "class_partners", "confused_pairs", "drawn_classes"]

MOST_DRAWN = 80
"""Up to how many classes a heat map shows all of them."""

_CLASSES_WHEN_TOO_MANY = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class ConfusedPair:
    """
    One cell off the diagonal.

    Attributes
    ----------
    given, true : int
        Class codes: the label in the file, and the class the rows are estimated to be.
    n_rows : int
        Estimated number of such rows.
    share : float
        The cell of the matrix, 0 to 1.
    """

    given: int
    true: int
    n_rows: int
    share: float


def confused_pairs(matrix: ProbMatrix, counts: CountMatrix, *, limit: int | None = None) -> tuple[ConfusedPair, ...]:
    """
    List the pairs of classes that are taken for each other, most rows first.

    Parameters
    ----------
    matrix : ndarray of float, shape (n_classes, n_classes)
        Shares, 0 to 1, indexed [given, true].
    counts : ndarray of int64, shape (n_classes, n_classes)
        Estimated rows, indexed [given, true].
    limit : int, optional
        At most so many pairs.

    Returns
    -------
    tuple of ConfusedPair
        Cells off the diagonal with at least one row; of equal counts the greater share comes first, then the order
        of the classes.
    """
    n_rows = np.array(counts, dtype=np.int64)
    np.fill_diagonal(n_rows, 0)
    given, true = np.nonzero(n_rows > 0)
    order = np.lexsort((true, given, -matrix[given, true], -n_rows[given, true]))[:limit]
    return tuple(
        ConfusedPair(given=int(g), true=int(t), n_rows=int(n_rows[g, t]), share=float(matrix[g, t]))
        for g, t in zip(given[order], true[order], strict=True)
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class ClassPartner:
    """
    Another class that one class is confused with.

    Attributes
    ----------
    code : int
        The other class.
    n_given_instead : int
        Rows that truly are the one class and were given the other.
    n_truly : int
        Rows given the one class that truly are the other.
    """

    code: int
    n_given_instead: int
    n_truly: int


def class_partners(counts: CountMatrix, code: int, *, limit: int) -> tuple[ClassPartner, ...]:
    """
    List what one class is confused with, the most rows (both ways) first.

    Parameters
    ----------
    counts : ndarray of int64, shape (n_classes, n_classes)
        Estimated rows, indexed [given, true].
    code : int
        The class.
    limit : int
        At most so many others.

    Returns
    -------
    tuple of ClassPartner
        Classes with at least one row; of equal counts in the order of the classes.
    """
    instead, truly = counts[:, code], counts[code]
    both = np.array(instead + truly)
    both[code] = 0
    order = np.argsort(-both, kind="stable")[:limit]
    return tuple(
        ClassPartner(code=int(other), n_given_instead=int(instead[other]), n_truly=int(truly[other]))
        for other in order
        if both[other] > 0
    )


def drawn_classes(matrix: ProbMatrix, counts: CountMatrix | None = None) -> CodeArray:
    """
    Return the codes of the classes a heat map shows, in class order.

    Up to 80 classes all of them; above, the 40 with the most rows (or, without counts, the greatest shares) off the
    diagonal, in their row and column together, because smaller cells can neither be read nor hit.
    """
    n_classes = len(matrix)
    if n_classes <= MOST_DRAWN:
        return np.arange(n_classes, dtype=np.int64)
    weight = np.array(matrix if counts is None else counts, dtype=np.float64)
    np.fill_diagonal(weight, 0.0)
    confused = weight.sum(axis=0) + weight.sum(axis=1)
    return np.sort(np.argsort(-confused, kind="stable")[:_CLASSES_WHEN_TOO_MANY]).astype(np.int64)
