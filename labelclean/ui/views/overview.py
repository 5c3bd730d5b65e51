"""Overview: how wrong the labels are, class by class, and the progress of an analysis under way."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import streamlit as st

from labelclean import jobs
from labelclean.arrays import UNLABELLED
from labelclean.errors import NotFoundError
from labelclean.review.queue_filter import QueueFilter
from labelclean.store.records import JobRecord, JobState, ProjectRecord
from labelclean.store.run_records import StoredRun
from labelclean.ui import demo_answers, resources, state
from labelclean.ui.class_table import class_table
from labelclean.ui.classes_panel import draw_classes_panel
from labelclean.ui.elements import ROW_PIXELS, count, figures, note, notice, number_of, percent, subtitle, title
from labelclean.ui.facts_tables import draw_annotators, draw_label_table
from labelclean.ui.gate import draw_no_project
from labelclean.ui.guard import guarded
from labelclean.ui.navigation import go_to
from labelclean.workspace import REVIEW_CONFIG


def render() -> None:
    """Draw the page."""
    workspace = resources.workspace()
    project = state.current_project(workspace)
    if project is None:
        draw_no_project("Overview")
        return
    job = workspace.store.latest_job(project.id)
    if job is not None:
        job = jobs.watch(workspace, job.id)
    if job is not None and job.state in {JobState.QUEUED, JobState.RUNNING}:
        _watch_job(job.id)
        return
    if job is not None and job.state is JobState.FAILED:
        notice("error", job.message or "The analysis stopped.", job.fix)
    run = resources.stored_run(project)
    if run is None:
        _draw_start(project, job)
        return
    _draw_results(project, run)


@st.fragment(run_every=1)
def _watch_job(job_id: str) -> None:
    with guarded():
        try:
            _draw_job(job_id)
        except NotFoundError:
            st.rerun()  # the project was deleted in another tab


def _draw_job(job_id: str) -> None:
    workspace = resources.workspace()
    job = jobs.watch(workspace, job_id)
    if job.state not in {JobState.QUEUED, JobState.RUNNING}:
        st.rerun()
    title("Looking for label errors", "The work goes on in the background: you may leave or reload this page.")
    st.progress(min(1.0, job.fraction), text=_progress_text(job))
    if st.button("Cancel", key="cancel-job"):
        jobs.cancel(workspace, job_id)
        st.rerun()


def _progress_text(job: JobRecord) -> str:
    seconds = jobs.seconds_left(job, datetime.now(UTC))
    if seconds is None:
        left = "estimating the time left"
    elif seconds < 90:  # noqa: PLR2004  (above that, minutes read better)
        left = f"about {max(1, round(seconds))} s left"
    else:
        left = f"about {round(seconds / 60)} min left"
    return f"{job.step or 'Starting'} · {percent(job.fraction)} · {left}"


def _draw_start(project: ProjectRecord, job: JobRecord | None) -> None:
    title("Not analysed yet", "The file is stored. Start the analysis to see its suspected label errors.")
    if job is not None and job.state is JobState.CANCELLED:
        notice("info", "The analysis was cancelled; nothing was kept of it.")
    if st.button("Find label errors", type="primary", key="start-job"):
        jobs.start_audit(resources.workspace(), project.id, REVIEW_CONFIG)
        st.rerun()


def _draw_results(project: ProjectRecord, run: StoredRun) -> None:
    head, button = st.columns([4, 1], vertical_alignment="bottom")
    with head:
        title("Overview", _lead(run, is_own=project.dataset.pred_probs is not None))
    if button.button("Review", type="primary", width="stretch", key="overview-review"):
        state.set_queue_filter(QueueFilter())
        go_to("review")
    n_unlabelled = int(np.count_nonzero(run.labels == UNLABELLED))
    items = [
        (count(run.n_examples), "rows"),
        (count(len(run.label_noise)), "labels") if run.has_label_sets else (count(len(class_table(run))), "classes"),
        _errors_figure(run),
        (percent(run.noise.label_accuracy, digits=1), f"{_labels(run)} right (estimated)"),
        (count(run.n_issues), "rows flagged for review"),
        (count(project.n_decided), "rows decided"),
    ]
    if n_unlabelled:
        items.append((count(n_unlabelled), "rows without a label"))
    figures(items)
    if run.statement:
        first, _, more = run.statement.partition(". ")
        notice("info", first if not more else f"{first}.", more)
    if run.lesson is not None:
        said = number_of(run.lesson.n_verdicts, "decision", "decisions")
        note(f"Ranking, suggestions and estimates are corrected by {said}; the review page can take that back.")
    own = project.dataset.pred_probs
    note(
        f"The estimates add up, {'row by row' if run.has_label_sets else 'class by class'}, how likely each "
        f"{'label set' if run.has_label_sets else 'label'} is wrong by "
        f"{'models that never saw its row' if own is None else 'your model'}. They say how many {_labels(run)} are "
        "wrong, not which; the flagged rows are where most of them are."
    )
    if own is not None:
        note(f"Probabilities: your own ({own.file_name}).")
    elif project.dataset.embeddings is not None:
        note(f"Judged by the words and by your own embeddings ({project.dataset.embeddings.file_name}).")
    demo_answers.draw(project, run)
    if run.has_label_sets:
        subtitle("Label by label")
        draw_label_table(run)
    else:
        _draw_class_table(run)
    draw_annotators(run)
    draw_classes_panel(project, run)
    _draw_warnings(project)


def _labels(run: StoredRun) -> str:
    return "label sets" if run.has_label_sets else "labels"


def _lead(run: StoredRun, *, is_own: bool) -> str:
    flagged = int(run.is_issue.sum())
    if not flagged:
        return "No label stands out as wrong. The noise page shows what is left."
    return (
        f"{count(flagged)} {_labels(run)} look wrong, judged by "
        f"{_judges(run, is_own=is_own)}. "
        "A person decides each; nothing is changed on its own."
    )


def _judges(run: StoredRun, *, is_own: bool) -> str:
    if is_own:
        return "your own probabilities"
    models = "models that never saw the row they judge"
    return f"what all annotators say and {models}" if run.annotators else models


def _errors_figure(run: StoredRun) -> tuple[str, str]:
    """Return the estimated number of wrong labels, with its interval where there is one."""
    n_errors, interval = count(run.noise.n_label_errors), run.n_errors_interval
    if interval is None:
        return n_errors, "wrong label sets (estimated)" if run.has_label_sets else "label errors (estimated)"
    low, high = interval
    return f"about {n_errors}", f"wrong labels ({count(low)}–{count(high)}, estimated)"


def _draw_class_table(run: StoredRun) -> None:
    subtitle("Class by class")
    note("Select a row to review the flagged rows given that class.")
    table = class_table(run)
    event = st.dataframe(
        table,
        hide_index=True,
        key="class-table",
        on_select="rerun",
        selection_mode="single-row",
        height=min(ROW_PIXELS * (len(table) + 1) + 2, 460),
        alt="One line per class: rows given, estimated errors, most often confused with",
        column_config={
            "Rows given": st.column_config.NumberColumn(format="localized"),
            "Estimated errors": st.column_config.NumberColumn(
                format="localized", help="Rows given this class that are estimated to be of another."
            ),
            "Share wrong": st.column_config.ProgressColumn(
                format="%.0f %%",
                min_value=0,
                max_value=100,
                color="orange",
                help="Estimated errors as a share of the rows given this class.",
            ),
            "Flagged": st.column_config.NumberColumn(format="localized", help="Rows in the review queue."),
            "Most often confused with": st.column_config.TextColumn(
                help="The class that most of its wrong labels are estimated to belong to."
            ),
        },
    )
    selected = event["selection"]["rows"]
    if selected:
        code = int(table.attrs["codes"][selected[0]])
        state.set_queue_filter(QueueFilter(given=run.class_names[code]))
        go_to("review")


def _draw_warnings(project: ProjectRecord) -> None:
    record = project.dataset
    warnings = resources.dataset_warnings(record.sha256, record.layout, record.roles)
    # Names that look alike have a part of their own, with what can be done about them.
    said = [(warning.message, warning.fix) for warning in warnings if warning.code != "similar_names"]
    if record.pred_probs is not None:
        said = [*record.pred_probs.findings, *said]
    if not said:
        return
    subtitle("Also worth knowing")
    for message, fix in said:
        notice("warning", message, fix)


if __name__ == "__main__":
    render()
