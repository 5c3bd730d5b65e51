"""The table of label cells that will change."""

from __future__ import annotations

from datetime import UTC, datetime

from labelclean.arrays import Label
from labelclean.export import CellChange
from labelclean.review.decisions import Verdict
from labelclean.ui.changes_table import changes_table


def change(row: int, old: Label | None, new: Label | None, *, row_id: str | None = None, note: str = "") -> CellChange:
    """Return one correction."""
    return CellChange(
        row=row,
        row_id=row_id,
        old=old,
        new=new,
        verdict=Verdict.ACCEPT,
        reviewer="Ada",
        decided_at=datetime(2026, 1, 1, tzinfo=UTC),
        seconds_spent=1.0,
        error_probability=0.5,
        note=note,
    )


def test_a_number_and_its_text_stand_under_different_names() -> None:
    """The text is quoted where a number of the same spelling is there too."""
    table = changes_table([change(3, 1, "1"), change(4, None, 1)])

    assert table["Old label"].tolist() == ["1", ""]
    assert table["New label"].tolist() == ['"1"', "1"]


def test_ids_and_notes_have_a_column_only_where_there_are_any() -> None:
    """Empty columns would only take room."""
    bare = changes_table([change(0, "a", "b")])
    full = changes_table([change(0, "a", "b"), change(1, "a", "b", row_id="m1", note="sure")])

    assert list(bare.columns) == ["Row", "Old label", "New label", "Reviewer"]
    assert full["Id"].tolist() == ["", "m1"]
    assert full["Note"].tolist() == ["", "sure"]
