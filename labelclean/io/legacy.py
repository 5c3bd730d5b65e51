"""Stand-ins until each kind of file has its own object."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from labelclean.errors import FileContentError
from labelclean.io.layout import FileLayout
from labelclean.io.tables import delimited
from labelclean.io.tables.contract import TableEdits, TableScan
from labelclean.io.text.text_file import byte_order_mark


class OldDelimited:
    """CSV and TSV."""

    def scan(self, path: Path, layout: FileLayout) -> TableScan:
        """Scan."""
        return delimited.scan_table(path, layout)

    def read(
        self, path: Path, layout: FileLayout, columns: Sequence[str], *, rows: Collection[int] | None = None
    ) -> list[list[object]]:
        """Read."""
        found = delimited.read_cells(path, layout, columns)
        return [list(column) if rows is None else [column[row] for row in rows] for column in found]

    def write(self, path: Path, target: BinaryIO, layout: FileLayout, edits: TableEdits) -> int:
        """Write."""
        table = delimited.open_table(path, layout)

        def patch(batch: Any, position: int, cells: Any) -> str:
            (column, value), = cells.items()
            return delimited.patch_cell(table, table.columns.index(column), batch, position, value)

        return _write(target, layout, edits, table.lead, table.batches, table.filled, patch)


def _write(
    target: BinaryIO, layout: FileLayout, edits: TableEdits, lead: str, batches: Any, filled: Any, patch: Callable[..., str]
) -> int:
    dropped = edits.dropped_rows
    touched = sorted(dropped.union(edits.cells))
    target.write(byte_order_mark(layout.encoding) if layout.byte_order_mark else b"")
    target.write(lead.encode(layout.encoding))
    first_row, n_done, n_changed = 0, 0, 0
    for batch in batches:
        positions = filled(batch.records)
        here = touched[n_done : bisect_left(touched, first_row + len(positions), n_done)]
        written = batch.records.copy()
        for row in here:
            position = positions[row - first_row]
            written[position] = "" if row in dropped else patch(batch, position, edits.cells[row])
            try:
                written[position].encode(layout.encoding)
            except UnicodeEncodeError as error:
                raise FileContentError(
                    f"Every label must fit the file's encoding, {layout.encoding}; the new label of row {row:,} "
                    f"(line {batch.line_of(position):,}) has characters that it lacks.",
                    fix="Export as UTF-8: save the original file as UTF-8 and upload it again, or choose another label.",
                ) from error
            n_changed += row not in dropped and written[position] != batch.records[position]
        target.write("".join(written).encode(layout.encoding))
        first_row += len(positions)
        n_done += len(here)
    return n_changed
