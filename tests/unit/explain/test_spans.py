from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from labelclean.explain.evidence import Side, Span
from labelclean.explain.phrases import strong_phrases
from labelclean.explain.spans import character_scores, readable_spans, span_words

WHAT = st.text(st.sampled_from("ab1 ß字ไ́!,😀\n"), max_size=12)


def _scores(text: str, **words: float) -> NDArray[np.float64]:
    """Give each place of a word its score, spread over its characters."""
    scores = np.zeros(len(text))
    for word, score in words.items():
        for match in re.finditer(re.escape(word), text):
            scores[match.start() : match.end()] += score / len(word)
    return scores


def _shown(text: str, scores: NDArray[np.float64]) -> list[tuple[str, Side]]:
    return [(text[span.start : span.end], span.side) for span in readable_spans(text, scores)]


def test_features_that_overlap_are_added_up_on_the_characters_they_share() -> None:
    """A word, a pair of words and a part of a word, each spread evenly over its letters."""
    text = "so late"
    places = np.array([[3, 0, 2], [5, 0, 7], [9, 3, 6]])

    scores = character_scores(text, places, np.array([9, 3, 5]), np.array([0.3, 1.0, 1.2]))

    assert scores.tolist() == pytest.approx([0.7, 0.7, 0.0, 0.3, 0.3, 0.3, 0.2])


def test_letters_come_before_signs() -> None:
    """A sign beside letters gets nothing; a sign alone gets all of it."""
    scores = character_scores("no!", np.array([[0, 0, 3], [1, 2, 3]]), np.array([0, 1]), np.array([1.0, -2.0]))

    assert scores.tolist() == pytest.approx([0.5, 0.5, -2.0])


def test_a_feature_in_two_places_has_its_whole_voice_in_both() -> None:
    """Else a word would count for less the more often it stands there."""
    scores = character_scores("a b a", np.array([[4, 0, 1], [4, 4, 5]]), np.array([4]), np.array([1.0]))

    assert scores.tolist() == [1.0, 0.0, 0.0, 0.0, 1.0]


def test_places_of_features_that_add_nothing_are_skipped() -> None:
    """A reader may know more features than the model was asked about."""
    scores = character_scores("a b", np.array([[2, 0, 1], [7, 2, 3]]), np.array([7]), np.array([1.0]))

    assert scores.tolist() == [0.0, 0.0, 1.0]


@settings(deadline=None)
@given(WHAT, st.lists(st.tuples(st.integers(0, 12), st.integers(1, 12), st.floats(-1, 1)), max_size=6))
def test_nothing_that_features_add_is_lost(text: str, features: list[tuple[int, int, float]]) -> None:
    """The characters sum to the features, as long as each covers something that can be seen."""
    places: list[tuple[int, int, int]] = []
    parts: list[float] = []
    for start, length, part in features:
        if text[start : start + length].strip("\n \u0301"):  # an accent that stands on a blank is not seen
            places.append((len(places), start, min(start + length, len(text))))
            parts.append(part)

    scores = character_scores(text, np.array(places).reshape(-1, 3), np.arange(len(parts)), np.array(parts))

    assert len(scores) == len(text)
    assert scores.sum() == pytest.approx(sum(parts), abs=1e-9)


def test_english_words_are_joined_to_phrases_of_each_side() -> None:
    """Strong neighbours, and one weak word between them; not over a comma."""
    text = "The lamp is not here yet, how many days does it take?"
    scores = _scores(text, here=-1, yet=-1, how=2, days=3, many=0.1, take=1, lamp=0.1)

    assert _shown(text, scores) == [
        ("here yet", "given"),
        ("how many days", "suggested"),
        ("take", "suggested"),
    ]


def test_weights_are_shares_of_the_strongest_span_of_either_side() -> None:
    """So that the tints of a row can be compared."""
    text = "late, lamp, box"

    spans = readable_spans(text, _scores(text, late=-4, lamp=2, box=1))

    assert spans == [
        Span(start=0, end=4, weight=1.0, side="given"),
        Span(start=6, end=10, weight=0.5, side="suggested"),
        Span(start=12, end=15, weight=0.25, side="suggested"),
    ]


def test_a_weak_word_is_not_shown() -> None:
    """Under a fifth of the strongest it is noise."""
    text = "late, lamp, box"

    assert _shown(text, _scores(text, late=1, lamp=0.19, box=-0.19)) == [("late", "suggested")]


def test_chinese_is_shown_in_runs_of_characters() -> None:
    """Not up to the next comma; a Latin name is whole."""
    text = "三月入住的酒店，iPhone手机不错"
    scores = _scores(text, 酒店=4, 入住=3, 的=0.2, Phone=3, 手机=-3)

    assert _shown(text, scores) == [("入住的酒店", "suggested"), ("iPhone", "suggested"), ("手机", "given")]


def test_thai_vowel_signs_stay_with_their_letters() -> None:
    """A span ends after the marks of its last letter."""
    text = "ที่นี่ดี"
    scores = np.array([1.0, 0, 0, 0, 0, 0, -0.01, 0])

    assert _shown(text, scores) == [("ที่", "suggested")]


def test_arabic_words_keep_their_vowels_and_their_order() -> None:
    """Offsets count code points in the order the text is stored."""
    text = "مَتى يَصِلُ الطرد؟"
    scores = _scores(text, يَصِلُ=2, الطرد=-2)

    spans = readable_spans(text, scores)

    assert [(text[span.start : span.end], span.side) for span in spans] == [("يَصِلُ", "suggested"), ("الطرد", "given")]


