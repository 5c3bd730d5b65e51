"""Pages of one column in one row group: written anew in the form they had, or copied as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

import pyarrow as pa  # type: ignore[import-untyped]
from pyarrow import parquet as pq

from labelclean.errors import FileContentError
from labelclean.io.tables.arrow_data.errors import write_all
from labelclean.io.tables.parquet_files.footer import ColumnChunk, Footer, parse_footer
from labelclean.io.tables.parquet_files.thrift import I32, I64, STRUCT, ThriftStruct, parse, parse_first, serialise

__all__ = ["EncodedColumn", "Output", "PageForm", "chunk_form", "encode_column"]

_BLOCK_BYTES = 1 << 20
_MOST_HEADER_BYTES = 1 << 16
_DICTIONARY_PAGE, _DATA_PAGE_V2 = 2, 3
_CODECS = {0: "NONE", 1: "SNAPPY", 2: "GZIP", 4: "BROTLI", 5: "LZ4", 6: "ZSTD", 7: "LZ4"}
_ENCODINGS = {5: "DELTA_BINARY_PACKED", 6: "DELTA_LENGTH_BYTE_ARRAY", 7: "DELTA_BYTE_ARRAY", 9: "BYTE_STREAM_SPLIT"}


@dataclass(frozen=True, kw_only=True, slots=True)
class PageForm:
    """How the pages of a leaf column were written."""

    compression: str = "SNAPPY"
    has_dictionary: bool = True
    encoding: str = "PLAIN"
    has_statistics: bool = True
    has_page_index: bool = False
    has_checksums: bool = False
    page_version: str = "1.0"


@dataclass(frozen=True, kw_only=True, slots=True)
class EncodedColumn:
    """A column as a Parquet file of its own, to take the pages from."""

    data: pa.Buffer
    footer: Footer

    @property
    def chunks(self) -> tuple[ColumnChunk, ...]:
        """Its leaf columns."""
        return self.footer.row_groups[0].chunks


class Output:
    """
    Where a new file is written, with the place that was reached.

    Parameters
    ----------
    target : binary file
        What is written to.
    """

    def __init__(self, target: BinaryIO) -> None:
        self._target = target
        self.place = 0
        self._later: list[tuple[ThriftStruct, int, int, bytes]] = []

    def write(self, data: bytes | memoryview) -> None:
        """Write bytes."""
        write_all(self._target, data)
        self.place += len(data)

    def copy(self, source: BinaryIO, chunk: ColumnChunk) -> ThriftStruct:
        """Copy the pages of a column, and return its part of the footer with the new places."""
        shift = self.place - chunk.start
        source.seek(chunk.start)
        n_left = chunk.n_bytes
        while n_left:
            block = source.read(min(n_left, _BLOCK_BYTES))
            if not block:
                raise FileContentError(
                    "A file must not change while it is read; this one became shorter.", fix="Export again."
                )
            self.write(block)
            n_left -= len(block)
        moved = _moved(chunk, shift)
        self._keep_indexes(source, moved, shift)
        return moved

    def write_indexes(self) -> None:
        """Write what stands behind all pages: their indexes and filters."""
        for fields, place_field, length_field, data in self._later:
            fields.put(place_field, I64, self.place)
            fields.put(length_field, I32, len(data))
            self.write(data)
        self._later.clear()

    def _keep_indexes(self, source: BinaryIO, moved: ThriftStruct, shift: int) -> None:
        """Take along the indexes of a column's pages, and its filter; those that cannot be found are left out."""
        meta = moved.struct(3)
        for fields, place_field, length_field in ((meta, 14, 15), (moved, 6, 7), (moved, 4, 5)):
            place, length = fields.number(place_field, default=0), fields.number(length_field, default=0)
            fields.drop(place_field, length_field)
            if place <= 0 or length <= 0:
                continue
            source.seek(place)
            data = source.read(length)
            if len(data) == length:
                data = _moved_pages(data, shift) if place_field == 4 else data  # noqa: PLR2004  (the pages' places)
                self._later.append((fields, place_field, length_field, data))


def chunk_form(source: BinaryIO, chunk: ColumnChunk) -> PageForm:
    """Return how the pages of a column were written, from the footer and the first pages."""
    meta = chunk.meta
    has_dictionary = meta.number(11, default=0) > 0
    encodings = meta.fields[2][1]
    names = [_ENCODINGS[code] for code in getattr(encodings, "values", []) if code in _ENCODINGS]
    header = _data_page_header(source, chunk)
    return PageForm(
        compression=_CODECS.get(meta.number(4), "SNAPPY"),
        has_dictionary=has_dictionary,
        encoding=names[0] if names else "PLAIN",
        has_statistics=meta.has(12),
        has_page_index=chunk.fields.has(4),
        has_checksums=header.has(4),
        page_version="2.0" if header.number(1, default=0) == _DATA_PAGE_V2 else "1.0",
    )


