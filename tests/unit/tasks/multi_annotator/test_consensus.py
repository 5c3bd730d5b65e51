"""CROWDLAB on examples worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from labelclean.errors import ConfigError, InvalidInputError, LabelCleanWarning
from labelclean.tasks.multi_annotator import QualityScore, multi_annotator_consensus, votes_from_long, votes_from_table

VOTES = [[0, 0, 1], [1, 1, 1]]
PROBS = [[0.75, 0.25], [0.25, 0.75]]

# Annotators agree with the consensus 0, 1 by 2/3 and 1, so that one is right with 5/6 and wrong with 1/6. Guessing the
# commonest class errs in 1/2. The first two agree with others in 3 of 4 comparisons, the third in 2 of 4.
HIT, MISS = 5 / 6, 1 / 6
GOOD, BAD = 1 - (1 / 4) / (1 / 2), 1e-6
MODEL = math.sqrt(3)
TOTAL = MODEL + 2 * GOOD + BAD


def test_weights_are_those_worked_out_by_hand() -> None:
    """The model is right twice and weighs the root of three votes per example."""
    found = multi_annotator_consensus(VOTES, PROBS)

    assert found.annotators.weights.tolist() == pytest.approx([GOOD, GOOD, BAD])
    assert found.model_weights.tolist() == pytest.approx([MODEL])


def test_qualities_are_the_weighted_averages() -> None:
    """Of the consensus and of each vote."""
    found = multi_annotator_consensus(VOTES, PROBS)

    first = (MODEL * 0.75 + 2 * GOOD * HIT + BAD * MISS) / TOTAL
    against = (MODEL * 0.25 + 2 * GOOD * MISS + BAD * HIT) / TOTAL
    second = (MODEL * 0.75 + (2 * GOOD + BAD) * HIT) / TOTAL
    assert found.consensus_labels.tolist() == [0, 1]
    assert found.consensus_quality.tolist() == pytest.approx([first, second])
    assert found.vote_quality.tolist() == pytest.approx([first, first, against, second, second, second])
    assert found.annotator_agreement.tolist() == pytest.approx([2 / 3, 1])


def test_annotators_are_rated_by_their_votes_and_by_agreement() -> None:
    """The model's share is its weight against three mean annotators'."""
    found = multi_annotator_consensus(VOTES, PROBS)

    share = MODEL / (MODEL + 2 * GOOD + BAD)
    own = found.vote_quality.reshape(2, 3).mean(axis=0)
    assert found.annotators.quality.tolist() == pytest.approx(
        (share * own + (1 - share) * np.array([1, 1, 0.5])).tolist()
    )
    assert found.annotators.agreement_with_consensus.tolist() == [1, 1, 0.5]


def test_a_sure_model_overrules_a_weak_majority_only_for_the_best_quality() -> None:
    """In the last row two annotators who are often wrong stand against one who is always right, and the model."""
    votes = [[0, 0, 0], [1, 1, 1], [0, 1, 0], [1, 1, 0], [0, 1, 1], [1, 0, 1], [1, 0, 0]]
    probs = np.eye(2)[[0, 1, 0, 1, 0, 1, 1]] * 0.9 + 0.05

    best = multi_annotator_consensus(votes, probs).consensus_labels
    most = multi_annotator_consensus(votes, probs, consensus_method="majority_vote").consensus_labels

    assert best.tolist() != most.tolist()
    assert most[-1] == 0
    assert best[-1] == 1


def test_agreement_needs_no_model() -> None:
    """The quality is the share of the votes, of annotators that of the shared examples."""
    found = multi_annotator_consensus([[0, 0, 1], [1, 1, -1], [0, -1, -1]], quality_method="agreement")

    assert found.consensus_quality.tolist() == pytest.approx([2 / 3, 1, 1])
    assert found.vote_quality.tolist() == pytest.approx([2 / 3, 2 / 3, 1 / 3, 1, 1, 1])
    assert found.annotators.quality.tolist() == [1, 1, 0]
    assert np.isnan(found.annotators.weights).all()
    assert found.model_weights.size == 0


def test_labels_can_be_scored_by_margin_or_entropy() -> None:
    """Shares of 2/3 and 1/3 are 1/3 apart; their entropy is 0.918 bits."""
    votes = [[0, 0, 1]]

    margin = multi_annotator_consensus(votes, quality_method="agreement", score="normalized_margin")
    entropy = multi_annotator_consensus(votes, quality_method="agreement", score="confidence_weighted_entropy")

    assert margin.vote_quality.tolist() == pytest.approx([2 / 3, 2 / 3, 1 / 3])
    ratios = [0.9182958340544896 / share for share in (2 / 3, 2 / 3, 1 / 3)]
    assert entropy.vote_quality.tolist() == pytest.approx([math.log1p(ratio) / ratio for ratio in ratios])
    assert entropy.consensus_quality.tolist() == pytest.approx([2 / 3])


def test_labels_can_be_scored_against_what_is_usual_for_their_class() -> None:
    """Thresholds 2/3 and 1 come off shares of 2/3, 1/3 and 0, 1; raised by 1, rows are 1, 1/3 and 1/3, 1."""
    found = multi_annotator_consensus(VOTES, quality_method="agreement", adjust_pred_probs=True)
    margin = multi_annotator_consensus(
        VOTES, quality_method="agreement", score="normalized_margin", adjust_pred_probs=True
    )

    assert found.vote_quality.tolist() == pytest.approx([0.75, 0.75, 0.25, 0.75, 0.75, 0.75])
    assert margin.vote_quality.tolist() == pytest.approx([0.75, 0.75, 0.25, 0.75, 0.75, 0.75])
    assert found.consensus_quality.tolist() == pytest.approx([2 / 3, 1])


def test_a_class_that_is_no_consensus_takes_the_largest_threshold() -> None:
    """One that nobody chose, with no share either, then changes no score."""
    votes = [["a", "a", "b"], ["b", "b", "b"]]

    found = multi_annotator_consensus(
        votes, class_names=["a", "b", "c"], quality_method="agreement", adjust_pred_probs=True
    )

    assert found.vote_quality.tolist() == pytest.approx([0.75, 0.75, 0.25, 0.75, 0.75, 0.75])


def test_rows_without_votes_set_no_threshold() -> None:
    """They have only what a model says, and change no other score; labels and weights are not touched at all."""
    probs = [[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.1, 0.1, 0.8]]

    two = multi_annotator_consensus(VOTES, np.array(probs)[:2], adjust_pred_probs=True)
    more = multi_annotator_consensus([*VOTES, [-1] * 3], probs, adjust_pred_probs=True)

    first, second = two.consensus_quality
    assert more.vote_quality.tolist() == two.vote_quality.tolist()
    assert more.consensus_quality[:2].tolist() == [first, second]
    assert first == pytest.approx(second)  # both classes are as sure of their only example as they usually are
    plain = multi_annotator_consensus(VOTES, np.array(probs)[:2])
    assert two.consensus_labels.tolist() == plain.consensus_labels.tolist()
    assert two.annotators.weights.tolist() == plain.annotators.weights.tolist()


def test_vote_qualities_fill_a_table_like_that_of_the_votes() -> None:
    """NaN where there is no vote."""
    found = multi_annotator_consensus([[0, -1, 0], [-1, 1, -1]], quality_method="agreement")

    assert np.array_equal(found.vote_quality_table(), [[1, np.nan, 1], [np.nan, 1, np.nan]], equal_nan=True)


def test_a_row_without_votes_gets_what_the_model_says() -> None:
    """Its quality is the probability; by agreement there is none."""
    votes, probs = [*VOTES, [-1, -1, -1]], [*PROBS, [0.4, 0.6]]

    weighed = multi_annotator_consensus(votes, probs)
    agreed = multi_annotator_consensus(votes, probs, quality_method="agreement")
    alone = multi_annotator_consensus(votes, quality_method="agreement")

    assert weighed.consensus_labels[2] == agreed.consensus_labels[2] == 1
    assert weighed.consensus_quality[2] == pytest.approx(0.6)
    assert np.isnan(weighed.annotator_agreement[2])
    assert np.isnan(agreed.consensus_quality[2])
    assert alone.consensus_labels[2] == -1
    assert alone.to_frame()["consensus_label"].tolist() == [0, 1, None]


@pytest.mark.parametrize("score", ["normalized_margin", "confidence_weighted_entropy"])
def test_by_agreement_a_row_without_votes_has_no_share_to_score(score: QualityScore) -> None:
    """Whatever label the model gives it; the votes of other rows are scored as if it were not there."""
    found = multi_annotator_consensus([*VOTES, [-1] * 3], [*PROBS, [0.4, 0.6]], quality_method="agreement", score=score)
    without = multi_annotator_consensus(VOTES, PROBS, quality_method="agreement", score=score)

    assert found.consensus_labels[2] == 1
    assert np.isnan(found.consensus_quality[2])
    assert found.vote_quality.tolist() == without.vote_quality.tolist()


def test_single_votes_are_judged_by_the_model_alone() -> None:
    """Nobody can be compared, so that nobody is overruled; the warning says so, and names the caller's line."""
    with pytest.warns(LabelCleanWarning, match="No example has two votes") as warned:
        found = multi_annotator_consensus([[0, -1], [-1, 0]], [[0.2, 0.8], [0.7, 0.3]])

    assert found.consensus_labels.tolist() == [0, 0]
    assert found.consensus_quality.tolist() == [0.2, 0.7]
    assert found.annotators.quality.tolist() == [0.2, 0.7]
    assert found.annotators.weights.tolist() == [1, 1]
    assert [each.filename for each in warned] == [__file__]


