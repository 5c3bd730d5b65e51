"""One reviewer at one queue: where they are, what can be undone, and what the card shows."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from labelclean.arrays import UNLABELLED, Label
from labelclean.dataset import Dataset, label_key
from labelclean.explain.evidence import RowEvidence
from labelclean.label_set import LabelSet
from labelclean.review.decisions import ReviewEvent, Verdict
from labelclean.review.evidence_view import EvidenceViewer
from labelclean.review.label_names import LabelNames
from labelclean.review.label_set_names import NO_LABELS, set_token
from labelclean.review.log import ReviewState, ReviewStep
from labelclean.review.outbox import Outbox
from labelclean.review.payload import Card, CardData, CardDecision, LikelyClass, Progress, StackEntry
from labelclean.review.preferences import Preferences
from labelclean.review.queue import ReviewedRun, ReviewQueue

__all__ = ["build_card_data", "names_for", "offered_classes", "starting_index"]

_CARDS_BEFORE = 5
_CARDS_AFTER = 40
_CHARACTERS_AT_ONCE = 300_000
"""Texts longer than this together make a shorter window, so that a run of the page stays quick."""

_CARDS_AT_LEAST = 4
_SETS_OFFERED = 300
_ENTRIES_AT_ONCE = 50
_ENTRY_CARDS_AT_ONCE = 5


def _no_evidence(rows: Sequence[int]) -> Mapping[int, RowEvidence]:  # noqa: ARG001  (the signature of the source)
    return {}


def names_for(class_names: Sequence[Label], events: Iterable[ReviewEvent]) -> LabelNames:
    """Return the names of the classes and of those that reviewers made, in the order they were made."""
    return LabelNames.of(class_names, (event.label for event in events if event.label is not None))


def offered_classes(names: LabelNames, run: ReviewedRun, gone: Iterable[Label] = ()) -> tuple[str, ...]:
    """
    Return the classes to search in.

    Parameters
    ----------
    names : LabelNames
        All classes and those that reviewers made.
    run : ReviewedRun
        The results.
    gone : iterable of hashable, default=()
        Names that were merged into others.

    Returns
    -------
    tuple of str
        Their tokens. Of label sets: those of one label, none, and the most used ones.
    """
    if names.members is None:
        hidden = {names.token(name) for name in gone}
        return tuple(token for token in names.tokens if token not in hidden)
    hidden_names = {label_key(name) for name in gone}
    labels = [label for label in names.members.values() if label_key(label) not in hidden_names]
    codes, counts = np.unique(run.labels[run.labels != UNLABELLED], return_counts=True)
    most_used = codes[np.argsort(-counts, kind="stable")][:_SETS_OFFERED].tolist()
    singles = [*(set_token(LabelSet([label])) for label in labels), NO_LABELS]
    return tuple(dict.fromkeys([*singles, *(names.token(run.class_names[code]) for code in most_used)]))


def starting_index(queue: ReviewQueue, decisions: Mapping[int, ReviewEvent], row: int | None) -> int:
    """
    Return where to begin: at the row where the reviewer stopped, else at the first undecided row.

    Parameters
    ----------
    queue : ReviewQueue
        The snapshot to begin.
    decisions : mapping of int to ReviewEvent
        The decisions in force, by row.
    row : int or None
        Where the reviewer stopped, if that is known.

    Returns
    -------
    int
        0 to the length of the queue; the length means that all is done. A queue of decided rows begins at its start.
    """
    index = None if row is None else queue.index_of(row)
    if index is not None:
        return index
    if queue.queue_filter.verdict is not None:
        return 0
    first = _first_undecided(queue, decisions)
    return len(queue) if first is None else first


def build_card_data(
    *,
    project_id: str,
    run: ReviewedRun,
    dataset: Dataset,
    names: LabelNames,
    queue: ReviewQueue,
    state: ReviewState,
    reviewer: str,
    at: int,
    acked: Iterable[str] = (),
    outbox: Outbox | None = None,
    evidence: Callable[[Sequence[int]], Mapping[int, RowEvidence]] = _no_evidence,
    classes: Sequence[str] | None = None,
    preferences: Preferences | None = None,
    guideline: str = "",
) -> CardData:
    """
    Build what the card needs for this run of the page.

    Parameters
    ----------
    project_id : str
        Under which the browser keeps its unsaved events.
    run : ReviewedRun
        The result of the audit.
    dataset : Dataset
        Its texts and ids.
    names : LabelNames
        All classes, as ``names_for`` returns them.
    queue : ReviewQueue
        The snapshot under review.
    state : ReviewState
        After the events of this run of the page were stored.
    reviewer : str
        Who is at the screen.
    at : int
        Index of the card on screen; ``len(queue)`` is the end.
    acked : iterable of str
        The uuids now in the store, of those just received.
    outbox : Outbox, optional
        What was just received; its refusals are told to the browser.
    evidence : callable, optional
        Is given the rows that may be shown, and returns what explains them, by row.
    classes : sequence of str, optional
        The classes to search in, if they are at hand: what ``offered_classes`` returns.
    preferences : Preferences, optional
        Those of the reviewer; without them the usual ones.
    guideline : str, default=""
        How this project's labels are meant, as Markdown.

    Returns
    -------
    CardData
        Plain JSON, with a window of cards around ``at``.
    """
    at = min(max(at, 0), len(queue))
    maker = _CardMaker(
        run=run,
        dataset=dataset,
        names=names,
        decisions=state.decisions,
        evidence=evidence(_rows_in_reach(queue, state, at)),
        viewer=EvidenceViewer(texts=dataset.texts, class_names=run.class_names, names=names, decisions=state.decisions),
    )
    cards = _window(queue, maker, at)
    return CardData(
        project=project_id,
        queue=queue.digest,
        reviewer=reviewer,
        classes=list(offered_classes(names, run) if classes is None else classes),
        total=len(queue),
        offset=cards[0]["index"] or 0 if cards else 0,
        at=at,
        first_undecided=_first_undecided(queue, state.decisions),
        cards=cards,
        acked=sorted(acked),
        refused=[{"uuid": uuid, "reason": reason} for uuid, reason in (outbox.refused if outbox else {}).items()],
        undo=_entries(state.undo, queue, maker),
        redo=_entries(state.redo, queue, maker),
        progress=_progress(queue, run, state),
        undecided_only=queue.queue_filter.undecided_only,
        are_sets=names.members is not None,
        preferences=(preferences or Preferences()).to_card(),
        guideline=guideline,
    )


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class _CardMaker:
    """Makes the card of any row of one project."""

    run: ReviewedRun
    dataset: Dataset
    names: LabelNames
    decisions: Mapping[int, ReviewEvent]
    evidence: Mapping[int, RowEvidence]
    viewer: EvidenceViewer

    def card(self, row: int, index: int | None) -> Card:
        """Gather what is known of one row."""
        given = int(self.run.labels[row])
        suggested = int(self.run.suggested_labels[row])
        likely = dict(zip(self.run.likely_labels[row].tolist(), self.run.likely_probs[row].tolist(), strict=True))
        quality = _number(self.run.label_quality_scores[row])
        return Card(
            index=index,
            row=row,
            row_id=None if self.dataset.row_ids is None else self.dataset.row_ids[row],
            text=self.dataset.texts[row],
            given=None if given == UNLABELLED else self._token(given),
            given_prob=None if given == UNLABELLED else _rounded(likely.get(given, quality)),
            suggested=self._token(suggested),
            suggested_prob=_rounded(likely.get(suggested)),
            likely=[LikelyClass(label=self._token(code), prob=round(prob, 4)) for code, prob in likely.items()],
            error_probability=_rounded(_number(self.run.error_probabilities[row])),
            is_issue=bool(self.run.is_issue[row]),
            decision=self.decision(self.decisions.get(row)),
            evidence=self.viewer.view(self.evidence.get(row)),
        )

    def _token(self, code: int) -> str:
        return self.names.token(self.run.class_names[code])

    def decision(self, event: ReviewEvent | None) -> CardDecision | None:
        """Say what was decided."""
        if event is None or event.verdict is None:
            return None
        label = None if event.label is None else self.names.token(event.label)
        return CardDecision(uuid=event.uuid, verdict=event.verdict.value, label=label, note=event.note)


def _places_in_reach(queue: ReviewQueue, at: int) -> list[int]:
    """Return the places around one: what comes next matters most; then what lies behind, nearest first."""
    before = range(max(at - _CARDS_BEFORE, 0), at)
    after = range(at, min(at + _CARDS_AFTER, len(queue)))
    return [*after, *reversed(before)]


def _rows_in_reach(queue: ReviewQueue, state: ReviewState, at: int) -> list[int]:
    """Return every row whose card may be sent."""
    shown = [int(queue.rows[index]) for index in _places_in_reach(queue, at)]
    visited = [step.first.row for stack in (state.undo, state.redo) for step in stack[-_ENTRY_CARDS_AT_ONCE:]]
    return list(dict.fromkeys([*shown, *visited]))


def _window(queue: ReviewQueue, maker: _CardMaker, at: int) -> list[Card]:
    """Return the cards around a place: fewer of them where the texts are long."""
    cards: list[Card] = []
    n_characters = 0
    for index in _places_in_reach(queue, at):
        card = maker.card(int(queue.rows[index]), index)
        n_characters += len(card["text"])
        if n_characters > _CHARACTERS_AT_ONCE and len(cards) >= _CARDS_AT_LEAST:
            break
        cards.append(card)
    return sorted(cards, key=lambda card: card["index"] or 0)


def _entries(steps: Sequence[ReviewStep], queue: ReviewQueue, maker: _CardMaker) -> list[StackEntry]:
    """Return the newest entries of a stack; the very newest outside the queue bring their card along."""
    newest = steps[-_ENTRIES_AT_ONCE:]
    entries: list[StackEntry] = []
    for place, step in enumerate(newest):
        row = step.first.row
        index = queue.index_of(row)
        entry = StackEntry(
            uuid=step.uuid, row=row, index=index, decision=maker.decision(step.first), n_rows=step.n_rows
        )
        if index is None and place >= len(newest) - _ENTRY_CARDS_AT_ONCE:
            entry["card"] = maker.card(row, None)
        entries.append(entry)
    return entries


def _progress(queue: ReviewQueue, run: ReviewedRun, state: ReviewState) -> Progress:
    """Count the rows that are done; in a queue by verdict, those that have another verdict by now."""
    asked = queue.queue_filter.verdict
    n_decided = n_fixed = 0
    for row, event in state.decisions.items():
        if queue.matches(row):
            n_decided += asked in {None, "any"} or event.verdict is not asked
            n_fixed += _changes_label(event, run)
    return Progress(
        decided=n_decided, total=len(queue.matching_rows), fixed=n_fixed, per_minute=_rounded(state.per_minute)
    )


def _changes_label(event: ReviewEvent, run: ReviewedRun) -> bool:
    if event.verdict not in {Verdict.ACCEPT, Verdict.RELABEL} or event.label is None:
        return False
    given = int(run.labels[event.row])
    return given == UNLABELLED or label_key(event.label) != label_key(run.class_names[given])


def _first_undecided(queue: ReviewQueue, decisions: Mapping[int, ReviewEvent]) -> int | None:
    return next((index for index, row in enumerate(queue.rows.tolist()) if row not in decisions), None)


def _number(value: float) -> float | None:
    """Return a plain float; None for NaN, which JSON does not know."""
    return None if math.isnan(value) else float(value)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
