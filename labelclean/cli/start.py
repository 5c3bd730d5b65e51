"""``labelclean start``: the app in the browser."""

from __future__ import annotations

from typing import Annotated

import typer

from labelclean.cli.reporting import note, report_errors

__all__ = ["DEFAULT_HOST", "DEFAULT_PORT", "Host", "NoBrowser", "Port", "start"]

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8501

Port = Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on; the next free one if it is taken.")]
Host = Annotated[str, typer.Option(help="Address to listen on; the default is reached from this machine only.")]
NoBrowser = Annotated[bool, typer.Option("--no-browser", help="Do not open the browser.")]


@report_errors()
def start(*, port: Port = DEFAULT_PORT, host: Host = DEFAULT_HOST, no_browser: NoBrowser = False) -> None:
    """Start the app and open it in the browser."""
    # The web server takes a second to import; --help need not wait for it.
    from labelclean.ui.server import free_port, is_loopback, serve  # noqa: PLC0415

    if not is_loopback(host):
        note(
            f"warning: listening on {host}. There is no login: everyone who can reach this address can read and "
            "change all projects. Use it only in a network you trust, or behind a proxy that asks for a password."
        )
    chosen = free_port(host, port)
    if chosen != port:
        note(f"Port {port} is taken; using {chosen}.")
    try:
        serve(
            host=host,
            port=chosen,
            open_browser=not no_browser,
            announce=lambda url: note(f"labelclean runs at {url} (stop it with Ctrl+C)."),
        )
    except KeyboardInterrupt:
        note("Stopped.")
