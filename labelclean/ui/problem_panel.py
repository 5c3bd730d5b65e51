"""One problem on its page: what it means, some rows that have it, and the ways to review or exclude them."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from labelclean.issues.problem import SPARE
from labelclean.label_set import LabelSet
from labelclean.review.bulk.decide import BulkKind
from labelclean.review.queue_filter import QueueFilter
from labelclean.ui import state
from labelclean.ui.elements import count, number_of
from labelclean.ui.navigation import go_to
from labelclean.ui.problem_examples import class_bars_html, examples_html, examples_of, pair_html
from labelclean.ui.row_links import draw_row_links

if TYPE_CHECKING:
    from collections.abc import Sequence

    from labelclean.arrays import IndexArray
    from labelclean.dataset import Dataset
    from labelclean.issues.problem import DataProblem

__all__ = ["draw_problem"]

_SHOWN = 3  # examples
_SHOWN_PAIRS = 2
_KEPT = frozenset({"ambiguous", "class_imbalance", "label_leaks"})  # nothing to exclude as a whole


def draw_problem(problem: DataProblem, dataset: Dataset, decided: IndexArray) -> None:
    """
    Draw one problem.

    Parameters
    ----------
    problem : DataProblem
        What was found.
    dataset : Dataset
        The data.
    decided : ndarray of int64
        The rows with a decision in force.
    """
    with st.container(key=f"card-problem-{problem.kind}"):
        words, shown = st.columns([5, 8], gap="large")
        with words, st.container(gap="small"):
            st.html(
                f'<h2 class="lc-problem-title">{escape(problem.title)}</h2>'
                f'<p class="lc-problem-count">{_counted(problem, decided)}</p>'
                f'<p class="lc-note">{escape(problem.explanation)}</p><p class="lc-note">{escape(problem.advice)}</p>'
            )
            _draw_ways(problem)
        with shown:
            st.html(_examples(problem, dataset))
            draw_row_links(_shown_rows(problem, dataset), back="problems", key=f"problem-row-{problem.kind}")


def _counted(problem: DataProblem, decided: IndexArray) -> str:
    parts = [f"<b>{count(problem.n_rows)}</b> {'row' if problem.n_rows == 1 else 'rows'}"]
    if problem.n_groups:
        parts.append(number_of(problem.n_groups, "group", "groups"))
    if problem.n_contradicting:
        parts.append(f"{number_of(problem.n_contradicting, 'row', 'rows')} under different labels")
    n_decided = int(np.count_nonzero(np.isin(problem.rows, decided)))
    if n_decided:
        parts.append(f"{count(n_decided)} decided")
    return " · ".join(parts)


def _draw_ways(problem: DataProblem) -> None:
    with st.container(horizontal=True, gap="small"):
        if st.button("Review these rows", key=f"problem-review-{problem.kind}"):
            _open("review", QueueFilter(problem=problem.kind, only_issues=False))
        if (
            problem.kind == "near_duplicates"
            and problem.n_contradicting
            and st.button("Decide contradictions", key="problem-contradictions")
        ):
            _open("review", QueueFilter(kind="contradictions"))
        if problem.kind in _KEPT or not problem.n_spare:
            return
        is_all = problem.n_spare == problem.n_rows
        label = "Exclude them all …" if is_all else f"Exclude {number_of(problem.n_spare, 'copy', 'copies')} …"
        if st.button(label, key=f"problem-exclude-{problem.kind}", help=_HELP):
            state.remember("bulk_kind", BulkKind.EXCLUDE.value)
            name = problem.kind if is_all else problem.kind + SPARE
            _open("bulk", QueueFilter(problem=name, only_issues=False))


_HELP = "First a random sample to look at, then all in one step that can be undone; the file itself stays as it is."


def _open(page: str, queue: QueueFilter) -> None:
    state.set_queue_filter(queue)
    if page == "bulk":
        go_to("bulk")
    go_to("review")


def _examples(problem: DataProblem, dataset: Dataset) -> str:
    if problem.kind == "class_imbalance":
        return class_bars_html(_class_rows(dataset))
    if problem.n_groups:
        return "".join(_pairs(problem, dataset))
    return examples_html(examples_of(problem, dataset, _telling_rows(problem)))


def _telling_rows(problem: DataProblem) -> list[int]:
    """Return the worst row of each of the first reasons, then the worst ones."""
    _, first = np.unique(problem.reason_codes, return_index=True)
    places = dict.fromkeys([*np.sort(first)[:_SHOWN].tolist(), *range(min(_SHOWN, problem.n_rows))])
    return [int(row) for row in problem.rows[sorted(list(places)[:_SHOWN])]]


def _shown_rows(problem: DataProblem, dataset: Dataset) -> list[int]:
    """Return the rows of the examples."""
    if problem.kind == "class_imbalance":
        return []
    if problem.n_groups:
        return [row for pair in _pairs_of(problem, dataset) for row in pair]
    return _telling_rows(problem)


def _pairs(problem: DataProblem, dataset: Dataset) -> list[str]:
    """Return the first groups, each with two rows; two with different labels where there are."""
    drawn = []
    for pair in _pairs_of(problem, dataset):
        one, two = examples_of(problem, dataset, pair)
        drawn.append(pair_html(one, two, len(problem.group_of(pair[0])) - len(pair)))
    return drawn


def _pairs_of(problem: DataProblem, dataset: Dataset) -> list[list[int]]:
    _, first = np.unique(problem.groups, return_index=True)
    return [_pair_of(problem, dataset, int(problem.rows[place])) for place in np.sort(first)[:_SHOWN_PAIRS].tolist()]


def _pair_of(problem: DataProblem, dataset: Dataset, row: int) -> list[int]:
    first, *others = problem.group_of(row).tolist()
    differing = (other for other in others if dataset.labels[other] != dataset.labels[first])
    return [first, next(differing, others[0])]


def _class_rows(dataset: Dataset) -> Sequence[tuple[str, int]]:
    n_rows = np.bincount(dataset.labels[dataset.labels >= 0], minlength=dataset.n_classes).tolist()
    totals: dict[str, int] = {}
    for name, number in zip(dataset.class_names, n_rows, strict=True):
        for label in name if isinstance(name, LabelSet) else (name,):
            totals[str(label)] = totals.get(str(label), 0) + number
    return list(totals.items())
