"""Names that look alike."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelclean.arrays import Label
from labelclean.issues.similar_names import NameGroup, name_form, similar_class_names


def groups_of(counts: Mapping[Label, int]) -> list[NameGroup]:
    """Return the groups of names with such counts."""
    return list(similar_class_names(list(counts), list(counts.values())))


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("Refund", "refund"),
        (" re\u00a0fund\n", "re fund"),
        ("cafe\u0301", "caf\u00e9"),
        ("STRASSE", "strasse"),
        ("late_delivery", "late delivery"),
        ("late\u2013delivery!", "late delivery"),
        ("re\u200bfund", "refund"),
        ("ＲＥＦＵＮＤ", "refund"),
        ("\u0441\u0430r", "car"),
        ("-1", "-1"),
        ("C++", "c++"),
        ("...", "..."),
        (1, "1"),
        (2.0, "2"),
        (2.5, "2.5"),
        (None, ""),
        ("", ""),
    ],
)
def test_what_people_do_not_mean_goes(name: Label, form: str) -> None:
    """Case, space, Unicode form, joints between words, the end's punctuation, the type; signs stay."""
    assert name_form(name) == form


def test_the_form_of_a_form_is_itself() -> None:
    """Folding the case can undo the Unicode form, so that comes last."""
    form = name_form("ΰ ẞ ﬃ")

    assert name_form(form) == form


@pytest.mark.parametrize(
    ("counts", "proposed", "reason"),
    [
        ({1: 3, "1": 9}, "1", "They differ only in their type: number, text or true and false."),
        ({True: 3, "True": 2}, True, "They differ only in their type: number, text or true and false."),
        ({"a  b": 3, "a b": 3}, "a b", "They differ only in white space."),
        ({"refund ": 3, "refund": 1}, "refund ", "They differ only in white space."),
        ({"Late": 3, "late": 9, "LATE": 1}, "late", "They differ only in upper and lower case."),
        ({"Late ": 3, "late": 9}, "late", "They differ only in upper and lower case and in white space."),
        (
            {"caf\u00e9": 3, "cafe\u0301": 2},
            "caf\u00e9",
            "They look the same, but Unicode spells their characters in different ways.",
        ),
        (
            {"re\u200bfund": 3, "refund": 9},
            "refund",
            "They differ only in characters that cannot be seen or are variants of each other.",
        ),
        (
            {"late-delivery": 3, "late_delivery": 9, "late delivery.": 2},
            "late_delivery",
            "They differ only in dashes, underscores or spaces, or in punctuation at the end.",
        ),
        (
            {"c\u0430r": 3, "car": 9},
            "car",
            "They differ only in case, white space, punctuation, or characters that look alike.",
        ),
        ({"refund": 100, "refnud": 2}, "refund", "A rare name is one letter away from one that is much more frequent."),
    ],
)
def test_names_that_look_alike_are_one_group(counts: dict[Label, int], proposed: Label, reason: str) -> None:
    """The most frequent is proposed, and what makes them alike is said."""
    (group,) = groups_of(counts)

    assert group.names == tuple(counts)
    assert group.counts == tuple(counts.values())
    assert (type(group.proposed), group.proposed) == (type(proposed), proposed)
    assert group.reason == reason


@pytest.mark.parametrize(
    "names", [["-1", "1", "+1"], ["C", "C++", "C#"], ["level 1", "level 2"], ["", " "], ["...", "?"], [0, 1, 0.5]]
)
def test_other_names_are_left_alone(names: list[Label]) -> None:
    """Signs, digits and marks make a difference."""
    assert groups_of(dict.fromkeys(names, 50)) == []


def test_groups_stand_in_the_order_of_their_classes() -> None:
    """Codes are positions in the names; a misspelt form joins the other forms."""
    names = ["Zoo", "late", "zoo", "refund", "Refund ", "reffund"]

    groups = similar_class_names(names, [4, 9, 5, 100, 2, 1])

    assert [group.codes for group in groups] == [(0, 2), (3, 4, 5)]
    assert groups[1].proposed == "refund"


@settings(deadline=None)
@given(name=st.text(max_size=12))
def test_changes_of_case_and_space_make_no_other_name(name: str) -> None:
    """Whatever the characters."""
    assert name_form(f" {name}\t") == name_form(name)
    assert name_form(name_form(name)) == name_form(name)
