"""A reviewer who goes on deciding while the server is killed under their hands, again and again."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from playwright.sync_api import Error, Page, expect

from tests.e2e.driver import App, Server

__all__ = ["KilledRun", "decide_while_killing"]

APP = Path(__file__).parents[2] / "app.py"
PATIENCE_SECONDS = 45.0
GIVES_UP = 2.0  # the cards that the browser holds are decided, and the server is down
GOES_ON_FOR = 4
JUMPS_AFTER = 4.0  # seconds that a reviewer looks at a row they know
VERDICTS = {"k": "keep", "u": "unsure", "b": "ambiguous"}
SHOWN = """() => {
    const host = [...document.querySelectorAll("*")].find((node) => node.shadowRoot?.querySelector(".labelclean"));
    return host?.shadowRoot.querySelector("[data-row]")?.dataset.row ?? "";
}"""

StartServer = Callable[[Path, int, Mapping[str, str]], AbstractContextManager[Server]]


@dataclass(frozen=True, kw_only=True)
class KilledRun:
    """
    What a run with kills left.

    Attributes
    ----------
    decided : list of (int, str)
        What the reviewer decided, in order: row and verdict.
    stored : list of (int, str)
        What stands in the log, in order.
    n_uuids : int
        Number of different uuids in the log.
    n_kills : int
        Times the server was killed.
    n_jumps : int
        Times a row that was decided already stayed on the screen, and the reviewer jumped to the next undecided one.
    n_reloads : int
        Times no card came, and the reviewer loaded the page again.
    """

    decided: list[tuple[int, str]]
    stored: list[tuple[int, str]]
    n_uuids: int
    n_kills: int
    n_jumps: int
    n_reloads: int


def decide_while_killing(
    page: Page, start_server: StartServer, port: int, home: Path, *, n_decisions: int, n_kills: int, seed: int
) -> KilledRun:
    """
    Decide rows of the demo by keyboard; kill the server at random moments, go on, start it again.

    A key is pressed once for each row that is shown, so a row that comes twice or is passed over shows in the log.
    """
    rng = np.random.default_rng(seed)
    kills = set(rng.choice(np.arange(3, n_decisions - GOES_ON_FOR - 1), size=n_kills, replace=False).tolist())
    env, decided = {"LABELCLEAN_HOME": str(home)}, dict[int, str]()
    with ExitStack() as running:
        server = running.enter_context(start_server(APP, port, env))
        app = App(page, server, home)
        project = app.demo_id()
        app.review(project, "&all=1")
        app.settle()
        goes_on = n_killed = n_reloads = 0
        jumps = [0]
        while len(decided) < n_decisions:
            is_down = goes_on > 0
            key = "kub"[int(rng.integers(3))]
            came = _decide_next(page, decided, key, GIVES_UP if is_down else PATIENCE_SECONDS, jumps)
            if not came and not is_down:
                n_reloads += 1
                page.reload()
                assert _decide_next(page, decided, key, PATIENCE_SECONDS, jumps), "no further row was shown"
                came = True
            goes_on = goes_on - 1 if came else 0
            if is_down and goes_on == 0:
                server = running.enter_context(start_server(APP, port, env))
            elif not is_down and kills and len(decided) >= min(kills):
                kills.discard(min(kills))
                page.wait_for_timeout(float(rng.uniform(0, 150)))
                server.kill()
                n_killed += 1
                goes_on = GOES_ON_FOR
        if goes_on > 0:
            running.enter_context(start_server(APP, port, env))
        expect(page.locator(".labelclean .saved")).to_have_attribute("data-state", "saved", timeout=60_000)
        log = app.decisions(project, n_decisions)
    return KilledRun(
        decided=list(decided.items()),
        stored=[(entry["row"], entry["verdict"]) for entry in log],
        n_uuids=len({entry["uuid"] for entry in log}),
        n_kills=n_killed,
        n_jumps=jumps[0],
        n_reloads=n_reloads,
    )


def _row_shown(page: Page) -> str:
    """Return the row on the card; nothing while the page loads itself again."""
    try:
        return str(page.evaluate(SHOWN))
    except Error:
        return ""


def _decide_next(page: Page, decided: dict[int, str], key: str, seconds: float, jumps: list[int]) -> bool:
    """Wait for a row that was not decided yet, and press the key; return whether one came."""
    deadline = time.monotonic() + seconds
    jumps_at = time.monotonic() + JUMPS_AFTER
    while time.monotonic() < deadline:
        row = _row_shown(page)
        if row.isdigit() and int(row) not in decided:
            page.keyboard.press(key)
            decided[int(row)] = VERDICTS[key]
            return True
        if row.isdigit() and time.monotonic() > jumps_at:
            page.keyboard.press("j")
            jumps[0] += 1
            jumps_at = time.monotonic() + JUMPS_AFTER
        page.wait_for_timeout(20)
    return False
