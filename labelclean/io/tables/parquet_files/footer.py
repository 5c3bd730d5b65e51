"""The footer of a Parquet file: its columns, its row groups and where their pages stand, checked against the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from labelclean.errors import FileContentError
from labelclean.io.tables.parquet_files.thrift import ThriftStruct, parse
from labelclean.io.text.records import MAX_COLUMNS

__all__ = ["MAGIC", "ColumnChunk", "Footer", "RowGroup", "TopColumn", "parse_footer", "read_footer"]

MAGIC = b"PAR1"
_ENCRYPTED_MAGIC = b"PARE"
_TAIL_BYTES = 8
_MAX_DEPTH = 64


@dataclass(frozen=True, slots=True)
class TopColumn:
    """A column as a reader sees it: its name, and the numbers of the leaves of the schema tree that it is made of."""

    name: str
    leaves: range


@dataclass(frozen=True, slots=True)
class ColumnChunk:
    """One leaf column of one row group."""

    fields: ThriftStruct

    @property
    def meta(self) -> ThriftStruct:
        """What the footer says about the content."""
        return self.fields.struct(3)

    @property
    def start(self) -> int:
        """Where the pages begin in the file."""
        places = (self.meta.number(9), self.meta.number(11, default=0))
        return min((place for place in places if place), default=len(MAGIC))

    @property
    def n_bytes(self) -> int:
        """How long the pages are together."""
        return self.meta.number(7)


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Some rows: what the footer says of them, and their leaf columns in the order of the schema."""

    fields: ThriftStruct
    chunks: tuple[ColumnChunk, ...]

    @property
    def n_rows(self) -> int:
        """How many rows there are."""
        return self.fields.number(3)


@dataclass(frozen=True, slots=True)
class Footer:
    """
    What a file says about itself.

    Attributes
    ----------
    fields : ThriftStruct
        Everything, as in Parquet's definition of its FileMetaData.
    columns : tuple of TopColumn
        In file order.
    row_groups : tuple of RowGroup
        In file order.
    """

    fields: ThriftStruct
    columns: tuple[TopColumn, ...]
    row_groups: tuple[RowGroup, ...]

    @property
    def n_rows(self) -> int:
        """How many rows all groups hold."""
        return sum(group.n_rows for group in self.row_groups)

    @property
    def n_leaves(self) -> int:
        """How many leaf columns the schema has."""
        return self.columns[-1].leaves.stop

    def key_values(self) -> dict[bytes, bytes]:
        """Return the file's own metadata."""
        return {pair.text(1): pair.text(2) for pair in self.fields.structs(5) if pair.has(2)}


def read_footer(path: Path) -> Footer:
    """
    Read and check a file's footer.

    Raises
    ------
    FileContentError
        If it is no whole Parquet file, is encrypted, has no or too many columns or two of one name, or says something
        about itself that cannot be.
    """
    from labelclean.io.text.text_file import open_bytes  # noqa: PLC0415  (reads compressed files: loads its readers)

    with open_bytes(path) as file:
        size = file.seek(0, 2)
        footer = parse_footer(_footer_bytes(file, size))
    _check_places(footer, size)
    return footer


def parse_footer(data: bytes) -> Footer:
    """Return the footer that bytes spell."""
    fields = parse(data)
    if fields.has(8):
        raise _encrypted()
    columns = tuple(_top_columns(fields.structs(2)))
    _check_columns(columns)
    return Footer(fields=fields, columns=columns, row_groups=tuple(map(_row_group, fields.structs(4))))


def _row_group(fields: ThriftStruct) -> RowGroup:
    return RowGroup(fields, tuple(map(ColumnChunk, fields.structs(1))))


