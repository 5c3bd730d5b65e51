"""The command line's commands, and what runs when none is named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from labelclean import __version__
from labelclean.cli.apply import apply
from labelclean.cli.check import check
from labelclean.cli.find import find
from labelclean.cli.receive import receive
from labelclean.cli.reporting import EXIT_CODES
from labelclean.cli.send import send
from labelclean.cli.start import DEFAULT_HOST, DEFAULT_PORT, Host, NoBrowser, Port, start

__all__ = ["app", "run"]

_EXAMPLES = """\b
Examples:
  labelclean                                    start the app in the browser
  labelclean start --port 9000 --no-browser
  labelclean find reviews.csv --text text --label label --output suspects.csv
  labelclean apply reviews.csv --decisions change_log.csv --output fixed.csv
  labelclean check reviews.csv --max-errors 2% --fail-on contradictions
"""

_START_EXAMPLES = """\b
Examples:
  labelclean start
  labelclean start --port 9000 --no-browser
  labelclean start --host 0.0.0.0               reachable from other machines, without a login
"""

_FIND_EXAMPLES = """\b
Examples:
  labelclean find reviews.csv --text text --label label --output suspects.csv
  labelclean find reviews.jsonl --output - --quiet | head
  labelclean find reviews.csv --output suspects.csv --summary summary.json --folds 10
  labelclean find reviews.csv --output suspects.csv --pred-probs probs.parquet
  labelclean find reviews.csv --output suspects.csv --pred-probs probs.npy --class-names bad,fine,good
\b
Columns of the output, every row of the input, most suspect first:
  rank               1 = most suspect
  row                0-based record in the input
  given_label        as in the input; empty if it has none
  suggested_label    the most likely label
  label_quality      0 to 1, low = suspect
  error_probability  0 to 1
  is_issue           true or false
Rows without a label come last; their scores are empty.
\b
--pred-probs takes held-out probabilities of your own model, one row for each row of the dataset:
  .npy .npz          an array, the columns in the order of the sorted labels, or of --class-names
  .parquet .csv      one column per class, named like the class; other columns are left out
  .parquet           or one list column, in the order of the sorted labels, or of --class-names
"""

_APPLY_EXAMPLES = """\b
Examples:
  labelclean apply reviews.csv --decisions change_log.csv --output fixed.csv
  labelclean apply reviews.csv --decisions change_log.jsonl --output fixed.csv --drop-excluded
  labelclean apply newer.csv --decisions change_log.csv --dry-run --report rows.csv
  labelclean apply newer.csv --decisions change_log.csv --output fixed.csv --skip-changed
  labelclean apply fixed.csv --decisions change_log.csv --output original.csv --revert
\b
Everything but the corrected label cells stays as it is, byte for byte; an empty log gives the identical file.
\b
The file may have changed since the review. Rows are found by their ids (--id), else by position and text_hash; a row
that is elsewhere is found if its text stands once in the file and once in the log. If any row was edited, is gone, was
relabelled or is ambiguous, nothing is written (exit code 2) and stderr names it; --skip-changed applies the others.
The change log and the report are ours: cells that a spreadsheet would run as formulas have an apostrophe in front. The
dataset is yours: its cells stay as they are.
"""

_CHECK_EXAMPLES = """\b
Examples:
  labelclean check reviews.csv --max-errors 2%
  labelclean check reviews.csv --max-errors 2% --fail-on contradictions --fail-on empty-texts
  labelclean check reviews.csv --max-errors 50 --sarif labels.sarif --junit labels.xml --json labels.json
  labelclean check reviews.csv --no-audit --fail-on contradictions
\b
Rules for --fail-on:
  contradictions   the same text with different labels
  duplicates       the same text more than once
  empty-texts      rows without a text
  unlabelled       rows without a label
  similar-names    class names that look like one, such as Refund and refund
  rare-classes     classes with fewer than 5 rows
\b
--max-errors fails if even the lower end of the estimated number of label errors is above the limit; with --strict, and
for label sets, where no interval is known, if the estimate is. Reports hold no texts unless --with-texts.
"""

_SEND_EXAMPLES = """\b
Examples:
  labelclean send reviews.csv --suspects suspects.csv --to label-studio --output tasks.json --config labels.xml
  labelclean send reviews.csv --suspects suspects.csv --to argilla --output records.json --top 200
  labelclean send reviews.csv --suspects suspects.csv --to doccano --output texts.jsonl --config labels.json
  labelclean send reviews.csv --suspects suspects.csv --to prodigy --output tasks.jsonl
\b
Each task has the text, the given label, the suggested one (chosen already, where the tool has suggestions) and keys
that begin with labelclean_, by which labelclean receive finds the row again. Leave those in the tool's export.
"""

_RECEIVE_EXAMPLES = """\b
Examples:
  labelclean receive export.json --data reviews.csv --output changes.csv
  labelclean receive anna.jsonl ben.jsonl --from doccano --data reviews.csv --output changes.csv
  labelclean apply reviews.csv --decisions changes.csv --output fixed.csv
\b
The label of the file: keep. The suggested one: accept. Another one: relabel. Passed over, or answered by several
annotators who differ: unsure, which leaves the label as it is.
"""

# Plain help keeps the examples' line breaks and can be copied from.
app = typer.Typer(
    name="labelclean",
    help="Find the wrong labels in a text dataset, and fix them in the browser.",
    epilog=f"{_EXAMPLES}\n{EXIT_CODES}",
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command(epilog=f"{_START_EXAMPLES}\n{EXIT_CODES}")(start)
app.command(epilog=f"{_FIND_EXAMPLES}\n{EXIT_CODES}")(find)
app.command(epilog=f"{_APPLY_EXAMPLES}\n{EXIT_CODES}")(apply)
app.command(epilog=f"{_CHECK_EXAMPLES}\n{EXIT_CODES}")(check)
app.command(epilog=f"{_SEND_EXAMPLES}\n{EXIT_CODES}")(send)
app.command(epilog=f"{_RECEIVE_EXAMPLES}\n{EXIT_CODES}")(receive)


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
