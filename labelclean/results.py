"""What an audit finds: frozen results over read-only arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import (
    UNLABELLED,
    ClassArray,
    CodeArray,
    CountMatrix,
    FloatArray,
    IndexArray,
    Label,
    MaskArray,
    ProbMatrix,
    freeze_fields,
)

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["AuditResult", "LabelIssues", "NoiseEstimate", "RowFacts", "SignalViews", "Signals"]


class RowFacts(Protocol):
    """What speaks for and against the label of one row, as ``explain.evidence`` gathers it."""

    @property
    def row(self) -> int:
        """0-based record of the input."""

    def to_dict(self) -> Mapping[str, object]:
        """Return plain values, for JSON."""


class SignalViews(Protocol):
    """What each learner said about each label, as ``core.reranking_data`` holds it."""

    def to_bytes(self) -> bytes:
        """Return it packed, to be kept with the results."""


class Signals(Protocol):
    """What a re-ranking by the reviewer's decisions starts from; ``core.reranking_data`` has the form."""

    @property
    def views(self) -> SignalViews:
        """The part that is not among the other results."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class NoiseEstimate:
    """
    How the given labels relate to the unknown true ones (Northcutt, Jiang & Chuang 2021, section 3).

    Attributes
    ----------
    confident_joint : ndarray of int64, shape (n_classes, n_classes)
        Calibrated counts; rows are given labels, columns estimated true classes; each row sums to the number of
        rows given that label.
    joint : ndarray of float64, shape (n_classes, n_classes)
        P(given, true); sums to 1.
    noise_matrix : ndarray of float64, shape (n_classes, n_classes)
        P(given | true), indexed [given, true]; every column sums to 1.
    inverse_noise_matrix : ndarray of float64, shape (n_classes, n_classes)
        P(true | given), indexed [given, true]; every row sums to 1.
    class_priors : ndarray of float64, shape (n_classes,)
        P(true class); sums to 1.
    n_label_errors : int
        Estimated number of wrong labels in the whole dataset.
    """

    confident_joint: CountMatrix
    joint: ProbMatrix
    noise_matrix: ProbMatrix
    inverse_noise_matrix: ProbMatrix
    class_priors: ClassArray
    n_label_errors: int

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)

    @property
    def n_labelled(self) -> int:
        """Number of rows with a label, which the counts add up to."""
        return int(self.confident_joint.sum())

    @property
    def label_accuracy(self) -> float:
        """Estimated share of labelled rows whose label is right, 0 to 1; 1 when no row is labelled."""
        return 1.0 - self.n_label_errors / self.n_labelled if self.n_labelled else 1.0


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class LabelIssues:
    """
    Which labels are suspected, and how strongly.

    Attributes
    ----------
    class_names : tuple of hashable, length n_classes
        The classes; every code below is a position in it.
    labels : ndarray of int64, shape (n_examples,)
        Given class codes.
    suggested_labels : ndarray of int8, int16 or int32, shape (n_examples,)
        Most likely class by the probabilities, the first of equals; the given label where that one is at most 1e-6
        behind. In the smallest type that holds all codes.
    is_issue : ndarray of bool, shape (n_examples,)
        True where the label is suspected to be wrong.
    label_quality_scores : ndarray of float64, shape (n_examples,)
        0 to 1; low = suspect.
    noise : NoiseEstimate
        The noise found on the way.
    """

    class_names: tuple[Label, ...]
    labels: CodeArray
    suggested_labels: NDArray[np.signedinteger]
    is_issue: MaskArray
    label_quality_scores: FloatArray
    noise: NoiseEstimate

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)

    @property
    def n_issues(self) -> int:
        """Number of flagged rows."""
        return int(np.count_nonzero(self.is_issue))

    @property
    def ranked_issues(self) -> IndexArray:
        """Positions of the flagged rows, the lowest score first; ties in row order."""
        rows = np.flatnonzero(self.is_issue).astype(np.int64)
        return rows[np.argsort(self.label_quality_scores[rows], kind="stable")]

    def to_frame(self) -> pd.DataFrame:
        """
        Return one line per row of the input, in its order.

        Returns
        -------
        DataFrame
            Columns ``given_label``, ``suggested_label`` (both as the user spells them, dtype object),
            ``label_quality`` (0 to 1, low = suspect), ``is_issue``.
        """
        import pandas as pd  # noqa: PLC0415  (keeps `import labelclean` light)

        names = np.empty(len(self.class_names), dtype=object)
        names[:] = self.class_names
        return pd.DataFrame(
            {
                "given_label": pd.Series(names[self.labels], dtype=object),
                "suggested_label": pd.Series(names[self.suggested_labels], dtype=object),
                "label_quality": self.label_quality_scores,
                "is_issue": self.is_issue,
            }
        )


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class AuditResult:
    """
    Everything one audit found, row by row and as a whole.

    Attributes
    ----------
    class_names : tuple of hashable, length n_classes
        The classes as the user spells them; every code below is a position in it.
    labels : ndarray of int64, shape (n_examples,)
        Given class codes; -1 where no label was given.
    pred_probs : ndarray of float, shape (n_examples, n_classes)
        Held-out probabilities, 0 to 1: of the built-in models in single precision, each row summing to 1; or the user's
        own, as they were given.
    suggested_labels : ndarray of int64, shape (n_examples,)
        Most likely class by the held-out probabilities; equal to the given label where the two agree.
    label_quality_scores : ndarray of float64, shape (n_examples,)
        0 to 1, low = suspect; NaN for unlabelled rows.
    error_probabilities : ndarray of float64, shape (n_examples,)
        Estimated P(given label is wrong), 0 to 1; NaN for unlabelled rows.
    is_issue : ndarray of bool, shape (n_examples,)
        True where the label is flagged; never for unlabelled rows.
    ranked_rows : ndarray of int64, shape (n_examples,)
        Row positions, most suspect first; ties by row position; unlabelled rows last, in file order.
    likely_labels : ndarray of int64, shape (n_examples, n_likely)
        The most likely classes of each row, best first.
    likely_probs : ndarray of float32, shape (n_examples, n_likely)
        Their held-out probabilities.
    noise : NoiseEstimate
        The noise of the labelled rows.
    evidence : tuple of RowEvidence, default=()
        What speaks for and against the labels of the rows that were explained.
    signals : RankingSignals or None
        What a re-ranking by the reviewer's decisions starts from; None where there is nothing to learn from.
    statement : str
        A plain sentence about the labels as a whole, such as that they look systematically produced; may be empty.
    n_errors_interval : tuple of int or None
        Lower and upper end of the estimated number of wrong labels; None where it was not estimated.
    is_thin : ndarray of bool, shape (n_examples,), or None
        True where the text says next to nothing (it is empty, or has one word in common with any other at most), so
        that what is found rests on how common the classes are; None where the texts were not read.
    """

    class_names: tuple[Label, ...]
    labels: CodeArray
    pred_probs: ProbMatrix
    suggested_labels: CodeArray
    label_quality_scores: FloatArray
    error_probabilities: FloatArray
    is_issue: MaskArray
    ranked_rows: IndexArray
    likely_labels: CodeArray
    likely_probs: ProbMatrix
    noise: NoiseEstimate
    evidence: tuple[RowFacts, ...] = ()
    signals: Signals | None = None
    statement: str = ""
    n_errors_interval: tuple[int, int] | None = None
    is_thin: MaskArray | None = None

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)

    @property
    def n_examples(self) -> int:
        """Number of rows, labelled or not."""
        return len(self.labels)

    @property
    def n_labelled(self) -> int:
        """Number of rows with a label."""
        return int(np.count_nonzero(self.labels != UNLABELLED))

    @property
    def n_issues(self) -> int:
        """Number of flagged rows."""
        return int(np.count_nonzero(self.is_issue))

    @property
    def label_accuracy(self) -> float:
        """Estimated share of labelled rows whose label is right, 0 to 1; 1 when no row is labelled."""
        return self.noise.label_accuracy

    def to_frame(self) -> pd.DataFrame:
        """
        Return one line per row of the input, most suspect first.

        Returns
        -------
        DataFrame
            Columns ``rank`` (1 = most suspect), ``row`` (0-based record of the input), ``given_label`` (None if
            unlabelled), ``suggested_label``, ``label_quality`` (0 to 1, low = suspect), ``error_probability``
            (0 to 1), ``is_issue``. Label columns have dtype object, so that labels stay what they were.
        """
        import pandas as pd  # noqa: PLC0415  (keeps `import labelclean` light)

        rows = self.ranked_rows
        names = np.empty(len(self.class_names) + 1, dtype=object)
        names[:-1] = self.class_names
        names[UNLABELLED] = None
        return pd.DataFrame(
            {
                "rank": np.arange(1, len(rows) + 1),
                "row": rows,
                "given_label": pd.Series(names[self.labels[rows]], dtype=object),
                "suggested_label": pd.Series(names[self.suggested_labels[rows]], dtype=object),
                "label_quality": self.label_quality_scores[rows],
                "error_probability": self.error_probabilities[rows],
                "is_issue": self.is_issue[rows],
            }
        )
