"""The table of the export page: which label cells will change; no Streamlit."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from labelclean.arrays import Label
from labelclean.export import CellChange
from labelclean.review.label_names import LabelNames

__all__ = ["changes_table"]


def changes_table(changes: Sequence[CellChange]) -> pd.DataFrame:
    """
    Return one line per label cell that will change.

    Labels stand under names that tell ``1`` from ``"1"``; an empty cell stays empty. Ids and notes have a column only
    where there are any.
    """
    labels = [label for change in changes for label in (change.old, change.new) if label is not None]
    names = LabelNames.of((), labels)

    def name(label: Label | None) -> str:
        return "" if label is None else names.token(label)

    columns: dict[str, list[object]] = {"Row": [change.row for change in changes]}
    if any(change.row_id for change in changes):
        columns["Id"] = [change.row_id or "" for change in changes]
    columns["Old label"] = [name(change.old) for change in changes]
    columns["New label"] = [name(change.new) for change in changes]
    columns["Reviewer"] = [change.reviewer for change in changes]
    if any(change.note for change in changes):
        columns["Note"] = [change.note for change in changes]
    return pd.DataFrame(columns)
