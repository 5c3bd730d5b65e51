"""Read what stands beside each golden file: how to read it, and what must come of it."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from labelclean.arrays import Label
from labelclean.io.layout import ColumnRoles, FileSummary, LabelSpelling, VoteColumns
from labelclean.label_set import LabelSet

FOLDER = Path(__file__).parent / "files"
SUFFIX = ".expected.json"

FORMATS = ("csv", "tsv", "other delimiter", "jsonl", "json", "json_columns", "fasttext", "parquet", "arrow", "xlsx")
ARCHIVES = ("gzip", "bz2", "xz", "zstd", "zip")
SPELLINGS = ("joined", "json_list", "python_list", "array", "scores", "one_hot", "repeated", "names")
VOTES = ("annotator columns", "annotator rows")
BAD_INPUT = (
    *("ragged rows", "unterminated quote", "NUL bytes", "mixed line ends", "mixed encodings", "BOM in the middle"),
    *("duplicate column names", "empty column names", "10,000 columns", "50 MB cell", "literal numbers", "dates"),
    *("JSON duplicate keys", "JSON NaN", "JSON trailing comma", "lone surrogate", "deep nesting", "broken JSON line"),
    *("truncated gzip", "truncated Parquet", "zip with two members", "zip bomb", "path traversal"),
    *("encrypted Excel", "macro Excel", "formula label", "formula injection", "pickle", "npy with objects"),
    *("a folder", "an empty file"),
)
TOPICS = (*FORMATS, *ARCHIVES, *SPELLINGS, *VOTES, *BAD_INPUT)
"""What a file can cover; the test asks for at least one file for each."""

_FIELDS = {
    *("covers", "name", "reading", "error", "layout", "columns", "texts", "labels", "row_ids", "warnings", "reasons"),
    *("edits", "dropped_rows", "output", "write_error", "n_changed", "about"),
}
_READING = {"format", "encoding", "delimiter", "compression", "part", "quoting", "columns", "spelling", "votes"}


@dataclass(frozen=True, kw_only=True, slots=True)
class ErrorWords:
    """Regular expressions that an error's message and fix must contain."""

    message: str
    fix: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Expected:
    """One golden file and what must come of it."""

    path: Path
    name: str
    covers: tuple[str, ...]
    options: Mapping[str, Any]
    roles: Mapping[str, Any]
    error: ErrorWords | None
    layout: Mapping[str, object]
    columns: tuple[str, ...] | None
    texts: list[str] | None
    labels: list[Label | None] | None
    row_ids: list[str] | None
    warnings: tuple[str, ...]
    reasons: Mapping[str, str]
    edits: Mapping[int, Label | None] = field(default_factory=dict)
    dropped_rows: tuple[int, ...] = ()
    n_changed: int | None = None
    output_bytes: bytes | None = None
    output_cells: Mapping[int, Mapping[str, object]] | None = None
    write_error: ErrorWords | None = None

    def roles_for(self, summary: FileSummary) -> ColumnRoles:
        """Return the guessed roles, or those the expectation names."""
        guessed = {guess.role: guess.column for guess in summary.guesses}
        named = self.roles.get("columns", {})
        spelling, votes = self.roles.get("spelling"), self.roles.get("votes")
        text, label = named.get("text", guessed["text"]), named.get("label", guessed["label"])
        assert text is not None, "no column was guessed to hold texts; name it under reading.columns.text"
        assert label is not None, "no column was guessed to hold labels; name it under reading.columns.label"
        return ColumnRoles(
            text=text,
            label=label,
            row_id=named.get("row_id", guessed.get("row_id")),
            spelling=summary.spelling if spelling is None else LabelSpelling(**_tuples(spelling)),
            votes=summary.votes if votes is None else VoteColumns(**_tuples(votes)),
        )


def find_expectations() -> list[Path]:
    """Return the paths of all expectations, sorted."""
    return sorted(FOLDER.rglob(f"*{SUFFIX}"))


def load(expectation: Path) -> Expected:
    """Read one expectation; a field that is not known fails."""
    values: dict[str, Any] = json.loads(expectation.read_text(encoding="utf-8"))
    reading = values.get("reading", {})
    _check_fields(values, _FIELDS)
    _check_fields(reading, _READING)
    options = {
        key: reading[key] for key in ("encoding", "delimiter", "compression", "part", "quoting") if key in reading
    }
    path = expectation.with_name(expectation.name.removesuffix(SUFFIX))
    output = values.get("output", {})
    return Expected(
        path=path,
        name=values.get("name", path.name),
        covers=tuple(values["covers"]),
        options=options | ({"file_format": reading["format"]} if "format" in reading else {}),
        roles={key: reading[key] for key in ("columns", "spelling", "votes") if key in reading},
        error=_error(values.get("error")),
        layout=values.get("layout", {}),
        columns=None if "columns" not in values else tuple(values["columns"]),
        texts=values.get("texts"),
        labels=None if "labels" not in values else [_label(label) for label in values["labels"]],
        row_ids=values.get("row_ids"),
        warnings=tuple(values.get("warnings", ())),
        reasons=values.get("reasons", {}),
        edits={int(row): _label(label) for row, label in values.get("edits", {}).items()},
        dropped_rows=tuple(values.get("dropped_rows", ())),
        n_changed=values.get("n_changed"),
        output_bytes=_output_bytes(output),
        output_cells=_output_cells(output),
        write_error=_error(values.get("write_error")),
    )


def _check_fields(values: Mapping[str, object], known: set[str]) -> None:
    unknown = set(values) - known
    assert not unknown, f"unknown fields {sorted(unknown)}; the README lists those there are"


def _error(words: Mapping[str, str] | None) -> ErrorWords | None:
    return None if words is None else ErrorWords(message=words["message"], fix=words["fix"])


def _label(value: Any) -> Label | None:
    if isinstance(value, dict):
        return LabelSet(value["set"])
    label: Label | None = value
    return label


def _output_bytes(output: Mapping[str, Any]) -> bytes | None:
    if "base64" in output:
        return base64.b64decode(output["base64"])
    if "text" in output:
        text: str = output["text"]
        return text.encode(output.get("encoding", "utf-8"))
    return None


def _output_cells(output: Mapping[str, Any]) -> Mapping[int, Mapping[str, object]] | None:
    return {int(row): cells for row, cells in output["cells"].items()} if "cells" in output else None


def _tuples(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}
