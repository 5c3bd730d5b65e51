"""Several annotators who give label sets."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from labelclean.errors import InvalidInputError, LabelCleanWarning
from labelclean.tasks.multi_annotator import (
    SetVotes,
    majority_vote,
    multi_annotator_consensus,
    multi_label_annotator_consensus,
    set_votes_from_table,
    set_votes_from_triples,
    votes_from_table,
)
from labelclean.tasks.multi_annotator.set_data import AnnotatedSets
from labelclean.tasks.multi_annotator.set_majority import majority_sets

TABLE: list[list[list[str] | None]] = [[["cat", "dog"], ["cat"], []], [None, ["dog"], ["dog"]]]
PROBS = [[0.75, 0.25], [0.25, 0.75]]


def contents(votes: SetVotes) -> list[object]:
    """List everything that was read."""
    arrays = [votes.rows, votes.annotators, votes.member_votes, votes.member_codes]
    return [each.tolist() for each in arrays]


READ = [[0, 0, 0, 1, 1], [0, 1, 2, 1, 2], [0, 0, 1, 3, 4], [0, 1, 0, 1, 1]]


def test_an_empty_set_is_an_answer_and_none_is_not() -> None:
    """Sets of names, in the order of a dataset's classes."""
    votes = set_votes_from_table(TABLE)

    assert contents(votes) == READ
    assert votes.class_names == ("cat", "dog")
    assert (votes.n_examples, votes.n_annotators) == (2, 3)


def test_sets_are_read_from_every_kind_of_cell() -> None:
    """Tuples, sets, arrays, in a DataFrame too; codes without names."""
    frame = pd.DataFrame({"a": [{0, 1}, pd.NA], "b": [(0,), np.array([1])], "c": [[], frozenset({1})]}, dtype=object)

    votes = set_votes_from_table(frame)

    assert contents(votes) == READ
    assert votes.annotator_names == ("a", "b", "c")
    assert not votes.has_named_classes


def test_triples_and_who_answered_say_the_same() -> None:
    """In any order; who answered may be a dense or a sparse table."""
    answered = np.array([[True, True, True], [False, True, True]])

    dense = set_votes_from_triples([1, 0, 0, 0, 1], [2, 1, 0, 0, 1], [1, 0, 1, 0, 1], answered=answered)
    thin = set_votes_from_triples(
        [1, 0, 0, 0, 1], [2, 1, 0, 0, 1], ["dog", "cat", "dog", "cat", "dog"], answered=sparse.csr_array(answered)
    )

    assert contents(dense) == contents(thin) == READ
    assert thin.class_names == ("cat", "dog")


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ([[[0], [1]], [[0], [1, 0, 1]]], r"each label once, and not be a list of 0 and 1; got 1 .*first in row 1\."),
        ([[[0], "dog"]], r"a set of labels, or None; got str in row 0\."),
        ([[[0], 3]], r"got int in row 0\."),
        ([["a"], "b"], "got str for a row"),
        ([[[0]], [[0], [1]]], r"one cell per annotator in every row; got 1 .*first in row 1\."),
        ([[["a", None]]], r"must not be missing; got 1 .*first in row 0\."),
        ([[[0, -2]]], r"whole numbers from 0; got others in 1 votes, first in row 0\."),
    ],
)
def test_what_is_no_table_of_sets_is_refused(table: list[list[object]], message: str) -> None:
    """Lists of 0 and 1 above all, which would be read as the classes 0 and 1."""
    with pytest.raises(InvalidInputError, match=message):
        set_votes_from_table(table)  # type: ignore[arg-type]


def test_triples_must_stand_where_somebody_answered() -> None:
    """And within the table, each once."""
    answered = np.array([[True, False]])

    with pytest.raises(InvalidInputError, match=r"where the annotator answered; got 1 .*first in line 1\."):
        set_votes_from_triples([0, 0], [0, 1], [0, 0], answered=answered)
    with pytest.raises(InvalidInputError, match=r"annotators must be from 0 to 1"):
        set_votes_from_triples([0], [2], [0], answered=answered)
    with pytest.raises(InvalidInputError, match="each label once"):
        set_votes_from_triples([0, 0], [0, 0], [1, 1], answered=answered)
    with pytest.raises(InvalidInputError, match=r"got 1, 2 and 1\."):
        set_votes_from_triples([0], [0, 0], [1], answered=answered)
    with pytest.raises(InvalidInputError, match="rows must be a flat list of whole numbers"):
        set_votes_from_triples([0.5], [0], [1], answered=answered)
    with pytest.raises(InvalidInputError, match="answered must be a table of bool"):
        set_votes_from_triples([0], [0], [1], answered=[1, 0])


