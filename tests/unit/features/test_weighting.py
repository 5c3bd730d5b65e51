"""TF-IDF rows of length 1."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import sparse

from labelclean.arrays import FeatureMatrix
from labelclean.features import weighting
from labelclean.features.weighting import tfidf_rows


def _counts(rows: list[list[int]]) -> FeatureMatrix:
    return sparse.csr_array(np.array(rows, dtype=np.float32))


def test_a_weight_is_by_hand() -> None:
    """One word three times, in both of two texts; another once, in one of them."""
    common = 1 + math.log(3)
    rare = 1 + math.log(3 / 2)

    row = tfidf_rows(_counts([[3, 1], [1, 0]]), np.array([2, 1]), n_texts=2).toarray()[0]

    assert row == pytest.approx(np.array([common, rare]) / math.hypot(common, rare), rel=1e-6)


def test_rows_have_length_1_and_blank_rows_are_zeros() -> None:
    """Also between others, at the beginning and at the end."""
    rows = tfidf_rows(_counts([[0, 0], [2, 1], [0, 0], [0, 5], [0, 0]]), np.array([1, 2]), n_texts=2).toarray()

    assert np.linalg.norm(rows, axis=1) == pytest.approx([0, 1, 0, 1, 0])


def test_weights_share_the_places_of_the_counts() -> None:
    """No second copy of the index arrays."""
    counts = _counts([[1, 2], [0, 1]])

    weighted = tfidf_rows(counts, np.array([1, 2]), n_texts=2)

    assert np.shares_memory(weighted.indices, counts.indices)
    assert np.shares_memory(weighted.indptr, counts.indptr)
    assert weighted.dtype == np.float32


def test_rows_at_a_time_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A row's bytes depend on the row alone."""
    rng = np.random.default_rng(0)
    counts = _counts(rng.poisson(0.7, (30, 9)).tolist())
    text_counts = np.asarray((counts.toarray() > 0).sum(axis=0))
    whole = tfidf_rows(counts, text_counts, n_texts=30)

    monkeypatch.setattr(weighting, "_ROWS", 7)

    assert tfidf_rows(counts, text_counts, n_texts=30).data.tobytes() == whole.data.tobytes()


def test_no_texts_are_no_rows() -> None:
    """Nothing in, nothing out."""
    assert tfidf_rows(_counts([[1]])[:0], np.zeros(1, dtype=np.int64), n_texts=0).shape == (
        0,
        1,
    )
