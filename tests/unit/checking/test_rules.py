"""Rules that need no model."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from labelclean.arrays import Label
from labelclean.checking.rules import RULES, Breach, find_breaches, shown_name
from labelclean.dataset import Dataset
from labelclean.label_set import LabelSet


def breach(rule: str, texts: Sequence[str], labels: Sequence[Label | None]) -> Breach:
    """Return what one rule finds."""
    found = {breach.rule: breach for breach in find_breaches(Dataset.from_labels(texts, labels))}
    assert list(found) == list(RULES)
    return found[rule]  # type: ignore[index]  # a rule


def own_texts(n_rows: int) -> list[str]:
    """Give each row a text of its own."""
    return [f"text {row}" for row in range(n_rows)]


def test_a_dataset_without_flaws_breaks_no_rule() -> None:
    """Two classes with five rows each."""
    found = find_breaches(Dataset.from_labels(own_texts(10), ["a", "b"] * 5))

    assert [(each.n_rows, each.rows, each.message) for each in found] == [(0, (), "No row breaks this rule.")] * 6


def test_the_same_text_with_two_labels_is_a_contradiction() -> None:
    """Rows 0 and 2; row 1 and 3 have the same text and the same label, row 4 no label."""
    found = breach("contradictions", ["x", "y", " x ", "y", "x"], ["a", "b", "b", "b", None])

    assert (found.n_rows, found.rows) == (3, (0, 2, 4))
    assert "3 rows have the text of another row with another label" in found.message


def test_copies_of_a_text_are_duplicates_whatever_their_labels() -> None:
    """White space does not tell texts apart."""
    found = breach("duplicates", ["x", "y", " x ", "z", "y"], ["a"] * 5)

    assert found.rows == (0, 1, 2, 4)
    assert "2 different texts" in found.message


def test_label_sets_contradict_each_other_as_sets() -> None:
    """The order of the labels does not matter; the empty set is another set."""
    sets = [LabelSet(["a", "b"]), LabelSet(["b", "a"]), LabelSet(["a"]), LabelSet()]

    same = breach("contradictions", ["x", "x", "y", "z"], sets)
    other = breach("contradictions", ["x", "y", "z", "z"], sets)

    assert (same.rows, other.rows) == ((), (2, 3))


def test_rows_without_text_or_label_are_found() -> None:
    """White space is no text."""
    assert breach("empty-texts", ["x", " \n", ""], ["a", "b", "a"]).rows == (1, 2)
    assert breach("unlabelled", ["x", "y", "z"], ["a", None, " "]).rows == (1, 2)
    assert breach("unlabelled", ["x", "y"], [LabelSet(), None]).rows == (1,)


@pytest.mark.parametrize(
    ("frequent", "rare"), [("refund", "Refund"), ("refund", "refund "), ("caf\u00e9", "cafe\u0301"), (1, "1")]
)
def test_names_that_look_like_one_class_are_similar(frequent: Label, rare: Label) -> None:
    """The rows with the rarer spelling break the rule."""
    found = breach("similar-names", own_texts(4), [frequent, rare, "other", frequent])

    assert found.rows == (1,)
    assert found.message.startswith("Names that look like one class: “")
    assert found.message.endswith("1 row has the rarer one.")


def test_similar_names_are_found_in_label_sets() -> None:
    """Rows whose set has the rarer one."""
    sets = [LabelSet(["Late", "x"]), LabelSet(["late"]), LabelSet(["x", "late"]), None]

    assert breach("similar-names", own_texts(4), sets).rows == (0,)


def test_a_class_with_fewer_than_five_rows_is_rare() -> None:
    """Four rows of b; in sets, four rows whose set has it."""
    plain = breach("rare-classes", own_texts(9), ["a"] * 5 + ["b"] * 4)
    sets = breach("rare-classes", own_texts(9), [LabelSet(["a"])] * 5 + [LabelSet(["a", "b"])] * 4)

    assert plain.rows == (5, 6, 7, 8)
    assert sets.rows == (5, 6, 7, 8)
    assert plain.message == "1 class has fewer than 5 rows: “b”."


def test_only_the_first_thousand_rows_are_kept() -> None:
    """The number says how many there are."""
    found = breach("empty-texts", ["", *["x"] * 2, *[""] * 1500], ["a"] * 1503)

    assert (found.n_rows, len(found.rows), found.rows[1]) == (1501, 1000, 3)


def test_names_are_shown_on_one_line() -> None:
    """No control characters, no more than forty characters."""
    assert shown_name("a\n b\x1b[31m") == "a b [31m"
    assert shown_name("x" * 50) == "x" * 40 + "…"
    assert [shown_name(label) for label in (None, 1, LabelSet(["a"]))] == ["no label", "1", '["a"]']
