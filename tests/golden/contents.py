"""Compare what was written with the original, cell by cell, with libraries that are not labelclean's own."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import tempfile
import zipfile
from pathlib import Path

import openpyxl
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]
import zstandard

from labelclean.io.layout import FileLayout
from tests.golden.expectations import Expected

Rows = list[dict[str, object]]
CellChanges = dict[int, dict[str, object]]


def cells_that_differ(written: bytes, golden: Expected, layout: FileLayout) -> CellChanges:
    """Return the cells that are not what they were (rows that were to go are left out); all else must be the same."""
    old_frame, old = content_of(None, golden, layout)
    new_frame, new = content_of(written, golden, layout)
    kept = [row for row in range(len(old)) if row not in set(golden.dropped_rows)]
    assert old_frame == new_frame
    assert len(new) == len(kept)
    differences: CellChanges = {}
    for row, record in zip(kept, new, strict=True):
        changed = {key: value for key, value in record.items() if not _is_same(value, old[row].get(key, _NOT_THERE))}
        assert set(old[row]) <= set(record)
        if changed:
            differences[row] = changed
    return differences


def unpacked(content: bytes, layout: FileLayout) -> bytes:
    """Return what is inside of an archive, or the content itself if it is none."""
    match layout.compression:
        case "gzip":
            return gzip.decompress(content)
        case "bz2":
            return bz2.decompress(content)
        case "xz":
            return lzma.decompress(content)
        case "zstd":
            with zstandard.ZstdDecompressor().stream_reader(content) as stream:
                return stream.read()
        case "zip":
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                return archive.read(next(member for member in archive.infolist() if not member.is_dir()))
        case None:
            return content


def content_of(written: bytes | None, golden: Expected, layout: FileLayout) -> tuple[object, Rows]:
    """Return what a file holds beside its rows, and its rows; None stands for the original."""
    if layout.file_format == "arrow":
        return _arrow_content(written, golden.path, layout)
    content = golden.path.read_bytes() if written is None else written
    if layout.file_format == "parquet":
        return _parquet_content(content)
    if layout.file_format == "xlsx":
        return _workbook_content(content, layout, keeps_rows=not golden.dropped_rows)
    raise AssertionError("text formats say the whole output: output.text or output.base64")


_NOT_THERE = object()
_FINGERPRINT = re.compile(rb'"_fingerprint": "[0-9a-f]{16}"')  # what tells a corrected dataset from the old one


def _is_same(one: object, other: object) -> bool:
    return type(one) is type(other) and (one == other or (one != one and other != other))  # noqa: PLR0124  (NaN)


def _parquet_content(content: bytes) -> tuple[object, Rows]:
    file = pq.ParquetFile(io.BytesIO(content))
    groups = [file.metadata.row_group(group) for group in range(file.num_row_groups)]
    compressions = [group.column(0).compression for group in groups] if file.metadata.num_columns else []
    schema = file.schema_arrow
    frame = (schema.to_string(), schema.metadata, [schema.field(name).metadata for name in schema.names], compressions)
    return frame, file.read().to_pylist()


def _arrow_content(written: bytes | None, path: Path, layout: FileLayout) -> tuple[object, Rows]:
    with tempfile.TemporaryDirectory() as folder:
        if written is not None or path.is_file():
            content = path.read_bytes() if written is None else written
            path = Path(folder)
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                archive.extractall(path)
        return _arrow_folder_content(path, layout)


def _arrow_folder_content(path: Path, layout: FileLayout) -> tuple[object, Rows]:
    files = sorted(file for file in path.rglob("*") if file.is_file())
    tables = [pa.ipc.open_stream(file.read_bytes()).read_all() for file in files if file.suffix == ".arrow"]
    rows: Rows = [row for table in tables for row in table.to_pylist() if set(layout.columns) <= set(row)]
    others = {
        file.relative_to(path).as_posix(): _FINGERPRINT.sub(b"", file.read_bytes())
        for file in files
        if file.suffix != ".arrow"
    }
    return ([(table.schema.to_string(), table.schema.metadata) for table in tables], others), rows


def _workbook_content(content: bytes, layout: FileLayout, *, keeps_rows: bool) -> tuple[object, Rows]:
    book = openpyxl.load_workbook(io.BytesIO(content), rich_text=True)
    sheet = book[layout.part]
    table = [[cell.value for cell in row] for row in sheet.iter_rows()]
    header = next(row for row in table if any(value is not None for value in row))
    rows: Rows = [
        {str(name): value for name, value in zip(header, row, strict=True) if name is not None}
        for row in table[table.index(header) + 1 :]
        if any(value is not None for value in row)
    ]
    others = [
        (other.title, [[cell.value for cell in row] for row in other.iter_rows()])
        for other in book.worksheets
        if other.title != layout.part
    ]
    styles = [(cell.coordinate, cell.style_id, cell.number_format) for row in sheet.iter_rows() for cell in row]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {
            member.filename: (member.date_time, archive.read(member))
            for member in archive.infolist()
            if not member.filename.startswith("xl/worksheets/sheet")
        }
        order = archive.namelist()
    return (others, styles if keeps_rows else None, members, order), rows
