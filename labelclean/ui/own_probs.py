"""The part of the upload page where a file of the user's own probabilities is added and shown as it was understood."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import streamlit as st

from labelclean.errors import LabelCleanError
from labelclean.store.records import PredProbsRecord
from labelclean.ui import resources, state
from labelclean.ui.elements import count, error_notice, facts, note, notice
from labelclean.ui.extra_file import ExtraFile

if TYPE_CHECKING:
    from labelclean.io.layout import ColumnRoles, FileLayout

__all__ = ["PROBS", "draw_own_probs"]

PROBS = ExtraFile(name="probs")

_CLASSES = "probs-classes"
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
    pending = PROBS.pending
    with st.expander(
        "Use your own model's probabilities (optional)",
        expanded=PROBS.is_in_use,
        key="upload-own-probs",
    ):
        if pending is None:
            _draw_choose()
            return True, None
        return _draw_understood(pending, data_sha256, layout, roles)


def _draw_choose() -> None:
    note(
        "Without a file, labelclean trains a model of its own. If you have a better one, add its held-out "
        "probabilities, such as those of a cross-validation: one row for each row of the file, in the same order, "
        "and one column for each class."
    )
    PROBS.draw_choice(
        "Drop the probabilities here, or browse",
        types=["npy", "npz", "parquet", "csv"],
        explained="A NumPy array, or a Parquet or CSV table with one numeric column per class, named like the class. "
        "Other columns are left out.",
        example="~/data/probabilities.npy",
    )


def _draw_understood(
    pending: state.PendingFile, data_sha256: str, layout: FileLayout, roles: ColumnRoles
) -> tuple[bool, PredProbsRecord | None]:
    PROBS.draw_chosen(pending)
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
