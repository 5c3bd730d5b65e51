"""What annotation tools do to tasks that were imported into them, as far as their exports show it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

__all__ = ["SUFFIXES", "answered"]

SUFFIXES = {
    "label-studio": "json",
    "argilla": "json",
    "doccano": "jsonl",
    "prodigy": "jsonl",
    "spacy": "jsonl",
}

Task = dict[str, Any]


def answered(tool: str, tasks: Path, answers: Mapping[int, Sequence[str] | None], export: Path) -> None:
    """
    Import tasks, answer some, and export.

    Parameters
    ----------
    tool : str
        Which tool.
    tasks : Path
        What ``labelclean send`` wrote.
    answers : mapping of int to sequence of str, or None
        The labels an annotator chose, by row of the dataset; None where the task was passed over.
    export : Path
        Where to export to.
    """
    text = tasks.read_text(encoding="utf-8")
    records = json.loads(text) if text.startswith("[") else [json.loads(line) for line in text.splitlines()]
    done = [_TOOLS[tool](number, record, answers) for number, record in enumerate(records, start=1)]
    if SUFFIXES[tool] == "json":
        export.write_text(json.dumps(done, indent=2), encoding="utf-8")
    else:
        export.write_text("".join(json.dumps(record) + "\n" for record in done), encoding="utf-8")


def _label_studio(number: int, task: Task, answers: Mapping[int, Sequence[str] | None]) -> Task:
    """Add ids and annotations; of predictions only the ids are exported."""
    row = task["data"]["labelclean_row"]
    annotations = []
    if row in answers:
        chosen = answers[row]
        (prediction,) = task["predictions"]
        result = {**prediction["result"][0], "origin": "prediction", "value": {"choices": list(chosen or [])}}
        annotations = [
            {
                "id": 70 + number,
                "completed_by": 5,
                "result": [result] if chosen else [],
                "was_cancelled": chosen is None,
                "ground_truth": False,
                "created_at": f"2026-04-01T10:00:{number:02}.500000Z",
                "updated_at": f"2026-04-01T10:00:{number:02}.500000Z",
                "lead_time": 2.5,
                "unique_id": "c0ffee",
            }
        ]
    return {"id": number, "data": task["data"], "annotations": annotations, "predictions": [number], "project": 1}


def _argilla(number: int, record: Task, answers: Mapping[int, Sequence[str] | None]) -> Task:
    """Turn a record into columns, as ``to_list(flatten=True)`` does."""
    row = record["metadata"]["labelclean_row"]
    suggestion = record["suggestions"].get("label", {})
    values: Task = {"label.responses": None, "label.responses.users": None, "label.responses.status": None}
    if row in answers:
        chosen = answers[row]
        is_list = isinstance(suggestion["value"], list)
        values = {
            "label.responses": [suggestion["value"] if chosen is None else list(chosen) if is_list else chosen[0]],
            "label.responses.users": ["5e0d0000-0000-4000-8000-000000000005"],
            "label.responses.status": ["discarded" if chosen is None else "submitted"],
        }
    return {
        "id": record["id"],
        "status": "pending",
        "_server_id": f"00000000-0000-4000-8000-{number:012}",
        **record["fields"],
        **record["metadata"],
        "label.suggestion": suggestion.get("value"),
        "label.suggestion.score": suggestion.get("score"),
        "label.suggestion.agent": suggestion.get("agent"),
        **values,
    }


def _doccano(number: int, record: Task, answers: Mapping[int, Sequence[str] | None]) -> Task:
    """Add an id and comments; there is no passing over, such a text just stays without a label."""
    chosen = answers.get(record["labelclean_row"])
    return {"id": 300 + number, **record, "label": list(chosen or []), "Comments": []}


def _prodigy(number: int, task: Task, answers: Mapping[int, Sequence[str] | None]) -> Task:
    """Add hashes and the answer."""
    row = task["labelclean_row"]
    done = {**task, "_input_hash": -number, "_task_hash": number, "_view_id": "choice"}
    if row not in answers:
        return done
    chosen = answers[row]
    answer = {"accept": task["accept"], "answer": "ignore"} if chosen is None else {"accept": list(chosen)}
    return {**done, "answer": "accept", **answer, "_timestamp": 1775037600 + number, "_annotator_id": "desk-5"}


def _spacy(_number: int, record: Task, answers: Mapping[int, Sequence[str] | None]) -> Task:
    """Set the categories; a text that nobody looked at has none."""
    chosen = answers.get(record["labelclean_row"])
    if chosen is None:
        return {**record, "cats": {}}
    return {**record, "cats": {**dict.fromkeys(record["cats"], 0.0), **dict.fromkeys(chosen, 1.0)}}


_TOOLS = {
    "label-studio": _label_studio,
    "argilla": _argilla,
    "doccano": _doccano,
    "prodigy": _prodigy,
    "spacy": _spacy,
}
