"""The report as a download: what it says is gathered when the button is pressed."""

from __future__ import annotations

import hashlib
from datetime import datetime
from io import BytesIO
from pathlib import Path, PurePath

import numpy as np
import streamlit as st

import labelclean
from labelclean.dataset import Dataset
from labelclean.errors import LabelCleanError
from labelclean.export import (
    Certificate,
    ClassMap,
    ReportClass,
    ReportFacts,
    ReviewFacts,
    html_report,
    planned_changes,
    write_corrected_file,
)
from labelclean.review.decisions import ReviewEvent, current_decisions
from labelclean.review.log import ReviewLog
from labelclean.review.merging import decisions_with_merges, merges_in_force
from labelclean.review.statistics import review_statistics
from labelclean.store.records import ProjectRecord
from labelclean.store.run_records import StoredRun
from labelclean.ui import resources

__all__ = ["draw_report_download"]

_WRITTEN_BYTES = 300_000_000
"""The digest of the corrected file of a larger file is not worked out for a report: writing it takes too long."""


def draw_report_download(project: ProjectRecord, run: StoredRun, *, key: str, words: str) -> None:
    """Draw the button."""
    workspace = resources.workspace()
    source = workspace.home.dataset_path(project.dataset.sha256)
    dataset = resources.dataset(project)
    st.download_button(
        words,
        data=lambda: _report(project, run, dataset, workspace.store.load_events(project.id), source),
        file_name=f"{PurePath(project.dataset.file_name).stem}.report.html",
        mime="text/html",
        width="stretch",
        on_click="ignore",
        key=key,
    )


def _report(project: ProjectRecord, run: StoredRun, dataset: Dataset, events: list[ReviewEvent], source: Path) -> str:
    """Make the report; runs outside the page, when the button is pressed."""
    merges = merges_in_force(events)
    decisions = decisions_with_merges(current_decisions(events), merges, dataset)
    changes = planned_changes(dataset, decisions)
    review = ReviewFacts(
        statistics=review_statistics(run, ReviewLog(events)),
        certificate=_certificate(project, decisions, len(merges), source),
        classes=_classes(run),
        class_map=None
        if run.has_label_sets
        else ClassMap(class_names=run.class_names, shares=run.noise.noise_matrix, counts=run.noise.confident_joint),
    )
    return html_report(_facts(project, run), changes, review=review)


def _facts(project: ProjectRecord, run: StoredRun) -> ReportFacts:
    own = project.dataset.pred_probs
    return ReportFacts(
        project_name=project.name,
        file_name=project.dataset.file_name,
        made_at=datetime.now().astimezone(),
        n_rows=run.n_examples,
        n_unlabelled=run.n_examples - run.noise.n_labelled,
        n_classes=len(run.label_noise) or len(run.class_names),
        n_label_errors=run.noise.n_label_errors,
        label_accuracy=run.noise.label_accuracy,
        pred_probs_name=None if own is None else own.file_name,
    )


def _classes(run: StoredRun) -> tuple[ReportClass, ...]:
    """Return the classes of the file, those with the most estimated errors first."""
    if run.has_label_sets:
        found = [
            ReportClass(label=noise.label, n_given=noise.n_given, n_errors=round(noise.n_added))
            for noise in run.label_noise
        ]
        return tuple(sorted(found, key=lambda line: -line.n_errors))
    given = np.bincount(run.labels[run.labels >= 0], minlength=len(run.class_names))
    joint = run.noise.confident_joint
    errors = joint.sum(axis=1) - np.diag(joint)
    order = np.lexsort((np.arange(len(given)), -given, -errors))
    return tuple(
        ReportClass(label=run.class_names[code], n_given=int(given[code]), n_errors=int(errors[code]))
        for code in order.tolist()
        if given[code]
    )


def _certificate(project: ProjectRecord, decisions: dict[int, ReviewEvent], n_merges: int, source: Path) -> Certificate:
    record = project.dataset
    digest, words = _corrected(project, decisions, source)
    return Certificate(
        file_name=record.file_name,
        original_sha256=record.sha256,
        n_bytes=record.n_bytes,
        n_rows=record.layout.n_rows,
        n_merges=n_merges,
        version=labelclean.__version__,
        corrected_sha256=digest,
        corrected_words=words,
    )


def _corrected(project: ProjectRecord, decisions: dict[int, ReviewEvent], source: Path) -> tuple[str | None, str]:
    """Return the digest of the corrected file as it is downloaded without further options, or why there is none."""
    record = project.dataset
    if record.n_bytes > _WRITTEN_BYTES:
        return None, "The file is too large to write it again for this page."
    target = BytesIO()
    try:
        write_corrected_file(source, target, record.layout, record.roles, decisions)
    except LabelCleanError as error:
        return None, f"It cannot be written without further options: {error.message}"
    return hashlib.sha256(target.getbuffer()).hexdigest(), "As it is downloaded with excluded rows left in."
