"""Learning from decisions on the review page, without a browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from labelclean.review.decisions import EventKind, ReviewEvent, Verdict
from labelclean.store import lessons
from labelclean.store.records import ProjectRecord
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


def test_a_handful_of_decisions_is_needed(view: View, workspace: Workspace, make_project: MakeProject) -> None:
    """The button waits, and says for what; verdicts that say nothing about a label do not count."""
    project = make_project()
    _decide(workspace, project, 9)

    page = view("review", project)

    assert page.button(key="learn-now").disabled
    assert "From 10 decisions on; 9 so far." in _html(page)


def test_learning_makes_a_new_queue_and_says_when_from_how_many(
    view: View, workspace: Workspace, make_project: MakeProject
) -> None:
    """The ranking is another one, the decisions are what they were, and the bookmark begins anew."""
    project = make_project()
    _decide(workspace, project, 30)
    before, events = _run(workspace, project), workspace.store.load_events(project.id)

    page = view("review", project)
    page.button(key="learn-now").click().run()

    after = _run(workspace, project)
    assert not page.exception
    assert after.lesson is not None
    assert after.lesson.n_verdicts == 30
    assert "from 30 decisions." in _html(page)
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
    view("review", project).button(key="learn-now").click().run()

    page = view("review", project)
    page.button(key="learn-undo").click().run()

    assert _run(workspace, project).lesson is None
    np.testing.assert_array_equal(_run(workspace, project).ranked_rows, before.ranked_rows)
    assert "learn-undo" not in [button.key for button in page.button]


def test_many_new_decisions_are_a_quiet_hint(view: View, workspace: Workspace, make_project: MakeProject) -> None:
    """Nothing is re-ordered without being asked."""
    project = make_project()
    _decide(workspace, project, 12)
    view("review", project).button(key="learn-now").click().run()
    ranked = _run(workspace, project).ranked_rows
    _decide(workspace, project, 50)

    page = view("review", project)

    assert "new ones since: learn again?" in _html(page)
    np.testing.assert_array_equal(_run(workspace, project).ranked_rows, ranked)


def test_the_same_decisions_teach_the_same_however_often(workspace: Workspace, make_project: MakeProject) -> None:
    """Each lesson begins with the audit's own ranking."""
    project = make_project()
    _decide(workspace, project, 30)

    lessons.learn_from_decisions(workspace.store, project.id)
    first = _run(workspace, project)
    lessons.learn_from_decisions(workspace.store, project.id)

    np.testing.assert_array_equal(_run(workspace, project).ranked_rows, first.ranked_rows)


def test_what_goes_wrong_while_learning_is_said_and_the_queue_stays(
    view: View, workspace: Workspace, make_project: MakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No traceback, and the page can go on."""
    project = make_project()
    _decide(workspace, project, 12)
    monkeypatch.setattr("labelclean.review.learning.LEARN_FROM", 99)

    page = view("review", project)
    page.button(key="learn-now").click().run()

    assert not page.exception
    assert "decisions must say whether a label was wrong" in _html(page)
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
