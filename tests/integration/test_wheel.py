"""The wheel: built, installed into a fresh environment, and started in an empty directory."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NEEDED_FILES = (
    "labelclean/assets/demo/support_messages.csv",
    "labelclean/assets/logo/logo.svg",
    "labelclean/assets/logo/favicon.png",
    *(
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "labelclean").rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    ),
)
DEADLINE_SECONDS = 60.0


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", folder, ROOT], check=True, capture_output=True, text=True
    )
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into a fresh environment, and return its console script."""
    environment = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    subprocess.run(
        [environment / "bin" / "python", "-m", "pip", "install", "--quiet", "--no-input", wheel],
        check=True,
        capture_output=True,
    )
    return environment / "bin" / "labelclean"


@pytest.fixture(scope="module")
def server(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start the app in an empty directory, and return its address."""
    empty = tmp_path_factory.mktemp("empty")
    home = tmp_path_factory.mktemp("home")
    log = (home / "server.log").open("w+", encoding="utf-8")
    process = subprocess.Popen(
        [installed, "--no-browser", "--port", str(_free_port())],
        cwd=empty,
        env={**os.environ, "LABELCLEAN_HOME": str(home / "data"), "PYTHONPATH": ""},
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        yield _announced_address(process, home / "server.log")
        assert list(empty.iterdir()) == []
    finally:
        process.terminate()
        process.wait(timeout=20)
        log.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _announced_address(process: subprocess.Popen[bytes], log: Path) -> str:
    give_up = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < give_up and process.poll() is None:
        said = re.search(r"labelclean runs at (http://\S+)", log.read_text(encoding="utf-8"))
        if said and _status(f"{said[1]}/_stcore/health") == 200:
            return said[1]
        time.sleep(0.1)
    pytest.fail(f"the server did not start:\n{log.read_text(encoding='utf-8')}")


def _status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return int(answer.status)
    except (urllib.error.URLError, OSError):
        return 0


def _page(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return str(answer.read().decode("utf-8"))


def test_the_wheel_holds_what_the_checkout_holds(wheel: Path) -> None:
    """A module, script, style sheet or picture that is only in the checkout breaks the app for everyone else."""
    with zipfile.ZipFile(wheel) as archive:
        missing = set(NEEDED_FILES) - set(archive.namelist())

    assert missing == set()


def test_the_wheel_holds_one_package_and_no_tests(wheel: Path) -> None:
    """The package is the only top-level name beside its metadata."""
    with zipfile.ZipFile(wheel) as archive:
        top = {name.split("/")[0] for name in archive.namelist()}

    assert {name for name in top if not name.endswith(".dist-info")} == {"labelclean"}


def test_the_installed_app_is_healthy(server: str) -> None:
    """The console script starts in a directory that holds nothing."""
    assert _page(f"{server}/_stcore/health") == "ok"


@pytest.mark.parametrize("path", ["/", "/review?project=no-such-project", "/noise", "/export"])
def test_a_deep_link_answers(server: str, path: str) -> None:
    """A bookmarked page opens directly."""
    page = _page(f"{server}{path}")

    assert "<html" in page
    assert '<div id="root">' in page


def test_the_installed_command_finds_suspects(installed: Path, tmp_path: Path) -> None:
    """The command line works from the wheel, on a file in another directory."""
    rows = [f"{'late parcel' if number % 2 else 'money back'} {number},{'ab'[number % 2]}" for number in range(40)]
    (tmp_path / "in.csv").write_text("text,label\n" + "\n".join(rows) + "\n", encoding="utf-8")

    result = subprocess.run(
        [installed, "find", "in.csv", "--text", "text", "--label", "label", "--output", "-"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )

    assert len(result.stdout.splitlines()) == 41
