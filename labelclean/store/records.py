"""Projects, their files and jobs as the store gives and takes them; frozen plain values, nothing here knows SQL."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal, Self, TypeAlias

from labelclean.errors import StoreError
from labelclean.io.layout import ColumnRoles, FileLayout

__all__ = [
    "FINISHED_STATES",
    "DatasetRecord",
    "EmbeddingsRecord",
    "JobKind",
    "JobRecord",
    "JobState",
    "PredProbsRecord",
    "ProjectRecord",
]

JobKind: TypeAlias = Literal["audit", "learn", "problems"]
"""What a job does: analyse a dataset, learn from the decisions about it, or look for problems of its data."""


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
class EmbeddingsRecord:
    """
    A kept file with the user's own embeddings of the texts.

    Attributes
    ----------
    sha256 : str
        Of the file's bytes, in hexadecimal; also the name it is kept under.
    file_name : str
        What the user called it; for display only, never a path.
    n_bytes : int
        Its size.
    column : str or None
        The column of a table that holds them, where there is a choice.
    row_id : str or None
        Its column of row ids, if the user named one.
    """

    sha256: str
    file_name: str
    n_bytes: int
    column: str | None = None
    row_id: str | None = None

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
            return cls(**values)  # type: ignore[arg-type]  # our own JSON
        except TypeError as error:
            raise StoreError(
                "What is stored about a file of embeddings is damaged.", fix="Make the project again."
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
    embeddings : EmbeddingsRecord or None
        The user's own embeddings, one more thing to learn from; None where there are none.
    """

    sha256: str
    file_name: str
    n_bytes: int
    layout: FileLayout
    roles: ColumnRoles
    pred_probs: PredProbsRecord | None = None
    embeddings: EmbeddingsRecord | None = None

    @property
    def kept_files(self) -> frozenset[str]:
        """The SHA-256 of every kept file that the dataset needs."""
        others = (self.pred_probs, self.embeddings)
        return frozenset({self.sha256, *(other.sha256 for other in others if other is not None)})


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
    kind : {"audit", "learn"}
        What is done.
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
    kind: JobKind
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
