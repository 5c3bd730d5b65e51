"""What is said about probabilities that are not what confident learning needs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from labelclean.core.plausibility import SUM_TOLERANCE, PlausibilityFinding, check_plausible
from labelclean.errors import InvalidInputError

Rows = NDArray[np.float64]


def held_out(n_rows: int, n_classes: int, *, error_rate: float = 0.1, seed: int = 0) -> tuple[NDArray[np.int64], Rows]:
    """Return labels, a share of them wrong, and probabilities of a model that knows the true classes well."""
    random = np.random.default_rng(seed)
    true = random.integers(0, n_classes, n_rows)
    probs = random.dirichlet(np.ones(n_classes), n_rows) * 0.4
    probs[np.arange(n_rows), true] += 0.6
    wrong = random.random(n_rows) < error_rate
    return np.where(wrong, (true + 1) % n_classes, true), probs


def codes(found: tuple[PlausibilityFinding, ...]) -> list[str]:
    """Return the kinds of findings in their order."""
    return [finding.code for finding in found]


def test_nothing_is_said_about_held_out_probabilities() -> None:
    """A good model on labels of which a tenth is wrong."""
    assert check_plausible(*held_out(2_000, 5)) == ()


def test_nothing_is_said_about_no_rows() -> None:
    """An empty table is no oddity."""
    assert check_plausible(np.empty(0, dtype=np.int64), np.empty((0, 3))) == ()


def test_without_any_label_only_the_sums_are_looked_at() -> None:
    """There is nothing to compare with."""
    _, probs = held_out(400, 3)
    unlabelled = np.full(400, -1)

    assert check_plausible(unlabelled, probs) == ()
    assert codes(check_plausible(unlabelled, probs / 2)) == ["rows_do_not_sum_to_one"]


@pytest.mark.parametrize("labels", [[0, -2, 1], [0, 3, -1]])
def test_labels_that_are_no_classes_are_refused(labels: list[int]) -> None:
    """Only -1 stands for no label."""
    with pytest.raises(InvalidInputError, match="row 1"):
        check_plausible(labels, np.full((3, 2), 0.5))


def test_rows_that_do_not_sum_to_one_are_counted_and_the_first_is_named() -> None:
    """Two of 400 rows, halved."""
    labels, probs = held_out(400, 3)
    probs[[17, 203]] /= 2

    (found,) = check_plausible(labels, probs)

    assert (found.code, found.n_rows, found.first_row) == ("rows_do_not_sum_to_one", 2, 17)
    assert found.message == (
        "The probabilities of 2 of 400 rows do not sum to 1, first in row 17, where they sum to 0.5."
    )


def test_rows_without_a_label_must_sum_to_one_as_well() -> None:
    """Their probabilities make suggestions."""
    labels, probs = held_out(400, 3)
    labels[5] = -1
    probs[5] *= 0.9

    assert [(found.code, found.first_row) for found in check_plausible(labels, probs)] == [
        ("rows_do_not_sum_to_one", 5)
    ]


def test_half_precision_sums_to_one() -> None:
    """Rounding each of 200 probabilities to half precision moves no sum by half the tolerance."""
    labels, probs = held_out(500, 200)
    rounded = probs.astype(np.float16)

    assert np.abs(rounded.sum(axis=1, dtype=np.float64) - 1).max() < SUM_TOLERANCE / 2
    assert check_plausible(labels, rounded) == ()


@pytest.mark.parametrize(("change", "said"), [(0.9 * SUM_TOLERANCE, False), (1.1 * SUM_TOLERANCE, True)])
def test_the_tolerance_of_a_sum_is_the_documented_one(change: float, said: bool) -> None:
    """Just inside and just outside."""
    probs = np.array([[0.5, 0.5], [0.5 + change, 0.5]])

    assert ("rows_do_not_sum_to_one" in codes(check_plausible([0, 1], probs))) == said


def test_equal_rows_say_nothing_and_are_said_alone() -> None:
    """Whatever else is odd about them follows from that."""
    (found,) = check_plausible([0, 1, 1], np.tile([0.3, 0.3], (3, 1)))

    assert (found.code, found.n_rows) == ("constant", 3)


@pytest.mark.parametrize("probs", [[[0.5, 0.5]], [[1.0], [1.0], [1.0]]])
def test_one_row_or_one_class_is_not_called_constant(probs: list[list[float]]) -> None:
    """There all rows must be the same."""
    assert codes(check_plausible([0] * len(probs), probs)) == []


def test_probabilities_that_repeat_every_label_look_in_sample() -> None:
    """Noisy labels that a model is sure of, to the last one."""
    labels, _ = held_out(1_000, 4)
    probs = np.full((1_000, 4), 0.02)
    probs[np.arange(1_000), labels] = 0.94

    (found,) = check_plausible(labels, probs)

    assert (found.code, found.n_rows) == ("looks_in_sample", 1_000)
    assert "1,000 of 1,000 given labels (94.0 % on average)" in found.message
    assert "cross_val_predict" in found.fix


def test_bagged_trees_are_recognised_though_they_are_not_very_sure() -> None:
    """In sample they give the label 0.55 to 0.9, and any other class less."""
    labels, _ = held_out(2_000, 5)
    own = np.random.default_rng(3).uniform(0.55, 0.9, 2_000)
    probs = np.repeat((1 - own)[:, np.newaxis] / 4, 5, axis=1)
    probs[np.arange(2_000), labels] = own

    assert codes(check_plausible(labels, probs)) == ["looks_in_sample"]


@pytest.mark.parametrize(("n_rows", "said"), [(298, False), (299, True)])
def test_too_few_rows_prove_nothing(n_rows: int, said: bool) -> None:
    """0.99 ** 298 is 0.05003, 0.99 ** 299 is 0.0495: the first row count at which 1 % is ruled out with 95 %."""
    labels = np.arange(n_rows) % 2

    assert (codes(check_plausible(labels, np.eye(2)[labels])) == ["looks_in_sample"]) == said


@pytest.mark.parametrize(("n_wrong", "said"), [(6, False), (4, True)])
def test_a_few_doubts_in_a_thousand_rows(n_wrong: int, said: bool) -> None:
    """
    Binomial with 1,000 rows and 1 %.

    P(at most 4) = 0.0287 is below 0.05, P(at most 6) = 0.1289 is not.
    """
    labels = np.arange(1_000) % 2
    probs = np.where(np.eye(2)[labels] == 1, 0.9, 0.1)
    probs[:n_wrong] = probs[:n_wrong, ::-1].copy()

    assert (codes(check_plausible(labels, probs)) == ["looks_in_sample"]) == said


def test_copies_with_two_labels_do_not_hide_a_model_that_knows_its_rows() -> None:
    """Ten pairs of copies with different labels: all it can do is give one half to each."""
    labels = np.arange(1_000) % 2
    probs = np.where(np.eye(2)[labels] == 1, 0.9, 0.1)
    probs[:20] = 0.5

    assert codes(check_plausible(labels, probs)) == ["looks_in_sample"]


def test_being_right_about_a_single_class_is_no_sign() -> None:
    """A detector that never fires, on data where it never should."""
    probs = np.tile([0.99, 0.01], (1_000, 1))
    probs[0] = [0.98, 0.02]

    assert check_plausible(np.zeros(1_000, dtype=np.int64), probs) == ()


def test_a_cyclic_order_is_found_and_named() -> None:
    """Columns of the classes b, c, a where a, b, c are expected."""
    labels, probs = held_out(600, 3)

    (found,) = check_plausible(labels, probs[:, [1, 2, 0]], class_names=["a", "b", "c"])

    assert found.code == "class_order"
    assert found.column_order == (1, 2, 0)
    assert "3 of 3 classes" in found.message
    assert "a → b, b → c, c → a." in found.fix


def test_two_classes_in_the_wrong_places_among_twenty_are_found() -> None:
    """Nine tenths of all rows agree all the same; only the rows of the two classes count."""
    labels, probs = held_out(4_000, 20)
    order = np.arange(20)
    order[[3, 11]] = [11, 3]

    (found,) = check_plausible(labels, probs[:, order])

    assert found.column_order == tuple(order)
    assert found.n_rows == int(np.isin(labels, [3, 11]).sum())
    assert "3 → 11, 11 → 3." in found.fix


def test_many_moved_classes_are_not_all_listed() -> None:
    """The first eight, and how many more there are."""
    labels, probs = held_out(3_000, 12)

    (found,) = check_plausible(labels, np.roll(probs, 1, axis=1))

    assert found.fix.endswith("7 → 6 and 4 more.")


def test_a_model_that_guesses_is_not_told_to_change_its_order() -> None:
    """Among the 20! orders some agree better by chance, on the half where they are searched."""
    random = np.random.default_rng(7)
    labels = random.integers(0, 20, 400)
    probs = random.dirichlet(np.ones(20), 400)

    assert check_plausible(labels, probs) == ()


def test_two_classes_that_are_hard_to_tell_apart_stay() -> None:
    """The model takes 60 % of each for the other: better swapped, but not far better."""
    labels = np.arange(2_000) % 2
    right = np.random.default_rng(1).random(2_000) < 0.4
    best = np.where(right, labels, 1 - labels)
    probs = np.where(np.eye(2)[best] == 1, 0.7, 0.3)

    assert check_plausible(labels, probs) == ()


def test_a_class_that_nobody_was_given_keeps_its_column() -> None:
    """Its column fits no class better than its own."""
    labels, probs = held_out(500, 4)
    wider = np.column_stack([probs * 0.97, np.full(500, 0.03)])

    assert check_plausible(labels, wider) == ()


def test_the_order_of_very_many_classes_is_not_asked() -> None:
    """The search would take longer than all else."""
    labels = np.arange(6_006) % 1_001
    probs = np.full((6_006, 1_001), 0.5 / 1_000)
    probs[np.arange(6_006), (labels + 1) % 1_001] = 0.5

    assert check_plausible(labels, probs) == ()


def test_values_that_are_no_probabilities_are_refused() -> None:
    """They are counted and named by the door of the core."""
    labels, probs = held_out(50, 3)
    probs[[4, 9], 0] = np.nan

    with pytest.raises(InvalidInputError, match="2 rows, first in row 4"):
        check_plausible(labels, probs)


def test_the_table_is_not_written_to() -> None:
    """A read-only table will do, in any order of its cells."""
    labels, probs = held_out(300, 3)
    probs = np.asfortranarray(probs)
    before = probs.copy()
    probs.flags.writeable = labels.flags.writeable = False

    check_plausible(labels, probs)

    assert np.array_equal(probs, before)


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 1_000), chunk_bytes=st.integers(1, 5_000), kind=st.sampled_from(["f2", "f4", "f8"]))
def test_the_chunks_change_nothing(seed: int, chunk_bytes: int, kind: str) -> None:
    """Any cut gives the same findings, to the letter; rows of all kinds of oddity are among them."""
    labels, probs = held_out(350, 3, error_rate=0.0, seed=seed)
    table = (probs if seed % 2 else probs[:, [2, 0, 1]]).astype(kind)
    table[seed % 350] /= 2
    labels[seed % 7] = -1

    assert check_plausible(labels, table, chunk_bytes=chunk_bytes) == check_plausible(labels, table)
