"""
spaCy: texts with their categories (``cats``), as JSON Lines, both ways.

References
----------
``Doc.cats``: https://spacy.io/api/doc#attributes; how categories are scored:
https://spacy.io/api/textcategorizer; the binary form, which is not read here: https://spacy.io/api/docbin.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import BinaryIO

from labelclean.errors import FileContentError
from labelclean.io.exchange.contract import Annotation, Record, SentRow, TaskSet, ToolName
from labelclean.io.exchange.records import write_lines
from labelclean.io.exchange.traces import annotation_of, number_of, trace_of

__all__ = ["SPACY"]

_CHOSEN = 0.5


@dataclass(frozen=True, slots=True)
class _Spacy:
    """spaCy."""

    name: ToolName = "spacy"
    title: str = "spaCy"

    def write(self, tasks: TaskSet, target: BinaryIO) -> None:
        """Write JSON Lines, with the given labels."""
        write_lines((_line(row, tasks) for row in tasks.rows), target)

    def config(self, tasks: TaskSet) -> None:
        """Return None: each text holds its categories."""

    def recognises(self, record: Record) -> bool:
        """Tell whether a record has a text and categories with scores."""
        return "text" in record and isinstance(record.get("cats"), Mapping)

    def annotations(self, record: Record, place: str, source: str) -> list[Annotation]:  # noqa: ARG002
        """Return the categories that score a half or more; no category at all means that nobody has answered."""
        cats = record.get("cats")
        if not isinstance(cats, Mapping):
            raise _damaged(place)
        if not cats:
            return []
        scores = {name: _score(value, place) for name, value in cats.items()}
        return [
            replace(
                annotation_of(record, place, record.get("text")),
                labels=tuple(name for name, score in scores.items() if score >= _CHOSEN),
            )
        ]


SPACY = _Spacy()
"""spaCy."""


def _line(row: SentRow, tasks: TaskSet) -> dict[str, object]:
    given = row.given
    cats = {} if given is None else {choice: float(choice in given) for choice in tasks.choices}
    return {"text": row.text, "cats": cats, **trace_of(row)}


def _score(value: object, place: str) -> float:
    score = float(value) if isinstance(value, bool) else number_of(value)
    if score is None:
        raise _damaged(place)
    return score


def _damaged(place: str) -> FileContentError:
    return FileContentError(
        f"The categories of a text must be an object of numbers, 0 to 1, in cats; {place} has something else there.",
        fix='Write them as spaCy has them in doc.cats, such as {"refund": 1.0, "parcel": 0.0}.',
    )
