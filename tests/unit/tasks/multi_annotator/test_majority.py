"""The majority vote and its rules for ties."""

from __future__ import annotations

import numpy as np
import pytest

from labelclean.errors import InvalidInputError
from labelclean.tasks.multi_annotator import majority_vote, votes_from_table


def test_most_votes_win_whatever_the_model_says() -> None:
    """Probabilities are only asked on ties."""
    assert majority_vote([[0, 0, 1]], [[0.1, 0.9]]).tolist() == [0]


def test_rule_1_the_likelier_of_tied_classes_wins() -> None:
    """A class without votes does not, however likely."""
    assert majority_vote([[0, 1]], [[0.1, 0.2, 0.7]]).tolist() == [1]


def test_rule_1_asks_the_mean_of_several_models() -> None:
    """0.9 and 0.3 are more than 0.1 and 0.7."""
    probs = [[[0.9, 0.1]], [[0.3, 0.7]]]

    assert majority_vote([[0, 1]], probs).tolist() == [0]


def test_rule_2_the_rarer_of_equally_likely_classes_wins() -> None:
    """Class 0 has three votes in the table, class 1 two."""
    votes = [[0, 1, -1], [0, 1, 0]]

    assert majority_vote(votes).tolist() == [1, 0]
    assert majority_vote(votes, np.full((2, 2), 0.5)).tolist() == [1, 0]


def test_rule_3_the_class_of_the_more_reliable_annotators_wins() -> None:
    """In two untied rows the first annotator is right once, the third twice; both classes have four votes."""
    votes = [[0, 1, 1], [1, 0, 0], [0, -1, 1]]

    assert majority_vote(votes).tolist() == [1, 0, 1]


def test_rule_3_takes_an_untested_annotator_for_average() -> None:
    """The fourth annotator is in no untied row: the mean, 2/3, is more than the first one's nothing."""
    votes = [[1, 0, 0, -1], [0, 1, 1, -1], [0, -1, -1, 1]]

    assert majority_vote(votes).tolist() == [0, 1, 1]


def test_rule_4_the_lowest_class_wins_where_nothing_else_speaks() -> None:
    """No row is untied, so that rule 3 has nothing to go by."""
    assert majority_vote([[1, 0], [0, 1]]).tolist() == [0, 0]


def test_rule_3_takes_equal_sums_for_equal() -> None:
    """Three annotators right in 2/3 of the cases are as good as two always and one never right; floats differ."""
    untied = [[1, 0, 0, 0, 0, 1, -1], [1, 0, 1, 1, 1, 0, -1], [0, 0, 1, 0, 0, 1, -1]]
    alone = [[-1, -1, -1, -1, -1, -1, 1]] * 2  # as many votes for 1 as for 0, so that rule 2 leaves both
    tied = [[1, 1, 1, 0, 0, 0, -1]]

    assert majority_vote([*untied, *alone, *tied]).tolist() == [0, 1, 0, 1, 1, 0]


def test_a_row_without_votes_gets_the_models_class_or_none() -> None:
    """Without a model nothing is known."""
    votes = [[-1, -1], [1, 1]]

    assert majority_vote(votes, [[0.2, 0.8], [0.5, 0.5]]).tolist() == [1, 1]
    assert majority_vote(votes).tolist() == [-1, 1]


def test_nothing_gives_nothing() -> None:
    """No rows; rows without annotators; rows without any vote."""
    assert majority_vote(np.empty((0, 2), dtype=np.int64)).tolist() == []
    assert majority_vote(np.empty((2, 0), dtype=np.int64)).tolist() == [-1, -1]
    assert majority_vote([[-1, -1]]).tolist() == [-1]


def test_votes_and_probabilities_must_fit() -> None:
    """Rows, columns and codes."""
    with pytest.raises(InvalidInputError, match=r"2 rows and 3 columns.*got shape \(3, 3\) from model 0"):
        majority_vote([[0], [2]], np.full((3, 3), 1 / 3), class_names=[0, 1, 2])
    with pytest.raises(InvalidInputError, match=r"from 0 to 1, .*got others 1 times, first in row 1\."):
        majority_vote([[0], [2]], np.full((2, 2), 0.5))
    with pytest.raises(InvalidInputError, match="NaN"):
        majority_vote([[0]], [[np.nan, 1.0]])
    with pytest.raises(InvalidInputError, match="left out where the votes were read before"):
        majority_vote(votes_from_table([[0]]), class_names=[0])
