"""What ``labelclean apply`` says about a replayed log, and which columns of the file it compares."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from labelclean.arrays import Label
from labelclean.cli.columns import choose_column
from labelclean.cli.reading import ReadingOptions
from labelclean.cli.reporting import note
from labelclean.errors import FileContentError
from labelclean.io.layout import ColumnRoles, FileFormat, FileLayout, FileSummary

if TYPE_CHECKING:
    from labelclean.dataset import Dataset
    from labelclean.export import LogEntry, Replay

__all__ = ["offering_utf8", "print_plan", "read_for_log", "refuse_problems", "say_problems"]

_MOST_SHOWN = 20
_PLAIN_TEXT: frozenset[FileFormat] = frozenset({"csv", "tsv", "fasttext"})  # JSON can escape any character


def read_for_log(
    source: Path, found: FileSummary, reading: ReadingOptions, entries: Sequence[LogEntry], *, quiet: bool
) -> tuple[ColumnRoles, Dataset]:
    """
    Read what a log is compared with; ids too, where the log and the file have them.

    Raises
    ------
    FileContentError
        If the file cannot be read.
    InvalidInputError
        If a column is neither named nor recognised.
    """
    from labelclean.io.source import read_dataset  # noqa: PLC0415  (--help need not wait for it)

    roles = reading.roles(found, quiet=quiet)
    known = {entry.row_id for entry in entries if entry.row_id is not None}
    guess = next((guess for guess in found.guesses if guess.role == "row_id" and guess.column is not None), None)
    if roles.row_id is None and known and guess is not None and guess.column not in {roles.text, *roles.label_columns}:
        with_ids = replace(roles, row_id=guess.column)
        dataset = read_dataset(source, found.layout, with_ids)
        if known & set(dataset.row_ids or ()):
            choose_column(found, "row_id", None, quiet=quiet)  # says which one, and why
            return with_ids, dataset
    if roles.row_id is None and known and not quiet:
        note("The log has ids, and no column of the file was taken for them; --id names it.")
    return roles, read_dataset(source, found.layout, roles)


def say_problems(replay: Replay) -> None:
    """Name the first rows that cannot be changed, on stderr; never what stands in them."""
    for row in replay.problems[:_MOST_SHOWN]:
        note(f"row {row.entry.row:,} (line {row.entry.line:,} of the log): {row.status}: {row.reason}")
    more = len(replay.problems) - _MOST_SHOWN
    if more > 0:
        note(f"and {more:,} more; --report writes all of them")


def refuse_problems(replay: Replay, *, skip_changed: bool) -> None:
    """
    Refuse a log whose rows are not all as they were reviewed, unless the others are to be changed nevertheless.

    Raises
    ------
    FileContentError
        If so; it counts the rows.
    """
    problems = replay.problems
    if not problems or skip_changed:
        return
    counts = Counter(row.status for row in problems)
    kinds = ", ".join(f"{number:,} {status}" for status, number in sorted(counts.items()))
    is_all = len(problems) == len(replay.rows)
    raise FileContentError(
        f"The rows of the change log must be in the file as they were reviewed; {len(problems):,} of "
        f"{len(replay.rows):,} are not: {kinds}. Nothing was written.",
        fix="Check that it is the log of this file, that --text, --label and --id name its columns, and that "
        "--label-spelling says how it spells label sets."
        if is_all
        else "Look at these rows; --skip-changed applies the others, --report FILE.csv lists them all.",
    )


@contextmanager
def offering_utf8(replay: Replay, layout: FileLayout) -> Iterator[None]:
    """Offer the option for another encoding where a label does not fit the file's."""
    try:
        yield
    except FileContentError as error:
        if layout.file_format not in _PLAIN_TEXT or all(
            _fits(label, layout.encoding) for label in replay.corrections.values()
        ):
            raise
        raise FileContentError(
            error.message, fix="Add --to-utf8 to write the whole file in UTF-8, or choose another label."
        ) from error


def print_plan(replay: Replay) -> None:
    """Print the changes that a log would make, on stdout."""
    changes = [row for row in replay.rows if row.status == "change"]
    for row in changes[:_MOST_SHOWN]:
        typer.echo(
            f"row {row.row:,} (line {row.entry.line:,} of the log): {_shown(row.now)} -> {_shown(row.wanted)}"
            + (f", was row {row.entry.row:,}" if row.is_moved else "")
        )
    if len(changes) > _MOST_SHOWN:
        typer.echo(f"and {len(changes) - _MOST_SHOWN:,} more")
    typer.echo(f"{len(changes):,} {'label' if len(changes) == 1 else 'labels'} would change.")


def _fits(label: Label | None, encoding: str) -> bool:
    from labelclean.export.label_words import label_text  # noqa: PLC0415  (see above)

    try:
        label_text(label).encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _shown(label: object) -> str:
    from labelclean.export.label_words import label_text  # noqa: PLC0415  (see above)

    return "no label" if label is None else json.dumps(label_text(label), ensure_ascii=True)
