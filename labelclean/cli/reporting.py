"""What the command line says on stderr: progress, notes, errors; and the exit codes."""

from __future__ import annotations

import os
import sys
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import IntEnum

import typer

from labelclean.errors import LabelCleanError, LabelCleanWarning, NotFoundError
from labelclean.io.layout import FileSummary
from labelclean.protocols import Progress, no_progress

__all__ = ["EXIT_CODES", "ExitCode", "note", "note_encoding", "noted_warnings", "report_errors", "shown_progress"]


class ExitCode(IntEnum):
    """How a command ended."""

    OK = 0
    INTERNAL_ERROR = 1
    BAD_INPUT = 2
    NOT_FOUND = 3
    CHECK_FAILED = 4
    INTERRUPTED = 130
    READER_GONE = 141


# "\b" keeps the line breaks of what follows.
EXIT_CODES = """\b
Exit codes:
  0    done
  1    an error inside labelclean
  2    wrong usage, or input that cannot be used (stderr says what and how to fix it)
  3    a file that was named does not exist
  4    labelclean check: the dataset does not hold what was demanded
  130  interrupted (Ctrl+C)
  141  the reader of standard output went away, as in ... | head
"""


def note(sentence: str) -> None:
    """Say something on stderr; stdout is for data."""
    typer.echo(sentence, err=True)


def note_encoding(found: FileSummary) -> None:
    """Say which encoding was guessed where another one is possible: a wrong one spoils texts without a word."""
    layout = found.layout
    if layout.encoding != "utf-8" and not layout.byte_order_mark:
        reason = found.reasons["encoding"].rstrip(".")
        note(f"encoding: {layout.encoding!r} ({reason}); --encoding changes it")


@contextmanager
def report_errors() -> Iterator[None]:
    """Turn exceptions into two lines on stderr and an exit code."""
    try:
        yield
    except LabelCleanError as error:
        _say_error(error.message, error.fix)
        code = ExitCode.NOT_FOUND if isinstance(error, NotFoundError) else ExitCode.BAD_INPUT
        raise typer.Exit(code) from error
    except KeyboardInterrupt as error:
        note("interrupted")
        raise typer.Exit(ExitCode.INTERRUPTED) from error
    except BrokenPipeError as error:
        _discard_stdout()
        raise typer.Exit(ExitCode.READER_GONE) from error
    except (typer.Exit, typer.Abort, typer.BadParameter):
        raise
    except Exception as error:
        if os.environ.get("LABELCLEAN_DEBUG"):
            traceback.print_exc()
        # Not its message: that may hold a text of the dataset.
        _say_error(
            f"Something went wrong inside labelclean ({type(error).__name__} in {_place(error)}).",
            "Please report it with the command you ran; LABELCLEAN_DEBUG=1 prints the whole traceback.",
        )
        raise typer.Exit(ExitCode.INTERNAL_ERROR) from error


@contextmanager
def noted_warnings() -> Iterator[None]:
    """Say the package's own warnings in plain sentences; those of others say nothing to a user."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", LabelCleanWarning)
        yield
    for warning in caught:
        if issubclass(warning.category, LabelCleanWarning):
            note(f"warning: {warning.message}")


@contextmanager
def shown_progress(*, quiet: bool) -> Iterator[Progress]:
    """Give a progress callable that draws a bar on stderr; one that does nothing if quiet or not a terminal."""
    if quiet or sys.stderr is None or not sys.stderr.isatty():
        yield no_progress
        return
    from rich.console import Console  # noqa: PLC0415  (only where a bar is drawn)
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415
    from rich.progress import Progress as Bar  # noqa: PLC0415

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Starting", total=1.0)

        def show(step: str, fraction: float) -> None:
            bar.update(task, description=step, completed=fraction)

        yield show


def _discard_stdout() -> None:
    """Let the flush at Python's end go nowhere; nobody reads it, and it would complain."""
    if sys.stdout is not None:
        with suppress(OSError), open(os.devnull, "wb") as nowhere:  # noqa: PTH123  (a device, not a path)
            os.dup2(nowhere.fileno(), sys.stdout.fileno())


def _say_error(message: str, fix: str) -> None:
    note(f"error: {message}")
    if fix:
        note(f"fix: {fix}")


def _place(error: BaseException) -> str:
    """Return the innermost function of this package that the error went through."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "labelclean" in frame.filename]
    return f"{os.path.basename(frames[-1].filename)}:{frames[-1].lineno}" if frames else "an unknown place"  # noqa: PTH119  (a name, not a path)
