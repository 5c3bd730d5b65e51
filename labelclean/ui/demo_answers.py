"""For the demo alone: how many of the errors planted in it were found."""

from __future__ import annotations

import csv
from functools import cache

from labelclean.home import asset_path
from labelclean.store.records import ProjectRecord
from labelclean.store.run_records import StoredRun
from labelclean.ui import resources
from labelclean.ui.elements import count, notice

__all__ = ["draw"]


def draw(project: ProjectRecord, run: StoredRun) -> None:
    """Say how many of the planted errors the queue holds, if this is the demo project."""
    if not project.is_demo:
        return
    row_ids = resources.dataset(project).row_ids or ()
    planted = {row for row, row_id in enumerate(row_ids) if row_id in _planted_ids()}
    if not planted:
        return
    head = run.ranked_rows[: max(1, round(0.15 * len(run.ranked_rows)))]
    flagged = sum(bool(run.is_issue[row]) for row in planted)
    early = len(planted.intersection(head.tolist()))
    notice(
        "info",
        f"This is a demo: {count(len(planted))} wrong labels were planted in it. {count(flagged)} of them are flagged, "
        f"{count(early)} are among the first 15 % of the queue.",
        "Your own file has no such answers; here you can see how far to trust the suggestions.",
    )


@cache
def _planted_ids() -> frozenset[str]:
    with asset_path("demo/support_messages_answers.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(line["id"] for line in csv.DictReader(file))
