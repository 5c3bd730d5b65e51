"""Learning from decisions in the whole app: the queue changes on request only, and nothing is lost on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import APP, Server, StartServer
from tests.e2e.driver import App

pytestmark = pytest.mark.e2e


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a data directory for each test: all of them change the demo."""
    return tmp_path


@pytest.fixture
def shared_server(start_server: StartServer, free_port: Callable[[], int], home: Path) -> Iterator[Server]:
    """Start the app over that directory."""
    with start_server(APP, free_port(), {"LABELCLEAN_HOME": str(home)}) as server:
        yield server


def decide_some(app: App, project: str) -> list[dict[str, object]]:
    """Decide twelve rows by keyboard; return the log."""
    app.review(project)
    for key in "aakaakaakaak":
        app.page.keyboard.press(key)
        app.page.wait_for_timeout(60)
    log = app.decisions(project, 12)
    expect(app.page.locator(".saved")).to_contain_text("saved")
    return log


def learn(page: Page) -> None:
    """Press the button and wait for the new queue."""
    page.get_by_role("button", name="Learn from my decisions").click()
    expect(page.get_by_text("Learned at").or_(page.get_by_text("Learned on"))).to_be_visible(timeout=30_000)
    expect(page.locator(".labelclean .foot")).to_be_visible()


def test_the_button_waits_for_a_handful_of_decisions(app: App) -> None:
    """With nothing to learn from it cannot be pressed."""
    app.review(app.demo_id())

    expect(app.page.get_by_role("button", name="Learn from my decisions")).to_be_disabled()
    expect(app.page.get_by_text("From 10 decisions on; 0 so far.")).to_be_visible()


def test_what_was_learnt_survives_a_refresh_and_can_be_taken_back(app: App) -> None:
    """The same card after F5, the decisions as they were made, and the audit's own order on request."""
    project = app.demo_id()
    before = decide_some(app, project)

    learn(app.page)
    app.settle()
    shown = app.shown()
    app.page.reload()
    expect(app.page.get_by_text("from 12 decisions.")).to_be_visible(timeout=30_000)
    expect(app.page.locator(".labelclean .text")).to_have_text(shown)
    kept = app.query("SELECT n_verdicts FROM rerankings")
    app.page.get_by_role("button", name="Original order").click()
    expect(app.page.get_by_role("button", name="Original order")).to_have_count(0)

    assert kept == [{"n_verdicts": 12}]
    assert app.query("SELECT * FROM rerankings") == []
    assert app.decisions(project, 12) == before


def test_decisions_made_while_it_learns_are_stored_on_the_card_that_was_shown(app: App) -> None:
    """Keys go on working; each decision is about the text that was on screen."""
    project = app.demo_id()
    decide_some(app, project)
    rows = {row["row"]: row for row in app.query("SELECT row FROM suspects")}
    app.page.evaluate(
        """() => {
            const host = [...document.querySelectorAll("*")].find((node) => node.shadowRoot?.querySelector(".body"));
            window.shown = [];
            const row = () => Number(host.shadowRoot.querySelector(".body").dataset.row);
            window.addEventListener("keydown", () => window.shown.push(row()), true);
        }"""
    )

    app.page.get_by_role("button", name="Learn from my decisions").click(no_wait_after=True)
    for _ in range(8):
        app.page.keyboard.press("u")
        app.page.wait_for_timeout(120)
    log = app.decisions(project, 20)

    shown = app.page.evaluate("window.shown")
    assert [entry["row"] for entry in log[12:]] == shown
    assert set(shown) <= set(rows)
    assert len(log) == 20


def test_another_reviewer_keeps_their_order_until_they_reload(app: App, browser: Browser) -> None:
    """Nothing is re-ordered under someone's hands; who opens the page later sees what was learnt."""
    project = app.demo_id()
    decide_some(app, project)
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    other = App(context.new_page(), app.server, app.home)
    other.review(project, "&all=1")
    other.settle()
    texts = []
    for _ in range(3):
        texts.append(other.shown())
        other.page.keyboard.press("ArrowRight")
    for _ in range(3):
        other.page.keyboard.press("ArrowLeft")

    learn(app.page)
    seen = []
    for place in range(3):
        seen.append(other.shown())
        other.page.keyboard.press("k")
        other.decisions(project, 13 + place)
    other.page.reload()

    expect(other.page.get_by_text("from 12 decisions.")).to_be_visible(timeout=30_000)
    assert seen == texts
    context.close()
