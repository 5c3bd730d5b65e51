from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import sparse

from labelclean.errors import RunCancelledError
from labelclean.explain import neighbours
from labelclean.explain.neighbours import NearestTexts, nearest_texts

N_FEATURES = 4


def _features(table: object) -> sparse.csr_array[np.float32, tuple[int, int]]:
    return sparse.csr_array(np.asarray(table, dtype=np.float32).reshape(-1, N_FEATURES))


def _codes(*numbers: int) -> NDArray[np.int64]:
    return np.array(numbers, dtype=np.int64)


def _slowly(
    table: list[list[float]], labels: list[int], groups: list[int], row: int, n_neighbours: int
) -> tuple[list[tuple[int, float]], tuple[int, float]]:
    """Compare one row with every other, as the docstring says it."""
    seen: set[tuple[int, int]] = set()
    pool: list[tuple[float, int]] = []
    for other, (group, label) in enumerate(zip(groups, labels, strict=True)):
        copy = (group, label)
        if label >= 0 and copy not in seen:
            seen.add(copy)
            likeness = sum(a * b for a, b in zip(table[row], table[other], strict=True))
            if group != groups[row] and likeness > 0:
                pool.append((-likeness, other))
    ranked = [(other, -likeness) for likeness, other in sorted(pool)]
    own = [each for each in ranked if labels[row] >= 0 and labels[each[0]] == labels[row]]
    nearest = (ranked + [(-1, 0.0)] * n_neighbours)[:n_neighbours]
    return nearest, own[0] if own else (-1, 0.0)


# Quarters are exact in single precision, and few values make many ties. Four of 0.5 * 0.5 sum to 1.
VALUES = st.sampled_from([0.0, 0.0, 0.25, 0.5])


@st.composite
def _rows(draw: st.DrawFn) -> tuple[list[list[float]], list[int], list[int]]:
    n_rows = draw(st.integers(1, 80))
    table = draw(st.lists(st.lists(VALUES, min_size=4, max_size=N_FEATURES), min_size=n_rows, max_size=n_rows))
    labels = draw(st.lists(st.integers(-1, 2), min_size=n_rows, max_size=n_rows))
    groups = draw(st.lists(st.integers(0, n_rows - 1), min_size=n_rows, max_size=n_rows))
    return table, labels, groups


@settings(deadline=None)
@given(_rows(), st.integers(1, 6))
def test_the_neighbours_are_those_of_comparing_every_pair(
    rows: tuple[list[list[float]], list[int], list[int]], n_neighbours: int
) -> None:
    """Whatever the ties, copies and rows without a label."""
    table, labels, groups = rows

    found = nearest_texts(
        _features(table), np.arange(len(labels)), _codes(*labels), _codes(*groups), n_neighbours=n_neighbours
    )

    for row in range(len(labels)):
        nearest, own = _slowly(table, labels, groups, row, n_neighbours)
        assert list(zip(found.rows[row].tolist(), found.similarities[row].tolist(), strict=True)) == nearest
        assert (found.counter_rows[row], found.counter_similarities[row]) == own


def _many(n_rows: int) -> tuple[sparse.csr_array[np.float32, tuple[int, int]], NDArray[np.int64]]:
    random = np.random.default_rng(3)
    is_there = random.random((n_rows, 300)) < np.linspace(0.5, 0, 300) ** 3  # from common to rare
    table = (random.random((n_rows, 300)) * is_there / 4).astype(np.float32)
    return sparse.csr_array(table), random.integers(-1, 4, n_rows)


def _bytes(found: NearestTexts) -> bytes:
    arrays = (found.rows, found.similarities, found.counter_rows, found.counter_similarities)
    return b"".join(array.tobytes() for array in arrays)


