"""Which labels are flagged by the probability that they are wrong."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelclean.core.flags import flag_likely_errors

LABELS = np.array([0, 0, 0, 1, 1, 2])
ERRORS = np.array([0.9, 0.6, 0.5, 0.51, 0.7, 0.99])


def flagged_rows(**options: float) -> list[int]:
    """Return the flagged rows of the example."""
    flags = flag_likely_errors(LABELS, ERRORS, n_classes=4, **options)  # type: ignore[arg-type]  # by name
    rows: list[int] = np.flatnonzero(flags).tolist()
    return rows


def test_what_is_more_likely_wrong_than_right_is_flagged() -> None:
    """An even chance is not enough; a fourth class that nobody was given is no problem."""
    assert flagged_rows(min_examples_per_class=0) == [0, 1, 3, 4, 5]


@pytest.mark.parametrize(("least", "expected"), [(1, [0, 1, 4]), (2, [0]), (3, [])])
def test_the_least_suspect_rows_of_each_class_are_kept(least: int, expected: list[int]) -> None:
    """One of each class: row 3 in class 1, row 5 in class 2; in class 0 that is row 2, not flagged anyway."""
    assert flagged_rows(min_examples_per_class=least) == expected


@pytest.mark.parametrize(
    ("share", "expected"),
    [(0.2, [5]), (0.21, [0, 5]), (0.6, [0, 4, 5]), (0.99, [0, 1, 3, 4, 5]), (1.0, [0, 1, 3, 4, 5])],
)
def test_a_share_of_the_flags_takes_the_likeliest_rounded_up(share: float, expected: list[int]) -> None:
    """Five would be flagged."""
    assert flagged_rows(frac_noise=share, min_examples_per_class=0) == expected


def test_among_equals_earlier_rows_are_flagged_first() -> None:
    """One of three is kept: the last; half of two is the first."""
    errors, labels = np.full(3, 0.8), np.zeros(3, dtype=np.int64)

    kept = flag_likely_errors(labels, errors, n_classes=1)
    half = flag_likely_errors(labels, errors, n_classes=1, frac_noise=0.5)

    assert kept.tolist() == [True, True, False]
    assert half.tolist() == [True, False, False]


def test_no_rows_have_no_flags() -> None:
    """Nor do they stop anything."""
    found = flag_likely_errors(np.empty(0, dtype=np.int64), np.empty(0), n_classes=2, frac_noise=0.5)

    assert found.shape == (0,)


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from([0.0, 0.3, 0.5, 0.6, 0.8, 1.0])), max_size=30),
    st.integers(0, 4),
    st.floats(0.01, 1.0),
)
def test_flags_are_those_of_plain_loops(rows: list[tuple[int, float]], least: int, share: float) -> None:
    """Each class keeps its least suspect rows, later ones among equals; of the rest over a half, a share is flagged."""
    kept = set()
    for label in range(4):
        own = sorted((error, -row) for row, (code, error) in enumerate(rows) if code == label)
        kept |= {-row for _, row in own[:least]}
    left = sorted((-error, row) for row, (_, error) in enumerate(rows) if error > 0.5 and row not in kept)
    n_flagged = int(np.ceil(share * len(left))) if share < 1 else len(left)
    expected = {row for _, row in left[:n_flagged]}

    found = flag_likely_errors(
        np.array([label for label, _ in rows], dtype=np.int64),
        np.array([error for _, error in rows]),
        n_classes=4,
        frac_noise=share,
        min_examples_per_class=least,
    )

    assert set(np.flatnonzero(found).tolist()) == expected
