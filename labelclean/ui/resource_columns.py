"""What all browser sessions share of the other columns of a file; caches, as ``resources`` does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from labelclean.errors import LabelCleanError
from labelclean.ui import resources

if TYPE_CHECKING:
    from labelclean.io.row_columns import RowColumns
    from labelclean.store.records import ProjectRecord

__all__ = ["row_columns"]


@st.cache_resource(max_entries=3, show_spinner="Reading the other columns of the file …")
def _row_columns(project_id: str, sha256: str, _project: ProjectRecord) -> RowColumns:
    return resources.workspace().row_columns(_project)


def row_columns(project: ProjectRecord) -> RowColumns | None:
    """
    Return the other columns of a project's file; the first time they are read from it.

    Returns
    -------
    RowColumns or None
        None where they cannot be read or kept: everything else works without them.
    """
    try:
        return _row_columns(project.id, project.dataset.sha256, project)
    except LabelCleanError:
        return None
