"""What the store gives and takes, as frozen plain values; nothing here knows SQL."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

import numpy as np

from labelclean.arrays import CodeArray, FloatArray, IndexArray, Label, MaskArray, ProbMatrix, freeze
from labelclean.errors import StoreError
from labelclean.io.layout import ColumnRoles, FileLayout
from labelclean.results import AuditResult, NoiseEstimate, RowFacts

__all__ = [
    "FINISHED_STATES",
    "ComputedRun",
    "DatasetRecord",
    "JobRecord",
    "JobState",
    "Lesson",
    "PredProbsRecord",
    "ProjectRecord",
    "StoredRun",
]


@dataclass(frozen=True, kw_only=True, slots=True)
class PredProbsRecord:
    """
    A kept file with the probabilities of the user's own model, and how to read it.

    Attributes
    ----------
    sha256 : str
        Of the file's bytes, in hexadecimal; also the name it is kept under.
    file_name : str
        What the user called it; for display only, never a path.
    n_bytes : int
        Its size.
    class_names : tuple of str or None
        The class of each column as the user named them; None where the file says it or the sorted order holds.
    row_id : str or None
        Its column of row ids, if the user named one.
    findings : tuple of tuple of str
        What looked odd when it was added: message and fix of each.
    """

    sha256: str
    file_name: str
    n_bytes: int
    class_names: tuple[str, ...] | None = None
    row_id: str | None = None
    findings: tuple[tuple[str, str], ...] = ()

    def to_dict(self) -> dict[str, object]:
        """Return plain values, for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, object]) -> Self:
        """
        Return the record that ``to_dict`` gave.

        Raises
        ------
        StoreError
            If it is damaged.
        """
        try:
            names: Any = values["class_names"]
            findings: Any = values["findings"]
            return cls(
                **{  # type: ignore[arg-type]  # our own JSON
                    **values,
                    "class_names": None if names is None else tuple(names),
                    "findings": tuple((message, fix) for message, fix in findings),
                }
            )
        except (KeyError, TypeError, ValueError) as error:
            raise StoreError(
                "What is stored about a file of probabilities is damaged.", fix="Make the project again."
            ) from error


@dataclass(frozen=True, kw_only=True, slots=True)
class DatasetRecord:
    """
    A kept file and how to read it.

    Attributes
    ----------
    sha256 : str
        Of the file's bytes, in hexadecimal; also the name it is kept under.
    file_name : str
        What the user called it; for display only, never a path.
    n_bytes : int
        Its size.
    layout : FileLayout
        Its outer form.
    roles : ColumnRoles
        Which column holds what.
    pred_probs : PredProbsRecord or None
        The probabilities of the user's own model; None where labelclean trains one.
    """

    sha256: str
    file_name: str
    n_bytes: int
    layout: FileLayout
    roles: ColumnRoles
    pred_probs: PredProbsRecord | None = None

    @property
    def kept_files(self) -> frozenset[str]:
        """The SHA-256 of every kept file that the dataset needs."""
        return frozenset({self.sha256} if self.pred_probs is None else {self.sha256, self.pred_probs.sha256})


@dataclass(frozen=True, kw_only=True, slots=True)
class ProjectRecord:
    """
    One dataset under review.

    Attributes
    ----------
    id : str
        Made by the store.
    name : str
        What the user called it.
    dataset : DatasetRecord
        The file.
    is_demo : bool
        Whether it came with the program.
    created_at, updated_at : datetime
        UTC; the second one is the last activity.
    bookmark : dict
        Where the reviewer is, as the screen wrote it.
    n_issues : int or None
        Rows flagged by the current run; None before the first run.
    n_decided : int
        Rows with a decision in force.
    run_id : str or None
        The current run; None before the first one, another one after each analysis.
    lesson_id : str or None
        What the decisions taught last; None where the run stands as it was made, another one after each re-ranking.
    """

    id: str
    name: str
    dataset: DatasetRecord
    is_demo: bool
    created_at: datetime
    updated_at: datetime
    bookmark: dict[str, object]
    n_issues: int | None
    n_decided: int
    run_id: str | None
    lesson_id: str | None = None

    @property
    def has_run(self) -> bool:
        """Whether there is a run to look at."""
        return self.run_id is not None


class JobState(StrEnum):
    """How far a job is; the last three are final."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


FINISHED_STATES = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED})
"""States that a job never leaves."""


@dataclass(frozen=True, kw_only=True, slots=True)
class JobRecord:
    """
    One piece of long work.

    Attributes
    ----------
    id : str
        Made by the store.
    project_id : str
        Whose work it is.
    kind : str
        What is done, such as "audit".
    options : dict
        How; plain JSON values.
    state : JobState
        How far it is.
    step : str
        What is under way now.
    fraction : float
        Overall part done, 0 to 1.
    pid : int or None
        The process that does it.
    message, fix : str
        What went wrong and what to do next; empty if nothing did.
    created_at : datetime
        UTC.
    started_at : datetime or None
        When it began to run.
    updated_at : datetime
        Last sign of life.
    finished_at : datetime or None
        When it was done, failed or cancelled.
    """

    id: str
    project_id: str
    kind: str
    options: dict[str, object]
    state: JobState
    step: str
    fraction: float
    pid: int | None
    message: str
    fix: str
    created_at: datetime
    started_at: datetime | None
    updated_at: datetime
    finished_at: datetime | None

    @property
    def is_finished(self) -> bool:
        """Whether the state is final."""
        return self.state in FINISHED_STATES


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
    """

    n_verdicts: int
    moved: float
    created_at: datetime


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
    """

    run: StoredRun
    evidence: tuple[RowFacts, ...] = ()
    signals: bytes | None = None

    @classmethod
    def from_audit(cls, result: AuditResult, config: dict[str, object], created_at: datetime) -> Self:
        """Return what is kept of an audit made with these options at this time (UTC)."""
        return cls(
            run=StoredRun.from_audit(result, config, created_at),
            evidence=result.evidence,
            signals=None if result.signals is None else result.signals.views.to_bytes(),
        )
