"""The review desk of a browser session: kept until its project has other results or other names."""

from __future__ import annotations

from labelclean.errors import NotFoundError
from labelclean.review.merging import names_gone
from labelclean.store.records import ProjectRecord
from labelclean.ui import resources, state
from labelclean.ui.desk import Desk
from labelclean.ui.resource_queues import queue_sources

__all__ = ["desk"]


def desk(project: ProjectRecord) -> Desk:
    """Return this session's review desk for a project; a new one after a new run, and after merging names."""
    store = resources.workspace().store
    project = store.get_project(project.id)  # a lesson may have come since the page was drawn
    in_force = resources.merges(project)
    merged = ",".join(merge.uuid for merge in in_force)
    ranking_id = resources.ranking_id(project)
    run_id = f"{ranking_id}:{merged}" if merged else ranking_id
    kept = state.recall("desk", Desk)
    if kept is not None and (kept.project_id, kept.run_id) == (project.id, run_id):
        return kept
    audited_id = f"{project.run_id}:{merged}"
    run = resources.stored_run(project)
    if run is None:
        raise NotFoundError("This project has no results yet.", fix="Analyse it on the Overview page.")
    if kept is not None and kept.project_id == project.id and kept.audited_id == audited_id:
        kept.take_lesson(run, run_id, state.reviewer(store))
        return kept
    sources = queue_sources(project)
    sources.texts()  # folded now, so that the first search need not wait for it
    opened = Desk(
        project_id=project.id,
        run_id=run_id,
        audited_id=audited_id,
        run=run,
        dataset=resources.dataset(project),
        sources=sources,
        gone=names_gone(in_force),
    )
    opened.catch_up(store)
    state.remember("desk", opened)
    return opened
