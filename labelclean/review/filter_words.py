"""What a filter says, in words."""

from __future__ import annotations

from collections.abc import Callable

from labelclean.arrays import Label
from labelclean.issues.problem_words import problem_title
from labelclean.review.queue_filter import QueueFilter
from labelclean.review.queue_sizes import USUAL_QUEUES

__all__ = ["filter_words"]

_KINDS = {"contradictions": "contradictions", "rare": "rare classes"}
_VERDICTS = {
    "any": "decided",
    "keep": "label kept",
    "accept": "suggestion accepted",
    "relabel": "given another label",
    "ambiguous": "ambiguous",
    "unsure": "unsure",
    "exclude": "excluded",
}


def filter_words(queue_filter: QueueFilter, name_of: Callable[[Label], str]) -> str:
    """
    Return one sentence about what a filter leaves of the rows.

    Parameters
    ----------
    queue_filter : QueueFilter
        The filter.
    name_of : callable
        Returns the name of a label on the screen.

    Returns
    -------
    str
        Plain text; empty for the usual queues, which have names.
    """
    if queue_filter in USUAL_QUEUES.values():
        return ""
    if queue_filter.rows:
        n_rows = len(queue_filter.rows)
        return f"Only row {queue_filter.rows[0]:,}." if n_rows == 1 else f"Only {n_rows:,} chosen rows."
    text = ", ".join([*_which(queue_filter), *_labels(queue_filter, name_of), *_more(queue_filter)])
    return f"{text[0].upper()}{text[1:]}."


def _which(queue_filter: QueueFilter) -> list[str]:
    """Say which rows are looked at in the first place."""
    parts = []
    if queue_filter.verdict is not None:
        parts.append(_VERDICTS[str(queue_filter.verdict)])
    if queue_filter.decided_by:
        parts.append(f"decided by {queue_filter.decided_by}")
    if queue_filter.kind is not None:
        parts.append(_KINDS[queue_filter.kind])
    if queue_filter.problem:
        parts.append(f"problem: {problem_title(queue_filter.problem)}")
    if queue_filter.unlabelled:
        parts.append("no label yet")
    if not parts:
        parts.append("flagged rows" if queue_filter.asks_issues else "all rows")
    return [*parts, "undecided"] if queue_filter.asks_undecided else parts


def _labels(queue_filter: QueueFilter, name_of: Callable[[Label], str]) -> list[str]:
    said = (
        ("given", queue_filter.given),
        ("suggested", queue_filter.suggested),
        ("adds", queue_filter.adds),
        ("removes", queue_filter.removes),
    )
    return [f"{what} “{name_of(label)}”" for what, label in said if label is not None]


def _more(queue_filter: QueueFilter) -> list[str]:
    parts = []
    low, high = queue_filter.min_error_probability, queue_filter.max_error_probability
    if high < 1.0:
        parts.append(f"{100 * low:.0f} to {100 * high:.0f} % likely wrong")
    elif low > 0.0:
        parts.append(f"at least {100 * low:.0f} % likely wrong")
    if queue_filter.text:
        parts.append(f"text contains “{queue_filter.text}”")
    if queue_filter.column:
        said = f"“{queue_filter.value}”" if queue_filter.value else "empty"
        parts.append(f"{queue_filter.column} is {said}")
    return parts
