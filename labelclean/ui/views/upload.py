"""Upload: drop a file or name a path, see what was understood, correct it, start the analysis."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from labelclean import jobs
from labelclean.errors import LabelCleanError
from labelclean.io.layout import ColumnRoles, FileSummary, ReadingChoices
from labelclean.ui import resources, state
from labelclean.ui.elements import (
    count,
    error_notice,
    note,
    notice,
    plain_markdown,
    remarks,
    size_of,
    subtitle,
    title,
)
from labelclean.ui.label_choices import draw_roles
from labelclean.ui.label_sample import draw_label_sample
from labelclean.ui.limits import is_local_server, max_upload_bytes
from labelclean.ui.name_choices import draw_name_choices
from labelclean.ui.navigation import go_to
from labelclean.ui.own_embeddings import EMBEDDINGS, draw_own_embeddings
from labelclean.ui.own_probs import PROBS, draw_own_probs
from labelclean.ui.reading_choices import draw_choices, draw_layout, draw_part
from labelclean.ui.run_estimate import draw_run_estimate
from labelclean.workspace import REVIEW_CONFIG

if TYPE_CHECKING:
    from typing import BinaryIO

    from labelclean.dataset import Dataset
    from labelclean.review.decisions import ReviewEvent
    from labelclean.store.records import EmbeddingsRecord, PredProbsRecord

COLUMNS_IN_SIGHT: Final = 5
KINDS: Final = (
    "CSV, TSV and other delimited text, JSON Lines and JSON, Parquet, Excel (.xlsx), fastText; text also in gzip, "
    "bzip2, xz, Zstandard or zip. In any usual encoding."
)


def render() -> None:
    """Draw the page."""
    title(
        "Add a file",
        "A table with a text and its label, or labels, in each row. It stays on this machine, byte for byte.",
    )
    pending = state.recall("upload", state.PendingFile)
    if pending is None:
        _draw_choose()
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(_pending_html(pending), width="content")
        if st.button("Choose another file", key="upload-again"):
            state.forget("upload")
            resources.workspace().discard_file(pending.sha256)
            PROBS.discard()
            EMBEDDINGS.discard()
            st.rerun()
    _draw_understood(pending)


def _pending_html(pending: state.PendingFile) -> str:
    name = f'<bdi class="lc-project-name">{escape(pending.file_name)}</bdi>'
    return f'{name} <span class="lc-meta">{size_of(pending.n_bytes)}</span>'


def _draw_choose() -> None:
    limit = max_upload_bytes()
    with st.container(key="card-upload"):
        generation = state.recall("upload_generation", int) or 0
        uploaded = st.file_uploader(
            "Drop a file here, or browse",
            key=f"uploader-{generation}",
            max_upload_size=limit // 1_000_000,
            help="What it is, is told from its content; you can change every guess.",
        )
        if uploaded is not None:
            state.remember("upload_generation", generation + 1)
            _keep(uploaded, uploaded.name)
        if is_local_server():
            with st.form("upload-path", border=False):
                path = st.text_input(
                    "Or name a file on this machine",
                    placeholder="~/data/messages.csv",
                    help="For large files this is quicker than an upload; the file is copied, yours is not touched. "
                    "Also a folder that Hugging Face datasets saved.",
                )
                if st.form_submit_button("Read it") and path.strip():
                    _keep_path(Path(path.strip()).expanduser(), limit)
    note(
        f"{KINDS} Up to {count(limit / 1e6)} MB in the browser. Nothing is sent anywhere: labelclean runs on this "
        "machine and works without the internet."
    )


def _keep_path(path: Path, limit: int) -> None:
    try:
        if path.is_dir():
            sha256, n_bytes = resources.workspace().keep_folder(path)
            _remember(sha256, n_bytes, f"{path.resolve().name}.zip")
            return
        with path.open("rb") as stream:
            _keep(stream, path.name, limit=max(limit, path.stat().st_size))
    except LabelCleanError as error:
        error_notice(error)
    except OSError as error:
        notice("error", f"That file cannot be read: {error.strerror}.", "Check the path and that you may read it.")


def _keep(stream: BinaryIO, name: str, *, limit: int | None = None) -> None:
    try:
        sha256, n_bytes = resources.workspace().keep_file(stream, max_bytes=limit or max_upload_bytes())
    except LabelCleanError as error:
        error_notice(error)
        return
    _remember(sha256, n_bytes, Path(name).name)


def _remember(sha256: str, n_bytes: int, file_name: str) -> None:
    state.remember("upload", state.PendingFile(sha256, n_bytes, file_name))
    st.rerun()


def _draw_understood(pending: state.PendingFile) -> None:
    choices, table = st.columns([2, 3], gap="large")
    with choices:
        part_slot = st.container()  # a sheet or a split comes before its columns
        columns = st.container()  # on top: the choice most often changed; how the file is read decides what it offers
        subtitle("What was understood")
        reading = draw_choices()
    try:
        first_sight = resources.recognised(pending.sha256, pending.file_name, reading)
        with part_slot:
            part = draw_part(first_sight.parts, first_sight.layout)
        summary = resources.file_summary(pending.sha256, pending.file_name, replace(reading, part=part))
    except LabelCleanError as error:
        with table:
            error_notice(error)
            note("No project was made. Change how the file is read at the left, or choose another file.")
        return
    with columns:
        subtitle("Which column is which")
        roles = draw_roles(summary)
    with choices:
        draw_layout(summary)
    with table:
        _draw_preview(summary, reading, roles)
        if roles is None:
            notice(
                "warning",
                "Choose which column holds the text and which one the label, two different ones, to go on.",
                "The choices are at the left, under “Which column is which”.",
            )
        else:
            _draw_checks(pending, summary, roles)


def _draw_preview(summary: FileSummary, reading: ReadingChoices, roles: ColumnRoles | None) -> None:
    shown = len(summary.preview)
    subtitle(f"The first {count(shown)} of {count(summary.layout.n_rows)} rows")
    frame = pd.DataFrame(summary.preview, columns=list(summary.layout.columns), dtype=object)
    st.dataframe(
        frame,
        height=216,
        column_order=_column_order(summary, roles),
        alt="The first rows of the file as they were read",
    )
    if reading.encoding is None and not summary.is_encoding_sure:
        notice(
            "warning",
            f"Are all letters right? The encoding {summary.layout.encoding} is a guess from the letters.",
            "If some look wrong above, choose another encoding under “Read it differently” at the left.",
        )
    remarks("Noticed in the file", summary.warnings)


def _column_order(summary: FileSummary, roles: ColumnRoles | None) -> list[str]:
    """Return the columns in file order; the chosen ones first where not all of them can be seen at once."""
    columns = list(summary.layout.columns)
    if roles is None or len(columns) <= COLUMNS_IN_SIGHT:
        return columns
    votes = () if roles.votes is None else (roles.votes.annotator, *roles.votes.columns)
    chosen = [roles.row_id, roles.text, *votes, *roles.label_columns]
    return list(dict.fromkeys([*(column for column in chosen if column is not None), *columns]))


def _draw_checks(pending: state.PendingFile, summary: FileSummary, roles: ColumnRoles) -> None:
    try:
        dataset = resources.kept_dataset(pending.sha256, summary.layout, roles)
    except LabelCleanError as error:
        error_notice(error)
        note("No project was made. Change how labels are written at the left, or choose another file.")
        return
    found = resources.dataset_warnings(pending.sha256, summary.layout, roles)
    warnings = [warning for warning in found if warning.code != "similar_names"]  # they come with a choice, below
    subtitle("How labels were read")
    draw_label_sample(summary, roles, dataset)
    subtitle("Checks")
    for warning in warnings:
        notice(warning.severity, warning.message, warning.fix)
    if not warnings:
        notice("success", "No empty text, no missing label, no class under 5 rows, no duplicate text.")
    merges = draw_name_choices(dataset)
    if any(warning.severity == "error" for warning in warnings):
        return
    _draw_start(pending, summary, roles, dataset, merges)


def _draw_start(
    pending: state.PendingFile,
    summary: FileSummary,
    roles: ColumnRoles,
    dataset: Dataset,
    merges: list[ReviewEvent],
) -> None:
    can_start, pred_probs, embeddings = _draw_own_models(pending, summary, roles, dataset)
    if not can_start:
        return
    if pred_probs is None and not dataset.has_label_sets:
        draw_run_estimate(resources.run_estimate(pending.sha256, summary.layout, roles))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input("Project name", value=Path(pending.file_name).stem, max_chars=200, key="upload-name")
        started = st.button(plain_markdown(_start_words(dataset)), type="primary", key="upload-start")
    if started and not name.strip():
        notice("error", "A project's name must not be blank.", "Type a name.")
    elif started:
        workspace = resources.workspace()
        project = workspace.create_project(
            name=name.strip(),
            file_name=pending.file_name,
            sha256=pending.sha256,
            n_bytes=pending.n_bytes,
            layout=summary.layout,
            roles=roles,
            pred_probs=pred_probs,
            embeddings=embeddings,
            merges=merges,
        )
        jobs.start_audit(workspace, project.id, REVIEW_CONFIG)
        state.forget("upload")
        PROBS.forget()
        EMBEDDINGS.forget()
        state.open_project(project.id)
        go_to("overview")


def _draw_own_models(
    pending: state.PendingFile, summary: FileSummary, roles: ColumnRoles, dataset: Dataset
) -> tuple[bool, PredProbsRecord | None, EmbeddingsRecord | None]:
    """Draw the parts for the user's own models, as far as labels of this kind can use them."""
    can_start, pred_probs, embeddings = True, None, None
    if dataset.votes is not None:
        return can_start, pred_probs, embeddings
    if not dataset.has_label_sets:
        can_start, pred_probs = draw_own_probs(pending.sha256, summary.layout, roles)
    if can_start and pred_probs is None:  # with probabilities, nothing is learnt from the texts
        can_start, embeddings = draw_own_embeddings(pending.sha256, summary.layout, roles)
    return can_start, pred_probs, embeddings


def _start_words(dataset: Dataset) -> str:
    rows = "rows" if dataset.records is None else "texts"
    what = "different sets" if dataset.has_label_sets else "classes"
    return f"Find label errors in {count(dataset.n_examples)} {rows} and {count(dataset.n_classes)} {what}"


if __name__ == "__main__":
    render()
