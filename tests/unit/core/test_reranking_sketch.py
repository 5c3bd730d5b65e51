"""A few numbers for each text."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from labelclean.core.reranking_sketch import sketch_texts


def test_products_are_those_of_the_best_approximation() -> None:
    """A table of rank 4 under noise: its main part comes back, as by the exact decomposition."""
    generator = np.random.default_rng(0)
    table = generator.normal(size=(60, 4)) @ generator.normal(size=(4, 30)) + generator.normal(0, 0.01, (60, 30))

    found = sketch_texts(sparse.csr_array(table.astype(np.float32)), n_directions=4)

    left, sizes, _ = np.linalg.svd(table, full_matrices=False)
    expected = (left[:, :4] * sizes[:4] ** 2) @ left[:, :4].T
    assert found.shape == (60, 4)
    assert found @ found.T == pytest.approx(expected, abs=1e-2)


def test_alike_texts_are_alike_and_others_are_not() -> None:
    """Two kinds of words."""
    table = np.zeros((20, 6), dtype=np.float32)
    table[:10, :3] = table[10:, 3:] = 1 / np.sqrt(3)

    found = sketch_texts(sparse.csr_array(table), n_directions=2)

    expected = np.kron(np.eye(2), np.ones((10, 10)))
    assert found @ found.T == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("shape", [(3, 7), (7, 3), (1, 1), (4, 4)])
def test_there_are_no_more_directions_than_rows_or_columns(shape: tuple[int, int]) -> None:
    """A small table has few."""
    table = sparse.csr_array(np.ones(shape, dtype=np.float32))

    found = sketch_texts(table)

    assert found.shape == (shape[0], min(shape))
    assert np.isfinite(found).all()


def test_the_same_table_gives_the_same_bytes() -> None:
    """The start of the search is no secret."""
    table = sparse.csr_array(np.random.default_rng(1).random((50, 40), dtype=np.float32))

    assert sketch_texts(table, n_directions=5).tobytes() == sketch_texts(table, n_directions=5).tobytes()
