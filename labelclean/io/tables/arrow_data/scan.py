"""Look through a table in Arrow batches once: a sample, what columns hold, the names of categories."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]
from pyarrow import types

from labelclean.errors import FileContentError
from labelclean.io.tables.arrow_data.values import (
    cell_text,
    is_binary,
    is_text,
    kind_of,
    plain_type,
    shown_values,
    with_names,
)
from labelclean.io.tables.contract import CellKind, CellValue
from labelclean.io.text.records import MAX_COLUMNS

__all__ = ["ColumnScan", "sample_rows"]

_SAMPLE_ROWS = 2_000
_SAMPLE_CHARACTERS = 4_000_000


class ColumnScan:
    """
    What is seen of one column, batch by batch.

    Parameters
    ----------
    name : str
        The column's name.
    names : sequence of str, default=()
        If its lists hold positions in a list of names: these names.
    """

    def __init__(self, name: str, names: Sequence[str] = ()) -> None:
        self.name = name
        self._list_names = names
        self.texts: list[str] = []
        self._names: dict[str, None] = {}
        self._kind: CellKind = "missing"
        self._n_rows = 0
        self._n_characters = 0
        self._is_all_text = True

    @property
    def kind(self) -> CellKind:
        """What the cells hold; bytes that are no text are objects, as nothing can be done with them."""
        return self._kind if self._is_all_text else "object"

    @property
    def class_names(self) -> tuple[str, ...]:
        """The categories of a categorical column of texts; empty for other columns."""
        return tuple(self._names) if len(self._names) <= MAX_COLUMNS else ()

    def add(self, array: pa.Array) -> None:
        """
        Take in the next cells.

        Raises
        ------
        FileContentError
            If they are damaged, or texts are not in UTF-8.
        """
        self._check(array)
        if array.null_count < len(array):
            self._kind = kind_of(array.type)
        if self._is_all_text and is_binary(plain_type(array.type)):
            self._is_all_text = _spells_text(array)
        if types.is_dictionary(array.type) and is_text(array.type.value_type):
            names = array.dictionary.to_pylist() if len(self._names) <= MAX_COLUMNS else []
            self._names.update(dict.fromkeys(name for name in names if name is not None))
        if self._list_names and kind_of(array.type) == "list":
            self._check_positions(array)
        n_wanted = _SAMPLE_ROWS - len(self.texts)
        if n_wanted > 0 and self._n_characters < _SAMPLE_CHARACTERS:
            texts = [cell_text(value) for value in self._shown(array.slice(0, n_wanted))]
            self.texts += texts
            self._n_characters += sum(map(len, texts))
        self._n_rows += len(array)

    def _shown(self, array: pa.Array) -> list[CellValue]:
        return with_names(shown_values(array), self._list_names, column=self.name, first_row=self._n_rows)

    def _check_positions(self, array: pa.Array) -> None:
        """Refuse positions without a name."""
        flat = array
        while kind_of(flat.type) == "list":
            flat = flat.flatten()
        if types.is_integer(flat.type) and len(flat):
            bounds = pc.min_max(flat).as_py()
            if bounds["min"] is not None and not -1 <= bounds["min"] <= bounds["max"] < len(self._list_names):
                self._shown(array)

    def _check(self, array: pa.Array) -> None:
        try:
            array.validate(full=True)
        except pa.ArrowException as error:
            # Arrow ends the whole program if it is asked for a part of a damaged array with others inside.
            if not is_text(array.type):
                raise FileContentError(
                    f"All cells must be as their column's type says; column “{self.name}” is damaged within the "
                    f"{len(array):,} rows from row {self._n_rows:,} on.",
                    fix="Write or fetch the file again.",
                ) from error
            raise FileContentError(
                f"All texts must be in UTF-8; column “{self.name}” has other bytes, first in row "
                f"{self._n_rows + _first_bad(array):,}.",
                fix="Correct the text, or write the file again with this column as bytes.",
            ) from error


def sample_rows(columns: Iterable[ColumnScan]) -> tuple[tuple[str, ...], ...]:
    """Return the first rows of all columns as text, as many as are known of every one and fit the bound."""
    scans = list(columns)
    rows: list[tuple[str, ...]] = []
    n_characters = 0
    for row in zip(*(scan.texts for scan in scans), strict=False):
        rows.append(row)
        n_characters += sum(map(len, row)) + len(row)
        if n_characters >= _SAMPLE_CHARACTERS:
            break
    return tuple(rows)


def _spells_text(array: pa.Array) -> bool:
    try:
        array.cast(pa.string())
    except pa.ArrowException:
        return False
    return True


def _first_bad(array: pa.Array) -> int:
    """Return the place of the first text that is not as it must be."""
    for place in range(len(array)):
        try:
            array.slice(place, 1).validate(full=True)
        except pa.ArrowException:
            return place
    return 0
