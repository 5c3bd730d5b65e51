"""Features that only one group of rows has."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from labelclean.models import shared_features
from labelclean.models.shared_features import keep_columns, shared_columns


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 12), st.integers(1, 6))
def test_a_feature_is_shared_if_two_labelled_groups_have_it(seed: int, n_rows: int, n_columns: int) -> None:
    """Counted in plain loops."""
    generator = np.random.default_rng(seed)
    table = generator.integers(0, 2, (n_rows, n_columns)) * generator.integers(0, 2, (n_rows, n_columns))
    labels, groups = generator.integers(-1, 2, n_rows), generator.integers(0, 4, n_rows)
    expected = [
        len({int(groups[row]) for row in range(n_rows) if table[row, column] and labels[row] >= 0}) > 1
        for column in range(n_columns)
    ]

    found = shared_columns(sparse.csr_array(table.astype(np.float32)), labels, groups)

    assert found.tolist() == expected


def test_blocks_of_rows_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The two groups of a feature may stand far apart."""
    monkeypatch.setattr(shared_features, "_ROWS_AT_ONCE", 2)
    features = sparse.csr_array(np.array([[1, 1], [0, 1], [0, 0], [0, 0], [1, 0]], dtype=np.float32))

    found = shared_columns(features, np.zeros(5, dtype=np.int64), np.array([0, 0, 1, 2, 3]))

    assert found.tolist() == [True, False]


def test_what_stands_in_other_columns_is_left_away() -> None:
    """The shape stays, so that columns keep their numbers; the given table is not written to."""
    table = np.array([[1, 2, 0], [0, 3, 4], [0, 0, 0], [0, 5, 0]], dtype=np.float32)
    features = sparse.csr_array(table)

    found = keep_columns(features, np.array([True, False, True]))

    assert found.toarray().tolist() == [[1, 0, 0], [0, 0, 4], [0, 0, 0], [0, 0, 0]]
    assert found.nnz == 2
    assert found.dtype == np.float32
    assert found.has_sorted_indices
    assert np.array_equal(features.toarray(), table)


def test_nothing_is_copied_where_all_is_kept() -> None:
    """As usual: most data have no such features."""
    features = sparse.csr_array(np.eye(3, dtype=np.float32))

    assert keep_columns(features, np.ones(3, dtype=np.bool_)) is features
