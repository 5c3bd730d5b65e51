"""Where scores and ensembles differ from the field's reference: what each of the two answers."""

from __future__ import annotations

import numpy as np
import pytest

from labelclean.core.ensemble import ensemble_label_quality_scores, model_weights
from labelclean.core.scores import confidence_weighted_entropy, label_quality_scores, normalized_margin
from tests.core_oracle import as_documented, reference

SURE = np.array([[0.9, 0.1], [0.8, 0.2], [0.9, 0.1], [0.1, 0.9], [0.2, 0.8]])
GIVEN = np.array([0, 0, 1, 1, 1])


@pytest.fixture(scope="module", autouse=True)
def _reference_imported() -> None:
    """Import all of it before a test changes how it sorts."""
    reference("rank")


def test_a_sure_row_has_the_best_entropy_score() -> None:
    """The limit for falling entropy is 1; the reference falls to 0 at the last step."""
    labels, probs = np.array([0, 0, 1]), np.array([[1.0, 0.0], [1 - 1e-9, 1e-9], [0.4, 0.6]])
    with as_documented():
        theirs = reference("rank").get_label_quality_scores(labels, probs, method="confidence_weighted_entropy")

    ours = confidence_weighted_entropy(labels, probs)

    assert ours[0] == 1.0
    assert ours[1] > 0.999
    assert theirs[0] == 0.0
    assert theirs[1] < 0.1


def test_a_hair_below_0_is_tolerated_by_every_score() -> None:
    """The reference accepts it, but not in the entropy."""
    labels, probs = np.array([0, 1]), np.array([[1.0, -1e-8], [0.4, 0.6]])
    with as_documented(), pytest.raises(ValueError, match="interval"):
        reference("rank").get_label_quality_scores(labels, probs, method="confidence_weighted_entropy")

    assert confidence_weighted_entropy(labels, probs)[0] == 1.0


def test_a_missing_class_does_not_flatten_adjusted_scores() -> None:
    """The reference shifts by its threshold of 2, so that all scores come near to one third."""
    labels = np.array([0, 0, 1, 1])
    probs = np.array([[0.9, 0.1, 0.0], [0.2, 0.8, 0.0], [0.1, 0.9, 0.0], [0.3, 0.7, 0.0]])
    with as_documented():
        theirs = reference("rank").get_label_quality_scores(labels, probs, adjust_pred_probs=True)

    ours = label_quality_scores(labels, probs, adjust_pred_probs=True)

    assert np.ptp(theirs) < 0.2
    assert np.ptp(ours) > 0.3


def test_weights_of_the_users_own_are_normalised() -> None:
    """Twice the weights give the same scores; the reference's leave 0 to 1."""
    with as_documented():
        theirs = reference("rank").get_label_quality_ensemble_scores(
            GIVEN, [SURE, SURE], weight_ensemble_members_by="custom", custom_weights=np.array([2.0, 2.0]), verbose=False
        )

    assert theirs.max() > 1
    assert np.allclose(
        ensemble_label_quality_scores(GIVEN, [SURE, SURE], weights=[2.0, 2.0]), [0.9, 0.8, 0.1, 0.9, 0.8]
    )


def test_models_that_are_never_right_count_alike() -> None:
    """The reference divides 0 by 0."""
    wrong = np.array([[0.1, 0.9], [0.9, 0.1]])
    with as_documented(), np.errstate(all="ignore"):
        theirs = reference("rank").get_label_quality_ensemble_scores(np.array([0, 1]), [wrong, wrong], verbose=False)

    assert np.isnan(theirs).all()
    assert model_weights([0, 1], [wrong, wrong]).tolist() == [0.5, 0.5]


def test_weights_are_searched_where_a_class_is_missing_and_where_all_models_are_bad() -> None:
    """The reference's log-loss wants every class among the labels; exp(-200 * 4) is 0 for all of its models."""
    ensemble = reference("rank").get_label_quality_ensemble_scores
    three = np.array([[0.8, 0.1, 0.1], [0.2, 0.7, 0.1]])
    bad = np.array([[0.001, 0.999], [0.999, 0.001]])
    with as_documented(), np.errstate(all="ignore"), pytest.raises(ValueError, match="classes"):
        ensemble(np.array([0, 1]), [three, three], weight_ensemble_members_by="log_loss_search", verbose=False)
    with as_documented(), np.errstate(all="ignore"), pytest.raises(ValueError, match="NaN"):
        ensemble(np.array([0, 1]), [bad, bad], weight_ensemble_members_by="log_loss_search", verbose=False)

    assert model_weights([0, 1], [three, three], weights="log_loss_search").tolist() == [0.5, 0.5]
    assert model_weights([0, 1], [bad, bad], weights="log_loss_search").tolist() == [0.5, 0.5]


def test_an_average_of_models_is_judged_like_the_models() -> None:
    """By a log-loss in which no probability is below 1e-6; the reference lets the average go down to about 1e-16."""
    probs = np.array([[0.0, 1.0]] * 1 + [[0.9, 0.1]] * 9)
    other = np.array([[1e-12, 1.0]] * 1 + [[0.6, 0.4]] * 9)
    labels = np.array([0] * 9 + [1])
    with as_documented():
        theirs = reference("rank").get_label_quality_ensemble_scores(
            labels, [probs, other], weight_ensemble_members_by="log_loss_search", verbose=False
        )

    shares = model_weights(labels, [probs, other], weights="log_loss_search")

    assert shares[0] > 0.9999  # the better model by the loss of each
    assert theirs[1] < 0.8  # 0.9 and 0.6, mixed: a trace of 1e-12 decides


def test_the_margin_of_a_single_class_is_defined() -> None:
    """There is no other class, and its probability counts as 0; the reference looks for the largest of none."""
    labels, probs = np.array([0, 0]), np.array([[1.0], [0.4]])
    with as_documented(), pytest.raises(ValueError, match="zero-size"):
        reference("rank").get_label_quality_scores(labels, probs, method="normalized_margin")

    assert normalized_margin(labels, probs).tolist() == [1.0, 0.7]
