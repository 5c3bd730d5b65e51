"""The queue that learns, in the whole app: by itself after a batch, and never under the reviewer's eyes."""

from __future__ import annotations

import getpass
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import APP, Server, StartServer
from tests.e2e.driver import App

pytestmark = pytest.mark.e2e

BATCH = 12


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a data directory for each test: all of them change the demo."""
    return tmp_path


@pytest.fixture
def shared_server(start_server: StartServer, free_port: Callable[[], int], home: Path) -> Iterator[Server]:
    """Start the app over that directory."""
    with start_server(APP, free_port(), {"LABELCLEAN_HOME": str(home)}) as server:
        yield server


def learn_every(app: App, n_decisions: int) -> None:
    """Let the queue learn after so many decisions."""
    with closing(sqlite3.connect(app.home / "labelclean.sqlite3")) as connection:
        name, value = f"preferences:{getpass.getuser()}", f'{{"learn_every": {n_decisions}}}'
        connection.execute("INSERT INTO settings (key, value) VALUES (?, ?)", (name, value))
        connection.commit()


def row_shown(app: App) -> int:
    """Return the row on the card."""
    return int(app.page.locator(".labelclean .body").get_attribute("data-row") or -1)


def walk(app: App, n_cards: int) -> list[int]:
    """Look at the next cards without deciding; return their rows, the present one first."""
    rows = [row_shown(app)]
    for _ in range(n_cards - 1):
        app.page.keyboard.press("ArrowRight")
        expect(app.page.locator(".labelclean .body")).not_to_have_attribute("data-row", str(rows[-1]))
        rows.append(row_shown(app))
    return rows


def test_after_a_batch_the_order_ahead_changes_and_what_was_loaded_stays(app: App) -> None:
    """The card on screen and those loaded are where they were; further on the rows come in another order."""
    project = app.demo_id()
    learn_every(app, BATCH)
    app.review(project, "&all=1")
    app.settle()
    loaded = walk(app, BATCH + 5)
    for _ in range(BATCH + 4):
        app.page.keyboard.press("ArrowLeft")
    expect(app.page.locator(".labelclean .body")).to_have_attribute("data-row", str(loaded[0]))

    for number in range(BATCH):
        app.page.keyboard.press("k" if number % 3 == 2 else "a")
        app.page.wait_for_timeout(60)
    app.decisions(project, BATCH)
    shown = row_shown(app)
    while not app.query("SELECT 1 FROM rerankings"):
        app.page.wait_for_timeout(100)
    app.page.keyboard.press("u")
    expect(app.page.get_by_text(f"from {BATCH} decisions.")).to_be_visible(timeout=30_000)
    seen = walk(app, 4)

    ranks = {entry["row"]: entry["rank"] for entry in app.query("SELECT row, rank FROM suspects")}
    further = [ranks[row] for row in walk(app, 70)[55:]]
    assert shown == loaded[BATCH]
    assert seen == loaded[BATCH + 1 :]
    assert further != sorted(further)
    assert app.query("SELECT state FROM jobs WHERE kind = 'learn'") == [{"state": "done"}]


def test_the_figures_open_on_request_with_how_they_are_computed(app: App) -> None:
    """Too early to say much at first, and said so."""
    app.review(app.demo_id())
    app.settle()

    app.page.get_by_role("button", name="How it is going").click()

    dialog = app.page.get_by_role("dialog")
    expect(dialog.get_by_text("verdicts are too few to say much")).to_be_visible(timeout=30_000)
    expect(dialog.get_by_text("rows drawn by chance are decided so far")).to_be_visible()
    dialog.get_by_text("How these are computed").click()
    expect(dialog.get_by_text("unsure, ambiguous and excluded rows count as neither").first).to_be_visible()
