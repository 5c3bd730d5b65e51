"""The words of the bulk page: what an action is called, and what a precision means."""

from __future__ import annotations

from labelclean.review.bulk.decide import BulkAction, BulkKind
from labelclean.review.bulk.plan import BulkPlan
from labelclean.review.bulk.sample import SamplePrecision
from labelclean.review.filter_words import filter_words
from labelclean.review.label_names import LabelNames
from labelclean.review.queue_filter import QueueFilter
from labelclean.review.queue_sizes import USUAL_QUEUES
from labelclean.review.shares import Share
from labelclean.ui.elements import count, number_of

__all__ = ["action_done", "button_words", "interval", "kind_words", "precision_words", "rows_words", "wrong_words"]

_QUEUES = {
    "likely": "Likely errors: the flagged rows.",
    "contradictions": "Contradictions: the same text under different labels.",
    "rare": "Rows of rare classes.",
    "unlabelled": "Rows without a label.",
    "all": "All rows.",
}


def kind_words(kind: BulkKind, *, are_sets: bool) -> str:
    """Return what a choice of action says."""
    what = "set" if are_sets else "label"
    return {
        BulkKind.ACCEPT: f"Accept the suggested {what}",
        BulkKind.KEEP: f"Keep the given {what}",
        BulkKind.GIVE: f"Give one {what} to all",
        BulkKind.ADD: "Add one label to all",
        BulkKind.REMOVE: "Remove one label from all",
        BulkKind.EXCLUDE: "Exclude the rows",
    }[kind]


def button_words(action: BulkAction, found: BulkPlan, label_name: str) -> str:
    """Return what the button that decides says: the number of rows, and how sure it is."""
    rest = f"the remaining {count(len(found.rest))}"
    said = {
        BulkKind.ACCEPT: f"Accept {rest}",
        BulkKind.KEEP: f"Keep {rest}",
        BulkKind.GIVE: f"Give “{label_name}” to {rest}",
        BulkKind.ADD: f"Add “{label_name}” to {rest}",
        BulkKind.REMOVE: f"Remove “{label_name}” from {rest}",
        BulkKind.EXCLUDE: f"Exclude {rest}",
    }[action.kind]
    if not found.precision.is_measured:
        return said
    right = found.precision.right
    agreed = "excluded by hand" if action.kind is BulkKind.EXCLUDE else "right"
    return f"{said} · {right.n_hits} of {right.n} {agreed}, {interval(right)}"


def action_done(action: BulkAction, label_name: str) -> str:
    """Return what the log says was done."""
    return {
        BulkKind.ACCEPT: "suggestion accepted",
        BulkKind.KEEP: "given label kept",
        BulkKind.GIVE: f"“{label_name}” given",
        BulkKind.ADD: f"“{label_name}” added",
        BulkKind.REMOVE: f"“{label_name}” removed",
        BulkKind.EXCLUDE: "excluded",
    }[action.kind]


def rows_words(queue_filter: QueueFilter, names: LabelNames) -> str:
    """Return which rows a filter takes, as a sentence."""
    usual = next((_QUEUES.get(name, "") for name, queue in USUAL_QUEUES.items() if queue == queue_filter), "")
    return usual or filter_words(queue_filter, names.token)


def interval(share: Share) -> str:
    """Return an interval, such as ``62–99 %``."""
    return f"{100 * share.low:.0f}–{100 * share.high:.0f} %"


def precision_words(share: Share) -> str:
    """Return a precision, such as ``9 of 10 right (62–99 %)``."""
    return f"{share.n_hits} of {share.n} right ({interval(share)})"


def wrong_words(precision: SamplePrecision, n_rows: int) -> str:
    """Return how many of the rest will be decided wrongly, with the interval."""
    expected, fewest, most = precision.wrong_among(n_rows)
    return (
        f"Of the remaining {number_of(n_rows, 'row', 'rows')} about {count(round(expected))} would be decided wrongly "
        f"({count(round(fewest))}–{count(round(most))}, 95 % Beta interval)."
    )
