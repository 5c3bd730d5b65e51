"""What can go wrong around a reviewer: kills, a full disk, clocks. No decision is lost, none is doubled."""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.driver import App
from tests.e2e.killing import decide_while_killing

if TYPE_CHECKING:
    from tests.e2e.conftest import Server, StartServer

pytestmark = pytest.mark.e2e

CLOCK_THAT_RUNS_BACK = """
    const start = Date.now();
    let calls = 0;
    Date.now = () => start - 60000 * (calls += 1);
    const Real = Date;
    window.Date = class extends Real {
        constructor(...given) { super(...(given.length ? given : [Date.now()])); }
    };
    window.Date.now = Real.now;
"""


def test_no_decision_is_lost_or_doubled_when_the_server_is_killed_again_and_again(
    page: Page, start_server: StartServer, free_port: Callable[[], int], tmp_path: Path
) -> None:
    """Three kills in forty decisions; the twenty in five hundred are in the benchmarks."""
    run = decide_while_killing(page, start_server, free_port(), tmp_path, n_decisions=40, n_kills=3, seed=1)

    assert run.n_kills == 3
    assert run.stored == run.decided
    assert run.n_uuids == 40


@contextmanager
def full_disk(server: Server) -> Iterator[None]:
    """Let the server write no more bytes to any file, as on a full disk."""
    limits = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (0, limits[1]))
    try:
        yield
    finally:
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, limits)


def test_a_disk_that_takes_nothing_is_said_and_the_decisions_arrive_later(app: App, shared_server: Server) -> None:
    """They wait in the browser; the card stays, and one can go on."""
    project = app.demo_id()
    app.review(project, "&all=1")
    app.settle()
    before = len(app.decisions(project, 0))

    with full_disk(shared_server):
        for key in "kuk":
            app.page.keyboard.press(key)
        expect(app.page.get_by_text("Check the disk and the room on it")).to_be_visible(timeout=30_000)
        expect(app.page.locator(".labelclean .saved")).to_contain_text("not saved yet", timeout=30_000)
        expect(app.page.locator(".labelclean .text")).to_be_visible()
        assert len(app.decisions(project, 0)) == before

    expect(app.page.locator(".labelclean .saved")).to_have_text("saved", timeout=60_000)
    stored = app.decisions(project, before + 3)[before:]
    assert [entry["verdict"] for entry in stored] == ["keep", "unsure", "keep"]


def test_a_clock_of_the_browser_that_runs_back_changes_no_order(app: App) -> None:
    """Decisions count in the order in which they were made; the time on a card is never negative."""
    app.page.add_init_script(CLOCK_THAT_RUNS_BACK)
    project = app.demo_id()
    app.review(project, "&all=1")
    app.settle()
    before = len(app.decisions(project, 0))

    for key in ("k", "u", "z", "b"):
        app.page.keyboard.press(key)
    stored = app.decisions(project, before + 4)[before:]

    assert [entry["kind"] for entry in stored] == ["decide", "decide", "undo", "decide"]
    assert stored[1]["row"] == stored[3]["row"]
    times = [entry["decided_at"] for entry in stored]
    assert times == sorted(times, reverse=True)
    assert all(entry["seconds_spent"] >= 0 for entry in stored if entry["kind"] == "decide")
