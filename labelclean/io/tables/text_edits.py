"""What writing edits to any text format shares: which rows they touch, and that rows and characters fit the file."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence

from labelclean.errors import FileContentError, InvalidInputError
from labelclean.io.layout import FileLayout
from labelclean.io.tables.contract import TableEdits
from labelclean.io.text.text_file import byte_order_mark

__all__ = ["check_rows", "encoded", "opening_mark", "rows_within", "touched_rows"]

_ALWAYS_MARKED = ("utf-16", "utf-32")


def touched_rows(n_rows: int, edits: TableEdits) -> Sequence[int]:
    """Return the rows that change or go, in rising order; all of them if there are added columns."""
    return range(n_rows) if edits.added else sorted(edits.dropped_rows.union(edits.cells))


def rows_within(rows: Sequence[int], first_row: int, n_rows: int) -> Sequence[int]:
    """Return those of some rising rows that are among ``n_rows`` from a first one on."""
    start = bisect_left(rows, first_row)
    return rows[start : bisect_left(rows, first_row + n_rows, start)]


def opening_mark(layout: FileLayout, encoding: str) -> bytes:
    """Return the byte order mark to begin with: if the file had one, or if a new encoding cannot do without."""
    is_needed = encoding != layout.encoding and encoding.startswith(_ALWAYS_MARKED)
    return byte_order_mark(encoding) if layout.byte_order_mark or is_needed else b""


def check_rows(n_rows: int, edits: TableEdits) -> None:
    """Refuse edits of rows that are not in the file, and added columns that do not fit it."""
    outside = [row for row in (*edits.cells, *edits.dropped_rows) if not 0 <= row < n_rows]
    if outside:
        raise InvalidInputError(
            f"Every corrected row must be in the file, which has {n_rows:,} rows counted from 0; got row "
            f"{min(outside):,}.",
            fix="Use the decisions that were made on this file.",
        )
    for values in edits.added.values():
        if len(values) != n_rows:
            raise InvalidInputError(
                f"An added column must have a value for each of the {n_rows:,} rows; got {len(values):,}.",
                fix="Give one value per row, None where there is none.",
            )


def encoded(texts: Sequence[str], encoding: str, where: Callable[[int], str]) -> bytes:
    """
    Return the bytes of texts that follow each other.

    Raises
    ------
    FileContentError
        If the encoding cannot hold one of them; ``where`` gives the words for its place.
    """
    try:
        return "".join(texts).encode(encoding)
    except UnicodeEncodeError as error:
        at = next(at for at, text in enumerate(texts) if not _fits(text, encoding))
        raise FileContentError(
            f"Everything that is written must fit the encoding {encoding}; {where(at)} has characters that it lacks.",
            fix="Export as UTF-8, or choose another label.",
        ) from error


def _fits(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
