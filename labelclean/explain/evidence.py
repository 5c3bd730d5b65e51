"""What speaks for the suggested and for the given label of a row, as plain values that can be stored and shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from labelclean.errors import InvalidInputError

__all__ = ["Neighbour", "RowEvidence", "Side", "Span"]

Side = Literal["suggested", "given"]
"""Which of the two labels something speaks for."""

_SIDES: Final[dict[str, Side]] = {"s": "suggested", "g": "given"}
_LETTERS: Final[dict[Side, str]] = {"suggested": "s", "given": "g"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """
    A part of the row's text that speaks for one of the two labels.

    Attributes
    ----------
    start, end : int
        Where it stands: ``text[start:end]``, counted in code points of the text as the user gave it. JavaScript counts
        differently (an emoji is two there): cut ``Array.from(text)``, not the string.
    weight : float
        How much it says, above 0 and up to 1: its share of the strongest span of the row, whatever its side. Three
        decimals.
    side : {"suggested", "given"}
        The label it speaks for.
    """

    start: int
    end: int
    weight: float
    side: Side


@dataclass(frozen=True, kw_only=True, slots=True)
class Neighbour:
    """
    Another row whose text is like the row's.

    Attributes
    ----------
    row : int
        Which row, counted from 0.
    similarity : float
        Cosine of the two texts, above 0 and up to 1. Four decimals.
    label : int
        The class code of its label when the evidence was found; whoever shows it may know a decision since.
    """

    row: int
    similarity: float
    label: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RowEvidence:
    """
    Why a row is suspected, or why its label is suggested.

    Attributes
    ----------
    row : int
        Which row, counted from 0.
    suggested : int
        Class code of the label that is suggested.
    given : int
        Class code of the label it carries; -1 where it carries none.
    sentence : str
        The reasons in one plain English sentence. It quotes the row's own text and no other.
    spans : tuple of Span
        The strongest parts of the text, in text order; no two overlap. A row without a label, or whose label is the
        suggested one, has none on the side "given".
    words_for, words_against : tuple of str
        The spans of the sides "suggested" and "given" as text, strongest first, each once whatever its case.
    neighbours : tuple of Neighbour
        The nearest labelled texts, nearest first, five at most; only texts that have something in common with the row.
        Copies of the row are left out, and copies of one text under one label count once.
    n_suggested, n_given : int
        How many of the neighbours carry the suggested and the given label; ``n_given`` is 0 where none was given.
    counter_example : Neighbour or None
        The nearest text that carries the given label, which may be one of the neighbours; None where no text under
        that label has anything in common with the row, or no label was given.

    Examples
    --------
    >>> near = Neighbour(row=7, similarity=0.5, label=1)
    >>> found = RowEvidence(row=3, suggested=1, given=0, sentence="Its nearest text is labelled x.", neighbours=(near,))
    >>> RowEvidence.from_dict(found.to_dict()) == found
    True
    """

    row: int
    suggested: int
    given: int
    sentence: str
    spans: tuple[Span, ...] = ()
    words_for: tuple[str, ...] = ()
    words_against: tuple[str, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()
    n_suggested: int = 0
    n_given: int = 0
    counter_example: Neighbour | None = None

    def to_dict(self) -> dict[str, object]:
        """
        Return plain values for JSON, short enough to be stored for thousands of rows.

        Returns
        -------
        dict
            The attributes by name. A span is a list ``[start, end, weight, "s" or "g"]``, a neighbour a list
            ``[row, similarity, label]``.
        """
        return {
            "row": self.row,
            "suggested": self.suggested,
            "given": self.given,
            "sentence": self.sentence,
            "spans": [[span.start, span.end, span.weight, _LETTERS[span.side]] for span in self.spans],
            "words_for": list(self.words_for),
            "words_against": list(self.words_against),
            "neighbours": [_from_neighbour(each) for each in self.neighbours],
            "n_suggested": self.n_suggested,
            "n_given": self.n_given,
            "counter_example": None if self.counter_example is None else _from_neighbour(self.counter_example),
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, object]) -> RowEvidence:
        """
        Read what ``to_dict`` wrote.

        Parameters
        ----------
        stored : mapping
            As ``to_dict`` gives it, also after a way through JSON.

        Returns
        -------
        RowEvidence
            Equal to the one that was written.
        """
        counter_example = stored["counter_example"]
        return cls(
            row=_integer(stored["row"]),
            suggested=_integer(stored["suggested"]),
            given=_integer(stored["given"]),
            sentence=str(stored["sentence"]),
            spans=tuple(_to_span(each) for each in _sequence(stored["spans"])),
            words_for=tuple(str(word) for word in _sequence(stored["words_for"])),
            words_against=tuple(str(word) for word in _sequence(stored["words_against"])),
            neighbours=tuple(_to_neighbour(each) for each in _sequence(stored["neighbours"])),
            n_suggested=_integer(stored["n_suggested"]),
            n_given=_integer(stored["n_given"]),
            counter_example=None if counter_example is None else _to_neighbour(counter_example),
        )


def _from_neighbour(neighbour: Neighbour) -> list[object]:
    return [neighbour.row, neighbour.similarity, neighbour.label]


def _to_neighbour(stored: object) -> Neighbour:
    row, similarity, label = _sequence(stored)
    return Neighbour(row=_integer(row), similarity=_number(similarity), label=_integer(label))


def _to_span(stored: object) -> Span:
    start, end, weight, letter = _sequence(stored)
    return Span(start=_integer(start), end=_integer(end), weight=_number(weight), side=_SIDES[str(letter)])


def _integer(stored: object) -> int:
    return int(_number(stored))


def _number(stored: object) -> float:
    if isinstance(stored, (int, float)):
        return float(stored)
    raise InvalidInputError(
        f"Stored evidence must hold numbers; got {type(stored).__name__}.", fix="Run the audit again."
    )


def _sequence(stored: object) -> Sequence[object]:
    if isinstance(stored, (list, tuple)):
        return stored
    raise InvalidInputError(
        f"Stored evidence must hold lists; got {type(stored).__name__}.", fix="Run the audit again."
    )
