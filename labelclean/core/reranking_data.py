"""What goes into a re-ranking and what comes out: what the audit saw, what the reviewer said, the new ranking."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit

from labelclean.arrays import (
    UNLABELLED,
    ClassArray,
    CodeArray,
    CountMatrix,
    FloatArray,
    IndexArray,
    MaskArray,
    ProbMatrix,
    freeze_fields,
)
from labelclean.errors import InvalidInputError
from labelclean.results import NoiseEstimate

__all__ = ["RankingSignals", "Reranking", "Verdicts", "ViewLogOdds", "label_log_odds"]

_LARGEST = 60_000.0  # within half precision
_SURE = 1e-9  # keeps log-odds finite


def label_log_odds(labels: CodeArray, pred_probs: ProbMatrix) -> FloatArray:
    """
    Return the log-odds that each given label is wrong, by one learner: a column of ``ViewLogOdds.values``.

    Parameters
    ----------
    labels : ndarray of int64, shape (n_examples,)
        Given class codes; -1 where no label was given.
    pred_probs : ndarray of float, shape (n_examples, n_classes)
        The learner's held-out probabilities, calibrated, 0 to 1.

    Returns
    -------
    ndarray of float64, shape (n_examples,)
        Between -20.7 and 20.7; NaN for unlabelled rows.

    Examples
    --------
    >>> label_log_odds(np.array([0, 1, -1]), np.array([[0.5, 0.5], [0.9, 0.1], [0.4, 0.6]])).round(3)
    array([-0.   ,  2.197,    nan])
    """
    of_label = pred_probs[np.arange(len(labels)), labels].astype(np.float64)
    return np.where(labels == UNLABELLED, np.nan, -logit(np.clip(of_label, _SURE, 1.0 - _SURE)))


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class ViewLogOdds:
    """
    What each learner by itself says about each given label; small enough to keep with the results of a run.

    Attributes
    ----------
    names : tuple of str, length n_views
        The learners, as shown to the user.
    values : ndarray of float32, shape (n_examples, n_views)
        Log-odds that the given label is wrong, by the learner's held-out probabilities; NaN for unlabelled rows.
    text_sketch : ndarray of float32, shape (n_examples, n_directions), optional
        A few numbers for each text, alike for texts that are alike, as ``reranking_sketch.sketch_texts`` makes them:
        they let the verdict on one text speak for texts like it. By default there are none.
    """

    names: tuple[str, ...]
    values: NDArray[np.float32]
    text_sketch: NDArray[np.float32] = field(default_factory=lambda: np.empty((0, 0), dtype=np.float32))

    def __post_init__(self) -> None:
        """Make the array read-only."""
        freeze_fields(self)

    def to_bytes(self) -> bytes:
        """Return a compressed npz; the numbers are rounded to half precision, which no ranking depends on."""
        target = io.BytesIO()
        values = np.clip(self.values, -_LARGEST, _LARGEST).astype(np.float16)
        names = np.array(self.names, dtype=np.str_)
        np.savez_compressed(target, names=names, values=values, text_sketch=self.text_sketch.astype(np.float16))
        return target.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> ViewLogOdds:
        """
        Return what ``to_bytes`` packed.

        Raises
        ------
        InvalidInputError
            If the bytes are anything else.
        """
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
                return cls(
                    names=tuple(arrays["names"].tolist()),
                    values=arrays["values"].astype(np.float32),
                    text_sketch=arrays["text_sketch"].astype(np.float32),
                )
        except (EOFError, KeyError, OSError, ValueError, zipfile.BadZipFile) as error:
            raise InvalidInputError(
                "The stored signals of the learners must be whole; they are damaged.", fix="Run the audit again."
            ) from error


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class RankingSignals:
    """
    What the audit knows about each row; but for the views, the columns of its result.

    Attributes
    ----------
    labels : ndarray of int64, shape (n_examples,)
        Given class codes; -1 where no label was given.
    error_probabilities : ndarray of float64, shape (n_examples,)
        P(given label is wrong) as the audit ranked; NaN for unlabelled rows.
    label_quality_scores : ndarray of float64, shape (n_examples,)
        Held-out probability of the given label; NaN for unlabelled rows.
    suggested_labels : ndarray of int64, shape (n_examples,)
        Most likely class codes.
    is_issue : ndarray of bool, shape (n_examples,)
        True where the audit flagged the label.
    likely_labels : ndarray of int64, shape (n_examples, n_likely)
        The most likely classes of each row, best first.
    likely_probs : ndarray of float32, shape (n_examples, n_likely)
        Their held-out probabilities.
    confident_joint : ndarray of int64, shape (n_classes, n_classes)
        Calibrated counts; rows are given labels, columns estimated true classes.
    views : ViewLogOdds
        What each learner says.
    """

    labels: CodeArray
    error_probabilities: FloatArray
    label_quality_scores: FloatArray
    suggested_labels: CodeArray
    is_issue: MaskArray
    likely_labels: CodeArray
    likely_probs: ProbMatrix
    confident_joint: CountMatrix
    views: ViewLogOdds

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Verdicts:
    """
    What the reviewer said so far, in any order.

    Attributes
    ----------
    rows : ndarray of int64, shape (n_verdicts,)
        Which rows were decided; each once.
    is_wrong : ndarray of bool, shape (n_verdicts,)
        True where the given label turned out to be wrong.
    true_labels : ndarray of int64, shape (n_verdicts,)
        The right class: a class code, n_classes or above for classes that the data did not have; -1 where the
        reviewer did not name it. Where the given label is right, that label or -1.
    set_aside : ndarray of int64, shape (n_set_aside,), optional
        Rows that were looked at without a verdict (ambiguous, unsure, excluded): nothing is learnt from them, and
        they are not flagged again.
    """

    rows: IndexArray
    is_wrong: MaskArray
    true_labels: CodeArray
    set_aside: IndexArray = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)

    def __len__(self) -> int:
        """Return the number of verdicts."""
        return len(self.rows)


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Reranking:
    """
    The audit's result as the verdicts correct it.

    Attributes
    ----------
    error_probabilities : ndarray of float64, shape (n_examples,)
        P(given label is wrong); 1 or 0 as decided where there is a verdict; NaN for unlabelled rows.
    suggested_labels : ndarray of int64, shape (n_examples,)
        Most likely class codes; the right class where the reviewer named it. May be n_classes or above.
    is_issue : ndarray of bool, shape (n_examples,)
        True where the label is suspected; never for decided, set-aside and unlabelled rows.
    ranked_rows : ndarray of int64, shape (n_examples,)
        Row positions, most suspect first; unlabelled rows last.
    noise : NoiseEstimate
        The noise, re-estimated with the verdicts; it has a class more for each new one that a verdict named.
    moved : float
        0 to 1: how far the verdicts moved the ranking away from the audit's; 0 = not at all.
    signal_names : tuple of str, length n_signals
        What the ranking was learnt from.
    signal_weights : ndarray of float64, shape (n_signals,)
        By how many log-odds each signal moves a row that stands one standard deviation above the mean; above 0 =
        towards wrong.
    """

    error_probabilities: FloatArray
    suggested_labels: CodeArray
    is_issue: MaskArray
    ranked_rows: IndexArray
    noise: NoiseEstimate
    moved: float
    signal_names: tuple[str, ...]
    signal_weights: ClassArray

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)
