"""The public conformance suites are read as they say, or refused in our own words."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from labelclean.errors import LabelCleanError
from labelclean.io.layout import ColumnRoles, FileFormat
from labelclean.io.source import inspect_file, read_columns, read_dataset, write_back
from tests.public_suites import csv_cases, json_cases

ROLES = ColumnRoles(text="text", label="label")
AS_PANDAS_WRITES = {"n_number_NaN", "n_number_infinity", "n_number_minus_infinity"}
"""No JSON, but what Python and pandas write for missing numbers: read as missing, with a warning."""
AROUND: dict[FileFormat, tuple[str, str]] = {
    "jsonl": ('{"text": "t", "label": "a", "value": ', ', "n": 1}\n{"text": "u", "label": "b"}\n'),
    "json": ('[{"text": "t", "label": "a", "value": ', ', "n": 1}, {"text": "u", "label": "b"}]'),
}


def test_the_suites_are_those_that_are_meant() -> None:
    """A dozen tables, three hundred documents."""
    names = json_cases().keys()

    assert len(csv_cases()) == 12
    assert [sum(name.startswith(kind) for name in names) for kind in ("y_", "n_", "i_")] == [95, 188, 35]


def test_tables_of_csv_spectrum_hold_what_the_suite_says(tmp_path: Path) -> None:
    """Quotes, line breaks and all; and they come back as the same bytes."""
    for name, (content, expected) in csv_cases().items():
        path = tmp_path / f"{name}.csv"
        path.write_bytes(content)
        layout = inspect_file(path).layout
        columns = read_columns(path, layout, layout.columns)
        found = [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]
        copy = io.BytesIO()

        write_back(path, copy, layout, ColumnRoles(text=layout.columns[0], label=layout.columns[-1]), {})

        assert copy.getvalue() == content
        if name == "location_coordinates":  # here the suite expects another telephone number than stands in its table
            assert columns["Cities"] == ["Modesto"]
        else:
            assert (name, found) == (name, expected)


@pytest.mark.parametrize("file_format", AROUND)
def test_documents_of_the_json_suite_inside_records(tmp_path: Path, file_format: FileFormat) -> None:
    """What must be read is read, and stays as it stands when the label beside it is corrected; what must not is not."""
    path, wrong = tmp_path / "table.json", set()
    before, after = AROUND[file_format]
    for name, document in json_cases().items():
        if file_format == "jsonl" and ("\n" in document or "\r" in document):
            continue
        path.write_bytes((before + document + after).encode("utf-8", "surrogatepass"))
        if _is_read(path, file_format, before, document, after) is not {"y": True, "n": False}.get(name[0]):
            wrong.add(name)

    assert {name for name in wrong if not name.startswith("i_")} == AS_PANDAS_WRITES


def test_documents_of_the_json_suite_as_files_are_no_tables_or_empty_ones(tmp_path: Path) -> None:
    """None is an array of objects with texts and labels, so all are refused in our own words."""
    path = tmp_path / "table.json"
    for document in json_cases().values():
        path.write_bytes(document.encode("utf-8", "surrogatepass"))
        with pytest.raises(LabelCleanError):
            read_dataset(path, inspect_file(path).layout, ROLES)


def _is_read(path: Path, file_format: FileFormat, before: str, document: str, after: str) -> bool:
    try:
        summary = inspect_file(path, file_format=file_format)
        dataset = read_dataset(path, summary.layout, ROLES)
    except LabelCleanError:
        return False
    assert any("NaN or Infinity" in warning for warning in summary.warnings) is ("N" in document or "Inf" in document)
    target = io.BytesIO()
    write_back(path, target, summary.layout, ROLES, {0: "b"})
    assert dataset.texts == ("t", "u")
    assert target.getvalue() == (before.replace('"a"', '"b"') + document + after).encode("utf-8", "surrogatepass")
    return True
