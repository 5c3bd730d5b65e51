"""What one browser session remembers; the only module that touches ``st.session_state`` and the URL."""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import streamlit as st

from labelclean.errors import NotFoundError
from labelclean.review.queue_filter import QueueFilter
from labelclean.review.table.query import TableQuery
from labelclean.store.records import ProjectRecord
from labelclean.store.sql import SqlStore
from labelclean.workspace import Workspace

__all__ = [
    "PendingFile",
    "close_project",
    "current_project",
    "edited_cells",
    "fill",
    "follow_table_url",
    "follow_url",
    "forget",
    "is_project_missing",
    "leave_review",
    "leave_table",
    "open_project",
    "queue_filter",
    "recall",
    "remember",
    "reviewer",
    "set_queue_filter",
    "set_reviewer",
    "set_table_query",
    "table_query",
    "url_params",
    "widget_value",
    "write_filter_to_url",
]

T = TypeVar("T")

_PROJECT = "labelclean.project"
_FILTER = "labelclean.filter"
_REVIEWER = "labelclean.reviewer"
_MISSING = "labelclean.project_missing"
_IN_URL = "labelclean.filter_in_url"
_TABLE = "labelclean.table"
_TABLE_IN_URL = "labelclean.table_in_url"


@dataclass(frozen=True, slots=True)
class PendingFile:
    """
    A file that was stored but is no project yet.

    It lives here and not on its page, because Streamlit makes the classes of a page anew on every run.
    """

    sha256: str
    n_bytes: int
    file_name: str


def remember(name: str, value: object) -> None:
    """Keep a value for this browser session."""
    st.session_state[f"labelclean.{name}"] = value


def recall(name: str, kind: type[T]) -> T | None:
    """Return a kept value, or None if there is none of that kind."""
    value = st.session_state.get(f"labelclean.{name}")
    return value if isinstance(value, kind) else None


def forget(name: str) -> None:
    """Drop a kept value."""
    st.session_state.pop(f"labelclean.{name}", None)


def fill(key: str, value: str) -> None:
    """Write a value into a text field; only before it is drawn, as in a callback."""
    st.session_state[key] = value


def widget_value(key: str) -> object:
    """Return what a widget of the page says now, or None if it is not drawn."""
    return st.session_state.get(key)


def current_project(workspace: Workspace) -> ProjectRecord | None:
    """
    Return the project at hand: the one the URL names, else the one of this session.

    The URL is set to it, so that a refresh or a copied link comes back to the same place. A project that was deleted
    in the meantime counts as none.
    """
    project_id = st.query_params.get("project") or st.session_state.get(_PROJECT)
    if not project_id:
        return None
    try:
        project = workspace.store.get_project(str(project_id))
    except NotFoundError:
        close_project(str(project_id))
        st.session_state[_MISSING] = True
        return None
    if st.session_state.get(_PROJECT) not in {None, project.id}:
        st.session_state.pop(_FILTER, None)  # it was about the rows of another project
    st.session_state.pop(_MISSING, None)
    st.session_state[_PROJECT] = project.id
    if st.query_params.get("project") != project.id:
        st.query_params["project"] = project.id
    return project


def is_project_missing() -> bool:
    """Tell whether the project asked for last does not exist, or no longer."""
    return _MISSING in st.session_state


def open_project(project_id: str, *, queue: QueueFilter | None = None) -> None:
    """Make a project the one at hand, with the queue its reviewer left. The URL follows with the page."""
    if st.session_state.get(_PROJECT) != project_id:
        st.session_state.pop(_FILTER, None)
        if queue is not None:
            st.session_state[_FILTER] = queue
    st.session_state[_PROJECT] = project_id


def close_project(project_id: str) -> None:
    """Have no project at hand, if this is the one."""
    if project_id not in {st.session_state.get(_PROJECT), st.query_params.get("project")}:
        return
    st.session_state.pop(_PROJECT, None)
    st.session_state.pop(_FILTER, None)
    st.query_params.clear()


def queue_filter() -> QueueFilter:
    """Return the filter of the review queue: this session's, else the one in the URL."""
    kept = st.session_state.get(_FILTER)
    if isinstance(kept, QueueFilter):
        return kept
    return QueueFilter.from_params(_params())


