"""Export: what will change, then the corrected file, the change log and the report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path, PurePath
from typing import Literal

import streamlit as st

from labelclean.errors import LabelCleanError
from labelclean.export import (
    CellChange,
    change_log_csv,
    change_log_jsonl,
    planned_changes,
    write_corrected_file,
)
from labelclean.io.layout import ColumnRoles
from labelclean.label_set import LabelSet
from labelclean.review.decisions import ReviewEvent, Verdict, corrected_labels, current_decisions
from labelclean.review.merging import decisions_with_merges
from labelclean.store.records import ProjectRecord
from labelclean.store.run_records import StoredRun
from labelclean.ui import resources
from labelclean.ui.changes_table import changes_table
from labelclean.ui.corrected_name import corrected_name, first_unwritable, mime_type, promise
from labelclean.ui.elements import (
    ROW_PIXELS,
    count,
    error_notice,
    figures,
    heading,
    note,
    notice,
    number_of,
    subtitle,
    title,
)
from labelclean.ui.gate import project_with_results
from labelclean.ui.report_download import draw_report_download
from labelclean.ui.row_links import open_selected

PAGE_ROWS = 1_000
FORMULAS = (
    "A label such as =1+1, which a spreadsheet would run, stands in the corrected file as it is in yours. In the "
    "change log such a cell gets an apostrophe in front, and the report shows it as text."
)
LABEL_COLUMN = st.column_config.TextColumn(width="medium")


def render() -> None:
    """Draw the page."""
    opened = project_with_results("Export")
    if opened is None:
        return
    project, run = opened
    dataset = resources.dataset(project)
    decided = current_decisions(resources.workspace().store.load_events(project.id))
    decisions = decisions_with_merges(decided, resources.merges(project), dataset)
    changes = planned_changes(dataset, decisions)
    corrections = [change for change in changes if change.is_correction]
    excluded = sum(change.verdict is Verdict.EXCLUDE for change in changes)
    title("Export", promise(project.dataset.layout))
    _draw_figures(len(decided), changes, corrections)
    downloads, listing = st.columns([2, 3], gap="large")
    with downloads:
        _draw_downloads(project, run, decisions, changes, excluded)
    with listing:
        _draw_list(corrections)


def _draw_figures(n_decided: int, changes: list[CellChange], corrections: list[CellChange]) -> None:
    open_cases = sum(change.verdict in {Verdict.UNSURE, Verdict.AMBIGUOUS} for change in changes)
    excluded = sum(change.verdict is Verdict.EXCLUDE for change in changes)
    figures(
        [
            (count(len(corrections)), "label cells will change"),
            (count(n_decided), "rows decided"),
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
        note(FORMULAS)
    with st.container(key="card-report"):
        heading("Report")
        draw_report_download(project, run, key="export-report", words="Download the report")
        note(
            "One page to print or send: figures, heat map, statistics, changes, and a certificate of what was changed."
        )


def _draw_corrected_file(
    project: ProjectRecord, decisions: dict[int, ReviewEvent], changes: list[CellChange], excluded: int
) -> None:
    source = resources.workspace().home.dataset_path(project.dataset.sha256)
    heading("Corrected file")
    layout, votes = project.dataset.layout, project.dataset.roles.votes
    unwritable = first_unwritable(layout, changes)
    as_utf8 = False
    if unwritable is not None:
        notice(
            "warning",
            f"The new label of row {count(unwritable.row)} cannot be written in {layout.encoding}.",
            "Write the whole file as UTF-8, or choose another label for that row.",
        )
        as_utf8 = st.checkbox("Write the file as UTF-8", key="export-utf8", help="Every text stays what it is.")
    if votes is not None:
        note(
            f"Corrections go to the column “{votes.consensus}”"
            f"{'' if votes.consensus in layout.columns else ', which is added'}; the annotators' own labels stay."
        )
    roles = project.dataset.roles
    problem = resources.spelling_problem(project, corrected_labels(decisions), roles)
    if problem is not None and roles.spelling.kind == "joined":
        roles, problem = _with_empty_set(project, decisions, problem)
    if problem is not None:
        error_notice(problem)
    drop = st.checkbox(
        f"Leave out {number_of(excluded, 'excluded row', 'excluded rows')}",
        disabled=not excluded,
        key="export-drop",
        help="Off: excluded rows stay in the file as they were.",
    )
    _download(
        "Download the corrected file",
        lambda: _corrected(
            source, project, roles, decisions, drop=drop and excluded > 0, encoding="utf-8" if as_utf8 else None
        ),
        corrected_name(project.dataset.file_name),
        mime_type(layout),
        kind="primary",
        disabled=problem is not None or (unwritable is not None and not as_utf8),
    )
    if layout.file_format == "arrow":
        note("A zip archive of the folder; unpack it and load it with datasets.load_from_disk.")
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


def _with_empty_set(
    project: ProjectRecord, decisions: dict[int, ReviewEvent], problem: LabelCleanError
) -> tuple[ColumnRoles, LabelCleanError | None]:
    """Offer to spell sets without labels where the file has no cell that does; return how, and what is still wrong."""
    roles = project.dataset.roles
    separator, labels = roles.spelling.separator, corrected_labels(decisions)
    n_empty = sum(isinstance(label, LabelSet) and not len(label) for label in labels.values())
    if not n_empty:
        return roles, problem
    notice(
        "warning",
        f"{number_of(n_empty, 'row is', 'rows are')} decided to have no label, and no cell of the file says that.",
        "An empty cell would read as “nobody looked yet”.",
    )
    if not st.checkbox(
        f"Write “{separator}” for no label",
        value=True,
        key="export-empty-set",
        help="A lone separator: labelclean reads it back as a set without labels. "
        "Off: change these rows first; the file cannot be written meanwhile.",
    ):
        return roles, problem
    spelt = replace(roles, spelling=replace(roles.spelling, empty_set=separator))
    return spelt, resources.spelling_problem(project, labels, spelt)


def _corrected(
    source: Path,
    project: ProjectRecord,
    roles: ColumnRoles,
    decisions: dict[int, ReviewEvent],
    *,
    drop: bool,
    encoding: str | None,
) -> BytesIO:
    """Write the file; runs outside the page, when the button is pressed."""
    target = BytesIO()
    record = project.dataset
    write_corrected_file(source, target, record.layout, roles, decisions, drop_excluded=drop, encoding=encoding)
    target.seek(0)
    return target


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
    note("Select a line to open that row on its card.")
    event = st.dataframe(
        frame,
        hide_index=True,
        key=f"export-changes-{page}",
        on_select="rerun",
        selection_mode="single-row",
        column_config={"Old label": LABEL_COLUMN, "New label": LABEL_COLUMN},
        height=min(ROW_PIXELS * (len(frame) + 1) + 2, 460),
        alt="The label cells that will change, one line each",
    )
    open_selected([change.row for change in shown], event["selection"]["rows"], back="export")


if __name__ == "__main__":
    render()
