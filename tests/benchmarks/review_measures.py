"""What a reviewer's browser measures: paints, decisions on their way to the database, filters."""

from __future__ import annotations

import sqlite3
import statistics
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

from playwright.sync_api import Browser, Page

__all__ = ["Desk", "four_reviewers", "said"]

VERDICTS = {"a": "accept", "k": "keep", "b": "ambiguous", "u": "unsure", "x": "exclude"}
N_REVIEWERS, N_EACH = 4, 60
FILTERS = ("moli", "tira", "voke", "zuse", "nura")  # parts of words, in some texts each
WAIT_SECONDS = 60.0

# A frame has been painted when a task runs that was posted from its animation callback. The card on screen is noted
# at each key, before the card itself hears of it.
WATCH = """() => {
    const host = [...document.querySelectorAll("*")].find((node) => node.shadowRoot?.querySelector(".labelclean"));
    const shadow = host.shadowRoot;
    const channel = new MessageChannel();
    let pressedAt = null;
    window.delays = [];
    window.presses = [];
    channel.port1.onmessage = () => {
        if (pressedAt !== null) window.delays.push(performance.now() - pressedAt);
        pressedAt = null;
    };
    window.addEventListener("keydown", (event) => {
        pressedAt = event.timeStamp;
        window.presses.push([event.key, Number(shadow.querySelector(".body").dataset.row)]);
    }, true);
    new MutationObserver(() => requestAnimationFrame(() => channel.port2.postMessage(null)))
        .observe(shadow.querySelector(".text"), { childList: true, characterData: true, subtree: true });
}"""

# Resolves with the milliseconds from the key to the first frame whose card has another total under it.
WAIT_FOR_OTHER_QUEUE = """() => new Promise((resolve) => {
    const host = [...document.querySelectorAll("*")].find((node) => node.shadowRoot?.querySelector(".labelclean"));
    const figures = () => host.shadowRoot.querySelector(".figures").textContent;
    const before = figures();
    window.otherQueue = null;
    window.addEventListener("keydown", (event) => {
        if (event.key !== "Enter") return;
        const look = () => {
            if (figures() === before) return requestAnimationFrame(look);
            const channel = new MessageChannel();
            channel.port1.onmessage = () => { window.otherQueue = performance.now() - event.timeStamp; };
            channel.port2.postMessage(null);
        };
        requestAnimationFrame(look);
    }, { capture: true, once: true });
    resolve();
})"""


def said(what: str, *delays: float) -> str:
    """Return a line: one figure as it is, several as median and 95th percentile."""
    if len(delays) == 1:
        return f"  {what:46} {delays[0]:8,.0f} ms"
    p95 = statistics.quantiles(delays, n=20)[-1]
    return f"  {what:46} n={len(delays):3}  median {statistics.median(delays):6.1f} ms  p95 {p95:6.1f} ms"


