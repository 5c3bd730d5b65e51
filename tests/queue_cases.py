"""A small run to make queues of, and sources that answer from plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np

from labelclean.arrays import CodeArray, FloatArray, IndexArray, Label, MaskArray, ProbMatrix
from labelclean.review.copy_groups import CopyGroups
from labelclean.review.decisions import EventKind, ReviewEvent, Verdict


@dataclass(kw_only=True)
class MadeRun:
    """A run whose rows are ranked in file order unless told otherwise."""

    class_names: tuple[Label, ...]
    labels: CodeArray
    suggested_labels: CodeArray
    error_probabilities: FloatArray
    is_issue: MaskArray
    ranked_rows: IndexArray
    label_quality_scores: FloatArray = field(default_factory=lambda: np.empty(0))
    likely_labels: CodeArray = field(default_factory=lambda: np.empty((0, 0), dtype=np.int64))
    likely_probs: ProbMatrix = field(default_factory=lambda: np.empty((0, 0)))


def made_run(
    class_names: Sequence[Label],
    labels: Sequence[int],
    *,
    suggested: Sequence[int] | None = None,
    ranked: Sequence[int] | None = None,
    flagged: Sequence[int] = (),
    error_probabilities: Sequence[float] | None = None,
) -> MadeRun:
    """Return a run over some given labels; nothing is flagged unless told so."""
    n_rows = len(labels)
    is_issue = np.zeros(n_rows, dtype=np.bool_)
    is_issue[list(flagged)] = True
    return MadeRun(
        class_names=tuple(class_names),
        labels=np.array(labels, dtype=np.int64),
        suggested_labels=np.array(labels if suggested is None else suggested, dtype=np.int64),
        error_probabilities=np.full(n_rows, 0.5) if error_probabilities is None else np.array(error_probabilities),
        is_issue=is_issue,
        ranked_rows=np.array(range(n_rows) if ranked is None else ranked, dtype=np.int64),
    )


@dataclass(kw_only=True)
class MadeSources:
    """Sources that know some texts, columns, problems and groups."""

    texts: Sequence[str]
    columns: dict[str, Sequence[str]] = field(default_factory=dict)
    problems: dict[str, Sequence[int]] = field(default_factory=dict)
    groups: Sequence[int] | None = None

    def rows_containing(self, text: str, rows: IndexArray | None = None) -> MaskArray:
        """Search in one text after the other."""
        return np.array([text.casefold() in self.texts[row].casefold() for row in self._chosen(rows)], dtype=np.bool_)

    def _chosen(self, rows: IndexArray | None) -> list[int]:
        return list(range(len(self.texts))) if rows is None else [int(row) for row in rows]

    def rows_with(self, column: str, value: str) -> IndexArray:
        """Look into each cell."""
        cells = self.columns.get(column, ())
        return np.array([row for row, cell in enumerate(cells) if cell == value], dtype=np.int64)

    def rows_with_problem(self, problem: str) -> IndexArray:
        """Return the rows as they were given."""
        return np.array(self.problems.get(problem, ()), dtype=np.int64)

    def remark_on(self, problem: str, row: int) -> str:
        """Name the problem of a row."""
        return f"It has {problem}." if row in self.problems.get(problem, ()) else ""

    def copies(self) -> CopyGroups:
        """Return the groups as they were given; each row alone where none were."""
        own = range(len(self.texts)) if self.groups is None else self.groups
        return CopyGroups(np.array(own, dtype=np.int64))

    @property
    def copies_at_hand(self) -> CopyGroups | None:
        """Return them where some were given."""
        return None if self.groups is None else self.copies()

    def group_of(self, row: int) -> IndexArray:
        """Return the rows of a row's group."""
        return self.copies().group_of(row)


def decision(
    row: int,
    verdict: Verdict = Verdict.KEEP,
    *,
    label: Label | None = None,
    reviewer: str = "kim",
    uuid: str = "",
    batch: str | None = None,
) -> ReviewEvent:
    """Return a decision about a row."""
    return ReviewEvent(
        uuid=uuid or f"decision-{row}",
        row=row,
        kind=EventKind.DECIDE,
        verdict=verdict,
        label=label,
        reviewer=reviewer,
        decided_at=datetime(2026, 1, 1, tzinfo=UTC),
        batch=batch,
    )


def turn(kind: EventKind, target: str, *, uuid: str) -> ReviewEvent:
    """Return the undoing or redoing of a step."""
    return ReviewEvent(
        uuid=uuid, row=0, kind=kind, target_uuid=target, reviewer="kim", decided_at=datetime(2026, 1, 1, tzinfo=UTC)
    )


def by_row(*events: ReviewEvent) -> dict[int, ReviewEvent]:
    """Return decisions in force by row."""
    return {event.row: event for event in events}
