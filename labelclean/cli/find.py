"""``labelclean find``: every row of a file, most suspect first."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from labelclean.cli.columns import choose_roles
from labelclean.cli.files import STDOUT, check_apart, check_not_input, existing_file, write_output
from labelclean.cli.options import (
    Delimiter,
    Encoding,
    Force,
    Format,
    LabelColumn,
    Quiet,
    RowIdColumn,
    TextColumn,
)
from labelclean.cli.reporting import note, report_errors, shown_progress
from labelclean.cli.understanding import understand
from labelclean.config import AuditConfig

__all__ = ["find"]

_DEFAULTS = AuditConfig()


@report_errors()
def find(
    *,
    file: Annotated[Path, typer.Argument(help="The dataset: CSV, TSV or JSONL.", show_default=False)],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="CSV to write; - is standard output.", show_default=False)
    ],
    text: TextColumn = None,
    label: LabelColumn = None,
    row_id: RowIdColumn = None,
    summary: Annotated[
        Path | None, typer.Option(help="JSON to write: totals, classes, warnings.", show_default=False)
    ] = None,
    file_format: Format = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    folds: Annotated[int, typer.Option(help="Folds of the cross-validation, 2 to 50.")] = _DEFAULTS.n_folds,
    seed: Annotated[int, typer.Option(help="The same seed gives the same output.")] = _DEFAULTS.random_state,
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Write every row of a dataset, most suspect label first."""
    # The engine takes a second to import; --help need not wait for it.
    from labelclean.cli.suspects import summarise, write_summary, write_suspects  # noqa: PLC0415
    from labelclean.io.source import read_dataset  # noqa: PLC0415
    from labelclean.issues.dataset_checks import check_dataset  # noqa: PLC0415
    from labelclean.pipeline import audit_dataset  # noqa: PLC0415

    started = time.perf_counter()
    source = existing_file(file)
    for target in (output, summary):
        if target is not None:
            check_not_input(target, source, force=force)
    if summary is not None:
        check_apart(output, summary)
    config = AuditConfig(n_folds=folds, random_state=seed)
    found = understand(source, file_format=file_format, encoding=encoding, delimiter=delimiter, quiet=quiet)
    roles = choose_roles(found, text=text, label=label, row_id=row_id, quiet=quiet)
    dataset = read_dataset(source, found.layout, roles)
    # What makes an audit impossible is said by the audit itself.
    findings = [finding.message for finding in check_dataset(dataset) if finding.severity == "warning"]
    warnings = [*found.warnings, *findings]
    for warning in warnings:
        note(f"warning: {warning}")
    with shown_progress(quiet=quiet) as progress:
        result = audit_dataset(dataset, config=config, progress=progress)
    write_output(output, partial(write_suspects, result))
    if summary is not None:
        totals = summarise(result, config=config, warnings=warnings, seconds=time.perf_counter() - started)
        write_output(summary, partial(write_summary, totals))
    if not quiet:
        note(f"{result.n_issues:,} of {result.n_labelled:,} labels are suspect.")
        note(f"Wrote {result.n_examples:,} rows to {'standard output' if output == STDOUT else output}.")
