"""The size of views, told from a sample."""

from __future__ import annotations

from itertools import count

import numpy as np
import pytest

from labelclean.features.estimate import estimate_views
from labelclean.features.views import text_views


def _zipf_texts(n_texts: int) -> list[str]:
    rng = np.random.default_rng(0)
    letters = rng.integers(ord("a"), ord("z") + 1, size=(50_000, 6), dtype=np.uint8)
    words = [row.tobytes().decode() for row in letters]
    ranks = rng.zipf(1.3, size=(n_texts, 10)) % len(words)
    return [" ".join(words[rank] for rank in row) for row in ranks.tolist()]


def test_small_data_are_told_exactly() -> None:
    """The sample is everything."""
    texts = _zipf_texts(300)

    sizes = estimate_views(texts).sizes

    for size, view in zip(sizes, text_views(texts), strict=True):
        assert (size.name, size.n_features, size.n_entries) == (view.name, view.counts.shape[1], view.counts.nnz)


@pytest.mark.parametrize("bounded", [False, True])
def test_large_data_are_told_from_a_sample(bounded: bool) -> None:
    """Ten times as many texts: entries within a tenth, columns within a third."""
    texts = _zipf_texts(10_000)

    sizes = estimate_views(texts, sample=1_000, bounded=bounded).sizes

    for size, view in zip(sizes, text_views(texts, bounded=bounded), strict=True):
        assert size.n_entries == pytest.approx(view.counts.nnz, rel=0.1)
        assert size.n_features == pytest.approx(view.counts.shape[1], rel=0.33)


def test_columns_never_pass_their_bound() -> None:
    """However much they grow."""
    assert estimate_views(_zipf_texts(5_000), sample=500, max_features=123).sizes[0].n_features == 123


def test_time_grows_with_the_number_of_texts() -> None:
    """A sample of a tenth that takes two seconds makes twenty, and a little more."""
    ticks = count(step=2)

    estimate = estimate_views(_zipf_texts(100), sample=10, clock=lambda: next(ticks))

    assert 20 < estimate.seconds < 25


def test_memory_is_that_of_the_entries() -> None:
    """Twelve bytes each; and more while they are counted."""
    texts = _zipf_texts(200)

    estimate = estimate_views(texts)

    assert estimate.n_bytes == 12 * sum(view.counts.nnz for view in text_views(texts))
    assert estimate.peak_bytes > estimate.n_bytes


def test_very_long_texts_shrink_the_sample() -> None:
    """The estimate reads a million characters at most, and still comes close."""
    rng = np.random.default_rng(0)
    texts = [" ".join(f"w{rank}" for rank in rng.zipf(1.3, size=4_000) % 50_000) for _ in range(150)]

    sizes = estimate_views(texts).sizes

    for size, view in zip(sizes, text_views(texts), strict=True):
        assert size.n_entries == pytest.approx(view.counts.nnz, rel=0.1)


def test_extra_columns_are_estimated_as_well() -> None:
    """Under their own names."""
    estimate = estimate_views(["my refund"] * 10, extra_columns={"shop": ["web", "phone"] * 5})

    assert estimate.sizes[-1].name == "column shop"
    assert (estimate.sizes[-1].n_features, estimate.sizes[-1].n_entries) == (2, 10)


def test_no_texts_need_nothing() -> None:
    """No division by nothing either."""
    estimate = estimate_views([])

    assert [size.n_entries for size in estimate.sizes] == [0, 0]
