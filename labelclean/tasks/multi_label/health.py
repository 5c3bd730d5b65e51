"""The state of a multi-label data set in numbers: which classes hold the most suspected labels, and how many rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labelclean.arrays import ClassArray, FloatArray, IndexArray, Label, freeze_fields
from labelclean.core.chunks import CHUNK_BYTES
from labelclean.tasks.multi_label.issues import MultiLabelIssues, find_multi_label_issues
from labelclean.tasks.multi_label.label_sets import LabelFormat, MultiLabels
from labelclean.tasks.multi_label.options import MultiLabelFilter

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MultiLabelHealth", "health_of_issues", "multi_label_health"]


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class MultiLabelHealth:
    """
    Suspected labels, class by class and as a whole; every number counts flagged cells or rows.

    Attributes
    ----------
    class_names : tuple of hashable, length n_classes
        The classes.
    n_examples : int
        Number of examples.
    n_issues : int
        Examples with at least one flagged class.
    n_states : ndarray of int64, shape (n_classes, 2)
        Examples not given (0) and given (1) each class.
    n_flagged : ndarray of int64, shape (n_classes, 2)
        Of these, the flagged ones: 0 = the class seems to be missing, 1 = it seems to be wrongly given.
    """

    class_names: tuple[Label, ...]
    n_examples: int
    n_issues: int
    n_states: NDArray[np.int64]
    n_flagged: NDArray[np.int64]

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)

    @property
    def overall(self) -> float:
        """Share of examples without a flagged class, 0 to 1; 1 when there are no examples."""
        return 1.0 - self.n_issues / max(self.n_examples, 1)

    @property
    def issue_shares(self) -> FloatArray:
        """Flagged examples per class and given state over all examples, shape (n_classes, 2)."""
        return np.asarray(self.n_flagged / max(self.n_examples, 1))

    @property
    def label_noise(self) -> ClassArray:
        """Per class: share of the examples given it that seem wrong, 0 to 1; 0 for a class never given."""
        return np.asarray(self.n_flagged[:, 1] / np.maximum(self.n_states[:, 1], 1))

    @property
    def inverse_label_noise(self) -> ClassArray:
        """Per class: share of the examples not given it that seem to lack it, 0 to 1."""
        return np.asarray(self.n_flagged[:, 0] / np.maximum(self.n_states[:, 0], 1))

    @property
    def label_quality(self) -> ClassArray:
        """Per class: share of the examples given it that seem right, 0 to 1; low = suspect."""
        return 1.0 - self.label_noise

    @property
    def ranked_classes(self) -> IndexArray:
        """Class positions, worst label quality first; ties by the class's position."""
        return np.argsort(self.label_quality, kind="stable").astype(np.int64)

    def to_frame(self) -> pd.DataFrame:
        """
        Return one line per class, worst label quality first.

        Returns
        -------
        DataFrame
            Columns ``class_name``, ``n_given``, ``n_spurious`` (flagged where given), ``n_missing`` (flagged where not
            given), ``label_noise``, ``inverse_label_noise``, ``label_quality`` (shares, 0 to 1).
        """
        import pandas as pd  # noqa: PLC0415  (keeps `import labelclean` light)

        order = self.ranked_classes
        return pd.DataFrame(
            {
                "class_name": pd.Series(self._names(order), dtype=object),
                "n_given": self.n_states[order, 1],
                "n_spurious": self.n_flagged[order, 1],
                "n_missing": self.n_flagged[order, 0],
                "label_noise": self.label_noise[order],
                "inverse_label_noise": self.inverse_label_noise[order],
                "label_quality": self.label_quality[order],
            }
        )

    def common_issues(self) -> pd.DataFrame:
        """
        Return one line per class and given state, most flagged examples first.

        Returns
        -------
        DataFrame
            Columns ``class_name``, ``given`` and ``suggested`` (bool), ``n_examples`` (flagged), ``share`` (of all
            examples, 0 to 1). Ties by class, not given before given.
        """
        import pandas as pd  # noqa: PLC0415  (keeps `import labelclean` light)

        order = np.argsort(-self.n_flagged.reshape(-1), kind="stable")
        given = order % 2 == 1
        return pd.DataFrame(
            {
                "class_name": pd.Series(self._names(order // 2), dtype=object),
                "given": given,
                "suggested": ~given,
                "n_examples": self.n_flagged.reshape(-1)[order],
                "share": self.issue_shares.reshape(-1)[order],
            }
        )

    def _names(self, order: NDArray[np.integer]) -> list[Label]:
        return [self.class_names[code] for code in order.tolist()]


def multi_label_health(
    labels: MultiLabels,
    pred_probs: ArrayLike,
    *,
    label_format: LabelFormat = "sets",
    class_names: Sequence[Label] | None = None,
    filter_by: MultiLabelFilter = "prune_by_noise_rate",
    chunk_bytes: int = CHUNK_BYTES,
) -> MultiLabelHealth:
    """
    Summarise how sound the labels of a data set are.

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
        Which cells count as issues; see ``find_multi_label_issues``.
    chunk_bytes : int, default=524288
        Size of the chunks in bytes; the result does not depend on it.

    Returns
    -------
    MultiLabelHealth
        Counts, shares, and tables of them.

    Raises
    ------
    ConfigError, InvalidInputError
        If an option, the labels or the probabilities do not fit.

    Examples
    --------
    >>> probs = np.array([[0.9, 0.1], [0.8, 0.9], [0.9, 0.2], [0.1, 0.1], [0.2, 0.8], [0.1, 0.9]])
    >>> health = multi_label_health([[0], [0, 1], [], [], [1], [1]], probs)
    >>> health.inverse_label_noise
    array([0.25, 0.  ])
    """
    issues = find_multi_label_issues(
        labels,
        pred_probs,
        label_format=label_format,
        class_names=class_names,
        filter_by=filter_by,
        chunk_bytes=chunk_bytes,
    )
    return health_of_issues(issues)


def health_of_issues(issues: MultiLabelIssues) -> MultiLabelHealth:
    """
    Count what was flagged.

    Parameters
    ----------
    issues : MultiLabelIssues
        As ``find_multi_label_issues`` gives them.

    Returns
    -------
    MultiLabelHealth
        Counts, shares, and tables of them.

    Examples
    --------
    >>> from labelclean.tasks.multi_label.issues import find_multi_label_issues
    >>> health_of_issues(find_multi_label_issues([[0], []], [[0.9], [0.1]])).overall
    1.0
    """
    n_flagged = issues.is_class_issue.sum(axis=0)
    n_spurious = (issues.is_class_issue & issues.is_given).sum(axis=0)
    n_given = issues.is_given.sum(axis=0)
    return MultiLabelHealth(
        class_names=issues.class_names,
        n_examples=issues.n_examples,
        n_issues=issues.n_issues,
        n_states=np.stack([issues.n_examples - n_given, n_given], axis=1).astype(np.int64),
        n_flagged=np.stack([n_flagged - n_spurious, n_spurious], axis=1).astype(np.int64),
    )
