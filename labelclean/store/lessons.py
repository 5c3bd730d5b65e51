"""Learns from the decisions in the store, and puts what was learnt beside the run it is about."""

from __future__ import annotations

from labelclean.errors import NotFoundError
from labelclean.review.decisions import current_decisions
from labelclean.review.learning import LearnedRanking, learn
from labelclean.store.sql import SqlStore

__all__ = ["compute_lesson", "learn_from_decisions"]


def learn_from_decisions(store: SqlStore, project_id: str) -> str:
    """
    Re-rank the run of a project by the decisions in force, always beginning with the audit's own ranking.

    Parameters
    ----------
    store : SqlStore
        Where run and decisions are, and where the lesson goes.
    project_id : str
        The project.

    Returns
    -------
    str
        The id of the lesson.

    Raises
    ------
    NotFoundError
        If the project does not exist, was not analysed, or was analysed anew meanwhile.
    InvalidInputError
        If there are too few decisions to learn from.
    """
    return store.save_lesson(project_id, *compute_lesson(store, project_id))


def compute_lesson(store: SqlStore, project_id: str) -> tuple[str, LearnedRanking]:
    """
    Re-rank the run of a project by the decisions in force, and keep the result to oneself.

    Parameters
    ----------
    store : SqlStore
        Where run and decisions are.
    project_id : str
        The project.

    Returns
    -------
    str
        The id of the run.
    LearnedRanking
        What the decisions teach about it.

    Raises
    ------
    NotFoundError
        If the project does not exist or was not analysed.
    InvalidInputError
        If there are too few decisions to learn from.
    """
    project = store.get_project(project_id)
    run = store.load_run(project_id, as_learned=False)
    if run is None or project.run_id is None:
        raise NotFoundError("This project has no results yet.", fix="Analyse it on the Overview page.")
    decisions = current_decisions(store.load_events(project_id))
    return project.run_id, learn(run, store.load_signals(project_id), decisions)
