"""``labelclean send``: suspects as tasks for an annotation tool."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from labelclean import __version__
from labelclean.cli.files import STDOUT, check_not_input, existing_dataset, existing_file, write_output
from labelclean.cli.options import Force, Quiet
from labelclean.cli.reading import ReadingOptions, reads_a_file
from labelclean.cli.reporting import note, report_errors
from labelclean.errors import InvalidInputError
from labelclean.io.exchange.contract import ToolName

if TYPE_CHECKING:
    from labelclean.io.exchange.contract import ExchangeTool, TaskSet

__all__ = ["send"]


@report_errors()
@reads_a_file
def send(
    *,
    file: Annotated[Path, typer.Argument(help="The dataset that the suspects were found in.", show_default=False)],
    suspects: Annotated[Path, typer.Option(help="What `labelclean find` wrote.", show_default=False)],
    to: Annotated[ToolName, typer.Option("--to", help="The annotation tool.", show_default=False)],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Tasks to write; - is standard output.", show_default=False)
    ],
    reading: ReadingOptions,
    top: Annotated[
        int | None, typer.Option(min=1, help="The most suspect rows, so many, flagged or not.", show_default=False)
    ] = None,
    issues_only: Annotated[
        bool, typer.Option("--issues-only", help="The flagged rows; so it is if nothing is said.")
    ] = False,
    all_rows: Annotated[bool, typer.Option("--all", help="Every row.")] = False,
    config: Annotated[
        Path | None,
        typer.Option(help="The labels to choose from, as Label Studio and doccano import them.", show_default=False),
    ] = None,
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Write suspects as tasks for an annotation tool, most suspect first."""
    # The engine takes a second to import; --help need not wait for it.
    from labelclean.cli.sending import read_suspects, sent_rows  # noqa: PLC0415
    from labelclean.cli.task_labels import TaskLabels  # noqa: PLC0415
    from labelclean.io.exchange.contract import TaskSet  # noqa: PLC0415
    from labelclean.io.exchange.tools import TOOLS  # noqa: PLC0415
    from labelclean.io.source import read_dataset  # noqa: PLC0415

    if (top is not None) + issues_only + all_rows > 1:
        raise InvalidInputError(
            "Only one of --top, --issues-only and --all can say which rows are sent; several were given.",
            fix="Give one of them.",
        )
    source, table = existing_dataset(file), existing_file(suspects)
    _check_targets(output, config, (source, table), force=force)
    found = reading.look_into(source, quiet=quiet)
    dataset = read_dataset(source, found.layout, reading.roles(found, quiet=quiet))
    labels = TaskLabels.of(dataset)
    rows = sent_rows(read_suspects(table), dataset, labels, top=top, all_rows=all_rows)
    tasks = TaskSet(
        rows=rows, choices=labels.names.tokens, is_multiple=labels.is_multiple, version=f"labelclean {__version__}"
    )
    tool = TOOLS[to]
    _write(tool, tasks, output, config)
    if not quiet:
        _report(tool, tasks, output, config)


def _check_targets(output: Path, config: Path | None, inputs: tuple[Path, ...], *, force: bool) -> None:
    for target in (output, config):
        for read in inputs:
            if target is not None:
                check_not_input(target, read, force=force)
    if config is not None and config.resolve() == output.resolve():
        raise InvalidInputError(
            f"--output and --config must be two files; both are {output}.", fix="Name another file for one of them."
        )


def _write(tool: ExchangeTool, tasks: TaskSet, output: Path, config: Path | None) -> None:
    labels = tool.config(tasks)
    if config is not None and labels is None:
        raise InvalidInputError(
            f"--config is for Label Studio and doccano; {tool.title} does not need one.", fix="Leave --config out."
        )
    write_output(output, partial(tool.write, tasks))
    if config is not None and labels is not None:
        write_output(config, lambda target: target.write(labels.encode("utf-8", "backslashreplace")))


def _report(tool: ExchangeTool, tasks: TaskSet, output: Path, config: Path | None) -> None:
    n_rows = len(tasks.rows)
    where = "standard output" if output == STDOUT else output
    note(f"Wrote {n_rows:,} {'task' if n_rows == 1 else 'tasks'} for {tool.title} to {where}.")
    if not n_rows:
        note("No row is flagged: --top sends the most suspect ones, --all every row.")
    if config is not None:
        note(f"Wrote the labels to {config}.")
    elif tool.config(tasks) is not None:
        note(f"{tool.title} must know the labels: --config FILE writes them as it imports them.")
