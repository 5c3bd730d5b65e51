"""The audit behind the check, whatever kind of labels it is about."""

from __future__ import annotations

from dataclasses import dataclass

from labelclean.annotated_audit import audit_annotated
from labelclean.arrays import Label
from labelclean.config import AuditConfig
from labelclean.dataset import Dataset
from labelclean.label_set import LabelSet
from labelclean.label_set_audit import audit_label_sets
from labelclean.pipeline import audit_dataset
from labelclean.protocols import Progress
from labelclean.results import AuditResult

__all__ = ["Audited", "Suspect", "audit_for_check"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Suspect:
    """
    A row whose label is flagged.

    Attributes
    ----------
    row : int
        0-based, as in the dataset.
    given, suggested : hashable
        Labels, or label sets.
    error_probability : float
        P(the given label is wrong), 0 to 1.
    """

    row: int
    given: Label
    suggested: Label
    error_probability: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Audited:
    """
    What the audit found.

    Attributes
    ----------
    n_errors : float
        Estimated number of wrong labels (of rows with a wrong label set).
    interval : tuple of int or None
        Lower and upper end of it; None where it is not known, as for label sets.
    n_suspects : int
        Number of flagged rows.
    suspects : tuple of Suspect
        The first of them, most suspect first.
    statement : str
        A plain sentence about the labels as a whole; may be empty.
    """

    n_errors: float
    interval: tuple[int, int] | None
    n_suspects: int
    suspects: tuple[Suspect, ...]
    statement: str = ""


def audit_for_check(dataset: Dataset, config: AuditConfig, progress: Progress, *, top: int) -> Audited:
    """
    Audit a dataset in the way that its labels want.

    Parameters
    ----------
    dataset : Dataset
        With one label or one label set for each text, or with the votes of several annotators.
    config : AuditConfig
        Options.
    progress : Progress
        Told the step under way and the fraction done.
    top : int
        How many suspects to keep.

    Raises
    ------
    InvalidInputError
        If the data cannot be audited.
    """
    if dataset.votes is not None:
        return _of_labels(audit_annotated(dataset, config=config, progress=progress).result, top)
    if dataset.has_label_sets:
        return _of_sets(dataset, config, progress, top)
    return _of_labels(audit_dataset(dataset, config=config, progress=progress), top)


def _of_labels(result: AuditResult, top: int) -> Audited:
    rows = result.ranked_rows[result.is_issue[result.ranked_rows]][:top].tolist()
    return Audited(
        n_errors=float(result.noise.n_label_errors),
        interval=result.n_errors_interval,
        n_suspects=result.n_issues,
        suspects=tuple(
            Suspect(
                row=row,
                given=result.class_names[int(result.labels[row])],
                suggested=result.class_names[int(result.suggested_labels[row])],
                error_probability=float(result.error_probabilities[row]),
            )
            for row in rows
        ),
        statement=result.statement,
    )


def _of_sets(dataset: Dataset, config: AuditConfig, progress: Progress, top: int) -> Audited:
    result = audit_label_sets(dataset.texts, dataset.label_sets(), config=config, progress=progress)
    rows = result.ranked_rows[result.is_issue[result.ranked_rows]][:top].tolist()
    return Audited(
        n_errors=result.n_wrong_rows,
        interval=None,
        n_suspects=result.n_issues,
        suspects=tuple(
            Suspect(
                row=row,
                given=LabelSet(result.given_labels(row) or ()),
                suggested=LabelSet(result.suggested_labels(row)),
                error_probability=float(result.error_probabilities[row]),
            )
            for row in rows
        ),
    )
