"""``labelclean apply``: a change log replayed on the file it was made for."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from labelclean.cli.columns import choose_column
from labelclean.cli.files import STDOUT, check_not_input, existing_file, write_output
from labelclean.cli.options import (
    Delimiter,
    Encoding,
    Force,
    Format,
    LabelColumn,
    Quiet,
    RowIdColumn,
)
from labelclean.cli.reporting import note, report_errors
from labelclean.cli.understanding import understand
from labelclean.io.layout import ColumnRoles, FileSummary

if TYPE_CHECKING:
    from labelclean.dataset import Dataset

__all__ = ["apply"]


@report_errors()
def apply(
    *,
    file: Annotated[Path, typer.Argument(help="The dataset the log was made for.", show_default=False)],
    decisions: Annotated[Path, typer.Option(help="The change log: CSV or JSONL.", show_default=False)],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="File to write; - is standard output.", show_default=False)
    ],
    drop_excluded: Annotated[bool, typer.Option("--drop-excluded", help="Leave excluded rows out.")] = False,
    label: LabelColumn = None,
    row_id: RowIdColumn = None,
    file_format: Format = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Write a dataset with the corrections of a change log."""
    # The engine takes a second to import; --help need not wait for it.
    from labelclean.export import corrections_from_log, excluded_from_log, read_change_log  # noqa: PLC0415
    from labelclean.io.source import write_back  # noqa: PLC0415

    source = existing_file(file)
    log = existing_file(decisions)
    for read in (source, log):
        check_not_input(output, read, force=force)
    entries = read_change_log(log)
    if not entries:
        write_output(output, lambda target: _copy(source, target))
        _report(0, 0, output, quiet=quiet)
        return
    found = understand(source, file_format=file_format, encoding=encoding, delimiter=delimiter, quiet=quiet)
    column = choose_column(found, "label", label, quiet=quiet)
    corrections = corrections_from_log(entries, _labels_of(source, found, column, row_id))
    dropped = excluded_from_log(entries) if drop_excluded else frozenset()
    n_changed = write_output(
        output,
        lambda target: write_back(
            source, target, found.layout, ColumnRoles(text=column, label=column), corrections, dropped_rows=dropped
        ),
    )
    _report(n_changed, len(dropped), output, quiet=quiet)


def _labels_of(source: Path, found: FileSummary, column: str, row_id: str | None) -> Dataset:
    """Read what the log is checked against; a dataset has texts as well, but nothing looks at them here."""
    from labelclean.io.source import read_dataset  # noqa: PLC0415  (see above)

    guessed = next((guess.column for guess in found.guesses if guess.role == "text"), None)
    id_column = choose_column(found, "row_id", row_id, quiet=True) if row_id is not None else None
    roles = ColumnRoles(text=guessed or column, label=column, row_id=id_column)
    return read_dataset(source, found.layout, roles)


def _copy(source: Path, target: BinaryIO) -> None:
    with source.open("rb") as original:
        shutil.copyfileobj(original, target)


def _report(n_changed: int, n_dropped: int, output: Path, *, quiet: bool) -> None:
    if quiet:
        return
    rows = f", rows left out: {n_dropped:,}" if n_dropped else ""
    note(f"Labels changed: {n_changed:,}{rows}. Wrote {'standard output' if output == STDOUT else output}.")
