"""Words that are labelled wrongly again and again."""

from __future__ import annotations

import numpy as np
import pytest

from labelclean.errors import ConfigError, InvalidInputError
from labelclean.tasks.tokens import TokenIssues, common_token_confusions, issues_of_token

TOKENS = [["May", "may"], ["June"], ["May"], ["MAY"]]


def make_issues() -> TokenIssues:
    """Five issues: May twice as A where B is suggested, once each for the others."""
    return TokenIssues(
        sentence_index=np.array([0, 2, 0, 3, 1]),
        token_index=np.array([0, 0, 1, 0, 0]),
        label_quality_scores=np.array([0.1, 0.2, 0.3, 0.4, 0.5]),
        given_labels=np.array([0, 0, 0, 1, 1]),
        suggested_labels=np.array([1, 1, 1, 0, 2]),
        class_names=("A", "B", "C"),
        noise=None,
    )


def test_confusions_are_counted_per_word_most_frequent_first() -> None:
    """By hand; equal counts go by word."""
    found = common_token_confusions(make_issues(), TOKENS)

    assert found.to_frame().to_dict("list") == {
        "token": ["May", "June", "MAY", "may"],
        "given_label": ["A", "B", "B", "A"],
        "suggested_label": ["B", "C", "A", "B"],
        "n_issues": [2, 1, 1, 1],
    }


def test_words_that_differ_in_case_may_be_one() -> None:
    """By hand: may is A for B three times, B for A once."""
    found = common_token_confusions(make_issues(), TOKENS, ignore_case=True)

    assert found.tokens == ("may", "june", "may")
    assert found.counts.tolist() == [3, 1, 1]
    assert found.counts_by_token() == {"may": 4, "june": 1}
    assert list(found.counts_by_token()) == ["may", "june"]


def test_confusions_can_be_left_out_and_cut() -> None:
    """By class name; then only the first."""
    found = common_token_confusions(make_issues(), TOKENS, exclude=[("A", "B")], top=1)

    assert (found.tokens, found.counts.tolist()) == (("June",), [1])
    assert common_token_confusions(make_issues(), TOKENS, top=0).tokens == ()


def test_without_issues_there_are_no_confusions() -> None:
    """Everything excluded is an empty table with the same columns."""
    none = make_issues().select(np.zeros(5, dtype=np.bool_))

    found = common_token_confusions(none, TOKENS)

    assert found.tokens == ()
    assert found.to_frame().columns.tolist() == ["token", "given_label", "suggested_label", "n_issues"]
    assert issues_of_token(none, TOKENS, "May").n_issues == 0


def test_the_issues_of_one_word_keep_their_order() -> None:
    """In any case of letters, or in one."""
    issues = make_issues()

    assert issues_of_token(issues, TOKENS, "may").sentence_index.tolist() == [0, 2, 0, 3]
    assert issues_of_token(issues, TOKENS, "may", ignore_case=False).token_index.tolist() == [1]


def test_unknown_classes_and_negative_numbers_are_refused() -> None:
    """An excluded pair that nothing can match is a mistake."""
    with pytest.raises(InvalidInputError, match="none of the 3 classes"):
        common_token_confusions(make_issues(), TOKENS, exclude=[("A", "X")])
    with pytest.raises(ConfigError, match="top must be at least 0; got -1"):
        common_token_confusions(make_issues(), TOKENS, top=-1)
