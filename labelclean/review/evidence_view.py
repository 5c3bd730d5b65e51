"""The evidence for a row as the card shows it: names for classes, texts for rows, places as a browser counts them."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from labelclean.arrays import Label
from labelclean.explain.evidence import Neighbour, RowEvidence, Span
from labelclean.review.decisions import ReviewEvent, Verdict
from labelclean.review.label_names import LabelNames
from labelclean.review.payload import CardEvidence, NearText, TintedSpan, Told

__all__ = ["EvidenceViewer", "first_words", "tinted_spans"]

_CHARACTERS_OF_A_NEIGHBOUR = 160
_FIRST_ASTRAL = 0x10000  # from here on JavaScript counts two for one


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class EvidenceViewer:
    """
    Turns what was found about rows into what their cards show.

    Attributes
    ----------
    texts : sequence of str
        Of all rows.
    class_names : sequence of hashable
        The classes by code.
    names : LabelNames
        What they are called on the screen.
    decisions : mapping of int to ReviewEvent
        The decisions in force: a neighbour that was corrected is shown with its new label.
    """

    texts: Sequence[str]
    class_names: Sequence[Label]
    names: LabelNames
    decisions: Mapping[int, ReviewEvent]

    def view(self, found: RowEvidence | None) -> CardEvidence | None:
        """Return what the card of a row shows, or None where the row was not explained."""
        if found is None:
            return None
        counter = found.counter_example
        if counter is not None and any(near.row == counter.row for near in found.neighbours):
            counter = None
        return CardEvidence(
            sentence=found.sentence,
            suggested=self.token(found.suggested),
            given=None if found.given < 0 else self.token(found.given),
            spans=tinted_spans(self.texts[found.row], found.spans),
            nearest=[self._near(near) for near in found.neighbours],
            counter=None if counter is None else self._near(counter),
        )

    def _near(self, near: Neighbour) -> NearText:
        return self.near_text(near.row, near.label)

    def near_text(self, row: int, given: int) -> NearText:
        """Return another row with its label by now; ``given`` is the code of the one it was given, -1 for none."""
        event = self.decisions.get(row)
        label = "" if given < 0 else self.token(given)
        told: Told | None = None
        if event is not None and event.verdict in {Verdict.ACCEPT, Verdict.RELABEL} and event.label is not None:
            label, told = self.names.token(event.label), "corrected"
        elif event is not None and event.verdict is Verdict.KEEP:
            told = "confirmed"
        elif event is not None and event.verdict is Verdict.EXCLUDE:
            told = "excluded"
        return NearText(row=row, text=first_words(self.texts[row]), label=label, told=told)

    def token(self, code: int) -> str:
        """Return the name of a class."""
        return self.names.token(self.class_names[code])


def tinted_spans(text: str, spans: Sequence[Span]) -> list[TintedSpan]:
    """
    Return the spans in text order, counted in UTF-16 code units as JavaScript does.

    A span is widened over the marks that follow it (accents, vowel signs), which belong to its last letter. What lies
    outside the text, or under a span before it, is left out.
    """
    in_order = sorted(spans, key=lambda span: (span.start, span.end))
    place_of = _utf16_places(text)
    tinted: list[TintedSpan] = []
    last = 0
    main = max(in_order, key=lambda span: (span.side == "suggested", span.weight), default=None)
    for span in in_order:
        start, end = max(span.start, last), min(span.end, len(text))
        while start < end < len(text) and unicodedata.category(text[end]) in {"Mn", "Me", "Mc"}:
            end += 1
        if start < end:
            place = TintedSpan(start=place_of(start), end=place_of(end), is_main=span is main, side=span.side)
            tinted.append(place)
            last = end
    return tinted


def _utf16_places(text: str) -> Callable[[int], int]:
    if text.isascii() or max(text) < chr(_FIRST_ASTRAL):
        return lambda place: place
    astral = [place for place, letter in enumerate(text) if ord(letter) >= _FIRST_ASTRAL]
    return lambda place: place + bisect_left(astral, place)


def first_words(text: str) -> str:
    """Return the beginning of a text on one line."""
    line = " ".join(text[: 4 * _CHARACTERS_OF_A_NEIGHBOUR].split())
    if len(line) <= _CHARACTERS_OF_A_NEIGHBOUR and len(text) <= 4 * _CHARACTERS_OF_A_NEIGHBOUR:
        return line
    return f"{line[: _CHARACTERS_OF_A_NEIGHBOUR - 1].rstrip()}…"
