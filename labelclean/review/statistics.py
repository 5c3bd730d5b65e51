"""What a review comes to in numbers: by what led to the decisions, by class, by reviewer, over time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from labelclean.arrays import UNLABELLED, CodeArray, Label
from labelclean.review.agreement import Agreement, agreements
from labelclean.review.bulk.history import PastBulk, past_bulks
from labelclean.review.control_rows import LabelAccuracy
from labelclean.review.decision_columns import SOURCE_CODES, DecisionColumns
from labelclean.review.decision_table import VERDICT_CODES
from labelclean.review.decisions import DecisionSource, EventKind, ReviewEvent, Verdict, undone_uuids
from labelclean.review.honesty import Honesty, honesty_of
from labelclean.review.label_statistics import LabelStatistics, label_statistics
from labelclean.review.log import ReviewLog
from labelclean.review.outlook import DRAWN_AT_LEAST
from labelclean.review.pace import Pace, pace_of, per_minute
from labelclean.review.queue_sources import ReviewedRun
from labelclean.review.yield_tracker import YieldTracker

__all__ = ["ClassStatistics", "ReviewStatistics", "ReviewerStatistics", "review_statistics"]

Kind = TypeVar("Kind")


@dataclass(frozen=True, kw_only=True, slots=True)
class ClassStatistics:
    """
    The decisions about the rows that were given one class.

    Attributes
    ----------
    label : hashable or None
        The given label; None for rows without one.
    n_decided, n_kept, n_corrected, n_open : int
        Rows decided; of them, those whose label stays by decision, those whose label changes, and those that are
        ambiguous, unsure or excluded.
    n_at_once : int
        Of those decided: for a group or in bulk, without a look at the row itself.
    corrected_to : hashable or None
        The label that most of the corrected ones have now; None where none was corrected.
    n_corrected_to : int
        How many have it.
    """

    label: Label | None
    n_decided: int
    n_kept: int
    n_corrected: int
    n_open: int
    n_at_once: int
    corrected_to: Label | None
    n_corrected_to: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewerStatistics:
    """
    The decisions of one reviewer that they did not take back; of several about a row, the last one.

    They count even where somebody else decided the row after them.

    Attributes
    ----------
    name : str
        Who.
    n_looked_at, n_group, n_bulk : int
        Rows decided by themselves, along with a copy of their text, and in bulk.
    per_minute : float or None
        Their pace over the rows they looked at; None where no time is known.
    verdicts : mapping of Verdict to int
        Of the rows they looked at.
    """

    name: str
    n_looked_at: int
    n_group: int
    n_bulk: int
    per_minute: float | None
    verdicts: Mapping[Verdict, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewStatistics:
    """
    All of it.

    Attributes
    ----------
    n_decided : int
        Rows with a decision in force.
    sources : mapping of DecisionSource to int
        What led to them.
    verdicts : mapping of Verdict to int
        What they say.
    n_corrected : int
        Rows whose label a decision changes.
    classes : tuple of ClassStatistics
        Classes with decisions, the most first; of label sets, whole sets.
    labels : tuple of LabelStatistics
        Where the labels are sets: what became of each label in them.
    reviewers : tuple of ReviewerStatistics
        The busiest first.
    agreements : tuple of Agreement
        Pairs of reviewers who decided the same rows.
    pace : Pace
        Of the rows that were looked at.
    honesty : Honesty
        Whether the error probabilities came true.
    bulks : tuple of PastBulk
        Bulk decisions, newest first, undone ones too.
    accuracy : LabelAccuracy or None
        How right the labels are, by rows that chance led to; None where there were fewer than ``DRAWN_AT_LEAST``.
    """

    n_decided: int
    sources: Mapping[DecisionSource, int]
    verdicts: Mapping[Verdict, int]
    n_corrected: int
    classes: tuple[ClassStatistics, ...]
    labels: tuple[LabelStatistics, ...]
    reviewers: tuple[ReviewerStatistics, ...]
    agreements: tuple[Agreement, ...]
    pace: Pace
    honesty: Honesty
    bulks: tuple[PastBulk, ...]
    accuracy: LabelAccuracy | None


def review_statistics(run: ReviewedRun, log: ReviewLog, *, tracker: YieldTracker | None = None) -> ReviewStatistics:
    """
    Work out the numbers of a review.

    Parameters
    ----------
    run : ReviewedRun
        The results of the audit.
    log : ReviewLog
        The whole log of the project.
    tracker : YieldTracker, optional
        One that follows this log already, if there is one: a new one has to read all of it.

    Returns
    -------
    ReviewStatistics
        Of the decisions in force; pace, reviewers and their agreement are about all that were not taken back.

    Notes
    -----
    Cost: some passes over the log and over columns of the decisions in force; a hundred thousand take about a second.
    Keep the result until the log grows.
    """
    columns = DecisionColumns.of(run, log.decisions.values())
    made = DecisionColumns.of(run, _not_taken_back(log))
    sources = _counted(columns.sources.astype(np.int64), SOURCE_CODES)
    return ReviewStatistics(
        n_decided=len(columns),
        sources=sources,
        verdicts=_counted(columns.verdicts.astype(np.int64), VERDICT_CODES),
        n_corrected=int(np.count_nonzero(columns.is_correction)),
        classes=_classes(columns),
        labels=label_statistics(columns),
        reviewers=_reviewers(made),
        agreements=agreements(log.events),
        pace=pace_of(made.take(made.is_looked_at)),
        honesty=honesty_of(columns),
        bulks=past_bulks(log.events),
        accuracy=_accuracy(log, tracker or YieldTracker(run)) if sources[DecisionSource.CONTROL] else None,
    )


def _not_taken_back(log: ReviewLog) -> Iterable[ReviewEvent]:
    """Return each reviewer's own last decision about each row."""
    undone = undone_uuids(log.events)
    last: dict[tuple[str, int], ReviewEvent] = {}
    for event in log.events:
        if event.kind is EventKind.DECIDE and event.uuid not in undone and event.batch not in undone:
            last[event.reviewer, event.row] = event
    return last.values()


