"""Guess whether several columns together spell label sets, with the reason in one sentence."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from labelclean.io.column_names import LABEL_NAMES, name_fit
from labelclean.io.labels.one_hot import mark_meaning
from labelclean.io.labels.problem import CellProblem
from labelclean.io.layout import LabelSpelling

__all__ = ["guess_one_hot", "guess_repeated", "marks_family", "numbered_columns", "shares_labels"]

_NUMBERED = re.compile(r"(.*?)[ _.-]?([0-9]{1,3})")
_SEVERAL = 2
_ENOUGH_UNNAMED = 3
_EXACT_NAME = 1.0
_MOST = 0.5
_DIGITS = {"0", "1", "0.0", "1.0"}


def guess_one_hot(
    columns: Mapping[str, Sequence[str]], label: str | None, *, taken: Collection[str | None]
) -> tuple[LabelSpelling, str] | None:
    """
    Guess whether columns of yes and no stand for one label each.

    Parameters
    ----------
    columns : mapping of str to sequence of str
        The first cells of every column, in file order.
    label : str or None
        The column that would be the label's otherwise. A column with a label's name that is none of them keeps its
        role, and so does one of the very name ``label``.
    taken : collection of str or None
        Columns that have another role.

    Returns
    -------
    tuple of LabelSpelling and str, or None
        The spelling and why; None where it does not look so.
    """
    families: dict[str, list[str]] = {}
    for name, cells in columns.items():
        family = marks_family(cells)
        if name not in taken and family is not None:
            families.setdefault(family, []).append(name)
    group = max(families.values(), key=len, default=[])
    if len(group) < _SEVERAL:
        return None
    if label is not None:
        named = name_fit(label, LABEL_NAMES)
        if named > _EXACT_NAME or (label not in group and (named or len(group) < _ENOUGH_UNNAMED)):
            return None
    shown = ", ".join(f"“{name}”" for name in group[:3]) + (", …" if len(group) > 3 else "")  # noqa: PLR2004
    reason = f"{len(group):,} columns ({shown}) hold nothing but yes or no, so each is taken for a label of its own."
    return LabelSpelling(kind="one_hot", columns=tuple(group)), reason


def guess_repeated(
    columns: Mapping[str, Sequence[str]], label: str | None, *, taken: Collection[str | None]
) -> tuple[LabelSpelling, str] | None:
    """
    Guess whether numbered columns (``label1``, ``label2``) hold the labels of a set.

    They share labels, and no row has the same label in two of them: that would be what several annotators say.

    Parameters
    ----------
    columns : mapping of str to sequence of str
        The first cells of every column, in file order.
    label : str or None
        The column that would be the label's otherwise; one of the very name ``label`` keeps its role.
    taken : collection of str or None
        Columns that have another role.

    Returns
    -------
    tuple of LabelSpelling and str, or None
        The spelling and why; None where it does not look so.
    """
    if label is not None and name_fit(label, LABEL_NAMES) > _EXACT_NAME:
        return None
    for base, group in numbered_columns([name for name in columns if name not in taken]).items():
        cells = [columns[name] for name in group]
        is_named = name_fit(base, LABEL_NAMES) > 0 or label in group
        if not is_named or not shares_labels(cells) or _n_rows_twice(cells):
            continue
        n_several = sum(len([cell for cell in row if cell.strip()]) >= _SEVERAL for row in zip(*cells, strict=True))
        reason = (
            f"The {len(group):,} columns “{group[0]}” to “{group[-1]}” share their labels, no row has one twice, and "
            f"{n_several:,} of {len(cells[0]):,} rows have several."
        )
        return LabelSpelling(kind="repeated", columns=tuple(group)), reason
    return None


def numbered_columns(names: Sequence[str]) -> dict[str, list[str]]:
    """Return the columns whose names differ by their last number only, at least two of each kind, in file order."""
    groups: dict[str, list[str]] = {}
    for name in names:
        match = _NUMBERED.fullmatch(name.strip())
        if match is not None and match[1]:
            groups.setdefault(match[1], []).append(name)
    return {base: group for base, group in groups.items() if len(group) >= _SEVERAL}


def shares_labels(columns: Sequence[Sequence[str]]) -> bool:
    """Tell whether most of what each column holds is found in the others as well, and all hold something."""
    values = [{cell.strip() for cell in column if cell.strip()} for column in columns]
    if not all(values):
        return False
    for place, own in enumerate(values):
        others = set().union(*(other for at, other in enumerate(values) if at != place))
        if len(own & others) < _MOST * min(len(own), len(others)):
            return False
    return True


def _n_rows_twice(columns: Sequence[Sequence[str]]) -> int:
    n_twice = 0
    for row in zip(*columns, strict=True):
        filled = [cell.strip() for cell in row if cell.strip()]
        n_twice += len(set(filled)) < len(filled)
    return n_twice


def marks_family(cells: Sequence[str]) -> str | None:
    """Return which kind of yes and no a column holds, or None if it holds anything else or nothing."""
    words = {cell.strip().casefold() for cell in cells if cell.strip()}
    try:
        for word in words:
            mark_meaning(word)
    except CellProblem:
        return None
    if not words:
        return None
    return "digits" if words <= _DIGITS else _family_of_words(words)


def _family_of_words(words: set[str]) -> str:
    families = (
        ("true", "false"),
        ("t", "f"),
        ("yes", "no", "sí", "sì", "si"),
        ("y", "n"),
        ("x", "-"),
        ("✓", "✗"),
        ("ja", "nein"),
        ("是", "否"),
    )
    return next((family[0] for family in families if words <= set(family)), "other")
