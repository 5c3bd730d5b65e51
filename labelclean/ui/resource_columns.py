"""What all browser sessions share of the other columns of a file; caches, as ``resources`` does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from labelclean.errors import LabelCleanError
from labelclean.ui import resources

if TYPE_CHECKING:
    from labelclean.arrays import IndexArray
    from labelclean.io.row_columns import RowColumns
    from labelclean.store.records import ProjectRecord

__all__ = ["column_ranks", "row_columns"]


@st.cache_resource(max_entries=3, show_spinner="Reading the other columns of the file …")
def _row_columns(project_id: str, sha256: str, _project: ProjectRecord) -> RowColumns | None:
    try:
        return resources.workspace().row_columns(_project)
    except LabelCleanError:
        return None


def row_columns(project: ProjectRecord) -> RowColumns | None:
    """
    Return the other columns of a project's file; the first time they are read from it.

    Returns
    -------
    RowColumns or None
        None where they cannot be read or kept: everything else works without them.
    """
    return _row_columns(project.id, project.dataset.sha256, project)


@st.cache_resource(max_entries=6, show_spinner="Sorting …")
def _column_ranks(project_id: str, name: str, _columns: RowColumns) -> IndexArray:
    return _columns.ranks(name)


def column_ranks(project: ProjectRecord, name: str) -> IndexArray | None:
    """Return by which number each row is sorted by another column of the file; None where there is no such column."""
    columns = row_columns(project)
    return None if columns is None or name not in columns.names else _column_ranks(project.id, name, columns)
