"""
Argilla 2: records with suggestions out, records with responses back, nested or flat.

Only the flat form says which responses were discarded.

References
----------
Records: https://docs.argilla.io/latest/reference/argilla/records/records; suggestions and responses:
https://docs.argilla.io/latest/how_to_guides/record; both forms of export:
https://docs.argilla.io/latest/how_to_guides/import_export.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

from labelclean.errors import FileContentError
from labelclean.io.exchange.contract import Annotation, Record, SentRow, TaskSet, ToolName
from labelclean.io.exchange.records import write_array
from labelclean.io.exchange.traces import PREFIX, annotation_of, text_list, text_of, trace_of

__all__ = ["ARGILLA"]

_QUESTION = "label"
_FIELD = "text"
_FLAT = ".responses"
_SUBMITTED = {"submitted", ""}  # the nested form does not say


@dataclass(frozen=True, slots=True)
class _Argilla:
    """Argilla."""

    name: ToolName = "argilla"
    title: str = "Argilla"

    def write(self, tasks: TaskSet, target: BinaryIO) -> None:
        """Write a JSON array of records, which ``records.from_json`` takes."""
        write_array((_record(row, tasks) for row in tasks.rows), target)

    def config(self, tasks: TaskSet) -> None:
        """Return None: the questions of a dataset are defined in Python."""

    def recognises(self, record: Record) -> bool:
        """Tell whether a record has fields and responses, or columns that are named like them."""
        is_nested = isinstance(record.get("fields"), Mapping) and ("responses" in record or "suggestions" in record)
        return is_nested or any(key.endswith((_FLAT, ".suggestion")) for key in record)

    def annotations(self, record: Record, place: str, source: str) -> list[Annotation]:  # noqa: ARG002
        """Return one answer for each response that was submitted or discarded."""
        fields = record.get("fields")
        if isinstance(fields, Mapping):
            metadata = record.get("metadata")
            blank = annotation_of(metadata if isinstance(metadata, Mapping) else {}, place, fields.get(_FIELD))
            return _answers(_nested_responses(record, place), blank)
        return _answers(_flat_responses(record, place), annotation_of(record, place, record.get(_FIELD)))


ARGILLA = _Argilla()
"""Argilla."""


def _record(row: SentRow, tasks: TaskSet) -> dict[str, object]:
    suggestions: dict[str, object] = {}
    if row.suggested is not None and (row.suggested or not tasks.is_multiple):
        score = row.error_probability
        suggestions[_QUESTION] = {
            "value": list(row.suggested) if tasks.is_multiple else row.suggested[0],
            # Where the value is a list, the server wants a score for each of its items.
            "score": [score] * len(row.suggested) if tasks.is_multiple and score is not None else score,
            "agent": tasks.version,
        }
    return {
        "id": f"{PREFIX}{row.row}",
        "fields": {_FIELD: row.text},
        "metadata": trace_of(row),
        "suggestions": suggestions,
        "responses": {},
        "vectors": {},
    }


def _nested_responses(record: Record, place: str) -> list[Record]:
    by_question = record.get("responses") or {}
    if not isinstance(by_question, Mapping):
        raise _damaged(place)
    found = by_question.get(_chosen(list(by_question), place), [])
    if not isinstance(found, list) or not all(isinstance(response, Mapping) for response in found):
        raise _damaged(place)
    return found


def _flat_responses(record: Record, place: str) -> list[Record]:
    questions = [key.removesuffix(_FLAT) for key, value in record.items() if key.endswith(_FLAT) and value]
    question = _chosen(questions, place)
    values = record.get(question + _FLAT) or []
    users = record.get(f"{question}{_FLAT}.users") or []
    statuses = record.get(f"{question}{_FLAT}.status") or []
    if not (isinstance(values, list) and isinstance(users, list) and isinstance(statuses, list)):
        raise _damaged(place)
    return [
        {"value": value, "user_id": _at(users, number), "status": _at(statuses, number)}
        for number, value in enumerate(values)
    ]


def _chosen(questions: Sequence[str], place: str) -> str:
    """Return our question, or the only one there is."""
    if _QUESTION in questions or not questions:
        return _QUESTION
    if len(questions) > 1:
        raise FileContentError(
            f"The question must be named “{_QUESTION}” where a record has several; {place} has {len(questions):,}.",
            fix="Name it so in the settings of the dataset.",
        )
    return questions[0]


def _at(values: Sequence[object], number: int) -> object:
    return values[number] if number < len(values) else None


def _answers(responses: Sequence[Record], blank: Annotation) -> list[Annotation]:
    answers = []
    for response in responses:
        status, value = text_of(response.get("status")), response.get("value")
        is_skipped = status == "discarded"
        if is_skipped or (status in _SUBMITTED and value is not None):
            answers.append(
                replace(
                    blank,
                    labels=() if value is None else text_list(value, blank.place, f"{_QUESTION}{_FLAT}"),
                    is_skipped=is_skipped,
                    annotator=text_of(response.get("user_id")),
                )
            )
    return answers


def _damaged(place: str) -> FileContentError:
    return FileContentError(
        f"The responses of a record must be lists; {place} has something else there.",
        fix="Export the records with `records.to_list(flatten=True)` or `records.to_json`.",
    )
