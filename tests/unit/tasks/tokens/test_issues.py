"""Wrong labels of single tokens."""

from __future__ import annotations

import numpy as np
import pytest

from labelclean.errors import ConfigError, InvalidInputError
from labelclean.tasks.tokens import (
    find_token_issues,
    sentence_issues_from_scores,
    sentence_quality_scores,
    token_issues_from_scores,
)

NAMES = ["O", "PER"]
LABELS = [["O", "PER", "O"], [], ["PER", "O"], ["O", "O"]]
PROBS = [[[0.9, 0.1], [0.2, 0.8], [0.1, 0.9]], [], [[0.1, 0.9], [0.9, 0.1]], [[0.05, 0.95], [0.8, 0.2]]]


def test_wrong_tokens_are_found_worst_first() -> None:
    """By hand: two tokens are called O though the model is sure that they are names."""
    issues = find_token_issues(LABELS, PROBS, class_names=NAMES)

    assert issues.sentence_index.tolist() == [3, 0]
    assert issues.token_index.tolist() == [0, 2]
    assert issues.label_quality_scores.tolist() == [0.05, 0.1]
    assert issues.given_labels.tolist() == [0, 0]
    assert issues.suggested_labels.tolist() == [1, 1]
    assert issues.noise is not None
    assert issues.noise.confident_joint.tolist() == [[3, 2], [0, 2]]


def test_equal_scores_keep_the_order_of_the_text() -> None:
    """Ties go by sentence, then by token."""
    probs = [[[0.9, 0.1]] * 3 + [[0.1, 0.9]] * 2, [[0.1, 0.9]] * 2 + [[0.2, 0.8]] * 3]

    issues = find_token_issues([[0] * 5, [0, 0, 1, 1, 1]], probs)

    assert issues.sentence_index.tolist() == [0, 0, 1, 1]
    assert issues.token_index.tolist() == [3, 4, 0, 1]


def test_options_reach_the_engine() -> None:
    """Half of the errors, one to remove, none to keep; the paper's counting; the margin as score."""
    assert find_token_issues(LABELS, PROBS, class_names=NAMES, frac_noise=0.5).n_issues == 1
    assert find_token_issues(LABELS, PROBS, class_names=NAMES, n_to_remove_per_class=[1, 0]).n_issues == 1
    assert find_token_issues(LABELS, PROBS, class_names=NAMES, min_examples_per_class=5).n_issues == 0
    issues = find_token_issues(LABELS, PROBS, class_names=NAMES, score_by="normalized_margin", counting="paper")
    assert issues.label_quality_scores == pytest.approx([0.05, 0.1])
    with pytest.raises(ConfigError, match="filter_by"):
        find_token_issues(LABELS, PROBS, class_names=NAMES, filter_by="nothing")  # type: ignore[arg-type]


def test_no_tokens_have_no_issues() -> None:
    """Empty in, empty out."""
    assert find_token_issues([], []).n_issues == 0
    assert find_token_issues([[], []], [[], []]).n_issues == 0


def test_scores_below_the_limit_are_issues_and_those_at_it_are_not() -> None:
    """By hand: 0.05 is below 0.1, 0.1 is not; with 0.1 and more, both."""
    scores = sentence_quality_scores(LABELS, PROBS, class_names=NAMES)

    issues = token_issues_from_scores(scores)
    more = token_issues_from_scores(scores, threshold=0.11)

    assert (issues.sentence_index.tolist(), issues.token_index.tolist()) == ([3], [0])
    assert (more.sentence_index.tolist(), more.token_index.tolist()) == ([3, 0], [0, 2])
    assert more.given_labels.tolist() == [0, 0]
    assert more.suggested_labels.tolist() == [1, 1]
    assert more.noise is None


def test_sentences_below_the_limit_are_issues_also_when_all_or_none_are() -> None:
    """By hand: scores 0.1, 1 (empty), 0.9 and 0.05."""
    scores = sentence_quality_scores(LABELS, PROBS, class_names=NAMES)

    assert sentence_issues_from_scores(scores, threshold=0.5).tolist() == [3, 0]
    assert sentence_issues_from_scores(scores, threshold=1.5).tolist() == [3, 0, 2, 1]
    assert sentence_issues_from_scores(scores, threshold=0.0).tolist() == []
    assert token_issues_from_scores(scores, threshold=0.0).n_issues == 0


def test_a_limit_that_is_no_number_is_refused() -> None:
    """Nothing is below it, and nothing is not."""
    scores = sentence_quality_scores(LABELS, PROBS, class_names=NAMES)

    with pytest.raises(ConfigError, match="threshold must be a number"):
        token_issues_from_scores(scores, threshold=np.nan)


def test_the_table_names_classes_and_words() -> None:
    """One line per issue, worst first; without words there is no column for them."""
    issues = find_token_issues(LABELS, PROBS, class_names=NAMES)
    tokens = [["met", "Ann", "Bo"], [], ["Cy", "ran"], ["Di", "sat"]]

    frame = issues.to_frame(tokens)

    assert frame.to_dict("list") == {
        "rank": [1, 2],
        "sentence": [3, 0],
        "token_index": [0, 2],
        "token": ["Di", "Bo"],
        "given_label": ["O", "O"],
        "suggested_label": ["PER", "PER"],
        "label_quality": [0.05, 0.1],
    }
    assert "token" not in issues.to_frame().columns


def test_words_of_another_text_are_refused() -> None:
    """A sentence or a token is not there."""
    issues = find_token_issues(LABELS, PROBS, class_names=NAMES)

    with pytest.raises(InvalidInputError, match="got 1 sentences, in which a suspected token does not exist"):
        issues.texts([["met", "Ann", "Bo"]])
