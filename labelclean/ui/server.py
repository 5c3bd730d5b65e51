"""Start the web server: Streamlit with our options, and the browser once it listens."""

from __future__ import annotations

import ipaddress
import logging
import socket
import webbrowser
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Thread

from labelclean.errors import InvalidInputError
from labelclean.ui.options import SERVER_OPTIONS, THEME_OPTIONS

__all__ = ["SCRIPT", "free_port", "is_loopback", "serve", "server_options", "url_of"]

SCRIPT = Path(__file__).with_name("script.py")

PORTS_TRIED = 100


def serve(*, host: str, port: int, open_browser: bool, announce: Callable[[str], None]) -> None:
    """
    Run the app until it is stopped.

    Parameters
    ----------
    host : str
        Address to listen on.
    port : int
        Port to listen on, free at this moment.
    open_browser : bool
        Whether to show the app in the user's browser.
    announce : callable
        Told the app's address once the server listens.
    """
    import streamlit as st

    _quieten_server_log()

    @asynccontextmanager
    async def on_start(_app: st.App) -> AsyncIterator[None]:
        # Streamlit takes the next port if another program was quicker.
        url = url_of(host, int(st.get_option("server.port")))
        announce(url)
        if open_browser:
            # The socket listens already; a browser that blocks must not hold the server up.
            Thread(target=webbrowser.open, args=(url,), daemon=True).start()
        yield

    st.App(SCRIPT, lifespan=on_start).run(config=server_options(host=host, port=port))


def server_options(*, host: str, port: int) -> dict[str, object]:
    """Return all options of one server; a host other than this machine may be asked for by any name."""
    options = {
        **SERVER_OPTIONS,
        **THEME_OPTIONS,
        "server.address": host,
        "server.port": port,
        "logger.hideWelcomeMessage": True,
    }
    if not is_loopback(host):
        options["server.allowedHosts"] = []
    return options


def is_loopback(host: str) -> bool:
    """Tell whether an address is reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def free_port(host: str, first: int) -> int:
    """
    Return the first free port from ``first`` upwards.

    Raises
    ------
    InvalidInputError
        If the host is not an address of this machine, or a hundred ports in a row are taken.
    """
    for port in range(first, min(first + PORTS_TRIED, 65536)):
        if _can_listen(host, port):
            return port
    raise InvalidInputError(
        f"--port must leave a free port; the {PORTS_TRIED} ports from {first} on are taken.",
        fix="Name another one, such as --port 9000.",
    )


def _can_listen(host: str, port: int) -> bool:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise InvalidInputError(
            "--host must be an address of this machine; it is unknown.",
            fix="Leave it out, or use 0.0.0.0 for every address of this machine.",
        ) from error
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
            probe.listen(1)
        except OSError as error:
            return _refuse_unless_taken(error)
    return True


def _refuse_unless_taken(error: OSError) -> bool:
    """Return False for a port that is taken or reserved; another reason will not go away with the next port."""
    import errno

    if error.errno in {errno.EADDRINUSE, errno.EACCES}:
        return False
    raise InvalidInputError(
        f"--host must be an address of this machine; listening failed: {error.strerror}.",
        fix="Leave it out, or use 0.0.0.0 for every address of this machine.",
    ) from error


def url_of(host: str, port: int) -> str:
    """Return the address to type into a browser on this machine."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104  (read, not bound)
    return f"http://{shown}:{port}"


def _quieten_server_log() -> None:
    """Leave only warnings of the web server; its start-up lines say what ours say better."""
    from uvicorn.config import LOGGING_CONFIG

    LOGGING_CONFIG["loggers"]["uvicorn"]["level"] = logging.getLevelName(logging.WARNING)
