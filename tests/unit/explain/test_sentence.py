from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelclean.explain.sentence import Reasons, sentence_of


def _say(
    n_neighbours: int,
    n_suggested: int,
    n_given: int,
    words_for: tuple[str, ...] = (),
    words_against: tuple[str, ...] = (),
) -> str:
    return sentence_of(
        Reasons(
            suggested="delivery",
            given="refund",
            n_neighbours=n_neighbours,
            n_suggested=n_suggested,
            n_given=n_given,
            words_for=words_for,
            words_against=words_against,
        )
    )


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((5, 5, 0), "All 5 of its nearest texts are labelled delivery."),
        ((5, 4, 0), "4 of its 5 nearest texts are labelled delivery, none refund."),
        ((5, 3, 2), "3 of its 5 nearest texts are labelled delivery, 2 refund."),
        ((5, 2, 2), "2 of its 5 nearest texts are labelled delivery, 2 refund."),
        ((5, 1, 0), "1 of its 5 nearest texts is labelled delivery, none refund."),
        ((5, 1, 3), "3 of its 5 nearest texts are labelled refund, 1 delivery."),
        ((5, 0, 1), "1 of its 5 nearest texts is labelled refund, none delivery."),
        ((5, 0, 5), "All 5 of its nearest texts are labelled refund."),
        ((5, 0, 0), "None of its 5 nearest texts is labelled delivery or refund."),
        ((2, 2, 0), "Both of its nearest texts are labelled delivery."),
        ((2, 1, 1), "1 of its 2 nearest texts is labelled delivery, 1 refund."),
        ((2, 0, 0), "Neither of its nearest texts is labelled delivery or refund."),
        ((1, 1, 0), "The only labelled text like it is labelled delivery."),
        ((1, 0, 1), "The only labelled text like it is labelled refund."),
        ((1, 0, 0), "The only labelled text like it is labelled neither delivery nor refund."),
        ((0, 0, 0), "No other labelled text is like it, so the suggestion is little more than a guess."),
    ],
)
def test_neighbours_are_counted_in_good_grammar(counts: tuple[int, int, int], expected: str) -> None:
    """None, one, both, some, all; the label that more of them carry comes first."""
    assert _say(*counts) == expected


@pytest.mark.parametrize(
    ("words_for", "words_against", "expected"),
    [
        (("how",), (), "“how” speaks for delivery"),
        (("how", "many"), (), "“how” and “many” speak for delivery"),
        (("how", "many", "days", "late"), (), "“how”, “many” and “days” speak for delivery"),
        ((), ("lamp",), "“lamp” speaks for refund"),
        ((), ("lamp", "box"), "“lamp” and “box” speak for refund"),
        (("how",), ("lamp",), "“how” speaks for delivery, “lamp” for refund"),
        (("how", "many"), ("lamp", "box", "cup"), "“how” and “many” speak for delivery, “lamp” and “box” for refund"),
    ],
)
def test_words_are_listed_in_good_grammar(
    words_for: tuple[str, ...], words_against: tuple[str, ...], expected: str
) -> None:
    """At most three for the suggested label, two for the given one."""
    said = _say(5, 2, 2, words_for, words_against)

    assert said == f"2 of its 5 nearest texts are labelled delivery, 2 refund; {expected}."


@pytest.mark.parametrize(
    ("counts", "words_for", "words_against", "expected"),
    [
        ((5, 1, 3), ("how",), (), "3 of its 5 nearest texts are labelled refund, 1 delivery, but “how” speaks for"),
        ((5, 4, 0), (), ("how",), "4 of its 5 nearest texts are labelled delivery, none refund, but “how” speaks for"),
        ((0, 0, 0), ("how",), (), "No other labelled text is like it; “how” speaks for"),
    ],
)
def test_words_that_contradict_the_neighbours_are_said_to(
    counts: tuple[int, int, int], words_for: tuple[str, ...], words_against: tuple[str, ...], expected: str
) -> None:
    """A reader should not have to notice it alone."""
    assert _say(*counts, words_for, words_against).startswith(expected)


