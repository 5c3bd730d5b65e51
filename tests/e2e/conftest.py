"""A real server and a real browser for the end-to-end tests."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.driver import App

APP = Path(__file__).parents[2] / "app.py"
STARTS_WITHIN_SECONDS = 60.0

BROWSER_ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)

SERVER_OPTIONS = (
    "--server.headless=true",
    "--server.address=127.0.0.1",
    "--server.fileWatcherType=none",
    "--browser.gatherUsageStats=false",
    "--runner.postScriptGC=false",
)


@dataclass(frozen=True)
class Server:
    """A running Streamlit server."""

    url: str
    port: int
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(timeout=10)

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Let it do nothing for a while, as on a machine that is too busy."""
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)


StartServer = Callable[[Path, int, Mapping[str, str]], AbstractContextManager[Server]]


@pytest.fixture
def browser_args() -> tuple[str, ...]:
    """Return Chromium's arguments: no sandbox in a container, no calls to the outside."""
    return BROWSER_ARGS


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Debian's Chromium once for all tests."""
    with sync_playwright() as playwright:
        path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=path, args=list(BROWSER_ARGS))
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open a page of 1280 x 800 with a storage of its own."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def free_port() -> Callable[[], int]:
    """Return what finds a port nobody listens on."""
    return _free_port


@pytest.fixture(scope="session")
def start_server() -> StartServer:
    """Return what starts `streamlit run APP` on a port and ends it afterwards."""
    return _running_server


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data directory of the shared server."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def shared_server(start_server: StartServer, free_port: Callable[[], int], home: Path) -> Iterator[Server]:
    """Start the app once for all tests of a module that leave it alive."""
    with start_server(APP, free_port(), {"LABELCLEAN_HOME": str(home)}) as server:
        yield server


@pytest.fixture
def app(page: Page, shared_server: Server, home: Path) -> App:
    """Return the app on the shared server."""
    return App(page, shared_server, home)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def _running_server(app: Path, port: int, env: Mapping[str, str]) -> Iterator[Server]:
    command = [sys.executable, "-m", "streamlit", "run", str(app), f"--server.port={port}", *SERVER_OPTIONS]
    process = subprocess.Popen(command, env={**os.environ, **env}, stdin=subprocess.DEVNULL)
    server = Server(url=f"http://127.0.0.1:{port}", port=port, process=process)
    try:
        _wait_until_healthy(server)
        yield server
    finally:
        process.kill()
        process.wait(timeout=10)


def _wait_until_healthy(server: Server) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            pytest.fail(f"the server ended with code {server.process.returncode} before it answered")
        try:
            with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"the server did not answer within {STARTS_WITHIN_SECONDS:.0f} s")
