"""Run all tests with `python3 -m tests`, also from a fresh clone where nothing is installed yet."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from labelclean import bootstrap
from tests import public_suites


def find_atomic_library() -> Path | None:
    """Return a library that Playwright's driver loads and that a bare Linux lacks; elsewhere nothing is missing."""
    if sys.platform != "linux":
        return Path()
    return next((path for folder in ("/usr/lib", "/usr/lib64") for path in Path(folder).rglob("libatomic.so.1")), None)


SYSTEM_PACKAGES = {
    "chromium": bootstrap.find_browser,
    "postgresql": bootstrap.find_postgres,
    "libatomic1": find_atomic_library,
    "npm": public_suites.find_npm,
}
OTHER_SYSTEMS = (
    "Install Google Chrome or Chromium, PostgreSQL and npm "
    "(macOS: brew install --cask chromium; brew install postgresql node)."
)


def install_programs() -> None:
    """Get the browser and the database server that the tests drive, and npm for the public suites, where missing."""
    missing = [name for name, find in SYSTEM_PACKAGES.items() if find() is None]
    if not missing:
        return
    sys.stderr.write(f"Installing the system packages {', '.join(missing)} (a minute or two, once) ...\n")
    bootstrap.run_as_administrator(missing)
    still_missing = [name for name in missing if SYSTEM_PACKAGES[name]() is None]
    if still_missing:
        by_hand = f"Run: sudo apt-get update && sudo apt-get install -y {' '.join(still_missing)}"
        sys.stderr.write(
            f"error: The tests need {', '.join(still_missing)}, which could not be installed.\n"
            f"fix: {by_hand if sys.platform == 'linux' else OTHER_SYSTEMS}\n"
        )
        raise SystemExit(bootstrap.USAGE_ERROR)


def fetch_suites() -> None:
    """Get the public conformance suites, once."""
    problem = public_suites.fetch()
    if problem:
        sys.stderr.write(
            f"error: The tests need {', '.join(public_suites.missing_suites())} from the npm registry; {problem}.\n"
            "fix: Check the internet connection, then run the same command again.\n"
        )
        raise SystemExit(bootstrap.USAGE_ERROR)


def main(arguments: list[str]) -> int:
    """Run pytest over everything; further arguments are passed on."""
    install_programs()
    fetch_suites()

    # The end-to-end tests look for the browser under this name.
    os.environ.setdefault("CHROMIUM", str(bootstrap.find_browser()))

    import pytest  # noqa: PLC0415  (not there before the set-up)

    os.chdir(bootstrap.CHECKOUT)
    return int(pytest.main(["-n", "2", "--dist", "loadfile", *arguments]))


if __name__ == "__main__":
    bootstrap.enter("tests", sys.argv[1:], extra="test")
    raise SystemExit(main(sys.argv[1:]))
