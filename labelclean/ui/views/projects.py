"""Projects: what there is, how far each has come, and rename or delete."""

from __future__ import annotations

from html import escape

import streamlit as st

from labelclean import jobs
from labelclean.demos import LABEL_SET_DEMO
from labelclean.review.queue_filter import QueueFilter
from labelclean.store.records import ProjectRecord
from labelclean.ui import resources, state
from labelclean.ui.elements import count, empty_state, note, notice, number_of, plain_markdown, steps, title
from labelclean.ui.guard import guarded
from labelclean.ui.navigation import go_to
from labelclean.workspace import REVIEW_CONFIG

STEPS = (
    (
        "Add a file",
        "CSV, JSON, Parquet, Excel and more, with a text and its label or labels in each row. You see how it was read.",
    ),
    (
        "See where labels go wrong",
        "Overview and Noise estimate how many are wrong, and which class is taken for which.",
    ),
    ("Decide with one key", "Each suspect is one card: accept, keep, another class. Nothing changes without you."),
    (
        "Take your file back",
        "The same file byte for byte, only the corrected labels changed, with a log of every decision.",
    ),
)


def render() -> None:
    """Draw the page."""
    workspace = resources.workspace()
    projects = workspace.store.list_projects()
    head, button = st.columns([4, 1], vertical_alignment="bottom")
    with head:
        title("Projects", "Each project is one file. Its decisions are stored the moment you make them.")
    if button.button("Add a file", type="primary", width="stretch", key="projects-add"):
        go_to("upload")
    if not projects:
        empty_state(
            "No project yet",
            "Add a file with a text and its label or labels in each row: CSV, JSON, Parquet, Excel and more. "
            "Everything stays on this machine.",
        )
        return
    for project in projects:
        _draw_project(project)
    if all(project.is_demo for project in projects):
        _offer_label_sets(projects)
        steps(STEPS)


def _offer_label_sets(projects: list[ProjectRecord]) -> None:
    """Offer the demo whose texts have several labels, which not everybody needs."""
    if any(project.dataset.file_name == LABEL_SET_DEMO.file_name for project in projects):
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        note(f"Several labels in a row? A demo has {LABEL_SET_DEMO.about}.")
        if st.button("Add that demo", key="projects-add-demo", type="tertiary"):
            workspace = resources.workspace()
            demo = workspace.add_demo(LABEL_SET_DEMO)
            jobs.start_audit(workspace, demo.id, REVIEW_CONFIG)
            state.open_project(demo.id)
            go_to("overview")


def _draw_project(project: ProjectRecord) -> None:
    with st.container(key=f"card-{project.id}"):
        about, actions = st.columns([5, 3], vertical_alignment="center")
        about.html(_about_html(project))
        with actions, st.container(horizontal=True, horizontal_alignment="right"):
            if st.button(_main_action(project), type="primary", key=f"open-{project.id}"):
                state.open_project(project.id, queue=_left_queue(project))
                go_to("review" if project.has_run else "overview")
            if st.button("Rename", key=f"rename-{project.id}"):
                _rename_dialog(project)
            if st.button("Delete", key=f"delete-{project.id}"):
                _delete_dialog(project)


def _left_queue(project: ProjectRecord) -> QueueFilter | None:
    """Return the queue that was on screen last."""
    params = project.bookmark.get("filter")
    if not isinstance(params, dict):
        return None
    return QueueFilter.from_params({str(name): str(value) for name, value in params.items()})


def _main_action(project: ProjectRecord) -> str:
    if not project.has_run:
        return "Open"
    return "Continue reviewing" if project.n_decided else "Review"


def _about_html(project: ProjectRecord) -> str:
    rows = f"{count(project.dataset.layout.n_rows)} rows"
    bar = ""
    if project.n_issues is None:
        progress = "analysis under way" if _is_running(project) else "not analysed yet"
    else:
        progress = f"{count(project.n_issues)} likely errors · {count(project.n_decided)} decided"
        share = min(1.0, project.n_decided / project.n_issues) if project.n_issues else 1.0
        bar = (
            f'<div class="lc-bar" role="img" aria-label="{share:.0%} decided">'
            f'<i style="width:{100 * share:.1f}%"></i></div>'
        )
    demo = " · demo" if project.is_demo else ""
    changed = f"changed {project.updated_at.astimezone():%Y-%m-%d %H:%M}"
    return (
        f'<bdi class="lc-project-name">{escape(project.name)}</bdi>'
        f'<div class="lc-meta"><bdi>{escape(project.dataset.file_name)}</bdi> · {rows} · {progress}{demo} · {changed}'
        f"</div>{bar}"
    )


def _is_running(project: ProjectRecord) -> bool:
    job = resources.workspace().store.latest_job(project.id)
    return job is not None and not jobs.watch(resources.workspace(), job.id).is_finished


@st.dialog("Rename the project")
def _rename_dialog(project: ProjectRecord) -> None:
    # A form: Enter saves, and a press on the button counts while the cursor is still in the field.
    with guarded(), st.form("rename", border=False, enter_to_submit=True):
        name = st.text_input("Name", value=project.name, max_chars=200, key="rename-name")
        if st.form_submit_button("Save", type="primary", key="rename-save"):
            resources.workspace().store.rename_project(project.id, name)
            st.rerun()


@st.dialog("Delete the project?")
def _delete_dialog(project: ProjectRecord) -> None:
    with guarded():
        _draw_delete(project)


def _draw_delete(project: ProjectRecord) -> None:
    st.markdown(f"**{plain_markdown(project.name)}**")
    notice(
        "warning",
        f"Its results and its {number_of(project.n_decided, 'decision', 'decisions')} are deleted for good.",
        "Export the change log first if you want to keep them. Your own file is not touched.",
    )
    with st.container(horizontal=True):
        if st.button("Delete for good", type="primary", key="delete-yes"):
            workspace = resources.workspace()
            job = workspace.store.latest_job(project.id)
            if job is not None and not job.is_finished:
                jobs.cancel(workspace, job.id)
            workspace.delete_project(project.id)
            state.close_project(project.id)
            st.rerun()
        if st.button("Keep it", key="delete-no"):
            st.rerun()
    note("labelclean's own copy of the file goes too, unless another project uses it.")


if __name__ == "__main__":
    render()
