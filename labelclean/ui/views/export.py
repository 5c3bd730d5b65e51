"""Export: what will change, then the corrected file, the change log and the report."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path, PurePath
from typing import Literal

import streamlit as st

from labelclean.export import (
    CellChange,
    ReportFacts,
    change_log_csv,
    change_log_jsonl,
    html_report,
    planned_changes,
    write_corrected_file,
)
from labelclean.export.label_words import label_text
from labelclean.review.decisions import ReviewEvent, Verdict, current_decisions
from labelclean.store.records import ProjectRecord
from labelclean.store.run_records import StoredRun
from labelclean.ui import resources
from labelclean.ui.changes_table import changes_table
from labelclean.ui.elements import (
    ROW_PIXELS,
    count,
    figures,
    heading,
    note,
    notice,
    number_of,
    subtitle,
    title,
)
from labelclean.ui.gate import project_with_results

PAGE_ROWS = 1_000
LABEL_COLUMN = st.column_config.TextColumn(width="medium")


def render() -> None:
    """Draw the page."""
    opened = project_with_results("Export")
    if opened is None:
        return
    project, run = opened
    decisions = current_decisions(resources.workspace().store.load_events(project.id))
    changes = planned_changes(resources.dataset(project), decisions)
    corrections = [change for change in changes if change.is_correction]
    excluded = sum(change.verdict is Verdict.EXCLUDE for change in changes)
    title(
        "Export",
        "The file comes back byte for byte as it was, with only the corrected label cells changed.",
    )
    _draw_figures(changes, corrections, excluded)
    downloads, listing = st.columns([2, 3], gap="large")
    with downloads:
        _draw_downloads(project, run, decisions, changes, excluded)
    with listing:
        _draw_list(corrections)


def _draw_figures(changes: list[CellChange], corrections: list[CellChange], excluded: int) -> None:
    open_cases = sum(change.verdict in {Verdict.UNSURE, Verdict.AMBIGUOUS} for change in changes)
    figures(
        [
            (count(len(corrections)), "label cells will change"),
            (count(len(changes)), "rows decided"),
            (count(excluded), "rows excluded"),
            (count(open_cases), "unsure or ambiguous (their label stays)"),
        ]
    )


def _draw_downloads(
    project: ProjectRecord,
    run: StoredRun,
    decisions: dict[int, ReviewEvent],
    changes: list[CellChange],
    excluded: int,
) -> None:
    file_name = PurePath(project.dataset.file_name)
    with st.container(key="card-corrected"):
        _draw_corrected_file(project, decisions, changes, excluded)
    with st.container(key="card-log"):
        heading("Change log")
        note("Every decision: row, id, labels, verdict, reviewer, time, seconds, error probability, note, text hash.")
        left, right = st.columns(2)
        with left:
            _download("CSV", lambda: change_log_csv(changes), f"{file_name.stem}.changes.csv", "text/csv")
        with right:
            kind = "application/x-ndjson"
            _download("JSONL", lambda: change_log_jsonl(changes), f"{file_name.stem}.changes.jsonl", kind)
        note("“labelclean apply” replays it on the file.")
    with st.container(key="card-report"):
        heading("Report")
        facts = _facts(project, run)
        _download(
            "Download the report", lambda: html_report(facts, changes), f"{file_name.stem}.report.html", "text/html"
        )
        note("One page to print or send: the figures, the decisions and every change.")


def _draw_corrected_file(
    project: ProjectRecord, decisions: dict[int, ReviewEvent], changes: list[CellChange], excluded: int
) -> None:
    file_name = PurePath(project.dataset.file_name)
    source = resources.workspace().home.dataset_path(project.dataset.sha256)
    heading("Corrected file")
    unwritable = _first_unwritable(project, [change for change in changes if change.is_correction])
    if unwritable is not None:
        notice(
            "error",
            f"The new label of row {count(unwritable.row)} cannot be written in {project.dataset.layout.encoding}.",
            "Choose another label for that row, or convert the file to UTF-8 and add it again.",
        )
    drop = st.checkbox(
        f"Leave out {number_of(excluded, 'excluded row', 'excluded rows')}",
        disabled=not excluded,
        key="export-drop",
        help="Off: excluded rows stay in the file as they were.",
    )
    _download(
        "Download the corrected file",
        lambda: _corrected(source, project, decisions, drop=drop and excluded > 0),
        f"{file_name.stem}.corrected{file_name.suffix}",
        "application/octet-stream",
        kind="primary",
        disabled=unwritable is not None,
    )
    note("Without corrections it is the identical file.")


def _download(
    label: str,
    make: Callable[[], bytes | str | BytesIO],
    file_name: str,
    mime: str,
    *,
    kind: Literal["primary", "secondary"] = "secondary",
    disabled: bool = False,
) -> None:
    """Draw a button; the file is made when it is pressed."""
    st.download_button(
        label,
        data=make,
        file_name=file_name,
        mime=mime,
        type=kind,
        width="stretch",
        on_click="ignore",
        disabled=disabled,
        key=f"export-{file_name}",
    )


def _corrected(source: Path, project: ProjectRecord, decisions: dict[int, ReviewEvent], *, drop: bool) -> BytesIO:
    """Write the file; runs outside the page, when the button is pressed."""
    target = BytesIO()
    record = project.dataset
    write_corrected_file(source, target, record.layout, record.roles, decisions, drop_excluded=drop)
    target.seek(0)
    return target


def _first_unwritable(project: ProjectRecord, corrections: list[CellChange]) -> CellChange | None:
    """Return the first change that the file's encoding cannot hold, so that it is said before the download fails."""
    encoding = project.dataset.layout.encoding
    for change in corrections:
        try:
            label_text(change.new).encode(encoding)
        except UnicodeEncodeError:
            return change
    return None


def _facts(project: ProjectRecord, run: StoredRun) -> ReportFacts:
    own = project.dataset.pred_probs
    return ReportFacts(
        project_name=project.name,
        file_name=project.dataset.file_name,
        made_at=datetime.now().astimezone(),
        n_rows=run.n_examples,
        n_unlabelled=run.n_examples - run.noise.n_labelled,
        n_classes=len(run.class_names),
        n_label_errors=run.noise.n_label_errors,
        label_accuracy=run.noise.label_accuracy,
        pred_probs_name=None if own is None else own.file_name,
    )


def _draw_list(corrections: list[CellChange]) -> None:
    subtitle("What will change")
    if not corrections:
        notice("info", "No label changes yet.", "Accept or choose labels on the Review page; they appear here.")
        return
    page = 1
    n_pages = -(-len(corrections) // PAGE_ROWS)
    if n_pages > 1:
        page = st.pagination(n_pages, key="export-page")
    shown = corrections[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]
    frame = changes_table(shown)
    st.dataframe(
        frame,
        hide_index=True,
        column_config={"Old label": LABEL_COLUMN, "New label": LABEL_COLUMN},
        height=min(ROW_PIXELS * (len(frame) + 1) + 2, 460),
        alt="The label cells that will change, one line each",
    )


if __name__ == "__main__":
    render()
