"""Each way of not being JSON has words of its own, in every JSON format."""

from __future__ import annotations

from pathlib import Path

import pytest

from labelclean.errors import FileContentError
from labelclean.io.layout import FileFormat
from tests.json_cases import FileOf

AROUND: dict[FileFormat, tuple[str, str]] = {
    "jsonl": ("", "\n"),
    "json": ("[\n", "]"),
    "json_columns": ('{"a":[\n', "]}"),
}


@pytest.mark.parametrize("file_format", AROUND)
@pytest.mark.parametrize(
    ("text", "column", "what", "fix"),
    [
        ('{"a": [1,]}', 10, "a comma stands before a closing bracket", "Take that comma away"),
        ('{"a": 1, }', 10, "a comma stands before a closing bracket", "Take that comma away"),
        ('{"a": 1 /* one */}', 9, "there is a comment", "Take the comments away"),
        ('{"a": // one', 7, "there is a comment", "Take the comments away"),
        ('{"a": 1, # one', 10, "there is a comment", "Take the comments away"),
        ("{'a': 1}", 2, "a single quote stands where a double quote must", "double quotes"),
        ("{\"a\": 'x'}", 7, "a single quote stands where a double quote must", "double quotes"),
        ("{a: 1}", 2, "a key stands without quotes", "double quotes"),
        ('{"a": x}', 7, "what stands there is no JSON value", "double quotes"),
        ('{"a": True}', 7, "a value is spelled as in another language", "true, false or null"),
        ('{"a": None}', 7, "a value is spelled as in another language", "true, false or null"),
        ('{"a": 01}', 8, "a number is spelled in a way that JSON does not have", "Correct it"),
        ('{"a": 1.}', 8, "a number is spelled in a way that JSON does not have", "Correct it"),
        ('{"a": +1}', 7, "a number is spelled in a way that JSON does not have", "Correct it"),
        ('{"a": .5}', 7, "a number is spelled in a way that JSON does not have", "Correct it"),
        ('{"a": 0x1}', 8, "a number is spelled in a way that JSON does not have", "Correct it"),
        ('{"a": "x\ty"}', 9, "a text holds a line break, a tab or another control character", r"\\t"),
        ('{"a": "\\x"}', 8, "a backslash is followed by no escape", "backslash"),
        ('{"a": "\\u12"}', 9, "a backslash is followed by no escape", "backslash"),
        ('{"a": "say "x""}', 13, "a comma or a closing bracket is missing", "backslash"),
        ('{"a": 1 "b": 2}', 9, "a comma or a closing bracket is missing", "backslash"),
        ('{"a" 1}', 6, "a colon is missing", "Correct"),
        ('{"a": \ufeff1}', 7, "a byte order mark", "Remove it"),
        ('{"a": }', 7, "what stands there is no JSON value", "Correct"),
    ],
)
def test_a_flaw_is_named_and_has_a_fix(
    tmp_path: Path, *, file_format: FileFormat, text: str, column: int, what: str, fix: str
) -> None:
    """What is wrong, in which line and column, and what to do."""
    before, after = AROUND[file_format]
    line = 1 if file_format == "jsonl" else 2
    # Brackets make an empty element of what would go on in the next line.
    with pytest.raises(FileContentError, match=rf"line {line}\b.*column {column} on: .*{what}") as caught:
        FileOf(tmp_path, file_format, f"{before}{text}{after}").scan()

    assert fix.replace("\\\\", "\\") in caught.value.fix
