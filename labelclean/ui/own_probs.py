"""The part of the upload page where a file of the user's own probabilities is added and shown as it was understood."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from labelclean.errors import LabelCleanError
from labelclean.store.records import PredProbsRecord
from labelclean.ui import resources, state
from labelclean.ui.elements import count, error_notice, facts, note, notice, size_of
from labelclean.ui.limits import is_local_server, max_upload_bytes

if TYPE_CHECKING:
    from typing import BinaryIO

    from labelclean.io.layout import ColumnRoles, FileLayout

__all__ = ["discard_pending", "draw_own_probs", "forget_pending"]

_PENDING = "upload_probs"
_IN_USE = "upload_probs_in_use"  # once a file was added, the part stays open for the next one
_CLASSES = "probs-classes"
_GENERATION = "upload_probs_generation"
_TYPES = ["npy", "npz", "parquet", "csv"]
_FORMATS = {"npy": "NumPy array", "npz": "NumPy archive", "parquet": "Parquet", "csv": "CSV"}


def draw_own_probs(data_sha256: str, layout: FileLayout, roles: ColumnRoles) -> tuple[bool, PredProbsRecord | None]:
    """
    Draw the part, folded unless it is in use.

    Parameters
    ----------
    data_sha256 : str
        Of the kept file the probabilities are about.
    layout, roles : FileLayout, ColumnRoles
        How to read that file.

    Returns
    -------
    tuple of bool and PredProbsRecord or None
        Whether the analysis can be started, and the probabilities to use, if any.
    """
    pending = state.recall(_PENDING, state.PendingFile)
    with st.expander(
        "Use your own model's probabilities (optional)",
        expanded=state.recall(_IN_USE, bool) is not None,
        key="upload-own-probs",
    ):
        if pending is None:
            _draw_choose()
            return True, None
        return _draw_understood(pending, data_sha256, layout, roles)


def discard_pending() -> None:
    """Forget a file of probabilities that became part of no project, and remove the copy."""
    _remove()
    forget_pending()


def forget_pending() -> None:
    """Forget the file, which belongs to a project now."""
    state.forget(_PENDING)
    state.forget(_IN_USE)


def _remove() -> None:
    pending = state.recall(_PENDING, state.PendingFile)
    if pending is not None:
        state.forget(_PENDING)
        resources.workspace().discard_file(pending.sha256)


def _draw_choose() -> None:
    note(
        "Without a file, labelclean trains a model of its own. If you have a better one, add its held-out "
        "probabilities, such as those of a cross-validation: one row for each row of the file, in the same order, "
        "and one column for each class."
    )
    generation = state.recall(_GENERATION, int) or 0
    uploaded = st.file_uploader(
        "Drop the probabilities here, or browse",
        type=_TYPES,
        key=f"probs-uploader-{generation}",
        max_upload_size=max_upload_bytes() // 1_000_000,
        help="A NumPy array, or a Parquet or CSV table with one numeric column per class, named like the class. "
        "Other columns are left out.",
    )
    if uploaded is not None:
        state.remember(_GENERATION, generation + 1)
        _keep(uploaded, uploaded.name, max_upload_bytes())
    if is_local_server():
        with st.form("probs-path", border=False):
            path = st.text_input(
                "Or name a file on this machine", placeholder="~/data/probabilities.npy", key="probs-path-text"
            )
            if st.form_submit_button("Read it", key="probs-path-read") and path.strip():
                _keep_path(Path(path.strip()).expanduser())


def _keep_path(path: Path) -> None:
    try:
        with path.open("rb") as stream:
            _keep(stream, path.name, max(max_upload_bytes(), path.stat().st_size))
    except IsADirectoryError:
        notice("error", "That is a folder; a file is needed.", "Name the file inside it.")
    except OSError as error:
        notice("error", f"That file cannot be read: {error.strerror}.", "Check the path and that you may read it.")


def _keep(stream: BinaryIO, name: str, limit: int) -> None:
    try:
        sha256, n_bytes = resources.workspace().keep_file(stream, max_bytes=limit)
    except LabelCleanError as error:
        error_notice(error)
        return
    state.remember(_PENDING, state.PendingFile(sha256, n_bytes, Path(name).name))
    state.remember(_IN_USE, value=True)
    st.rerun()


def _draw_understood(
    pending: state.PendingFile, data_sha256: str, layout: FileLayout, roles: ColumnRoles
) -> tuple[bool, PredProbsRecord | None]:
    with st.container(horizontal=True, vertical_alignment="center"):
        name = f'<bdi class="lc-project-name">{escape(pending.file_name)}</bdi>'
        st.html(f'{name} <span class="lc-meta">{size_of(pending.n_bytes)}</span>', width="content")
        if st.button("Remove", key="probs-remove"):
            _remove()
            st.rerun()
    understood = st.container()  # above the choices that decide it
    names, row_id = _draw_options(pending, roles)
    with understood:
        try:
            found = resources.own_probs(
                pending.sha256, names=names, row_id=row_id, data_sha256=data_sha256, layout=layout, roles=roles
            )
        except LabelCleanError as error:
            error_notice(error)
            note("Nothing can be started with this file. Correct it below, or remove it.")
            return False, None
        _draw_facts(found)
    return True, PredProbsRecord(
        sha256=pending.sha256,
        file_name=pending.file_name,
        n_bytes=pending.n_bytes,
        class_names=found.class_names,
        row_id=row_id,
        findings=found.findings,
    )


def _draw_facts(found: resources.OwnProbsSummary) -> None:
    facts(
        [
            ("Format", _FORMATS[found.file_format], found.reasons.get("file_format", "")),
            ("Size", f"{count(found.shape[0])} rows, {count(found.shape[1])} classes, {found.dtype}", ""),
            *(
                (heading, said, "")
                for heading, topic in (("Columns", "columns"), ("Rows", "row_order"), ("Classes", "class_order"))
                if (said := found.reasons.get(topic))
            ),
        ]
    )
    for message, fix in found.findings:
        notice("warning", message, fix)
    if found.better_order:
        order = json.dumps(found.better_order, ensure_ascii=False)
        st.button("Use the order that fits", key="probs-reorder", on_click=state.fill, args=(_CLASSES, order))
    if not found.findings:
        notice("success", "The rows sum to 1, the classes fit the labels, and the model seems not to know these rows.")


def _draw_options(pending: state.PendingFile, roles: ColumnRoles) -> tuple[str | None, str | None]:
    """Draw what can be said about the file; its name tells whether it is a table."""
    is_table = not pending.file_name.lower().endswith((".npy", ".npz"))
    has_ids = is_table and roles.row_id is not None
    left, right = st.columns(2) if has_ids else (st.container(), None)
    names = left.text_input(
        "Classes in column order",
        placeholder="if no column is named like a class" if is_table else "billing, refund, …",
        help="With commas between, or as a JSON list. Without it the sorted order of the labels is assumed.",
        key=_CLASSES,
    )
    row_id = ""
    if right is not None:
        row_id = right.text_input(
            "Row id column",
            placeholder="if the rows are in another order",
            help=f"Its values are compared with those of “{roles.row_id}”, and put the rows in order.",
            key="probs-row-id",
        )
    return names.strip() or None, row_id.strip() or None