def _footer_bytes(file: BinaryIO, size: int) -> bytes:
    file.seek(0)
    head = file.read(len(MAGIC))
    file.seek(max(0, size - _TAIL_BYTES))
    tail = file.read(_TAIL_BYTES)
    if _ENCRYPTED_MAGIC in {head, tail[4:]}:
        raise _encrypted()
    if head != MAGIC:
        raise FileContentError(
            "A Parquet file must begin with “PAR1”; this one begins otherwise.",
            fix="Check that it is a Parquet file, or choose another format.",
        )
    n_bytes = int.from_bytes(tail[:4], "little")
    if tail[4:] != MAGIC or n_bytes > size - _TAIL_BYTES - len(MAGIC):
        raise FileContentError(
            f"A Parquet file must end with its footer; the end of this one, of {size:,} bytes, is missing or damaged.",
            fix="Fetch or write the file again; most often it was cut off on the way.",
        )
    file.seek(size - _TAIL_BYTES - n_bytes)
    return file.read(n_bytes)


def _top_columns(elements: list[ThriftStruct]) -> Iterator[TopColumn]:
    """Walk the schema, which is a tree written as a list: each element says how many children follow."""
    if not elements:
        raise _no_columns()
    place, leaf = 1, 0
    for _ in range(elements[0].number(5, default=0)):
        if place >= len(elements):
            raise _impossible("its schema ends too early")
        name, first = _name(elements[place]), leaf
        open_children = [1]
        while open_children:
            if place >= len(elements) or len(open_children) > _MAX_DEPTH:
                raise _impossible("its schema ends too early or is nested too deeply")
            open_children[-1] -= 1
            n_children = elements[place].number(5, default=0)
            place += 1
            leaf += n_children == 0
            open_children.append(n_children)
            while open_children and open_children[-1] <= 0:
                open_children.pop()
        yield TopColumn(name, range(first, leaf))
    if place != len(elements):
        raise _impossible("its schema has parts that belong nowhere")


def _name(element: ThriftStruct) -> str:
    try:
        return element.text(4).decode()
    except UnicodeDecodeError as error:
        raise _impossible("a column's name is no UTF-8 text") from error


def _check_columns(columns: tuple[TopColumn, ...]) -> None:
    if not columns:
        raise _no_columns()
    if len(columns) > MAX_COLUMNS:
        raise FileContentError(
            f"A file must have at most {MAX_COLUMNS:,} columns; got {len(columns):,}.",
            fix="Keep the columns that matter, and write the file again.",
        )
    name, n_times = Counter(column.name for column in columns).most_common(1)[0]
    if n_times > 1:
        raise FileContentError(
            f"Column names must differ; {n_times:,} columns are named “{name}”.", fix="Rename the columns."
        )


def _check_places(footer: Footer, size: int) -> None:
    """Check that everything the footer points at lies within the file."""
    if footer.n_rows != footer.fields.number(3):
        raise _impossible("its row groups hold another number of rows than it says")
    for group in footer.row_groups:
        chunks = group.chunks
        if group.n_rows < 0 or len(chunks) != footer.n_leaves:
            raise _impossible("a row group has not the columns of the schema")
        for chunk in chunks:
            if chunk.fields.has(8) or chunk.fields.has(9):
                raise _encrypted()
            if chunk.fields.has(1):
                raise FileContentError(
                    "A Parquet file must hold all its columns itself; some stand in other files.",
                    fix="Write the table again as one file.",
                )
            if chunk.start < len(MAGIC) or chunk.n_bytes < 0 or chunk.start + chunk.n_bytes > size - _TAIL_BYTES:
                raise _impossible("it points outside the file")


def _no_columns() -> FileContentError:
    return FileContentError("A file must have a column of texts and one of labels; it has none.", fix="Choose another.")


def _encrypted() -> FileContentError:
    return FileContentError(
        "A Parquet file must be readable without a key; it is encrypted.", fix="Write it again without encryption."
    )


def _impossible(what: str) -> FileContentError:
    return FileContentError(
        f"The footer of a Parquet file must say what the file holds; {what}.",
        fix="Write the file again, or fetch it anew.",
    )
