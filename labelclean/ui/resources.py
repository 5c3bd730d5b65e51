"""What all browser sessions share: the workspace, datasets and results in memory; the only module that caches."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from labelclean.arrays import Label
from labelclean.dataset import Dataset
from labelclean.errors import LabelCleanError
from labelclean.io.corrections import label_edits
from labelclean.io.formats import Recognised, recognise
from labelclean.io.kinds import table_format
from labelclean.io.layout import ColumnRoles, FileLayout, FileSummary, ReadingChoices
from labelclean.io.model_outputs.class_order import parse_class_names
from labelclean.io.model_outputs.pred_probs import PredProbsFile, PredProbsFormat
from labelclean.io.source import inspect_file
from labelclean.issues.dataset_checks import DatasetWarning, check_dataset
from labelclean.review.decisions import ReviewEvent, current_decisions
from labelclean.review.merging import merge_dataset, merges_in_force
from labelclean.store.label_json import label_to_json
from labelclean.store.merged_runs import run_with_merges
from labelclean.store.records import EmbeddingsRecord, ProjectRecord
from labelclean.store.run_records import StoredRun
from labelclean.workspace import REVIEW_CONFIG, Workspace

if TYPE_CHECKING:
    from labelclean.core.plausibility import PlausibilityFinding
    from labelclean.estimate import RunEstimate

__all__ = [
    "OwnEmbeddingsSummary",
    "OwnProbsSummary",
    "are_names_newer",
    "dataset",
    "dataset_warnings",
    "decided_rows",
    "file_summary",
    "kept_dataset",
    "merges",
    "own_embeddings",
    "own_probs",
    "ranking_id",
    "recognised",
    "run_estimate",
    "spelling_problem",
    "stored_run",
    "workspace",
]


_TRIED_BYTES = 300_000_000
"""Larger files are written without trying first whether all labels can be."""


@st.cache_resource(show_spinner="Preparing labelclean and its demo …")
def _workspace(home: str) -> Workspace:
    opened = Workspace.open()
    opened.ensure_demo()
    gc.collect()
    gc.freeze()
    return opened


def workspace() -> Workspace:
    """Return the one workspace of this server; made at first use, with the demo project analysed."""
    return _workspace(os.environ.get("LABELCLEAN_HOME", ""))


@st.cache_resource(max_entries=3, show_spinner="Reading the file …")
def _kept_dataset(sha256: str, layout: FileLayout, roles: ColumnRoles, _workspace: Workspace) -> Dataset:
    return _workspace.read_kept(sha256, layout, roles)


def kept_dataset(sha256: str, layout: FileLayout, roles: ColumnRoles) -> Dataset:
    """Return the texts and labels of a kept file, a project or not; the last three stay in memory."""
    return _kept_dataset(sha256, layout, roles, workspace())


def dataset(project: ProjectRecord) -> Dataset:
    """Return the texts and labels of a project."""
    record = project.dataset
    return kept_dataset(record.sha256, record.layout, record.roles)


@st.cache_resource(max_entries=3, show_spinner="Checking the data …")
def _warnings(sha256: str, layout: FileLayout, roles: ColumnRoles, _dataset: Dataset) -> tuple[DatasetWarning, ...]:
    return check_dataset(_dataset)


def dataset_warnings(sha256: str, layout: FileLayout, roles: ColumnRoles) -> tuple[DatasetWarning, ...]:
    """Return what is odd about a kept file."""
    return _warnings(sha256, layout, roles, kept_dataset(sha256, layout, roles))


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnProbsSummary:
    """
    What was understood of a kept file of probabilities; the table itself is not held.

    Attributes
    ----------
    file_format : {"npy", "npz", "parquet", "csv"}
        Its format.
    shape : tuple of int
        Rows and classes.
    dtype : str
        The type of its numbers.
    class_names : tuple of str or None
        The classes as the user named them.
    reasons : dict of str to str
        How it was understood; see ``PredProbsFile``.
    findings : tuple of tuple of str
        What looks odd: message and fix of each.
    better_order : tuple of str
        The order of the classes that would fit far better, where the present one is only assumed; otherwise empty.
    """

    file_format: PredProbsFormat
    shape: tuple[int, int]
    dtype: str
    class_names: tuple[str, ...] | None
    reasons: dict[str, str]
    findings: tuple[tuple[str, str], ...]
    better_order: tuple[str, ...]


@st.cache_resource(max_entries=6, show_spinner="Reading the probabilities …")
def _own_probs(
    sha256: str,
    *,
    names: str | None,
    row_id: str | None,
    data_sha256: str,
    layout: FileLayout,
    roles: ColumnRoles,
    _dataset: Dataset,
    _workspace: Workspace,
) -> OwnProbsSummary:
    from labelclean.core.plausibility import check_plausible

    class_names = None if names is None else parse_class_names(names)
    found = _workspace.read_pred_probs(_dataset, sha256, class_names=class_names, row_id=row_id)
    findings = check_plausible(_dataset.labels, found.pred_probs, class_names=found.class_names)
    return OwnProbsSummary(
        file_format=found.file_format,
        shape=(found.pred_probs.shape[0], found.pred_probs.shape[1]),
        dtype=str(found.pred_probs.dtype),
        class_names=class_names,
        reasons=found.reasons,
        findings=tuple((finding.message, finding.fix) for finding in findings),
        better_order=_better_order(found, findings) if found.is_order_assumed else (),
    )


def _better_order(found: PredProbsFile, findings: Iterable[PlausibilityFinding]) -> tuple[str, ...]:
    names = found.class_names or ()
    return next(
        (tuple(str(names[code]) for code in finding.column_order) for finding in findings if finding.column_order), ()
    )


def own_probs(
    sha256: str, *, names: str | None, row_id: str | None, data_sha256: str, layout: FileLayout, roles: ColumnRoles
) -> OwnProbsSummary:
    """Return what was understood of a kept file of probabilities about a kept dataset."""
    return _own_probs(
        sha256,
        names=names,
        row_id=row_id,
        data_sha256=data_sha256,
        layout=layout,
        roles=roles,
        _dataset=kept_dataset(data_sha256, layout, roles),
        _workspace=workspace(),
    )


@st.cache_resource(max_entries=6, show_spinner="Estimating time and memory …")
def _run_estimate(sha256: str, layout: FileLayout, roles: ColumnRoles, _dataset: Dataset) -> RunEstimate:
    from labelclean.estimate import estimate_run

    return estimate_run(_dataset, REVIEW_CONFIG)


def run_estimate(sha256: str, layout: FileLayout, roles: ColumnRoles) -> RunEstimate:
    """Return what the analysis of a kept file will cost on this machine."""
    return _run_estimate(sha256, layout, roles, kept_dataset(sha256, layout, roles))


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnEmbeddingsSummary:
    """
    What was understood of a kept file of embeddings; the table itself is not held.

    Attributes
    ----------
    n_rows, n_dimensions : int
        Its size.
    n_zero : int
        Rows that have no embedding: all zeros.
    """

    n_rows: int
    n_dimensions: int
    n_zero: int


@st.cache_resource(max_entries=6, show_spinner="Reading the embeddings …")
def _own_embeddings(
    record: EmbeddingsRecord, data_sha256: str, layout: FileLayout, roles: ColumnRoles, _dataset: Dataset
) -> OwnEmbeddingsSummary:
    table = workspace().read_embeddings(_dataset, record)
    n_rows, n_dimensions = table.shape
    return OwnEmbeddingsSummary(
        n_rows=n_rows, n_dimensions=n_dimensions, n_zero=int(np.count_nonzero(~table.any(axis=1)))
    )


def own_embeddings(
    record: EmbeddingsRecord, *, data_sha256: str, layout: FileLayout, roles: ColumnRoles
) -> OwnEmbeddingsSummary:
    """Return what was understood of a kept file of embeddings of a kept dataset's texts."""
    return _own_embeddings(record, data_sha256, layout, roles, kept_dataset(data_sha256, layout, roles))


