"""Runs as the store gives and takes them: frozen arrays, nothing here knows SQL."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Self

import numpy as np

from labelclean.arrays import CodeArray, FloatArray, IndexArray, Label, MaskArray, ProbMatrix, freeze
from labelclean.issues.problem import ProblemReport
from labelclean.label_set import LabelSet
from labelclean.results import AuditResult, NoiseEstimate, RowFacts
from labelclean.review.label_cells import LabelCells
from labelclean.review.lesson_words import LessonAccount
from labelclean.store.label_confusions import LabelConfusion

__all__ = ["AnnotatorFacts", "ComputedRun", "LabelNoise", "Lesson", "StoredRun"]


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelNoise:
    """
    How often one label of label sets is wrongly given, and how often it is wrongly left out.

    Attributes
    ----------
    label : hashable
        The label.
    n_given : int
        Rows that have it.
    n_added, n_missing : float
        Estimated number of rows that wrongly have it, and that wrongly lack it.
    added_rate, missing_rate : float
        P(given | it does not belong) and P(not given | it belongs), 0 to 1.
    """

    label: Label
    n_given: int
    n_added: float
    n_missing: float
    added_rate: float
    missing_rate: float


@dataclass(frozen=True, kw_only=True, slots=True)
class AnnotatorFacts:
    """
    What is known of one annotator.

    Attributes
    ----------
    name : str
        As the file has it.
    n_labels : int
        Rows that they labelled.
    quality : float or None
        0 to 1: how far their labels are to be trusted, estimated; None where it is not known, like the next two.
    agreement : float or None
        0 to 1: share of their labels that are what the consensus is.
    weakest : hashable or None
        The class of which their labels are least often the consensus.
    """

    name: str
    n_labels: int
    quality: float | None
    agreement: float | None
    weakest: Label | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Lesson:
    """
    When the ranking of a run was last corrected by decisions, and from how many.

    Attributes
    ----------
    n_verdicts : int
        Decisions that say whether a label was wrong.
    moved : float
        0 to 1: how far they moved the ranking; 0 = not at all.
    created_at : datetime
        UTC.
    account : LessonAccount or None
        What was learned; None for lessons from before that was kept.
    """

    n_verdicts: int
    moved: float
    created_at: datetime
    account: LessonAccount | None = None


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class StoredRun:
    """
    What is kept of one audit: all of ``AuditResult`` but the full table of probabilities.

    Attributes
    ----------
    config : dict
        The options, as ``AuditConfig.to_dict`` gives them.
    class_names : tuple of hashable, length n_classes
        The classes as the user spells them; every code below is a position in it.
    labels : ndarray of int64, shape (n_examples,)
        Given class codes; -1 where no label was given.
    suggested_labels : ndarray of int64, shape (n_examples,)
        Most likely class.
    label_quality_scores : ndarray of float64, shape (n_examples,)
        0 to 1, low = suspect; NaN for unlabelled rows.
    error_probabilities : ndarray of float64, shape (n_examples,)
        Estimated P(given label is wrong), 0 to 1; NaN for unlabelled rows.
    is_issue : ndarray of bool, shape (n_examples,)
        True where the label is flagged.
    ranked_rows : ndarray of int64, shape (n_examples,)
        Row positions, most suspect first.
    likely_labels : ndarray of int64, shape (n_examples, n_likely)
        The most likely classes of each row, best first.
    likely_probs : ndarray of float32, shape (n_examples, n_likely)
        Their held-out probabilities.
    noise : NoiseEstimate
        The noise of the labelled rows.
    created_at : datetime
        UTC.
    statement : str
        A plain sentence about the labels as a whole; may be empty.
    n_errors_interval : tuple of int or None
        Lower and upper end of the estimated number of wrong labels, where it was estimated.
    lesson : Lesson or None
        What corrected the ranking; None where it is the audit's own.
    label_noise : tuple of LabelNoise
        Where texts have label sets: what was found of each label. The classes are whole sets then, and ``noise`` has
        two of its own: right sets and wrong ones. Empty where each text has one label.
    annotators : tuple of AnnotatorFacts
        What was found of each annotator; empty where nobody knows who gave which label.
    label_cells : LabelCells or None
        Where texts have label sets: the labels that matter in each row. None where not, and in runs made before they
        were kept.
    label_confusions : tuple of LabelConfusion
        Where texts have label sets: which label was given where which other one was meant, the most frequent first.
    """

    config: dict[str, object]
    class_names: tuple[Label, ...]
    labels: CodeArray
    suggested_labels: CodeArray
    label_quality_scores: FloatArray
    error_probabilities: FloatArray
    is_issue: MaskArray
    ranked_rows: IndexArray
    likely_labels: CodeArray
    likely_probs: ProbMatrix
    noise: NoiseEstimate
    created_at: datetime
    statement: str = ""
    n_errors_interval: tuple[int, int] | None = None
    lesson: Lesson | None = None
    label_noise: tuple[LabelNoise, ...] = ()
    annotators: tuple[AnnotatorFacts, ...] = ()
    label_cells: LabelCells | None = None
    label_confusions: tuple[LabelConfusion, ...] = ()

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray):
                freeze(value)

    @classmethod
    def from_audit(cls, result: AuditResult, config: dict[str, object], created_at: datetime) -> Self:
        """Return what is kept of an audit made with these options at this time (UTC)."""
        return cls(
            config=config,
            class_names=result.class_names,
            labels=result.labels,
            suggested_labels=result.suggested_labels,
            label_quality_scores=result.label_quality_scores,
            error_probabilities=result.error_probabilities,
            is_issue=result.is_issue,
            ranked_rows=result.ranked_rows,
            likely_labels=result.likely_labels,
            likely_probs=result.likely_probs,
            noise=result.noise,
            created_at=created_at,
            statement=result.statement,
            n_errors_interval=result.n_errors_interval,
        )

    @property
    def n_examples(self) -> int:
        """Number of rows, labelled or not."""
        return len(self.labels)

    @property
    def n_issues(self) -> int:
        """Number of flagged rows."""
        return int(np.count_nonzero(self.is_issue))

    @property
    def has_label_sets(self) -> bool:
        """Whether the classes are label sets."""
        return bool(self.class_names) and all(isinstance(name, LabelSet) for name in self.class_names)


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class ComputedRun:
    """
    A run on its way into the store, with what is kept beside it.

    Attributes
    ----------
    run : StoredRun
        What the audit found.
    evidence : tuple of RowFacts
        What explains single rows.
    signals : bytes or None
        What a re-ranking starts from, packed; None where there is nothing.
    problems : ProblemReport or None
        What else is wrong with the data; None where nobody looked.
    """

    run: StoredRun
    evidence: tuple[RowFacts, ...] = ()
    signals: bytes | None = None
    problems: ProblemReport | None = None

    @classmethod
    def from_audit(cls, result: AuditResult, config: dict[str, object], created_at: datetime) -> Self:
        """Return what is kept of an audit made with these options at this time (UTC)."""
        return cls(
            run=StoredRun.from_audit(result, config, created_at),
            evidence=result.evidence,
            signals=None if result.signals is None else result.signals.views.to_bytes(),
        )
