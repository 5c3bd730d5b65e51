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
_CELLS_AT_ONCE = 1 << 20  # bounds the memory; no result depends on it


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
    n_given : ndarray of int64, shape (n_classes,)
        Number of examples given the class.
    n_meant : ndarray of float64, shape (n_classes,)
        Number that should have it: those given it, less the wrong ones, plus the missing ones.
    expected_by_chance : ndarray of float64, shape (n_classes, n_classes)
        About what ``swaps`` would hold if wrong and missing labels met in a row only by chance. A count far above this
        is a confusion; one near it is not.
    n_examples : int
        Number of examples.
    """

    class_names: tuple[Label, ...]
    swaps: PairTable
    spurious: ClassArray
    missing: ClassArray
    n_given: NDArray[np.int64]
    n_meant: ClassArray
    expected_by_chance: PairTable
    n_examples: int

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)

    @property
    def swap_rates(self) -> PairTable:
        """``swaps[a, b]`` over the examples where b was meant: P(a stands in place of b | b meant), 0 to 1."""
        return _rates(self.swaps, self.n_meant)

    @property
    def missing_rates(self) -> ClassArray:
        """P(class left out without replacement | class meant), 0 to 1."""
        return _rates(self.missing, self.n_meant)

    @property
    def spurious_rates(self) -> ClassArray:
        """P(class added without replacing another | class not meant), 0 to 1."""
        return _rates(self.spurious, self.n_examples - self.n_meant)

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


def _rates(counts: NDArray[np.float64], totals: ClassArray) -> NDArray[np.float64]:
    return np.divide(counts, totals, out=np.zeros_like(counts), where=totals > 0)


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class ConfusionSums:
    """
    What some rows say about confused labels; sums that are exact, so that they join in any order.

    Attributes
    ----------
    pairs : ndarray of int64, shape (n_classes, n_classes)
        Shares of each pair, in units of 1 / 5,354,228,880.
    unpaired : ndarray of int64, shape (n_classes, 2)
        What is left of the flagged cells, missing (0) and wrongly given (1), in the same units.
    opposed, flagged : ndarray of int64, shape (n_classes, 2)
        Number of rows that speak against their label, not given (0) and given (1), and of the flagged ones.
    given : ndarray of int64, shape (n_classes,)
        Number of rows given each class.
    n_rows : int
        Number of rows.
    """

    pairs: NDArray[np.int64]
    unpaired: NDArray[np.int64]
    opposed: NDArray[np.int64]
    flagged: NDArray[np.int64]
    given: NDArray[np.int64]
    n_rows: int

    @classmethod
    def partial(cls, is_given: BoolTable, is_class_issue: BoolTable, is_opposed: BoolTable) -> Self:
        """
        Count one chunk.

        Parameters
        ----------
        is_given : ndarray of bool, shape (n_rows, n_classes)
            True where the class was given.
        is_class_issue : ndarray of bool, shape (n_rows, n_classes)
            True where that is suspected.
        is_opposed : ndarray of bool, shape (n_rows, n_classes)
            True where the given state is not the likelier one.

        Returns
        -------
        ConfusionSums
            The counts of these rows.
        """
        flagged = [is_class_issue & ~is_given, is_class_issue & is_given]
        opposed = [is_opposed & ~is_given, is_opposed & is_given]
        has_flagged = [np.asarray(side.any(axis=1)) for side in flagged]
        sides = [
            flagged[side] | (opposed[side] & (has_flagged[1 - side] & ~has_flagged[side])[:, np.newaxis])
            for side in (0, 1)
        ]
        n_cells = np.stack([side.sum(axis=1) for side in sides])
        share = _UNIT // np.maximum(n_cells.max(axis=0), 1)
        lacking, wrong = (sparse.csr_array(side.T, dtype=np.int64) for side in sides)
        wrong.data *= share[wrong.indices]
        return cls(
            pairs=sparse.csr_array(wrong @ lacking.T).toarray(),
            unpaired=np.stack([_left_over(flagged[side], n_cells[side], n_cells[1 - side]) for side in (0, 1)], axis=1),
            opposed=np.stack([side.sum(axis=0) for side in opposed], axis=1),
            flagged=np.stack([side.sum(axis=0) for side in flagged], axis=1),
            given=is_given.sum(axis=0),
            n_rows=len(is_given),
        )

    def __add__(self, other: ConfusionSums) -> ConfusionSums:
        """Join two chunks."""
        return ConfusionSums(
            pairs=self.pairs + other.pairs,
            unpaired=self.unpaired + other.unpaired,
            opposed=self.opposed + other.opposed,
            flagged=self.flagged + other.flagged,
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
        changes = self.pairs.sum(axis=0) - self.pairs.sum(axis=1) + self.unpaired[:, 0] - self.unpaired[:, 1]
        return MultiLabelConfusion(
            class_names=class_names,
            swaps=self.pairs / _UNIT,
            spurious=self.unpaired[:, 1] / _UNIT,
            missing=self.unpaired[:, 0] / _UNIT,
            n_given=self.given,
            n_meant=self.given + changes / _UNIT,
            expected_by_chance=self._expected_by_chance(),
            n_examples=self.n_rows,
        )

    def _expected_by_chance(self) -> PairTable:
        """Both cells speak against their label, less the rows where neither is flagged."""
        unflagged = self.opposed - self.flagged
        expected = np.outer(self.opposed[:, 1], self.opposed[:, 0]) - np.outer(unflagged[:, 1], unflagged[:, 0])
        np.fill_diagonal(expected, 0)
        return np.asarray(expected / max(self.n_rows, 1))


def _left_over(flagged: BoolTable, n_cells: NDArray[np.int64], n_partners: NDArray[np.int64]) -> NDArray[np.int64]:
    """Add up, class by class, what of each flagged cell finds no partner in its row."""
    left = np.where(n_cells > n_partners, _UNIT - n_partners * (_UNIT // np.maximum(n_cells, 1)), 0)
    return np.asarray(sparse.csr_array(flagged.T, dtype=np.int64) @ left)


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
    Let R be the classes of row i that are given and flagged, A those not given and flagged. Where one of the two is
    empty and the other is not, the cells of its side whose given state is not the likelier one stand in: a pair speaks
    louder than one label, so that for its second half less evidence is needed. At most ``min(|R|, |A|)`` swaps explain
    the row; which of the pairs they are, it does not say, so each gets its share of a random matching:

    ``swaps[a, b] = sum over i of [a in R][b in A] min(|R|, |A|) / (|R| |A|)``, that is ``1 / max(|R|, |A|)``,

    ``spurious[a] = sum over i of [a in R, flagged] (1 - min(|R|, |A|) / |R|)``, and ``missing[b]`` the same with A.
    Where the probabilities are weak, some errors stay unflagged and some pairs meet by chance: the first makes the
    counts too low, and ``expected_by_chance`` tells the second. It is ``(o[a] o[b] - u[a] u[b]) / n`` with o the
    rows in which a (given) or b (not given) is not the likelier state, u those of them that are not flagged.
    Shares below 1/24 are rounded down to a whole number of 2e-10.

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
    tables = issues.is_given, issues.is_class_issue, issues.is_opposed
    sums = ConfusionSums.partial(*(table[:0] for table in tables))
    n_classes = len(issues.class_names)
    n_rows = max(n_classes, _CELLS_AT_ONCE // n_classes)  # no more tables of pairs than there is data
    for start in range(0, issues.n_examples, n_rows):
        sums = sums + ConfusionSums.partial(*(table[start : start + n_rows] for table in tables))
    return sums.finish(issues.class_names)
