"""How many labels are wrong, in three ways."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import ArrayLike

from labelclean.arrays import Label
from labelclean.config import AuditConfig, CountingRule
from labelclean.core.checks import check_examples
from labelclean.core.chunks import CHUNK_BYTES, Chunking
from labelclean.core.filters import confident_learning
from labelclean.core.joint import calibrate_joint, check_joint, sum_joint
from labelclean.core.scan import scan_rows
from labelclean.core.thresholds import mean_self_confidence
from labelclean.errors import ConfigError

__all__ = ["CountMethod", "n_label_errors"]

CountMethod: TypeAlias = Literal["off_diagonal", "off_diagonal_calibrated", "off_diagonal_custom"]
"""What is counted as a label error."""


def n_label_errors(
    labels: ArrayLike | Sequence[Label],
    pred_probs: ArrayLike,
    *,
    class_names: Sequence[Label] | None = None,
    method: CountMethod = "off_diagonal",
    confident_joint: ArrayLike | None = None,
    counting: CountingRule = "reference",
    chunk_bytes: int = CHUNK_BYTES,
    n_threads: int | None = None,
) -> int:
    """
    Estimate how many labels are wrong.

    Parameters
    ----------
    labels : array-like of int or sequence of hashable, shape (n_examples,)
        Given labels: class codes, or labels of ``class_names``.
    pred_probs : array-like of float, shape (n_examples, n_classes)
        Held-out probabilities, 0 to 1.
    class_names : sequence of hashable, optional
        The class of each column.
    method : {"off_diagonal", "off_diagonal_calibrated", "off_diagonal_custom"}, default="off_diagonal"
        What is counted:

        - "off_diagonal": the rows that are confidently of another class and do not agree with their label, a lower
          bound, since rows the model is unsure of are not counted;
        - "off_diagonal_calibrated": the cells off the diagonal of the calibrated confident joint;
        - "off_diagonal_custom": the same of the joint that is given, calibrated to these labels.
    confident_joint : array-like of int, shape (n_classes, n_classes), optional
        The joint for "off_diagonal_custom"; the other two do not take one.
    counting : {"reference", "paper"}, default="reference"
        Where a row is counted that is confident of several classes; see ``scan.scan_rows``.
    chunk_bytes : int, default=524288
        Size of the chunks in bytes; the result does not depend on it.
    n_threads : int, optional
        Threads; by default one for every 10 million cells. The result does not depend on it.

    Returns
    -------
    int
        From 0 to n_examples.

    Raises
    ------
    ConfigError
        If a method does not exist, or a joint is given to one that takes none or missing where one is needed.
    InvalidInputError
        If shapes, types or values do not fit.

    References
    ----------
    Northcutt, Jiang & Chuang (2021), "Confident Learning", JAIR 70, section 3.1.

    Examples
    --------
    >>> probs = np.array([[0.9, 0.1], [0.8, 0.2], [0.9, 0.1], [0.1, 0.9], [0.2, 0.8]])
    >>> n_label_errors([0, 0, 1, 1, 1], probs)
    1
    """
    if method not in get_args(CountMethod):
        raise ConfigError(
            f"The method must be one of {', '.join(get_args(CountMethod))}; got {method!r}.",
            fix="Leave it out to use off_diagonal.",
        )
    if (confident_joint is not None) != (method == "off_diagonal_custom"):
        raise ConfigError(
            "confident_joint must be given with the method off_diagonal_custom and with no other.",
            fix="Leave it out, or change the method.",
        )
    AuditConfig(counting=counting)
    examples = check_examples(labels, pred_probs, class_names=class_names)
    thresholds, self_confidence = mean_self_confidence(examples)
    chunking = Chunking(chunk_bytes=chunk_bytes, n_threads=n_threads)
    scan = scan_rows(examples, thresholds, self_confidence, counting=counting, chunking=chunking)
    if method == "off_diagonal":
        return int(np.count_nonzero(confident_learning(examples.labels, scan)))
    counts = sum_joint(examples.labels, scan.guesses, examples.n_classes)
    joint = counts.finish()
    if confident_joint is not None:
        joint = calibrate_joint(check_joint(confident_joint, examples.n_classes), counts.given)
    return int(joint.sum() - np.trace(joint))
