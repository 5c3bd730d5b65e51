"""For the demo alone: how many of the errors planted in it were found."""

from __future__ import annotations

from labelclean.demos import planted_ids
from labelclean.store.records import ProjectRecord
from labelclean.store.run_records import StoredRun
from labelclean.ui import resources
from labelclean.ui.elements import count, notice

__all__ = ["draw"]


def draw(project: ProjectRecord, run: StoredRun) -> None:
    """Say how many of the planted errors the queue holds, if this is a demo project."""
    if not project.is_demo:
        return
    row_ids = resources.dataset(project).row_ids or ()
    answers = planted_ids(project.dataset.file_name)
    planted = {row for row, row_id in enumerate(row_ids) if row_id in answers}
    if not planted:
        return
    head = run.ranked_rows[: max(1, round(0.15 * len(run.ranked_rows)))]
    flagged = sum(bool(run.is_issue[row]) for row in planted)
    early = len(planted.intersection(head.tolist()))
    wrong = "label sets were made wrong on purpose" if run.has_label_sets else "wrong labels were planted in it"
    notice(
        "info",
        f"This is a demo: {count(len(planted))} {wrong}. {count(flagged)} of them are flagged, "
        f"{count(early)} are among the first 15 % of the queue.",
        "Your own file has no such answers; here you can see how far to trust the suggestions.",
    )
