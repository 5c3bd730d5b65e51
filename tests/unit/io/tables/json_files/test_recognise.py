"""Which kind of JSON a file is, by its first text."""

from __future__ import annotations

import json

import pytest

from labelclean.io.tables.json_files.recognise import recognise_json

ROW = '{"text": "a", "label": "b"}'
COLUMNS = '{"text": ["a", "b"], "label": ["x", "y"]}'
PANDAS = '{"text": {"0": "a"}, "label": {"0": "x"}}'
PART = '{"version": 1, "data": [{"text": "a"}]}'


@pytest.mark.parametrize(
    ("sample", "suffix", "kind"),
    [
        (ROW, "", "jsonl"),
        (f"{ROW}\n{ROW}\n", "", "jsonl"),
        (f"{ROW}\n{ROW}\n", ".json", "jsonl"),
        (f"{ROW}\n{ROW}\n", ".csv", "jsonl"),
        (f"\n \ufeff{ROW}\n", "", "jsonl"),
        (json.dumps(json.loads(ROW), indent=2), ".json", "jsonl"),
        (f"[{ROW}]", "", "json"),
        (f"[\n  {ROW},\n  {ROW}\n]\n", ".jsonl", "json"),
        (f"[{ROW}]", ".csv", "json"),
        ("[]", "", "json"),
        ("[1, 2]", ".json", "json"),
        ("[[1], [2]]", "", "json"),
        ("[1]\n[2]\n", ".jsonl", "jsonl"),
        ("[broken", ".json", "json"),
        ("[broken", "", None),
        ("[12:30] hello, you\n[12:31] bye\n", "", None),
        ("[1],[2]\n", ".csv", None),
        (COLUMNS, ".json", "json_columns"),
        (COLUMNS, ".jsonl", "jsonl"),
        (f"{COLUMNS}\n{COLUMNS}\n", "", "jsonl"),
        (PANDAS, "", "json_columns"),
        ('{"text": ["a", "b"], "label": ["x"]}', "", "jsonl"),
        ('{"text": "a", "tags": ["x"]}', "", "jsonl"),
        ('{"text": "a", "meta": {"x": 1}}', "", "jsonl"),
        ('{"a": {"x": 1}, "b": {"y": 1}}', "", "jsonl"),
        ('{"columns": ["text"], "index": [0, 1], "data": [["a"], ["b"]]}', "", "json_columns"),
        ('{"0": {"text": "a"}, "1": {"text": "b", "label": "x"}}', "", "json_columns"),
        ('{"train": [["a", "x"]]}', "", "json_columns"),
        ('{"train": [["a", "x"]]}', ".jsonl", "jsonl"),
        ('{"schema": {"fields": []}, "data": [{"text": "a"}]}', "", "json"),
        (PART, "", "json"),
        (PART, ".jsonl", "jsonl"),
        (f"{PART}\n{PART}", "", "jsonl"),
        ("{'text': 1}", "", "jsonl"),
        ("{'text': 1}", ".csv", None),
        ("// made by hand\n{}", ".json", "jsonl"),
        ('"text"', ".jsonl", "jsonl"),
        ("", ".json", "jsonl"),
        ("text,label\na,b\n", ".json", None),
        ("text,label\na,b\n", "", None),
        ("1,2\n", "", None),
    ],
)
def test_content_decides_and_the_suffix_helps(sample: str, suffix: str, kind: str | None) -> None:
    """Broken JSON is some kind of JSON, so that its reader can say what is wrong."""
    found = recognise_json(sample, is_whole=True, suffix=suffix)

    assert (None if found is None else found[0]) == kind
    assert found is None or found[1].endswith(".")


@pytest.mark.parametrize(
    ("sample", "suffix", "kind"),
    [
        ('[{"text": "' + "x" * 99, "", "json"),
        ('{"text": "' + "x" * 99, "", "jsonl"),
        ('{"text": "a", "tags": ["x"], "more": "' + "x" * 99, "", "jsonl"),
        (f"{ROW}\n{ROW[:10]}", "", "jsonl"),
        ('{"version": 1, "data": [{"text": "' + "x" * 99, "", "json"),
        ('{"version": 1, "data": [{"text": "' + "x" * 99, ".jsonl", "jsonl"),
        ('{"text": ["x", "y", "' + "x" * 99, "", "json_columns"),
        ('{"text": {"0": "x", "1": "' + "x" * 99, "", "json_columns"),
        ('{"data": {"a": ' + "[" * 100_000, "", "jsonl"),
        ("{" + '"k": {"text": "a"},' * 11 + '"ke', "", "json_columns"),
        ("{" + '"k": {"text": "a"},' * 10 + '"ke', "", "jsonl"),
        ('{"n": 1,' + '"k": {"text": "a"},' * 11 + '"ke', "", "jsonl"),
    ],
)
def test_the_beginning_of_a_large_file_is_enough(sample: str, suffix: str, kind: str) -> None:
    """The first array or object in an open object decides."""
    found = recognise_json(sample, is_whole=False, suffix=suffix)

    assert found is not None
    assert found[0] == kind
