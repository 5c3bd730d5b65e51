"""The user's own embeddings on the command line: read, checked, and what is odd about them said."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from labelclean.cli.files import existing_file
from labelclean.errors import InvalidInputError, LabelCleanWarning

if TYPE_CHECKING:
    from labelclean.dataset import Dataset
    from labelclean.io.model_outputs.embeddings import EmbeddingArray

__all__ = ["OwnEmbeddings", "check_embedding_options", "own_embeddings"]


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class OwnEmbeddings:
    """
    Embeddings that fit a dataset.

    Attributes
    ----------
    table : ndarray of float32, shape (n_examples, n_dimensions)
        One row for each row of the dataset.
    warnings : tuple of str
        What is odd about them.
    source : dict of str to object
        Where they came from, as plain values for JSON.
    """

    table: EmbeddingArray
    warnings: tuple[str, ...]
    source: dict[str, object]


def check_embedding_options(
    embeddings: Path | None, column: str | None, id_column: str | None, *, pred_probs: Path | None
) -> None:
    """
    Refuse options that mean nothing by themselves, or nothing together.

    Raises
    ------
    InvalidInputError
        If one of them is given without the file it is about, or with probabilities that leave nothing to train.
    """
    for name, value in (("--embeddings-column", column), ("--embeddings-id", id_column)):
        if value is not None and embeddings is None:
            raise InvalidInputError(
                f"{name} must go with --embeddings; there is none.", fix="Name the file of embeddings."
            )
    if embeddings is not None and pred_probs is not None:
        raise InvalidInputError(
            "--embeddings and --pred-probs must not go together; with probabilities of your own no model is trained.",
            fix="Leave one of them out.",
        )


def own_embeddings(dataset: Dataset, file: Path, *, column: str | None, id_column: str | None) -> OwnEmbeddings:
    """
    Read embeddings, with what is odd about them as sentences.

    Parameters
    ----------
    dataset : Dataset
        What they are about.
    file : Path
        The file.
    column : str or None
        Column of lists in a Parquet file.
    id_column : str or None
        Column with the row ids.

    Raises
    ------
    InvalidInputError
        If the file does not fit the dataset.
    NotFoundError
        If there is no such file.
    """
    from labelclean.io.model_outputs.embeddings import read_embeddings  # noqa: PLC0415  (--help need not wait for the engine)

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", LabelCleanWarning)
        table = read_embeddings(
            existing_file(file), dataset.n_examples, column=column, row_id=id_column, row_ids=dataset.row_ids
        )
    return OwnEmbeddings(
        table=table,
        warnings=tuple(str(each.message) for each in caught),
        source={"file": str(file), "n_dimensions": int(table.shape[1])},
    )
