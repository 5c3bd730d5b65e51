"""The statistics page without a browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
from streamlit.testing.v1 import AppTest

from labelclean.review.decisions import DecisionSource, EventKind, ReviewEvent, Verdict
from labelclean.store.records import ProjectRecord
from labelclean.workspace import Workspace

View = Callable[..., AppTest]
NOW = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)


def text_of(page: AppTest) -> str:
    """Return all HTML of the page."""
    return "".join(element.proto.body for element in page.get("html"))


def decide(workspace: Workspace, project: ProjectRecord, n_taken: int, n_kept: int, reviewer: str = "ana") -> None:
    """Take the suggestion of the most suspect rows, and keep the label of the next ones, one every six seconds."""
    run = workspace.store.load_run(project.id)
    assert run is not None
    events = [
        ReviewEvent(
            uuid=f"{project.id}-{reviewer}-{row}",
            row=row,
            kind=EventKind.DECIDE,
            verdict=Verdict.ACCEPT if place < n_taken else Verdict.KEEP,
            label=run.class_names[run.suggested_labels[row]] if place < n_taken else None,
            reviewer=reviewer,
            decided_at=NOW + timedelta(seconds=6 * place),
            seconds_spent=6.0,
            error_probability=float(run.error_probabilities[row]),
        )
        for place, row in enumerate(run.ranked_rows[: n_taken + n_kept].tolist())
    ]
    workspace.store.append_events(project.id, events)


def test_a_review_that_did_not_begin_says_so(view: View, make_project: Callable[..., ProjectRecord]) -> None:
    """There is nothing to count, and a way to begin."""
    page = view("statistics", make_project())

    assert not page.exception
    assert "Nothing is decided yet" in text_of(page)
    assert page.button(key="statistics-review").label == "Review"


def test_the_page_says_how_the_review_is_going(
    view: View, make_project: Callable[..., ProjectRecord], workspace: Workspace
) -> None:
    """25 rows at six seconds each are ten a minute; 15 of them had a wrong label."""
    project = make_project()
    decide(workspace, project, 15, 10)

    page = view("statistics", project)

    assert not page.exception
    text = text_of(page)
    for words in ("25 rows are decided: 25 looked at one by one.", "<b>15</b>", "<b>60 %</b>", "<b>10.0</b>"):
        assert words in text
    bands, pace, classes, reviewers = (table.value for table in page.dataframe)
    assert bands["Decided"].to_numpy().sum() == 25
    assert pace["Decisions"].to_numpy().sum() == 25
    assert (classes["Decided"].to_numpy().sum(), classes["Corrected"].to_numpy().sum()) == (25, 15)
    columns = ["Reviewer", "Looked at", "Suggestion taken", "Label kept"]
    assert reviewers[columns].to_numpy().tolist() == [["ana", 25, 60.0, 40.0]]


def test_a_score_that_claims_too_much_is_called_bold(
    view: View, make_project: Callable[..., ProjectRecord], workspace: Workspace
) -> None:
    """Every row was called 90 % likely to be wrong, and ten of thirty were."""
    run = workspace.store.load_run(next(p.id for p in workspace.store.list_projects() if p.is_demo))
    assert run is not None
    project = make_project(error_probabilities=np.full(run.n_examples, 0.9))
    decide(workspace, project, 10, 20)

    assert "The score is too bold" in text_of(view("statistics", project))


def test_two_reviewers_are_compared(
    view: View, make_project: Callable[..., ProjectRecord], workspace: Workspace
) -> None:
    """Ana took 15 of 20 suggestions, ben all 20: they agree on 15."""
    project = make_project()
    decide(workspace, project, 15, 5)
    decide(workspace, project, 20, 0, "ben")

    text = text_of(view("statistics", project))

    assert "ana and ben both decided 20 rows and agreed on 75 %" in text
    assert "Cohen&#x27;s kappa" in text


def test_bulk_decisions_are_told_apart(
    view: View, make_project: Callable[..., ProjectRecord], workspace: Workspace
) -> None:
    """They count as decided, not as looked at, and take no time."""
    project = make_project()
    decide(workspace, project, 3, 0)
    run = workspace.store.load_run(project.id)
    assert run is not None
    bulk = [
        ReviewEvent(
            uuid=f"{project.id}-bulk-{row}",
            row=row,
            kind=EventKind.DECIDE,
            verdict=Verdict.KEEP,
            decided_at=NOW,
            batch=f"{project.id}-b",
            source=DecisionSource.BULK,
        )
        for row in run.ranked_rows[3:10].tolist()
    ]
    workspace.store.append_events(project.id, bulk)

    text = text_of(view("statistics", project))

    assert "10 rows are decided: 3 looked at one by one, 7 in bulk." in text
    assert "1 bulk decision so far; 7 rows in force." in text
