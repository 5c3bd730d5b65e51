"""``labelclean find``: every row of a file, most suspect first."""

from __future__ import annotations

import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from labelclean.cli.files import STDOUT, check_apart, check_not_input, existing_dataset, existing_file, write_output
from labelclean.cli.options import (
    ClassNames,
    Counting,
    Embeddings,
    EmbeddingsColumn,
    EmbeddingsId,
    FilterBy,
    Force,
    PredProbs,
    PredProbsId,
    Quiet,
)
from labelclean.cli.outcomes import audit_file, check_own_outputs
from labelclean.cli.own_embeddings import OwnEmbeddings, check_embedding_options, own_embeddings
from labelclean.cli.own_probs import OwnProbs, check_options, own_probs
from labelclean.cli.problems import note_problems
from labelclean.cli.reading import ReadingOptions, reads_a_file
from labelclean.cli.reporting import note, noted_warnings, report_errors, shown_progress
from labelclean.cli.watching import watch
from labelclean.config import AuditConfig

if TYPE_CHECKING:
    from labelclean.dataset import Dataset
    from labelclean.io.layout import FileLayout, FileSummary

__all__ = ["find"]

_DEFAULTS = AuditConfig()
_MANY_ROWS = 20_000
_WORTH_SAYING = 10  # seconds


@report_errors()
@reads_a_file
def find(
    *,
    file: Annotated[
        Path, typer.Argument(help="The dataset: CSV, TSV, JSON, Parquet, Excel, fastText.", show_default=False)
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="CSV to write; - is standard output.", show_default=False)
    ],
    reading: ReadingOptions,
    summary: Annotated[
        Path | None, typer.Option(help="JSON to write: totals, classes, warnings.", show_default=False)
    ] = None,
    pred_probs: PredProbs = None,
    class_names: ClassNames = None,
    pred_probs_id: PredProbsId = None,
    embeddings: Embeddings = None,
    embeddings_column: EmbeddingsColumn = None,
    embeddings_id: EmbeddingsId = None,
    folds: Annotated[
        int, typer.Option(help="Folds of the cross-validation, 2 to 50; not for --pred-probs.")
    ] = _DEFAULTS.n_folds,
    seed: Annotated[int, typer.Option(help="The same seed gives the same output.")] = _DEFAULTS.random_state,
    filter_by: FilterBy = _DEFAULTS.filter_by,
    counting: Counting = _DEFAULTS.counting,
    problems: Annotated[
        bool,
        typer.Option("--problems", help="Also say what else is wrong: copies, damaged characters, leaks and so on."),
    ] = False,
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Write every row of a dataset, most suspect label first."""
    # The engine takes a second to import; --help need not wait for it.
    from labelclean.cli.suspects import summarise, write_summary  # noqa: PLC0415
    from labelclean.io.source import read_dataset  # noqa: PLC0415

    started = time.perf_counter()
    source = existing_dataset(file)
    check_options(pred_probs, class_names, pred_probs_id)
    check_embedding_options(embeddings, embeddings_column, embeddings_id, pred_probs=pred_probs)
    _check_targets(output, summary, [source, *map(existing_file, filter(None, [pred_probs, embeddings]))], force=force)
    config = AuditConfig(n_folds=folds, random_state=seed, filter_by=filter_by, counting=counting)
    check_unchanged = watch(source)
    found = reading.look_into(source, quiet=quiet)
    roles = reading.roles(found, quiet=quiet)
    dataset = read_dataset(source, found.layout, roles)
    check_unchanged()
    check_own_outputs(dataset, pred_probs=pred_probs is not None, embeddings=embeddings is not None)
    own = view = None
    if pred_probs is not None:
        own = own_probs(dataset, pred_probs, class_names=class_names, id_column=pred_probs_id, quiet=quiet)
    if embeddings is not None:
        view = own_embeddings(dataset, embeddings, column=embeddings_column, id_column=embeddings_id)
    warnings = _noted_warnings(found, dataset, own, view)
    if own is None and not quiet and dataset.n_examples >= _MANY_ROWS and not dataset.has_label_sets:
        _note_cost(dataset, config)
    with shown_progress(quiet=quiet) as progress, noted_warnings():
        outcome = audit_file(dataset, config, progress, own=own, view=view)
    write_output(output, outcome.write)
    if summary is not None:
        facts = summarise(
            outcome.totals,
            config=config,
            warnings=warnings,
            seconds=time.perf_counter() - started,
            pred_probs=own.source if own else None,
            embeddings=view.source if view else None,
        )
        write_output(summary, partial(write_summary, facts))
    if problems:
        note_problems(dataset, _possible_splits(source, found.layout, dataset), quiet=quiet)
    if not quiet:
        _note_end(outcome.sentences, dataset.n_examples, output)


def _note_end(sentences: Iterable[str], n_rows: int, output: Path) -> None:
    for sentence in sentences:
        note(sentence)
    note(f"Wrote {n_rows:,} rows to {'standard output' if output == STDOUT else output}.")


def _noted_warnings(
    found: FileSummary, dataset: Dataset, own: OwnProbs | None, view: OwnEmbeddings | None
) -> list[str]:
    """Say what looks odd about the file, its rows and what came with it; return it for the summary."""
    warnings = [
        *found.warnings,
        *_dataset_warnings(dataset),
        *(own.warnings if own else ()),
        *(view.warnings if view else ()),
    ]
    for warning in warnings:
        note(f"warning: {warning}")
    return warnings


def _note_cost(dataset: Dataset, config: AuditConfig) -> None:
    """Say how long it will take where somebody would wonder, and what is done where it would not fit."""
    from labelclean.estimate import estimate_run  # noqa: PLC0415  (see above)

    estimate = estimate_run(dataset, config)
    if estimate.seconds >= _WORTH_SAYING:
        gigabytes = estimate.peak_bytes / 1e9
        note(f"This will take about {estimate.seconds:,.0f} s and {gigabytes:.1f} GB of memory on this machine.")
    if estimate.message:
        note(estimate.message)


def _possible_splits(source: Path, layout: FileLayout, dataset: Dataset) -> dict[str, list[str]]:
    """Return the columns that are called like one that holds splits; none where rows are not records of the file."""
    from labelclean.io.source import read_columns  # noqa: PLC0415  (see above)
    from labelclean.issues.split_overlap import is_split_name  # noqa: PLC0415

    names = [name for name in layout.columns if is_split_name(name)]
    return read_columns(source, layout, names) if names and dataset.records is None else {}


def _check_targets(output: Path, summary: Path | None, inputs: Iterable[Path], *, force: bool) -> None:
    for read in inputs:
        for target in (output, summary):
            if target is not None:
                check_not_input(target, read, force=force)
    if summary is not None:
        check_apart(output, summary)


def _dataset_warnings(dataset: Dataset) -> list[str]:
    """Return what looks odd; what makes an audit impossible is said by the audit itself."""
    from labelclean.issues.dataset_checks import check_dataset  # noqa: PLC0415  (see above)

    return [finding.message for finding in check_dataset(dataset) if finding.severity == "warning"]