def test_the_size_of_the_blocks_changes_no_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Similarities are summed in one order."""
    features, labels = _many(700)
    expected = nearest_texts(features, np.arange(700), labels, np.arange(700))

    monkeypatch.setattr(neighbours, "_MAX_CELLS", 700 * 7)
    found = nearest_texts(features, np.arange(700), labels, np.arange(700))

    assert _bytes(found) == _bytes(expected)


def test_many_rows_are_compared_as_precisely_as_few() -> None:
    """Common and rare features, and rows past the first chunk and the first block, all count."""
    features, labels = _many(700)
    dense = features.toarray().astype(np.float64)

    found = nearest_texts(features, np.arange(700), labels, np.arange(700))

    alike = dense @ dense.T
    alike[:, labels < 0] = -1.0
    np.fill_diagonal(alike, -1.0)
    expected = np.minimum(np.sort(alike, axis=1)[:, :-6:-1], 1.0)
    assert np.allclose(found.similarities, expected, rtol=1e-5)
    assert np.allclose(np.minimum(np.take_along_axis(alike, found.rows, axis=1), 1.0), expected, rtol=1e-5)


def test_the_order_asked_in_is_the_order_answered_in() -> None:
    """Rows are asked about in blocks of a class, which nobody sees."""
    features, labels = _many(300)
    asked = np.random.default_rng(4).permutation(300)[:200]

    found = nearest_texts(features, asked, labels, np.arange(300))

    everything = nearest_texts(features, np.arange(300), labels, np.arange(300))
    assert np.array_equal(found.rows, everything.rows[asked])
    assert np.array_equal(found.counter_rows, everything.counter_rows[asked])


def test_a_copy_of_the_row_is_no_neighbour() -> None:
    """Its own text tells nothing new, whatever label it carries there."""
    features = _features([[1, 0, 0, 0], [1, 0, 0, 0], [0.6, 0.8, 0, 0]])

    found = nearest_texts(features, _codes(0), _codes(0, 1, 0), _codes(7, 7, 8), n_neighbours=2)

    assert found.rows.tolist() == [[2, -1]]
    assert found.similarities[0].tolist() == pytest.approx([0.6, 0.0])


def test_copies_of_another_text_count_once_for_each_label() -> None:
    """Rows 1, 2 and 4 are one text; the label of row 4 contradicts the others."""
    features = _features([[1, 0, 0, 0]] + [[0.6, 0.8, 0, 0]] * 4)

    found = nearest_texts(features, _codes(0), _codes(0, 1, 1, 1, 2), _codes(0, 1, 1, 3, 1), n_neighbours=4)

    assert found.rows.tolist() == [[1, 3, 4, -1]]


def test_rows_without_a_label_ask_but_do_not_answer() -> None:
    """They have neighbours and no counter-example, and are nobody's neighbour."""
    features = _features([[1, 0, 0, 0]] * 3)

    found = nearest_texts(features, _codes(0, 1), _codes(-1, 0, -1), np.arange(3), n_neighbours=1)

    assert found.rows.tolist() == [[1], [-1]]
    assert found.counter_rows.tolist() == [-1, -1]


def test_without_any_label_or_row_nothing_is_found() -> None:
    """Empty inputs have empty answers."""
    features = _features([[1, 0, 0, 0]] * 2)

    unlabelled = nearest_texts(features, _codes(0), _codes(-1, -1), np.arange(2))
    unasked = nearest_texts(features, _codes(), _codes(0, 1), np.arange(2))

    assert unlabelled.rows.tolist() == [[-1] * 5]
    assert unasked.rows.shape == (0, 5)


def test_the_counter_example_may_lie_far_behind_the_neighbours() -> None:
    """The nearest text under the row's own label, however many are nearer."""
    features = _features([[1, 0, 0, 0]] + [[0.9, 0.1, 0, 0]] * 40 + [[0.1, 0.9, 0, 0], [0.2, 0.8, 0, 0]])
    labels = _codes(0, *[1] * 40, 0, 0)

    found = nearest_texts(features, _codes(0), labels, np.arange(43), n_neighbours=2)

    assert found.rows.tolist() == [[1, 2]]
    assert found.counter_rows.tolist() == [42]


def test_the_search_can_be_cancelled() -> None:
    """What progress raises comes through."""

    def cancel(step: str, fraction: float) -> None:
        raise RunCancelledError(f"{step} {fraction}")

    with pytest.raises(RunCancelledError):
        nearest_texts(_features([[1, 0, 0, 0]] * 2), _codes(0), _codes(0, 1), np.arange(2), progress=cancel)
