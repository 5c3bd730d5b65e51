"""What all browser sessions share of the review: texts to search in and near-copies; caches, as ``resources`` does."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from labelclean.review.copy_groups import CopyGroups
from labelclean.review.text_search import FoldedTexts, fold_texts
from labelclean.ui import resources
from labelclean.ui.queue_sources import ProjectSources
from labelclean.ui.resource_columns import row_columns

if TYPE_CHECKING:
    from labelclean.dataset import Dataset
    from labelclean.io.layout import ColumnRoles, FileLayout
    from labelclean.issues.problem import DataProblem
    from labelclean.store.records import ProjectRecord

__all__ = ["column_values", "queue_sources"]

_FOUND_AT_ONCE = 20_000
"""Near-copies among so many texts are found in less than a second."""


@st.cache_resource(max_entries=3, show_spinner=False)
def _folded_texts(sha256: str, layout: FileLayout, roles: ColumnRoles, _dataset: Dataset) -> FoldedTexts:
    return fold_texts(_dataset.texts)


@st.cache_resource(max_entries=3, show_spinner="Looking for texts that are nearly the same …")
def _copies(sha256: str, layout: FileLayout, roles: ColumnRoles, _dataset: Dataset) -> CopyGroups:
    from labelclean.issues.near_duplicates import near_duplicate_groups

    return CopyGroups(near_duplicate_groups(_dataset.texts))


def queue_sources(project: ProjectRecord) -> ProjectSources:
    """Return what the filters of a project's queues can ask; what is expensive is shared by all sessions."""
    return ProjectSources(
        texts=partial(_texts_of, project),
        columns=partial(row_columns, project),
        problem=partial(_problem, project),
        all_copies=partial(_all_copies, project),
        known_copies=partial(_known_copies, project),
    )


@st.cache_resource(max_entries=12, show_spinner="Counting values …")
def _column_values(project_id: str, column: str, _project: ProjectRecord) -> dict[str, int]:
    columns = row_columns(_project)
    return {} if columns is None else dict(columns.values(column))


def column_values(project: ProjectRecord, column: str) -> dict[str, int]:
    """Return the most frequent values of another column of a project's file, and how many rows have each."""
    return _column_values(project.id, column, project)


def _texts_of(project: ProjectRecord) -> FoldedTexts:
    record = project.dataset
    return _folded_texts(record.sha256, record.layout, record.roles, resources.dataset(project))


def _problem(project: ProjectRecord, kind: str) -> DataProblem | None:
    return resources.workspace().store.load_problem(project.id, kind)


def _all_copies(project: ProjectRecord) -> CopyGroups:
    stored = _stored_copies(project)
    if stored is not None:
        return stored
    record = project.dataset
    return _copies(record.sha256, record.layout, record.roles, resources.dataset(project))


def _known_copies(project: ProjectRecord) -> CopyGroups | None:
    is_small = resources.dataset(project).n_examples <= _FOUND_AT_ONCE
    return _all_copies(project) if is_small else _stored_copies(project)


def _stored_copies(project: ProjectRecord) -> CopyGroups | None:
    """Return the groups that were found beside the analysis, if somebody looked for them."""
    found = _problem(project, "near_duplicates")
    groups = np.arange(resources.dataset(project).n_examples, dtype=np.int64)
    if found is not None:
        groups[found.rows] = found.groups
        return CopyGroups(groups)
    report = resources.workspace().store.load_problems(project.id)
    return CopyGroups(groups) if report is not None and "near_duplicates" in report.checked else None