@pytest.mark.parametrize(
    ("counts", "n_other", "expected"),
    [
        (
            (5, 0, 0),
            5,
            "None of its 5 nearest texts is labelled delivery or refund, but all are labelled ‘a lamp’; “how”",
        ),
        (
            (5, 1, 0),
            3,
            "1 of its 5 nearest texts is labelled delivery, none refund, but 3 are labelled ‘a lamp’; “how”",
        ),
        (
            (5, 0, 2),
            3,
            "2 of its 5 nearest texts are labelled refund, none delivery, but 3 are labelled ‘a lamp’; “how”",
        ),
        ((5, 2, 1), 2, "2 of its 5 nearest texts are labelled delivery, 1 refund; “how”"),
        ((5, 0, 0), 1, "None of its 5 nearest texts is labelled delivery or refund; “how”"),
    ],
)
def test_a_third_label_is_mentioned_where_it_beats_both(
    counts: tuple[int, int, int], n_other: int, expected: str
) -> None:
    """Perhaps neither of the two is right."""
    reasons = Reasons(
        suggested="delivery",
        given="refund",
        n_neighbours=counts[0],
        n_suggested=counts[1],
        n_given=counts[2],
        other="a lamp",
        n_other=n_other,
        words_for=("how",),
    )

    assert sentence_of(reasons) == f"{expected} speaks for delivery."


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((5, 5), "No label was given; all 5 of its nearest texts are labelled delivery; “how” speaks for delivery."),
        ((5, 0), "No label was given; none of its 5 nearest texts is labelled delivery; “how” speaks for delivery."),
        ((1, 0), "No label was given; the only labelled text like it is not labelled delivery; “how” speaks for"),
    ],
)
def test_a_row_without_a_label_is_said_to_have_none(counts: tuple[int, int], expected: str) -> None:
    """There is nothing to contradict."""
    reasons = Reasons(suggested="delivery", n_neighbours=counts[0], n_suggested=counts[1], words_for=("how",))

    assert sentence_of(reasons).startswith(expected)


def test_a_suggestion_that_is_the_given_label_is_told_once() -> None:
    """The same counts are not read out for both."""
    reasons = Reasons(suggested="delivery", given="delivery", n_neighbours=5, n_suggested=4, n_given=4)

    assert sentence_of(reasons) == (
        "The given label delivery is also the suggested one; 4 of its 5 nearest texts are labelled delivery."
    )


def test_a_pair_of_labels_that_is_often_mixed_up_is_mentioned() -> None:
    """With the row's own evidence before it."""
    reasons = Reasons(
        suggested="delivery", given="refund", n_neighbours=5, n_suggested=5, n_pair=1_200, n_labelled=5_000
    )

    assert sentence_of(reasons) == (
        "All 5 of its nearest texts are labelled delivery; "
        "delivery is suggested for 1,200 of the 5,000 rows labelled refund."
    )


@pytest.mark.parametrize(("n_pair", "n_labelled"), [(9, 9), (10, 51)])
def test_a_pair_that_is_rare_is_no_pattern(n_pair: int, n_labelled: int) -> None:
    """Fewer than ten rows, or less than a fifth."""
    reasons = Reasons(
        suggested="delivery", given="refund", n_neighbours=5, n_suggested=5, n_pair=n_pair, n_labelled=n_labelled
    )

    assert "rows labelled" not in sentence_of(reasons)


@pytest.mark.parametrize(
    ("given", "opening"),
    [
        ("refund", "The text is empty"),
        (None, "No label was given; the text is empty"),
        ("delivery", "The given label delivery is also the suggested one; the text is empty"),
    ],
)
def test_an_empty_text_gives_no_reasons(given: str | None, opening: str) -> None:
    """Only how often the labels occur is known."""
    reasons = Reasons(suggested="delivery", given=given, is_empty=True)

    assert sentence_of(reasons) == f"{opening}, so the suggestion is little more than a guess."


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("card_payment", "card_payment"),
        ("comp.sys/pc-hardware", "‘comp.sys/pc-hardware’"),
        ("C++", "C++"),
        ("not hate", "‘not hate’"),
        ("none", "‘none’"),
        ("1", "‘1’"),
        (1, "‘1’"),
        (2.5, "‘2.5’"),
        (True, "true"),
        (("a", 1), '‘["a", 1]’'),
        (frozenset({"a"}), "‘frozenset({'a'})’"),
        ("手机", "手机"),
        ("डिलीवरी", "डिलीवरी"),
        ("two\nlines\t", "‘two lines’"),
        ("شحن", "\u2068شحن\u2069"),
        ("turned\u202eround", "turnedround"),
        ("half\ud800", "‘half\ufffd’"),
    ],
)
def test_classes_of_any_kind_have_a_name_that_reads_as_one(label: object, shown: str) -> None:
    """Names that could be taken for English, or hold blanks, stand in quotes; right-to-left ones are isolated."""
    reasons = Reasons(suggested=label, given="other", n_neighbours=2, n_suggested=2)

    assert sentence_of(reasons) == f"Both of its nearest texts are labelled {shown}."


