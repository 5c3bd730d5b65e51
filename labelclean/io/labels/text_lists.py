"""Label sets that a cell of text spells as a list: in JSON, or as Python prints lists, tuples and sets."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import replace

from labelclean.arrays import Label
from labelclean.io.labels.list_text import json_elements, split_json_list, split_python_list
from labelclean.io.labels.pieces import Pieces
from labelclean.io.labels.problem import CellProblem
from labelclean.io.labels.style import SpellingStyle, blank
from labelclean.io.tables.contract import CellValue
from labelclean.label_set import LabelSet

__all__ = ["decode_list", "encode_list", "list_style"]

_PYTHON_NOTHING = {"None", "nan", "NaN"}


def decode_list(cell: CellValue, *, is_python: bool) -> LabelSet | None:
    """
    Return the set that a cell spells; None for an empty cell or ``null``, which is not labelled.

    Elements that stand for nothing (``null``, blank text) are left out; a list of nothing but such elements is not
    labelled. The empty list is the empty set.

    Raises
    ------
    CellProblem
        If the cell is no text, or the text is no list of texts, numbers and true/false.
    """
    text = _text_of(cell)
    if not text.strip():
        return None
    if is_python:
        if text.strip() in _PYTHON_NOTHING:
            return None
        elements: list[Label | None] | None = [label for _, label in split_python_list(text).items]
    else:
        elements = json_elements(text)
    if elements is None or (elements and all(label is None for label in elements)):
        return None
    return LabelSet(label for label in elements if label is not None)


def encode_list(
    old: CellValue, new: LabelSet | None, style: SpellingStyle, *, is_python: bool, is_typed: bool
) -> CellValue:
    """
    Return the cell that spells a set, as like the old one as can be.

    Raises
    ------
    CellProblem
        If a label is neither text, nor a number, nor true/false.
    """
    if new is None:
        return blank(is_typed=is_typed)
    model = _pieces_of(style.model, is_python=is_python)
    pieces = _pieces_of(old, is_python=is_python) or model or Pieces(lead="[", items=(), gaps=(), tail="]")
    if not pieces.tail:  # set()
        pieces = Pieces(lead="{", items=(), gaps=(), tail="}")
    gaps = pieces.gaps or (model.gaps if model else ())
    shown = [raw for raw, _ in pieces.items] or [raw for raw, _ in (model.items if model else ())]
    if not new or not any(label is not None for _, label in pieces.items):
        pieces = replace(pieces, items=(), gaps=())
    spell = _python_text if is_python else _json_text
    changed = pieces.changed_to(
        new,
        lambda label: spell(label, shown),
        gap=gaps[-1] if gaps else ", ",
        in_given_order=style.in_given_order,
    )
    return (_closed(changed) if is_python else changed).text()


def list_style(cells: Iterable[CellValue], *, is_python: bool) -> SpellingStyle:
    """Return what the distinct cells of a file say about its way to spell lists."""
    model = None
    n_best = -1
    for cell in cells:
        if isinstance(cell, str) and n_best < 1 and (pieces := _pieces_of(cell, is_python=is_python)) is not None:
            n_gaps = len(pieces.gaps) if pieces.items else -1
            model, n_best = (cell, n_gaps) if model is None or n_gaps > n_best else (model, n_best)
    return SpellingStyle(model=model)


def _text_of(cell: CellValue) -> str:
    if isinstance(cell, str):
        return cell
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    raise CellProblem(
        "Each label cell must be text that spells a list",
        "another kind of value",
        fix="Choose how the labels are spelled: values that are lists are arrays.",
    )


def _pieces_of(cell: CellValue, *, is_python: bool) -> Pieces | None:
    """Return the pieces of a cell, or None where it is not labelled or not a list."""
    if not isinstance(cell, str) or not cell.strip():
        return None
    try:
        return split_python_list(cell) if is_python else split_json_list(cell)
    except CellProblem:
        return None


def _json_text(label: Label, shown: list[str]) -> str:
    _check_spellable(label)
    is_escaped = any("\\u" in raw for raw in shown) and all(raw.isascii() for raw in shown)
    return json.dumps(label, ensure_ascii=is_escaped)


def _python_text(label: Label, shown: list[str]) -> str:
    _check_spellable(label)
    if not isinstance(label, str):
        return repr(label)
    prefix = "u" if any(raw[:1] in {"u", "U"} for raw in shown) else ""
    is_double = any(raw.startswith('"') and "'" not in raw for raw in shown) and '"' not in label
    # In quotes of the other kind Python puts text with a single quote.
    spelled = '"' + repr("'" + label)[2:] if is_double else repr(label)
    return prefix + spelled


def _check_spellable(label: Label) -> None:
    if not isinstance(label, str | int | float) or (isinstance(label, float) and not math.isfinite(label)):
        raise CellProblem(
            "A label in a list must be text, a number or true/false", type(label).__name__, fix="Choose another label."
        )


def _closed(pieces: Pieces) -> Pieces:
    """Mend what Python would read as another kind of value: a tuple of one, a set of none, a list with a lone comma."""
    bracket = pieces.lead.strip()
    if not pieces.items:
        if bracket == "{":
            return replace(pieces, lead="set()", tail="")
        return replace(pieces, tail=pieces.tail.replace(",", "", 1))
    if bracket == "(" and len(pieces.items) == 1 and "," not in pieces.tail:
        return replace(pieces, tail="," + pieces.tail)
    return pieces
