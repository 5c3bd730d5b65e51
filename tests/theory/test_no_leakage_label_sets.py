"""Label sets drawn by lot cannot be predicted, not even where many rows repeat a text and its labels."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from labelclean.label_set_audit import audit_label_sets

N_TEXTS, N_LABELS = 200, 4
LETTERS = list("abcdefghijklmnopqrstuvwxyz")
Words = NDArray[np.str_]


def own_words(words: Words) -> list[str]:
    """Return texts of which no two share a word."""
    return [" ".join(words[3 * text : 3 * text + 3]) for text in range(N_TEXTS)]


def one_word(words: Words) -> list[str]:
    """Return texts of one word each."""
    return [str(word) for word in words[:N_TEXTS]]


def shared_words(words: Words) -> list[str]:
    """Return texts that share their words with others."""
    chosen = np.random.default_rng(1).choice(words[:300], (N_TEXTS, 8))
    return [" ".join(row) for row in chosen]


@pytest.mark.parametrize("n_copies", [1, 4])
@pytest.mark.parametrize("make_texts", [own_words, one_word, shared_words])
def test_labels_drawn_by_lot_are_predicted_by_chance(make_texts: Callable[[Words], list[str]], n_copies: int) -> None:
    """Half of the rows have each label: leaving one out makes its labels the rarer ones, and that must tell nothing."""
    generator = np.random.default_rng(0)
    words = np.array(["".join(generator.choice(LETTERS, 8)) for _ in range(3 * N_TEXTS)])
    texts = make_texts(words)
    given = np.stack([generator.permutation(np.arange(N_TEXTS) % 2) for _ in range(N_LABELS)], axis=1) == 1
    sets = [[f"label {label}" for label in np.flatnonzero(row)] for row in given]

    result = audit_label_sets(texts * n_copies, sets * n_copies)

    assert abs(float(((result.pred_probs > 0.5) == np.tile(given, (n_copies, 1))).mean()) - 0.5) < 0.1
