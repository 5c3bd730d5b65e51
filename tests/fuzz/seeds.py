"""The golden files that each reader's mutations start from."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

from labelclean.io.layout import FileFormat
from tests.golden.expectations import ARCHIVES, Expected, find_expectations, load

FORMATS: dict[str, FileFormat] = {
    "csv": "csv",
    "tsv": "tsv",
    "jsonl": "jsonl",
    "json": "json",
    "json_columns": "json_columns",
    "fasttext": "fasttext",
    "parquet": "parquet",
    "arrow": "arrow",
    "xlsx": "xlsx",
}
READERS = (*FORMATS, "containers")
MOST_SEED_BYTES = 64 * 1024


def seeds(reader: str) -> list[tuple[bytes, str, dict[str, Any]]]:
    """Return content, name and reading options of the files that a reader is fuzzed with; there is at least one."""
    found = [load(path) for path in find_expectations()]
    fitting = [golden for golden in found if _fits(golden, reader) and golden.path.exists()]
    contents = [(_content(golden.path), golden.name, dict(golden.options)) for golden in fitting]
    if not contents:
        raise SystemExit(f"There is no golden file for {reader!r}; add one under tests/golden/files.")
    return [(content, name, options) for content, name, options in contents if len(content) <= MOST_SEED_BYTES]


def _fits(golden: Expected, reader: str) -> bool:
    if reader == "containers":
        return bool(set(golden.covers) & set(ARCHIVES))
    return bool(set(golden.covers) & ({reader, "other delimiter"} if reader == "csv" else {reader}))


def _content(path: Path) -> bytes:
    """Return the bytes of a file; a folder is packed as it would be uploaded."""
    if not path.is_dir():
        return path.read_bytes()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for file in sorted(path.rglob("*")):
            if file.is_file():
                archive.writestr(zipfile.ZipInfo(str(file.relative_to(path))), file.read_bytes())
    return packed.getvalue()
