"""Tests of strings that give a label away."""

from __future__ import annotations

import numpy as np
import pytest

from labelclean.arrays import Label
from labelclean.issues.label_leaks import label_leaks
from labelclean.issues.problem import DataProblem

WORDS = ["money", "order", "when", "today", "please", "late", "again", "card", "phone", "house", "blue", "never"]


def speech(n_texts: int, seed: int) -> list[str]:
    """Return texts of six words drawn at random."""
    rng = np.random.default_rng(seed)
    return [" ".join(rng.choice(WORDS, 6)) for _ in range(n_texts)]


def found_in(**texts_of_class: list[str]) -> DataProblem | None:
    """Look into texts by class."""
    texts: list[str] = []
    rows: list[tuple[Label, np.ndarray]] = []
    for name, own in texts_of_class.items():
        rows.append((name, np.arange(len(texts), len(texts) + len(own))))
        texts.extend(own)
    return label_leaks(texts, rows)


@pytest.mark.parametrize(
    ("template", "mark"),
    [
        ("[SPAM] {}", "[spam]"),
        ("__label__spam {}", "__label__spam"),
        ("{} #ad", "#ad"),
        ("【广告】{}", "【广告】"),
        ("Category: sports - {}", "category: sports -"),
    ],
)
def test_a_mark_at_the_beginning_or_end_is_found(template: str, mark: str) -> None:
    """Wherever it stands and whatever its script."""
    found = found_in(spam=[template.format(text) for text in speech(40, 1)], ham=speech(40, 2))

    assert found is not None
    assert found.rows.tolist() == list(range(40))
    assert found.marks == (mark,)


def test_the_name_of_a_class_in_its_texts_is_found() -> None:
    """Underscores stand for spaces."""
    found = found_in(direct_deposit=[f"{text} direct deposit {text}" for text in speech(30, 1)], other=speech(30, 2))

    assert found is not None
    assert found.marks == ("direct deposit",)
    assert found.reason_of(0) == (
        "“direct deposit” stands in 100 % of the texts labelled “direct_deposit” and none of the others."
    )


def test_a_mark_is_found_though_labels_are_noisy() -> None:
    """One label in ten is wrong in each class."""
    marked = [f"[promo] {text}" for text in speech(100, 1)]
    plain = speech(100, 2)

    found = found_in(promo=[*marked[:90], *plain[:10]], other=[*plain[10:], *marked[90:]])

    assert found is not None
    assert found.n_rows == 90


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_a_word_typical_of_a_class_gives_nothing_away(share: float) -> None:
    """What a class is about is no leak."""
    typical = [f"{text} weather" if row < share * 60 else text for row, text in enumerate(speech(60, 1))]

    assert found_in(forecast=typical, other=speech(60, 2)) is None


def test_a_string_in_all_classes_gives_nothing_away() -> None:
    """Each text begins with a greeting."""
    assert (
        found_in(a=[f"[chat] {text}" for text in speech(40, 1)], b=[f"[chat] {text}" for text in speech(40, 2)]) is None
    )


def test_small_classes_and_single_classes_are_passed_over() -> None:
    """Few texts share a string by chance."""
    assert found_in(a=["[x] one", "[x] two"], b=speech(30, 1)) is None
    assert found_in(a=["[x] one"] * 30) is None


def test_names_that_are_numbers_or_one_letter_are_not_looked_for() -> None:
    """They stand in texts by chance."""
    texts = [f"{text} 1" if row % 10 else text for row, text in enumerate(speech(40, 1))]
    rows: list[tuple[Label, np.ndarray]] = [(1, np.arange(40)), ("a", np.arange(40, 80))]

    assert label_leaks([*texts, *speech(40, 2)], rows) is None
