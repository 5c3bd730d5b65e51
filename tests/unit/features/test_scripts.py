"""Kinds of characters, and scripts without spaces."""

from __future__ import annotations

import numpy as np
import pytest

from labelclean.features.scripts import (
    DROPPED,
    MARK,
    OTHER,
    SPACE,
    SPACELESS,
    SYMBOL,
    WORD,
    character_kinds,
    choose_units,
    code_points,
    spaceless_share,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("where is my parcel", "words"),
        ("我的包裹在哪里", "characters"),
        ("荷物はどこですか", "characters"),
        ("พัสดุของฉันอยู่ที่ไหน", "characters"),
        ("ກະເປົ໋າຂອງຂ້ອຍຢູ່ໃສ", "characters"),
        ("កញ្ចប់របស់ខ្ញុំនៅឯណា", "characters"),
        ("ကျွန်ုပ်၏ အထုပ် ဘယ်မှာလဲ", "characters"),
        ("내 소포는 어디에 있나요", "words"),
        ("где моя посылка", "words"),
        ("أين طردي", "words"),
        ("my iPhone 手机 arrived broken in the box", "words"),
        ("", "words"),
    ],
)
def test_scripts_without_spaces_are_read_by_characters(text: str, expected: str) -> None:
    """More than a fifth of the letters decides; a single foreign word does not."""
    assert choose_units([text] * 3) == expected


def test_the_script_is_judged_over_all_the_file() -> None:
    """Ten thousand Chinese rows after a few English ones are still Chinese, in any order."""
    texts = ["title of the file"] * 50 + ["快递还没有到"] * 30_000

    assert choose_units(texts) == "characters"
    assert spaceless_share(texts) == spaceless_share(texts[::-1])


def test_the_share_counts_letters_and_digits() -> None:
    """Two Chinese letters beside six Latin ones are a quarter, whatever signs and spaces stand around."""
    assert spaceless_share(["iPhone, 手机!!! ..."]) == 0.25


def test_only_the_beginning_of_a_text_tells_its_script() -> None:
    """400 characters are enough."""
    assert spaceless_share(["a" * 400 + "字" * 10_000]) == 0


@pytest.mark.parametrize(
    ("characters", "kind"),
    [
        (" \t\n\r\x00\u00a0\u3000\u200b", SPACE),
        (",.-'\"/。、«\ud800\uffff", OTHER),
        ("azé1_яك가ह٣", WORD),
        ("字かカーไກកကㄅ", SPACELESS),
        ("!?:;)(؟😀👍❤🏽£$", SYMBOL),
        ("\u0301\u093f\u0e34\u0e49\u0f71", MARK),
        ("\u064b\u0651\u0640\u05b0\u200c\u200d\u00ad\ufe0f\ufeff\u200f", DROPPED),
    ],
)
def test_each_character_has_its_kind(characters: str, kind: int) -> None:
    """One table for words and characters."""
    assert character_kinds(code_points(characters)).tolist() == [kind] * len(characters)


def test_no_text_has_no_kinds() -> None:
    """Nothing in, nothing out."""
    assert character_kinds(code_points("")).tolist() == []


def test_code_points_are_those_of_python() -> None:
    """Also beyond the basic plane, and for halves of broken pairs."""
    text = "aß字😀\ud83d"

    assert np.array_equal(code_points(text), [ord(character) for character in text])
