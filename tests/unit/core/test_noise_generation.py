"""Labels made wrong on purpose."""

from __future__ import annotations

import numpy as np
import pytest

from labelclean.core.noise_generation import (
    class_dependent_noise,
    empirical_noise_matrix,
    instance_dependent_noise,
)
from labelclean.errors import ConfigError, InvalidInputError

NOISE = np.array([[0.8, 0.1, 0.0], [0.2, 0.6, 0.0], [0.0, 0.3, 1.0]])


def test_each_pair_of_classes_occurs_as_often_as_the_matrix_says() -> None:
    """By hand: 10, 20 and 5 rows of the three classes."""
    true = np.repeat([0, 1, 2], [10, 20, 5])

    given = class_dependent_noise(true, NOISE, random_state=0)

    counts = [[int(((given == j) & (true == k)).sum()) for k in range(3)] for j in range(3)]
    assert counts == [[8, 2, 0], [2, 12, 0], [0, 6, 5]]


def test_what_does_not_divide_goes_to_the_largest_remainders() -> None:
    """By hand: 7 rows at 0.5, 0.3, 0.2 are 3.5, 2.1, 1.4; rounded 4, 2, 1 they add up to 7."""
    noise = np.array([[0.5, 0.0, 0.0], [0.3, 1.0, 0.0], [0.2, 0.0, 1.0]])

    given = class_dependent_noise([0] * 7, noise, random_state=0)

    assert np.bincount(given).tolist() == [4, 2, 1]


def test_which_rows_are_wrong_is_chance_and_the_seed_decides() -> None:
    """Same seed, same rows; another seed, others; the input is left as it was."""
    true = np.zeros(100, dtype=np.int64)
    true.flags.writeable = False
    noise = [[0.5, 0.0], [0.5, 1.0]]

    once, again, other = (class_dependent_noise(true, noise, random_state=seed) for seed in (0, 0, 1))

    assert np.array_equal(once, again)
    assert not np.array_equal(once, other)


def test_every_row_of_a_class_is_equally_likely_to_be_wrong() -> None:
    """Over 400 seeds each of 10 rows is flipped about 200 times (5 standard deviations are 50)."""
    noise = [[0.5, 0.0], [0.5, 1.0]]

    n_wrong = sum(class_dependent_noise([0] * 10, noise, random_state=seed) for seed in range(400))

    assert np.abs(np.asarray(n_wrong) - 200).max() < 50


def test_no_rows_stay_no_rows() -> None:
    """Empty in, empty out."""
    assert class_dependent_noise([], NOISE, random_state=0).shape == (0,)
    assert instance_dependent_noise([], np.empty((0, 2)), noise_rate=0.5, random_state=0).shape == (0,)


@pytest.mark.parametrize(
    ("message", "labels", "noise"),
    [
        ("noise_matrix must be square; got shape", [0], [[1.0, 0.0]]),
        ("got 1 other columns, first column 1", [0], [[1.0, 0.5], [0.0, 0.4]]),
        ("is the matrix transposed", [0], [[0.5, 0.5], [0.1, 0.9]]),
        ("got 2 other columns", [0], [[1.5, -0.5], [-0.5, 1.5]]),
        ("true_labels must be from 0 to 1; got 2 in row 1", [0, 2], [[1.0, 0.0], [0.0, 1.0]]),
        ("true_labels must be a flat list of whole numbers", ["a"], [[1.0]]),
    ],
)
def test_what_is_not_a_noise_matrix_or_a_class_is_refused(
    message: str, labels: list[int], noise: list[list[float]]
) -> None:
    """The message says which column or row."""
    with pytest.raises(InvalidInputError, match=message):
        class_dependent_noise(labels, noise, random_state=0)


def test_exactly_the_wanted_share_is_wrong() -> None:
    """By hand: 0.25 of 10 is 2.5, and halves are rounded to even."""
    probs = np.full((10, 3), 1 / 3)

    given = instance_dependent_noise(np.zeros(10, dtype=int), probs, noise_rate=0.25, random_state=0)

    assert np.count_nonzero(given) == 2


def test_rows_the_model_is_sure_of_come_last() -> None:
    """Five rows are sure, five are not: half of all are wrong, and they are the unsure ones."""
    probs = np.repeat([[1.0, 0.0], [0.6, 0.4]], 5, axis=0)

    given = instance_dependent_noise([0] * 10, probs, noise_rate=0.5, random_state=0)

    assert given.tolist() == [0] * 5 + [1] * 5


def test_rows_are_wrong_in_proportion_to_their_weights() -> None:
    """By hand: margins 0 and 0.5 weigh 1/2 and 1/4, so the first of two rows is the wrong one 2 times in 3."""
    probs = [[0.5, 0.5], [0.75, 0.25]]

    first = sum(instance_dependent_noise([0, 0], probs, noise_rate=0.5, random_state=seed)[0] for seed in range(3000))

    assert abs(first - 2000) < 5 * np.sqrt(3000 * 2 / 9)


def test_the_wrong_class_is_drawn_in_proportion_to_the_probabilities() -> None:
    """By hand: 0.3 and 0.1 beside the true class make 3 in 4; a class of probability 0 is never given."""
    probs = np.tile([0.6, 0.3, 0.1, 0.0], (4000, 1))

    given = instance_dependent_noise(np.zeros(4000, dtype=int), probs, noise_rate=1.0, random_state=0)

    counts = np.bincount(given, minlength=4)
    assert counts[0] == 0
    assert counts[3] == 0
    assert abs(counts[1] - 3000) < 5 * np.sqrt(4000 * 3 / 16)


def test_where_no_other_class_is_plausible_all_are_equally() -> None:
    """Sure rows that must be made wrong all the same."""
    probs = np.tile([1.0, 0.0, 0.0], (3000, 1))

    given = instance_dependent_noise(np.zeros(3000, dtype=int), probs, noise_rate=1.0, random_state=0)

    counts = np.bincount(given, minlength=3)
    assert counts[0] == 0
    assert abs(counts[1] - 1500) < 5 * np.sqrt(3000 / 4)


@pytest.mark.parametrize("noise_rate", [-0.1, 1.1, float("nan")])
def test_a_rate_outside_0_and_1_is_refused(noise_rate: float) -> None:
    """A share of rows."""
    with pytest.raises(ConfigError, match="noise_rate must be from 0 to 1"):
        instance_dependent_noise([0, 1], np.eye(2), noise_rate=noise_rate, random_state=0)


def test_one_class_cannot_be_wrong() -> None:
    """There is no other class to give."""
    with pytest.raises(ConfigError, match="only one class"):
        instance_dependent_noise([0, 0], np.ones((2, 1)), noise_rate=0.5, random_state=0)


def test_the_realised_matrix_is_the_shares_of_each_true_class() -> None:
    """By hand: true 0 three times, given 0, 1, 1; true 1 once, given 1; class 2 never."""
    found = empirical_noise_matrix([0, 1, 1, 1], [0, 0, 0, 1], 3)

    assert np.allclose(found, [[1 / 3, 0.0, 0.0], [2 / 3, 1.0, 0.0], [0.0, 0.0, 1.0]])


def test_labels_that_do_not_pair_up_are_refused() -> None:
    """Two lists of one length."""
    with pytest.raises(InvalidInputError, match="one entry for each of the 3 true labels; got 2"):
        empirical_noise_matrix([0, 1], [0, 1, 1], 2)
    with pytest.raises(InvalidInputError, match="given_labels must be from 0 to 1; got 2 in row 0"):
        empirical_noise_matrix([2, 1], [0, 1], 2)
