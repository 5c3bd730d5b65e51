"""What is found about the labelled rows: how likely each label is wrong, which are flagged, and the noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from labelclean.arrays import CodeArray, FloatArray, IndexArray, MaskArray, ProbMatrix
from labelclean.config import AuditConfig
from labelclean.core.error_probability import estimate_errors
from labelclean.core.flags import flag_likely_errors
from labelclean.core.label_issues import find_label_issues
from labelclean.core.noise import estimate_noise
from labelclean.core.scores import self_confidence
from labelclean.results import NoiseEstimate

__all__ = ["Findings", "find_errors"]


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Findings:
    """
    What is known of some rows.

    Attributes
    ----------
    error_probabilities : ndarray of float64, shape (n_examples,)
        P(given label is wrong), 0 to 1; NaN for unlabelled rows.
    label_quality_scores : ndarray of float64, shape (n_examples,)
        Held-out probability of the given label; NaN for unlabelled rows.
    is_issue : ndarray of bool, shape (n_examples,)
        True where the label is flagged.
    noise : NoiseEstimate
        The noise of the labelled rows.
    interval : tuple of int
        Lower and upper end of the number of wrong labels.
    """

    error_probabilities: FloatArray
    label_quality_scores: FloatArray
    is_issue: MaskArray
    noise: NoiseEstimate
    interval: tuple[int, int]

    def among(self, rows: IndexArray, n_examples: int) -> Findings:
        """
        Put these rows among others that have no label.

        Parameters
        ----------
        rows : ndarray of int64
            Where they belong.
        n_examples : int
            Number of rows with the others.

        Returns
        -------
        Findings
            NaN, and no flag, for the others.
        """
        error_probabilities, quality = np.full(n_examples, np.nan), np.full(n_examples, np.nan)
        error_probabilities[rows] = self.error_probabilities
        quality[rows] = self.label_quality_scores
        is_issue = np.zeros(n_examples, dtype=np.bool_)
        is_issue[rows] = self.is_issue
        return Findings(
            error_probabilities=error_probabilities,
            label_quality_scores=quality,
            is_issue=is_issue,
            noise=self.noise,
            interval=self.interval,
        )


def find_errors(labels: CodeArray, pred_probs: ProbMatrix, options: AuditConfig) -> Findings:
    """
    Flag rows by the error probability and its noise; or by a filter, with the noise that belongs to it.

    Parameters
    ----------
    labels : ndarray of int64, shape (n_examples,)
        Given class codes; every row has one.
    pred_probs : ndarray of float, shape (n_examples, n_classes)
        Held-out probabilities, 0 to 1.
    options : AuditConfig
        What rows are flagged by.

    Returns
    -------
    Findings
        For these rows.

    Raises
    ------
    InvalidInputError
        If a value is no probability.
    """
    quality = self_confidence(labels, pred_probs)  # looks at the values first
    errors = estimate_errors(labels, pred_probs)
    if options.filter_by != "error_probability":
        issues = find_label_issues(
            labels,
            pred_probs,
            filter_by=options.filter_by,
            frac_noise=options.frac_noise,
            min_examples_per_class=options.min_examples_per_class,
            counting=options.counting,
        )
        is_issue, noise, quality = issues.is_issue, issues.noise, issues.label_quality_scores
    else:
        noise = estimate_noise(errors.joint_counts)
        is_issue = flag_likely_errors(
            labels,
            errors.error_probabilities,
            n_classes=pred_probs.shape[1],
            frac_noise=options.frac_noise,
            min_examples_per_class=options.min_examples_per_class,
        )
    return Findings(
        error_probabilities=errors.error_probabilities,
        label_quality_scores=quality,
        is_issue=is_issue,
        noise=noise,
        interval=errors.interval,
    )
