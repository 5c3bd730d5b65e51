"""
The review screen as a reviewer feels it, in a real browser, on a made project with rich cards.

Run: ``python -m tests.benchmarks.review [--rows 100000] [--large 1000000] [--decisions 5000]``; ``--large 0`` leaves
the large project out. ``python -m tests.benchmarks.data_view`` measures the table of all rows.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from labelclean.home import Home
from tests.benchmarks.made_project import make_project
from tests.benchmarks.review_measures import Desk, four_reviewers, said
from tests.e2e.conftest import BROWSER_ARGS, Server, _free_port, _running_server

ROOT = Path(__file__).parents[2]
N_PRESSES = 60
N_BURST, BURST_PAUSE_MS = 200, 25
N_STORED = 20
N_FILTERS = 5
REPORT_EVERY = 1_000


def main(arguments: list[str]) -> None:
    """Make the projects, start the app, and print one line for each figure."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks.review")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--large", type=int, default=1_000_000)
    parser.add_argument("--decisions", type=int, default=5_000, help="of the run that watches the memory")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Home.at(Path(folder) / "home")
        project = make_project(home, Path(folder) / "made.csv", n_rows=asked.rows)
        large = make_project(home, Path(folder) / "large.csv", n_rows=asked.large) if asked.large else None
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(BROWSER_ARGS))
        _measure(browser, home, project, n_rows=asked.rows, n_decisions=asked.decisions)
        if large is not None:
            _measure_large(browser, home, large, n_rows=asked.large)
        browser.close()


def _measure(browser: Browser, home: Home, project: str, *, n_rows: int, n_decisions: int) -> None:
    print(f"{n_rows:,} rows:")
    started = time.perf_counter()
    with _running_server(ROOT / "app.py", _free_port(), {"LABELCLEAN_HOME": str(home.root)}) as server:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(server.url)
        page.locator(".lc-project-name").first.wait_for(timeout=120_000)
        print(said("cold start of the server to first content", 1000 * (time.perf_counter() - started)))
        desk = Desk(page, server.url, home.database, project)
        print(said("review page opened to first card", desk.open()))
        print(said("key press to next card painted", *desk.paints("akbux", N_PRESSES, pause_ms=30)))
        desk.burst("ak", N_BURST, pause_ms=BURST_PAUSE_MS)
        print(said("key press to row in SQLite", *(desk.store_one() for _ in range(N_STORED))))
        print(said("filter changed to first card", *(desk.change_filter(place) for place in range(N_FILTERS))))
        _watch_memory(desk, server, n_decisions)
        page.close()
        four_reviewers(browser, server.url, home.database, project)


def _watch_memory(desk: Desk, server: Server, n_decisions: int) -> None:
    """Print the memory of the server every thousand decisions."""
    desk.open("&all=1")
    for n_done in range(0, n_decisions, REPORT_EVERY):
        print(f"  memory of the server after {n_done:5,} decisions: {_resident_mib(server.process.pid):,.0f} MiB")
        desk.decide("k", min(REPORT_EVERY, n_decisions - n_done), pause_ms=25)
    print(f"  memory of the server after {n_decisions:5,} decisions: {_resident_mib(server.process.pid):,.0f} MiB")


def _measure_large(browser: Browser, home: Home, project: str, *, n_rows: int) -> None:
    print(f"{n_rows:,} rows:")
    with _running_server(ROOT / "app.py", _free_port(), {"LABELCLEAN_HOME": str(home.root)}) as server:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        desk = Desk(page, server.url, home.database, project)
        print(said("review page opened to first card", desk.open()))
        print(said("key press to next card painted", *desk.paints("akbux", N_PRESSES, pause_ms=30)))
        print(said("key press to row in SQLite", *(desk.store_one() for _ in range(N_STORED))))
        print(said("filter changed to first card", *(desk.change_filter(place) for place in range(N_FILTERS))))
        page.close()


def _resident_mib(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main(sys.argv[1:])
