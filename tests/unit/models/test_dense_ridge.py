"""Held-out scores from embeddings, with the kernel and the penalty chosen."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.linear_model import Ridge

from labelclean.errors import ConfigError, RunCancelledError
from labelclean.models.dense_ridge import DENSE_STRENGTHS, DenseKernel, held_out_dense_ridge
from labelclean.models.folds import assign_folds
from labelclean.models.score_loss import scaled_log_loss


def _blobs(n_rows: int = 90, *, n_classes: int = 3) -> tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.int64]]:
    """Return embeddings around one centre for each class, their labels and their folds."""
    generator = np.random.default_rng(5)
    labels = np.arange(n_rows) % n_classes
    centres = 2.0 * generator.standard_normal((n_classes, 6))
    embeddings = (centres[labels] + generator.standard_normal((n_rows, 6))).astype(np.float32)
    return embeddings, labels, assign_folds(labels, np.arange(n_rows), n_folds=5)


def _ring(n_rows: int = 200) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return points around a circle, whose class changes with every eighth of it: no line parts them."""
    angles = np.random.default_rng(6).uniform(0, 2 * np.pi, n_rows)
    embeddings = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    return embeddings, (angles // (np.pi / 4)).astype(np.int64) % 2


def test_linear_scores_are_those_of_refits_on_centred_rows() -> None:
    """The models that scikit-learn fits without each fold."""
    embeddings, labels, folds = _blobs()
    centred = embeddings.astype(np.float64) - embeddings.astype(np.float64).mean(axis=0)
    centred /= np.linalg.norm(centred, axis=1, keepdims=True)
    expected = np.empty((90, 3))
    for fold in range(5):
        model = Ridge(alpha=0.3).fit(centred[folds != fold], np.eye(3)[labels[folds != fold]])
        expected[folds == fold] = model.predict(centred[folds == fold])

    found = held_out_dense_ridge(embeddings, labels, folds, n_classes=3, strengths=[0.3], kernels=["linear"])

    np.testing.assert_allclose(found.scores, expected, atol=1e-4)


def test_the_penalty_with_the_lowest_loss_is_chosen() -> None:
    """Neighbours of the best one were tried, and are no better."""
    embeddings, labels, folds = _blobs()

    found = held_out_dense_ridge(embeddings, labels, folds, n_classes=3, kernels=["linear"])

    tried = {strength: loss for strength, loss in zip(DENSE_STRENGTHS, found.losses, strict=True) if not np.isnan(loss)}
    assert found.strength == min(tried, key=lambda strength: tried[strength])
    assert tried[found.strength] == pytest.approx(scaled_log_loss(found.scores, labels))
    assert found.kernel_losses == {"linear": tried[found.strength]}


def test_where_no_line_parts_the_classes_the_kernel_is_chosen() -> None:
    """Eight arcs of a circle: half right with a line, nearly all with nearness."""
    embeddings, labels = _ring()

    found = held_out_dense_ridge(embeddings, labels, np.arange(200) % 5, n_classes=2)

    assert found.kernel == "rbf"
    assert found.kernel_losses["rbf"] < found.kernel_losses["linear"]
    assert np.mean(found.scores.argmax(axis=1) == labels) > 0.85


def test_where_a_line_is_enough_it_may_stay() -> None:
    """Only the linear kernel offered: the scores are its own."""
    embeddings, labels, folds = _blobs()

    both = held_out_dense_ridge(embeddings, labels, folds, n_classes=3)
    linear = held_out_dense_ridge(embeddings, labels, folds, n_classes=3, kernels=["linear"])

    assert set(both.kernel_losses) == {"linear", "rbf"}
    assert both.kernel_losses["linear"] == linear.kernel_losses["linear"]
    assert np.array_equal(both.scores, linear.scores) == (both.kernel == "linear")


def test_rows_without_a_label_are_judged_and_change_nothing() -> None:
    """Their scores are the mean over the folds' models; here they repeat row 0, so that they nearly are its own."""
    embeddings, labels, folds = _blobs()
    labels[60:] = -1
    folds[60:] = -1
    embeddings[60:] = embeddings[0]

    found = held_out_dense_ridge(embeddings, labels, folds, n_classes=3, strengths=[1.0])

    assert np.ptp(found.scores[60:], axis=0).max() == 0.0
    assert found.scores[60].argmax() == labels[0]


def test_a_row_without_an_embedding_gets_the_frequencies() -> None:
    """All zeros: two thirds of the other rows are of class 0."""
    embeddings, labels, _ = _blobs(n_classes=3)
    labels = np.where(labels == 2, 0, labels)
    folds = np.arange(90) // 18
    embeddings[7] = 0.0

    found = held_out_dense_ridge(embeddings, labels, folds, n_classes=2, strengths=[1.0], kernels=["linear"])

    assert abs(found.scores[7, 0] - 2 / 3) < 0.05
    assert abs(found.scores[7].sum() - 1.0) < 1e-5


def test_a_row_of_weight_zero_teaches_nothing() -> None:
    """Its label may be any: the scores of the others stay, bit for bit."""
    embeddings, labels, folds = _blobs()
    weights = np.ones(90)
    weights[4] = 0.0
    changed = labels.copy()
    changed[4] = (labels[4] + 1) % 3

    one = held_out_dense_ridge(embeddings, labels, folds, n_classes=3, weights=weights)
    other = held_out_dense_ridge(embeddings, changed, folds, n_classes=3, weights=weights)

    assert one.scores.tobytes() == other.scores.tobytes()
    assert one.losses == other.losses or np.array_equal(one.losses, other.losses, equal_nan=True)


def test_labels_drawn_by_lot_are_predicted_by_chance() -> None:
    """Four copies of each embedding, kept in one fold."""
    generator = np.random.default_rng(8)
    embeddings = np.repeat(generator.standard_normal((150, 20)), 4, axis=0).astype(np.float32)
    labels = np.repeat(generator.integers(0, 3, 150), 4)
    groups = np.repeat(np.arange(150), 4)
    folds = assign_folds(labels, groups, n_folds=10)

    found = held_out_dense_ridge(embeddings, labels, folds, n_classes=3)

    assert abs(np.mean(found.scores.argmax(axis=1) == labels) - 1 / 3) < 0.12


def test_without_a_label_every_score_is_zero() -> None:
    """There is nothing to learn from."""
    embeddings, labels, folds = _blobs()

    found = held_out_dense_ridge(embeddings, np.full_like(labels, -1), np.full_like(folds, -1), n_classes=3)

    assert not found.scores.any()


def test_without_rows_there_are_no_scores() -> None:
    """An empty table of the right width."""
    nothing = np.empty(0, dtype=np.int64)

    assert held_out_dense_ridge(np.empty((0, 4), np.float32), nothing, nothing, n_classes=3).scores.shape == (0, 3)


def test_the_result_is_read_only_and_the_same_every_time() -> None:
    """Bit for bit."""
    embeddings, labels, folds = _blobs()

    one, other = (held_out_dense_ridge(embeddings, labels, folds, n_classes=3) for _ in range(2))

    assert not one.scores.flags.writeable
    assert one.scores.tobytes() == other.scores.tobytes()
    assert embeddings.flags.writeable


@pytest.mark.parametrize(
    ("strengths", "kernels", "message"),
    [
        ([], ["linear"], "strengths must hold numbers above 0"),
        ([0.0, 1.0], ["linear"], "strengths must hold numbers above 0"),
        ([1.0], [], "kernels must be one or more of linear, rbf"),
        ([1.0], ["cubic"], "kernels must be one or more of linear, rbf"),
    ],
)
def test_wrong_options_are_refused(strengths: list[float], kernels: list[DenseKernel], message: str) -> None:
    """With what was given."""
    embeddings, labels, folds = _blobs()

    with pytest.raises(ConfigError, match=message):
        held_out_dense_ridge(embeddings, labels, folds, n_classes=3, strengths=strengths, kernels=kernels)


def test_progress_rises_and_can_stop_the_work() -> None:
    """Fractions never fall; the error of whoever stops it comes through."""
    embeddings, labels, folds = _blobs()
    told: list[tuple[str, float]] = []

    def stop(step: str, fraction: float) -> None:
        told.append((step, fraction))
        if fraction > 0.5:
            raise RunCancelledError(step)

    with pytest.raises(RunCancelledError):
        held_out_dense_ridge(embeddings, labels, folds, n_classes=3, progress=stop)

    fractions = [fraction for _, fraction in told]
    assert fractions[0] == 0.0
    assert fractions == sorted(fractions)
