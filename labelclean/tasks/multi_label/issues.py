"""Errors in label sets from end to end: labels and probabilities in, suspected cells and examples out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labelclean.arrays import FloatArray, IndexArray, Label, MaskArray, freeze_fields
from labelclean.core.chunks import CHUNK_BYTES
from labelclean.errors import InvalidInputError
from labelclean.tasks.multi_label.label_sets import LabelFormat, MultiLabels
from labelclean.tasks.multi_label.noise import MultiLabelNoise, noise_of_scan
from labelclean.tasks.multi_label.options import MultiLabelFilter, MultiLabelOptions
from labelclean.tasks.multi_label.scan import read_and_scan
from labelclean.tasks.multi_label.selection import flag_cells

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MultiLabelIssues", "find_multi_label_issues"]


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class MultiLabelIssues:
    """
    Which cells and which examples of a multi-label data set are suspected.

    Attributes
    ----------
    class_names : tuple of hashable, length n_classes
        The classes.
    is_given : ndarray of bool, shape (n_examples, n_classes)
        True where the class was given.
    is_class_issue : ndarray of bool, shape (n_examples, n_classes)
        True where the class seems wrongly given or wrongly left out.
    is_opposed : ndarray of bool, shape (n_examples, n_classes)
        True where the given state is not the likelier one; flagged cells are among these.
    is_issue : ndarray of bool, shape (n_examples,)
        True where any class does.
    noise : MultiLabelNoise
        The noise found on the way.
    """

    class_names: tuple[Label, ...]
    is_given: NDArray[np.bool_]
    is_class_issue: NDArray[np.bool_]
    is_opposed: NDArray[np.bool_]
    is_issue: MaskArray
    noise: MultiLabelNoise

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)

    @property
    def n_examples(self) -> int:
        """Number of examples."""
        return len(self.is_issue)

    @property
    def n_issues(self) -> int:
        """Number of flagged examples."""
        return int(np.count_nonzero(self.is_issue))

    @property
    def suggested(self) -> NDArray[np.bool_]:
        """The labels with every flagged cell turned over, shape (n_examples, n_classes)."""
        return self.is_given ^ self.is_class_issue

    def ranked(self, label_quality_scores: FloatArray) -> IndexArray:
        """
        Put the flagged examples in order.

        Parameters
        ----------
        label_quality_scores : ndarray of float, shape (n_examples,)
            One score per example, low = suspect; as ``multi_label_quality_scores`` gives them.

        Returns
        -------
        ndarray of int64, shape (n_issues,)
            Positions of the flagged examples, most suspect first; ties by position.

        Raises
        ------
        InvalidInputError
            If there is not one score per example.
        """
        scores = np.asarray(label_quality_scores)
        if scores.shape != self.is_issue.shape:
            raise InvalidInputError(
                f"label_quality_scores must hold one score for each of the {self.n_examples:,} examples; "
                f"got shape {scores.shape}."
            )
        flagged = np.flatnonzero(self.is_issue)
        return flagged[np.argsort(scores[flagged], kind="stable")].astype(np.int64)

    def to_frame(self) -> pd.DataFrame:
        """
        Return one line per flagged cell, by example and class.

        Returns
        -------
        DataFrame
            Columns ``row`` (0-based record of the input), ``class_name``, ``given`` and ``suggested`` (bool).
        """
        import pandas as pd  # noqa: PLC0415  (keeps `import labelclean` light)

        rows, classes = np.nonzero(self.is_class_issue)
        given = self.is_given[rows, classes]
        names = [self.class_names[code] for code in classes.tolist()]
        return pd.DataFrame(
            {"row": rows, "class_name": pd.Series(names, dtype=object), "given": given, "suggested": ~given}
        )


def find_multi_label_issues(
    labels: MultiLabels,
    pred_probs: ArrayLike,
    *,
    label_format: LabelFormat = "sets",
    class_names: Sequence[Label] | None = None,
    filter_by: MultiLabelFilter = "prune_by_noise_rate",
    frac_noise: float = 1.0,
    min_examples_per_class: int = 1,
    n_to_remove_per_class: Sequence[int] | None = None,
    chunk_bytes: int = CHUNK_BYTES,
) -> MultiLabelIssues:
    """
    Find the classes that are probably wrongly given to examples, or wrongly left out.

    Parameters
    ----------
    labels : list of sets, array-like, or sparse matrix; n_examples rows
        Given label sets; see ``read_label_sets``. An empty set is legal; classes may be in every row or in none.
    pred_probs : array-like of float, shape (n_examples, n_classes)
        Held-out probabilities that each class applies, 0 to 1; rows need not sum to 1. They must come from models
        that did not see the row, or errors stay hidden.
    label_format : {"sets", "one_hot", "csr"}, default="sets"
        The form of ``labels``.
    class_names : sequence of hashable, length n_classes, default=None
        Names of the columns; with "sets" the sets then hold names.
    filter_by : {"prune_by_noise_rate", "prune_by_class", "both", "confident_learning", "predicted_neq_given", \
"low_self_confidence", "low_normalized_margin"}
        Which cells are flagged, in each class by itself. But for the last two, a cell whose given state is the likelier
        one never is; these two flag as many of a class's lowest scores as it has confident errors.
    frac_noise : float, default=1.0
        Share of the estimated errors to flag, above 0 and at most 1; for the first three filters.
    min_examples_per_class : int, default=1
        Examples given a class, and examples not given it, that are never flagged; for the first three filters.
    n_to_remove_per_class : sequence of int, length n_classes, default=None
        Flag, in each class, up to so many of the examples given it, and none of the others; those whose given state is
        the likelier one are left out. For the first three filters; ``frac_noise`` is then not looked at.
    chunk_bytes : int, default=524288
        Size of the chunks in bytes; the result does not depend on it.

    Returns
    -------
    MultiLabelIssues
        One flag per cell and per example, and the noise estimate.

    Raises
    ------
    ConfigError
        If an option is outside its range.
    InvalidInputError
        If labels or probabilities do not fit; see ``read_label_sets``.

    Notes
    -----
    Two passes over the probabilities in chunks; besides, three to four bytes per cell are held in memory, and the cells
    that speak against their label, some classes at a time.

    References
    ----------
    Northcutt, Jiang & Chuang (2021), "Confident Learning", JAIR 70, sections 3.1 and 3.2; one class against the rest as
    in Thyagarajan et al. (2022), arXiv:2211.13895.

    Examples
    --------
    >>> probs = np.array([[0.9, 0.1], [0.8, 0.9], [0.9, 0.2], [0.1, 0.1], [0.2, 0.8], [0.1, 0.9]])
    >>> issues = find_multi_label_issues([[0], [0, 1], [], [], [1], [1]], probs)
    >>> issues.is_issue
    array([False, False,  True, False, False, False])
    >>> issues.to_frame()
       row class_name  given  suggested
    0    2          0  False       True
    """
    options = MultiLabelOptions(
        filter_by=filter_by,
        frac_noise=frac_noise,
        min_examples_per_class=min_examples_per_class,
        n_to_remove_per_class=n_to_remove_per_class,
    )
    label_sets, probs, scan = read_and_scan(
        labels, pred_probs, label_format=label_format, class_names=class_names, chunk_bytes=chunk_bytes
    )
    noise = noise_of_scan(scan)
    flagged = flag_cells(label_sets, probs, scan, noise.confident_joint, options)
    return MultiLabelIssues(
        class_names=label_sets.class_names,
        is_given=label_sets.by_class.T,
        is_class_issue=flagged.T,
        is_opposed=scan.opposed.T,
        is_issue=np.asarray(flagged.any(axis=0)),
        noise=noise,
    )
