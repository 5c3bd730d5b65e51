"""Tests of the names under which labels travel to the browser."""

from __future__ import annotations

import pytest

from labelclean.arrays import Label
from labelclean.errors import InvalidInputError
from labelclean.review.label_names import LabelNames


def test_text_stands_as_it_is_and_other_kinds_as_json() -> None:
    """A reviewer sees the words of the file; numbers and bools look like JSON."""
    names = LabelNames.of(["refund ", 3, 2.5, True, "naïve"])

    assert names.tokens == ("refund ", "3", "2.5", "true", "naïve")


def test_a_text_that_looks_like_a_number_gives_way_to_the_number() -> None:
    """1, True and "1" have three tokens, whichever comes first."""
    labels: list[Label] = ["1", "true", 1, True]

    names = LabelNames.of(labels)

    assert names.tokens == ('"1"', '"true"', "1", "true")
    assert [names.token(label) for label in labels] == list(names.tokens)
    assert [(type(label), label) for label in map(names.label, names.tokens)] == [
        (str, "1"), (str, "true"), (int, 1), (bool, True),
    ]  # fmt: skip


def test_quotes_are_added_until_a_token_is_unique() -> None:
    """Even text that is already quoted keeps a token of its own."""
    names = LabelNames.of([1, '"1"', "1"])

    assert names.tokens == ("1", '"1"', '"\\"1\\""')
    assert names.label('"\\"1\\""') == "1"


def test_new_classes_do_not_rename_old_ones() -> None:
    """A token on the screen stays valid while reviewers make classes."""
    before = LabelNames.of(["a", 1])

    after = LabelNames.of(["a", 1], ["1", "b", "a"])

    assert after.tokens == ("a", "1", '"1"', "b")
    assert after.tokens[:2] == before.tokens


def test_an_unknown_token_is_a_new_class_without_surrounding_space() -> None:
    """Typed names are trimmed, and name an existing class where one is called so."""
    names = LabelNames.of(["refund", 7])

    assert names.label("  gift card ") == "gift card"
    assert names.label(" refund") == "refund"
    assert names.label("7 ") == 7
    assert names.known_label("gift card") is None


def test_a_label_that_is_no_class_is_still_shown() -> None:
    """A decision may name a label that is not among the classes."""
    names = LabelNames.of([1])

    assert names.token("1") == '"1"'


def test_a_label_of_any_other_kind_has_a_token() -> None:
    """What JSON cannot say is shown as Python says it."""
    names = LabelNames.of([frozenset({1}), None, ""])

    assert names.tokens == ("frozenset({1})",)


@pytest.mark.parametrize("typed", ["", "   ", "a\nb", "a\x00b", "\ud800", "x" * 501])
def test_a_new_class_needs_a_printable_name_of_one_line(typed: str) -> None:
    """Names that no file, database or screen can hold are refused."""
    names = LabelNames.of(["a"])

    with pytest.raises(InvalidInputError, match=r"new class must"):
        names.label(typed)
