"""The largest margins of every pair of classes are those that sorting each class in full finds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from labelclean.core import margins
from tests import reference

LIMITS = [name for name, value in vars(margins).items() if name.startswith("_") and isinstance(value, int)]
"""How much is done at once, and what counts as few."""


def flags(
    labels: NDArray[np.int64], probs: NDArray[np.float64], counts: NDArray[np.int64], least: int
) -> tuple[list[bool], list[bool]]:
    """Return the flags of the fast code and those of the plain loops."""
    given_, rows = labels.tolist(), probs.tolist()
    agrees = [reference.agrees(label, row) for label, row in zip(given_, rows, strict=True)]
    suggested = [
        label if stays else reference.best_class(row) for label, row, stays in zip(given_, rows, agrees, strict=True)
    ]
    found = margins.flag_largest_margins(
        labels,
        probs,
        probs[np.arange(len(labels)), labels],
        counts,
        np.array(suggested, dtype=np.int8),
        min_examples_per_class=least,
    )
    ranked = reference.prune_by_noise_rate(given_, rows, counts.tolist(), least)
    return found.tolist(), [flag and not stays for flag, stays in zip(ranked, agrees, strict=True)]


@given(st.data())
@settings(deadline=None, max_examples=400)
def test_flags_are_those_of_the_plain_loops_by_every_path(data: st.DataObject) -> None:
    """Few and many rows, pairs and classes at once; margins in steps of a quarter, so that most are tied."""
    n_classes = data.draw(st.integers(1, 5))
    generator = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    n_rows = data.draw(st.integers(0, 50))
    labels = np.minimum(generator.geometric(0.5, n_rows) - 1, n_classes - 1)
    steps = data.draw(st.sampled_from([2, 4, 1000]))
    probs = generator.integers(0, steps + 1, (n_rows, n_classes)) / steps
    counts = generator.integers(0, data.draw(st.sampled_from([2, 6, 60])), (n_classes, n_classes))
    in_columns = data.draw(st.booleans())

    with pytest.MonkeyPatch.context() as patch:
        for name in LIMITS:
            patch.setattr(margins, name, data.draw(st.sampled_from([1, 3, 8, getattr(margins, name)]), label=name))
        found, expected = flags(
            labels, np.asfortranarray(probs) if in_columns else probs, counts, data.draw(st.integers(0, 4))
        )

    assert found == expected


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.0, 1e-6, 9e-6]))
@settings(deadline=None, max_examples=150)
def test_rows_that_barely_disagree_compete_with_those_that_agree(seed: int, step: float) -> None:
    """Margins around 0, where ranking only the rows that disagree would not do and the whole class is looked at."""
    generator = np.random.default_rng(seed)
    n_rows, n_classes = 30, 3
    labels = generator.integers(0, 2, n_rows)
    probs = np.array(0.3 + step * generator.integers(-3, 4, (n_rows, n_classes)), dtype=np.float64)
    counts = generator.integers(0, 20, (n_classes, n_classes))

    found, expected = flags(labels, probs, counts, 1)

    assert found == expected


def test_a_class_of_many_rows_is_ranked_as_a_whole_if_more_are_wanted_than_disagree() -> None:
    """300 rows, most of which agree; 299 are wanted, so that all that disagree are flagged, and no others."""
    generator = np.random.default_rng(11)
    labels = np.zeros(300, dtype=np.int64)
    probs = generator.dirichlet([8.0, 2.0, 2.0], 300)

    found, expected = flags(labels, probs, np.array([[1, 299, 40], [0, 0, 0], [0, 0, 0]]), 1)

    assert len(LIMITS) > 3
    assert found == expected
    assert 0 < sum(found) < 40