def test_each_class_is_a_question_of_its_own() -> None:
    """As if each class had been asked about with two answers, present and absent."""
    found = multi_label_annotator_consensus(TABLE, PROBS)

    cat = multi_annotator_consensus([[1, 1, 0], [-1, 0, 0]], [[0.25, 0.75], [0.75, 0.25]])
    dog = multi_annotator_consensus([[1, 0, 0], [-1, 1, 1]], [[0.75, 0.25], [0.25, 0.75]])
    assert found.consensus_sets() == [("cat",), ("dog",)]
    for place, expected in enumerate((cat, dog)):
        assert found.consensus_quality[:, place].tolist() == pytest.approx(expected.consensus_quality.tolist())
        assert found.annotators.class_quality[:, place].tolist() == pytest.approx(expected.annotators.quality.tolist())
    assert found.annotators.quality.tolist() == pytest.approx(
        ((cat.annotators.quality + dog.annotators.quality) / 2).tolist()
    )


def test_an_examples_and_an_answers_quality_join_those_of_the_classes() -> None:
    """Here by the lowest; an answer's cells are right or wrong against the joint judgement."""
    found = multi_label_annotator_consensus(TABLE, PROBS, aggregate_by=np.min)

    cat, dog = found.consensus_quality[0]
    assert found.example_quality.tolist() == found.consensus_quality.min(axis=1).tolist()
    assert found.vote_quality[:3].tolist() == pytest.approx([min(cat, 1 - dog), min(cat, dog), min(1 - cat, dog)])
    assert np.isnan(found.vote_quality_table()[1, 0])


def test_agreement_needs_no_model() -> None:
    """Two of three answers hold the cat, one the dog."""
    found = multi_label_annotator_consensus(TABLE, quality_method="agreement")

    assert found.consensus_sets() == [("cat",), ("dog",)]
    assert found.consensus_quality.tolist() == [pytest.approx([2 / 3, 2 / 3]), [1, 1]]


def most(table: list[list[list[int] | None]], probs: object = None) -> list[list[bool]]:
    """Return the majority's sets as rows of bool."""
    data = AnnotatedSets.checked(set_votes_from_table(table, class_names=[0, 1]), probs)  # type: ignore[arg-type]
    found: list[list[bool]] = majority_sets(data).tolist()
    return found


def test_a_tie_goes_to_the_likelier_state() -> None:
    """By the mean of the models; one answer of two holds each class."""
    assert most([[[0, 1], []]], [[0.6, 0.4]]) == [[True, False]]
    assert most([[[0, 1], []]], [[[0.9, 0.4]], [[0.3, 0.4]]]) == [[True, False]]


def test_an_even_model_leaves_a_tie_to_the_rarer_state() -> None:
    """Class 0 is in one of four answers, class 1 in three."""
    table: list[list[list[int] | None]] = [[[0, 1], []], [[1], [1]]]

    assert most(table)[0] == [True, False]
    assert most(table, [[0.5, 0.5], [0.5, 0.5]])[0] == [True, False]


def test_then_the_side_of_the_more_reliable_annotators_wins() -> None:
    """Both states have four answers; the second annotator is wrong in an untied row, the first never."""
    table: list[list[list[int] | None]] = [[[0], [1], None], [[0], [1], [0, 1]], [[1], [1], [0]]]

    found = most(table)

    assert found[0][0]
    assert found == majority_by_class(table)


def test_and_at_last_absent_wins() -> None:
    """Two annotators who always contradict each other."""
    assert most([[[0], [1]], [[1], [0]]]) == [[False, False], [False, False]]


def majority_by_class(table: list[list[list[int] | None]]) -> list[list[bool]]:
    """Ask about each class on its own."""
    columns = []
    for k in range(2):
        answers = [[-1 if cell is None else int(k in cell) for cell in row] for row in table]
        columns.append(majority_vote(votes_from_table(answers)) == 1)
    found: list[list[bool]] = np.column_stack(columns).tolist()
    return found


