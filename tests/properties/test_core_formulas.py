"""Every formula from the probabilities to the pruned counts gives what the plain loops give."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from labelclean.config import CountingRule
from labelclean.core.joint import calibrate_joint, confident_joint
from labelclean.core.prune_counts import counts_for_removals, prune_counts
from labelclean.core.rounding import round_rows
from labelclean.core.thresholds import confident_thresholds
from tests import reference
from tests.core_cases import Probs, any_cases, counts

SHARES = st.sampled_from([0.25, 1 / 3, 0.5, 0.7, 1.0])


@given(any_cases())
@settings(deadline=None, max_examples=200)
def test_thresholds_are_means_of_self_confidence(case: tuple[NDArray[np.int64], Probs]) -> None:
    """In every precision, down to the last bits."""
    labels, probs = case

    found = confident_thresholds(labels, probs)

    expected = reference.thresholds(labels.tolist(), probs.tolist(), probs.shape[1])
    assert np.allclose(found, expected, rtol=0, atol=1e-15)


@given(any_cases(), st.sampled_from(["reference", "paper"]))
@settings(deadline=None, max_examples=200)
def test_the_raw_joint_counts_what_the_plain_loops_count(
    case: tuple[NDArray[np.int64], Probs], counting: CountingRule
) -> None:
    """By both counting rules."""
    labels, probs = case

    found = confident_joint(labels, probs, calibrate=False, counting=counting)

    expected = reference.confident_counts(labels.tolist(), probs.tolist(), probs.shape[1], counting=counting)
    assert found.tolist() == expected


@given(any_cases(), st.sampled_from(["reference", "paper"]), st.data())
@settings(deadline=None, max_examples=200)
def test_the_raw_joint_goes_by_the_thresholds_that_are_given(
    case: tuple[NDArray[np.int64], Probs], counting: CountingRule, data: st.DataObject
) -> None:
    """Low ones, which rows reach several of; they are used without a floor."""
    labels, probs = case
    n_classes = probs.shape[1]
    limits = data.draw(st.lists(st.sampled_from([0.0, 0.05, 0.15, 0.35, 2.0]), min_size=n_classes, max_size=n_classes))

    found = confident_joint(labels, probs, thresholds=limits, calibrate=False, counting=counting)

    expected = reference.confident_counts(labels.tolist(), probs.tolist(), n_classes, limits=limits, counting=counting)
    assert found.tolist() == expected


@given(st.lists(st.lists(st.integers(-40, 60), min_size=5, max_size=5), min_size=1, max_size=6), st.integers(1, 5))
@settings(deadline=None, max_examples=500)
def test_rows_are_rounded_by_largest_remainder_with_the_ties_as_documented(
    eighths: list[list[int]], n_columns: int
) -> None:
    """In eighths, which doubles hold exactly, so that equal remainders are equal."""
    rows = [[Fraction(value, 8) for value in row[:n_columns]] for row in eighths]

    found = round_rows(np.array([[float(value) for value in row] for row in rows]))

    assert found.tolist() == [reference.round_row(row) for row in rows]


@given(counts(least_on_diagonal=1), st.data())
@settings(deadline=None, max_examples=300)
def test_the_calibrated_joint_is_a_largest_remainder_rounding(
    confident: NDArray[np.int64], data: st.DataObject
) -> None:
    """Of the exact proportions; only exact ties, which doubles cannot always see, may fall either way."""
    n_classes = len(confident)
    given_ = data.draw(st.lists(st.integers(0, 40), min_size=n_classes, max_size=n_classes))

    found = calibrate_joint(confident, np.array(given_))

    exact = reference.exact_calibration(confident.tolist(), given_)
    assert found.sum(axis=1).tolist() == given_
    for row, exact_row in zip(found.tolist(), exact, strict=True):
        assert reference.is_largest_remainder(row, exact_row)


@given(st.integers(2, 5), st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=300)
def test_the_calibrated_joint_breaks_ties_as_documented(n_classes: int, seed: int) -> None:
    """Row sums of 1, 2, 4 or 8 and 64 rows in all make every step exact, so that ties are seen as ties."""
    generator = np.random.default_rng(seed)
    confident = np.zeros((n_classes, n_classes), dtype=np.int64)
    for row in confident:
        np.add.at(row, generator.integers(0, n_classes, 2 ** generator.integers(0, 4)), 1)
    sizes = np.bincount(generator.integers(0, n_classes, 64), minlength=n_classes)

    found = calibrate_joint(confident, sizes)

    assert found.tolist() == reference.calibrate(confident.tolist(), sizes.tolist())


@given(counts(), st.data())
@settings(deadline=None, max_examples=200)
def test_where_a_given_class_has_no_counts_the_others_take_its_rows(
    confident: NDArray[np.int64], data: st.DataObject
) -> None:
    """Only a joint that was handed in can be so; every cell stays within 1 of its exact value."""
    n_classes = len(confident)
    sizes = data.draw(st.lists(st.integers(0, 40), min_size=n_classes, max_size=n_classes))

    found = calibrate_joint(confident, np.array(sizes))

    exact = reference.exact_calibration(confident.tolist(), sizes)
    for row, exact_row in zip(found.tolist(), exact, strict=True):
        assert all(abs(cell - value) < 1 + 1e-9 for cell, value in zip(row, exact_row, strict=True))
        assert abs(sum(row) - sum(exact_row)) <= 0.5 + 1e-9


@given(counts(largest=30), st.integers(0, 8), SHARES)
@settings(deadline=None, max_examples=300)
def test_rows_to_prune_are_those_of_the_plain_loops(confident: NDArray[np.int64], least: int, share: float) -> None:
    """With rows to keep and a share of the errors."""
    found = prune_counts(confident, min_examples_per_class=least, frac_noise=share)

    assert found.tolist() == reference.prune_counts(confident.tolist(), least, share)


@given(counts(largest=12), st.data())
@settings(deadline=None, max_examples=300)
def test_removals_are_shared_out_in_proportion_to_the_errors(confident: NDArray[np.int64], data: st.DataObject) -> None:
    """Every row sums to its class, and its cells off the diagonal to the number told."""
    removals = [data.draw(st.integers(0, total)) for total in confident.sum(axis=1).tolist()]

    found = counts_for_removals(confident, np.array(removals))

    assert found.sum(axis=1).tolist() == confident.sum(axis=1).tolist()
    if len(confident) == 1:
        assert found.tolist() == confident.tolist()
        return
    for k, (row, own) in enumerate(zip(found.tolist(), confident.tolist(), strict=True)):
        errors = sum(own) - own[k]
        others = [j for j in range(len(own)) if j != k]
        exact = [Fraction(own[j], errors) if errors else Fraction(1, len(others)) for j in others]
        assert sum(row) - row[k] == removals[k]
        assert reference.is_largest_remainder([row[j] for j in others], [share * removals[k] for share in exact])


@given(st.integers(2, 5), st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=200)
def test_removals_break_ties_as_documented(n_classes: int, seed: int) -> None:
    """With 1, 2, 4 or 8 errors in each class every step is exact."""
    generator = np.random.default_rng(seed)
    confident = np.zeros((n_classes, n_classes), dtype=np.int64)
    for k, row in enumerate(confident):
        others = [j for j in range(n_classes) if j != k]
        np.add.at(row, generator.choice(others, 2 ** generator.integers(0, 4)), 1)
        row[k] = generator.integers(0, 9)
    removals = generator.integers(0, confident.sum(axis=1) + 1)

    found = counts_for_removals(confident, removals)

    assert found.tolist() == reference.counts_for_removals(confident.tolist(), removals.tolist())
