from __future__ import annotations

import numpy as np
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import expit

from labelclean.models.label_sets.cell_errors import LabelNoise, error_log_odds, estimate_label_noise
from labelclean.models.label_sets.cooccurrence import Cooccurrence, with_cooccurrence
from labelclean.models.label_sets.suggested_sets import suggested_sets


def _from_text(log_odds: list[list[float]]) -> Cooccurrence:
    """Log-odds of rows whose labels say nothing about each other."""
    text = np.array(log_odds, dtype=np.float32)
    return Cooccurrence(
        log_odds=text,
        gain=0.0,
        standard_error=0.0,
        is_used=False,
        text=text,
        models=(),
        model_of=np.zeros(len(text), dtype=np.int64),
    )


def _noise(*, added_beside: float, missing_beside: float, n_labels: int = 2) -> LabelNoise:
    nothing = np.zeros(n_labels)
    return LabelNoise(
        n_added=nothing,
        n_missing=nothing,
        added_rates=nothing,
        missing_rates=nothing,
        added_rate=0.0,
        missing_rate=0.0,
        added_rate_beside=added_beside,
        missing_rate_beside=missing_beside,
    )


_RARE = _noise(added_beside=0.001, missing_beside=0.001)


def test_a_row_that_is_probably_right_is_suggested_what_is_likeliest_if_it_is_not() -> None:
    """The cell that is likeliest wrong is turned around; among equals the first."""
    given = np.array([[True, False], [True, False]])
    errors = np.array([[0.01, 0.02], [0.01, 0.01]], dtype=np.float32)

    found = suggested_sets(_from_text([[3, -2], [3, -3]]), given, errors, _RARE)

    assert found.tolist() == [[True, True], [False, False]]


def test_all_cells_likelier_wrong_than_right_are_turned_around() -> None:
    """Also two of a row."""
    given = np.array([[True, False]])

    found = suggested_sets(_from_text([[-1, 1]]), given, np.array([[0.6, 0.7]], dtype=np.float32), _RARE)

    assert found.tolist() == [[False, True]]


def test_the_other_cells_are_judged_by_the_errors_that_come_together() -> None:
    """Odds of 1 to 4 for a given label: kept where added labels are rare, as the text says where they are common."""
    given = np.array([[True, False]])
    errors = np.array([[0.1, 0.4]], dtype=np.float32)
    text = _from_text([[-np.log(4), -0.1]])

    alone = suggested_sets(text, given, errors, _noise(added_beside=0.1, missing_beside=0.1))
    together = suggested_sets(text, given, errors, _noise(added_beside=0.4, missing_beside=0.4))

    assert alone.tolist() == [[True, True]]  # by 1/4 times 0.9 / 0.1
    assert together.tolist() == [[False, True]]  # by 1/4 times 0.6 / 0.4


def test_a_label_taken_for_another_leaves_when_that_one_comes() -> None:
    """Rows have one of two labels; the text of the first is clear about the one it lacks, and silent on its own."""
    first = np.random.default_rng(0).random(400) < 0.5
    given = np.stack([first, ~first], axis=1)
    text = np.where(given, 1.0, -1.0).astype(np.float32)
    given[:20] = ~given[:20]
    text[0] = np.where(given[0], 0.0, 4.0)
    joined = with_cooccurrence(text, given, np.arange(400) % 5)
    errors = np.full((400, 2), 0.1, dtype=np.float32)
    errors[0] = np.where(given[0], 0.2, 0.3)

    noise = _noise(added_beside=0.4, missing_beside=0.4)

    found = suggested_sets(joined, given, errors, noise)
    from_text = suggested_sets(_from_text(text.tolist()), given, errors, noise)

    assert joined.is_used
    assert found[0].tolist() == [not is_in for is_in in given[0]]
    assert from_text[0].all()


def test_a_row_without_a_set_is_suggested_what_is_likelier_than_not() -> None:
    """There is nothing that could be wrong."""
    errors = np.full((1, 2), np.nan, dtype=np.float32)

    found = suggested_sets(_from_text([[0.1, -0.1]]), np.zeros((1, 2), dtype=np.bool_), errors, _RARE)

    assert found.tolist() == [[True, False]]


def test_without_labels_there_is_nothing_to_suggest() -> None:
    """Empty sets stay empty."""
    nothing = np.zeros((3, 0), dtype=np.float32)

    found = suggested_sets(
        _from_text([[]] * 3), nothing > 0, nothing, _noise(added_beside=0.0, missing_beside=0.0, n_labels=0)
    )

    assert found.shape == (3, 0)


@settings(deadline=None, max_examples=30)
@drawn(st.integers(0, 10_000), st.integers(1, 5))
def test_every_suggestion_differs_and_keeps_the_flagged_changes(seed: int, n_labels: int) -> None:
    """For whatever log-odds and sets, and in any order of the rows the same."""
    rng = np.random.default_rng(seed)
    given: NDArray[np.bool_] = rng.random((60, n_labels)) < 0.4
    text = rng.normal(0, 2, (60, n_labels)).astype(np.float32)
    joined, noise = _from_text(text.tolist()), estimate_label_noise(text, given)
    errors = expit(error_log_odds(text, given) - np.float32(1.0))

    found = suggested_sets(joined, given, errors, noise)

    turned = suggested_sets(_from_text(text[::-1].tolist()), given[::-1], errors[::-1], noise)
    assert (found != given).any(axis=1).all()
    assert (found != given)[errors > 0.5].all()
    np.testing.assert_array_equal(turned[::-1], found)