def test_german_words_with_letters_that_fold_to_two_are_whole() -> None:
    """The offsets are those of the original text, not of a folded one."""
    text = "Die STRAẞE in İstanbul heißt groß-artig"
    scores = _scores(text, STRAẞE=1, İstanbul=-1, artig=0.9)

    assert _shown(text, scores) == [("STRAẞE", "suggested"), ("İstanbul", "given"), ("groß-artig", "suggested")]


def test_emoji_and_shouting_are_shown() -> None:
    """Runs of signs are parts like words."""
    text = "ok 👍🏽👍🏽 nein!!!"
    scores = _scores(text, **{"👍🏽": 1, "!": -0.5})

    assert _shown(text, scores) == [("👍🏽👍🏽", "suggested"), ("!!!", "given")]


def test_a_phrase_that_is_too_long_is_cut_at_its_weakest_words() -> None:
    """Nobody reads a tinted sentence."""
    text = "alpha beta gamma delta epsilon zeta eta theta"
    scores = _scores(text, alpha=5, beta=4, gamma=1.1, delta=1.1, epsilon=1.1, zeta=4, theta=5)
    scores[text.index(" eta ") + 1 : text.index(" eta ") + 4] = 1.1 / 3

    phrases = [text[phrase.start : phrase.end] for phrase in strong_phrases(text, scores)]

    assert phrases == ["alpha beta", "zeta eta theta"]


def test_words_that_are_equally_strong_are_cut_at_the_fifth() -> None:
    """There is no weakest one."""
    text = "a b c d e f g h"

    phrases = strong_phrases(text, _scores(text, **dict.fromkeys("abcdefgh", 1.0)))

    assert [text[phrase.start : phrase.end] for phrase in phrases] == ["a b c d e"]


def test_a_line_break_ends_a_phrase() -> None:
    """What stands in another line says something else."""
    text = "late parcel\nbroken lamp"

    assert _shown(text, _scores(text, late=1, parcel=1, broken=1, lamp=1)) == [
        ("late parcel", "suggested"),
        ("broken lamp", "suggested"),
    ]


def test_a_long_text_shows_a_few_words_in_their_first_places() -> None:
    """Of 2,000 words, eight different ones, each in three places at most."""
    text = ", ".join(f"word{number % 20}" for number in range(2_000))
    scores = np.zeros(len(text))
    for number in range(20):
        for match in re.finditer(rf"word{number}\b", text):
            scores[match.start() : match.end()] = (20 + number) / len(match.group())

    spans = readable_spans(text, scores)

    names = [text[span.start : span.end] for span in spans]
    assert set(names) == {f"word{number}" for number in range(12, 20)}
    assert len(names) == 24
    assert max(span.end for span in spans) < 600


@pytest.mark.parametrize("text", ["", " \n", "late"])
def test_a_text_without_anything_telling_shows_nothing(text: str) -> None:
    """Neither a blank text nor one whose words add nothing."""
    assert readable_spans(text, np.zeros(len(text))) == []


def test_the_other_side_is_left_out_where_it_is_not_wanted() -> None:
    """A row without a label has no words that speak for it."""
    text = "late lamp"

    spans = readable_spans(text, _scores(text, late=1, lamp=-2), sides=["suggested"])

    assert spans == [Span(start=0, end=4, weight=1.0, side="suggested")]


@settings(deadline=None)
@given(st.text(max_size=30) | WHAT, st.integers(0, 2**32 - 1))
def test_spans_lie_in_the_text_in_order_and_apart(text: str, seed: int) -> None:
    """Whatever the text and the scores; no span begins or ends with a blank."""
    scores = np.random.default_rng(seed).normal(size=len(text))

    spans = readable_spans(text, scores)

    ends = [0] + [span.end for span in spans]
    assert all(before <= span.start < span.end <= len(text) for before, span in zip(ends, spans, strict=False))
    assert all(0 < span.weight <= 1 for span in spans)
    assert all(text[span.start : span.end].strip(" \n\t") == text[span.start : span.end] for span in spans)


def test_words_are_named_once_and_by_strength() -> None:
    """Blanks are one space, case makes no difference, and punctuation is only named where there is nothing else."""
    text = "Late  now, LATE  NOW! box !!"

    def span(start: int, end: int, weight: float) -> Span:
        return Span(start=start, end=end, weight=weight, side="suggested")

    spans = [span(0, 9, 0.5), span(11, 20, 0.4), span(20, 21, 1.0), span(22, 25, 0.6)]

    assert span_words(text, spans, "suggested") == ("box", "Late now")
    assert span_words(text, spans[2:3], "suggested") == ("!",)
    assert span_words(text, spans, "given") == ()


@pytest.mark.parametrize(
    ("text", "words"), [("酒店 住 。", ("酒店",)), ("住 。", ("住", "。")), ("😡 !", ("😡",)), ("a 5", ("a", "5"))]
)
def test_what_alone_says_little_is_named_only_where_nothing_else_is(text: str, words: tuple[str, ...]) -> None:
    """Punctuation, and single characters of scripts without spaces; an emoji says enough."""
    spans = [
        Span(start=match.start(), end=match.end(), weight=1.0, side="given") for match in re.finditer(r"\S+", text)
    ]

    assert span_words(text, spans, "given") == words
