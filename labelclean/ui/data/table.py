"""The lines of the table of all rows: one page of them, and their order where it follows from decisions."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from labelclean.arrays import UNLABELLED, IndexArray, Label
from labelclean.label_set import LabelSet
from labelclean.review.decisions import ReviewEvent, Verdict
from labelclean.review.label_set_names import member_token
from labelclean.review.table.query import COLUMN_PREFIX
from labelclean.review.table.rows import Ranks, rank_texts

if TYPE_CHECKING:
    from labelclean.io.row_columns import RowColumns
    from labelclean.ui.desk import Desk

__all__ = ["OPEN", "SHOWN_CHARACTERS", "data_table", "decision_ranks", "label_now", "shown_row"]

OPEN = "Open"
"""What stands in the cells that lead to a row's card."""

SHOWN_CHARACTERS = 2_000
"""The most of a text that the table holds; its card has all of it."""


def data_table(
    desk: Desk,
    rows: Sequence[int],
    columns: RowColumns | None,
    names: Sequence[str],
    decisions: Mapping[int, ReviewEvent],
) -> pd.DataFrame:
    """
    Return one line per row.

    Parameters
    ----------
    desk : Desk
        Texts, results and names.
    rows : sequence of int
        The rows of the page, in order.
    columns : RowColumns or None
        The other columns of the file.
    names : sequence of str
        Which of them to show.
    decisions : mapping of int to ReviewEvent
        The decisions in force.

    Returns
    -------
    DataFrame
        With the columns row, open, id (where there are any), text, label, decision, given, suggested, error (per cent),
        note, reviewer, one each for ``names`` (behind ``COLUMN_PREFIX``). Labels are tokens; in the column
        label, label sets are lists of the tokens of their labels. Suggestion and error stay empty in undecided rows
        of a reviewer who wants to decide without them.
    """
    run, dataset = desk.run, desk.dataset
    events = [decisions.get(row) for row in rows]
    places = np.array(rows, dtype=np.int64)
    cells: dict[str, Sequence[object]] = {"row": list(rows), "open": [OPEN] * len(rows)}
    if dataset.row_ids is not None:
        cells["id"] = [dataset.row_ids[row] for row in rows]
    cells["text"] = [_shortened(dataset.texts[row]) for row in rows]
    cells["label"] = [_cell(label_now(desk, row, event), desk) for row, event in zip(rows, events, strict=True)]
    cells["decision"] = [None if event is None or event.verdict is None else event.verdict.value for event in events]
    cells["given"] = [_token(dataset_label(desk, int(code)), desk) for code in run.labels[places]]
    cells["suggested"] = [_token(dataset_label(desk, int(code)), desk) for code in run.suggested_labels[places]]
    cells["error"] = np.round(100 * run.error_probabilities[places], 1).tolist()
    if desk.preferences.blind:
        _hide_suggestions(cells, events)
    cells["note"] = ["" if event is None else event.note for event in events]
    cells["reviewer"] = ["" if event is None else event.reviewer for event in events]
    for name in names if columns is not None else ():
        if columns is not None and name in columns.names:
            cells[f"{COLUMN_PREFIX}{name}"] = [_shortened(value) for value in columns.column(name, rows)]
    table = pd.DataFrame({name: pd.Series(list(values), dtype=object) for name, values in cells.items()})
    return table.astype({"row": "int64", "error": "float64"})


def _hide_suggestions(cells: dict[str, Sequence[object]], events: Sequence[ReviewEvent | None]) -> None:
    """Empty what would sway a reviewer who asked to decide without it; rows that are decided show it."""
    for name, nothing in (("suggested", ""), ("error", math.nan)):
        cells[name] = [nothing if event is None else value for value, event in zip(cells[name], events, strict=True)]


def dataset_label(desk: Desk, code: int) -> Label | None:
    """Return a class of the run by its code, None for no label."""
    return None if code == UNLABELLED else desk.run.class_names[code]


def label_now(desk: Desk, row: int, event: ReviewEvent | None) -> Label | None:
    """Return the label of a row by now: the corrected one, else the given one."""
    if event is not None and event.verdict in {Verdict.ACCEPT, Verdict.RELABEL}:
        return event.label
    return dataset_label(desk, int(desk.run.labels[row]))


def shown_row(desk: Desk, row: int) -> tuple[Label | None, Label | None, float | None]:
    """Return given and suggested label of a row, and how likely the given one is wrong, if that is known."""
    error = float(desk.run.error_probabilities[row])
    given, suggested = int(desk.run.labels[row]), int(desk.run.suggested_labels[row])
    return dataset_label(desk, given), dataset_label(desk, suggested), None if np.isnan(error) else error


def decision_ranks(desk: Desk, sort: str, decisions: Mapping[int, ReviewEvent]) -> Ranks | None:
    """
    Return by which numbers rows are sorted where that follows from decisions: by decision, reviewer, or label by now.

    Rows without a decision come last; all rows have a label by now, or count as without a value.
    """
    n_rows = desk.dataset.n_examples
    if sort == "label":
        return _ranks_by_label(desk, decisions)
    if sort not in {"decision", "reviewer"}:
        return None
    rows = np.fromiter(decisions, dtype=np.int64, count=len(decisions))
    said = [str(event.verdict) if sort == "decision" else event.reviewer for event in decisions.values()]
    values = np.zeros(n_rows, dtype=np.int64)
    values[rows] = rank_texts(said)
    is_missing = np.ones(n_rows, dtype=np.bool_)
    is_missing[rows] = False
    return Ranks(values=values, is_missing=is_missing)


def _ranks_by_label(desk: Desk, decisions: Mapping[int, ReviewEvent]) -> Ranks:
    tokens = list(desk.names.tokens)
    code_of = {token: code for code, token in enumerate(tokens)}
    of_run = np.array([code_of[desk.names.token(name)] for name in desk.run.class_names] + [UNLABELLED])
    codes: IndexArray = of_run[desk.run.labels]
    for row, event in decisions.items():
        if event.verdict in {Verdict.ACCEPT, Verdict.RELABEL} and event.label is not None:
            codes[row] = code_of.get(desk.names.token(event.label), UNLABELLED)
    return Ranks(values=rank_texts(tokens)[codes], is_missing=codes == UNLABELLED)


def _cell(label: Label | None, desk: Desk) -> object:
    if label is None:
        return None
    if isinstance(label, LabelSet):
        return sorted(map(member_token, label))
    return desk.names.token(label)


def _token(label: Label | None, desk: Desk) -> str:
    return "" if label is None else desk.names.token(label)


def _shortened(text: str) -> str:
    """Return a text on one line, cut off where it is very long."""
    line = " ".join(text[: 2 * SHOWN_CHARACTERS].split())
    return line if len(line) <= SHOWN_CHARACTERS else f"{line[: SHOWN_CHARACTERS - 1]}…"