def set_queue_filter(queue: QueueFilter) -> None:
    """Keep the filter of the review queue for this browser session."""
    st.session_state[_FILTER] = queue


def follow_url() -> None:
    """
    Take the filter over from the URL where the browser changed it: a link, Back, Forward.

    Only for runs of the whole page. What the card sends on its own may still carry the URL of a moment ago.
    """
    asked = QueueFilter.from_params(_params())
    written = st.session_state.get(_IN_URL)
    known = QueueFilter.from_params(written) if isinstance(written, dict) else QueueFilter()
    if asked != known:
        set_queue_filter(asked)


def leave_review() -> None:
    """Remember that the URL no longer names a queue: other pages have URLs without one."""
    st.session_state.pop(_IN_URL, None)


def table_query() -> TableQuery:
    """Return what the table of all rows shows: as this session left it, else as the URL says."""
    kept = st.session_state.get(_TABLE)
    if isinstance(kept, tuple) and kept[0] == st.session_state.get(_PROJECT):
        return kept[1] if isinstance(kept[1], TableQuery) else TableQuery()
    return TableQuery.from_params(_params())


def set_table_query(query: TableQuery) -> None:
    """Show something else in the table of all rows, and let the URL open exactly that."""
    st.session_state[_TABLE] = (st.session_state.get(_PROJECT), query)
    st.session_state[_TABLE_IN_URL] = query.to_params()
    wanted = {"project": str(st.session_state.get(_PROJECT, "")), **query.to_params()}
    if _params() != wanted:
        st.query_params.from_dict(wanted)


def follow_table_url() -> None:
    """Take over what the browser asked for by a link, Back or Forward; only for runs of the whole page."""
    asked = TableQuery.from_params(_params())
    written = st.session_state.get(_TABLE_IN_URL)
    if asked != (TableQuery.from_params(written) if isinstance(written, dict) else TableQuery()):
        st.session_state[_TABLE] = (st.session_state.get(_PROJECT), asked)


def leave_table() -> None:
    """
    Remember that the URL no longer says what the table of all rows shows.

    Its rows are looked up anew at the next visit, unless the reader is at the card of one of them and will be back.
    """
    st.session_state.pop(_TABLE_IN_URL, None)
    way_back = recall("way_back", tuple)
    if way_back is None or "data" not in way_back:
        forget("table_rows")


def edited_cells(key: str) -> dict[int, dict[str, object]]:
    """Return the cells that were changed in an editable table, by line and column."""
    said = st.session_state.get(key)
    rows = said.get("edited_rows") if isinstance(said, Mapping) else None
    return {int(line): dict(cells) for line, cells in rows.items()} if isinstance(rows, Mapping) else {}


def url_params(*, with_queue: bool) -> dict[str, str]:
    """Return what a URL says about the project at hand and, where asked for, the queue."""
    project_id = st.session_state.get(_PROJECT)
    queue = st.session_state.get(_FILTER)
    params = {"project": str(project_id)} if project_id else {}
    return {**params, **queue.to_params()} if with_queue and isinstance(queue, QueueFilter) else params


def write_filter_to_url(queue: QueueFilter) -> None:
    """Make the URL open exactly this queue."""
    st.session_state[_IN_URL] = queue.to_params()
    wanted = {"project": str(st.session_state.get(_PROJECT, "")), **queue.to_params()}
    if _params() != wanted:
        st.query_params.from_dict(wanted)


def reviewer(store: SqlStore) -> str:
    """
    Return the name under which decisions are logged.

    The one chosen in this session, else the one chosen last on this machine, else the name of the computer's user.
    """
    for kept in (st.session_state.get(_REVIEWER), store.get_setting(_REVIEWER)):
        if isinstance(kept, str) and kept:
            st.session_state[_REVIEWER] = kept
            return kept
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "reviewer"


def set_reviewer(store: SqlStore, name: str) -> None:
    """Log the decisions of this session under a name, and those of later sessions until another one is chosen."""
    st.session_state[_REVIEWER] = name.strip()
    store.set_setting(_REVIEWER, name.strip())


def _params() -> dict[str, str]:
    return {key: str(value) for key, value in st.query_params.items()}