def _accuracy(log: ReviewLog, tracker: YieldTracker) -> LabelAccuracy | None:
    tracker.follow(log)
    accuracy = tracker.accuracy()
    return accuracy if accuracy.n_drawn >= DRAWN_AT_LEAST else None


def _counted(codes: CodeArray, kinds: Mapping[Kind, int]) -> dict[Kind, int]:
    counts = np.bincount(codes, minlength=len(kinds))
    return {kind: int(counts[code]) for kind, code in kinds.items()}


def _classes(columns: DecisionColumns) -> tuple[ClassStatistics, ...]:
    n_classes = len(columns.class_names)
    place = columns.given + 1  # rows without a label come first
    kept = columns.has_verdict(Verdict.KEEP, Verdict.ACCEPT, Verdict.RELABEL) & ~columns.is_correction
    masks = (np.ones(len(columns), dtype=np.bool_), kept, columns.is_correction, ~columns.is_looked_at)
    decided, n_kept, corrected, at_once = (np.bincount(place[mask], minlength=n_classes + 1) for mask in masks)
    most, times = _most_frequent(place[columns.is_correction], columns.labels[columns.is_correction], n_classes + 1)
    order = np.argsort(-decided, kind="stable")
    return tuple(
        ClassStatistics(
            label=None if code == UNLABELLED else columns.class_names[code],
            n_decided=int(decided[code + 1]),
            n_kept=int(n_kept[code + 1]),
            n_corrected=int(corrected[code + 1]),
            n_open=int(decided[code + 1] - n_kept[code + 1] - corrected[code + 1]),
            n_at_once=int(at_once[code + 1]),
            corrected_to=columns.class_names[most[code + 1]] if times[code + 1] else None,
            n_corrected_to=int(times[code + 1]),
        )
        for code in (order - 1).tolist()
        if decided[code + 1]
    )


def _most_frequent(places: CodeArray, labels: CodeArray, n_places: int) -> tuple[CodeArray, CodeArray]:
    """Return for each place its most frequent label, of equals the first in class order, and how often it comes."""
    most, times = np.zeros(n_places, dtype=np.int64), np.zeros(n_places, dtype=np.int64)
    pairs, counts = np.unique(np.stack([places, labels]), axis=1, return_counts=True)
    for (place, label), n_times in zip(pairs.T.tolist(), counts.tolist(), strict=True):
        if n_times > times[place]:
            most[place], times[place] = label, n_times
    return most, times


def _reviewers(columns: DecisionColumns) -> tuple[ReviewerStatistics, ...]:
    found = []
    for code, name in enumerate(columns.reviewer_names):
        own = columns.take(columns.reviewers == code)
        looked_at = own.take(own.is_looked_at)
        sources = _counted(own.sources.astype(np.int64), SOURCE_CODES)
        found.append(
            ReviewerStatistics(
                name=name,
                n_looked_at=len(looked_at),
                n_group=sources[DecisionSource.GROUP],
                n_bulk=sources[DecisionSource.BULK],
                per_minute=per_minute(looked_at),
                verdicts=_counted(looked_at.verdicts.astype(np.int64), VERDICT_CODES),
            )
        )
    return tuple(sorted(found, key=lambda who: (-who.n_looked_at, -who.n_bulk - who.n_group, who.name)))
