"""The views as a whole."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelclean.errors import InvalidInputError, RunCancelledError
from labelclean.features.views import TextView, text_views, thin_texts
from tests.unit.features.texts import MANY_SCRIPTS, text_lists

_TEXTS = [*MANY_SCRIPTS, *MANY_SCRIPTS]
_ARRAYS = ("data", "indices", "indptr")


@settings(deadline=None)
@given(text_lists(), st.randoms(use_true_random=False), st.booleans())
def test_the_order_of_texts_is_the_order_of_rows(
    texts: list[str],
    random: Random,
    bounded: bool,
) -> None:
    """Nothing else changes, to the byte."""
    order = list(range(len(texts)))
    random.shuffle(order)

    views = text_views(texts, bounded=bounded)
    shuffled = text_views([texts[i] for i in order], bounded=bounded)

    for view, other in zip(views, shuffled, strict=True):
        assert np.array_equal(view.tfidf.toarray()[order], other.tfidf.toarray())
        assert np.array_equal(view.counts.toarray()[order], other.counts.toarray())


@settings(deadline=None)
@given(text_lists(), st.booleans())
def test_blank_rows_change_nothing_for_the_others(
    texts: list[str],
    bounded: bool,
) -> None:
    """Neither the views, nor the weights, nor the mean length."""
    views = text_views(texts, bounded=bounded)
    padded = text_views([*texts, "", "  ", "\n\n"], bounded=bounded)

    for view, other in zip(views, padded, strict=True):
        assert np.array_equal(view.tfidf.toarray(), other.tfidf.toarray()[:-3])
        assert other.tfidf[-3:].nnz == 0


@pytest.mark.parametrize("bounded", [False, True])
def test_the_same_texts_give_the_same_bytes(bounded: bool) -> None:
    """Twice in a row."""
    first, second = text_views(_TEXTS, bounded=bounded), text_views(list(_TEXTS), bounded=bounded)

    for one, other in zip(first, second, strict=True):
        assert all(getattr(one.tfidf, name).tobytes() == getattr(other.tfidf, name).tobytes() for name in _ARRAYS)
        assert one.counts.data.tobytes() == other.counts.data.tobytes()


def test_rows_have_length_1_or_0() -> None:
    """In each view."""
    for view in text_views(_TEXTS):
        lengths = np.linalg.norm(view.tfidf.toarray(), axis=1)
        assert np.all(np.isclose(lengths, 1, atol=1e-6) | (lengths == 0))


def test_weights_and_counts_share_their_places_and_cannot_be_changed() -> None:
    """One pair of index arrays for both."""
    for view in text_views(_TEXTS):
        assert np.shares_memory(view.tfidf.indices, view.counts.indices)
        assert np.shares_memory(view.tfidf.indptr, view.counts.indptr)
        assert view.tfidf.dtype == view.counts.dtype == np.float32
        assert view.tfidf.has_sorted_indices
        assert not any(getattr(view.tfidf, name).flags.writeable for name in _ARRAYS)
        assert not view.counts.data.flags.writeable


@pytest.mark.parametrize("texts", [[], [""], ["x"], ["", "", ""], ["!!", "??"], ["字"], ["\x00", "\ud7ff"], ["\ud83d"]])
@pytest.mark.parametrize("bounded", [False, True])
def test_there_is_always_at_least_one_column(texts: list[str], bounded: bool) -> None:
    """Also where there is no text, no word, or nothing shared."""
    for view in text_views(texts, bounded=bounded):
        assert view.tfidf.shape[0] == len(texts)
        assert view.tfidf.shape[1] >= 1
        assert np.isfinite(view.tfidf.data).all()


def test_words_of_one_letter_tell_texts_apart() -> None:
    """'a' and 'b' carry meaning in short messages."""
    words = text_views(["plan a", "plan b"] * 2)[0].tfidf.toarray()

    assert not np.allclose(words[0], words[1])


def test_latin_words_in_a_chinese_text_stay_whole() -> None:
    """A product name is a feature of its own."""
    words = text_views(["我的iPhone坏了", "iPhone 15 很好", "小米手机坏了"])[0]

    assert "iphone" in words.reader.feature_names(range(words.counts.shape[1]))


def test_parts_of_words_see_through_a_typing_error() -> None:
    """'delivery' and 'delivrey' share no word, but parts."""
    words, characters = text_views(["delivery late", "delivrey late", "delivery", "delivrey"] * 2)

    assert _cosine(words, 2, 3) == 0
    assert _cosine(characters, 2, 3) > 0.1


def test_what_stands_beyond_20_000_characters_changes_nothing() -> None:
    """A book in a cell costs no more than a chapter."""
    start = ("refund " * 3000)[:20_000]

    words, _ = text_views([start + " billing", start, "billing", "billing refund"])

    assert np.array_equal(words.tfidf[[0]].toarray(), words.tfidf[[1]].toarray())


def test_one_long_text_among_short_ones_is_cut_for_parts_of_words() -> None:
    """The first 600 characters count."""
    long = "abcde " * 100
    texts = [long + "uvwxyz", long, *["uvwxyz short"] * 20]

    words, characters = text_views(texts)

    assert _cosine(words, 0, 1) < 1
    assert np.array_equal(characters.tfidf[[0]].toarray(), characters.tfidf[[1]].toarray())


def test_texts_with_at_most_one_feature_are_thin() -> None:
    """Blank, one word, and one shared word."""
    views = text_views(["", "refund", "refund zebra", "my refund", "my refund", "..."])

    assert thin_texts(views).tolist() == [True, True, True, False, False, True]


def test_each_extra_column_is_a_view_of_its_own() -> None:
    """A category has one feature for each row that has a value, a text has words."""
    shops = ["web", "phone", "web", "phone", "web", ""] * 3
    titles = [f"order {i} late" for i in range(18)]

    views = text_views(["my refund"] * 18, extra_columns={"shop": shops, "title": titles})

    assert [view.name for view in views] == ["words", "characters", "column shop", "column title"]
    shop, title = views[2:]
    assert shop.tfidf.toarray()[:6].sum(axis=1).tolist() == [1, 1, 1, 1, 1, 0]
    assert shop.counts.shape[1] == 2
    assert {"order", "late"} <= set(title.reader.feature_names(range(title.counts.shape[1])))


def test_an_extra_column_of_another_length_is_refused() -> None:
    """The message names the column and both lengths."""
    with pytest.raises(InvalidInputError, match=r"'shop' must have one value for each of the 2 texts; got 3\."):
        text_views(["a", "b"], extra_columns={"shop": ["x", "y", "z"]})


def test_columns_can_be_bounded() -> None:
    """In every view."""
    views = text_views(_TEXTS, max_features=5)

    assert [view.counts.shape[1] for view in views] == [5, 5]


def test_progress_rises_and_can_stop_the_work() -> None:
    """The first report that raises ends it."""
    seen: list[float] = []

    def stop_late(step: str, fraction: float) -> None:
        assert step
        seen.append(fraction)
        if fraction >= 0.5:
            raise RunCancelledError("Stopped.")

    with pytest.raises(RunCancelledError):
        text_views(_TEXTS, progress=stop_late)
    assert seen == sorted(seen)
    assert all(0 <= fraction <= 1 for fraction in seen)


def _cosine(view: TextView, one: int, other: int) -> float:
    rows = view.tfidf[[one, other]].toarray()
    return float(rows[0] @ rows[1])
