"""Texts that say next to nothing are marked."""

from __future__ import annotations

import numpy as np

from labelclean import audit


def test_empty_texts_and_texts_of_one_word_are_marked_and_still_judged() -> None:
    """Their probabilities rest on how common the classes are."""
    texts = ["good film", "fine film", "bad plot", "dull plot"] * 5 + ["", "film"]
    labels = ["+", "+", "-", "-"] * 5 + ["+", "+"]

    result = audit(texts, labels)

    assert result.is_thin is not None
    assert np.flatnonzero(result.is_thin).tolist() == [20, 21]
    assert not np.isnan(result.error_probabilities).any()


def test_nothing_is_said_where_the_texts_were_not_read() -> None:
    """The user's own probabilities need no text."""
    probs = np.tile([[0.9, 0.1], [0.1, 0.9]], (5, 1))

    result = audit(["a", "b"] * 5, ["+", "-"] * 5, pred_probs=probs, class_names=["+", "-"])

    assert result.is_thin is None
