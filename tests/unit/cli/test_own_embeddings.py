"""Embeddings named on the command line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from labelclean.cli.own_embeddings import check_embedding_options, own_embeddings
from labelclean.dataset import Dataset
from labelclean.errors import InvalidInputError, NotFoundError

DATA = Dataset.from_labels(["a", "b", "c"], ["x", "y", "x"], row_ids=["1", "2", "3"])
TABLE = np.array([[1.0, 2.0], [0.0, 0.0], [3.0, 5.0]], dtype=np.float32)


@pytest.mark.parametrize(("column", "id_column"), [("vector", None), (None, "id")])
def test_columns_without_a_file_are_refused(column: str | None, id_column: str | None) -> None:
    """They say nothing about anything else."""
    with pytest.raises(InvalidInputError, match="must go with --embeddings"):
        check_embedding_options(None, column, id_column, pred_probs=None)


def test_embeddings_and_probabilities_are_refused_together() -> None:
    """With probabilities nothing is trained."""
    with pytest.raises(InvalidInputError, match="must not go together"):
        check_embedding_options(Path("e.npy"), None, None, pred_probs=Path("p.npy"))


def test_options_that_make_sense_pass() -> None:
    """None of them, or a file with its columns."""
    check_embedding_options(None, None, None, pred_probs=Path("p.npy"))
    check_embedding_options(Path("e.parquet"), "vector", "id", pred_probs=None)


def test_what_is_odd_becomes_a_sentence(tmp_path: Path) -> None:
    """A row of zeros is warned of once, on stderr and in the summary."""
    np.save(tmp_path / "mine.npy", TABLE)

    found = own_embeddings(DATA, tmp_path / "mine.npy", column=None, id_column=None)

    np.testing.assert_array_equal(found.table, TABLE)
    assert [sentence.split(";")[0] for sentence in found.warnings] == [
        "1 row is all zeros in the embeddings, the first is row 1"
    ]
    assert found.source == {"file": str(tmp_path / "mine.npy"), "n_dimensions": 2}


def test_row_ids_put_the_rows_in_order(tmp_path: Path) -> None:
    """Those of the dataset's own column."""
    order = [2, 0, 1]
    frame = pd.DataFrame({"nr": ["3", "1", "2"], "vector": list(TABLE[order]), "other": list(TABLE[order, :1])})
    frame.to_parquet(tmp_path / "mine.parquet")

    found = own_embeddings(DATA, tmp_path / "mine.parquet", column="vector", id_column="nr")

    np.testing.assert_array_equal(found.table, TABLE)


def test_a_file_that_is_not_there_has_an_exit_code_of_its_own(tmp_path: Path) -> None:
    """As for the dataset itself."""
    with pytest.raises(NotFoundError):
        own_embeddings(DATA, tmp_path / "none.npy", column=None, id_column=None)
