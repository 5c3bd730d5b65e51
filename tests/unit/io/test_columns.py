"""Guessing the columns' roles."""

from __future__ import annotations

import pytest

from labelclean.io.columns import guess_columns

SENTENCES = ["how do I pay by card", "where is my parcel now", "please cancel the order", "it broke after two days"]
CHINESE = ["这个产品的质量很好", "质量太差了不值这个价", "物流速度非常快", "客服态度很差劲"]


def roles(columns: dict[str, list[str]]) -> tuple[str | None, ...]:
    """Return the guessed text, label and id column."""
    rows = list(zip(*columns.values(), strict=True))
    return tuple(guess.column for guess in guess_columns(list(columns), rows, len(rows)))


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"id": ["1", "2", "3", "4"], "text": SENTENCES, "label": list("abab")}, ("text", "label", "id")),
        ({"label": list("abab"), "message": SENTENCES}, ("message", "label", None)),
        ({"spalte1": SENTENCES, "spalte2": ["ja", "nein", "ja", "nein"]}, ("spalte1", "spalte2", None)),
        ({"甲": CHINESE, "乙": ["好", "差", "好", "差"]}, ("甲", "乙", None)),
        ({"内容": CHINESE, "类别": ["好", "差", "中", "无"]}, ("内容", "类别", None)),
        ({"title": ["a b", "c d", "e f", "g h"], "body": SENTENCES, "topic": list("xxyy")}, ("body", "topic", None)),
        ({"text": SENTENCES, "given_label": list("abab"), "true_label": list("abab")}, ("text", "given_label", None)),
        ({"text": SENTENCES, "label": ["0", "1", "0", "1"], "label_text": list("abab")}, ("text", "label", None)),
        ({"text": SENTENCES, "intentLabel": list("abcd")}, ("text", "intentLabel", None)),
        ({"text": SENTENCES, "label": ["", "", "", ""]}, ("text", "label", None)),
        ({"msg_id": ["m-1", "m-2", "m-3", "m-4"], "text": SENTENCES, "x": list("aaab")}, ("text", "x", "msg_id")),
        ({"n": ["1", "2", "3", "4"], "label": list("abab")}, (None, "label", "n")),
        ({"id": ["1", "1", "2", "3"], "text": SENTENCES, "label": list("abab")}, ("text", "label", None)),
        ({"text": SENTENCES, "price": ["0.1", "0.2", "0.3", "0.4"]}, ("text", None, None)),
        ({"category": ["card payment", "card refund", "card payment", "card refund"]}, (None, "category", None)),
        ({"text_id": ["m-1", "m-2", "m-1", "m-2"], "label": list("abab")}, (None, "label", None)),
        ({"text": SENTENCES, "gold_topic": list("abab"), "my_topic": list("abab")}, ("text", "my_topic", None)),
        ({"text": ["", "", "", ""], "label": list("abab")}, (None, "label", None)),
        ({"text": SENTENCES, "split": ["a", "b"] * 2, "answer": list("abab")}, ("text", "answer", None)),
        ({"text": SENTENCES, "shop": list("aaaa"), "points": list("1212")}, ("text", "points", None)),
        ({"text": SENTENCES, "day": ["2024-03-01", "2024-03-02"] * 2, "n": list("1212")}, ("text", "n", None)),
        ({"text": SENTENCES, "tag.0": list("xxxx"), "topic": list("abab")}, ("text", "topic", None)),
        ({"text": SENTENCES, "verified": ["true", "false"] * 2, "stars": list("1515")}, ("text", "stars", None)),
        (
            {"text": SENTENCES, "label": list("abab"), "time": ["17261", "17262", "17263", "17264"]},
            ("text", "label", None),
        ),
    ],
)
def test_roles_follow_names_and_content(columns: dict[str, list[str]], expected: tuple[str | None, ...]) -> None:
    """Names count where they say something, content everywhere, and no column has two roles."""
    assert roles(columns) == expected


def test_the_reasons_tell_names_and_numbers() -> None:
    """Each reason is one sentence with the numbers behind it."""
    rows = [("m1", "one two three", "a"), ("m2", "four five", "b"), ("m3", "four five", "a")]

    text, label, row_id = guess_columns(["id", "text", "label"], rows, 3)

    assert text.reason == "“text” is named like a text and holds 2.3 words on average; 2 of 3 values differ."
    assert label.reason == "“label” is named like a label and holds 2 different values in 3 filled cells."
    assert row_id.reason == "“id” is named like an id and holds a different, short value in every row."


def test_the_reasons_tell_how_much_was_looked_at() -> None:
    """In a long file only the first rows are read for the guess; one class is one value; Chinese has no words."""
    rows = [(text, "好") for text in CHINESE]

    text, label, row_id = guess_columns(["a", "b"], rows, 9_000)

    assert text.reason == "“a” holds 8 characters on average; all 4 values differ (in the first 4 rows)."
    assert label.reason == "“b” holds 1 value in 4 filled cells (in the first 4 rows)."
    assert row_id.column is None
    assert row_id.reason.startswith("No column looks like an id")


def test_missing_roles_have_reasons_too() -> None:
    """A table of numbers has neither text nor label."""
    text, label, _row_id = guess_columns(["x", "y"], [("1", "2"), ("3", "4")], 2)

    assert (text.column, label.column) == (None, None)
    assert text.reason.startswith("No column looks like a text")
    assert label.reason.startswith("No column looks like a label")
