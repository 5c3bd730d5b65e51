"""Linear scores under any loss."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import sparse

from labelclean.models.channels import Channel, ClassChannel, LabelChannel
from labelclean.models.linear import _PenalisedLoss, linear_scores
from labelclean.models.noisy_problem import Problem, _CrossEntropy, _ForwardLoss


def problem(n_labels: int = 0) -> Problem:
    """Draw rows and noisy labels."""
    generator = np.random.default_rng(31)
    rows = generator.random((40, 6)) * (generator.random((40, 6)) < 0.5)
    channel: Channel
    if n_labels:
        noise = np.tile([[0.8, 0.3], [0.2, 0.7]], (n_labels, 1, 1))
        channel = LabelChannel(codes=generator.integers(0, 2, (40, n_labels)), noise_matrix=noise)
    else:
        noise = np.array([[0.8, 0.1, 0.1], [0.1, 0.7, 0.0], [0.1, 0.2, 0.9]])
        channel = ClassChannel(codes=generator.integers(0, 3, 40), noise_matrix=noise)
    return Problem(
        features=sparse.csr_array(rows.astype(np.float32)),
        channel=channel,
        weights=generator.random(40) + 0.5,
        penalty=0.01,
    )


def losses(given: Problem, n_columns: int) -> list[_PenalisedLoss]:
    """Return both losses as functions of the weights."""
    weights: NDArray[np.float32] = (given.weights / given.weights.sum()).astype(np.float32)
    target = np.random.default_rng(32).dirichlet(np.ones(n_columns), 40)
    forward = _ForwardLoss(channel=given.channel, weights=weights)
    expected = _CrossEntropy(channel=given.channel, weights=weights, true_probs=target)
    return [
        _PenalisedLoss(features=given.features, row_loss=row_loss, n_columns=n_columns, penalty=given.penalty)
        for row_loss in (forward, expected)
    ]


@pytest.mark.parametrize(("n_labels", "n_columns"), [(0, 3), (4, 4)])
def test_gradients_are_those_of_finite_differences(n_labels: int, n_columns: int) -> None:
    """Of forward correction and of the M-step, for classes and for sets of labels."""
    given = problem(n_labels)
    at = np.random.default_rng(33).normal(size=7 * n_columns)
    step = 1e-2  # the losses are in single precision

    for loss in losses(given, n_columns):
        _, gradient = loss(at.astype(np.float32))
        for place in range(len(at)):
            ahead, behind = at.copy(), at.copy()
            ahead[place] += step
            behind[place] -= step
            slope = (loss(ahead.astype(np.float32))[0] - loss(behind.astype(np.float32))[0]) / (2 * step)
            assert abs(slope - gradient[place]) < 2e-4


@pytest.mark.parametrize("n_labels", [0, 4])
def test_fits_lower_the_loss_and_never_write_to_the_start(n_labels: int) -> None:
    """From the shares of the given labels."""
    given = problem(n_labels)
    start = given.start()
    kept = start.copy()

    fitted = given.fit_forward(start)

    assert given.penalised_log_likelihood(fitted) > given.penalised_log_likelihood(start)
    assert np.array_equal(start, kept)


@pytest.mark.parametrize("n_labels", [0, 4])
def test_the_start_gives_every_row_the_shares_of_the_given_labels(n_labels: int) -> None:
    """Weighted."""
    given = problem(n_labels)

    probs = given.channel.explain(linear_scores(given.features, given.start())).probs

    indicators = given.channel.codes if n_labels else np.eye(3)[given.channel.codes]
    assert np.allclose(probs, given.weights @ indicators / given.weights.sum(), atol=1e-5)


def test_a_part_keeps_the_inverse_penalty() -> None:
    """One over penalty and sum of the weights is the same."""
    given = problem()

    part = given.take(np.arange(10))

    assert part.penalty * part.weights.sum() == pytest.approx(given.penalty * given.weights.sum())
    assert part.features.shape == (10, 6)
    assert np.array_equal(part.channel.codes, given.channel.codes[:10])