def test_an_annotator_who_shares_no_example_is_rated_by_the_own_votes() -> None:
    """The weight is the mean of the others' agreement; the reference has no quality here."""
    votes = [[0, 0, -1], [1, 1, -1], [-1, -1, 1]]

    found = multi_annotator_consensus(votes, [[0.75, 0.25], [0.25, 0.75], [0.25, 0.75]])

    assert found.annotators.weights.tolist() == [1, 1, 1]
    assert found.annotators.quality[2] == found.vote_quality[-1]
    assert 0.75 < found.annotators.quality[2] < 1


def test_several_models_are_weighed_one_by_one() -> None:
    """One that is always wrong counts for next to nothing."""
    wrong = [[0.1, 0.9], [0.9, 0.1]]

    found = multi_annotator_consensus(VOTES, [PROBS, wrong])

    assert found.model_weights.tolist() == pytest.approx([MODEL, 1e-6 * math.sqrt(3)])
    assert found.consensus_quality[1] == pytest.approx(
        (MODEL * 0.75 + 1e-6 * MODEL * 0.1 + (2 * GOOD + BAD) * HIT) / (TOTAL + 1e-6 * MODEL)
    )


def test_a_list_of_tables_is_a_stack_of_tables() -> None:
    """Of any precision, in any memory order; nothing is written to them."""
    votes = np.array(VOTES)
    tables: list[NDArray[np.floating]] = [
        np.asfortranarray(PROBS, dtype=np.float32),
        np.array(PROBS, dtype=np.float16),
        np.array(PROBS),
    ]
    votes.flags.writeable = False
    for each in tables:
        each.flags.writeable = False

    listed = multi_annotator_consensus(votes, tables, calibrate=True)
    stacked = multi_annotator_consensus(votes, np.stack(tables), calibrate=True)

    assert listed.consensus_quality.tobytes() == stacked.consensus_quality.tobytes()