def encode_column(
    column: pa.ChunkedArray, field: pa.Field, forms: Sequence[PageForm], leaves: Sequence[pq.ColumnSchema] = ()
) -> EncodedColumn:
    """
    Write a column as a Parquet file of its own in one row group.

    Parameters
    ----------
    column : ChunkedArray
        Its values.
    field : Field
        Its name and type.
    forms : sequence of PageForm
        One for each of its leaf columns.
    leaves : sequence of ColumnSchema, default=()
        How the file that the pages are for describes these leaf columns; by default they are new there.

    Raises
    ------
    FileContentError
        If the pages would not fit that file.
    """
    schema = pa.schema([field])
    options = {
        "use_deprecated_int96_timestamps": any(leaf.physical_type == "INT96" for leaf in leaves),
        "store_schema": False,
    }
    if any(map(_is_whole_decimal, leaves)):
        options["store_decimal_as_integer"] = True  # older versions of pyarrow neither know nor write it
    written = _leaves_written(schema, options)
    if len(written) != len(forms) or (leaves and list(map(_form_of, written)) != list(map(_form_of, leaves))):
        raise cannot_write(field.name)
    by_path = {leaf.path: form for leaf, form in zip(written, forms, strict=True)}
    plain = {path: form.encoding for path, form in by_path.items() if not form.has_dictionary}
    buffer = pa.BufferOutputStream()
    with pq.ParquetWriter(
        buffer,
        schema,
        compression={path: form.compression for path, form in by_path.items()},
        use_dictionary=[path for path, form in by_path.items() if form.has_dictionary],
        column_encoding={path: encoding for path, encoding in plain.items() if encoding != "PLAIN"} or None,
        write_statistics=[path for path, form in by_path.items() if form.has_statistics],
        write_page_index=any(form.has_page_index for form in forms),
        write_page_checksum=any(form.has_checksums for form in forms),
        data_page_version=max(form.page_version for form in forms),
        **options,
    ) as writer:
        writer.write_table(pa.Table.from_arrays([column], schema=schema), row_group_size=max(1, len(column)))
    return _encoded(buffer.getvalue(), field.name)


def cannot_write(column: str) -> FileContentError:
    """Return the error for a column whose form in the file pyarrow reads but does not write."""
    return FileContentError(
        f"A column that changes must be stored in a form that can be written; column “{column}” is stored in an old "
        "or unusual one.",
        fix="Write the file again with pandas or pyarrow, then upload that.",
    )


def _encoded(data: pa.Buffer, column: str) -> EncodedColumn:
    n_bytes = int.from_bytes(data[-8:-4].to_pybytes(), "little")
    footer = parse_footer(data[len(data) - 8 - n_bytes : len(data) - 8].to_pybytes())
    if len(footer.row_groups) != 1:
        raise cannot_write(column)
    return EncodedColumn(data=data, footer=footer)


def _leaves_written(schema: pa.Schema, options: dict[str, bool]) -> list[pq.ColumnSchema]:
    buffer = pa.BufferOutputStream()
    pq.write_table(schema.empty_table(), buffer, **options)
    leaves = pq.ParquetFile(pa.BufferReader(buffer.getvalue())).schema
    return [leaves.column(place) for place in range(len(leaves))]


def _is_whole_decimal(leaf: pq.ColumnSchema) -> bool:
    return leaf.logical_type.type == "DECIMAL" and leaf.physical_type in {"INT32", "INT64"}


def _form_of(leaf: pq.ColumnSchema) -> tuple[str, int, int, int]:
    """Return what must be the same for pages to fit."""
    length = leaf.length if leaf.physical_type == "FIXED_LEN_BYTE_ARRAY" else 0  # some writers give one to numbers too
    return (leaf.physical_type, length, leaf.max_definition_level, leaf.max_repetition_level)


def _data_page_header(source: BinaryIO, chunk: ColumnChunk) -> ThriftStruct:
    """Return the header of a column's first page of data; an empty one if there is none."""
    place = chunk.start
    for _ in range(2):
        if place >= chunk.start + chunk.n_bytes:
            break
        source.seek(place)
        header, n_bytes = parse_first(source.read(_MOST_HEADER_BYTES))
        if header.number(1) != _DICTIONARY_PAGE:
            return header
        place += n_bytes + header.number(3)
    return ThriftStruct()


def _moved(chunk: ColumnChunk, shift: int) -> ThriftStruct:
    """
    Return what the footer says of a column whose pages stand elsewhere.

    Older writers repeat a column's description behind its pages, and point to it; 0 says that there is none.
    """
    moved, meta = chunk.fields.copy(), chunk.meta.copy()
    moved.put(2, I64, chunk.start + shift if moved.number(2, default=0) == chunk.start else 0)
    for field in (9, 10, 11):
        if meta.number(field, default=0) > 0:
            meta.put(field, I64, meta.number(field) + shift)
    moved.put(3, STRUCT, meta)
    return moved


def _moved_pages(data: bytes, shift: int) -> bytes:
    """Return the index that says where pages begin, for pages that stand elsewhere."""
    index = parse(data)
    pages = [page.copy() for page in index.structs(1)]
    for page in pages:
        page.put(1, I64, page.number(1) + shift)
    index.put_structs(1, pages)
    return serialise(index)
