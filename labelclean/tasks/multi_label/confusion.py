"""Which label is given where which other was meant: wrong labels and missing ones of the same row, put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from labelclean.arrays import ClassArray, Label, freeze_fields
from labelclean.core.chunks import CHUNK_BYTES
from labelclean.tasks.multi_label.issues import MultiLabelIssues, find_multi_label_issues
from labelclean.tasks.multi_label.label_sets import LabelFormat, MultiLabels
from labelclean.tasks.multi_label.options import MultiLabelFilter

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ConfusionSums", "MultiLabelConfusion", "confusion_of_issues", "multi_label_confusion"]

BoolTable = NDArray[np.bool_]
PairTable = NDArray[np.float64]

_UNIT = 5_354_228_880  # least common multiple of 1 to 24: shares of a row are whole numbers of it, so sums are exact
_ROWS_AT_ONCE = 1 << 17  # bounds the memory; no result depends on it


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class MultiLabelConfusion:
    """
    How often one label stands where another was meant.

    Attributes
    ----------
    class_names : tuple of hashable, length n_classes
        The classes.
    swaps : ndarray of float64, shape (n_classes, n_classes)
        ``swaps[a, b]``: number of examples given a where b was meant; the diagonal is 0.
    spurious : ndarray of float64, shape (n_classes,)
        Number of examples wrongly given the class with no missing one in exchange.
    missing : ndarray of float64, shape (n_classes,)
        Number of examples that lack the class with no wrong one in exchange.
    n_given, n_meant : ndarray of int64, shape (n_classes,)
        Number of examples with the class as given, and after the suspected errors are turned over.
    n_examples : int
        Number of examples.
    """

    class_names: tuple[Label, ...]
    swaps: PairTable
    spurious: ClassArray
    missing: ClassArray
    n_given: NDArray[np.int64]
    n_meant: NDArray[np.int64]
    n_examples: int

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)

    @property
    def swap_rates(self) -> PairTable:
        """``swaps[a, b]`` over the examples where b was meant: P(a stands in place of b | b meant), 0 to 1."""
        return np.asarray(self.swaps / np.maximum(self.n_meant, 1))

    @property
    def missing_rates(self) -> ClassArray:
        """P(class left out without replacement | class meant), 0 to 1."""
        return np.asarray(self.missing / np.maximum(self.n_meant, 1))

    @property
    def spurious_rates(self) -> ClassArray:
        """P(class added without replacing another | class not meant), 0 to 1."""
        return np.asarray(self.spurious / np.maximum(self.n_examples - self.n_meant, 1))

    @property
    def expected_by_chance(self) -> PairTable:
        """
        What ``swaps`` would hold if wrong and missing labels met in a row only by chance.

        For a given and b meant: wrongly given a's times missing b's over all examples. A count far above this is a
        confusion; one near it is not.
        """
        wrong = self.swaps.sum(axis=1) + self.spurious
        lacking = self.swaps.sum(axis=0) + self.missing
        expected = np.outer(wrong, lacking) / max(self.n_examples, 1)
        np.fill_diagonal(expected, 0.0)
        return expected

    def to_frame(self) -> pd.DataFrame:
        """
        Return one line per pair of confused classes, most examples first.

        Returns
        -------
        DataFrame
            Columns ``given``, ``meant``, ``n_examples``, ``rate`` (of the examples where the second was meant, 0 to 1)
            and ``expected_by_chance`` (examples). Pairs that never occur are left out; ties by class position.
        """
        import pandas as pd  # noqa: PLC0415  (keeps `import labelclean` light)

        given, meant = np.nonzero(self.swaps)
        order = np.argsort(-self.swaps[given, meant], kind="stable")
        given, meant = given[order], meant[order]
        return pd.DataFrame(
            {
                "given": pd.Series([self.class_names[code] for code in given.tolist()], dtype=object),
                "meant": pd.Series([self.class_names[code] for code in meant.tolist()], dtype=object),
                "n_examples": self.swaps[given, meant],
                "rate": self.swap_rates[given, meant],
                "expected_by_chance": self.expected_by_chance[given, meant],
            }
        )


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class ConfusionSums:
    """
    What some rows say about confused labels; sums that are exact, so that they join in any order.

    Attributes
    ----------
    pairs : ndarray of int64, shape (n_classes, n_classes)
        Share of each pair, rows summed, in units of 1 / 5,354,228,880.
    removals, additions, given : ndarray of int64, shape (n_classes,)
        Number of rows wrongly given, lacking, and given each class.
    n_rows : int
        Number of rows.
    """

    pairs: NDArray[np.int64]
    removals: NDArray[np.int64]
    additions: NDArray[np.int64]
    given: NDArray[np.int64]
    n_rows: int

    @classmethod
    def partial(cls, is_given: BoolTable, is_class_issue: BoolTable) -> Self:
        """
        Count one chunk.

        Parameters
        ----------
        is_given : ndarray of bool, shape (n_rows, n_classes)
            True where the class was given.
        is_class_issue : ndarray of bool, shape (n_rows, n_classes)
            True where that is suspected.

        Returns
        -------
        ConfusionSums
            The counts of these rows.
        """
        removed, added = is_class_issue & is_given, is_class_issue & ~is_given
        n_removed, n_added = removed.sum(axis=1), added.sum(axis=1)
        has_both = np.flatnonzero((n_removed > 0) & (n_added > 0))
        larger = np.maximum(n_removed, n_added)[has_both]
        wrong = sparse.csr_array(removed[has_both], dtype=np.int64)
        lacking = sparse.csr_array(added[has_both], dtype=np.int64)
        lacking.data *= np.repeat(_UNIT // larger, np.diff(lacking.indptr))
        return cls(
            pairs=sparse.csr_array(wrong.T @ lacking).toarray(),
            removals=removed.sum(axis=0),
            additions=added.sum(axis=0),
            given=is_given.sum(axis=0),
            n_rows=len(is_given),
        )

    def __add__(self, other: ConfusionSums) -> ConfusionSums:
        """Join two chunks."""
        return ConfusionSums(
            pairs=self.pairs + other.pairs,
            removals=self.removals + other.removals,
            additions=self.additions + other.additions,
            given=self.given + other.given,
            n_rows=self.n_rows + other.n_rows,
        )

    def finish(self, class_names: tuple[Label, ...]) -> MultiLabelConfusion:
        """
        Turn sums into numbers of examples.

        Parameters
        ----------
        class_names : tuple of hashable, length n_classes
            The classes.

        Returns
        -------
        MultiLabelConfusion
            The pairs, and what is left unpaired.
        """
        return MultiLabelConfusion(
            class_names=class_names,
            swaps=self.pairs / _UNIT,
            spurious=(self.removals * _UNIT - self.pairs.sum(axis=1)) / _UNIT,
            missing=(self.additions * _UNIT - self.pairs.sum(axis=0)) / _UNIT,
            n_given=self.given,
            n_meant=self.given - self.removals + self.additions,
            n_examples=self.n_rows,
        )


def multi_label_confusion(
    labels: MultiLabels,
    pred_probs: ArrayLike,
    *,
    label_format: LabelFormat = "sets",
    class_names: Sequence[Label] | None = None,
    filter_by: MultiLabelFilter = "prune_by_noise_rate",
    chunk_bytes: int = CHUNK_BYTES,
) -> MultiLabelConfusion:
    """
    Estimate which labels are mistaken for which others.

    One class against the rest cannot show this: it sees a wrong label here and a missing one there. Where both are
    suspected in the same row, the wrong one probably stands in the missing one's place.

    Parameters
    ----------
    labels : list of sets, array-like, or sparse matrix; n_examples rows
        Given label sets; see ``read_label_sets``.
    pred_probs : array-like of float, shape (n_examples, n_classes)
        Held-out probabilities that each class applies, 0 to 1.
    label_format : {"sets", "one_hot", "csr"}, default="sets"
        The form of ``labels``.
    class_names : sequence of hashable, length n_classes, default=None
        Names of the columns; with "sets" the sets then hold names.
    filter_by : str, default="prune_by_noise_rate"
        Which cells are suspected; see ``find_multi_label_issues``. The default flags about as many cells as there are
        estimated errors, so that the numbers below are estimates as well.
    chunk_bytes : int, default=524288
        Size of the chunks in bytes; the result does not depend on it.

    Returns
    -------
    MultiLabelConfusion
        Swaps, and what is wrong or missing without a counterpart.

    Raises
    ------
    ConfigError, InvalidInputError
        If an option, the labels or the probabilities do not fit.

    Notes
    -----
    Let R be the classes of row i that are given and suspected, A those not given and suspected. At most
    ``min(|R|, |A|)`` swaps explain the row; which of them, it does not say, so each pair gets its share of a random
    matching:

    ``swaps[a, b] = sum over i of [a in R][b in A] min(|R|, |A|) / (|R| |A|)``, that is ``1 / max(|R|, |A|)``,

    ``spurious[a] = sum over i of [a in R] (1 - min(|R|, |A|) / |R|)``, and ``missing[b]`` the same with A. So
    ``swaps[a].sum() + spurious[a]`` is the number of examples in which a is flagged as wrongly given, and
    ``swaps[:, b].sum() + missing[b]`` that in which b is flagged as missing: the counts of
    ``find_multi_label_issues``, told apart. Shares below 1/24 are rounded down to a whole number of 2e-10.
    Memory: one table of n_classes x n_classes, and the pairs of some rows at a time.

    Examples
    --------
    >>> probs = np.array([[0.9, 0.1], [0.9, 0.1], [0.1, 0.9], [0.1, 0.9], [0.1, 0.9], [0.2, 0.1]])
    >>> confusion = multi_label_confusion([["cat"], ["cat"], ["dog"], ["dog"], ["cat"], []], probs,
    ...     class_names=["cat", "dog"])
    >>> confusion.to_frame()[["given", "meant", "n_examples"]]
      given meant  n_examples
    0   cat   dog         1.0
    """
    issues = find_multi_label_issues(
        labels,
        pred_probs,
        label_format=label_format,
        class_names=class_names,
        filter_by=filter_by,
        chunk_bytes=chunk_bytes,
    )
    return confusion_of_issues(issues)


def confusion_of_issues(issues: MultiLabelIssues) -> MultiLabelConfusion:
    """
    Put wrong and missing labels of the same row together.

    Parameters
    ----------
    issues : MultiLabelIssues
        As ``find_multi_label_issues`` gives them.

    Returns
    -------
    MultiLabelConfusion
        Swaps, and what is wrong or missing without a counterpart; see ``multi_label_confusion``.

    Examples
    --------
    >>> from labelclean.tasks.multi_label.issues import find_multi_label_issues
    >>> confusion_of_issues(find_multi_label_issues([[0], []], [[0.9], [0.1]])).swaps
    array([[0.]])
    """
    sums = ConfusionSums.partial(issues.is_given[:0], issues.is_class_issue[:0])
    for start in range(0, issues.n_examples, _ROWS_AT_ONCE):
        rows = slice(start, start + _ROWS_AT_ONCE)
        sums = sums + ConfusionSums.partial(issues.is_given[rows], issues.is_class_issue[rows])
    return sums.finish(issues.class_names)
