"""Made-up texts of several scripts and lengths, with evidence, for the page around the review card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from labelclean.explain.evidence import Neighbour, RowEvidence, Side, Span

__all__ = ["EVIDENCE_TEXTS", "evidence_for"]

_LONG_START = " ".join(f"word{place}" for place in range(1_400))
_LONG_END = " ".join(f"word{place}" for place in range(1_400, 2_000))

EVIDENCE_TEXTS = (
    "The lamp I bought on Monday is not here yet, can you tell me how many days it usually takes to Lisbon?",
    "我星期一买的台灯还没有收到，请问寄到里斯本通常需要几天？",
    "المصباح الذي اشتريته يوم الاثنين لم يصل بعد، كم يوما يستغرق التوصيل إلى لشبونة عادة؟",
    f"{_LONG_START} how many days {_LONG_END}",
    "\U0001f4ec\U0001f4ec where <b>is</b> my cafe\u0301 parcel?",
    "A row that was not explained.",
    "How many days until my chair comes?",
    "<img src=x onerror='window.hacked = 3'> when should the order reach me",
    "Tracking says delivered, I have nothing",
)

_TINTED: dict[int, tuple[tuple[str, Side], ...]] = {
    0: (("not here yet", "given"), ("how many days", "suggested"), ("usually takes", "suggested")),
    1: (("还没有收到", "given"), ("需要几天", "suggested")),
    2: (("لم يصل بعد", "given"), ("كم يوما", "suggested"), ("التوصيل", "suggested")),
    3: (("how many days", "suggested"),),
    4: (("where", "suggested"), ("cafe", "given")),
}
_NEIGHBOURS = (
    Neighbour(row=6, similarity=0.71, label=2),
    Neighbour(row=7, similarity=0.62, label=2),
    Neighbour(row=3, similarity=0.41, label=2),
)
_COUNTER_EXAMPLE = Neighbour(row=8, similarity=0.33, label=3)


def evidence_for(suggested: Sequence[int], given: Sequence[int]) -> Mapping[int, RowEvidence]:
    """Return the evidence for the first texts, given the class codes of all rows."""
    return {
        row: RowEvidence(
            row=row,
            suggested=int(suggested[row]),
            given=int(given[row]),
            sentence="3 of its 3 nearest texts are labelled otherwise; “how many days” weighs most.",
            spans=tuple(_span(row, words, side) for words, side in tinted),
            words_for=("how many days",),
            neighbours=_NEIGHBOURS,
            n_suggested=3,
            counter_example=_COUNTER_EXAMPLE,
        )
        for row, tinted in _TINTED.items()
    }


def _span(row: int, words: str, side: Side) -> Span:
    start = EVIDENCE_TEXTS[row].index(words)
    return Span(start=start, end=start + len(words), weight=1.0, side=side)
