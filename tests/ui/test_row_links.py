"""The ways to a row's card and back, without a browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from streamlit.testing.v1 import AppTest

from labelclean.review.decisions import EventKind, ReviewEvent, Verdict
from labelclean.store.records import ProjectRecord
from labelclean.workspace import Workspace


def test_a_last_decision_opens_its_row_and_the_way_back_leads_to_the_queue(
    view: Callable[..., AppTest], make_project: Callable[..., ProjectRecord], workspace: Workspace
) -> None:
    """An old decision is changed with one click and a key; the queue is still there afterwards."""
    project = make_project()
    decided = ReviewEvent(
        uuid="22222222-2222-2222-2222-222222222222",
        row=300,
        kind=EventKind.DECIDE,
        verdict=Verdict.KEEP,
        reviewer="Lee",
        decided_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    workspace.store.append_events(project.id, [decided])
    page = view("review", project, q="parcel")

    page.button(key="recent-given-0").click().run()
    opened = dict(page.query_params)
    page.button(key="way-back").click().run()

    assert not page.exception
    assert opened["rows"] == "300"
    assert page.query_params["q"] == "parcel"
    assert "rows" not in page.query_params
