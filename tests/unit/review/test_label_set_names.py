"""Label sets as text: what a reviewer sees and types."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelclean.arrays import Label
from labelclean.errors import InvalidInputError
from labelclean.label_set import LabelSet
from labelclean.review.label_names import LabelNames
from labelclean.review.label_set_names import member_token, read_set, set_token

MEMBERS = st.one_of(st.text(max_size=6), st.integers(-9, 9), st.booleans())


@given(st.lists(MEMBERS, max_size=4).map(LabelSet))
def test_every_set_has_a_text_that_reads_back(labels: LabelSet) -> None:
    """Commas, quotes, numbers and empty names included."""
    known = {member_token(label): label for label in labels}

    assert read_set(set_token(labels), known) == labels


def test_equal_sets_have_one_text_whatever_their_order() -> None:
    """The order of the file is not lost by it: it stands in the set."""
    assert set_token(LabelSet(["late", "broken"])) == set_token(LabelSet(["broken", "late"])) == "broken, late"


def test_names_are_typed_with_commas_between_them() -> None:
    """White space around a name and empty places do not count; unknown names are new labels."""
    assert list(read_set(" late ,, new one,2,", {"late": "late", "2": 2})) == ["late", "new one", 2]


@pytest.mark.parametrize("typed", ["∅", " ∅ no label "])
def test_the_empty_set_can_be_typed(typed: str) -> None:
    """It says that none of the labels fits."""
    assert read_set(typed, {}) == LabelSet()


def test_only_commas_are_no_set() -> None:
    """The message says how to type the empty set."""
    with pytest.raises(InvalidInputError, match="name") as caught:
        read_set(" , ,", {})

    assert "∅" in caught.value.fix


def test_a_new_set_is_made_of_the_labels_there_are() -> None:
    """What is typed on the card becomes a set of the file's own labels."""
    classes: list[Label] = [LabelSet(["late", 1]), LabelSet()]
    names = LabelNames.of(classes)

    assert names.tokens == ("1, late", "∅ no label")
    assert names.label("late, 1") == LabelSet(["late", 1])
    assert names.label("∅ no label") == LabelSet()
    assert names.label("late, gone missing") == LabelSet(["late", "gone missing"])


@pytest.mark.parametrize("typed", ["late, a\nb", "late, " + "x" * 501, " "])
def test_an_unusable_name_in_a_set_is_refused(typed: str) -> None:
    """The same rules as for a single class."""
    with pytest.raises(InvalidInputError):
        LabelNames.of([LabelSet(["late"])]).label(typed)


def test_labels_that_json_does_not_know_have_a_text_too() -> None:
    """A date of a typed file can be looked at."""
    assert member_token(date(2026, 3, 4)) == "datetime.date(2026, 3, 4)"


def test_a_quoted_name_with_a_broken_escape_stands_as_it_is() -> None:
    r"""Half a code such as ``\u12`` is no JSON."""
    assert list(read_set('"a\\u12", late', {})) == ['"a\\u12"', "late"]
