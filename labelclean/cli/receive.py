"""``labelclean receive``: what annotators said in their tool as a change log."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from labelclean.cli.files import STDOUT, check_not_input, existing_dataset, existing_file, write_output
from labelclean.cli.options import Force, Quiet
from labelclean.cli.reading import ReadingOptions, reads_a_file
from labelclean.cli.reporting import note, report_errors
from labelclean.errors import FileContentError
from labelclean.io.exchange.contract import ConflictRule, ToolName

if TYPE_CHECKING:
    from labelclean.cli.returning import Outcome
    from labelclean.io.exchange.tools import Returned

__all__ = ["receive"]

_MOST_SHOWN = 20


@report_errors()
@reads_a_file
def receive(
    *,
    annotated: Annotated[
        list[Path], typer.Argument(help="What the tool exported; one file or several.", show_default=False)
    ],
    data: Annotated[Path, typer.Option(help="The dataset that the tasks were made from.", show_default=False)],
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", help="Change log to write, .csv or .jsonl; - is standard output.", show_default=False
        ),
    ],
    reading: ReadingOptions,
    tool: Annotated[
        ToolName | None, typer.Option("--from", help="The annotation tool; told from the file.", show_default=False)
    ] = None,
    conflicts: Annotated[
        ConflictRule,
        typer.Option(help="What a row gets on which annotators differ: unsure, or the label submitted last."),
    ] = "unsure",
    skip_changed: Annotated[
        bool, typer.Option("--skip-changed", help="Leave out rows that changed since they were sent.")
    ] = False,
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Write what annotators said as a change log, for labelclean apply."""
    # The engine takes a second to import; --help need not wait for it.
    from labelclean.cli.returning import changes_from  # noqa: PLC0415
    from labelclean.cli.task_labels import TaskLabels  # noqa: PLC0415
    from labelclean.export import change_log_csv, change_log_jsonl  # noqa: PLC0415
    from labelclean.io.exchange.tools import read_annotations  # noqa: PLC0415
    from labelclean.io.source import read_dataset  # noqa: PLC0415

    source, files = existing_dataset(data), [existing_file(path) for path in annotated]
    for read in (source, *files):
        check_not_input(output, read, force=force)
    returned = [read_annotations(path, tool=tool) for path in files]
    found = reading.look_into(source, quiet=quiet)
    dataset = read_dataset(source, found.layout, reading.roles(found, quiet=quiet))
    answers = [annotation for each in returned for annotation in each.annotations]
    outcome = changes_from(answers, dataset, TaskLabels.of(dataset), conflicts=conflicts)
    _check_refusals(outcome, skip_changed=skip_changed)
    log = change_log_jsonl if output.suffix.lower() == ".jsonl" else change_log_csv
    write_output(output, lambda target: target.write(log(outcome.changes)))
    if not quiet:
        _report(returned, outcome, output)


def _check_refusals(outcome: Outcome, *, skip_changed: bool) -> None:
    """Say each row that is left out, whether or not that is an error."""
    shown = outcome.refusals[:_MOST_SHOWN]
    for refusal in shown:
        note(f"left out: row {refusal.row:,} ({refusal.place}): {refusal.reason}")
    n_refused = len(outcome.refusals)
    if n_refused > len(shown):
        note(f"left out: {n_refused - len(shown):,} rows more")
    if n_refused and not skip_changed:
        raise FileContentError(
            f"Every answered row must be in the data as it was sent; {n_refused:,} "
            f"{'is' if n_refused == 1 else 'are'} not.",
            fix="Name the file that was sent with --data, or add --skip-changed to leave these rows out.",
        )


def _report(returned: list[Returned], outcome: Outcome, output: Path) -> None:
    title, n_unanswered = returned[0].tool.title, sum(each.n_unanswered for each in returned)
    verdicts = Counter(change.verdict for change in outcome.changes)
    counts = ", ".join(f"{verdict} {count:,}" for verdict, count in sorted(verdicts.items()))
    rest = f"; tasks without an answer: {n_unanswered:,}" if n_unanswered else ""
    note(f"{title}: answered rows: {len(outcome.changes):,} ({counts or 'none'}){rest}.")
    if outcome.n_shared:
        n_agreed = outcome.n_shared - len(outcome.conflicts)
        note(f"Rows that several annotators labelled: {outcome.n_shared:,}; they agree on {n_agreed:,}.")
    for conflict in outcome.conflicts[:_MOST_SHOWN]:
        note(f"annotators differ: row {conflict.row:,}, {conflict.n_annotators} annotators, {conflict.n_labels} labels")
    if len(outcome.conflicts) > _MOST_SHOWN:
        note(f"annotators differ: {len(outcome.conflicts) - _MOST_SHOWN:,} rows more")
    note(f"Wrote the change log to {'standard output' if output == STDOUT else output}.")