def test_a_row_without_answers_gets_what_the_model_says() -> None:
    """Without a model nothing is known, and the set is empty."""
    table: list[list[list[str] | None]] = [*TABLE, [None, None, None]]

    weighed = multi_label_annotator_consensus(table, [*PROBS, [0.6, 0.1]])
    agreed = multi_label_annotator_consensus(table, quality_method="agreement")

    assert weighed.consensus_sets()[2] == ("cat",)
    assert weighed.consensus_quality[2].tolist() == pytest.approx([0.6, 0.9])
    assert agreed.consensus_sets()[2] == ()
    assert np.isnan(agreed.example_quality[2])


def test_single_answers_are_judged_by_the_model_alone() -> None:
    """Nobody can be compared, so that nobody is overruled."""
    with pytest.warns(LabelCleanWarning, match="No example has two votes"):
        found = multi_label_annotator_consensus([[[0], None], [None, []]], [[0.2], [0.3]])

    assert found.consensus.ravel().tolist() == [True, False]
    assert found.consensus_quality.ravel().tolist() == pytest.approx([0.2, 0.7])


def test_blocks_change_no_bit_of_a_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the rows are cut is a question of speed only."""
    generator = np.random.default_rng(5)
    answered = generator.random((50, 3)) < 0.8
    rows, annotators, codes = np.nonzero((generator.random((50, 3, 4)) < 0.4) & answered[:, :, np.newaxis])
    votes = set_votes_from_triples(rows, annotators, codes, answered=answered)
    probs = generator.random((2, 50, 4))

    whole = multi_label_annotator_consensus(votes, probs)
    monkeypatch.setattr("labelclean.tasks.multi_annotator.set_votes._BLOCK_CELLS", 20)
    cut = multi_label_annotator_consensus(votes, probs)

    for name in ("consensus", "consensus_quality", "example_quality", "vote_quality", "model_weights"):
        assert getattr(whole, name).tobytes() == getattr(cut, name).tobytes()
    assert whole.annotators.class_quality.tobytes() == cut.annotators.class_quality.tobytes()


def test_tables_keep_names_and_order() -> None:
    """Examples in the order of the input, annotators from the worst."""
    frame = pd.DataFrame(TABLE, columns=["ann", "bob", "cy"], index=["x", "y"])

    found = multi_label_annotator_consensus(frame, PROBS)

    assert found.to_frame()["example"].tolist() == ["x", "y"]
    assert found.to_frame()["consensus_labels"].tolist() == [("cat",), ("dog",)]
    assert found.annotators.to_frame()["annotator"].tolist()[-1] == "bob"
    assert found.annotators.to_frame()["quality"].is_monotonic_increasing


def test_named_columns_of_the_probabilities_say_which_class_is_which() -> None:
    """Whatever order they are in."""
    frame = pd.DataFrame(PROBS, columns=["cat", "dog"])

    turned = multi_label_annotator_consensus(TABLE, frame[["dog", "cat"]])

    assert turned.class_names == ("dog", "cat")
    assert turned.consensus_sets() == [("cat",), ("dog",)]
    with pytest.raises(InvalidInputError, match="must be the 2 classes in their order"):
        multi_label_annotator_consensus(set_votes_from_table(TABLE), frame[["dog", "cat"]])


def test_empty_input_gives_empty_results() -> None:
    """No rows; no classes; nobody answered."""
    nothing = multi_label_annotator_consensus(
        set_votes_from_triples([], [], [], answered=np.zeros((0, 2), dtype=bool)), np.empty((0, 3))
    )
    silent = multi_label_annotator_consensus([[None]], [[0.2, 0.9]])
    unnamed = multi_label_annotator_consensus([[[]]], quality_method="agreement")

    assert nothing.consensus.shape == (0, 3)
    assert silent.consensus_sets() == [(1,)]
    assert np.isnan(silent.annotators.quality).all()
    assert unnamed.consensus_sets() == [()]
    assert len(silent.annotators.to_frame()) == len(silent.to_frame()) == 1


def test_codes_must_have_a_column_of_probabilities() -> None:
    """With the count and the first row."""
    with pytest.raises(InvalidInputError, match=r"from 0 to 1, .*got others 1 times, first in row 1\."):
        multi_label_annotator_consensus([[[0]], [[2]]], PROBS)
    with pytest.raises(InvalidInputError, match="left out where the votes were read before"):
        multi_label_annotator_consensus(set_votes_from_table(TABLE), PROBS, class_names=["cat", "dog"])
