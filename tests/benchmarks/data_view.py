"""
The other columns of a file, and the table of all rows in a real browser, at many rows.

Run: ``python -m tests.benchmarks.data_view [--rows 1000000]``.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
from playwright.sync_api import Page, sync_playwright

from labelclean.home import Home
from labelclean.io.layout import ColumnRoles, FileLayout
from labelclean.io.row_columns import build_row_columns, open_row_columns
from labelclean.io.source import inspect_file
from tests.benchmarks.made_project import make_project
from tests.e2e.conftest import BROWSER_ARGS, _free_port, _running_server

T = TypeVar("T")

ROOT = Path(__file__).parents[2]
ROLES = ColumnRoles(text="text", label="label", row_id="id")
N_TURNS = 20
N_ASKED = 20

# The table is drawn on a canvas, and its cells for screen readers follow 200 ms after that: what counts is the first
# text drawn that was not there before. A frame has been painted when a task runs that its callback posted.
_WATCH = """(() => {
  const draw = CanvasRenderingContext2D.prototype.fillText, channel = new MessageChannel();
  window.drawn = new Set();
  window.before = null;
  channel.port1.onmessage = () => { window.paintedAt = performance.now(); };
  CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
    window.drawn.add(text);
    if (window.before !== null && text.length > 30 && !window.before.has(text)) {
      window.before = null;
      requestAnimationFrame(() => channel.port2.postMessage(null));
    }
    return draw.call(this, text, ...rest);
  };
})()"""

_TURN = """async name => {
  window.before = new Set(window.drawn);
  window.paintedAt = null;
  const began = performance.now();
  document.querySelector(`[data-testid="stPagination"] [aria-label="${name}"]`).click();
  while (window.paintedAt === null) await new Promise(next => setTimeout(next, 2));
  const delay = window.paintedAt - began;
  window.drawn.clear();
  return delay;
}"""


def main(arguments: list[str]) -> None:
    """Print one line for each figure."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks.data_view")
    parser.add_argument("--rows", type=int, default=1_000_000)
    n_rows = parser.parse_args(arguments).rows
    with tempfile.TemporaryDirectory() as folder:
        _measure_columns(Path(folder), n_rows)
        _measure_table(Path(folder), n_rows)


def _measure_columns(folder: Path, n_rows: int) -> None:
    source, target = folder / "columns.csv", folder / "columns.arrow"
    _write_columns(source, n_rows)
    layout = inspect_file(source).layout
    seconds, peak, grown = _in_child(source, layout, target)
    print(f"{n_rows:,} rows, 8 other columns, CSV of {source.stat().st_size / 1e6:,.0f} MB:")
    print(f"  keeping them: {seconds:.1f} s, peak {peak:,.0f} MB of memory, of which {grown:,.0f} MB for the work")
    print(f"  the kept file: {target.stat().st_size / 1e6:,.0f} MB")
    columns, opened = _timed(lambda: open_row_columns(target, layout, ROLES))
    print(f"  opening and checking it: {1000 * opened:,.0f} ms")
    for name, value in (("channel", "web"), ("country", "c17"), ("customer", "customer 7"), ("note", "never written")):
        times = [_timed(lambda: columns.rows_with(name, value))[1] for _ in range(N_ASKED)]  # noqa: B023
        n_found = len(columns.rows_with(name, value))
        print(f"  rows with {name}={value} ({n_found:,} of them): median {1000 * float(np.median(times)):.1f} ms")
    rows = np.random.default_rng(0).integers(n_rows, size=200).tolist()
    print(f"  all columns of a row: {1000 * _timed(lambda: [columns.row(row) for row in rows])[1] / len(rows):.2f} ms")
    print(f"  most frequent values of channel: {1000 * _timed(lambda: columns.values('channel'))[1]:.0f} ms")
    print(f"  order by customer, once: {_timed(lambda: columns.ranks('customer'))[1]:.1f} s")


def _measure_table(folder: Path, n_rows: int) -> None:
    home = Home.at(folder / "home")
    project = make_project(home, folder / "made.csv", n_rows=n_rows)
    environment = {"LABELCLEAN_HOME": str(home.root), "USER": "reviewer", "LOGNAME": "reviewer"}
    with sync_playwright() as playwright, _running_server(ROOT / "app.py", _free_port(), environment) as server:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(BROWSER_ARGS))
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.set_default_timeout(180_000)
        page.add_init_script(_WATCH)
        for query in ("", "&sort=-error", "&sort=text", "&sort=text&q=a"):
            seconds = _timed(lambda: _open(page, f"{server.url}/data?project={project}{query}"))[1]  # noqa: B023
            turns = _turns(page)
            median, high = np.median(turns), np.percentile(turns, 95)
            print(
                f"  table{query or ' in file order'}: opened in {seconds:.1f} s; "
                f"page turn {median:.0f} ms, p95 {high:.0f}"
            )
        browser.close()


def _open(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("#glide-cell-0-0").wait_for(state="attached")
    page.locator('[data-test-script-state="notRunning"]').wait_for(state="attached")


def _turns(page: Page) -> list[float]:
    turns = []
    for turn in range(N_TURNS):
        turns.append(float(page.evaluate(_TURN, "Next page" if turn % 4 else "Page 1" if turn else "Next page")))
        page.locator('[data-test-script-state="notRunning"]').wait_for(state="attached")
        page.wait_for_timeout(300)  # a reviewer looks at the page before turning it
    return turns


def _write_columns(path: Path, n_rows: int) -> None:
    rng = np.random.default_rng(0)
    channels, countries = rng.integers(3, size=n_rows).tolist(), rng.integers(60, size=n_rows).tolist()
    customers, sizes = rng.integers(n_rows // 4, size=n_rows).tolist(), rng.integers(10_000, size=n_rows).tolist()
    with path.open("w", encoding="utf-8") as file:
        file.write("id,text,label,channel,country,customer,size,day,agent,note,url\n")
        for row in range(n_rows):
            channel = ("web", "mail", "phone")[channels[row]]
            file.write(
                f"m{row},a message of usual length number {row} about an order,l{row % 20},{channel},"
                f"c{countries[row]},customer {customers[row]},{sizes[row]},2026-0{row % 9 + 1}-1{row % 9},"
                f"agent {row % 500},a remark on row {row},https://example.org/messages/{row}\n"
            )


def _build(
    source: Path, layout: FileLayout, target: Path, results: multiprocessing.Queue[tuple[float, float, float]]
) -> None:
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # forget the peak so far
    before = _peak_megabytes()
    seconds = _timed(lambda: build_row_columns(source, layout, ROLES, target))[1]
    peak = _peak_megabytes()
    results.put((seconds, peak, peak - before))


def _peak_megabytes() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1000


def _in_child(source: Path, layout: FileLayout, target: Path) -> tuple[float, float, float]:
    """Do the work in a process of its own, whose memory is nothing but the work's."""
    context = multiprocessing.get_context("spawn")
    results: multiprocessing.Queue[tuple[float, float, float]] = context.Queue()
    child = context.Process(target=_build, args=(source, layout, target, results))
    child.start()
    found = results.get()
    child.join()
    return found


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    began = time.perf_counter()
    result = work()
    return result, time.perf_counter() - began


if __name__ == "__main__":
    main(sys.argv[1:])
