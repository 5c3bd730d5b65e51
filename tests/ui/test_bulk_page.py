"""The bulk page without a browser: from a filter over the sample to the decision and back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
from streamlit.testing.v1 import AppTest

from labelclean.label_set import LabelSet
from labelclean.review.decisions import DecisionSource, EventKind, ReviewEvent, Verdict, current_decisions
from labelclean.store.records import ProjectRecord
from labelclean.workspace import Workspace

View = Callable[..., AppTest]
NOW = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)


def text_of(page: AppTest) -> str:
    """Return all HTML of the page."""
    return "".join(element.proto.body for element in page.get("html"))


def sample_of(workspace: Workspace, project: ProjectRecord) -> list[int]:
    """Return the rows that chance drew for the sample that was begun last."""
    kept = workspace.store.get_project_setting(project.id, "bulk_samples")
    assert isinstance(kept, dict)
    return [int(row) for row in list(kept.values())[-1]]


def decide(workspace: Workspace, project: ProjectRecord, rows: list[int], n_right: int) -> None:
    """Decide rows by hand: the first ones take the suggestion, the others keep their label."""
    run = workspace.store.load_run(project.id)
    assert run is not None
    events = [
        ReviewEvent(
            uuid=f"{project.id}-{row}",
            row=row,
            kind=EventKind.DECIDE,
            verdict=Verdict.ACCEPT if place < n_right else Verdict.KEEP,
            label=run.class_names[run.suggested_labels[row]] if place < n_right else None,
            reviewer="ana",
            decided_at=NOW,
        )
        for place, row in enumerate(rows)
    ]
    workspace.store.append_events(project.id, events)


def begun(view: View, workspace: Workspace, project: ProjectRecord, n_right: int) -> AppTest:
    """Begin the sample, decide its ten rows, and come to the page again; the way there is for the browser tests."""
    view("bulk", project).button(key="bulk-sample").click().run()
    decide(workspace, project, sample_of(workspace, project)[:10], n_right)
    return view("bulk", project)


def test_nothing_is_decided_before_the_sample_is(view: View, make_project: Callable[..., ProjectRecord]) -> None:
    """The button says how many rows it would take, and cannot be pressed."""
    page = view("bulk", make_project())

    assert not page.exception
    assert page.button(key="bulk-decide").disabled
    assert "10 rows of the sample to decide first." in text_of(page)
    assert text_of(page).count("not yet") == 10


def test_the_whole_way_from_the_sample_to_the_undo(
    view: View, make_project: Callable[..., ProjectRecord], workspace: Workspace
) -> None:
    """Nine of ten agree: the rest takes the suggestion in one step, which one press takes back."""
    project = make_project()
    page = begun(view, workspace, project, 9)

    button = page.button(key="bulk-decide")
    run = workspace.store.load_run(project.id)
    assert run is not None
    n_rest = run.n_issues - 10
    assert not button.disabled
    assert f"Accept the remaining {n_rest}" in button.label.replace("\\", "")
    assert "9 of 10 right, 62–99 %" in button.label.replace("\\", "")

    button.click().run()
    events = workspace.store.load_events(project.id)
    at_once = [event for event in events if event.source is DecisionSource.BULK]
    assert len(at_once) == n_rest
    assert len({event.batch for event in at_once}) == 1
    assert {event.note.partition("; ")[0] for event in at_once} == {"bulk: sample 9 of 10 right, 62-99 %"}
    assert all(event.label == run.class_names[run.suggested_labels[event.row]] for event in at_once)

    page.button(key="bulk-undo").click().run()
    assert len(current_decisions(workspace.store.load_events(project.id))) == 10
    next(button for button in page.button if button.label == "Redo").click().run()
    assert len(current_decisions(workspace.store.load_events(project.id))) == run.n_issues
    assert not page.exception


def test_a_poor_sample_warns(view: View, make_project: Callable[..., ProjectRecord], workspace: Workspace) -> None:
    """Five of ten: the page says how many of the rest would be wrong, and lets the reviewer choose."""
    project = make_project()

    page = begun(view, workspace, project, 5)

    assert "The sample often said otherwise." in text_of(page)
    assert "would be decided wrongly" in text_of(page)
    assert not page.button(key="bulk-decide").disabled


def test_the_same_sample_measures_another_action(
    view: View, make_project: Callable[..., ProjectRecord], workspace: Workspace
) -> None:
    """What was decided about the sample tells as well how often excluding is right: never."""
    project = make_project()
    page = begun(view, workspace, project, 9)

    page.radio(key="bulk-kind").set_value("exclude").run()

    assert "0 of 10 excluded by hand" in page.button(key="bulk-decide").label.replace("\\", "")


def test_one_label_for_all_may_be_new(
    view: View, make_project: Callable[..., ProjectRecord], workspace: Workspace
) -> None:
    """Nothing is offered before it is named; then it stands on the button."""
    project = make_project()
    page = begun(view, workspace, project, 9)

    page.radio(key="bulk-kind").set_value("give").run()
    assert "Choose the label first." in text_of(page)
    page.selectbox(key="bulk-label").set_value(page.selectbox(key="bulk-label").options[0]).run()

    assert f"Give “{page.selectbox(key='bulk-label').value}” to" in page.button(key="bulk-decide").label.replace(
        "\\", ""
    )


def test_a_threshold_takes_fewer_rows_and_stands_in_the_url(
    view: View, make_project: Callable[..., ProjectRecord], workspace: Workspace
) -> None:
    """The link opens the same page again."""
    project = make_project()
    run = workspace.store.load_run(project.id)
    assert run is not None
    page = view("bulk", project)

    page.slider(key="bulk-threshold").set_value(90).run()

    n_rows = int(np.count_nonzero(run.is_issue & (run.error_probabilities >= 0.9)))
    assert f"{n_rows} rows that nobody decided." in text_of(page)
    assert "0.9" in page.query_params["min"]


def test_decided_rows_are_not_offered(view: View, make_project: Callable[..., ProjectRecord]) -> None:
    """The queue of unsure rows is no bulk work."""
    page = view("bulk", make_project(), verdict="unsure")

    assert "These rows are decided already" in text_of(page)
    assert not page.button(key="bulk-likely").disabled


def test_a_label_is_added_to_all_sets(
    view: View, make_project: Callable[..., ProjectRecord], workspace: Workspace
) -> None:
    """Where texts have sets of labels, one label can be added to all of them."""
    run = workspace.store.load_run(next(p.id for p in workspace.store.list_projects() if p.is_demo))
    assert run is not None
    project = make_project(class_names=tuple(LabelSet([name]) for name in run.class_names))
    page = begun(view, workspace, project, 9)

    page.radio(key="bulk-kind").set_value("add").run()
    page.selectbox(key="bulk-label").set_value(page.selectbox(key="bulk-label").options[0]).run()
    page.button(key="bulk-decide").click().run()

    assert not page.exception
    at_once = [event for event in workspace.store.load_events(project.id) if event.source is DecisionSource.BULK]
    assert {event.verdict for event in at_once} <= {Verdict.KEEP, Verdict.ACCEPT, Verdict.RELABEL}
    assert all(len(event.label) >= 1 for event in at_once if isinstance(event.label, LabelSet))
