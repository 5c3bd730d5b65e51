"""Which label stands where another was meant: by hand, and known swaps in, known swaps out."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from labelclean.tasks.multi_label import multi_label_confusion
from labelclean.tasks.multi_label.confusion import ConfusionSums

Table = NDArray[np.bool_]


def sums_of(rows: list[tuple[str, str]]) -> ConfusionSums:
    """Build rows of "abcd": the classes given, those flagged and, as capitals, those that are only unlikely."""
    given = np.array([[letter in one for letter in "abcd"] for one, _ in rows])
    flagged = np.array([[letter in other for letter in "abcd"] for _, other in rows])
    unlikely = np.array([[letter in other for letter in "ABCD"] for _, other in rows])
    return ConfusionSums.partial(given, flagged, flagged | unlikely)


def test_one_wrong_and_one_missing_label_are_a_swap() -> None:
    """Given a, b was meant."""
    confusion = sums_of([("a", "ab")]).finish(tuple("abcd"))

    assert np.argwhere(confusion.swaps).tolist() == [[0, 1]]
    assert confusion.swaps[0, 1] == 1
    assert not confusion.spurious.any()
    assert not confusion.missing.any()


def test_wrong_or_missing_labels_alone_are_no_swap() -> None:
    """Row 0: a is wrong. Row 1: b is missing."""
    confusion = sums_of([("ac", "a"), ("c", "b")]).finish(tuple("abcd"))

    assert not confusion.swaps.any()
    assert confusion.spurious.tolist() == [1, 0, 0, 0]
    assert confusion.missing.tolist() == [0, 1, 0, 0]


def test_several_pairs_share_the_row() -> None:
    """Wrong: a. Missing: b, c, d. One swap, a third of it for each; two thirds of each are just missing."""
    confusion = sums_of([("a", "abcd")]).finish(tuple("abcd"))

    assert confusion.swaps[0].tolist() == [0, 1 / 3, 1 / 3, 1 / 3]
    assert confusion.spurious.tolist() == [0, 0, 0, 0]
    assert confusion.missing.tolist() == [0, 2 / 3, 2 / 3, 2 / 3]


def test_two_wrong_and_two_missing_labels_are_two_swaps() -> None:
    """Each of the four pairs is half a swap."""
    confusion = sums_of([("ab", "abcd")]).finish(tuple("abcd"))

    assert confusion.swaps.tolist() == [[0, 0, 0.5, 0.5], [0, 0, 0.5, 0.5], [0, 0, 0, 0], [0, 0, 0, 0]]


def test_many_labels_in_a_row_leave_nothing_over() -> None:
    """Of 29 wrong and 29 missing ones each pair is a 29th, which is no whole number of the unit of the sums."""
    given = np.repeat([[True, False]], 29, axis=1)
    everything = np.ones_like(given)

    confusion = ConfusionSums.partial(given, everything, everything).finish(tuple(range(58)))

    assert np.allclose(confusion.swaps[:29, 29:], 1 / 29, rtol=1e-7)
    assert not confusion.spurious.any()
    assert not confusion.missing.any()


def test_an_unlikely_label_stands_in_for_a_flagged_counterpart() -> None:
    """Row 0: a is flagged, b only likely, that is enough. Row 1: c is flagged, so d need not stand in."""
    confusion = sums_of([("a", "aB"), ("a", "acD"), ("ab", "AcdB")]).finish(tuple("abcd"))

    assert confusion.swaps.tolist() == [[0, 1, 1.5, 0.5], [0, 0, 0.5, 0.5], [0, 0, 0, 0], [0, 0, 0, 0]]
    assert not confusion.spurious.any()
    assert not confusion.missing.any()


def test_unlikely_labels_alone_are_nothing() -> None:
    """Neither is flagged; and what finds no partner does not count as wrong or missing."""
    confusion = sums_of([("a", "AB"), ("ab", "ABc")]).finish(tuple("abcd"))

    assert confusion.swaps.tolist() == [[0, 0, 0.5, 0], [0, 0, 0.5, 0], [0, 0, 0, 0], [0, 0, 0, 0]]
    assert confusion.spurious.tolist() == [0, 0, 0, 0]


def test_rates_are_of_the_examples_that_were_meant() -> None:
    """Class b was meant three times: twice given, once replaced by a; a was meant once, c never."""
    confusion = sums_of([("a", "ab"), ("b", ""), ("bc", "c"), ("a", "")]).finish(tuple("abcd"))

    assert confusion.n_given.tolist() == [2, 2, 1, 0]
    assert confusion.n_meant.tolist() == [1, 3, 0, 0]
    assert confusion.swap_rates[0, 1] == 1 / 3
    assert confusion.spurious_rates.tolist() == [0, 0, 1 / 4, 0]
    assert confusion.missing_rates.tolist() == [0, 0, 0, 0]


def test_chance_pairs_wrong_with_missing_labels() -> None:
    """Two wrong a's and three missing b's in six rows meet once; less the unlikely, not flagged ones, 1 x 2 in 6."""
    rows = [("a", "ab"), ("a", "a"), ("", "b"), ("", "b"), ("", ""), ("", "")]
    weaker = [("a", "ab"), ("a", "A"), ("", "B"), ("", "B"), ("", ""), ("", "")]

    confusion, other = sums_of(rows).finish(tuple("abcd")), sums_of(weaker).finish(tuple("abcd"))

    assert confusion.expected_by_chance[0, 1] == confusion.expected_by_chance.sum() == 1
    assert np.isclose(other.expected_by_chance[0, 1], 1 - 2 / 6)


def test_chunks_add_up() -> None:
    """To the same bits in any order."""
    rows = [("a", "abcd"), ("ab", "abcd"), ("bd", "abd"), ("", "a"), ("abc", "abcd")]
    parts = [sums_of([row]) for row in rows]

    whole = sums_of(rows).finish(tuple("abcd"))
    joined = (parts[3] + (parts[4] + parts[0]) + parts[2] + parts[1]).finish(tuple("abcd"))

    assert joined.swaps.tobytes() == whole.swaps.tobytes()
    assert joined.missing.tobytes() == whole.missing.tobytes()
    assert joined.n_examples == whole.n_examples == 5


def test_the_table_lists_pairs_with_the_most_frequent_first() -> None:
    """Under the names of the classes; pairs that never occur are left out."""
    frame = sums_of([("a", "ab"), ("a", "ab"), ("c", "cd")]).finish(("ant", "bee", "cow", "dog")).to_frame()

    assert frame["given"].tolist() == ["ant", "cow"]
    assert frame["meant"].tolist() == ["bee", "dog"]
    assert frame["n_examples"].tolist() == [2, 1]
    assert frame["rate"].tolist() == [1, 1]
    assert np.allclose(frame["expected_by_chance"], [4 / 3, 1 / 3])


def plant(meant: Table, swaps: dict[tuple[int, int], float], drops: list[float], adds: list[float], seed: int) -> Table:
    """Replace b by a, leave labels out and add others at known rates; at most one error per label."""
    generator = np.random.default_rng(seed)
    given = meant.copy()
    touched = np.zeros_like(meant)
    for (a, b), rate in swaps.items():
        hit = meant[:, b] & ~meant[:, a] & ~touched[:, a] & ~touched[:, b] & (generator.random(len(meant)) < rate)
        given[hit, b], given[hit, a] = False, True
        touched[hit, a] = touched[hit, b] = True
    for k, (drop, add) in enumerate(zip(drops, adds, strict=True)):
        chance = generator.random(len(meant))
        lost = meant[:, k] & ~touched[:, k] & (chance < drop)
        added = ~meant[:, k] & ~touched[:, k] & (chance < add)
        given[lost, k], given[added, k] = False, True
    return given


def planted_data() -> tuple[Table, Table]:
    """20,000 examples of five classes; class 0 often stands for 1, 2 for 3; 4 is often left out and 2 added."""
    meant = np.random.default_rng(1).random((20_000, 5)) < [0.2, 0.3, 0.1, 0.25, 0.3]
    given = plant(meant, {(0, 1): 0.12, (2, 3): 0.08}, [0, 0, 0, 0, 0.10], [0, 0, 0.02, 0, 0], seed=2)
    return meant, given


def counted(meant: Table, given: Table, a: int, b: int) -> int:
    """Count the examples in which a stands for b."""
    return int(np.count_nonzero(given[:, a] & ~meant[:, a] & meant[:, b] & ~given[:, b]))


@pytest.mark.parametrize(("noise", "tolerance"), [(0.0, 0.004), (1.0, 0.012), (1.5, 0.02)])
def test_known_rates_come_out(noise: float, tolerance: float) -> None:
    """A perfect model recovers each rate but for rows with several errors, a good one nearly; the rest stays near 0."""
    meant, given = planted_data()
    logits = np.where(meant, 4.0, -4.0) + noise * np.random.default_rng(3).standard_normal(meant.shape)
    probs = meant.astype(np.float64) if noise == 0 else 1 / (1 + np.exp(-logits))
    n_meant, n_not_meant = meant.sum(axis=0), (~meant).sum(axis=0)

    confusion = multi_label_confusion(given, probs, label_format="one_hot")

    swapped = np.zeros((5, 5))
    swapped[0, 1], swapped[2, 3] = counted(meant, given, 0, 1), counted(meant, given, 2, 3)
    dropped = (meant & ~given).sum(axis=0) - swapped.sum(axis=0)
    added = (given & ~meant).sum(axis=0) - swapped.sum(axis=1)
    assert np.abs(confusion.swap_rates - swapped / n_meant).max() <= tolerance
    assert np.abs(confusion.missing_rates - dropped / n_meant).max() <= 3 * tolerance
    assert np.abs(confusion.spurious_rates - added / n_not_meant).max() <= tolerance
    is_clear = confusion.swaps > 3 * confusion.expected_by_chance + 20
    assert np.argwhere(is_clear).tolist() == [[0, 1], [2, 3]]
