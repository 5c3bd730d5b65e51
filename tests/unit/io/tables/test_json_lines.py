"""What JSON Lines files have of their own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from labelclean.errors import FileContentError
from labelclean.io.layout import FileLayout
from labelclean.io.tables.json_lines import JSON_LINES

LAYOUT = FileLayout(file_format="jsonl", encoding="utf-8", byte_order_mark=False, delimiter="", columns=(), n_rows=0)


def test_keys_are_columns_in_order_of_first_appearance(tmp_path: Path) -> None:
    """Objects need not have the same keys; a missing one is an empty cell."""
    path = tmp_path / "a"
    path.write_bytes(b'{"b": 1, "a": 2}\n\n{"c": null, "a": "x"}\n')

    scan = JSON_LINES.scan(path, LAYOUT)

    assert (scan.columns, scan.n_rows) == (("b", "a", "c"), 2)
    assert scan.sample == (("1", "2", ""), ("", "x", ""))


def test_the_sample_is_bounded(tmp_path: Path) -> None:
    """All rows are counted, the first ones kept."""
    path = tmp_path / "a"
    path.write_bytes(b'{"a": 1}\n' * 6_000)

    scan = JSON_LINES.scan(path, LAYOUT)

    assert (scan.n_rows, len(scan.sample)) == (6_000, 5_000)


def test_too_many_keys_are_refused(tmp_path: Path) -> None:
    """Keys that are data, such as ids, would give a column each."""
    path = tmp_path / "a"
    path.write_text("".join(json.dumps({f"k{row}": 1}) + "\n" for row in range(10_050)))

    with pytest.raises(FileContentError, match="line 10,001"):
        JSON_LINES.scan(path, LAYOUT)
