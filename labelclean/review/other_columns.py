"""The other columns of a row as the card shows them: cut where they are long, read once for a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from labelclean.review.payload import OtherColumn

__all__ = ["ColumnsReader", "shown_columns"]

MAX_CHARACTERS = 1_000
"""Of one value; what is longer is cut."""

MAX_CHARACTERS_OF_ROW = 5_000
MAX_COLUMNS = 100
_ROWS_REMEMBERED = 2_000


def shown_columns(cells: Iterable[tuple[str, str]]) -> list[OtherColumn]:
    """
    Return the columns of a row as they travel with its card.

    Parameters
    ----------
    cells : iterable of (str, str)
        Name and value, in file order.

    Returns
    -------
    list of OtherColumn
        The first hundred; values are cut, so that a card stays small whatever the file holds.

    Examples
    --------
    >>> shown_columns([("city", "Turin"), ("note", "")])
    [{'name': 'city', 'value': 'Turin'}, {'name': 'note', 'value': ''}]
    """
    shown: list[OtherColumn] = []
    left = MAX_CHARACTERS_OF_ROW
    for name, value in cells:
        if len(shown) == MAX_COLUMNS:
            break
        room = min(MAX_CHARACTERS, max(left, 1))
        text = value if len(value) <= room else f"{value[: room - 1]}…"
        left -= len(text)
        shown.append(OtherColumn(name=name, value=text))
    return shown


@dataclass(kw_only=True)
class ColumnsReader:
    """
    Reads the other columns of rows, and remembers them, so that a decision reads one row at most.

    Attributes
    ----------
    read : callable
        Is given a row, and returns the names and values of its other columns.
    """

    read: Callable[[int], Iterable[tuple[str, str]]]
    _known: dict[int, list[OtherColumn]] = field(default_factory=dict)

    def of_row(self, row: int) -> list[OtherColumn]:
        """Return the columns of one row."""
        if row not in self._known:
            if len(self._known) >= _ROWS_REMEMBERED:
                self._known.clear()
            self._known[row] = shown_columns(self.read(row))
        return self._known[row]
