"""
Walk through the app with its two demos and photograph the key moments, in light and dark, at 1280 x 800.

Run: ``python -m tests.screenshots [FOLDER]``. Without a folder it renews the README's pictures in assets/screenshots.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from labelclean.demos import LABEL_SET_DEMO, MESSAGES_DEMO, planted_ids
from tests.e2e.conftest import BROWSER_ARGS, _free_port, _running_server

ROOT = Path(__file__).parents[1]
README_PICTURES = {"review-light", "label-sets-light", "noise-light"}
N_DECIDED = 24
SECONDS_A_CARD = 1.2


def _nothing(page: Page) -> None:
    """Look at the page as it opens."""


def _press(*keys: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        for key in keys:
            page.keyboard.press(key)
            page.wait_for_timeout(400)

    return act


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """
    A picture: which demo, which page, and what is done there first.

    Attributes
    ----------
    name : str
        Of the picture.
    project : str
        The name of the demo.
    path : str
        The page, with its query.
    act : callable
        What is done before the picture is taken.
    """

    name: str
    project: str = MESSAGES_DEMO.name
    path: str
    act: Callable[[Page], None] = _nothing


MOMENTS = (
    Moment(name="projects", path=""),
    Moment(name="upload", path="upload"),
    Moment(name="overview", path="overview"),
    Moment(name="noise", path="noise"),
    Moment(name="problems", path="problems"),
    Moment(name="data", path="data"),
    Moment(name="review", path="review"),
    Moment(name="history", path="review", act=_press("h")),
    Moment(name="keys", path="review", act=_press("?")),
    Moment(name="label-sets", project=LABEL_SET_DEMO.name, path="review", act=_press("1")),
    Moment(name="contradictions", project=LABEL_SET_DEMO.name, path="review?kind=contradictions"),
    Moment(name="noise-label-sets", project=LABEL_SET_DEMO.name, path="noise"),
    Moment(name="bulk", path="bulk"),
    Moment(name="statistics", path="statistics"),
    Moment(name="export", path="export"),
    Moment(name="preferences", path="preferences"),
)


def main(arguments: list[str]) -> None:
    """Take the pictures."""
    folder = Path(arguments[0]) if arguments else ROOT / "assets" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    wanted = None if arguments else README_PICTURES
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(BROWSER_ARGS))
        environment = {"LABELCLEAN_HOME": home, "USER": "reviewer", "LOGNAME": "reviewer"}
        with _running_server(ROOT / "app.py", _free_port(), environment) as server:
            projects = _prepare(browser, server.url, Path(home))
            for theme in ("light", "dark"):
                context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme=theme)
                page = context.new_page()
                for moment in MOMENTS:
                    if wanted is None or f"{moment.name}-{theme}" in wanted:
                        address = f"{server.url}/{moment.path}{'&' if '?' in moment.path else '?'}"
                        _come_to(page, f"{address}project={projects[moment.project]}", moment.act)
                        page.screenshot(path=folder / f"{moment.name}-{theme}.png")
                context.close()
        browser.close()


def _prepare(browser: Browser, url: str, home: Path) -> dict[str, str]:
    """Make both demos, and some decisions in the first one at a human pace; return the projects by name."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(url)
    page.get_by_text(MESSAGES_DEMO.name).first.wait_for(timeout=60_000)
    page.get_by_role("button", name="Add that demo").click()
    page.get_by_text("rows flagged for review").wait_for(timeout=120_000)
    with closing(sqlite3.connect(home / "labelclean.sqlite3")) as connection:
        projects = {str(name): str(number) for name, number in connection.execute("SELECT name, id FROM projects")}
    page.goto(f"{url}/review?project={projects[MESSAGES_DEMO.name]}")
    page.locator(".labelclean .text").wait_for(timeout=60_000)
    wrong = planted_ids(MESSAGES_DEMO.file_name)
    for _ in range(N_DECIDED):
        page.wait_for_timeout(1000 * SECONDS_A_CARD)
        page.keyboard.press("a" if page.locator(".labelclean .row-id").inner_text() in wrong else "k")
    page.wait_for_timeout(1500)
    page.close()
    return projects


def _come_to(page: Page, address: str, act: Callable[[Page], None]) -> None:
    """Open a page, and do what is done there before the picture is taken."""
    page.goto(address)
    page.wait_for_timeout(4000)
    act(page)


if __name__ == "__main__":
    main(sys.argv[1:])
