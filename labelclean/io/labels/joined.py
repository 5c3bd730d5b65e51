"""Label sets whose labels stand in one cell with a separator between them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from labelclean.arrays import Label
from labelclean.errors import InvalidInputError
from labelclean.io.labels.pieces import Pieces
from labelclean.io.labels.problem import CellProblem, text_of_label
from labelclean.io.labels.style import SpellingStyle, blank
from labelclean.io.tables.contract import CellValue
from labelclean.label_set import LabelSet

__all__ = ["check_separator", "decode_joined", "encode_joined", "joined_style", "split_joined"]

_Guard = Literal["none", "quotes", "backslash"]
_SEVERAL = 2


def check_separator(separator: str) -> str:
    """
    Return a separator without the space around it; one that is nothing but space stays.

    Raises
    ------
    InvalidInputError
        If it is empty, or has a quote or a backslash in it.
    """
    plain = separator.strip() or separator
    if not plain or any(mark in plain for mark in '"\\\0'):
        raise InvalidInputError(
            "The separator between labels must be text without quotes and backslashes; got none or such a one.",
            fix="Give the separator that the file uses, such as “|”, “,” or “;”.",
        )
    return plain


def split_joined(cell: str, separator: str) -> Pieces:
    r"""
    Cut a cell into its labels.

    A part in double quotes is one label, whatever it holds (a doubled quote inside is one quote); a separator after a
    backslash does not separate. Space around a part, and parts without any text, belong to what is between the labels.

    Examples
    --------
    >>> split_joined('late, "lost, damaged"', ",").labels
    LabelSet(['late', 'lost, damaged'])
    """
    items: list[tuple[str, Label | None]] = []
    between: list[str] = []
    end = 0
    for match in _parts(separator).finditer(cell):
        label: str
        if match["whole"] is not None:
            raw, start, label = match["whole"], match.start("whole"), match["quoted"].replace('""', '"')
        elif match["plain"] is not None:
            raw, start = match["plain"].strip(), match.end("plain") - len(match["plain"].lstrip())
            label = raw.replace("\\" + separator, separator)
        else:
            continue
        if label.strip():
            between.append(cell[end:start])
            items.append((raw, label))
            end = start + len(raw)
    if not items:
        return Pieces(lead=cell, items=(), gaps=(), tail="")
    return Pieces(lead=between[0], items=tuple(items), gaps=tuple(between[1:]), tail=cell[end:])


def decode_joined(cell: CellValue, separator: str) -> LabelSet | None:
    """
    Return the set that a cell spells; None for an empty cell, which is not labelled.

    A cell that holds nothing but separators is the empty set.

    Raises
    ------
    CellProblem
        If the cell holds neither text nor a whole number.
    """
    text = _text_of(cell)
    if not text.strip():
        return None
    if '"' in text or "\\" in text:
        return split_joined(text, separator).labels
    return LabelSet(label for part in text.split(separator) if (label := part.strip()))


def encode_joined(
    old: CellValue, new: LabelSet | None, separator: str, style: SpellingStyle, *, is_typed: bool
) -> CellValue:
    """
    Return the cell that spells a set, as like the old one as can be.

    Raises
    ------
    CellProblem
        If the file has no way to spell the empty set, or a label that holds the separator.
    """
    if new is None:
        return blank(is_typed=is_typed)
    wanted = LabelSet(text_of_label(label) for label in new)
    if not wanted:
        return _empty_set(style)
    pieces, model = split_joined(_text_of(old), separator), split_joined(_text_of(style.model), separator)
    if not pieces.items:
        pieces = Pieces(lead=model.lead, items=(), gaps=(), tail=model.tail) if model.items else model
    gap = next((gaps[-1] for gaps in (pieces.gaps, model.gaps) if gaps and gaps[-1].count(separator) == 1), separator)
    own = _guard_of(pieces)
    guard = style.guard if own == "none" else own
    cell = pieces.changed_to(
        wanted, lambda label: _spell(str(label), separator, guard), gap=gap, in_given_order=style.in_given_order
    ).text()
    if split_joined(cell, separator).labels != wanted:
        raise _unspeakable(separator)
    return cell


def joined_style(cells: Iterable[CellValue], separator: str) -> SpellingStyle:
    """Return what the distinct cells of a file say about its way to join labels."""
    model, n_best = "", 0
    guard: _Guard = "none"
    empty_set: str | None = None
    for cell in cells:
        if not isinstance(cell, str) or (n_best and separator not in cell and '"' not in cell):
            continue
        pieces = split_joined(cell, separator)
        n_labels = min(len(pieces.items), _SEVERAL)
        if n_labels > n_best:
            model, n_best = cell, n_labels
        if empty_set is None and not n_labels and cell.strip():
            empty_set = cell
        if guard == "none":
            guard = _guard_of(pieces)
    return SpellingStyle(model=model, guard=guard, empty_set=empty_set)


def _parts(separator: str) -> re.Pattern[str]:
    mark = re.escape(separator)
    # (?!") after the closing quote leaves one way only to read a quoted part, so that giving up is fast.
    quoted = rf'\s*(?P<whole>"(?P<quoted>[^"]*(?:""[^"]*)*)"(?!"))\s*(?={mark}|\Z)'
    plain = rf"(?P<plain>(?:\\{mark}|(?!{mark}).)+)"
    return re.compile(rf"{mark}|{quoted}|{plain}", re.DOTALL)


def _text_of(cell: CellValue) -> str:
    """Return the cell's text; a spreadsheet keeps a lone whole number as a number."""
    if isinstance(cell, str):
        return cell
    if cell is None or cell != cell:  # noqa: PLR0124  (NaN alone differs from itself)
        return ""
    if isinstance(cell, int) and not isinstance(cell, bool):
        return str(cell)
    raise CellProblem(
        "Each cell with joined labels must be text",
        "another kind of value",
        fix="Choose how the labels are spelled, or another label column.",
    )


def _guard_of(pieces: Pieces) -> _Guard:
    for raw, label in pieces.items:
        if raw != label:
            return "quotes" if raw.startswith('"') else "backslash"
    return "none"


def _spell(label: str, separator: str, guard: _Guard) -> str:
    doubled = label.replace('"', '""')
    ways = {"none": label, "quotes": f'"{doubled}"', "backslash": label.replace(separator, "\\" + separator)}
    # Neighbours show whether the label would swallow the separator that follows; best even a quoted one.
    for neighbour in ((f'"{separator}"', separator), ("x", "x")):
        for raw in (label, ways[guard]):
            if split_joined(f"{raw}{separator}{neighbour[0]}", separator).items == ((raw, label), neighbour):
                return raw
    raise _unspeakable(separator)


def _unspeakable(separator: str) -> CellProblem:
    return CellProblem(
        "A joined label must be text that does not read as several labels, or as none",
        f"one that holds the separator “{separator}”, a quote, or space at its ends",
        fix="Choose another name for the label.",
    )


def _empty_set(style: SpellingStyle) -> CellValue:
    if style.empty_set is None:
        raise CellProblem(
            "A file whose cells join labels must have a cell that spells the empty set, such as a lone separator",
            "an empty set, which would read as “not labelled”",
            fix="Give the text a label that says so, such as “none”, or leave it without a label.",
        )
    return style.empty_set
