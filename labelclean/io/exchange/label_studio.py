"""
Label Studio: tasks with predictions out, annotations (JSON and JSON_MIN) back.

References
----------
Tasks and annotations: https://labelstud.io/guide/task_format; predictions: https://labelstud.io/guide/predictions;
exports: https://labelstud.io/guide/export; the labelling configuration: https://labelstud.io/tags/choices.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import BinaryIO
from xml.sax.saxutils import quoteattr

from labelclean.errors import FileContentError
from labelclean.io.exchange.contract import Annotation, Record, SentRow, TaskSet, ToolName
from labelclean.io.exchange.records import write_array
from labelclean.io.exchange.traces import PREFIX, annotation_of, number_of, text_list, text_of, time_of, trace_of

__all__ = ["LABEL_STUDIO"]

_CONTROL = "label"
_OBJECT = "text"
_ROW = f"{PREFIX}row"


@dataclass(frozen=True, slots=True)
class _LabelStudio:
    """Label Studio."""

    name: ToolName = "label-studio"
    title: str = "Label Studio"

    def write(self, tasks: TaskSet, target: BinaryIO) -> None:
        """Write a JSON array of tasks, the suggestion of each as a prediction."""
        write_array((_task(row, tasks.version) for row in tasks.rows), target)

    def config(self, tasks: TaskSet) -> str:
        """Return the labelling configuration."""
        style = "multiple" if tasks.is_multiple else "single-radio"
        choices = "".join(f"    <Choice value={_attribute(choice)}/>\n" for choice in tasks.choices)
        return (
            "<View>\n"
            f'  <Text name="{_OBJECT}" value="${_OBJECT}"/>\n'
            f'  <Choices name="{_CONTROL}" toName="{_OBJECT}" choice="{style}">\n'
            f"{choices}"
            "  </Choices>\n"
            "</View>\n"
        )

    def recognises(self, record: Record) -> bool:
        """Tell whether a record is a task with data, or one of JSON_MIN."""
        data = record.get("data")
        has_data = isinstance(data, Mapping) and ("annotations" in record or "predictions" in record or _ROW in data)
        return has_data or "annotation_id" in record

    def annotations(self, record: Record, place: str, source: str) -> list[Annotation]:  # noqa: ARG002
        """Return one answer for each annotation of the task."""
        data = record.get("data")
        if not isinstance(data, Mapping):
            return [_short_answer(record, place)]
        answers = record.get("annotations", [])
        if not isinstance(answers, list) or not all(isinstance(answer, Mapping) for answer in answers):
            raise FileContentError(
                f"The annotations of a task must be a list of objects; {place} has something else there.",
                fix="Export the project as JSON or JSON-MIN.",
            )
        blank = annotation_of(data, place, data.get(_OBJECT))
        return [_answer(answer, blank) for answer in answers]


LABEL_STUDIO = _LabelStudio()
"""Label Studio."""


def _attribute(choice: str) -> str:
    return quoteattr(choice, {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def _task(row: SentRow, version: str) -> dict[str, object]:
    task: dict[str, object] = {"data": {_OBJECT: row.text, **trace_of(row)}}
    if row.suggested is not None:
        prediction: dict[str, object] = {"model_version": version}
        if row.error_probability is not None:
            prediction["score"] = row.error_probability
        prediction["result"] = [
            {
                "id": f"row-{row.row}",
                "from_name": _CONTROL,
                "to_name": _OBJECT,
                "type": "choices",
                "value": {"choices": list(row.suggested)},
            }
        ]
        task["predictions"] = [prediction]
    return task


def _answer(answer: Record, blank: Annotation) -> Annotation:
    return replace(
        blank,
        labels=tuple(_choices(answer.get("result", []), blank.place)),
        is_skipped=answer.get("was_cancelled") is True,
        annotator=_annotator(answer.get("completed_by")),
        decided_at=time_of(answer.get("updated_at")) or time_of(answer.get("created_at")),
        seconds_spent=number_of(answer.get("lead_time")),
    )


def _choices(results: object, place: str) -> Iterator[str]:
    """Give the choices of our control, or of the only one there is."""
    found: dict[str, list[str]] = {}
    for result in results if isinstance(results, list) else []:
        if isinstance(result, Mapping) and result.get("type") == "choices":
            value = result.get("value")
            chosen = value.get("choices") if isinstance(value, Mapping) else None
            found.setdefault(text_of(result.get("from_name")), []).extend(text_list(chosen, place, "value.choices"))
    if _CONTROL not in found and len(found) > 1:
        raise FileContentError(
            f"The choices must be named “{_CONTROL}” where a task has several kinds; {place} has {len(found):,} kinds.",
            fix="Use the labelling configuration that `labelclean send --config` writes.",
        )
    yield from found.get(_CONTROL) or next(iter(found.values()), [])


def _annotator(value: object) -> str:
    """Return who it was: a number, or an object with an address."""
    if isinstance(value, Mapping):
        return text_of(value.get("email")) or text_of(value.get("username")) or text_of(value.get("id"))
    return text_of(value)


def _short_answer(record: Record, place: str) -> Annotation:
    """Return the answer in a record of JSON_MIN, which has one for each annotation and leaves skipped ones out."""
    chosen = record.get(_CONTROL, [])
    if isinstance(chosen, Mapping):
        chosen = chosen.get("choices")
    return replace(
        annotation_of(record, place, record.get(_OBJECT)),
        labels=text_list(chosen, place, _CONTROL),
        annotator=_annotator(record.get("annotator")),
        decided_at=time_of(record.get("updated_at")) or time_of(record.get("created_at")),
        seconds_spent=number_of(record.get("lead_time")),
    )
