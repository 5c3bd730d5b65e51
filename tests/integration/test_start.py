"""``labelclean start``: the server as a process of its own."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

Start = Callable[..., "tuple[subprocess.Popen[bytes], str]"]
ROOT = Path(__file__).resolve().parents[2]
DEADLINE_SECONDS = 60.0


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start servers in an empty directory; they are stopped at the end."""
    running: list[subprocess.Popen[bytes]] = []
    log = tmp_path / "server.log"

    def begin(*arguments: str) -> tuple[subprocess.Popen[bytes], str]:
        with log.open("wb") as stream:
            process = subprocess.Popen(
                [sys.executable, "-m", "labelclean", "--no-browser", *arguments],
                cwd=tmp_path,
                env={**os.environ, "LABELCLEAN_HOME": str(tmp_path / "home")},
                stdout=stream,
                stderr=subprocess.STDOUT,
            )
        running.append(process)
        return process, _wait_for("runs at", process, log)

    yield begin
    for process in running:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(words: str, process: subprocess.Popen[bytes], log: Path) -> str:
    give_up = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < give_up and process.poll() is None:
        said = log.read_text(encoding="utf-8")
        if words in said:
            return said
        time.sleep(0.05)
    pytest.fail(f"the server did not say {words!r}:\n{log.read_text(encoding='utf-8')}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _port(said: str) -> int:
    return int(re.findall(r"http://127\.0\.0\.1:(\d+)", said)[0])


def _open_socket(port: int, host: str, origin: str) -> str:
    """Ask for Streamlit's web socket under a host name, and return the status line of the answer."""
    request = (
        f"GET /_stcore/stream HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(request.encode())
        return connection.recv(4096).decode("latin-1").splitlines()[0]


def test_the_server_says_where_it_runs_and_little_else(start: Start) -> None:
    """One line with the address; no banner."""
    port = _free_port()

    _, said = start("--port", str(port))

    assert said == f"labelclean runs at http://127.0.0.1:{port} (stop it with Ctrl+C).\n"


def test_a_taken_port_is_left_alone(start: Start) -> None:
    """The next free port is used, and said."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = int(other.getsockname()[1])

        _, said = start("--port", str(taken))

    assert f"Port {taken} is taken; using " in said
    assert _port(said) > taken


def test_an_open_address_is_warned_about(start: Start) -> None:
    """Whoever lets others in is told what they can do."""
    _, said = start("--port", str(_free_port()), "--host", "0.0.0.0")  # noqa: S104  (the case under test)

    assert "There is no login: everyone who can reach this address can read and change all projects." in said


def test_ctrl_c_is_the_normal_end(start: Start) -> None:
    """The terminal comes back with success and no traceback."""
    process, _ = start("--port", str(_free_port()))

    process.send_signal(signal.SIGINT)

    assert process.wait(timeout=20) == 0


def test_only_this_machines_names_open_the_app(start: Start) -> None:
    """A web page that points its own name at this machine does not get in."""
    port = _port(start("--port", str(_free_port()))[1])

    answers = {
        host: _open_socket(port, f"{host}:{port}", f"http://{host}:{port}") for host in ("127.0.0.1", "localhost")
    }
    refused = _open_socket(port, f"evil.example:{port}", f"http://evil.example:{port}")

    assert {answer.split()[1] for answer in answers.values()} == {"101"}
    assert refused.split()[1] == "403"


def test_streamlit_can_run_the_checkouts_script(tmp_path: Path) -> None:
    """``streamlit run app.py`` starts the same app with the options of config.toml."""
    port = _free_port()
    log = tmp_path / "server.log"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)],
            cwd=ROOT,
            env={**os.environ, "LABELCLEAN_HOME": str(tmp_path / "home")},
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
    try:
        said = _wait_for(f"http://127.0.0.1:{port}", process, log)
    finally:
        process.terminate()
        process.wait(timeout=20)

    assert "external" not in said.lower()
