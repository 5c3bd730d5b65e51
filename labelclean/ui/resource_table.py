"""What all browser sessions share of the order of a project's rows; caches, as ``resources`` does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from labelclean.arrays import UNLABELLED
from labelclean.review.table.query import COLUMN_PREFIX
from labelclean.review.table.rows import Ranks, find_rows, rank_ids, rank_texts, sorted_rows
from labelclean.ui import state
from labelclean.ui.data.table import decision_ranks
from labelclean.ui.resource_columns import row_columns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from labelclean.arrays import CodeArray, IndexArray
    from labelclean.review.table.query import TableQuery
    from labelclean.store.records import ProjectRecord
    from labelclean.ui.desk import Desk

__all__ = ["ranks_of", "rows_in_order"]


@st.cache_resource(max_entries=6, show_spinner="Sorting …")
def _text_ranks(sha256: str, what: str, layout: object, roles: object, _texts: Sequence[str]) -> Ranks:
    return Ranks(values=rank_ids(_texts) if what == "id" else rank_texts(_texts))


@st.cache_resource(max_entries=6, show_spinner="Sorting …")
def _column_ranks(project_id: str, name: str, _project: ProjectRecord) -> Ranks | None:
    columns = row_columns(_project)
    if columns is None or name not in columns.names:
        return None
    return Ranks(values=columns.ranks(name), is_missing=columns.is_empty(name))


def rows_in_order(project: ProjectRecord, desk: Desk, query: TableQuery) -> IndexArray:
    """
    Return the rows that the table shows, in order.

    They stay as they are until something else is asked for: a row that is decided does not jump away from under the
    hands of who decided it.

    Parameters
    ----------
    project : ProjectRecord
        Whose rows.
    desk : Desk
        Its results, and the decisions so far.
    query : TableQuery
        Search, filters and order.
    """
    asked = (desk.project_id, desk.run_id, query.rows_asked)
    kept = state.recall("table_rows", tuple)
    if kept is not None and kept[0] == asked:
        found: IndexArray = kept[1]
        return found
    rows = find_rows(query, desk.run, desk.sources.rows_containing, desk.table)
    ranks = decision_ranks(desk, query.sort, desk.log.decisions) or ranks_of(project, desk, query.sort)
    if ranks is not None:
        rows = sorted_rows(rows, ranks, is_descending=query.is_descending)
    elif query.is_descending:
        rows = rows[::-1]
    state.remember("table_rows", (asked, rows))
    return rows


def ranks_of(project: ProjectRecord, desk: Desk, sort: str) -> Ranks | None:
    """
    Return by which numbers rows are sorted.

    Parameters
    ----------
    project : ProjectRecord
        Whose rows.
    desk : Desk
        Their texts and results.
    sort : str
        As in ``TableQuery``; what follows from decisions is not sorted here.

    Returns
    -------
    Ranks or None
        None for the order of the file, and where there is nothing to sort by.
    """
    record, run, dataset = project.dataset, desk.run, desk.dataset
    texts = {"text": dataset.texts, "id": dataset.row_ids}.get(sort)
    if texts is not None:
        return _text_ranks(record.sha256, sort, record.layout, record.roles, texts)
    codes = {"given": run.labels, "suggested": run.suggested_labels}.get(sort)
    if codes is not None:
        return _label_ranks(desk, codes)
    if sort == "error":
        is_unknown = np.isnan(run.error_probabilities)
        millionths = np.rint(1e6 * np.where(is_unknown, 0, run.error_probabilities)).astype(np.int64)
        return Ranks(values=millionths, is_missing=is_unknown)
    return _column_ranks(project.id, sort.removeprefix(COLUMN_PREFIX), project) if sort != "row" else None


def _label_ranks(desk: Desk, codes: CodeArray) -> Ranks:
    places = rank_texts([desk.names.token(name) for name in desk.run.class_names])
    return Ranks(values=places[codes], is_missing=codes == UNLABELLED)
