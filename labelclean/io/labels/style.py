"""The habits of a file that one cell alone need not show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from labelclean.io.tables.contract import CellValue

__all__ = ["SpellingStyle", "blank"]


@dataclass(frozen=True, kw_only=True, slots=True)
class SpellingStyle:
    """
    How a file spells what a correction may need to write.

    Attributes
    ----------
    model : cell value
        A cell with several labels, if there is one, else one with a single label: spaces, quotes and brackets are
        taken from it where the old cell shows none. In "scores", all labels in use, each with the value for "no".
    guard : {"none", "quotes", "backslash"}
        How a joined label that holds the separator itself is kept together.
    empty_set : cell value
        The cell of a row whose set is empty; None where the file has none.
    missing : cell value
        The cell of a row without a label, if that is not simply empty (``-1``).
    marks : tuple of (cell value, cell value)
        What stands for yes and for no in each column of "one_hot"; None and blank text both mean an empty cell.
    blank_is_no : bool
        Whether an empty cell of "one_hot" says no. Where other cells spell out the no, it says nothing.
    in_given_order : bool
        Whether a set is written in its own order, as when a change is undone; otherwise labels that stay keep their
        places, and new ones are appended.
    """

    model: CellValue = None
    guard: Literal["none", "quotes", "backslash"] = "none"
    empty_set: CellValue = None
    missing: CellValue = None
    marks: tuple[tuple[CellValue, CellValue], ...] = ()
    blank_is_no: bool = False
    in_given_order: bool = False


def blank(*, is_typed: bool) -> CellValue:
    """Return what an empty cell is: no text in text tables, nothing at all in typed files."""
    return None if is_typed else ""
