"""How labels stand in the log."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelclean.arrays import Label
from labelclean.errors import InvalidInputError
from labelclean.export.label_words import label_json, label_text, read_label_json, read_label_set
from labelclean.label_set import LabelSet

SINGLE = st.one_of(st.text().filter(lambda text: bool(text.strip())), st.integers(), st.booleans())


@pytest.mark.parametrize(
    ("label", "text", "value"),
    [
        ("refund", "refund", "refund"),
        ("007", "007", "007"),
        (7, "7", 7),
        (True, "true", True),
        (None, "", None),
        (LabelSet(), "[]", []),
        (LabelSet(["late", 7]), '["late", 7]', ["late", 7]),
        (LabelSet(["é|,;"]), '["é|,;"]', ["é|,;"]),
        (("a", "b"), "('a', 'b')", "('a', 'b')"),
    ],
)
def test_labels_are_text_or_values(label: Label | None, text: str, value: object) -> None:
    """By hand; what JSON cannot hold is text."""
    assert label_text(label) == text
    assert label_json(label) == value


@given(st.lists(SINGLE))
def test_a_set_comes_back_from_its_text_in_its_order(labels: list[Label]) -> None:
    """Whatever its labels are called, and whatever kind they are."""
    label_set = LabelSet(labels)

    back = read_label_set(label_text(label_set))

    assert back == label_set
    assert list(back) == list(label_set)


@pytest.mark.parametrize(
    "text", ["", "a", "1", "null", "{}", '["a"', '"a"', "[null]", '["a", ["b"]]', '["a", " "]', "[" * 9999]
)
def test_what_spells_no_set_is_refused(text: str) -> None:
    """Nor a list with something else in it."""
    with pytest.raises(InvalidInputError):
        read_label_set(text)


def test_values_are_single_labels_sets_or_none() -> None:
    """Blank text is no label; an object is refused."""
    assert [read_label_json(value) for value in ("a", 1, None, " ", [], ["a"])] == [
        "a", 1, None, None, LabelSet(), LabelSet(["a"]),
    ]  # fmt: skip
    with pytest.raises(InvalidInputError, match="object"):
        read_label_json({"a": 1})