class Desk:
    """One reviewer's page, and the database behind it."""

    def __init__(self, page: Page, url: str, database: Path, project: str) -> None:
        self.page = page
        self.url = url
        self.database = database
        self.project = project
        page.set_default_timeout(120_000)

    def open(self, query: str = "") -> float:
        """Open the review page; return the milliseconds to its first card."""
        started = time.perf_counter()
        self.page.goto(f"{self.url}/review?project={self.project}{query}")
        self.page.locator(".labelclean .text").wait_for()
        delay = 1000 * (time.perf_counter() - started)
        self._settle()
        self.page.evaluate(WATCH)
        return delay

    def paints(self, keys: str, n_presses: int, *, pause_ms: int) -> list[float]:
        """Return for each key press the milliseconds until the next card was painted."""
        self.page.evaluate("window.delays = []")
        self.decide(keys, n_presses, pause_ms=pause_ms)
        delays: list[float] = self.page.evaluate("window.delays")
        return delays

    def decide(self, keys: str, n_presses: int, *, pause_ms: int) -> None:
        """Press keys in turn, and wait until all decisions are stored."""
        wanted = self.n_stored() + n_presses
        for place in range(n_presses):
            self.page.keyboard.press(keys[place % len(keys)])
            self.page.wait_for_timeout(pause_ms)
        self.wait_for(wanted)
        self._settle()

    def burst(self, keys: str, n_presses: int, *, pause_ms: int) -> None:
        """Press keys quickly, and print whether each decision is stored once, on the card that was on screen."""
        before = self.n_stored()
        self.page.evaluate("window.presses = []")
        started = time.perf_counter()
        for place in range(n_presses):
            self.page.keyboard.press(keys[place % len(keys)])
            self.page.wait_for_timeout(pause_ms)
        seconds = time.perf_counter() - started
        self.wait_for(before + n_presses)
        pressed = [(int(row), VERDICTS[key]) for key, row in self.page.evaluate("window.presses")]
        statement = "SELECT row, verdict FROM decisions WHERE project_id = ? ORDER BY position LIMIT -1 OFFSET ?"
        stored = [(int(str(row)), str(verdict)) for row, verdict in self._query(statement, before)]
        right = (Counter(pressed) & Counter(stored)).total()
        print(f"  {n_presses} decisions in {seconds:.1f} s: {len(stored)} stored, {right} of them on the right card")

    def store_one(self) -> float:
        """Return the milliseconds from a key press to its row in the database."""
        self.page.wait_for_timeout(300)
        wanted = self.n_stored() + 1
        started = time.perf_counter()
        self.page.keyboard.press("k")
        self.wait_for(wanted)
        return 1000 * (time.perf_counter() - started)

    def change_filter(self, place: int) -> float:
        """Filter by a word; return the milliseconds from Enter to the first card of the other queue."""
        self._settle()
        box = self.page.get_by_placeholder("text contains …")
        box.fill(FILTERS[place % len(FILTERS)])
        self.page.evaluate(WAIT_FOR_OTHER_QUEUE)
        box.press("Enter")
        self.page.wait_for_function("window.otherQueue !== null")
        delay: float = self.page.evaluate("window.otherQueue")
        return delay

    def n_stored(self) -> int:
        """Return the number of entries in the log."""
        return int(str(self._query("SELECT count(*) FROM decisions WHERE project_id = ?")[0][0]))

    def wait_for(self, n_events: int) -> None:
        """Wait until the log has that many entries."""
        deadline = time.monotonic() + WAIT_SECONDS
        while self.n_stored() < n_events and time.monotonic() < deadline:
            time.sleep(0.002)

    def _settle(self) -> None:
        self.page.locator('[data-test-script-state="notRunning"]').wait_for(state="attached")

    def _query(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.database)) as connection:
            return list(connection.execute(statement, [self.project, *values]))


def four_reviewers(browser: Browser, url: str, database: Path, project: str) -> None:
    """Let four browsers decide at once, each in a class of its own, and print what was stored and how quick it was."""
    desks = []
    for place in range(N_REVIEWERS):
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        desk = Desk(context.new_page(), url, database, project)
        desk.open(f"&all=1&given=class_{place + 1:02d}")
        desk.page.evaluate("window.delays = []; window.presses = []")
        desks.append(desk)
    before = desks[0].n_stored()
    for number in range(N_EACH):
        for desk in desks:
            desk.page.keyboard.press("ak"[number % 2])
        desks[0].page.wait_for_timeout(60)
    desks[0].wait_for(before + N_REVIEWERS * N_EACH)
    statement = "SELECT uuid, row FROM decisions WHERE project_id = ? ORDER BY position LIMIT -1 OFFSET ?"
    stored = desks[0]._query(statement, before)
    pressed = {int(row) for desk in desks for _, row in desk.page.evaluate("window.presses")}
    print(
        f"  four browsers, {N_REVIEWERS * N_EACH} decisions: {len(stored)} stored, "
        f"{len({row for _, row in stored} & pressed)} of {len(pressed)} rows right"
    )
    print(said("  four browsers, key to next card painted", *_delays(desks)))
    for desk in desks:
        desk.page.context.close()


def _delays(desks: list[Desk]) -> list[float]:
    return [delay for desk in desks for delay in desk.page.evaluate("window.delays")]
