"""The list of queues on the review page, each with its size and one line of help."""

from __future__ import annotations

from typing import TypeAlias

import streamlit as st

from labelclean.review.queue_filter import QueueFilter
from labelclean.review.queue_sizes import USUAL_QUEUES, QueueName
from labelclean.review.rare_classes import RARE_RULE
from labelclean.ui.desk import Desk
from labelclean.ui.elements import count, plain_markdown

__all__ = ["base_of", "draw_queue_list"]

_Said: TypeAlias = tuple[str, str]

_SAID: dict[QueueName, _Said] = {
    "likely": ("Likely errors", "Flagged rows that nobody decided, the most suspect first."),
    "contradictions": (
        "Contradictions",
        "Texts that are the same, or nearly so, under different labels: one card for each group.",
    ),
    "unsure": (
        "Unsure",
        "Rows somebody was unsure about. Those of others come first: they want a second opinion. Yours come last.",
    ),
    "ambiguous": ("Ambiguous", "Rows for which somebody said that several labels fit."),
    "rare": ("Rare classes", f"All rows of rare classes, flagged or not. {RARE_RULE}"),
    "unlabelled": ("No label yet", "Rows without a label, each with a suggestion."),
    "decided": ("Decided", "Every row with a decision, to look at it again or to change it."),
    "all": ("All rows", "Every row, the most suspect first."),
}
_ALWAYS_SHOWN = frozenset({"likely", "all"})


def base_of(current: QueueFilter) -> QueueFilter:
    """Return the queue that a filter narrows: itself without the conditions on labels, score, text and the like."""
    return QueueFilter(
        only_issues=current.only_issues,
        undecided_only=current.undecided_only,
        unlabelled=current.unlabelled,
        verdict=current.verdict,
        kind=current.kind,
    )


def draw_queue_list(desk: Desk, current: QueueFilter) -> QueueFilter | None:
    """Draw the queues that have rows; return the one that was pressed, or None."""
    sizes = desk.queue_sizes()
    base = base_of(current)
    is_special = bool(current.rows or current.problem or current.decided_by)
    pressed: QueueFilter | None = None
    with st.container(gap=None):
        for name, queue in USUAL_QUEUES.items():
            is_on = queue == base and not is_special
            if sizes[name] == 0 and name not in _ALWAYS_SHOWN and not is_on:
                continue
            if _draw_queue(name, sizes[name], is_on=is_on):
                pressed = queue
    return pressed


def _draw_queue(name: QueueName, size: int | None, *, is_on: bool) -> bool:
    label, explanation = _SAID[name]
    shown = "" if size is None else f" :gray[{count(size)}]"
    key = f"queue-{'on-' if is_on else ''}{name}"
    return bool(st.button(f"{plain_markdown(label)}{shown}", key=key, help=explanation, width="stretch"))
