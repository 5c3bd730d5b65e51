"""
Decides 500 rows through the real card, with 20 kills of the server at random moments: nothing lost, nothing doubled.

Run: ``python -m tests.benchmarks.faults [SEED]``. It ends with an error if so.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.e2e.conftest import BROWSER_ARGS, _free_port, _running_server
from tests.e2e.killing import decide_while_killing

N_DECISIONS = 500
N_KILLS = 20


def main(arguments: list[str]) -> int:
    """Decide, kill, compare."""
    seed = int(arguments[0]) if arguments else 0
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(BROWSER_ARGS))
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        started = time.monotonic()
        run = decide_while_killing(
            page, _running_server, _free_port(), Path(home), n_decisions=N_DECISIONS, n_kills=N_KILLS, seed=seed
        )
        seconds = time.monotonic() - started
        browser.close()
    lost = len(set(run.decided) - set(run.stored))
    doubled = len(run.stored) - len(dict(run.stored))
    is_same = run.stored == run.decided
    print(
        f"{len(run.decided)} decisions, {run.n_kills} kills, {seconds:.0f} s: {len(run.stored)} stored, {lost} lost, "
        f"{doubled} doubled, order {'kept' if is_same else 'changed'}; {run.n_jumps} jumps past a decided row, "
        f"{run.n_reloads} reloads"
    )
    return 1 if lost or doubled else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
