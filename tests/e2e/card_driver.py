"""Drives the page around the review card, and looks into the log behind it."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

from playwright.sync_api import Locator, Page, expect

__all__ = ["CARD_APP", "CardPage"]

CARD_APP = Path(__file__).parent / "card_app.py"
_WAIT_SECONDS = 20.0


class Server(Protocol):
    """A running server, as tests/e2e/conftest.py makes it."""

    @property
    def url(self) -> str:
        """Its address."""


class CardPage:
    """The page with the card, in a project of its own, and the database behind it."""

    def __init__(self, page: Page, server: Server, database: Path) -> None:
        self.page = page
        self.server = server
        self.database = database
        self.project = str(uuid4())

    def open(self, query: str = "") -> None:
        """Load the page and wait for the card."""
        self.page.goto(f"{self.server.url}/?project={self.project}&{query}")
        expect(self.part(".foot")).to_be_visible(timeout=30_000)

    def reload(self) -> None:
        """Load the page again, as after F5."""
        self.page.reload()
        expect(self.part(".foot")).to_be_visible(timeout=30_000)

    def part(self, selector: str) -> Locator:
        """Return a part of the card."""
        return self.page.locator(f".labelclean {selector}")

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, words: str) -> None:
        """Type words where the focus is."""
        self.page.keyboard.type(words)

    def chip(self, label: str) -> Locator:
        """Return the chip of a label."""
        return self.part(f'.chips .chip[title="{label}"]')

    def events(self) -> list[dict[str, Any]]:
        """Return the log in its order."""
        with closing(sqlite3.connect(self.database)) as connection:
            connection.row_factory = sqlite3.Row
            statement = "SELECT * FROM events WHERE project = ? ORDER BY position"
            return [dict(row) for row in connection.execute(statement, [self.project])]

    def stored(self, n_events: int) -> list[dict[str, Any]]:
        """Wait until that many events are in the log, and return them."""
        deadline = time.monotonic() + _WAIT_SECONDS
        while len(self.events()) < n_events and time.monotonic() < deadline:
            self.page.wait_for_timeout(50)
        return self.events()

    def told(self, n_events: int) -> list[tuple[int, str, object]]:
        """Return row, verdict and label of each event, once that many are stored; label sets as lists."""
        return [
            (event["row"], event["verdict"] or event["kind"], _label(event["label"])) for event in self.stored(n_events)
        ]

    def settle(self) -> None:
        """Wait until the card says that all is saved."""
        expect(self.part(".saved")).to_contain_text("saved", timeout=20_000)


def _label(stored: str | None) -> object:
    return json.loads(stored) if stored is not None and stored.startswith("[") else stored
