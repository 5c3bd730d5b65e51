"""What every kind of file gives and takes, so that nothing outside its module need know its form."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, Literal, Protocol, TypeAlias

from labelclean.io.layout import FileLayout

__all__ = ["CellKind", "CellValue", "TableEdits", "TableFormat", "TableScan"]

CellValue: TypeAlias = object
"""
What stands in one cell: text in text tables; in typed files text, a number, true/false, None, a list of such values,
or a mapping of text to them. What is in no way there (a missing key, a null, an empty sheet cell) is None.
"""

CellKind = Literal["text", "number", "bool", "list", "object", "mixed", "missing"]


@dataclass(frozen=True, kw_only=True, slots=True)
class TableScan:
    """
    What one pass over a whole file says.

    Attributes
    ----------
    columns : tuple of str
        The columns in file order.
    n_rows : int
        Data records.
    sample : tuple of tuple of str
        The first rows as text, in column order, for guessing and showing.
    warnings : tuple of str
        Oddities that do not stop the work, one plain sentence each.
    kinds : tuple of str
        What the cells of each column hold; empty where all are text, as in delimited files.
    class_names : mapping of str to tuple of str
        For columns that hold positions in a list of names (``ClassLabel``) or are categorical: these names.
    """

    columns: tuple[str, ...]
    n_rows: int
    sample: tuple[tuple[str, ...], ...]
    warnings: tuple[str, ...] = ()
    kinds: tuple[CellKind, ...] = ()
    class_names: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, kw_only=True, slots=True)
class TableEdits:
    """
    What is to change in a file; everything else stays as it is.

    Attributes
    ----------
    cells : mapping of int to mapping of str to cell value
        New values by row (0-based data record) and column. None empties the cell (null in typed files).
    dropped_rows : frozenset of int
        Rows to leave out wholly; changes of their cells do not count.
    added : mapping of str to sequence of cell value, length n_rows
        Columns to add behind the others, with a value for every row.
    encoding : str or None
        For text files: the encoding to write in, if it is not to be the file's own.
    """

    cells: Mapping[int, Mapping[str, CellValue]] = field(default_factory=lambda: MappingProxyType({}))
    dropped_rows: frozenset[int] = frozenset()
    added: Mapping[str, Sequence[CellValue]] = field(default_factory=lambda: MappingProxyType({}))
    encoding: str | None = None


class TableFormat(Protocol):
    """One kind of file. Modules under ``tables`` give one such object each; none keeps a state."""

    def scan(self, path: Path, layout: FileLayout) -> TableScan:
        """Read all of a file once, so that whatever is wrong with it is found, and say what it holds."""

    def read(
        self, path: Path, layout: FileLayout, columns: Sequence[str], *, rows: Collection[int] | None = None
    ) -> list[list[CellValue]]:
        """Return some columns in the order asked for; of all rows, or only of some, in rising order."""

    def parts(self, path: Path, layout: FileLayout, columns: Sequence[str]) -> Iterator[list[list[CellValue]]]:
        """
        Yield some columns, in the order asked for, part by part; joined, the parts are what ``read`` gives.

        The memory taken does not grow with the file where its form allows. Every part holds at least one row.
        """

    def write(self, path: Path, target: BinaryIO, layout: FileLayout, edits: TableEdits) -> int:
        """
        Write a file again with changes, in memory that does not grow with the file where its form allows.

        What is written is the content without its archive: archives and the case of no edits are dealt with above.

        Returns
        -------
        int
            In how many rows a cell changed; one that already reads like its new value did not.
        """
