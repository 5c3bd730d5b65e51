"""Drives the app as its users do: one browser page, and a look into the data directory behind the server."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

from playwright.sync_api import Page, expect

WAIT_SECONDS = 30.0


class Server(Protocol):
    """A running server, as tests/e2e/conftest.py makes it."""

    @property
    def url(self) -> str:
        """Its address."""

    @property
    def port(self) -> int:
        """Its port."""

    def kill(self) -> None:
        """End it as a power cut would."""

    def frozen(self) -> AbstractContextManager[None]:
        """Let it do nothing for a while, as on a machine that is too busy."""


class App:
    """The browser page, and the data directory behind the server."""

    def __init__(self, page: Page, server: Server, home: Path) -> None:
        self.page = page
        self.server = server
        self.home = home

    def query(self, statement: str, *values: object) -> list[dict[str, Any]]:
        """Ask the database."""
        with closing(sqlite3.connect(self.home / "labelclean.sqlite3")) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(statement, values)]

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep everyone else from writing to the database."""
        with closing(sqlite3.connect(self.home / "labelclean.sqlite3", isolation_level=None)) as connection:
            connection.execute("BEGIN EXCLUSIVE")
            yield
            connection.execute("ROLLBACK")

    def open(self, path: str = "") -> None:
        """Load a page of the app."""
        self.page.goto(f"{self.server.url}/{path}")
        expect(self.page.get_by_test_id("stLogo").or_(self.page.get_by_test_id("stHeaderLogo")).first).to_be_visible(
            timeout=30_000
        )

    def demo_id(self) -> str:
        """Return the demo project, made by the first visit."""
        self.open()
        expect(self.page.get_by_text("Demo: support messages").first).to_be_visible(timeout=60_000)
        return str(self.query("SELECT id FROM projects WHERE is_demo")[0]["id"])

    def upload(self, name: str, content: bytes) -> None:
        """Drop a file on the upload page."""
        self.open("upload")
        chooser = self.page.locator('input[type="file"]')
        chooser.wait_for(state="attached", timeout=30_000)
        chooser.set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": content})

    def settle(self) -> None:
        """Wait until the server has drawn the whole page; what it still draws can undo what is done meanwhile."""
        expect(self.page.locator('[data-test-script-state="notRunning"]')).to_be_attached(timeout=30_000)

    def analyse(self) -> str:
        """Start the analysis of the file on the upload page; return the new project once it is done."""
        self.page.get_by_role("button", name="Find label errors in").click(timeout=30_000)
        expect(self.page.get_by_text("rows flagged for review")).to_be_visible(timeout=90_000)
        match = re.search(r"project=([0-9a-f]+)", self.page.url)
        assert match is not None
        return match[1]

    def review(self, project: str, query: str = "") -> None:
        """Open the review page and wait for the card."""
        self.open(f"review?project={project}{query}")
        expect(self.page.locator(".labelclean .foot")).to_be_visible(timeout=30_000)

    def shown(self) -> str:
        """Return the text on the card."""
        return self.page.locator(".labelclean .text").text_content() or ""

    def decisions(self, project: str, at_least: int) -> list[dict[str, Any]]:
        """Return the log of a project once it has that many entries."""
        statement = "SELECT * FROM decisions WHERE project_id = ? ORDER BY position"
        deadline = time.monotonic() + WAIT_SECONDS
        while len(self.query(statement, project)) < at_least and time.monotonic() < deadline:
            self.page.wait_for_timeout(50)
        return self.query(statement, project)

    def download(self, button: str) -> bytes:
        """Press a download button and return the file."""
        with self.page.expect_download(timeout=30_000) as download:
            self.page.get_by_role("button", name=button, exact=True).click()
        return Path(download.value.path()).read_bytes()
