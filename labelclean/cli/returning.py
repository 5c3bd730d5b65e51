"""From the answers of annotators to the entries of a change log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

from labelclean.arrays import Label
from labelclean.cli.task_labels import TaskLabels
from labelclean.dataset import Dataset, label_key, text_hash
from labelclean.errors import FileContentError, InvalidInputError
from labelclean.export.log_reader import LogEntry
from labelclean.export.matching import find_rows
from labelclean.export.planned import CORRECTING, CellChange, same_label
from labelclean.io.exchange.contract import Annotation, ConflictRule
from labelclean.review.decisions import Verdict

__all__ = ["Conflict", "Outcome", "Refusal", "changes_from"]

_NEVER = datetime.min.replace(tzinfo=UTC)
_NO_LABEL = "no label was chosen"
_SEVERAL = "several labels were chosen where a text has one"
_DIFFER = "annotators differ"
_SKIPPED = "skipped"


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """A row whose answers are left out, with the reason in a few plain words."""

    place: str
    row: int
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Conflict:
    """A row on which annotators differ."""

    row: int
    n_annotators: int
    n_labels: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """
    What the answers say about the dataset.

    Attributes
    ----------
    changes : tuple of CellChange
        One for each row, in row order.
    refusals : tuple of Refusal
        Rows that are not what was sent.
    conflicts : tuple of Conflict
        Rows on which annotators differ.
    n_shared : int
        Rows that several annotators labelled.
    """

    changes: tuple[CellChange, ...]
    refusals: tuple[Refusal, ...]
    conflicts: tuple[Conflict, ...]
    n_shared: int


_Change: TypeAlias = tuple[Verdict, Label | None, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Answers:
    """The answers to one row: of each annotator the last one, in the order in which they were submitted."""

    last: Annotation
    everyone: tuple[Annotation, ...]
    labelled: tuple[tuple[Annotation, Label | None], ...]

    @property
    def n_labels(self) -> int:
        """Number of different labels."""
        return len({None if label is None else label_key(label) for _answer, label in self.labelled})


def changes_from(
    annotations: Sequence[Annotation], dataset: Dataset, labels: TaskLabels, *, conflicts: ConflictRule = "unsure"
) -> Outcome:
    """
    Return what annotators say about a dataset.

    The label that the file has: keep; the suggested one: accept; another one: relabel; a task passed over, or
    answered without a label: unsure. Of each annotator the last answer counts.

    Parameters
    ----------
    annotations : sequence of Annotation
        As ``read_annotations`` gives them.
    dataset : Dataset
        The file as it is now.
    labels : TaskLabels
        The names of its labels.
    conflicts : {"unsure", "last"}
        What a row gets on which annotators differ: the verdict unsure, or the label that was submitted last.

    Raises
    ------
    FileContentError
        If a label cannot be the name of one.
    """
    changes: list[CellChange] = []
    refusals: list[Refusal] = []
    found_conflicts: list[Conflict] = []
    n_shared = 0
    groups = _by_row(annotations)
    places = find_rows([_entry(group[0]) for group in groups], dataset)
    for group, place in zip(groups, places, strict=True):
        reason = place.reason or _what_changed(group, dataset, labels, place.row)
        if place.row is None or reason:
            refusals.append(Refusal(place=group[0].place, row=group[0].row, reason=reason))
            continue
        answers = _answers(group, labels)
        n_shared += len(answers.labelled) > 1
        if answers.n_labels > 1:
            found_conflicts.append(
                Conflict(row=place.row, n_annotators=len(answers.labelled), n_labels=answers.n_labels)
            )
        changes.append(_change(answers, place.row, dataset, labels, conflicts))
    changes.sort(key=lambda change: change.row)
    return Outcome(
        changes=tuple(changes), refusals=tuple(refusals), conflicts=tuple(found_conflicts), n_shared=n_shared
    )


def _by_row(annotations: Iterable[Annotation]) -> list[list[Annotation]]:
    groups: dict[tuple[int, str], list[Annotation]] = {}
    for annotation in annotations:
        groups.setdefault((annotation.row, annotation.text_hash), []).append(annotation)
    return list(groups.values())


def _entry(annotation: Annotation) -> LogEntry:
    """Return what says which row an answer is of, as a change log says it."""
    return LogEntry(
        line=0,
        row=annotation.row,
        row_id=annotation.row_id,
        old=None,
        new=None,
        verdict=Verdict.UNSURE,
        reviewer="",
        decided_at=None,
        seconds_spent=None,
        error_probability=None,
        note="",
        text_hash=annotation.text_hash,
        labels_are_text=False,
    )


def _what_changed(group: Sequence[Annotation], dataset: Dataset, labels: TaskLabels, row: int | None) -> str:
    """Return why the answers cannot be used; empty if they can."""
    if row is None:
        return ""
    # Tools may change white space; that changes nothing for the annotator.
    sent = dataset.texts[row].split()
    if any(answer.text is not None and answer.text.split() != sent for answer in group):
        return "its text was edited in the tool"
    given = dataset.given_label(row)
    if not all(same_label(_read(answer, answer.given_label, labels), given) for answer in group):
        return "its label in the file is another one now"
    return ""


def _answers(group: Sequence[Annotation], labels: TaskLabels) -> _Answers:
    by_annotator: dict[object, Annotation] = {}
    ordered = sorted(group, key=lambda answer: answer.decided_at or _NEVER)
    for number, answer in enumerate(ordered):
        key = answer.annotator or number  # nobody knows whether two without a name are one
        by_annotator.pop(key, None)
        by_annotator[key] = answer
    everyone = tuple(by_annotator.values())
    labelled = tuple((answer, _label(answer, labels)) for answer in everyone if not answer.is_skipped)
    return _Answers(last=labelled[-1][0] if labelled else everyone[-1], everyone=everyone, labelled=labelled)


def _read(answer: Annotation, spelled: str | None, labels: TaskLabels) -> Label | None:
    """Return a label as it was sent; what cannot be one was not sent for this file."""
    try:
        return labels.read(spelled)
    except InvalidInputError as error:
        raise FileContentError(
            f"Tasks must have labels as the data has them; {answer.place} has others.",
            fix="Name the dataset that was sent with --data, and say how its labels are spelled as it was said then.",
        ) from error


def _label(answer: Annotation, labels: TaskLabels) -> Label | None:
    try:
        return labels.chosen(answer.labels)
    except InvalidInputError as error:
        raise FileContentError(f"{error.message} It stands in {answer.place}.", fix=error.fix) from error


def _change(answers: _Answers, row: int, dataset: Dataset, labels: TaskLabels, conflicts: ConflictRule) -> CellChange:
    given, last = dataset.given_label(row), answers.last
    suggested = _read(last, last.suggested_label, labels)
    is_open = answers.n_labels > 1 and conflicts == "unsure"
    verdict, new, remark = (Verdict.UNSURE, given, _DIFFER) if is_open else _verdict(answers, given, suggested)
    names = [answer.annotator for answer in answers.everyone if answer.annotator]
    return CellChange(
        row=row,
        row_id=None if dataset.row_ids is None else dataset.row_ids[row],
        old=given,
        new=new if verdict in CORRECTING else given,
        verdict=verdict,
        reviewer=", ".join(names) if is_open else last.annotator,
        decided_at=last.decided_at,
        seconds_spent=last.seconds_spent,
        error_probability=last.error_probability,
        note="; ".join(part for part in (remark, last.note) if part),
        text_hash=text_hash(dataset.texts[row]),
    )


def _verdict(answers: _Answers, given: Label | None, suggested: Label | None) -> _Change:
    if not answers.labelled:
        return Verdict.UNSURE, given, _SKIPPED
    answer, label = answers.labelled[-1]
    if label is None:
        return Verdict.UNSURE, given, _SEVERAL if answer.labels else _NO_LABEL
    if same_label(label, given):
        return Verdict.KEEP, given, ""
    is_accepted = suggested is not None and same_label(label, suggested)
    return (Verdict.ACCEPT if is_accepted else Verdict.RELABEL), label, ""
