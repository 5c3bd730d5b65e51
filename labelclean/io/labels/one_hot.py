"""Label sets for which each label has a column of its own, with yes or no in its cells."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from labelclean.io.labels.problem import CellProblem
from labelclean.io.labels.style import SpellingStyle, blank
from labelclean.io.tables.contract import CellValue
from labelclean.label_set import LabelSet

__all__ = ["decode_one_hot", "encode_one_hot", "mark_meaning", "one_hot_style"]

_PAIRS = (
    ("sí", "no"), ("sì", "no"), ("si", "no"),  # the opposite of a no that stands alone is the last of its kind: yes
    ("1", "0"), ("1.0", "0.0"), ("true", "false"), ("t", "f"), ("yes", "no"), ("y", "n"), ("x", "-"), ("✓", "✗"),
    ("ja", "nein"), ("oui", "non"), ("sim", "não"), ("tak", "nie"), ("да", "нет"), ("是", "否"), ("はい", "いいえ"),
)  # fmt: skip
_NO_FOR = dict(_PAIRS)
_YES_FOR = {no: yes for yes, no in _PAIRS}
_NO, _YES, _BLANK, _BAD = range(4)
_COUNTED = 10_000

_Counts: TypeAlias = Counter[tuple[type, CellValue]]


def mark_meaning(value: CellValue) -> bool | None:
    """
    Return what one cell says: yes, no, or nothing (an empty cell).

    Raises
    ------
    CellProblem
        If it says anything else.
    """
    code = _code(value)
    if code == _BAD:
        raise _no_mark("")
    return None if code == _BLANK else code == _YES


def one_hot_style(columns: Sequence[Sequence[CellValue]]) -> SpellingStyle:
    """Return the marks of each column, and whether an empty cell says no: it does where no cell spells out a no."""
    counts = [_count(column) for column in columns]
    total: _Counts = Counter()
    for count in counts:
        total.update(count)
    said = {_code(value) for _, value in total}
    blank_is_no = _NO not in said and _YES in said
    common_yes = _most_common(total, _YES, _opposite(_most_common(total, _NO, "0")))
    marks = []
    for count in counts:
        own_no = _most_common(count, _NO, None)
        usual_yes = common_yes if own_no is None else _yes_beside(own_no, common_yes)
        yes = _most_common(count, _YES, usual_yes)
        marks.append((yes, own_no if own_no is not None or blank_is_no else _no_beside(count, yes, total)))
    return SpellingStyle(marks=tuple(marks), blank_is_no=blank_is_no)


def decode_one_hot(
    columns: Sequence[Sequence[CellValue]], names: Sequence[str], style: SpellingStyle, *, first_row: int
) -> list[LabelSet | None]:
    """
    Return the set of each row: the names of the columns that say yes.

    An empty cell says no. A row of empty cells only is the empty set where empty cells are the only way to say no in
    these columns, and not labelled otherwise.

    Raises
    ------
    FileContentError
        If a cell says neither yes nor no.
    """
    codes = [_codes(column) for column in columns]
    bad = [(row, place) for place, column in enumerate(codes) for row in _places(column, _BAD)]
    if bad:
        row, place = min(bad)
        n_more = len({row for row, _ in bad}) - 1
        raise _no_mark(f" in column “{names[place]}”").in_file(first_row + row, n_more)
    width = len(codes)
    marks = np.column_stack([np.frombuffer(column, dtype=np.uint8) for column in codes]).tobytes()
    seen: dict[bytes, LabelSet | None] = {}
    rows: list[LabelSet | None] = []
    for start in range(0, len(marks), width):
        row_marks = marks[start : start + width]
        if row_marks not in seen:
            seen[row_marks] = _set_of(row_marks, names, blank_is_no=style.blank_is_no)
        rows.append(seen[row_marks])
    return rows


def encode_one_hot(
    old: Sequence[CellValue], new: LabelSet | None, names: Sequence[str], style: SpellingStyle, *, is_typed: bool
) -> tuple[CellValue, ...]:
    """
    Return the cells that spell a set; each keeps the way it says yes and no.

    Raises
    ------
    CellProblem
        If a label has no column, or the columns cannot say that a row is not labelled.
    """
    if new is None:
        if style.blank_is_no:
            raise CellProblem(
                "A row whose empty cells say no must have a label set",
                "a row to mark as not labelled",
                fix="Leave the row out, or give it the empty set.",
            )
        return (blank(is_typed=is_typed),) * len(old)
    unknown = [label for label in new if label not in names]
    if unknown:
        raise CellProblem(
            "Each label must have a column of its own",
            f"the label “{unknown[0]}”, which has none",
            fix="Add a column of that name to the file, or choose a label that has one.",
        )
    was_labelled = style.blank_is_no or any(_code(value) != _BLANK for value in old)
    cells = tuple(
        value
        if was_labelled and (_code(value) == _YES) == (name in new)
        else _mark(value, marks, is_yes=name in new, is_typed=is_typed)
        for value, name, marks in zip(old, names, style.marks, strict=True)
    )
    if all(_code(value) == _BLANK for value in cells) and not style.blank_is_no:
        # Only a no that is spelled out tells the empty set from a row without a label.
        has_no = any(_code(no) == _NO for _, no in style.marks)
        marks = [no if has_no else _opposite(yes) for yes, no in style.marks]
        return tuple(value if mark is None else mark for value, mark in zip(cells, marks, strict=True))
    return cells


def _set_of(marks: Sequence[int], names: Sequence[str], *, blank_is_no: bool) -> LabelSet | None:
    if not blank_is_no and all(mark == _BLANK for mark in marks):
        return None
    return LabelSet(name for name, mark in zip(names, marks, strict=True) if mark == _YES)


def _count(column: Sequence[CellValue]) -> _Counts:
    """Return how often each mark comes in the first rows; one that comes later only counts once."""
    counts = Counter((type(value), value) for value in column[:_COUNTED] if _code(value) != _BAD)
    seen = {value for _, value in counts}
    try:
        others = set(column[_COUNTED:]) - seen
    except TypeError:  # a list or the like
        return counts
    counts.update((type(value), value) for value in others if _code(value) != _BAD)
    return counts


def _codes(column: Sequence[CellValue]) -> bytes:
    try:
        table = {value: _code(value) for value in set(column)}
    except TypeError:  # a list or the like
        return bytes(_code(value) for value in column)
    return bytes(map(table.__getitem__, column))


def _code(value: CellValue) -> int:
    if value is None:
        return _BLANK
    if isinstance(value, str):
        word = value.strip().casefold()
        return _BLANK if not word else _YES if word in _NO_FOR else _NO if word in _YES_FOR else _BAD
    if isinstance(value, int | float):
        if isinstance(value, float) and math.isnan(value):
            return _BLANK
        return (_YES if value else _NO) if value in (0, 1) else _BAD
    return _BAD


def _places(codes: bytes, wanted: int) -> list[int]:
    return [place for place, code in enumerate(codes) if code == wanted] if wanted in codes else []


def _most_common(counts: _Counts, wanted: int, default: CellValue) -> CellValue:
    found = [(value, n_times) for (_, value), n_times in counts.items() if _code(value) == wanted]
    return max(found, key=lambda pair: pair[1])[0] if found else default


def _no_beside(count: _Counts, yes: CellValue, total: _Counts) -> CellValue:
    """Return the no of a column that never spells it out, beside others that do: as they do, or the empty cell."""
    no = _opposite(yes)
    is_used = (type(no), no) in total or not any(_code(value) == _BLANK for _, value in count)
    return no if is_used else None


def _mark(old: CellValue, marks: tuple[CellValue, CellValue], *, is_yes: bool, is_typed: bool) -> CellValue:
    yes, no = marks
    if _code(old) == _BLANK:
        mark = yes if is_yes else no
    elif _code(no) == _BLANK and not is_yes:
        mark = None
    else:
        mark = _yes_beside(old, yes) if is_yes else _opposite(old)
    return blank(is_typed=is_typed) if mark is None or _code(mark) == _BLANK else mark


def _yes_beside(no: CellValue, known: CellValue) -> CellValue:
    """Return the yes in the spelling of a no: of the language of a known yes, if that is its opposite in any case."""
    if (
        isinstance(no, str)
        and isinstance(known, str)
        and _NO_FOR.get(known.strip().casefold()) == no.strip().casefold()
    ):
        return _in_case_of(no, known.strip().casefold())
    return _opposite(no)


def _opposite(value: CellValue) -> CellValue:
    """Return the opposite of a yes or no in the same spelling."""
    if not isinstance(value, str):
        return type(value)(not value) if isinstance(value, bool | int | float) else value
    plain = value.strip().casefold()
    return _in_case_of(value, _NO_FOR.get(plain) or _YES_FOR.get(plain, plain))


def _in_case_of(value: str, other: str) -> str:
    """Return a cell with another word in capitals and space like its own."""
    word = value.strip()
    if word.isupper() and word.casefold() != word:
        other = other.upper()
    elif word[:1].isupper():
        other = other.capitalize()
    return value.replace(word, other)


def _no_mark(where: str) -> CellProblem:
    return CellProblem(
        f"Each cell of a label's own column must say yes or no (1 or 0, true or false, yes or no, x or nothing){where}",
        "something else",
        fix="Correct the cell, or leave the column out of the label columns.",
    )
