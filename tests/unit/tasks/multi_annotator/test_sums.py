"""Sums that do not depend on order."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from labelclean.tasks.multi_annotator.sums import ExactSums, exact_mean, sum_by_group


def test_sums_are_the_exact_ones_rounded_once() -> None:
    """Compared with fractions, also for values as small as the smallest weight."""
    generator = np.random.default_rng(1)
    values = np.concatenate([generator.random(500), generator.random(500) * 1e-6, -generator.random(50)])
    groups = generator.integers(0, 3, len(values))

    found = sum_by_group(groups, values, 3)

    for group in range(3):
        exact = float(sum(Fraction(value) for value in values[groups == group]))
        assert math.isclose(found[group], exact, rel_tol=1e-14)


def test_neither_order_nor_parts_change_a_bit() -> None:
    """A plain sum of these numbers does depend on their order."""
    generator = np.random.default_rng(2)
    values, groups = generator.random(1000), np.zeros(1000, dtype=np.int64)
    order = generator.permutation(1000)

    whole = sum_by_group(groups, values, 1)
    moved = sum_by_group(groups, values[order], 1)
    parts = (
        ExactSums.partial(groups[:300], values[:300], 1) + ExactSums.partial(groups[300:], values[300:], 1)
    ).finish()

    assert whole.tobytes() == moved.tobytes() == parts.tobytes()


def test_the_mean_of_nothing_is_nan() -> None:
    """And of equal numbers that number."""
    assert math.isnan(exact_mean(np.empty(0)))
    assert exact_mean(np.full(10, 0.1)) == 0.1
