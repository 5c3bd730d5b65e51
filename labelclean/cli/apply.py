"""``labelclean apply``: a change log replayed on its file, or on another version of it, or undone."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from labelclean.cli.files import (
    STDOUT,
    check_apart,
    check_not_input,
    existing_dataset,
    existing_file,
    write_dataset,
    write_output,
)
from labelclean.cli.options import Force, Quiet
from labelclean.cli.reading import ReadingOptions, reads_a_file
from labelclean.cli.reporting import note, report_errors
from labelclean.cli.watching import watch
from labelclean.errors import InvalidInputError

if TYPE_CHECKING:
    from labelclean.export import Replay

__all__ = ["apply"]

_UTF_8 = "utf-8"


@report_errors()
@reads_a_file
def apply(
    *,
    file: Annotated[Path, typer.Argument(help="The dataset the log was made for.", show_default=False)],
    decisions: Annotated[Path, typer.Option(help="The change log: CSV or JSONL.", show_default=False)],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write; - is standard output.", show_default=False)
    ] = None,
    revert: Annotated[bool, typer.Option("--revert", help="Undo: from the new labels back to the old ones.")] = False,
    skip_changed: Annotated[
        bool, typer.Option("--skip-changed", help="Apply the rest where rows are not as they were reviewed.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would change; write no dataset.")] = False,
    report: Annotated[
        Path | None, typer.Option("--report", help="CSV to write: what became of each row of the log.")
    ] = None,
    drop_excluded: Annotated[bool, typer.Option("--drop-excluded", help="Leave excluded rows out.")] = False,
    to_utf8: Annotated[
        bool, typer.Option("--to-utf8", help="Write text in UTF-8, whatever the file's encoding is.")
    ] = False,
    reading: ReadingOptions,
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Write a dataset with the corrections of a change log."""
    # The engine takes a second to import; --help need not wait for it.
    from labelclean.cli import replaying  # noqa: PLC0415
    from labelclean.export import read_change_log, replay_log, replay_report  # noqa: PLC0415
    from labelclean.io.source import write_back  # noqa: PLC0415

    source, log = existing_dataset(file), existing_file(decisions)
    _check_options(output, report, dry_run=dry_run, is_revert_with_drop=revert and drop_excluded)
    for read in (source, log):
        for written in filter(None, (output, report)):
            check_not_input(written, read, force=force)
    entries = read_change_log(log)
    if not entries and output is not None and not (dry_run or to_utf8 or report):
        write_dataset(output, source, lambda target: _copy(source, target))
        _say_done(None, 0, 0, output, quiet=quiet)
        return
    check_unchanged = watch(source)
    found = reading.look_into(source, quiet=quiet)
    for warning in found.warnings:
        note(f"warning: {warning}")
    roles, dataset = replaying.read_for_log(source, found, reading, entries, quiet=quiet)
    replay = replay_log(entries, dataset, revert=revert)
    del dataset
    if report is not None:
        write_output(report, lambda target: target.write(replay_report(replay)))
    replaying.say_problems(replay)
    if dry_run:
        replaying.print_plan(replay)
    replaying.refuse_problems(replay, skip_changed=skip_changed)
    if dry_run or output is None:
        return
    dropped = replay.excluded_rows if drop_excluded else frozenset()

    def write(target: BinaryIO) -> int:
        n_changed = write_back(
            source,
            target,
            found.layout,
            roles,
            replay.corrections,
            dropped_rows=dropped,
            encoding=_UTF_8 if to_utf8 else None,
            in_given_order=revert,
        )
        check_unchanged()
        return n_changed

    with replaying.offering_utf8(replay, found.layout):
        n_changed = write_dataset(output, source, write)
    _say_done(replay, n_changed, len(dropped), output, quiet=quiet)


def _check_options(output: Path | None, report: Path | None, *, dry_run: bool, is_revert_with_drop: bool) -> None:
    if output is None and not dry_run:
        raise InvalidInputError(
            "--output must name the file to write; it is missing.", fix="Add --output FILE, or --dry-run to look first."
        )
    if output is not None and report is not None:
        check_apart(output, report, option="--report")
    if is_revert_with_drop:
        raise InvalidInputError(
            "--revert must go without --drop-excluded; rows that were left out cannot be brought back.",
            fix="Take one of them away.",
        )


def _copy(source: Path, target: BinaryIO) -> None:
    if source.is_dir():
        from labelclean.io.tables.dataset_folders.format import pack_folder  # noqa: PLC0415  (loads pyarrow)

        pack_folder(source, target)
        return
    with source.open("rb") as original:
        shutil.copyfileobj(original, target)


def _say_done(replay: Replay | None, n_changed: int, n_dropped: int, output: Path, *, quiet: bool) -> None:
    if quiet:
        return
    more = []
    if replay is not None:
        more = [
            (replay.n_moved, "found in another place"),
            (replay.n_done, "already as wanted"),
            (len(replay.problems), "not applied"),
        ]
        if replay.n_without_fingerprint:
            note(
                f"Rows of the log without a text_hash, as in older logs: {replay.n_without_fingerprint:,}; their texts "
                "were not compared."
            )
    counts = "".join(f", {words}: {number:,}" for number, words in [*more, (n_dropped, "rows left out")] if number)
    note(f"Labels changed: {n_changed:,}{counts}. Wrote {'standard output' if output == STDOUT else output}.")
