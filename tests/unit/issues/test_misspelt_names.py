"""Rare names that are one letter away from a frequent one."""

from __future__ import annotations

import pytest

from labelclean.issues.misspelt_names import misspelt_names


@pytest.mark.parametrize(
    ("rare", "frequent"),
    [
        ("refnd", "refund"),
        ("reffund", "refund"),
        ("refond", "refund"),
        ("refnud", "refund"),
        ("refunds", "refund"),
        ("late dlivery", "late delivery"),
        ("latedelivery", "late delivery"),
    ],
)
def test_one_letter_is_a_typing_error(rare: str, frequent: str) -> None:
    """Missing, too many, wrong, or two that changed places; a missing space as well."""
    assert misspelt_names({frequent: 100, rare: 2}) == {rare: frequent}


@pytest.mark.parametrize(
    ("rare", "frequent"),
    [
        ("level 1", "level 2"),
        ("grade a", "grade b"),
        ("atypical", "typical"),
        ("employee", "employer"),
        ("type iii", "type ii"),
        ("cats", "cat"),
        ("refu-d", "refund"),
        ("rfnud", "refund"),
        ("defund", "refund"),
        ("srefun", "refund"),
        ("a cat here", "a car here"),
        ("refund" * 11, "refund" * 10 + "refun"),
    ],
)
def test_other_differences_are_meant(rare: str, frequent: str) -> None:
    """Digits, single letters, short words, first letters, wrong last ones, and more than one error."""
    assert misspelt_names({frequent: 1_000, rare: 1}) == {}


@pytest.mark.parametrize(("n_rare", "n_frequent"), [(6, 1_000), (5, 99), (1, 19)])
def test_a_name_must_be_rare_beside_the_other(n_rare: int, n_frequent: int) -> None:
    """At most 5 rows, and at least 20 times as many."""
    assert misspelt_names({"refund": n_frequent, "reffund": n_rare}) == {}


def test_between_two_frequent_names_none_is_taken() -> None:
    """The rare one may be either."""
    assert misspelt_names({"bolted": 100, "belted": 100, "bilted": 1}) == {}


def test_a_name_without_rows_can_be_misspelt() -> None:
    """As in a list of names that the data does not use."""
    assert misspelt_names({"refund": 20, "reffund": 0}) == {"reffund": "refund"}
