"""The frame around the pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from labelclean.plots.palette import COLOUR_BLIND
from labelclean.review.preferences import Preferences, save_preferences
from labelclean.store.records import ProjectRecord
from labelclean.ui import resources
from labelclean.workspace import Workspace

APP = Path(__file__).parents[2] / "app.py"


def test_the_app_opens_on_the_projects(demo: ProjectRecord) -> None:
    """The entry script shows the projects page."""
    page = AppTest.from_file(str(APP), default_timeout=60).run()

    assert not page.exception
    assert demo.name in "".join(element.proto.body for element in page.get("html"))


def test_a_failure_inside_a_page_shows_a_sentence_and_no_traceback(
    demo: ProjectRecord, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The traceback goes to the log alone."""
    assert demo.has_run

    def fail() -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(resources, "workspace", fail)
    page = AppTest.from_file(str(APP), default_timeout=60).run()
    html = "".join(element.proto.body for element in page.get("html"))

    assert not page.exception
    assert "This page stopped by an internal error" in html
    assert "secret detail" not in html
    assert "secret detail" in caplog.text


def test_the_pages_are_in_the_colours_the_reviewer_chose(
    demo: ProjectRecord, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The style sheet of the page has the pair that colour-blind people tell apart."""
    assert demo.has_run
    monkeypatch.setattr("labelclean.ui.state.reviewer", lambda _: "Colour-blind")
    save_preferences(workspace.store, "Colour-blind", Preferences(palette="colour_blind"))

    page = AppTest.from_file(str(APP), default_timeout=60).run()
    html = "".join(element.proto.body for element in page.get("html"))

    assert f"--lc-suggested:{COLOUR_BLIND['light'].suggested};" in html
