"""What a re-ranking learns from."""

from __future__ import annotations

import numpy as np
import pytest

from labelclean.core.reranking_columns import describe_rows, likeliest_other
from tests.reranking_cases import make_audit, take_rows


def test_numbers_are_a_constant_the_audits_log_odds_and_standardised_learners() -> None:
    """Halved log-odds; each learner with mean 0 and the spread of one share of three (two views and the pool)."""
    signals = make_audit(seed=0).signals

    found = describe_rows(signals, np.arange(10))

    log_odds = np.log(signals.error_probabilities / (1 - signals.error_probabilities))
    assert found.numbers[:, 0].tolist() == [1.0] * 400
    assert found.numbers[:, 1] == pytest.approx(log_odds / 2)
    assert found.numbers[:, 2:].mean(axis=0) == pytest.approx(np.zeros(3))
    assert found.numbers[:, 2:].std(axis=0) == pytest.approx(np.full(3, 3**-0.5))
    assert found.names == ("view 0", "view 1", "all together")
    assert found.number_blocks.tolist() == [0, 1, 2, 2, 2]


def test_certainty_grows_by_its_logarithm_only_and_keeps_its_order() -> None:
    """Log-odds of 10 count as 8 + log 3; half a row in a billion still comes after one in a million."""
    made = make_audit(seed=0, n_rows=4)
    log_odds = np.array([10.0, -10.0, 2.0, 15.0])
    made.signals.error_probabilities.flags.writeable = True
    made.signals.error_probabilities[:] = 1 / (1 + np.exp(-log_odds))

    found = describe_rows(made.signals, np.arange(2)).offsets

    assert found == pytest.approx([8 + np.log(3), -8 - np.log(3), 2.0, 8 + np.log(8)])


def test_only_classes_and_pairs_with_verdicts_get_columns() -> None:
    """One verdict: one class, one pair; rows of other classes have neither."""
    signals = make_audit(seed=1).signals

    found = describe_rows(signals, np.array([7]))

    assert found.n_groups == (1, 1)
    same_class = signals.labels == signals.labels[7]
    assert np.array_equal(found.groups[0] == 0, same_class)
    others = likeliest_other(signals)
    assert np.array_equal(found.groups[1] == 0, same_class & (others == others[7]))
    assert found.block_of.tolist() == [0, 1, 2, 2, 2, 3, 4]


def test_without_verdicts_or_rows_there_are_no_groups() -> None:
    """Nothing to learn from, and nothing to describe."""
    made = make_audit(seed=2)

    undecided = describe_rows(made.signals, np.empty(0, dtype=np.int64))
    empty = describe_rows(take_rows(made, np.empty(0, dtype=np.int64)).signals, np.empty(0, dtype=np.int64))

    assert undecided.n_groups == (0, 0)
    assert (undecided.groups == -1).all()
    assert empty.numbers.shape == (0, 5)


def test_a_row_whose_likely_classes_are_all_its_own_has_no_rival() -> None:
    """With one likely class kept, and it is the given one."""
    made = make_audit(seed=3, n_rows=3)
    signals = type(made.signals)(
        **{name: getattr(made.signals, name) for name in made.signals.__slots__ if name != "likely_labels"},
        likely_labels=made.signals.labels[:, np.newaxis].copy(),
    )

    assert likeliest_other(signals).tolist() == [-1, -1, -1]
