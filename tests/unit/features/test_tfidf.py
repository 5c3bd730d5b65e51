"""Text to features, in any script."""

from __future__ import annotations

import numpy as np
import pytest

from labelclean.features.tfidf import choose_units, text_features


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
        ("my iPhone 手机 arrived broken in the box", "words"),
        ("", "words"),
    ],
)
def test_scripts_without_spaces_are_read_by_characters(text: str, expected: str) -> None:
    """More than a fifth of the letters decides; a single foreign word does not."""
    assert choose_units([text] * 3) == expected


def test_the_script_is_judged_over_all_the_file() -> None:
    """Ten thousand Chinese rows after a few English ones are still Chinese."""
    assert choose_units(["title of the file"] * 50 + ["快递还没有到"] * 10_000) == "characters"


def test_rows_have_length_1_and_a_text_without_words_is_a_row_of_zeros() -> None:
    """Cosine and penalty treat long and short texts alike."""
    features = text_features(["my refund please", "refund please", "", "  "], word_parts=False)

    lengths = np.sqrt(np.asarray(features.power(2).sum(axis=1)).ravel())
    assert np.allclose(lengths, [1, 1, 0, 0])
    assert features.dtype == np.float32


def test_words_of_one_letter_count() -> None:
    """'I' and 'a' carry meaning in short messages: with them, these two rows differ."""
    features = text_features(["plan a", "plan b", "plan a", "plan b"], word_parts=False).toarray()

    assert not np.allclose(features[0], features[1])


@pytest.mark.parametrize(
    "texts",
    [
        ["", "", ""],
        ["!!", "??"],
        ["alpha", "beta"],
        ["x"],
        ["字", "词"],
        ["\x00", "\ud7ff"],
    ],
)
def test_there_is_always_at_least_one_column(texts: list[str]) -> None:
    """Also where no two texts share a word, or there is no word at all."""
    features = text_features(texts)

    assert features.shape[0] == len(texts)
    assert features.shape[1] >= 1
    assert np.isfinite(features.data).all()


def test_texts_that_share_no_word_are_still_told_apart() -> None:
    """Single characters are the last resort."""
    features = text_features(["ab", "cd"], word_parts=False).toarray()

    assert not np.allclose(features[0], features[1])


def test_parts_of_words_see_through_a_typing_error() -> None:
    """'delivery' and 'delivrey' share no word, but parts."""
    texts = ["delivery late", "delivrey late", "delivery", "delivrey"]

    words = text_features(texts, word_parts=False).toarray()
    parts = text_features(texts).toarray()

    assert words[2] @ words[3] == 0
    assert parts[2] @ parts[3] > 0.1


def test_long_texts_are_read_by_words_only() -> None:
    """Parts of words add little there, and take most of the time."""
    texts = ["the parcel is still missing " * 30] * 4

    assert text_features(texts).shape == text_features(texts, word_parts=False).shape


def test_a_very_long_text_is_cut() -> None:
    """What stands beyond 20,000 characters changes nothing."""
    start = "refund " * 3000

    features = text_features([start + "billing", start, "billing", "refund"], word_parts=False).toarray()

    assert np.array_equal(features[0], features[1])


def test_the_number_of_columns_can_be_bounded() -> None:
    """The most frequent features stay."""
    assert text_features(["a b c d", "a b c d", "a b"], word_parts=False, max_features=3).shape == (3, 3)
