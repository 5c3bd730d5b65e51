"""
Prodigy: choice tasks with the suggestion chosen out, answered tasks back.

References
----------
The ``choice`` interface: https://prodi.gy/docs/api-interfaces#choice; answers:
https://prodi.gy/docs/api-web-app; sessions, ``_annotator_id`` and ``_timestamp``:
https://prodi.gy/docs/api-database.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import BinaryIO

from labelclean.io.exchange.contract import Annotation, Record, SentRow, TaskSet, ToolName
from labelclean.io.exchange.records import write_lines
from labelclean.io.exchange.traces import annotation_of, text_list, text_of, time_of, trace_of

__all__ = ["PRODIGY"]

_KEYS = ("_input_hash", "_task_hash", "_view_id", "_session_id", "_annotator_id")


@dataclass(frozen=True, slots=True)
class _Prodigy:
    """Prodigy."""

    name: ToolName = "prodigy"
    title: str = "Prodigy"

    def write(self, tasks: TaskSet, target: BinaryIO) -> None:
        """Write JSON Lines."""
        options = [{"id": choice, "text": choice} for choice in tasks.choices]
        style = {"choice_style": "multiple" if tasks.is_multiple else "single"}
        write_lines(
            ({**_task(row), "options": options, "config": style, **trace_of(row)} for row in tasks.rows), target
        )

    def config(self, tasks: TaskSet) -> None:
        """Return None: each task holds its options."""

    def recognises(self, record: Record) -> bool:
        """Tell whether a record has keys that Prodigy adds, or is a choice task."""
        return any(key in record for key in _KEYS) or ("options" in record and "text" in record)

    def annotations(self, record: Record, place: str, source: str) -> list[Annotation]:  # noqa: ARG002
        """Return the answer; none for a task that nobody has answered."""
        answer = record.get("answer")
        if answer is None:
            return []
        # Other interfaces than "choice" hold one label, and the answer says whether it fits.
        chosen = record.get("accept", record.get("label", []))
        return [
            replace(
                annotation_of(record, place, record.get("text")),
                labels=text_list(chosen, place, "accept"),
                is_skipped=answer != "accept",
                annotator=text_of(record.get("_annotator_id")) or text_of(record.get("_session_id")),
                decided_at=time_of(record.get("_timestamp")),
            )
        ]


PRODIGY = _Prodigy()
"""Prodigy."""


def _task(row: SentRow) -> dict[str, object]:
    shown = {"given": row.given_label, "score": row.error_probability}
    return {
        "text": row.text,
        "accept": list(row.suggested or ()),
        "meta": {name: value for name, value in shown.items() if value is not None},
    }
