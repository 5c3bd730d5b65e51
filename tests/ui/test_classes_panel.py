"""The part of the overview about the classes: what stands out, renaming and splitting, and the way back."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from streamlit.testing.v1 import AppTest

from labelclean.review.bulk.decide import turn_bulk
from labelclean.review.decisions import EventKind, current_decisions
from labelclean.review.merging import merges_in_force
from labelclean.review.renaming import make_rename
from labelclean.review.splitting import make_split
from labelclean.store.records import ProjectRecord
from labelclean.workspace import Workspace
from tests.store_examples import MOMENT

View = Callable[..., AppTest]
MakeProject = Callable[..., ProjectRecord]


def _html(page: AppTest) -> str:
    return "".join(element.proto.body for element in page.get("html"))


def test_the_dialogs_open_and_ask_for_a_class(view: View, demo: ProjectRecord) -> None:
    """What follows belongs to the tests in a browser: a dialog runs on its own."""
    rename, split = view("overview", demo), view("overview", demo)

    rename.button(key="classes-rename").click().run()
    split.button(key="classes-split").click().run()

    assert not rename.exception
    assert not split.exception
    assert "rename-class" in [box.key for box in rename.selectbox]
    assert "Choose a class, and what sets the rows apart" in _html(split)


def test_each_change_has_its_undo(view: View, make_project: MakeProject, workspace: Workspace) -> None:
    """A split and a rename are listed in the order of the log; one press takes each back whole."""
    project = make_project()
    run = workspace.store.load_run(project.id)
    assert run is not None
    split = make_split(run, np.array([3, 4]), "lost", decisions={}, reviewer="kim", now=MOMENT, why="by hand")
    rename = make_rename("refund", "money", known=run.class_names, reviewer="lee", now=MOMENT)
    workspace.store.append_events(project.id, [*split, rename])
    page = view("overview", project)
    listed = _html(page)

    page.button(key=f"split-turn-{split[0].step}").click().run()
    again = view("overview", project)
    again.button(key=f"merge-turn-{rename.uuid}").click().run()

    assert listed.index("Split off “lost”: by hand (2 rows)") < listed.index("Renamed “refund” to “money”")
    events = workspace.store.load_events(project.id)
    assert current_decisions(events) == {}
    assert merges_in_force(events) == ()
    assert _html(view("overview", project)).count(", undone") == 2


def test_an_undone_split_can_be_redone(view: View, make_project: MakeProject, workspace: Workspace) -> None:
    """With all its rows."""
    project = make_project()
    run = workspace.store.load_run(project.id)
    assert run is not None
    split = make_split(run, np.array([3, 4]), "lost", decisions={}, reviewer="kim", now=MOMENT)
    undo = turn_bulk(split[0], EventKind.UNDO, reviewer="kim", now=MOMENT)
    workspace.store.append_events(project.id, [*split, undo])

    view("overview", project).button(key=f"split-turn-{split[0].step}").click().run()

    assert sorted(current_decisions(workspace.store.load_events(project.id))) == [3, 4]


def test_classes_that_overlap_can_be_merged_or_reviewed(view: View, make_project: MakeProject) -> None:
    """Two classes that are taken for each other both ways are named with their shares."""
    project = make_project()
    page = view("overview", project)
    keys = {str(button.key) for button in page.button}

    said = "are taken for each other both ways" in _html(page)

    assert not page.exception
    assert said is ("overlap-merge-0" in keys)
    assert said is ("overlap-review-0" in keys)


def test_a_queue_of_one_class_can_be_split_off_from_the_review_page(view: View, demo: ProjectRecord) -> None:
    """The button is there only where a class is what the queue is about."""
    about_one, usual = view("review", demo, given="refund", all="1"), view("review", demo)

    assert not about_one.exception
    assert "split-open" in [button.key for button in about_one.button]
    assert "split-open" not in [button.key for button in usual.button]
