"""A few cells as they stand in the file, beside the labels that were read out of them."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

import numpy as np
import streamlit as st

from labelclean.arrays import UNLABELLED, Label
from labelclean.dataset import Dataset
from labelclean.io.layout import ColumnRoles, FileSummary
from labelclean.label_set import LabelSet
from labelclean.review.label_set_names import member_token
from labelclean.ui.elements import count, number_of, plate

__all__ = ["draw_label_sample", "sample_rows"]

_MOST_ROWS = 6
_MOST_CHIPS = 8
_MOST_COLUMNS = 6


def draw_label_sample(summary: FileSummary, roles: ColumnRoles, dataset: Dataset) -> None:
    """Draw the sample, and what there is of each kind in the whole file."""
    places = {name: place for place, name in enumerate(summary.layout.columns)}
    lines = "".join(
        f"<tr><td>{_votes(dataset, row) or _cells(summary.preview[record], roles.label_columns, places)}</td>"
        f"<td>{_chips(dataset.given_label(row))}</td></tr>"
        for record, row in sample_rows(dataset, len(summary.preview))
    )
    heads = f"<tr><th>In the file</th><th>{'Read as' if dataset.votes is None else 'Most say'}</th></tr>"
    st.html(f'<table class="lc-sample">{heads}{lines}</table><p class="lc-note">{escape(_counts(dataset))}</p>')


def sample_rows(dataset: Dataset, n_shown: int) -> list[tuple[int, int]]:
    """
    Return some records and their examples: each different label once, then what is empty and what is not labelled.

    Where annotators differ, that comes first.

    Parameters
    ----------
    dataset : Dataset
        The file as it was read.
    n_shown : int
        How many of its first records may be shown.

    Returns
    -------
    list of tuple of int
        Record and example; at most six, in the order of the file.
    """
    examples = range(dataset.n_examples) if dataset.records is None else dataset.records.tolist()
    chosen: dict[tuple[bool, int], tuple[int, int]] = {}
    seen: set[int] = set()
    for record, row in enumerate(examples[:n_shown]):
        if row not in seen:
            seen.add(row)
            chosen.setdefault((_is_disputed(dataset, row), int(dataset.labels[row])), (record, row))
    special = {UNLABELLED, *(code for code, name in enumerate(dataset.class_names) if name == LabelSet())}
    in_order = sorted(chosen, key=lambda kind: (not kind[0], kind[1] not in special))
    return sorted(chosen[kind] for kind in in_order[:_MOST_ROWS])


def _is_disputed(dataset: Dataset, row: int) -> bool:
    if dataset.votes is None:
        return False
    codes = dataset.votes.codes[row]
    return len(np.unique(codes[codes >= 0])) > 1


def _votes(dataset: Dataset, row: int) -> str:
    """Return who gave which label as HTML; empty where nobody knows."""
    votes = dataset.votes
    if votes is None:
        return ""
    given = [
        f"<small>{escape(name)}</small> {_cell(str(dataset.class_names[code]))}"
        for name, code in zip(votes.annotators, votes.codes[row].tolist(), strict=True)
        if code >= 0
    ]
    return " &nbsp; ".join([*given[:_MOST_COLUMNS], *(["…"] if len(given) > _MOST_COLUMNS else [])]) or "<i>nobody</i>"


def _cells(record: tuple[str, ...], columns: tuple[str, ...], places: dict[str, int]) -> str:
    """Return the cells of the labels as HTML; where there are several, each with its column."""
    shown = [(name, record[places[name]] if places[name] < len(record) else "") for name in columns if name in places]
    if len(shown) == 1:
        return _cell(shown[0][1])
    told = [pair for pair in shown if pair[1].strip()] or shown[:2]
    cells = [f"<small>{escape(name)}</small> {_cell(cell)}" for name, cell in told[:_MOST_COLUMNS]]
    return " &nbsp; ".join([*cells, *(["…"] if len(told) > _MOST_COLUMNS else [])])


def _cell(cell: str) -> str:
    return f"<code>{escape(cell)}</code>" if cell.strip() else "<i>empty</i>"


def _chips(label: Label | None) -> str:
    if label is None:
        return "<i>not labelled</i>"
    if not isinstance(label, LabelSet):
        return plate(str(label), "given")
    if not label.labels:
        return '<span class="lc-no-label">∅ labelled, with none</span>'
    chips = [plate(str(name), "given") for name in label.labels[:_MOST_CHIPS]]
    return " ".join([*chips, *([f"and {len(label) - _MOST_CHIPS} more"] if len(label) > _MOST_CHIPS else [])])


def _counts(dataset: Dataset) -> str:
    what = "rows" if dataset.records is None else "texts"
    return f"In all {count(dataset.n_examples)} {what}: {', '.join(_parts(dataset))}."


def _parts(dataset: Dataset) -> Iterator[str]:
    if dataset.has_label_sets:
        sets = [(code, labels) for code, labels in enumerate(dataset.class_names) if isinstance(labels, LabelSet)]
        n_none = sum(int((dataset.labels == code).sum()) for code, labels in sets if not labels.labels)
        yield number_of(len({member_token(name) for _, labels in sets for name in labels}), "label", "labels")
        yield number_of(sum(bool(labels.labels) for _, labels in sets), "different set", "different sets")
        yield f"{count(n_none)} labelled with none"
    else:
        yield number_of(dataset.n_classes, "class", "classes")
    if dataset.votes is not None:
        yield number_of(len(dataset.votes.annotators), "annotator", "annotators")
    yield f"{count(dataset.n_unlabelled)} not labelled"