@st.cache_resource(max_entries=3, show_spinner="Loading the results …")
def _run(project_id: str, run_id: str, lesson_id: str | None, _workspace: Workspace) -> StoredRun | None:
    return _workspace.store.load_run(project_id)


@st.cache_resource(max_entries=3, show_spinner="Merging names …")
def _merged_run(
    ranking_id: str, merged: tuple[str, ...], _run: StoredRun, _dataset: Dataset, _merges: tuple[ReviewEvent, ...]
) -> StoredRun:
    return run_with_merges(_run, merge_dataset(_dataset, _merges), _merges)


def stored_run(project: ProjectRecord) -> StoredRun | None:
    """Return the results of a project's last run, ranked as decisions taught and with the names of today, if any."""
    if project.run_id is None:
        return None
    run = _run(project.id, project.run_id, project.lesson_id, workspace())
    events = workspace().store.load_merge_events(project.id)
    if run is None or not events:
        return run
    in_force = merges_in_force(events)
    merged = tuple(merge.uuid for merge in in_force)
    return _merged_run(ranking_id(project), merged, run, dataset(project), in_force)


def merges(project: ProjectRecord) -> tuple[ReviewEvent, ...]:
    """Return the merges of names that are in force in a project."""
    return merges_in_force(workspace().store.load_merge_events(project.id))


