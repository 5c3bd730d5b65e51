from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import sparse

from labelclean.errors import RunCancelledError
from labelclean.models.label_sets import naive_bayes
from labelclean.models.label_sets.naive_bayes import leave_groups_out_naive_bayes


def _refitted(
    counts: NDArray[np.float64], given: NDArray[np.bool_], labelled: NDArray[np.bool_], groups: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Train anew without the group for every row and label, as the formula says."""
    scores = np.zeros(given.shape)
    for row in range(len(counts)):
        others = (groups != groups[row]) & labelled
        length = counts[row].sum()
        for label in range(given.shape[1]):
            with_label = counts[others & given[:, label]].sum(axis=0) + 0.3
            without = counts[others & ~given[:, label]].sum(axis=0) + 0.3
            ratios = np.log(with_label / with_label.sum()) - np.log(without / without.sum())
            scores[row, label] = counts[row] @ ratios / np.sqrt(length) if length else 0.0
    return scores


def _data(seed: int) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_], NDArray[np.int64]]:
    rng = np.random.default_rng(seed)
    counts = rng.poisson(0.4, (40, 12)).astype(np.float64)
    counts[3] = 0.0  # a text without features
    given = rng.random((40, 5)) < 0.3
    given[:, 3], given[:, 4] = False, True  # labels of nobody and of everybody
    labelled = rng.random(40) < 0.8
    return counts, given, labelled, rng.integers(0, 25, 40)


@pytest.mark.parametrize("seed", range(3))
def test_leaving_groups_out_equals_training_anew_without_them(seed: int) -> None:
    """Groups of rows, rows without a set, empty texts, labels of nobody and of everybody: all as n refits give."""
    counts, given, labelled, groups = _data(seed)

    found = leave_groups_out_naive_bayes(sparse.csr_array(counts.astype(np.float32)), given, labelled, groups)

    np.testing.assert_allclose(found, _refitted(counts, given, labelled, groups), atol=2e-5)


def test_how_rows_are_dealt_to_blocks_and_threads_changes_no_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    """One block and one thread, or many of both."""
    counts, given, labelled, groups = _data(0)
    features = sparse.csr_array(counts.astype(np.float32))

    at_once = leave_groups_out_naive_bayes(features, given, labelled, groups)
    monkeypatch.setattr(naive_bayes, "_N_NUMBERS_AT_ONCE", 1)
    in_parts = leave_groups_out_naive_bayes(features, given, labelled, groups, n_jobs=3)

    assert at_once.tobytes() == in_parts.tobytes()


def test_a_rows_own_label_does_not_move_its_score() -> None:
    """Only other groups are looked at."""
    counts, given, labelled, groups = _data(1)
    features = sparse.csr_array(counts.astype(np.float32))
    changed = given.copy()
    changed[groups == groups[7]] ^= True

    before = leave_groups_out_naive_bayes(features, given, labelled, groups)
    after = leave_groups_out_naive_bayes(features, changed, labelled, groups)

    np.testing.assert_allclose(before[7], after[7], atol=1e-6)


def test_it_stops_when_told_to() -> None:
    """The error of the progress callable comes through."""
    counts, given, labelled, groups = _data(0)

    def stop(step: str, fraction: float) -> None:
        raise RunCancelledError(step + str(fraction))

    with pytest.raises(RunCancelledError):
        leave_groups_out_naive_bayes(
            sparse.csr_array(counts.astype(np.float32)), given, labelled, groups, progress=stop
        )