def test_true_and_one_are_two_labels() -> None:
    """Though Python takes them for equal."""
    reasons = Reasons(suggested=1, given=True, n_neighbours=5, n_suggested=4)

    assert sentence_of(reasons) == "4 of its 5 nearest texts are labelled ‘1’, none true."


def test_a_long_name_is_cut_in_the_middle() -> None:
    """Forty characters, with both ends."""
    reasons = Reasons(suggested="a" * 50 + "z" * 50, given="other", n_neighbours=2, n_suggested=2)

    said = sentence_of(reasons)

    assert said == f"Both of its nearest texts are labelled {'a' * 26}…{'z' * 13}."


@pytest.mark.parametrize("shift", range(4))
def test_a_cut_parts_no_letter_from_its_marks(shift: int) -> None:
    """Of a name or a quote: each of these letters has a vowel sign and an accent."""
    label = "a" * shift + "कि\u0301" * 40
    reasons = Reasons(suggested=label, given="other", n_neighbours=2, n_suggested=2, words_for=(label,))

    said = sentence_of(reasons)

    name, quote = re.findall(r"(a*(?:कि\u0301)*…(?:कि\u0301)*)(?=[;”])", said)
    assert 37 <= len(name) <= 40
    assert 57 <= len(quote) <= 60


def test_long_names_that_would_look_the_same_are_shown_whole() -> None:
    """What tells them apart lies where the cut would be."""
    first, second = (f"{'a' * 40}{middle}{'z' * 40}" for middle in "12")
    reasons = Reasons(suggested=first, given=second, n_neighbours=5, n_suggested=4)

    assert sentence_of(reasons) == f"4 of its 5 nearest texts are labelled {first}, none {second}."


@pytest.mark.parametrize(
    ("words", "quoted"),
    [
        (("how\n many",), "“how many” speaks"),
        (("0123456789 " * 10,), f"“{'0123456789 ' * 5}0123…” speaks"),
        (("10000000",), "“10000000” speaks"),
        (("nooooooooooo",), "“nooo…” speaks"),
        (("💩" * 30,), "“💩💩💩…” speaks"),
        (("late delivery", "the late delivery", "box"), "“late delivery” and “box” speak"),
        (("متى يصل",), "“\u2068متى يصل\u2069” speaks"),
    ],
)
def test_quotes_are_short_and_different(words: tuple[str, ...], quoted: str) -> None:
    """One line, at most sixty characters, no word again that was quoted in another phrase."""
    assert f"; {quoted} for delivery." in _say(5, 5, 0, words)


LABELS = st.text(min_size=1) | st.integers() | st.booleans() | st.tuples(st.integers(), st.text())
COUNTS = st.integers(0, 5)
WORDS = st.lists(st.text(min_size=1), max_size=4).map(tuple)


@settings(deadline=None)
@given(LABELS, st.none() | LABELS, COUNTS, COUNTS, COUNTS, WORDS, WORDS)
def test_a_sentence_is_one_line_whatever_the_facts(  # noqa: PLR0917  (one for each fact)
    suggested: object,
    given_label: object,
    n_neighbours: int,
    n_suggested: int,
    n_given: int,
    words_for: tuple[str, ...],
    words_against: tuple[str, ...],
) -> None:
    """It begins with a capital letter or a number, ends with a full stop, and can be stored as UTF-8."""
    n_suggested = min(n_suggested, n_neighbours)
    reasons = Reasons(
        suggested=suggested,
        given=given_label,
        n_neighbours=n_neighbours,
        n_suggested=n_suggested,
        n_given=min(n_given, n_neighbours - n_suggested),
        words_for=words_for,
        words_against=words_against,
    )

    said = sentence_of(reasons)

    assert re.fullmatch(r"[A-Z1-5][^\n]*\.", said)
    assert said.encode("utf-8")
    assert said.count("\u2068") == said.count("\u2069")
