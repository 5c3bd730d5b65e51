"""What the cells of a row mean as a label or label set, and how to write another one in their place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import count
from typing import TypeVar

from labelclean.arrays import Label
from labelclean.dataset import is_missing_label, label_key
from labelclean.errors import InvalidInputError
from labelclean.io.labels.joined import check_separator, decode_joined, encode_joined, joined_style
from labelclean.io.labels.one_hot import decode_one_hot, encode_one_hot, one_hot_style
from labelclean.io.labels.problem import CellProblem, scalar_of
from labelclean.io.labels.repeated import decode_repeated, encode_repeated
from labelclean.io.labels.single import decode_name, encode_name, encode_plain, name_style
from labelclean.io.labels.style import SpellingStyle
from labelclean.io.labels.text_lists import decode_list, encode_list, list_style
from labelclean.io.labels.values import decode_array, decode_scores, encode_array, encode_scores, scores_style
from labelclean.io.layout import LabelSpelling
from labelclean.io.tables.contract import CellValue
from labelclean.label_set import LabelSet

__all__ = ["decode_labels", "encode_label", "missing_names", "spelling_style"]

_Cell = TypeVar("_Cell")


def decode_labels(
    spelling: LabelSpelling,
    columns: Sequence[Sequence[CellValue]],
    *,
    first_row: int = 0,
    style: SpellingStyle | None = None,
) -> list[Label | None]:
    """
    Return the label of each row, None where there is none; a ``LabelSet`` where a row may have several.

    Parameters
    ----------
    spelling : LabelSpelling
        How the cells spell labels.
    columns : sequence of sequence of cell value
        The spelling's columns, or the label's own, all of the same length.
    first_row : int, default=0
        The number of the first row, for errors.
    style : SpellingStyle, optional
        What `spelling_style` says about the whole file, where these are some of its rows only. It matters for
        "one_hot", whose empty cells may say no or nothing.

    Returns
    -------
    list of hashable or None, length n_rows
        Text in the cells of text tables stays that very text; in typed files ``1``, ``True`` and ``"1"`` differ.

    Raises
    ------
    FileContentError
        If a cell is not spelled so; it names the first such row and how many more there are.
    InvalidInputError
        If the spelling does not fit the number of columns, or its separator can be none.

    Notes
    -----
    Empty cells, white space, null and NaN are "not labelled". The empty set is what the spelling has for it: ``[]``,
    no column that says yes, a cell with nothing but separators. Several columns ("repeated") and one cell for several
    labels without such a spelling cannot hold it.

    Examples
    --------
    >>> decode_labels(LabelSpelling(kind="joined", separator="|"), [["late|broken", ""]])
    [LabelSet(['late', 'broken']), None]
    """
    _check_spelling(spelling, len(columns))
    if spelling.kind == "one_hot":
        marks = one_hot_style(columns) if style is None else style
        return list(decode_one_hot(columns, spelling.columns, marks, first_row=first_row))
    if spelling.kind == "repeated":
        return _decode_each(list(zip(*columns, strict=True)), decode_repeated, first_row)
    return _decode_each(columns[0], _cell_decoder(spelling), first_row)


def spelling_style(spelling: LabelSpelling, columns: Sequence[Sequence[CellValue]]) -> SpellingStyle:
    """
    Return what a file's cells together say about its way to spell labels, for `encode_label`.

    Parameters
    ----------
    spelling : LabelSpelling
        How the cells spell labels.
    columns : sequence of sequence of cell value
        The spelling's columns, or the label's own; all rows, or as many as are at hand.

    Raises
    ------
    InvalidInputError
        If the spelling does not fit the number of columns, or its separator can be none.
    """
    _check_spelling(spelling, len(columns))
    if spelling.kind == "one_hot":
        return one_hot_style(columns)
    if spelling.kind == "joined":
        style = joined_style(_distinct(columns[0]), check_separator(spelling.separator))
        return style if style.empty_set is not None else replace(style, empty_set=spelling.empty_set or None)
    if spelling.kind in {"json_list", "python_list"}:
        return list_style(_distinct(columns[0]), is_python=spelling.kind == "python_list")
    if spelling.kind == "scores":
        return scores_style(columns[0])
    if spelling.kind == "names":
        return name_style(_distinct(columns[0]))
    return SpellingStyle()


def encode_label(
    spelling: LabelSpelling,
    old: Sequence[CellValue],
    new: Label | None,
    *,
    is_typed: bool,
    style: SpellingStyle | None = None,
) -> tuple[CellValue, ...]:
    """
    Return the cells that spell a label in the place of a row's present ones.

    Parameters
    ----------
    spelling : LabelSpelling
        How the cells spell labels.
    old : sequence of cell value
        The row's present cells, in the order of the spelling's columns, or the label's own one.
    new : hashable or None
        The label, or the ``LabelSet``, or None for not labelled.
    is_typed : bool
        Whether the file's values have types (JSON, Parquet, Excel); otherwise all are text.
    style : SpellingStyle, optional
        What `spelling_style` says about the whole file; by default what these cells show.

    Returns
    -------
    tuple of cell value
        The old cells themselves where they mean the new label already. Otherwise labels that stay keep their order
        and spelling, new ones are appended, and nothing else changes.

    Raises
    ------
    InvalidInputError
        If the spelling has no place for the label, or the old cells are not spelled so.

    Examples
    --------
    >>> spelling = LabelSpelling(kind="joined", separator=",")
    >>> encode_label(spelling, ["late, broken"], LabelSet(["broken", "lost", "late"]), is_typed=False)
    ('late, broken, lost',)
    """
    _check_spelling(spelling, len(old))
    habits = spelling_style(spelling, [[cell] for cell in old]) if style is None else style
    try:
        return _encode(spelling, tuple(old), new, habits, is_typed=is_typed)
    except CellProblem as problem:
        raise problem.in_label() from problem


def missing_names(spelling: LabelSpelling, labels: Sequence[Label | None]) -> tuple[str, ...]:
    """
    Return the labels that a spelling by "names" has no name for, in order of first appearance.

    A format whose list of names can grow appends them, and ``class_names`` of the spelling with them, before encoding.
    """
    if spelling.kind != "names":
        return ()
    known = set(spelling.class_names)
    texts = (str(label) for label in labels if not is_missing_label(label))
    return tuple(dict.fromkeys(text for text in texts if text not in known))


def _encode(
    spelling: LabelSpelling,
    old: tuple[CellValue, ...],
    new: Label | None,
    style: SpellingStyle,
    *,
    is_typed: bool,
) -> tuple[CellValue, ...]:
    wanted = None if is_missing_label(new) else new
    if _means_already(spelling, old, wanted, style):
        return old
    if spelling.is_set:
        if wanted is not None and not isinstance(wanted, LabelSet):
            raise CellProblem(
                "Each label must be a set of labels in a file whose texts may have several",
                "a single label",
                fix="Give a LabelSet.",
            )
        return _encode_set(spelling, old, wanted, style, is_typed=is_typed)
    if isinstance(wanted, LabelSet):
        raise CellProblem(
            "Each label must be a single one in a file whose texts have one each", "a set", fix="Give one label."
        )
    if spelling.kind == "names":
        return (encode_name(old[0], wanted, spelling.class_names, style, is_typed=is_typed),)
    return (encode_plain(wanted, is_typed=is_typed),)


def _encode_set(
    spelling: LabelSpelling,
    old: tuple[CellValue, ...],
    new: LabelSet | None,
    style: SpellingStyle,
    *,
    is_typed: bool,
) -> tuple[CellValue, ...]:
    if spelling.kind == "one_hot":
        return encode_one_hot(old, new, spelling.columns, style, is_typed=is_typed)
    if spelling.kind == "repeated":
        return encode_repeated(old, new, is_typed=is_typed)
    if spelling.kind == "joined":
        return (encode_joined(old[0], new, check_separator(spelling.separator), style, is_typed=is_typed),)
    if spelling.kind in {"json_list", "python_list"}:
        is_python = spelling.kind == "python_list"
        return (encode_list(old[0], new, style, is_python=is_python, is_typed=is_typed),)
    if not is_typed:
        raise CellProblem(
            "The labels of a table of text must be spelled as text",
            f"the spelling “{spelling.kind}”",
            fix="Choose “json_list” for lists in cells of text.",
        )
    return (
        encode_array(old[0], new, in_given_order=style.in_given_order)
        if spelling.kind == "array"
        else encode_scores(old[0], new, style),
    )


def _means_already(
    spelling: LabelSpelling, cells: tuple[CellValue, ...], wanted: Label | None, style: SpellingStyle
) -> bool:
    try:
        present = _decode_row(spelling, cells, style)
    except CellProblem:
        if spelling.is_set:
            raise
        return False  # whatever it is, a single label takes its place as a whole
    if present is None or wanted is None:
        return present is wanted
    return label_key(present) == label_key(wanted)


def _decode_row(spelling: LabelSpelling, cells: tuple[CellValue, ...], style: SpellingStyle) -> Label | None:
    if spelling.kind == "one_hot":
        return decode_one_hot([[cell] for cell in cells], spelling.columns, style, first_row=0)[0]
    if spelling.kind == "repeated":
        return decode_repeated(cells)
    return _cell_decoder(spelling)(cells[0])


def _cell_decoder(spelling: LabelSpelling) -> Callable[[CellValue], Label | None]:
    if spelling.kind == "joined":
        return partial(decode_joined, separator=check_separator(spelling.separator))
    if spelling.kind in {"json_list", "python_list"}:
        return partial(decode_list, is_python=spelling.kind == "python_list")
    if spelling.kind == "names":
        return partial(decode_name, names=spelling.class_names)
    return {"array": decode_array, "scores": decode_scores}.get(spelling.kind, scalar_of)


def _decode_each(cells: Sequence[_Cell], decode: Callable[[_Cell], Label | None], first_row: int) -> list[Label | None]:
    """Decode each cell, and equal ones once."""
    seen: dict[object, Label | None] = {}
    labels: list[Label | None] = []
    problems: list[tuple[int, CellProblem]] = []
    for row, cell in zip(count(first_row), cells, strict=False):
        key = _key(cell)
        try:
            label = seen[key] if key in seen else decode(cell)
        except CellProblem as problem:
            problems.append((row, problem))
            continue
        labels.append(label)
        if key is not None:
            seen[key] = label
    if problems:
        row, first = problems[0]
        raise first.in_file(row, len(problems) - 1) from first
    return labels


def _key(cell: object) -> object:
    """Return what equal cells have in common, their types included; None where nothing can be looked up by it."""
    kind = type(cell)
    if kind is str:
        return cell
    key: object = (kind, cell)
    if isinstance(cell, list | tuple):
        key = (kind, tuple(cell), *map(type, cell))
    elif isinstance(cell, dict):
        key = (kind, tuple(cell.items()), *map(type, cell.values()))
    elif cell != cell:  # noqa: PLR0124  (no NaN is equal to another)
        return None
    try:
        hash(key)
    except TypeError:  # a list inside of another value
        return None
    return key


def _distinct(cells: Sequence[CellValue]) -> list[CellValue]:
    """Return the different cells, in order of first appearance."""
    return list({(type(cell), cell): cell for cell in cells if not isinstance(cell, list | dict)}.values())


def _check_spelling(spelling: LabelSpelling, n_columns: int) -> None:
    n_wanted = len(spelling.columns) if spelling.kind in {"one_hot", "repeated"} else 1
    if n_columns != n_wanted or not n_wanted:
        raise InvalidInputError(
            f"The spelling “{spelling.kind}” must have the cells of {n_wanted:,} columns; got {n_columns:,}.",
            fix="Name the columns that hold the labels.",
        )
    if spelling.kind == "joined":
        check_separator(spelling.separator)
