"""Texts in many scripts, for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

__all__ = ["MANY_SCRIPTS", "any_texts", "text_lists"]

MANY_SCRIPTS = (
    "我的快递，还没有到！iPhone 15坏了",
    "スマホの画面が割れた。ｶﾞﾗｽ ＡＢＣ１２",
    "พัสดุของฉันอยู่ที่ไหน 55 บาท",
    "أَيْنَ طَرْدِي؟ الطـــرد لم يصل",
    "मेरा पार्सल कहाँ है? पार्सल नहीं मिला",
    "Die Straße ist GROSS; die strasse ist groß!",
    "where is my e-mail_1, and (please) don't wait :) :)",
    "İSTANBUL istanbul cafe\u0301 CAFÉ",
    "내 소포는 어디에 있나요 ㅋㅋㅋ",
    "great 👍🏽👍 ❤️ £5 $5 <3",
    "",
    "  \n\t ",
    "\u0301x \u0e49 ,\u093e",
)

_LETTERS = (
    "abAB sS ß İi éE\u0301 ﬁ_'-,.!?:;)( 1２\n\t 字词快。 かガｶﾞー ไทย์ที่ كِتَابٌـ؟ "
    "हिंदी가각ㅋ 😀👍🏽❤\ufe0f£ \u200c\u200d\u00ad"
)


def any_texts() -> st.SearchStrategy[str]:
    """Return texts of characters that are hard to cut, and texts of any characters."""
    return st.one_of(st.text(alphabet=st.sampled_from(_LETTERS), max_size=30), st.sampled_from(MANY_SCRIPTS))


def text_lists() -> st.SearchStrategy[list[str]]:
    """Return lists of such texts, with repetitions."""
    return st.lists(any_texts(), min_size=1, max_size=8)
