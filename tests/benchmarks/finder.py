"""
Type-to-find over 5,000 classes in the real card and a real browser: from each key to the painted list.

Run: ``python -m tests.benchmarks.finder``.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, sync_playwright

from tests.e2e.conftest import BROWSER_ARGS, _free_port, _running_server

WORDS = ("number 0042", "4 2 1", "class", "zz")
N_ROUNDS = 5
PAUSE_MS = 120

# A frame has been painted when a task runs that was posted from its animation callback.
_WATCH = """() => {
  window.delays = [];
  window.addEventListener("keydown", (event) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => window.delays.push(performance.now() - event.timeStamp);
    channel.port2.postMessage(null);
  }), true);
}"""


def main() -> None:
    """Print one line."""
    app = Path(__file__).parents[1] / "e2e" / "card_app.py"
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        environment = {"CARD_DB": str(Path(folder) / "cards.db"), "PYTHONPATH": str(Path(__file__).parents[2])}
        with _running_server(app, _free_port(), environment) as server:
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(BROWSER_ARGS))
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.goto(f"{server.url}/?many&size=6000")
            page.locator(".labelclean .text").wait_for(timeout=60_000)
            page.locator('[data-test-script-state="notRunning"]').wait_for(state="attached")
            delays = [delay for _ in range(N_ROUNDS) for words in WORDS for delay in _typed(page, words)]
            browser.close()
    print(
        f"type-to-find over 5,000 classes, {len(delays)} keys: median {np.median(delays):.1f} ms, "
        f"p95 {np.percentile(delays, 95):.1f} ms, max {max(delays):.1f} ms"
    )


def _typed(page: Page, words: str) -> list[float]:
    """Open the list, type, delete as much again, and return the milliseconds of each of these keys."""
    page.keyboard.press("/")
    page.locator(".finder-input").wait_for()
    page.evaluate(_WATCH if not page.evaluate("'delays' in window") else "() => { window.delays = []; }")
    for key in (*words, *["Backspace"] * len(words)):
        page.keyboard.press(key)
        page.wait_for_timeout(PAUSE_MS)
    delays: list[float] = page.evaluate("window.delays")
    page.keyboard.press("Escape")
    page.locator(".finder-input").wait_for(state="hidden")
    return delays


if __name__ == "__main__":
    main()
