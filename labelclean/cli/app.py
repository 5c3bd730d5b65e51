"""The command line's commands, and what runs when none is named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from labelclean import __version__
from labelclean.cli.apply import apply
from labelclean.cli.check import check
from labelclean.cli.examples import (
    APPLY_EXAMPLES,
    CHECK_EXAMPLES,
    EXAMPLES,
    FIND_EXAMPLES,
    READING,
    RECEIVE_EXAMPLES,
    SEND_EXAMPLES,
    START_EXAMPLES,
)
from labelclean.cli.find import find
from labelclean.cli.receive import receive
from labelclean.cli.reporting import EXIT_CODES
from labelclean.cli.send import send
from labelclean.cli.start import DEFAULT_HOST, DEFAULT_PORT, Host, NoBrowser, Port, start

__all__ = ["app", "run"]

# Plain help keeps the examples' line breaks and can be copied from.
app = typer.Typer(
    name="labelclean",
    help="Find the wrong labels in a text dataset, and fix them in the browser.",
    epilog=f"{EXAMPLES}\n{EXIT_CODES}",
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command(epilog=f"{START_EXAMPLES}\n{EXIT_CODES}")(start)
app.command(epilog=f"{FIND_EXAMPLES}\n{READING}\n{EXIT_CODES}")(find)
app.command(epilog=f"{APPLY_EXAMPLES}\n{READING}\n{EXIT_CODES}")(apply)
app.command(epilog=f"{CHECK_EXAMPLES}\n{READING}\n{EXIT_CODES}")(check)
app.command(epilog=f"{SEND_EXAMPLES}\n{READING}\n{EXIT_CODES}")(send)
app.command(epilog=f"{RECEIVE_EXAMPLES}\n{READING}\n{EXIT_CODES}")(receive)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"labelclean {__version__}")
        raise typer.Exit


_Version = Annotated[
    bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and stop.")
]


@app.callback(invoke_without_command=True)
def _start_unless_named(
    context: typer.Context,
    *,
    port: Port = DEFAULT_PORT,
    host: Host = DEFAULT_HOST,
    no_browser: NoBrowser = False,
    version: _Version = False,  # noqa: ARG001  (its callback does it)
) -> None:
    """Find the wrong labels in a text dataset, and fix them in the browser."""
    if context.invoked_subcommand is None:
        start(port=port, host=host, no_browser=no_browser)


def run(arguments: Sequence[str]) -> int:
    """
    Run one command.

    Parameters
    ----------
    arguments : sequence of str
        What follows the program's name.

    Returns
    -------
    int
        The exit code.
    """
    try:
        typer.main.get_command(app).main(args=list(arguments), prog_name="labelclean")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return 0
