"""Upload: drop a file or name a path, see what was understood, correct it, start the analysis."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import pandas as pd
import streamlit as st

from labelclean import jobs
from labelclean.errors import LabelCleanError
from labelclean.io.layout import ColumnRoles, FileFormat, FileSummary
from labelclean.ui import resources, state
from labelclean.ui.elements import (
    count,
    error_notice,
    facts,
    note,
    notice,
    plain_markdown,
    size_of,
    subtitle,
    title,
)
from labelclean.ui.limits import is_local_server, max_upload_bytes
from labelclean.ui.navigation import go_to
from labelclean.ui.own_embeddings import EMBEDDINGS, draw_own_embeddings
from labelclean.ui.own_probs import PROBS, draw_own_probs
from labelclean.ui.run_estimate import draw_run_estimate
from labelclean.workspace import REVIEW_CONFIG

if TYPE_CHECKING:
    from typing import BinaryIO

    from labelclean.dataset import Dataset

NO_COLUMN = "— none —"
AUTOMATIC = "automatic"
DELIMITERS = {AUTOMATIC: None, "comma  ,": ",", "semicolon  ;": ";", "tab": "\t", "pipe  |": "|", "colon  :": ":"}
ENCODINGS = (
    AUTOMATIC, "utf-8", "utf-16-le", "utf-16-be", "cp1252", "iso-8859-1", "iso-8859-2", "cp1251", "koi8-r", "gb18030",
    "big5", "shift_jis", "euc_jp", "euc_kr", "cp1250", "cp1253", "cp1254", "cp1255", "cp1256",
)  # fmt: skip


def render() -> None:
    """Draw the page."""
    title(
        "Add a file",
        "A CSV, TSV or JSONL file with a text and a label in each row. It stays on this machine, byte for byte.",
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
            help="CSV with any delimiter, TSV, or JSONL (one object per line), in any usual encoding.",
        )
        if uploaded is not None:
            state.remember("upload_generation", generation + 1)
            _keep(uploaded, uploaded.name)
        if is_local_server():
            with st.form("upload-path", border=False):
                path = st.text_input(
                    "Or name a file on this machine",
                    placeholder="~/data/messages.csv",
                    help="For large files this is quicker than an upload. The file is copied; yours is not touched.",
                )
                if st.form_submit_button("Read it") and path.strip():
                    _keep_path(Path(path.strip()).expanduser(), limit)
    note(
        f"Up to {count(limit / 1e6)} MB in the browser. Nothing is sent anywhere: labelclean runs on this machine and "
        "works without the internet."
    )


def _keep_path(path: Path, limit: int) -> None:
    try:
        with path.open("rb") as stream:
            _keep(stream, path.name, limit=max(limit, path.stat().st_size))
    except IsADirectoryError:
        notice("error", "That is a folder; a file is needed.", "Name the file inside it.")
    except OSError as error:
        notice("error", f"That file cannot be read: {error.strerror}.", "Check the path and that you may read it.")


def _keep(stream: BinaryIO, name: str, *, limit: int | None = None) -> None:
    try:
        sha256, n_bytes = resources.workspace().keep_file(stream, max_bytes=limit or max_upload_bytes())
    except LabelCleanError as error:
        error_notice(error)
        return
    state.remember("upload", state.PendingFile(sha256, n_bytes, Path(name).name))
    st.rerun()


def _draw_understood(pending: state.PendingFile) -> None:
    choices, table = st.columns([2, 3], gap="large")
    with choices:
        columns = st.container()  # on top: the choice most often changed; how the file is read decides what it offers
        subtitle("What was understood")
        overrides = _draw_overrides()
    try:
        summary = resources.file_summary(pending.sha256, pending.file_name, *overrides)
    except LabelCleanError as error:
        with table:
            error_notice(error)
            note("No project was made. Change how the file is read at the left, or choose another file.")
        return
    with columns:
        roles = _draw_roles(summary)
    with choices:
        _draw_layout(summary)
    with table:
        _draw_preview(summary)
        for warning in summary.warnings:
            notice("warning", warning)
        if roles is None:
            notice(
                "warning",
                "Choose which column holds the text and which one the label, two different ones, to go on.",
                "The choices are at the left, under “Which column is which”.",
            )
        else:
            _draw_checks(pending, summary, roles)


def _draw_overrides() -> tuple[FileFormat | None, str | None, str | None]:
    with st.expander("Read it differently", key="upload-overrides"):
        file_format = st.selectbox("Format", [AUTOMATIC, *get_args(FileFormat)], key="upload-format")
        encoding = st.selectbox("Encoding", ENCODINGS, key="upload-encoding", accept_new_options=True)
        delimiter = st.selectbox("Delimiter", list(DELIMITERS), key="upload-delimiter")
    return (
        None if file_format == AUTOMATIC else file_format,
        None if encoding in {AUTOMATIC, None} else encoding,
        DELIMITERS.get(delimiter),
    )


def _draw_layout(summary: FileSummary) -> None:
    layout = summary.layout
    shown = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "pipe", ":": "colon"}
    encoding = layout.encoding + (" with byte order mark" if layout.byte_order_mark else "")
    rows = [
        ("Format", layout.file_format.upper(), summary.reasons.get("file_format", "")),
        ("Encoding", encoding, summary.reasons.get("encoding", "")),
    ]
    if layout.delimiter:
        rows.append(("Delimiter", shown.get(layout.delimiter, layout.delimiter), summary.reasons.get("delimiter", "")))
    rows.append(("Size", f"{count(layout.n_rows)} rows, {count(len(layout.columns))} columns", ""))
    facts(rows)


def _draw_roles(summary: FileSummary) -> ColumnRoles | None:
    subtitle("Which column is which")
    guesses = {guess.role: guess for guess in summary.guesses}
    text = _column_choice("Text", guesses["text"].column, guesses["text"].reason, summary, "upload-text")
    label = _column_choice("Label", guesses["label"].column, guesses["label"].reason, summary, "upload-label")
    row_id = _column_choice(
        "Row id (optional)", guesses["row_id"].column, guesses["row_id"].reason, summary, "upload-id"
    )
    if text is None or label is None or text == label:
        return None
    return ColumnRoles(text=text, label=label, row_id=row_id)


def _column_choice(name: str, guess: str | None, reason: str, summary: FileSummary, key: str) -> str | None:
    options = [NO_COLUMN, *summary.layout.columns]
    chosen = st.selectbox(name, options, index=options.index(guess) if guess in options else 0, key=key)
    if chosen == guess or (guess is None and chosen == NO_COLUMN):
        note(reason)
    return None if chosen == NO_COLUMN else chosen


def _draw_preview(summary: FileSummary) -> None:
    shown = len(summary.preview)
    subtitle(f"The first {count(shown)} of {count(summary.layout.n_rows)} rows")
    frame = pd.DataFrame(summary.preview, columns=list(summary.layout.columns), dtype=object)
    st.dataframe(frame, height=216, alt="The first rows of the file as they were read")


def _draw_checks(pending: state.PendingFile, summary: FileSummary, roles: ColumnRoles) -> None:
    try:
        dataset = resources.kept_dataset(pending.sha256, summary.layout, roles)
    except LabelCleanError as error:
        error_notice(error)
        return
    warnings = resources.dataset_warnings(pending.sha256, summary.layout, roles)
    subtitle("Checks")
    for warning in warnings:
        notice(warning.severity, warning.message, warning.fix)
    if not warnings:
        notice("success", "No empty text, no missing label, no class under 5 rows, no duplicate text.")
    if any(warning.severity == "error" for warning in warnings):
        return
    _draw_start(pending, summary, roles, dataset)


def _draw_start(pending: state.PendingFile, summary: FileSummary, roles: ColumnRoles, dataset: Dataset) -> None:
    can_start, pred_probs = draw_own_probs(pending.sha256, summary.layout, roles)
    embeddings = None
    if can_start and pred_probs is None:  # with probabilities, nothing is learnt from the texts
        can_start, embeddings = draw_own_embeddings(pending.sha256, summary.layout, roles)
    if not can_start:
        return
    if pred_probs is None:
        draw_run_estimate(resources.run_estimate(pending.sha256, summary.layout, roles))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input("Project name", value=Path(pending.file_name).stem, max_chars=200, key="upload-name")
        label = f"Find label errors in {count(dataset.n_examples)} rows and {count(dataset.n_classes)} classes"
        started = st.button(plain_markdown(label), type="primary", key="upload-start")
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
        )
        jobs.start_audit(workspace, project.id, REVIEW_CONFIG)
        state.forget("upload")
        PROBS.forget()
        EMBEDDINGS.forget()
        state.open_project(project.id)
        go_to("overview")


if __name__ == "__main__":
    render()
