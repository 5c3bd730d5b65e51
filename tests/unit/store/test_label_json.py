"""The JSON spelling of labels."""

from __future__ import annotations

import math

import numpy as np
import pytest

from labelclean.arrays import Label
from labelclean.errors import InvalidInputError, StoreError
from labelclean.label_set import LabelSet
from labelclean.store.label_json import label_from_json, label_to_json, labels_from_json, labels_to_json


@pytest.mark.parametrize(
    ("label", "text"),
    [
        (1, "1"),
        (True, "true"),
        (False, "false"),
        ("1", '"1"'),
        ("true", '"true"'),
        (1.0, "1.0"),
        (1.5, "1.5"),
        (-(2**70), "-1180591620717411303424"),
        ("", '""'),
        (" refund ", '" refund "'),
        ("é\x00", '"\\u00e9\\u0000"'),
        ("\ud800", '"\\ud800"'),
    ],
)
def test_each_kind_of_label_has_its_own_spelling(label: Label, text: str) -> None:
    """Both ways, by value and by type; the text is ASCII, so that every database holds it."""
    spelled = label_to_json(label)
    back = label_from_json(text)

    assert spelled == text
    assert back == label
    assert type(back) is type(label)
    assert spelled.isascii()


@pytest.mark.parametrize(
    ("label", "text"),
    [(np.int64(3), "3"), (np.float64(0.5), "0.5"), (np.array([True])[0], "true"), (np.str_("a"), '"a"')],
)
def test_a_numpy_scalar_counts_as_the_value_it_holds(label: Label, text: str) -> None:
    """Labels taken out of an array are stored like plain ones."""
    assert label_to_json(label) == text


def test_infinity_survives() -> None:
    """A number that JSON proper does not know still comes back."""
    assert label_from_json(label_to_json(-math.inf)) == -math.inf


@pytest.mark.parametrize("label", [("a", "b"), b"bytes", None, frozenset({1}), 1j])
def test_other_kinds_are_refused(label: Label) -> None:
    """A label that is no text, number or bool is refused, without its text."""
    with pytest.raises(InvalidInputError, match=type(label).__name__):
        label_to_json(label)


@pytest.mark.parametrize("text", ["", "{", "null", "[[1]]", "[null]", '{"a": 1}', "nothing"])
def test_damaged_text_is_a_store_error(text: str) -> None:
    """What is neither one JSON scalar nor a list of such was not written by us."""
    with pytest.raises(StoreError, match="stored label"):
        label_from_json(text)


def test_class_names_keep_their_order_and_kinds() -> None:
    """A list of labels comes back as a tuple of the same labels."""
    names = (0, False, "0", 0.0)

    back = labels_from_json(labels_to_json(names))

    assert [repr(name) for name in back] == ["0", "False", "'0'", "0.0"]


@pytest.mark.parametrize("text", ["1", "null", "[null]", "[[[1]]]", "["])
def test_damaged_class_names_are_a_store_error(text: str) -> None:
    """What is not a list of labels was not written by us."""
    with pytest.raises(StoreError, match="stored label"):
        labels_from_json(text)


def test_a_label_set_keeps_its_order_and_its_kinds() -> None:
    """It is an array, also among class names; the empty set is not nothing."""
    names = (LabelSet(["late", 1, True, "1"]), LabelSet(), "late")

    back = labels_from_json(labels_to_json(names))

    assert [repr(name) for name in back] == ["LabelSet(['late', 1, True, '1'])", "LabelSet([])", "'late'"]
    assert label_from_json(label_to_json(names[0])) == names[0]
