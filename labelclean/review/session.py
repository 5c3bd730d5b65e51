"""One reviewer at one queue: where they are, what can be undone, and what the card shows."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from itertools import takewhile

import numpy as np

from labelclean.arrays import UNLABELLED, IndexArray, Label
from labelclean.dataset import Dataset, label_key
from labelclean.explain.evidence import RowEvidence
from labelclean.label_set import LabelSet
from labelclean.review.card_maker import CardMaker
from labelclean.review.decision_table import DecisionTable
from labelclean.review.decisions import ReviewEvent
from labelclean.review.evidence_view import EvidenceViewer, first_words
from labelclean.review.label_cells import LabelCells
from labelclean.review.label_names import LabelNames
from labelclean.review.label_set_names import NO_LABELS, set_token
from labelclean.review.log import ReviewState, ReviewStep
from labelclean.review.outbox import Outbox
from labelclean.review.payload import Card, CardData, OtherColumn, Outlook, Progress, StackEntry
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
_ENTRY_CARDS_AT_ONCE = 10
_ROWS_OF_AN_ENTRY = 50


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


def starting_index(queue: ReviewQueue, table: DecisionTable, row: int | None) -> int:
    """
    Return where to begin: at the row where the reviewer stopped, else at the first undecided row.

    Parameters
    ----------
    queue : ReviewQueue
        The snapshot to begin.
    table : DecisionTable
        The decisions in force.
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
    if queue.queue_filter.verdict is not None or queue.queue_filter.decided_by:
        return 0
    first = queue.first_undecided(table)
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
    table: DecisionTable | None = None,
    preferences: Preferences | None = None,
    has_guideline: bool = False,
    columns_of: Callable[[int], list[OtherColumn]] | None = None,
    label_cells: LabelCells | None = None,
    copies_of: Callable[[int], IndexArray] | None = None,
    control_rows: Container[int] = frozenset(),
    outlook: Outlook | None = None,
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
    table : DecisionTable, optional
        The same decisions as in the state as columns, if they are at hand.
    preferences : Preferences, optional
        Those of the reviewer; without them the usual ones.
    has_guideline : bool, default=False
        Whether the page shows a text that tells how the labels are meant.
    columns_of : callable, optional
        Is given a row, and returns the other columns of it.
    label_cells : LabelCells, optional
        Of label sets: how likely labels belong to each row.
    copies_of : callable, optional
        Is given a row, and returns the rows of its group of copies, itself included.
    control_rows : container of int, default=frozenset()
        The rows that are in the queue because they were drawn at random.
    outlook : Outlook, optional
        How the review is going.

    Returns
    -------
    CardData
        Plain JSON, with a window of cards around ``at``.
    """
    at = min(max(at, 0), len(queue))
    if table is None:
        table = DecisionTable.of(run, state.decisions)
    offered = list(offered_classes(names, run) if classes is None else classes)
    decides_groups = queue.queue_filter.kind == "contradictions"
    maker = CardMaker(
        run=run,
        dataset=dataset,
        names=names,
        decisions=state.decisions,
        evidence=evidence(_rows_in_reach(queue, state, at)),
        viewer=EvidenceViewer(texts=dataset.texts, class_names=run.class_names, names=names, decisions=state.decisions),
        label_cells=label_cells,
        copies_of=copies_of,
        control_rows=control_rows,
        decides_groups=decides_groups,
        columns_of=columns_of,
    )
    cards = _window(queue, maker, at)
    data = CardData(
        project=project_id,
        queue=queue.digest,
        reviewer=reviewer,
        classes=offered,
        total=len(queue),
        offset=cards[0]["index"] or 0 if cards else 0,
        at=at,
        first_undecided=queue.first_undecided(table),
        cards=cards,
        acked=sorted(acked),
        refused=[{"uuid": uuid, "reason": reason} for uuid, reason in (outbox.refused if outbox else {}).items()],
        undo=_entries(state.undo, queue, maker, sent={card["row"] for card in cards}),
        redo=_entries(state.redo, queue, maker, sent={card["row"] for card in cards}),
        progress=_progress(queue, table, state),
        undecided_only=queue.queue_filter.undecided_only,
        are_sets=names.members is not None,
        preferences=(preferences or Preferences()).to_card(),
        has_guideline=has_guideline,
        labels=_labels_in_sets(names, offered),
        decides_groups=decides_groups,
    )
    if outlook is not None:
        data["outlook"] = outlook
    return data


def _labels_in_sets(names: LabelNames, offered: Sequence[str]) -> list[str]:
    """Return the single labels of label sets: they lead what is offered, up to the empty set."""
    return [] if names.members is None else list(takewhile(lambda token: token != NO_LABELS, offered))


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


def _window(queue: ReviewQueue, maker: CardMaker, at: int) -> list[Card]:
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


def _entries(
    steps: Sequence[ReviewStep], queue: ReviewQueue, maker: CardMaker, *, sent: Container[int]
) -> list[StackEntry]:
    """Return the newest entries of a stack; the very newest bring their words and, if it is not sent, their card."""
    newest = steps[-_ENTRIES_AT_ONCE:]
    entries: list[StackEntry] = []
    for place, step in enumerate(newest):
        row = step.first.row
        entry = StackEntry(
            uuid=step.uuid, row=row, index=queue.index_of(row), decision=maker.decision(step.first), n_rows=step.n_rows
        )
        if 1 < step.n_rows <= _ROWS_OF_AN_ENTRY:
            entry["rows"] = [event.row for event in step.events]
        if place >= len(newest) - _ENTRY_CARDS_AT_ONCE:
            _describe(entry, maker, is_sent=row in sent)
        entries.append(entry)
    return entries


def _describe(entry: StackEntry, maker: CardMaker, *, is_sent: bool) -> None:
    text = maker.dataset.texts[entry["row"]]
    entry["words"] = first_words(text)
    if not is_sent and len(text) <= _CHARACTERS_AT_ONCE // _ENTRY_CARDS_AT_ONCE:
        entry["card"] = maker.card(entry["row"], entry["index"])


def _progress(queue: ReviewQueue, table: DecisionTable, state: ReviewState) -> Progress:
    """Count the rows that are done."""
    return Progress(
        decided=queue.n_decided(table),
        total=len(queue.matching_rows),
        fixed=queue.n_fixed(table),
        per_minute=_rounded(state.per_minute),
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
