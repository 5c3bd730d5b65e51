"""What is proposed for each row."""

from __future__ import annotations

import numpy as np

from labelclean.explain.suggestions import suggest_labels

PROBS = np.array([[0.2, 0.3, 0.5], [0.4, 0.2, 0.4]], dtype=np.float32)


def test_the_most_likely_class_is_suggested_and_the_first_of_equals() -> None:
    """By hand; the second row has a tie of classes 0 and 2."""
    found = suggest_labels(PROBS, n_likely=2)

    assert found.suggested_labels.tolist() == [2, 0]
    assert found.likely_labels.tolist() == [[2, 1], [0, 2]]
    assert np.array_equal(found.likely_probs, np.array([[0.5, 0.3], [0.4, 0.4]], dtype=np.float32))


def test_no_more_classes_are_offered_than_there_are() -> None:
    """Three, although nine were asked for."""
    assert suggest_labels(PROBS, n_likely=9).likely_labels.shape == (2, 3)


def test_many_rows_are_handled_in_parts() -> None:
    """The last row of 20,000 is as right as the first."""
    probs = np.random.default_rng(13).dirichlet(np.ones(4), 20_000)

    found = suggest_labels(probs, n_likely=4)

    assert np.array_equal(found.suggested_labels, probs.argmax(axis=1))
    assert (np.diff(found.likely_probs, axis=1) <= 0).all()
    assert (np.sort(found.likely_labels, axis=1) == np.arange(4)).all()


def test_the_likely_classes_are_in_the_order_of_a_stable_sort() -> None:
    """Whatever the ties, zeros and precision; the probabilities are left as they were."""
    probs = (np.random.default_rng(14).integers(0, 4, (300, 7)) / 4).astype(np.float32)
    before = probs.copy()

    found = suggest_labels(probs, n_likely=5)

    ranked = [sorted((-prob, code) for code, prob in enumerate(row)) for row in probs.tolist()]
    assert found.likely_labels.tolist() == [[code for _, code in row[:5]] for row in ranked]
    assert np.array_equal(probs, before)
