"""From true classes to given labels and back."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from labelclean.models.channels import ClassChannel, LabelChannel
from tests import reference_noise_robust as reference

Floats = NDArray[np.float64]


def noise_matrices(generator: np.random.Generator, n_matrices: int, n_classes: int) -> Floats:
    """Draw P(given | true), mostly right."""
    drawn = generator.dirichlet(np.ones(n_classes), (n_matrices, n_classes)).transpose(0, 2, 1)
    return np.asarray(0.6 * np.eye(n_classes) + 0.4 * drawn)


def class_case(seed: int) -> tuple[ClassChannel, Floats, Floats]:
    """Draw given classes, scores, weights."""
    generator = np.random.default_rng(seed)
    noise = noise_matrices(generator, 1, 4)[0]
    channel = ClassChannel(codes=generator.integers(0, 4, 30), noise_matrix=noise)
    return channel, generator.normal(size=(30, 4)) * 2, generator.random(30) + 0.1


def label_case(seed: int) -> tuple[LabelChannel, Floats, Floats]:
    """Draw sets of labels, scores, weights."""
    generator = np.random.default_rng(seed)
    noise = noise_matrices(generator, 5, 2)
    channel = LabelChannel(codes=generator.integers(0, 2, (30, 5)), noise_matrix=noise)
    return channel, generator.normal(size=(30, 5)) * 2, generator.random(30) + 0.1


def test_likelihoods_and_posteriors_of_classes_are_the_papers() -> None:
    """Compared with plain loops."""
    for seed in range(20):
        channel, scores, weights = class_case(seed)
        given, noise = channel.codes.tolist(), channel.noise_matrix.tolist()

        found = channel.explain(scores.astype(np.float32))
        losses, probs = channel.cross_entropies(scores.astype(np.float32), found.true_probs)

        expected = reference.true_posteriors(scores.tolist(), given, noise)
        loss = -(found.log_likelihoods * weights).sum() / weights.sum()
        assert np.allclose(loss, reference.forward_loss(scores.tolist(), given, noise, weights.tolist()), atol=1e-5)
        assert np.allclose(found.true_probs, expected, atol=1e-5)
        assert np.allclose(found.probs, [reference.softmax(row) for row in scores.tolist()], atol=1e-5)
        assert np.allclose(probs, found.probs, atol=1e-6)
        assert np.allclose(
            (losses * weights).sum() / weights.sum(),
            reference.cross_entropy(scores.tolist(), expected, weights.tolist()),
            atol=1e-5,
        )
        assert np.allclose(
            channel.counts(np.array(expected), weights),
            reference.expected_counts(expected, given, weights.tolist()),
        )


def test_likelihoods_and_posteriors_of_label_sets_are_the_papers() -> None:
    """Each label is a problem of two classes: absent, present."""
    for seed in range(20):
        channel, scores, weights = label_case(seed)
        given, noise = channel.codes.tolist(), channel.noise_matrix.tolist()

        found = channel.explain(scores.astype(np.float32))
        losses, probs = channel.cross_entropies(scores.astype(np.float32), found.true_probs)

        expected = reference.true_label_posteriors(scores.tolist(), given, noise)
        loss = -(found.log_likelihoods * weights).sum() / weights.sum()
        assert np.allclose(
            loss, reference.forward_label_loss(scores.tolist(), given, noise, weights.tolist()), atol=1e-5
        )
        assert np.allclose(found.true_probs, expected, atol=1e-5)
        assert np.allclose(probs, 1 / (1 + np.exp(-scores)), atol=1e-5)
        for label in range(5):
            two = np.stack([1 - np.array(expected)[:, label], np.array(expected)[:, label]], axis=1)
            of_label = channel.codes[:, label].tolist()
            assert np.allclose(
                channel.counts(np.array(expected), weights)[label],
                reference.expected_counts(two.tolist(), of_label, weights.tolist()),
            )
        # Two scores, 0 and s, have the logistic function of s for the second.
        pairs = [
            reference.cross_entropy([[0, s]], [[1 - p, p]], [1]) for s, p in zip(scores[0], expected[0], strict=True)
        ]
        assert np.allclose(losses[0], sum(pairs), atol=1e-4)


def test_slopes_are_those_of_finite_differences() -> None:
    """P(true) - P(true | given) is the slope of minus the log-likelihood along each score."""
    step = 1e-6
    for channel, scores, _ in (class_case(3), label_case(4)):
        seen = channel.explain(scores)  # double precision, so that differences mean something
        slopes = seen.probs - seen.true_probs

        for column in range(scores.shape[1]):
            moved = scores.copy()
            moved[:, column] += step
            risen = channel.explain(moved).log_likelihoods
            assert np.allclose(-(risen - seen.log_likelihoods) / step, slopes[:, column], atol=1e-4)


def test_a_label_the_noise_rules_out_does_no_harm() -> None:
    """Class 1 can never be given, and is: the scores decide as if it barely could."""
    channel = ClassChannel(codes=np.array([1]), noise_matrix=np.array([[1.0, 1.0], [0.0, 0.0]]))

    found = channel.explain(np.array([[0.0, 1.0]], dtype=np.float32))

    assert np.isfinite(found.log_likelihoods).all()
    assert np.allclose(found.true_probs, found.probs)
