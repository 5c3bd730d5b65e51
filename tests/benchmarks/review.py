"""
The app as a reviewer feels it: cold start, key press to next card painted, key press to row in SQLite.

Run: ``python -m tests.benchmarks.review [ROWS]`` (default 10000).
"""

from __future__ import annotations

import sqlite3
import statistics
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from labelclean.config import AuditConfig
from labelclean.home import Home
from labelclean.io.layout import ColumnRoles
from labelclean.io.source import inspect_file
from labelclean.workspace import Workspace
from tests.benchmarks.made_data import write_made_csv
from tests.e2e.conftest import BROWSER_ARGS, _free_port, _running_server

ROOT = Path(__file__).parents[2]
N_PRESSES = 60
PAUSE_MS = 30
N_STORED = 20

# The first frame after the text changed has been painted when a task posted from its animation callback runs.
RECORD_PAINTS = """() => {
    const host = [...document.querySelectorAll("*")].find((node) => node.shadowRoot?.querySelector(".labelclean"));
    const channel = new MessageChannel();
    let pressedAt = null;
    window.delays = [];
    channel.port1.onmessage = () => {
        if (pressedAt !== null) window.delays.push(performance.now() - pressedAt);
        pressedAt = null;
    };
    window.addEventListener("keydown", (event) => { pressedAt = event.timeStamp; }, true);
    new MutationObserver(() => requestAnimationFrame(() => channel.port2.postMessage(null)))
        .observe(host.shadowRoot.querySelector(".text"), { childList: true, characterData: true, subtree: true });
}"""


def main(arguments: list[str]) -> None:
    """Make a project, start the app, and print one line for each figure."""
    n_rows = int(arguments[0]) if arguments else 10_000
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Home.at(Path(folder) / "home")
        project = _make_project(home, Path(folder) / "made.csv", n_rows)
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(BROWSER_ARGS))
        started = time.perf_counter()
        with _running_server(ROOT / "app.py", _free_port(), {"LABELCLEAN_HOME": str(home.root)}) as server:
            _measure(browser, server.url, home, project, started)
        browser.close()


def _make_project(home: Home, source: Path, n_rows: int) -> str:
    write_made_csv(source, n_rows=n_rows, n_classes=20)
    workspace = Workspace.open(home)
    workspace.ensure_demo()
    with source.open("rb") as stream:
        sha256, n_bytes = workspace.keep_file(stream, max_bytes=10**10)
    project = workspace.create_project(
        name="made",
        file_name=source.name,
        sha256=sha256,
        n_bytes=n_bytes,
        layout=inspect_file(source).layout,
        roles=ColumnRoles(text="text", label="label", row_id="id"),
    )
    workspace.run_audit(project.id, AuditConfig())
    workspace.close()
    return project.id


def _measure(browser: Browser, url: str, home: Home, project: str, started: float) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(url)
    page.locator(".lc-project-name").first.wait_for(timeout=60_000)
    cold = time.perf_counter() - started
    opened = time.perf_counter()
    page.goto(f"{url}/review?project={project}&all=1")
    page.locator(".labelclean .text").wait_for(timeout=60_000)
    first_card = time.perf_counter() - opened
    page.wait_for_timeout(2000)
    painted = _painted(page)
    _wait_for(home.database, project, N_PRESSES)
    stored = [_stored(page, home.database, project, N_PRESSES + place) for place in range(N_STORED)]
    print(f"cold start of the server to first content: {cold:.1f} s")
    print(f"review page opened to first card:          {first_card:.1f} s")
    for name, delays in (("key press to next card painted", painted), ("key press to row in SQLite", stored)):
        p95 = statistics.quantiles(delays, n=20)[-1]
        print(f"{name:32} n={len(delays):3}  median {statistics.median(delays):6.1f} ms  p95 {p95:6.1f} ms")


def _painted(page: Page) -> list[float]:
    page.evaluate(RECORD_PAINTS)
    for place in range(N_PRESSES):
        page.keyboard.press("akbux"[place % 5])
        page.wait_for_timeout(PAUSE_MS)
    delays: list[float] = page.evaluate("window.delays")
    return delays


def _stored(page: Page, database: Path, project: str, n_before: int) -> float:
    page.wait_for_timeout(300)
    start = time.perf_counter()
    page.keyboard.press("k")
    _wait_for(database, project, n_before + 1)
    return 1000 * (time.perf_counter() - start)


def _wait_for(database: Path, project: str, n_events: int) -> None:
    with closing(sqlite3.connect(database)) as connection:
        statement = "SELECT count(*) FROM decisions WHERE project_id = ?"
        while connection.execute(statement, [project]).fetchone()[0] < n_events:
            time.sleep(0.002)


if __name__ == "__main__":
    main(sys.argv[1:])
