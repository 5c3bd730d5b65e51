from __future__ import annotations

import numpy as np
from scipy.special import expit

from labelclean.models.label_sets.calibration import calibrated_log_odds, label_log_odds, mean_log_loss, sampled_rows


def test_calibrated_probabilities_add_up_to_the_given_labels() -> None:
    """The slope of logistic regression's constant is zero, so that sums agree up to the mild penalty."""
    rng = np.random.default_rng(0)
    given = rng.random((2000, 3)) < [0.1, 0.3, 0.6]
    scores = (given + rng.normal(size=given.shape)).astype(np.float32)

    log_odds = calibrated_log_odds([scores], given, np.ones(2000, dtype=np.bool_))

    assert abs(expit(log_odds).sum() - given.sum()) < 2.0


def test_scores_that_mean_nothing_leave_the_frequency() -> None:
    """A view that is the same everywhere says nothing."""
    given = np.array([[True], [False], [False], [False]] * 100)

    log_odds = calibrated_log_odds([np.ones((400, 1), dtype=np.float32)], given, np.ones(400, dtype=np.bool_))

    np.testing.assert_allclose(expit(log_odds), 0.25, atol=0.01)


def test_the_scale_of_a_view_does_not_matter() -> None:
    """Views are standardised label by label."""
    rng = np.random.default_rng(1)
    given = rng.random((300, 2)) < 0.3
    scores = (given + rng.normal(size=given.shape)).astype(np.float32)
    everyone = np.ones(300, dtype=np.bool_)

    plain = calibrated_log_odds([scores], given, everyone)
    stretched = calibrated_log_odds([(scores * [8, 0.5] + [3, -1]).astype(np.float32)], given, everyone)

    np.testing.assert_allclose(plain, stretched, atol=1e-3)


def test_rows_without_a_set_teach_nothing_and_are_judged() -> None:
    """Whatever stands in their place."""
    rng = np.random.default_rng(2)
    given = rng.random((300, 2)) < 0.3
    scores = (given + rng.normal(size=given.shape)).astype(np.float32)
    labelled = np.arange(300) < 200

    found = calibrated_log_odds([scores], given, labelled)
    changed = calibrated_log_odds([scores], given ^ ~labelled[:, np.newaxis], labelled)

    assert np.isfinite(found).all()
    np.testing.assert_array_equal(found, changed)


def test_a_labels_frequency_is_never_certain() -> None:
    """Half a row is added on either side: log(3.5 / 0.5) for a label of all three rows."""
    given = np.array([[True, False]] * 3)

    found = label_log_odds(given, np.ones(3, dtype=np.bool_))

    np.testing.assert_allclose(found, [np.log(7), -np.log(7)])


def test_log_loss_is_that_of_the_given_state() -> None:
    """log(1 + e) where the odds are against by e, log(1 + 1/e) where they are for."""
    found = mean_log_loss(np.array([[1.0, 1.0]]), np.array([[True, False]]))

    assert np.isclose(found, (np.log1p(np.exp(-1)) + np.log1p(np.e)) / 2)


def test_a_sample_keeps_one_row_at_least() -> None:
    """Even where none is wanted."""
    assert sampled_rows(np.arange(4), 0).tolist() == [0]
    assert sampled_rows(np.arange(0), 0).tolist() == []
