"""Votes put together by hand."""

from __future__ import annotations

import numpy as np
import pytest

from labelclean.errors import InvalidInputError
from labelclean.tasks.multi_annotator import SetVotes, Votes, multi_annotator_consensus, votes_from_table

Lists = dict[str, list[int]]

TRIPLES: Lists = {"rows": [0, 0, 2], "annotators": [0, 1, 1], "codes": [1, 0, 1]}
SETS: Lists = {"rows": [0, 0, 2], "annotators": [0, 1, 1], "member_votes": [0, 0, 2], "member_codes": [0, 1, 1]}


def by_hand(lists: Lists, *, n_examples: int = 3, example_names: tuple[str, ...] | None = None) -> Votes:
    """Build votes of two annotators for two classes."""
    rows, annotators, codes = (np.array(lists[name]) for name in ("rows", "annotators", "codes"))
    return Votes(
        rows=rows,
        annotators=annotators,
        codes=codes,
        n_examples=n_examples,
        annotator_names=("ann", "bob"),
        class_names=("cat", "dog"),
        has_named_classes=True,
        example_names=example_names,
    )


def sets_by_hand(lists: Lists) -> SetVotes:
    """Build label sets of two annotators over two classes."""
    return SetVotes(
        rows=np.array(lists["rows"]),
        annotators=np.array(lists["annotators"]),
        member_votes=np.array(lists["member_votes"]),
        member_codes=np.array(lists["member_codes"]),
        n_examples=3,
        annotator_names=("ann", "bob"),
        class_names=("cat", "dog"),
        has_named_classes=True,
    )


def test_votes_by_hand_are_votes_as_read() -> None:
    """The same consensus either way."""
    probs = [[0.4, 0.6], [0.9, 0.1], [0.2, 0.8]]
    table: list[list[str | None]] = [["dog", "cat"], [None, None], [None, "dog"]]

    by_table = multi_annotator_consensus(votes_from_table(table, class_names=["cat", "dog"]), probs)
    found = multi_annotator_consensus(by_hand(TRIPLES), probs)

    assert found.consensus_labels.tolist() == by_table.consensus_labels.tolist()
    assert found.consensus_quality.tolist() == by_table.consensus_quality.tolist()


def test_the_callers_arrays_stay_writable_and_the_votes_are_not() -> None:
    """Of single labels and of label sets; nothing is copied for it."""
    arrays = {name: np.array(values) for name, values in (TRIPLES | SETS).items()}
    shared = {name: arrays[name] for name in ("rows", "annotators")}
    names = {"n_examples": 3, "annotator_names": ("ann", "bob"), "class_names": ("cat", "dog")}

    votes = Votes(codes=arrays["codes"], has_named_classes=True, **shared, **names)  # type: ignore[arg-type]
    sets = SetVotes(
        member_votes=arrays["member_votes"],
        member_codes=arrays["member_codes"],
        has_named_classes=True,
        **shared,  # type: ignore[arg-type]
        **names,  # type: ignore[arg-type]
    )

    assert all(array.flags.writeable for array in arrays.values())
    for kept in (votes.rows, votes.annotators, votes.codes, sets.rows, sets.member_votes, sets.member_codes):
        assert not kept.flags.writeable
    assert np.shares_memory(votes.codes, arrays["codes"])


def test_whole_numbers_of_any_type_are_taken() -> None:
    """They become int64."""
    lists = {name: np.array(values, dtype=np.uint8) for name, values in TRIPLES.items()}

    votes = by_hand(lists)  # type: ignore[arg-type]

    assert votes.codes.dtype == np.int64
    assert votes.codes.tolist() == TRIPLES["codes"]


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ({"rows": [0, 2, 0]}, r"sorted by example, then annotator, each pair once; got 1 .*first in entry 2\."),
        ({"annotators": [1, 0, 1]}, r"sorted by example, then annotator, each pair once; got 1 .*first in entry 1\."),
        ({"annotators": [0, 0, 1]}, r"each pair once; got 1 .*first in entry 1\."),
        ({"rows": [0, 0, 3]}, r"rows must be from 0 to 2; got 1 .*first in entry 2\."),
        ({"annotators": [0, 1, 2]}, r"annotators must be from 0 to 1; got 1 "),
        ({"codes": [1, -1, 1]}, r"codes must be from 0 to 1; got 1 .*first in entry 1\."),
        ({"codes": [1, 2, 2]}, r"codes must be from 0 to 1; got 2 .*first in entry 1\."),
        ({"codes": [1, 0]}, r"rows and codes must have the same length; got 3 and 2\."),
        ({"annotators": [0, 1]}, r"rows and annotators must have the same length; got 3 and 2\."),
        ({"codes": [1.5, 0.0, 1.0]}, r"codes must be a flat list of whole numbers; got float64"),
        ({"codes": [[1, 0, 1]]}, r"codes must be a flat list of whole numbers; got int64, shape \(1, 3\)"),
    ],
)
def test_broken_triples_are_refused(broken: Lists, message: str) -> None:
    """Out of order, out of range, of different lengths, or no positions."""
    with pytest.raises(InvalidInputError, match=message):
        by_hand(TRIPLES | broken)


def test_every_example_has_a_name_or_none_has() -> None:
    """Else names would move to other rows."""
    assert by_hand(TRIPLES, example_names=("x", "y", "z")).n_examples == 3

    with pytest.raises(InvalidInputError, match=r"each of the 3 examples; got 2\."):
        by_hand(TRIPLES, example_names=("x", "y"))


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ({"rows": [2, 0, 0]}, r"sorted by example, then annotator, each pair once"),
        ({"member_votes": [0, 2, 0]}, r"sorted by answer, then class, each pair once; got 1 .*first in entry 2\."),
        ({"member_codes": [1, 0, 1]}, r"sorted by answer, then class, each pair once; got 1 .*first in entry 1\."),
        ({"member_codes": [0, 0, 1]}, r"sorted by answer, then class, each pair once"),
        ({"member_votes": [0, 0, 3]}, r"member_votes must be from 0 to 2"),
        ({"member_codes": [0, 2, 1]}, r"member_codes must be from 0 to 1"),
        ({"member_codes": [0, 1]}, r"member_votes and member_codes must have the same length; got 3 and 2\."),
    ],
)
def test_broken_label_sets_are_refused(broken: Lists, message: str) -> None:
    """Their answers as their labels."""
    assert sets_by_hand(SETS).n_votes == 3

    with pytest.raises(InvalidInputError, match=message):
        sets_by_hand(SETS | broken)
