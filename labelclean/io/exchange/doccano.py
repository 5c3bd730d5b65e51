"""
doccano: texts out, texts with the labels they were given back.

doccano has no predictions, and a label that is imported looks as if an annotator had given it. So the texts are sent
without one, the given and the suggested label beside the text; what comes back without a label was not looked at.

References
----------
Import and export: https://doccano.github.io/doccano/tutorial; the fields of an export: ``backend/data_export`` in
https://github.com/doccano/doccano; one file for each annotator: https://github.com/doccano/doccano/issues/1965.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import BinaryIO

from labelclean.io.exchange.contract import Annotation, Record, SentRow, TaskSet, ToolName
from labelclean.io.exchange.records import write_lines
from labelclean.io.exchange.traces import annotation_of, text_list, trace_of

__all__ = ["DOCCANO"]

_NAMELESS = frozenset({"all", "unknown"})
_COLOURS = ("#1565c0", "#2e7d32", "#6a1b9a", "#c62828", "#00695c", "#4e342e")


@dataclass(frozen=True, slots=True)
class _Doccano:
    """Doccano."""

    name: ToolName = "doccano"
    title: str = "doccano"

    def write(self, tasks: TaskSet, target: BinaryIO) -> None:
        """Write JSON Lines."""
        write_lines((_line(row) for row in tasks.rows), target)

    def config(self, tasks: TaskSet) -> str:
        """Return the labels, for the import on the page of labels."""
        labels = [
            {
                "text": choice,
                "suffix_key": None,
                "background_color": _COLOURS[number % len(_COLOURS)],
                "text_color": "#ffffff",
            }
            for number, choice in enumerate(tasks.choices)
        ]
        return json.dumps(labels, ensure_ascii=False, indent=2) + "\n"

    def recognises(self, record: Record) -> bool:
        """Tell whether a record has a text and a list of labels."""
        return "text" in record and isinstance(record.get("label"), list)

    def annotations(self, record: Record, place: str, source: str) -> list[Annotation]:
        """Return the answer of the annotator whose file it is."""
        labels = text_list(record.get("label", []), place, "label")
        if not labels:
            return []
        comments = record.get("Comments")
        return [
            replace(
                annotation_of(record, place, record.get("text")),
                labels=labels,
                annotator="" if source in _NAMELESS else source,
                note="; ".join(text_list(comments, place, "Comments")) if comments else "",
            )
        ]


DOCCANO = _Doccano()
"""doccano."""


def _line(row: SentRow) -> dict[str, object]:
    return {"text": row.text, "label": [], **trace_of(row)}