def test_arrays_of_the_caller_stay_as_they_are() -> None:
    """Also under calibration, where the reference overwrites them."""
    votes, probs = np.array(VOTES), np.array([PROBS, PROBS])
    before = votes.copy(), probs.copy()

    multi_annotator_consensus(votes, probs, calibrate=True)

    assert np.array_equal(votes, before[0])
    assert np.array_equal(probs, before[1])
    assert votes.flags.writeable
    assert probs.flags.writeable


def test_blocks_change_no_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the rows are cut is a question of speed only, calibration and ensembles included."""
    generator = np.random.default_rng(3)
    votes = generator.integers(-1, 9, (60, 4))
    probs = generator.dirichlet(np.ones(9), (2, 60))

    whole = multi_annotator_consensus(votes, probs, calibrate=True)
    monkeypatch.setattr("labelclean.tasks.multi_annotator.votes._BLOCK_CELLS", 63)
    cut = multi_annotator_consensus(votes, probs, calibrate=True)

    for name in ("consensus_labels", "consensus_quality", "vote_quality", "model_weights", "temperatures"):
        assert getattr(whole, name).tobytes() == getattr(cut, name).tobytes()
    assert whole.annotators.quality.tobytes() == cut.annotators.quality.tobytes()


def test_tables_keep_names_and_order() -> None:
    """Examples in the order of the input, annotators from the worst, votes one per line."""
    votes = votes_from_long(
        ["x", "x", "x", "y", "y", "y"], ["a", "b", "c"] * 2, ["no", "no", "yes", "yes", "yes", "yes"]
    )

    found = multi_annotator_consensus(votes, PROBS)

    assert found.to_frame()[["example", "consensus_label", "n_votes"]].to_numpy().tolist() == [
        ["x", "no", 3],
        ["y", "yes", 3],
    ]
    assert found.annotators.to_frame()["annotator"].tolist() == ["c", "a", "b"]
    assert found.annotators.to_frame()["worst_class"].tolist() == ["yes", "yes", "yes"]
    assert found.votes_to_frame()["quality"].tolist() == found.vote_quality.tolist()
    assert found.votes_to_frame()["label"].tolist() == ["no", "no", "yes", "yes", "yes", "yes"]


def test_named_columns_of_the_probabilities_say_which_class_is_which() -> None:
    """Whatever order they are in; votes that were read in another order are refused."""
    votes = [["no", "no", "yes"], ["yes", "yes", "yes"]]
    frame = pd.DataFrame(PROBS, columns=["no", "yes"])

    straight = multi_annotator_consensus(votes, frame)
    turned = multi_annotator_consensus(votes, [frame[["yes", "no"]]])

    assert turned.class_names == ("yes", "no")
    assert turned.consensus_quality.tolist() == straight.consensus_quality.tolist()
    assert turned.to_frame()["consensus_label"].tolist() == straight.to_frame()["consensus_label"].tolist()
    with pytest.raises(InvalidInputError, match="must be the 2 classes in their order"):
        multi_annotator_consensus(votes_from_table(votes), frame[["yes", "no"]])
    with pytest.raises(InvalidInputError, match="same columns in the same order"):
        multi_annotator_consensus(votes, [frame, frame[["yes", "no"]]])


def test_empty_input_gives_empty_results() -> None:
    """No rows, with and without a model; no annotators."""
    nobody = multi_annotator_consensus(np.empty((0, 3)), np.empty((0, 2)))
    nothing = multi_annotator_consensus(np.empty((0, 0)), quality_method="agreement")
    silent = multi_annotator_consensus(np.empty((1, 0)), [[0.3, 0.7]])

    assert nobody.consensus_quality.size == 0
    assert np.isnan(nobody.annotators.quality).all()
    assert nobody.annotators.worst_class.tolist() == [-1, -1, -1]
    assert nothing.to_frame().empty
    assert silent.consensus_quality.tolist() == [0.7]


def test_one_class_leaves_no_doubt() -> None:
    """There is nothing else to say."""
    found = multi_annotator_consensus([[0, 0], [0, -1]], [[1.0], [1.0]])

    assert found.consensus_quality.tolist() == [1, 1]


def test_unknown_options_and_a_missing_model_are_refused() -> None:
    """Each with the choices there are."""
    with pytest.raises(ConfigError, match="consensus_method must be one of best_quality, majority_vote"):
        multi_annotator_consensus(VOTES, PROBS, consensus_method="loudest")  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match="quality_method must be one of"):
        multi_annotator_consensus(VOTES, PROBS, quality_method="mood")  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match="score must be one of"):
        multi_annotator_consensus(VOTES, PROBS, score="luck")  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match="adjusted values have no entropy"):
        multi_annotator_consensus(VOTES, PROBS, score="confidence_weighted_entropy", adjust_pred_probs=True)
    with pytest.raises(ConfigError, match="pred_probs must be given"):
        multi_annotator_consensus(VOTES)
    with pytest.raises(InvalidInputError, match="at least one model"):
        multi_annotator_consensus(VOTES, [])
    with pytest.raises(InvalidInputError, match=r"2 rows and 2 columns.*from model 1"):
        multi_annotator_consensus(votes_from_table(VOTES), [np.array(PROBS), np.full((3, 2), 0.5)])
