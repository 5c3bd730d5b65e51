"""``labelclean check``: a dataset held against rules and a limit of label errors, for continuous integration."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from labelclean.cli.files import STDOUT, check_not_input, existing_dataset, write_output
from labelclean.cli.options import Quiet
from labelclean.cli.reading import ReadingOptions, reads_a_file
from labelclean.cli.reporting import ExitCode, note, noted_warnings, report_errors, shown_progress
from labelclean.cli.watching import watch
from labelclean.config import AuditConfig
from labelclean.errors import InvalidInputError

if TYPE_CHECKING:
    from labelclean.checking import CheckOptions, CheckResult
    from labelclean.checking.places import FilePlaces

__all__ = ["check"]

_DEFAULTS = AuditConfig()


@report_errors()
@reads_a_file
def check(
    *,
    file: Annotated[Path, typer.Argument(help="The dataset.", show_default=False)],
    max_errors: Annotated[
        str | None, typer.Option(help="Most label errors: a share such as 2%, or a number.", show_default=False)
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Hold the estimate against the limit, not its lower end.")
    ] = False,
    fail_on: Annotated[
        list[str] | None, typer.Option("--fail-on", help="A rule that must hold; may be repeated.", show_default=False)
    ] = None,
    no_audit: Annotated[bool, typer.Option("--no-audit", help="Look at the rules only; takes seconds.")] = False,
    json_file: Annotated[Path | None, typer.Option("--json", help="JSON to write.", show_default=False)] = None,
    sarif: Annotated[Path | None, typer.Option("--sarif", help="SARIF 2.1.0 to write.", show_default=False)] = None,
    junit: Annotated[Path | None, typer.Option("--junit", help="JUnit XML to write.", show_default=False)] = None,
    top: Annotated[int, typer.Option(help="Most rows to list for each rule, and most suspects.")] = 50,
    with_texts: Annotated[bool, typer.Option("--with-texts", help="Quote texts in the files written.")] = False,
    reading: ReadingOptions,
    folds: Annotated[int, typer.Option(help="Folds of the cross-validation, 2 to 50.")] = _DEFAULTS.n_folds,
    seed: Annotated[int, typer.Option(help="The same seed gives the same outcome.")] = _DEFAULTS.random_state,
    quiet: Quiet = False,
) -> None:
    """Check the labels of a dataset, and exit with 4 if they do not hold."""
    # The engine takes a second to import; --help need not wait for it.
    from labelclean.checking import check_labels  # noqa: PLC0415
    from labelclean.checking.places import find_places  # noqa: PLC0415
    from labelclean.io.source import read_dataset  # noqa: PLC0415

    source = existing_dataset(file)
    targets = [target for target in (json_file, sarif, junit) if target is not None]
    _check_targets(source, targets)
    options = _options(max_errors, fail_on, strict=strict, top=top, audits=not no_audit)
    config = AuditConfig(n_folds=folds, random_state=seed)
    check_unchanged = watch(source)
    found = reading.look_into(source, quiet=quiet)
    dataset = read_dataset(source, found.layout, reading.roles(found, quiet=quiet))
    check_unchanged()
    for warning in found.warnings:
        note(f"warning: {warning}")
    with shown_progress(quiet=quiet) as progress, noted_warnings():
        result = check_labels(dataset, options, config=config, progress=progress)
    places = find_places(source, found.layout, dataset, result.hashes)
    for target, make in _reports(json_file, sarif, junit, with_texts=with_texts):
        write_output(target, partial(_write, make(result, places)))
    if STDOUT not in targets:
        _print(result, places)
    if not result.is_passed:
        raise typer.Exit(ExitCode.CHECK_FAILED)


def _options(
    max_errors: str | None, fail_on: list[str] | None, *, strict: bool, top: int, audits: bool
) -> CheckOptions:
    from labelclean.checking import RULES, CheckOptions, RuleName, parse_limit  # noqa: PLC0415  (see above)

    known: dict[str, RuleName] = {str(rule): rule for rule in RULES}
    unknown = [rule for rule in fail_on or () if rule not in known]
    if unknown:
        raise InvalidInputError(f"--fail-on must name a rule; got {unknown[0]!r}.", fix=f"One of {', '.join(known)}.")
    return CheckOptions(
        max_errors=None if max_errors is None else parse_limit(max_errors),
        is_strict=strict,
        fail_on=frozenset(known[rule] for rule in fail_on or ()),
        top=top,
        audits=audits,
    )


def _check_targets(source: Path, targets: list[Path]) -> None:
    for target in targets:
        check_not_input(target, source, force=False)
    if len({target.resolve() for target in targets}) < len(targets):
        raise InvalidInputError("--json, --sarif and --junit must be different files.", fix="Name another one.")


Maker = Callable[["CheckResult", "FilePlaces"], bytes]


def _reports(
    json_file: Path | None, sarif: Path | None, junit: Path | None, *, with_texts: bool
) -> list[tuple[Path, Maker]]:
    from labelclean.checking.json_report import check_json  # noqa: PLC0415  (see above)
    from labelclean.checking.junit import check_junit  # noqa: PLC0415
    from labelclean.checking.sarif import check_sarif  # noqa: PLC0415

    makers = ((json_file, check_json), (sarif, check_sarif), (junit, check_junit))
    return [(target, partial(make, with_texts=with_texts)) for target, make in makers if target is not None]


def _write(content: bytes, target: BinaryIO) -> None:
    target.write(content)


def _print(result: CheckResult, places: FilePlaces) -> None:
    """Print the report on stdout; a terminal gets a drawn table."""
    from labelclean.checking.words import check_lines, suspect_table  # noqa: PLC0415  (see above)

    for line in check_lines(result, places):
        typer.echo(line)
    table = suspect_table(result, places)
    if table:
        typer.echo("Most suspect rows:")
        _print_table(table)
    typer.echo("Passed." if result.is_passed else f"Failed: {', '.join(result.failed)}.")


def _print_table(cells: list[tuple[str, ...]]) -> None:
    if sys.stdout is not None and sys.stdout.isatty():
        from rich.console import Console  # noqa: PLC0415  (only where a table is drawn)
        from rich.table import Table  # noqa: PLC0415

        drawn = Table(*cells[0])
        for row in cells[1:]:
            drawn.add_row(*row)
        Console(markup=False, highlight=False).print(drawn)
        return
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    for row in cells:
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        typer.echo(f"  {line.rstrip()}")
