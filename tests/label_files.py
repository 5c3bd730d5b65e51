"""Small files whose labels stand in unusual forms, for the tests of the app."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pyarrow as pa  # type: ignore[import-untyped]

__all__ = ["ONE_HOT_LABELS", "dataset_folder", "named_csv", "one_hot_csv", "topic_rows", "votes_csv", "workbook"]

ONE_HOT_LABELS = ("late", "broken", "refund")
_PHRASES = {
    "late": ("the parcel is late", "it should have come last week", "still no delivery"),
    "broken": ("the lamp came broken", "the cup is cracked", "it does not work"),
    "refund": ("please send the money back", "I want a refund", "return the payment"),
}


def topic_rows(n_rows: int) -> list[tuple[str, list[str]]]:
    """Return texts and what they are about: nothing, one thing or two; each tenth row has a label too many."""
    rows = []
    for row in range(n_rows):
        true = [[], ["late"], ["broken"], ["refund"], ["late", "refund"], ["broken", "refund"]][row % 6]
        text = ", ".join(_PHRASES[name][(row // 6) % 3] for name in true) or "hello and thank you"
        wrong = [name for name in ONE_HOT_LABELS if name not in true][:1] if row % 10 == 3 else []
        rows.append((f"{text} (order {row})", sorted([*true, *wrong], key=ONE_HOT_LABELS.index)))
    return rows


def one_hot_csv(n_rows: int = 60) -> bytes:
    """Return a table with an ``x`` or nothing under each label."""
    head = ["nr", "message", *ONE_HOT_LABELS]
    lines = [
        [f"m{row}", text, *("x" if name in given else "" for name in ONE_HOT_LABELS)]
        for row, (text, given) in enumerate(topic_rows(n_rows))
    ]
    return _csv([head, *lines])


def named_csv(n_rows: int = 60) -> bytes:
    """Return a table in which one class has three names."""
    names = {"refund": ("refund", "Refund", "refund ")}
    lines = []
    for row, (text, given) in enumerate(topic_rows(n_rows)):
        label = given[0] if given else "other"
        lines.append([f"m{row}", text, names.get(label, (label,) * 3)[row // 6 % 3]])
    return _csv([["nr", "message", "topic"], *lines])


def votes_csv(n_rows: int = 60) -> bytes:
    """Return a table with the labels of three annotators, the last of whom is often wrong."""
    lines = []
    for row, (text, given) in enumerate(topic_rows(n_rows)):
        label = given[0] if given else "other"
        lines.append([f"m{row}", text, label, label if row % 7 else "", "late" if row % 2 else label])
    return _csv([["nr", "message", "kim", "lee", "sam"], *lines])


def workbook(n_rows: int = 60) -> bytes:
    """Return a workbook whose first sheet is a note, whose second one is the table, with a formula beside it."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    note = book.create_sheet("Read me")
    note.append(["The messages are on the next sheet."])
    sheet = book.create_sheet("Messages")
    sheet.append(["nr", "message", "topic", "length"])
    for row, (text, given) in enumerate(topic_rows(n_rows)):
        sheet.append([row, text, given[0] if given else "other", f"=LEN(B{row + 2})"])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _csv(lines: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(lines)
    return text.getvalue().encode()


def dataset_folder(folder: Path, n_rows: int = 60) -> Path:
    """Write a folder as Hugging Face ``datasets`` does, in which labels are positions in a list of names."""
    features = {
        "message": {"dtype": "string", "_type": "Value"},
        "topic": {"names": ["other", *ONE_HOT_LABELS], "_type": "ClassLabel"},
    }
    names = ["other", *ONE_HOT_LABELS]
    rows = topic_rows(n_rows)
    table = pa.table(
        {
            "message": [text for text, _ in rows],
            "topic": [names.index(given[0]) if given else 0 for _, given in rows],
        },
        metadata={"huggingface": json.dumps({"info": {"features": features}})},
    )
    folder.mkdir(parents=True)
    with pa.ipc.new_stream(str(folder / "data-00000-of-00001.arrow"), table.schema) as writer:
        writer.write_table(table)
    state = {"_data_files": [{"filename": "data-00000-of-00001.arrow"}], "_fingerprint": "00", "_split": None}
    (folder / "state.json").write_text(json.dumps(state), encoding="utf-8")
    (folder / "dataset_info.json").write_text(json.dumps({"features": features}), encoding="utf-8")
    return folder
