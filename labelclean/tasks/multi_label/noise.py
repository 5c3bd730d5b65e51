"""How reliable each class's labels are: joints, noise matrices and priors of one class against the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labelclean.arrays import FloatArray, Label, freeze_fields
from labelclean.core.chunks import CHUNK_BYTES
from labelclean.core.rounding import round_rows
from labelclean.tasks.multi_label.label_sets import LabelFormat, MultiLabels
from labelclean.tasks.multi_label.scan import LabelScan, read_and_scan

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MultiLabelNoise", "calibrate_binary_joints", "estimate_multi_label_noise", "noise_of_scan"]

BinaryCounts = NDArray[np.int64]
"""Example counts, shape (n_classes, 2, 2), indexed [class, given, true]; 0 = absent, 1 = present."""

BinaryMatrices = NDArray[np.float64]
"""Probabilities, shape (n_classes, 2, 2), indexed [class, given, true]; 0 = absent, 1 = present."""

_SMALLEST_PRIOR = 1e-6


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class MultiLabelNoise:
    """
    How each class's given labels relate to the unknown true ones, one class against the rest.

    In every array the last axes have index 0 = class absent, 1 = class present; of two axes the first is the given
    state and the second the true one.

    Attributes
    ----------
    class_names : tuple of hashable, length n_classes
        The classes, in the order of the first axis of every array.
    confident_thresholds : ndarray of float64, shape (n_classes, 2)
        Mean self-confidence of the rows not given and given the class; 2 for a state without rows.
    raw_confident_joint : ndarray of int64, shape (n_classes, 2, 2)
        Confidently counted rows; the diagonal is at least 1.
    confident_joint : ndarray of int64, shape (n_classes, 2, 2)
        The same, calibrated: each row sums to the number of examples not given, or given, the class.
    joint : ndarray of float64, shape (n_classes, 2, 2)
        P(given, true); each class's four cells sum to 1 (to 0 where there is no example).
    noise_matrices : ndarray of float64, shape (n_classes, 2, 2)
        P(given | true); every column sums to 1.
    inverse_noise_matrices : ndarray of float64, shape (n_classes, 2, 2)
        P(true | given); every row sums to 1.
    class_priors : ndarray of float64, shape (n_classes, 2)
        P(true state); sums to 1.
    """

    class_names: tuple[Label, ...]
    confident_thresholds: FloatArray
    raw_confident_joint: BinaryCounts
    confident_joint: BinaryCounts
    joint: BinaryMatrices
    noise_matrices: BinaryMatrices
    inverse_noise_matrices: BinaryMatrices
    class_priors: FloatArray

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)

    @property
    def n_missing(self) -> NDArray[np.int64]:
        """Per class: estimated number of examples that should have been given it and were not."""
        return self.confident_joint[:, 0, 1]

    @property
    def n_spurious(self) -> NDArray[np.int64]:
        """Per class: estimated number of examples that were given it and should not have been."""
        return self.confident_joint[:, 1, 0]

    @property
    def n_label_errors(self) -> NDArray[np.int64]:
        """Per class: estimated number of examples where the class is wrongly given or wrongly left out."""
        return self.n_missing + self.n_spurious

    def to_frame(self) -> pd.DataFrame:
        """
        Return one line per class, in the order of the classes.

        Returns
        -------
        DataFrame
            Columns ``class_name``, ``n_given``, ``n_missing``, ``n_spurious`` (examples), ``missing_rate``
            (P(not given | truly of the class)), ``spurious_rate`` (P(given | truly not of the class)), ``class_prior``
            (P(truly of the class)).
        """
        import pandas as pd  # noqa: PLC0415  (keeps `import labelclean` light)

        return pd.DataFrame(
            {
                "class_name": pd.Series(list(self.class_names), dtype=object),
                "n_given": self.confident_joint[:, 1].sum(axis=1),
                "n_missing": self.n_missing,
                "n_spurious": self.n_spurious,
                "missing_rate": self.noise_matrices[:, 0, 1],
                "spurious_rate": self.noise_matrices[:, 1, 0],
                "class_prior": self.class_priors[:, 1],
            }
        )


def estimate_multi_label_noise(
    labels: MultiLabels,
    pred_probs: ArrayLike,
    *,
    label_format: LabelFormat = "sets",
    class_names: Sequence[Label] | None = None,
    chunk_bytes: int = CHUNK_BYTES,
) -> MultiLabelNoise:
    """
    Estimate, for each class, how often it is wrongly given and how often it is wrongly left out.

    Each class is a question of its own, "present or absent?", answered with confident learning on the probabilities
    ``[1 - p, p]``. Do not trust the answer where the probabilities were not held out.

    Parameters
    ----------
    labels : list of sets, array-like, or sparse matrix; n_examples rows
        Given label sets; see ``read_label_sets``.
    pred_probs : array-like of float, shape (n_examples, n_classes)
        Held-out probabilities that each class applies, 0 to 1; rows need not sum to 1.
    label_format : {"sets", "one_hot", "csr"}, default="sets"
        The form of ``labels``.
    class_names : sequence of hashable, length n_classes, default=None
        Names of the columns; with "sets" the sets then hold names.
    chunk_bytes : int, default=524288
        Size of the chunks in bytes; the result does not depend on it.

    Returns
    -------
    MultiLabelNoise
        Thresholds, joints, noise matrices and priors. A class that every example or none was given has one line of
        zeros in its confident joint, and the identity column or row in its matrices where nothing is known.

    Raises
    ------
    ConfigError, InvalidInputError
        If labels or probabilities break the rules above.

    Notes
    -----
    Two passes over the probabilities in chunks; besides, two bytes per cell are held in memory.

    References
    ----------
    Northcutt, Jiang & Chuang (2021), "Confident Learning", JAIR 70, equations 1 to 3; one class against the rest as
    in Thyagarajan et al. (2022), arXiv:2211.13895.

    Examples
    --------
    >>> probs = np.array([[0.9, 0.1], [0.8, 0.9], [0.9, 0.2], [0.1, 0.1], [0.2, 0.8], [0.1, 0.9]])
    >>> noise = estimate_multi_label_noise([[0], [0, 1], [], [], [1], [1]], probs)
    >>> noise.confident_joint[0]
    array([[3, 1],
           [0, 2]])
    """
    _, _, scan = read_and_scan(
        labels, pred_probs, label_format=label_format, class_names=class_names, chunk_bytes=chunk_bytes
    )
    return noise_of_scan(scan)


def noise_of_scan(scan: LabelScan) -> MultiLabelNoise:
    """
    Turn counts into the noise estimate.

    Parameters
    ----------
    scan : LabelScan
        The counts of one data set.

    Returns
    -------
    MultiLabelNoise
        Everything they say about each class's noise.

    Examples
    --------
    >>> from labelclean.tasks.multi_label.scan import read_and_scan
    >>> _, _, scan = read_and_scan([[0], []], [[1.0], [0.0]])
    >>> noise_of_scan(scan).class_priors
    array([[0.5, 0.5]])
    """
    counts = calibrate_binary_joints(scan.raw_confident_joint, scan.n_given)
    n_examples = max(int(scan.n_given[0].sum()), 1)
    shares = np.clip(counts.sum(axis=1) / n_examples, _SMALLEST_PRIOR, 1.0)
    return MultiLabelNoise(
        class_names=scan.class_names,
        confident_thresholds=scan.confident_thresholds,
        raw_confident_joint=scan.raw_confident_joint,
        confident_joint=counts,
        joint=counts / n_examples,
        noise_matrices=_columns_to_shares(counts),
        inverse_noise_matrices=_columns_to_shares(counts.transpose(0, 2, 1)).transpose(0, 2, 1),
        class_priors=shares / shares.sum(axis=1, keepdims=True),
    )


def calibrate_binary_joints(counts: BinaryCounts, n_given: NDArray[np.int64]) -> BinaryCounts:
    """
    Scale each row of the confident joints to the number of examples of that given state, all classes at once.

    Parameters
    ----------
    counts : ndarray of int64, shape (n_classes, 2, 2)
        Raw confident joints, indexed [class, given, true].
    n_given : ndarray of int64, shape (n_classes, 2)
        Examples not given (0) and given (1) each class.

    Returns
    -------
    ndarray of int64, shape (n_classes, 2, 2)
        Rows sum to ``n_given``; ties in the rounding go as ``round_rows`` documents.

    References
    ----------
    Northcutt, Jiang & Chuang (2021), "Confident Learning", JAIR 70, equation 3.

    Examples
    --------
    >>> calibrate_binary_joints(np.array([[[3, 1], [1, 1]]]), np.array([[6, 4]]))
    array([[[4, 2],
            [2, 2]]])
    """
    row_sums = np.maximum(counts.sum(axis=2, keepdims=True), 1)
    # The core's order of operations, columns first in the total, so that ties are the same to the last bit.
    scaled = counts / row_sums * n_given[:, :, np.newaxis]
    totals = scaled[:, 0, 0] + scaled[:, 1, 0] + scaled[:, 0, 1] + scaled[:, 1, 1]
    totals = np.where(totals > 0, totals, 1.0)[:, np.newaxis, np.newaxis]
    scaled = scaled / totals * n_given.sum(axis=1)[:, np.newaxis, np.newaxis]
    return round_rows(scaled.reshape(-1, 2)).reshape(counts.shape)


def _columns_to_shares(counts: BinaryCounts) -> BinaryMatrices:
    """Divide each column by its sum; an empty column becomes that of the identity."""
    totals = counts.sum(axis=1, keepdims=True)
    return np.where(totals > 0, counts / np.maximum(totals, 1), np.eye(2))
