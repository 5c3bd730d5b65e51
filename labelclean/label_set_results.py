"""What an audit of label sets finds: a frozen result over read-only arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import ClassArray, FloatArray, IndexArray, Label, MaskArray, freeze_fields

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LabelSetAuditResult"]


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class LabelSetAuditResult:
    """
    Which labels of which rows are suspected, row by row in the order of the data.

    Attributes
    ----------
    class_names : tuple of hashable, length n_classes
        The labels, in a fixed order.
    is_given : ndarray of bool, shape (n_examples, n_classes)
        Whether a row was given a label.
    is_labelled : ndarray of bool, shape (n_examples,)
        Whether a row has a label set, be it empty.
    pred_probs : ndarray of float32, shape (n_examples, n_classes)
        P(row is given the label | text, and its other labels where ``uses_cooccurrence``), held out, 0 to 1.
    cell_error_probabilities : ndarray of float32, shape (n_examples, n_classes)
        P(what was given of this label is wrong), 0 to 1; NaN for rows without a label set.
    error_probabilities : ndarray of float64, shape (n_examples,)
        P(the set is wrong), 0 to 1; NaN for rows without a label set.
    is_cell_issue : ndarray of bool, shape (n_examples, n_classes)
        What was given of this label is likelier wrong than right, in a row that is. The suggested set has them changed.
    is_issue : ndarray of bool, shape (n_examples,)
        The row's set is likelier wrong than right: its error probability is above 0.5.
    is_suggested : ndarray of bool, shape (n_examples, n_classes)
        The likeliest set if the given one is wrong, hence never the given one; whether to believe it, the row's error
        probability says. For rows without a label set: the labels likelier than not.
    ranked_rows : ndarray of int64, shape (n_examples,)
        Row positions, most suspect first; rows without a label set last.
    added_rates : ndarray of float64, shape (n_classes,)
        P(label given | it does not belong), estimated.
    missing_rates : ndarray of float64, shape (n_classes,)
        P(label not given | it belongs), estimated.
    n_added, n_missing : ndarray of float64, shape (n_classes,)
        Estimated number of rows that were wrongly given each label, and that wrongly lack it.
    n_wrong_rows : float
        Estimated number of rows whose set is wrong.
    uses_cooccurrence : bool
        Whether the other labels of a row explain its labels clearly better than the text alone.
    cooccurrence_gain : float
        By how much: mean held-out log-likelihood of a row (natural logarithm).
    """

    class_names: tuple[Label, ...]
    is_given: NDArray[np.bool_]
    is_labelled: MaskArray
    pred_probs: NDArray[np.float32]
    cell_error_probabilities: NDArray[np.float32]
    error_probabilities: FloatArray
    is_cell_issue: NDArray[np.bool_]
    is_issue: MaskArray
    is_suggested: NDArray[np.bool_]
    ranked_rows: IndexArray
    added_rates: ClassArray
    missing_rates: ClassArray
    n_added: ClassArray
    n_missing: ClassArray
    n_wrong_rows: float
    uses_cooccurrence: bool
    cooccurrence_gain: float

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)

    @property
    def n_examples(self) -> int:
        """Number of rows, labelled or not."""
        return len(self.is_given)

    @property
    def n_issues(self) -> int:
        """Number of rows whose set is likelier wrong than right."""
        return int(np.count_nonzero(self.is_issue))

    @property
    def n_wrong_cells(self) -> float:
        """Estimated number of labels wrongly given or wrongly left out, over all rows."""
        return float(self.n_added.sum() + self.n_missing.sum())

    def given_labels(self, row: int) -> tuple[Label, ...] | None:
        """Return the set of one row, in the order of the classes; None if it has none."""
        return self._names(self.is_given[row]) if self.is_labelled[row] else None

    def labels_to_add(self, row: int) -> tuple[Label, ...]:
        """Return the labels that one row lacks if its set is wrong."""
        return self._names(self.is_suggested[row] & ~self.is_given[row])

    def labels_to_remove(self, row: int) -> tuple[Label, ...]:
        """Return the labels that one row should not have if its set is wrong."""
        return self._names(~self.is_suggested[row] & self.is_given[row])

    def suggested_labels(self, row: int) -> tuple[Label, ...]:
        """Return the likeliest set of one row if the given one is wrong; without one, the labels likelier than not."""
        return self._names(self.is_suggested[row])

    def to_frame(self) -> pd.DataFrame:
        """
        Return one line per row with a label set, most suspect first.

        Returns
        -------
        DataFrame
            Columns ``rank`` (from 1), ``row``, ``given``, ``suggested_add``, ``suggested_remove`` (tuples of labels:
            what to change if the row is wrong), ``error_probability`` and ``is_issue`` (likelier wrong than right).
        """
        import pandas as pd  # noqa: PLC0415  (keeps `import labelclean` light)

        rows = self.ranked_rows[self.is_labelled[self.ranked_rows]].tolist()
        return pd.DataFrame(
            {
                "rank": np.arange(1, len(rows) + 1),
                "row": np.array(rows, dtype=np.int64),
                "given": pd.Series([self.given_labels(row) for row in rows], dtype=object),
                "suggested_add": pd.Series([self.labels_to_add(row) for row in rows], dtype=object),
                "suggested_remove": pd.Series([self.labels_to_remove(row) for row in rows], dtype=object),
                "error_probability": self.error_probabilities[rows],
                "is_issue": self.is_issue[rows],
            }
        )

    def noise_frame(self) -> pd.DataFrame:
        """
        Return one line per label, in the order of the classes.

        Returns
        -------
        DataFrame
            Columns ``class_name``, ``n_given``, ``n_added``, ``n_missing`` (rows), ``added_rate`` and ``missing_rate``.
        """
        import pandas as pd  # noqa: PLC0415  (likewise)

        return pd.DataFrame(
            {
                "class_name": pd.Series(list(self.class_names), dtype=object),
                "n_given": self.is_given.sum(axis=0),
                "n_added": self.n_added,
                "n_missing": self.n_missing,
                "added_rate": self.added_rates,
                "missing_rate": self.missing_rates,
            }
        )

    def _names(self, chosen: NDArray[np.bool_]) -> tuple[Label, ...]:
        return tuple(self.class_names[code] for code in np.flatnonzero(chosen))
