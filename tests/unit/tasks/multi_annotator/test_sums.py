"""Sums that do not depend on order."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from labelclean.tasks.multi_annotator.sums import ExactSums, comparable, exact_mean, exact_sum, sum_by_group, to_units


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


def test_a_sum_is_exact_in_any_order_and_of_any_sign() -> None:
    """Rounded once, like the standard library's."""
    values = np.random.default_rng(2).uniform(-1, 1, 20_000)

    assert exact_sum(values) == exact_sum(values[::-1])
    assert abs(exact_sum(values) - math.fsum(values.tolist())) < 1e-12
    assert exact_sum(np.empty(0)) == 0.0


def test_sums_of_thirds_compare_as_they_would_on_paper() -> None:
    """Three times two thirds are two; a millionth more is more."""
    thirds, ones = to_units(np.full((1, 3), 2 / 3)).sum(axis=1), to_units(np.array([[1.0, 1.0, 0.0]])).sum(axis=1)
    more = to_units(np.array([[1.0, 1.0, 2e-6]])).sum(axis=1)

    assert comparable(thirds) == comparable(ones)
    assert comparable(more) > comparable(ones)
