"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from labelclean.config import CountingRule, IssueRule

__all__ = [
    "ClassNames",
    "Counting",
    "Embeddings",
    "EmbeddingsColumn",
    "EmbeddingsId",
    "FilterBy",
    "Force",
    "PredProbs",
    "PredProbsId",
    "Quiet",
    "delimiter_character",
]

PredProbs = Annotated[
    Path | None,
    typer.Option(
        "--pred-probs",
        help="Your own model's held-out probabilities: .npy, .npz, Parquet or CSV, one row per row of the dataset; "
        "no model is trained then.",
        show_default=False,
    ),
]
ClassNames = Annotated[
    str | None,
    typer.Option(
        "--class-names",
        help="The classes in the order of the columns of --pred-probs, where these have no names: a file with one "
        "per line, or a list with commas.",
        show_default=False,
    ),
]
PredProbsId = Annotated[
    str | None,
    typer.Option(
        "--pred-probs-id",
        help="Column of row ids in --pred-probs; needs --id, and puts the rows in the dataset's order.",
        show_default=False,
    ),
]
Embeddings = Annotated[
    Path | None,
    typer.Option(
        "--embeddings",
        help="Your own embeddings of the texts, one more thing to learn from: .npy, .npz or Parquet with a column of "
        "lists, one row per row of the dataset.",
        show_default=False,
    ),
]
EmbeddingsColumn = Annotated[
    str | None,
    typer.Option(
        "--embeddings-column", help="The column of lists in --embeddings, where it has several.", show_default=False
    ),
]
EmbeddingsId = Annotated[
    str | None,
    typer.Option(
        "--embeddings-id",
        help="Column of row ids in --embeddings; needs --id, and puts the rows in the dataset's order.",
        show_default=False,
    ),
]
FilterBy = Annotated[
    IssueRule,
    typer.Option("--filter-by", help="Which rows are flagged (is_issue); the ranking does not depend on it."),
]
Counting = Annotated[
    CountingRule,
    typer.Option("--counting", help="Where a row is counted that is confident of several classes."),
]
Force = Annotated[bool, typer.Option("--force", help="Allow --output to replace an input file.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing on stderr but warnings and errors.")]


def delimiter_character(named: str | None) -> str | None:
    r"""Return the delimiter itself; a tab is hard to type, so ``tab`` and ``\t`` stand for it."""
    return "\t" if named in {"tab", "\\t"} else named
