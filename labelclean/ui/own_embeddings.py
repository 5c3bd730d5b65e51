"""The part of the upload page where a file of the user's own embeddings is added and shown as it was understood."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from labelclean.errors import LabelCleanError
from labelclean.store.records import EmbeddingsRecord
from labelclean.ui import resources
from labelclean.ui.elements import count, error_notice, facts, note, notice, number_of
from labelclean.ui.extra_file import ExtraFile

if TYPE_CHECKING:
    from labelclean.io.layout import ColumnRoles, FileLayout
    from labelclean.ui import state

__all__ = ["EMBEDDINGS", "draw_own_embeddings"]

EMBEDDINGS = ExtraFile(name="embeddings")


def draw_own_embeddings(
    data_sha256: str, layout: FileLayout, roles: ColumnRoles
) -> tuple[bool, EmbeddingsRecord | None]:
    """
    Draw the part, folded unless it is in use.

    Parameters
    ----------
    data_sha256 : str
        Of the kept file whose texts were embedded.
    layout, roles : FileLayout, ColumnRoles
        How to read that file.

    Returns
    -------
    tuple of bool and EmbeddingsRecord or None
        Whether the analysis can be started, and the embeddings to use, if any.
    """
    pending = EMBEDDINGS.pending
    with st.expander("Add your own embeddings (optional)", expanded=EMBEDDINGS.is_in_use, key="upload-own-embeddings"):
        if pending is not None:
            return _draw_understood(pending, data_sha256, layout, roles)
        note(
            "If you have embeddings of these texts from a model that knows their language, they are one more thing to "
            "judge the labels by, beside the words: one row of numbers for each row of the file, in the same order."
        )
        EMBEDDINGS.draw_choice(
            "Drop the embeddings here, or browse",
            types=["npy", "npz", "parquet"],
            explained="A NumPy array, or a Parquet table with a column of lists of numbers.",
            example="~/data/embeddings.npy",
        )
        return True, None


def _draw_understood(
    pending: state.PendingFile, data_sha256: str, layout: FileLayout, roles: ColumnRoles
) -> tuple[bool, EmbeddingsRecord | None]:
    EMBEDDINGS.draw_chosen(pending)
    understood = st.container()  # above the choices that decide it
    column, row_id = _draw_options(pending, roles)
    record = EmbeddingsRecord(
        sha256=pending.sha256, file_name=pending.file_name, n_bytes=pending.n_bytes, column=column, row_id=row_id
    )
    with understood:
        try:
            found = resources.own_embeddings(record, data_sha256=data_sha256, layout=layout, roles=roles)
        except LabelCleanError as error:
            error_notice(error)
            note("Nothing can be started with this file. Correct it below, or remove it.")
            return False, None
        facts([("Size", f"{count(found.n_rows)} rows, {count(found.n_dimensions)} dimensions", "")])
        if found.n_zero:
            notice(
                "warning",
                f"{number_of(found.n_zero, 'row is', 'rows are')} all zeros and judged by the words alone.",
                "Compute the embeddings again if that is not meant.",
            )
    return True, record


def _draw_options(pending: state.PendingFile, roles: ColumnRoles) -> tuple[str | None, str | None]:
    """Draw what can be said about a table; its name tells whether it is one."""
    if not pending.file_name.lower().endswith((".parquet", ".pq")):
        return None, None
    left, right = st.columns(2) if roles.row_id is not None else (st.container(), None)
    column = left.text_input(
        "Column of embeddings", placeholder="if there are several columns of lists", key="embeddings-column"
    )
    row_id = ""
    if right is not None:
        row_id = right.text_input(
            "Row id column",
            placeholder="if the rows are in another order",
            help=f"Its values are compared with those of “{roles.row_id}”, and put the rows in order.",
            key="embeddings-row-id",
        )
    return column.strip() or None, row_id.strip() or None
