"""From columns back to words and places."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelclean.features.views import TextView, text_views
from tests.reference_text import plain_fold, plain_words
from tests.unit.features.texts import MANY_SCRIPTS, any_texts


@settings(deadline=None)
@given(any_texts(), st.booleans())
def test_a_span_folds_to_its_feature(text: str, bounded: bool) -> None:
    """In every script, also where folding makes a text longer or shorter, or fuses characters."""
    for view in text_views([text, text, text, *MANY_SCRIPTS], bounded=bounded):
        columns = view.counts.indices[: view.counts.indptr[1]].tolist()
        names = dict(zip(columns, view.reader.feature_names(columns), strict=True))
        spans = view.reader.spans(text, columns)

        assert {column for column, _, _ in spans} == set(columns)
        for column, start, end in spans:
            assert 0 <= start < end <= len(text)
            wanted = "".join(names[column].split(" "))
            assert wanted in "".join(plain_words(text[start:end])) or wanted in plain_fold(text[start:end])


def test_places_are_those_of_the_original_text() -> None:
    """'İ' and 'ß' change their length when folded, an accent of its own is fused, a vowel sign dropped."""
    text = "İi STRAẞE Cafe\u0301 كِتَابٌ 字"
    words = _words([text, "ii strasse café كتاب 字"] * 2)

    assert _found(words, text) == {
        "ii": ["İi"],
        "strasse": ["STRAẞE"],
        "café": ["Cafe\u0301"],
        "كتاب": ["كِتَابٌ"],
        "字": ["字"],
        "ii strasse": ["İi STRAẞE"],
        "strasse café": ["STRAẞE Cafe\u0301"],
        "café كتاب": ["Cafe\u0301 كِتَابٌ"],
        "كتاب 字": ["كِتَابٌ 字"],
    }


def test_all_places_of_a_feature_are_found_in_order() -> None:
    """Also overlapping ones."""
    words = _words(["ha ha ha"] * 2)
    pair = words.reader.feature_names([0, 1]).index("ha ha")

    assert words.reader.spans("Ha, ha ha", [pair]) == [(pair, 0, 6), (pair, 4, 9)]


def test_a_text_that_was_not_read_can_be_searched() -> None:
    """A correction, or a new row."""
    words = _words(["my refund", "a refund"])
    [column] = [c for c in range(words.counts.shape[1]) if words.reader.feature_names([c]) == ["refund"]]

    assert words.reader.spans("No REFUND?", [column]) == [(column, 3, 9)]
    assert words.reader.spans("nothing", [column]) == []
    assert words.reader.spans("", [column]) == []


def test_only_the_columns_asked_for_are_found() -> None:
    """None asked for, none found."""
    words = _words(["a b", "a b"])

    assert words.reader.spans("a b", []) == []
    assert {column for column, _, _ in words.reader.spans("a b", [1])} == {1}


def test_names_come_in_the_order_of_the_columns_asked_for() -> None:
    """Also repeated ones."""
    words = _words(["a b", "a b", "a"])
    names = words.reader.feature_names([0, 1, 2])

    assert words.reader.feature_names([2, 0, 2]) == [names[2], names[0], names[2]]
    assert words.reader.feature_names([]) == []


def test_letters_without_spaces_are_named_without_spaces() -> None:
    """A Latin word among them keeps its own."""
    words = _words(["我的 iPhone 坏了"] * 2)

    assert sorted(words.reader.feature_names(range(words.counts.shape[1]))) == sorted(
        ["我", "的", "iphone", "坏", "了", "我的", "的 iphone", "iphone 坏", "坏了"]
    )


def test_parts_of_words_tell_the_beginning_from_the_middle() -> None:
    """A space stands for the bound of a word; the place leaves it out."""
    characters = text_views(["Abcd"] * 3)[1]

    assert _found(characters, "Abcd") == {
        " ab": ["Ab"],
        "abc": ["Abc"],
        "bcd": ["bcd"],
        "cd ": ["cd"],
        " abc": ["Abc"],
        "abcd": ["Abcd"],
        "bcd ": ["bcd"],
        " abcd": ["Abcd"],
        "abcd ": ["Abcd"],
    }


@pytest.mark.parametrize("bounded", [False, True])
def test_an_empty_column_has_no_name(bounded: bool) -> None:
    """Texts without a word have one column of zeros."""
    words = text_views(["...", ""], bounded=bounded)[0]

    assert words.reader.feature_names([0]) == [""]
    assert words.reader.spans("...", [0]) == []


def test_a_category_is_found_as_a_whole() -> None:
    """Its name is the folded value."""
    view = text_views(["x"] * 10, extra_columns={"shop": [" Web Shop", "phone"] * 5})[-1]

    assert sorted(view.reader.feature_names([0, 1])) == ["phone", "web shop"]
    assert {text for texts in _found(view, " Web Shop").values() for text in texts} == {"Web Shop"}


def test_only_what_was_read_is_searched() -> None:
    """Beyond the limit there are no features."""
    words = text_views(["ab cd", "ab cd"], max_characters=3)[0]

    assert _found(words, "ab cd ab") == {"ab": ["ab"]}


def _words(texts: list[str]) -> TextView:
    return text_views(texts)[0]


def _found(view: TextView, text: str) -> dict[str, list[str]]:
    columns = range(view.counts.shape[1])
    names = view.reader.feature_names(columns)
    found: dict[str, list[str]] = {}
    for column, start, end in view.reader.spans(text, columns):
        found.setdefault(names[column], []).append(text[start:end])
    return found
