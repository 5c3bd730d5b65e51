"""Sentences become one table, and what does not fit is refused with its place."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from labelclean.errors import InvalidInputError
from labelclean.tasks.tokens.sentences import flatten_sentences, places_of_rows

EVEN = [0.5, 0.5]


def test_tokens_stand_below_each_other_and_find_their_way_back() -> None:
    """By hand: sentences of 2, 0 and 1 tokens."""
    flat = flatten_sentences([[0, 1], [], [1]], [[[0.9, 0.1], EVEN], [], [[0.2, 0.8]]])

    sentences, tokens = flat.places(np.array([0, 1, 2]))
    assert flat.labels.tolist() == [0, 1, 1]
    assert flat.pred_probs.tolist() == [[0.9, 0.1], EVEN, [0.2, 0.8]]
    assert flat.offsets.tolist() == [0, 2, 2, 3]
    assert flat.class_names == (0, 1)
    assert sentences.tolist() == [0, 0, 2]
    assert tokens.tolist() == [0, 1, 0]


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        ([["O", "X"], ["X"]], ["O", "X"]),
        ([[0, 1], [1]], ["O", "X"]),
        ([np.array([0, 1]), np.array([1])], ["O", "X"]),
        ([np.array(["O", "X"]), np.array(["X"])], ["O", "X"]),
        ([[7, 9], [9]], [7, 9]),
        ([[("a", 1), None], [None]], [("a", 1), None]),
        ([np.array([0, 1], dtype=np.uint8), np.array([1], dtype=np.int16)], None),
        ([(0, 1), (np.int32(1),)], None),
        ([[0, 1], [1]], [0, 1]),
    ],
)
def test_labels_are_names_or_codes(labels: Any, names: Any) -> None:
    """Any hashable name; whole numbers are codes unless a name is a number."""
    flat = flatten_sentences(labels, [[EVEN, EVEN], [EVEN]], class_names=names)

    assert flat.labels.tolist() == [0, 1, 1]


def test_single_precision_is_kept_and_anything_else_becomes_double() -> None:
    """Half precision, whole numbers, and a mix."""
    single = np.array([EVEN], dtype=np.float32)

    assert flatten_sentences([[0], [1]], [single, single]).pred_probs.dtype == np.float32
    assert flatten_sentences([[0], [1]], [single, single.astype(np.float64)]).pred_probs.dtype == np.float64
    assert flatten_sentences([[0]], [single.astype(np.float16)]).pred_probs.dtype == np.float64
    assert flatten_sentences([[0]], [np.array([[1, 0]])]).pred_probs.tolist() == [[1.0, 0.0]]


def test_the_callers_arrays_are_neither_frozen_nor_shared() -> None:
    """A result may be kept while the caller goes on working."""
    labels, probs = np.array([0, 1]), np.array([EVEN, EVEN])

    flat = flatten_sentences([labels], [probs])
    labels[0], probs[0, 0] = 1, 0.75

    assert flat.labels.tolist() == [0, 1]
    assert flat.pred_probs[0, 0] == 0.5
    with pytest.raises(ValueError, match="read-only"):
        flat.labels[0] = 1


@pytest.mark.parametrize(
    ("labels", "probs", "names", "n_classes"),
    [([], [], None, 1), ([[], []], [[], []], ["O", "X"], 2), ([[]], [np.empty((0, 5))], None, 1)],
)
def test_no_tokens_are_no_rows(labels: Any, probs: Any, names: Any, n_classes: int) -> None:
    """No sentences, or only empty ones; the names say how many classes there are."""
    flat = flatten_sentences(labels, probs, class_names=names)

    assert flat.pred_probs.shape == (0, n_classes)
    assert flat.labels.shape == (0,)
    assert len(flat.offsets) == len(labels) + 1


@pytest.mark.parametrize(
    ("message", "labels", "probs", "names"),
    [
        ("one table for each of the 2 sentences; got 1", [[0], [0]], [[EVEN]], None),
        (r"got 2 rows for 1 labels in sentence 1 \(2 such", [[0], [0], []], [[EVEN], [EVEN, EVEN], [EVEN]], None),
        (r"got shape \(1, 3\) in sentence 1 beside 2 columns \(1 such", [[0], [0]], [[EVEN], [[1, 0, 0]]], None),
        (r"at least one, in every sentence; got shape \(1, 0\)", [[0]], [np.empty((1, 0))], None),
        ("name each of the 2 columns of pred_probs; got 1", [[0]], [[EVEN]], ["O"]),
        (r"got shape \(2,\) in sentence 0", [[0, 1]], [[0.5, 0.5]], None),
        ("rows of different lengths in sentence 1", [[0], [0, 1]], [[EVEN], [EVEN, [1]]], None),
        ("must hold numbers; got values of type <U1", [[0]], [[["a", "b"]]], None),
        (
            "for 2 tokens, first in sentence 2, token 1",
            [[0], [], [0, 1, 1]],
            [[EVEN], [], [EVEN, [np.nan, 0], [2, 0]]],
            None,
        ),
        ("for 1 tokens, first in sentence 0, token 0", [[0]], [[[np.inf, 0]]], None),
        ("for 1 tokens, first in sentence 0, token 1", [[0, 0]], [[EVEN, [1, -0.1]]], None),
        ("something else for 2 tokens, first in sentence 1, token 0", [[0], [2, -1]], [[EVEN], [EVEN, EVEN]], None),
        ("something else for 1 tokens, first in sentence 0, token 1", [["O", "Y"]], [[EVEN, EVEN]], ["O", "X"]),
        ("something else for 1 tokens", [np.array([0.5])], [[EVEN]], None),
        ("must be hashable", [[[1]]], [[EVEN]], ["O", "X"]),
        ("must all differ; got 2 names of which 1", [["O"]], [[EVEN]], ["O", "O"]),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(message: str, labels: Any, probs: Any, names: Any) -> None:
    """Counts, and the first sentence and token."""
    with pytest.raises(InvalidInputError, match=message):
        flatten_sentences(labels, probs, class_names=names)


def test_rows_after_empty_sentences_belong_to_the_right_one() -> None:
    """By hand: sentences 0 and 2 are empty."""
    sentences, tokens = places_of_rows(np.array([0, 0, 2, 2, 3]), np.array([0, 1, 2]))

    assert sentences.tolist() == [1, 1, 3]
    assert tokens.tolist() == [0, 1, 0]
