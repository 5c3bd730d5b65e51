"""Learning from decisions on the review page, without a browser."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from labelclean import jobs
from labelclean.review.decisions import EventKind, ReviewEvent, Verdict
from labelclean.store import lessons
from labelclean.store.records import JobState, ProjectRecord
from labelclean.store.run_records import StoredRun
from labelclean.workspace import Workspace

View = Callable[..., AppTest]
MakeProject = Callable[..., ProjectRecord]


def _html(page: AppTest) -> str:
    return "".join(element.proto.body for element in page.get("html"))


def _run(workspace: Workspace, project: ProjectRecord) -> StoredRun:
    run = workspace.store.load_run(project.id)
    assert run is not None
    return run


def _decide(workspace: Workspace, project: ProjectRecord, n_rows: int) -> None:
    """Take the suggestion in the first undecided rows, keep every third label."""
    run = _run(workspace, project)
    decided = {event.row for event in workspace.store.load_events(project.id)}
    undecided = [row for row in run.ranked_rows.tolist() if row not in decided]
    events = []
    for place, row in enumerate(undecided[:n_rows]):
        verdict = Verdict.KEEP if place % 3 == 2 else Verdict.ACCEPT
        label = None if verdict is Verdict.KEEP else run.class_names[run.suggested_labels[row]]
        events.append(
            ReviewEvent(
                uuid=str(uuid4()),
                row=row,
                kind=EventKind.DECIDE,
                verdict=verdict,
                label=label,
                reviewer="kim",
                decided_at=datetime.now(UTC),
                error_probability=0.5,
            )
        )
    workspace.store.append_events(project.id, events)


def _learn(page: AppTest, workspace: Workspace, project: ProjectRecord) -> None:
    """Press the button, wait for the process that learns, and draw the page as it is then."""
    page.button(key="learn-now").click().run()
    deadline = time.monotonic() + 60
    job = workspace.store.latest_job(project.id, kind="learn")
    while job is not None and not jobs.watch(workspace, job.id).is_finished:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    page.run()


def test_a_handful_of_decisions_is_needed(view: View, workspace: Workspace, make_project: MakeProject) -> None:
    """The button waits, and says for what; verdicts that say nothing about a label do not count."""
    project = make_project()
    _decide(workspace, project, 9)

    page = view("review", project)

    assert page.button(key="learn-now").disabled
    assert "From 10 decisions on; 9 so far." in _html(page)


def test_learning_makes_a_new_order_and_says_what_was_learned(
    view: View, workspace: Workspace, make_project: MakeProject
) -> None:
    """The ranking is another one, the decisions are what they were, and nobody waited for it."""
    project = make_project()
    _decide(workspace, project, 30)
    before, events = _run(workspace, project), workspace.store.load_events(project.id)

    page = view("review", project)
    _learn(page, workspace, project)

    after = _run(workspace, project)
    assert not page.exception
    assert after.lesson is not None
    assert after.lesson.n_verdicts == 30
    assert "from 30 decisions." in _html(page)
    assert "Errors expected in the rows left" in _html(page)
    assert workspace.store.load_events(project.id) == events
    decided = [event.row for event in events]
    np.testing.assert_array_equal(after.error_probabilities[decided], before.error_probabilities[decided])
    left = np.setdiff1d(np.arange(before.n_examples), decided)
    assert not np.array_equal(after.error_probabilities[left], before.error_probabilities[left])


def test_the_original_order_comes_back(view: View, workspace: Workspace, make_project: MakeProject) -> None:
    """Learning can be taken back, in another session too."""
    project = make_project()
    _decide(workspace, project, 30)
    before = _run(workspace, project)
    lessons.learn_from_decisions(workspace.store, project.id)

    page = view("review", project)
    page.button(key="learn-undo").click().run()

    assert _run(workspace, project).lesson is None
    np.testing.assert_array_equal(_run(workspace, project).ranked_rows, before.ranked_rows)
    assert "learn-undo" not in [button.key for button in page.button]
    assert workspace.store.get_project_setting(project.id, "learning_paused") is True


@pytest.mark.parametrize(("n_decisions", "starts"), [(49, False), (50, True)])
def test_a_batch_of_decisions_starts_learning_by_itself(
    view: View, workspace: Workspace, make_project: MakeProject, n_decisions: int, *, starts: bool
) -> None:
    """Fifty by default; until then it says when it will."""
    project = make_project()
    _decide(workspace, project, n_decisions)

    page = view("review", project)

    job = workspace.store.latest_job(project.id, kind="learn")
    assert (job is not None) is starts
    assert ("By itself after every 50 decisions." in _html(page)) is not starts
    if job is not None:
        jobs.cancel(workspace, job.id)


def test_who_went_back_to_the_original_order_is_asked_before_it_learns_again(
    view: View, workspace: Workspace, make_project: MakeProject
) -> None:
    """A batch starts nothing then."""
    project = make_project()
    _decide(workspace, project, 60)
    workspace.store.set_project_setting(project.id, "learning_paused", value=True)

    view("review", project)

    assert workspace.store.latest_job(project.id, kind="learn") is None


def test_the_same_decisions_teach_the_same_however_often(workspace: Workspace, make_project: MakeProject) -> None:
    """Each lesson begins with the audit's own ranking."""
    project = make_project()
    _decide(workspace, project, 30)

    lessons.learn_from_decisions(workspace.store, project.id)
    first = _run(workspace, project)
    lessons.learn_from_decisions(workspace.store, project.id)

    np.testing.assert_array_equal(_run(workspace, project).ranked_rows, first.ranked_rows)


def test_what_goes_wrong_while_learning_is_said_and_the_queue_stays(
    view: View, workspace: Workspace, make_project: MakeProject
) -> None:
    """No traceback, and the page can go on."""
    project = make_project()
    _decide(workspace, project, 12)
    job = workspace.store.create_job(project.id, "learn", {})
    workspace.store.update_job(job.id, state=JobState.FAILED, message="There is no room.", fix="Make some.")

    page = view("review", project)

    assert not page.exception
    assert "There is no room. Make some." in _html(page)
    assert any(button.label.startswith("Likely errors") for button in page.button)


def test_the_overview_says_that_decisions_corrected_the_ranking(
    view: View, workspace: Workspace, make_project: MakeProject
) -> None:
    """Figures that changed have a reason."""
    project = make_project()
    _decide(workspace, project, 30)
    lessons.learn_from_decisions(workspace.store, project.id)

    page = view("overview", project)

    assert "corrected by 30 decisions" in _html(page)
