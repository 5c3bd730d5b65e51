"""The golden files that each reader's mutations start from."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path
from typing import Any

from labelclean.io.layout import FileFormat
from tests.fuzz.made_seeds import made_seeds
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
ENCODINGS = ("utf-8", "utf-16", "utf-32-be", "latin-1", "cp1252", "gb18030", "shift_jis", "utf-7", "koi8-r")
DELIMITERS = (",", ";", "\t", "|", " ", "a", "0")
MOST_SEED_BYTES = 64 * 1024
_SLOW = {"50 MB cell", "zip bomb"}


def seeds(reader: str) -> list[tuple[bytes, str, dict[str, Any]]]:
    """Return content, name and reading options of the files that a reader is fuzzed with."""
    found = [load(path) for path in find_expectations()]
    fitting = [golden for golden in found if _fits(golden, reader) and golden.path.exists()]
    contents = [(_content(golden.path), golden.name, dict(golden.options)) for golden in fitting]
    contents += [(content, *how_to_read(reader, content)) for content in made_seeds(reader)]
    return [(content, name, options) for content, name, options in contents if len(content) <= MOST_SEED_BYTES]


def how_to_read(reader: str, content: bytes) -> tuple[str, dict[str, Any]]:
    """Return a name and reading options; the same content is always read the same way."""
    number = zlib.crc32(content)
    options: dict[str, Any] = {}
    if number % 5 == 0:
        options["encoding"] = ENCODINGS[number // 5 % len(ENCODINGS)]
    if number % 7 == 0:
        options["quoting"] = False
    if number % 11 == 0:
        options["delimiter"] = DELIMITERS[number // 11 % len(DELIMITERS)]
    if number % 13 == 0:
        options["part"] = "data"
    if reader == "containers":
        return ("table.csv" if number % 4 else "table"), options
    names = {"csv": "table.csv", "tsv": "table.tsv", "fasttext": "table.txt", "arrow": "table.zip"}
    name = names.get(reader, f"table.{reader.removesuffix('_columns')}")
    return name, options | ({"file_format": FORMATS[reader]} if number % 4 else {})


def _fits(golden: Expected, reader: str) -> bool:
    if _SLOW & set(golden.covers):
        return False
    if reader == "containers":
        # A quote that never ends is megabytes long inside of an archive.
        return bool(set(golden.covers) & set(ARCHIVES)) and "unterminated quote" not in golden.covers
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