def ranking_id(project: ProjectRecord) -> str:
    """Return what names the ranking of a project's rows: its run, and what decisions taught."""
    return f"{project.run_id}:{project.lesson_id}" if project.lesson_id else str(project.run_id)


def are_names_newer(project: ProjectRecord) -> bool:
    """Tell whether names were merged, or a merge undone, since the last run."""
    if project.run_id is None:
        return False
    return stored_run(project) is not _run(project.id, project.run_id, project.lesson_id, workspace())


@st.cache_resource(max_entries=6, show_spinner="Trying the corrections …")
def _spelling_problem(
    sha256: str, layout: FileLayout, roles: ColumnRoles, corrections: tuple[tuple[int, str], ...], _labels: list[Label]
) -> LabelCleanError | None:
    new = {row: label for (row, _), label in zip(corrections, _labels, strict=True)}
    path = workspace().home.dataset_path(sha256)
    try:
        label_edits(table_format(layout.file_format), path, layout, roles, corrections=new, dropped_rows=frozenset())
    except LabelCleanError as error:
        return error
    return None


def spelling_problem(
    project: ProjectRecord, corrections: Mapping[int, Label], roles: ColumnRoles
) -> LabelCleanError | None:
    """Return why the corrections cannot be written as the roles say that labels are spelled, or None if they can."""
    record = project.dataset
    if record.roles.spelling.kind == "plain" or record.n_bytes > _TRIED_BYTES:
        return None
    named = tuple((row, label_to_json(label)) for row, label in corrections.items())
    return _spelling_problem(record.sha256, record.layout, roles, named, list(corrections.values()))


def decided_rows(project: ProjectRecord) -> frozenset[int]:
    """Return the rows of a project with a decision in force."""
    return frozenset(current_decisions(workspace().store.load_events(project.id)))


@st.cache_resource(max_entries=6, show_spinner="Looking into the file …")
def recognised(sha256: str, file_name: str, choices: ReadingChoices) -> Recognised:
    """Return what a kept file is at first sight, before it is read: also what it has to choose from."""
    return recognise(workspace().home.dataset_path(sha256), name=file_name, choices=choices)


@st.cache_resource(max_entries=6, show_spinner="Looking into the file …")
def file_summary(sha256: str, file_name: str, choices: ReadingChoices) -> FileSummary:
    """Return what was understood of a kept file, read as told."""
    return inspect_file(
        workspace().home.dataset_path(sha256),
        name=file_name,
        file_format=choices.file_format,
        encoding=choices.encoding,
        delimiter=choices.delimiter,
        compression=choices.compression,
        part=choices.part,
        quoting=choices.quoting,
    )
