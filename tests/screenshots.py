"""
Photograph every view with the demo, in light and dark, at 1280 x 800.

Run: ``python -m tests.screenshots [FOLDER]``. Without a folder it renews the README's pictures in assets/screenshots.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.conftest import BROWSER_ARGS, _free_port, _running_server

ROOT = Path(__file__).parents[1]
README_PICTURES = {"review-light", "review-dark", "noise-light"}
DECISIONS = "aaka1abaauaakaa"


def main(arguments: list[str]) -> None:
    """Take the pictures."""
    folder = Path(arguments[0]) if arguments else ROOT / "assets" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    wanted = None if arguments else README_PICTURES
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(BROWSER_ARGS))
        environment = {"LABELCLEAN_HOME": home, "USER": "reviewer", "LOGNAME": "reviewer"}
        with _running_server(ROOT / "app.py", _free_port(), environment) as server:
            project = _decide_some(browser, server.url, Path(home))
            views = ("projects", "upload", "overview", "noise", "review", "export")
            for theme in ("light", "dark"):
                names = [name for name in views if wanted is None or f"{name}-{theme}" in wanted]
                _photograph(browser, f"{server.url}/{{}}?project={project}", theme, names, folder)
        browser.close()


def _decide_some(browser: Browser, url: str, home: Path) -> str:
    """Make the demo, and some decisions in it at a human pace."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(url)
    page.get_by_text("Demo: support messages").first.wait_for(timeout=60_000)
    with closing(sqlite3.connect(home / "labelclean.sqlite3")) as connection:
        project = str(connection.execute("SELECT id FROM projects").fetchone()[0])
    page.goto(f"{url}/review?project={project}")
    page.locator(".labelclean .text").wait_for(timeout=60_000)
    for key in DECISIONS:
        page.wait_for_timeout(1500)
        page.keyboard.press(key)
    page.wait_for_timeout(1500)
    page.close()
    return project


def _photograph(
    browser: Browser, address: str, theme: Literal["light", "dark"], names: list[str], folder: Path
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme=theme)
    page = context.new_page()
    for name in names:
        _open(page, address.format("" if name == "projects" else name))
        page.screenshot(path=folder / f"{name}-{theme}.png")
    context.close()


def _open(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_timeout(4000)


if __name__ == "__main__":
    main(sys.argv[1:])
