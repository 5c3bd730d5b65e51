"""Guess which column holds the text, the label and the id, each with the reason in one sentence."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from labelclean.io.column_names import (
    ANNOTATOR_WORDS,
    ID_NAMES,
    LABEL_NAMES,
    SPLIT_WORDS,
    TEXT_NAMES,
    TRUTH_WORDS,
    name_fit,
    name_words,
)
from labelclean.io.layout import ColumnGuess

__all__ = ["guess_columns"]

_CJK = re.compile("[぀-ヿ㐀-鿿가-힯฀-๿]")
_NUMBER = re.compile(r"[-+]?[\d.,]+(?:[eE][-+]?\d+)?%?")
_CODE = re.compile(r"[A-Za-z]{0,12}[-_#.:/]?\d+(?:_\w+)?(?:-\w+)*|[0-9a-fA-F-]{8,}")
_DATE = re.compile(r"(?:\d{4}([-/.])\d{1,2}\1\d{1,2}|\d{1,2}([-/.])\d{1,2}\2\d{4}).{0,20}", re.DOTALL)
_TIME_WORDS = frozenset({"time", "date", "timestamp", "created", "updated", "datum"})
_CELL_CHARACTERS = 2_000
_MAX_LABEL_CHARACTERS = 60
_MAX_SET_CHARACTERS = 300  # several labels in one cell
_MAX_ID_CHARACTERS = 64
_MAX_CLASSES = 2_000
_MOST = 0.5
_NEARLY_ALL = 0.9
_WORDY = 1.8
_CJK_WORDY = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class _Column:
    """What the sample says about one column."""

    name: str
    place: int
    n_rows: int
    n_filled: int
    n_distinct: int
    mean_words: float
    mean_characters: float
    number_share: float
    spaced_share: float
    cjk_share: float
    code_share: float
    date_share: float

    @property
    def distinct_share(self) -> float:
        """Share of the filled cells that are different from each other."""
        return self.n_distinct / self.n_filled if self.n_filled else 0.0


def guess_columns(
    names: Sequence[str], rows: Sequence[Sequence[str]], n_rows: int
) -> tuple[ColumnGuess, ColumnGuess, ColumnGuess]:
    """
    Guess the columns' roles from their names and their content.

    Parameters
    ----------
    names : sequence of str
        The column names.
    rows : sequence of sequence of str
        The first rows, cells as text in column order.
    n_rows : int
        Rows in the whole file, to say in the reasons how many were looked at.

    Returns
    -------
    tuple of ColumnGuess
        Text, label, row_id; no column has two roles, and ``column`` is None where none fits.
    """
    looked_at = "" if len(rows) == n_rows else f" (in the first {len(rows):,} rows)"
    columns = [_describe(name, place, [row[place] for row in rows]) for place, name in enumerate(names)]
    text = _best(columns, _text_score)
    rest = [column for column in columns if column is not text]
    label = _best(rest, _label_score)
    rest = [column for column in rest if column is not label]
    row_id = _best(rest, _id_score)
    return (
        ColumnGuess(role="text", column=text.name if text else None, reason=_text_reason(text, looked_at)),
        ColumnGuess(role="label", column=label.name if label else None, reason=_label_reason(label, looked_at)),
        ColumnGuess(role="row_id", column=row_id.name if row_id else None, reason=_id_reason(row_id, looked_at)),
    )


def _describe(name: str, place: int, cells: Sequence[str]) -> _Column:
    filled = [cell[:_CELL_CHARACTERS] for cell in cells if cell.strip()]
    n_filled = len(filled)

    def share(pattern: re.Pattern[str]) -> float:
        return sum(pattern.fullmatch(cell.strip()) is not None for cell in filled) / max(n_filled, 1)

    return _Column(
        name=name,
        place=place,
        n_rows=len(cells),
        n_filled=n_filled,
        n_distinct=len(set(filled)),
        mean_words=sum(len(cell.split()) for cell in filled) / max(n_filled, 1),
        mean_characters=sum(map(len, filled)) / max(n_filled, 1),
        number_share=share(_NUMBER),
        spaced_share=sum(len(cell.split()) > 1 for cell in filled) / max(n_filled, 1),
        cjk_share=sum(_CJK.search(cell) is not None for cell in filled) / max(n_filled, 1),
        code_share=share(_CODE),
        date_share=share(_DATE),
    )


def _best(columns: Sequence[_Column], score: Callable[[_Column], float | None]) -> _Column | None:
    """Return the column with the highest score, the leftmost of equals; None if none has a score."""
    scored = [(value, -column.place, column) for column in columns if (value := score(column)) is not None]
    return max(scored)[2] if scored else None


def _text_score(column: _Column) -> float | None:
    named = name_fit(column.name, TEXT_NAMES)
    is_wordy = column.mean_words >= _WORDY or (column.cjk_share > _MOST and column.mean_characters >= _CJK_WORDY)
    if not column.n_filled or column.number_share > _MOST or not (is_wordy or named > 1):
        return None
    against = 1.5 * name_fit(column.name, LABEL_NAMES)
    score = math.log1p(column.mean_characters) * (0.2 + column.distinct_share) + 2 * named - against
    return score if score > 0 else None


def _label_score(column: _Column) -> float | None:
    named = name_fit(column.name, LABEL_NAMES)
    repeats = column.n_distinct <= _MAX_CLASSES and column.distinct_share <= _MOST
    most = _MAX_SET_CHARACTERS if named > 1 else _MAX_LABEL_CHARACTERS
    if column.mean_characters > most or not (named or (column.n_filled and repeats)):
        return None
    is_varied, is_word = column.n_distinct > 1, column.number_share <= _MOST
    against = name_fit(column.name, TEXT_NAMES) + name_fit(column.name, ID_NAMES)
    against += not (TRUTH_WORDS | ANNOTATOR_WORDS | SPLIT_WORDS).isdisjoint(name_words(column.name))
    against += (column.n_distinct == 1) + (column.date_share > _MOST)
    return 2 * named - against + (1 - column.distinct_share) + 0.5 * is_word + 0.5 * is_varied


def _id_score(column: _Column) -> float | None:
    is_unique = column.n_rows > 0 and column.n_distinct == column.n_rows
    named = max(name_fit(column.name, ID_NAMES), 0.5 * column.name.lower().endswith("id"))
    if not is_unique or column.spaced_share or column.mean_characters > _MAX_ID_CHARACTERS:
        return None
    is_time = not _TIME_WORDS.isdisjoint(name_words(column.name))
    is_code = column.code_share > _NEARLY_ALL and column.n_rows > 1 and not is_time
    return named + 0.5 * is_code if named or is_code else None


def _text_reason(column: _Column | None, looked_at: str) -> str:
    if column is None:
        return "No column looks like a text: none holds several words in most cells."
    length = (
        f"{column.mean_words:.1f} words" if column.cjk_share <= _MOST else f"{column.mean_characters:.0f} characters"
    )
    named = "is named like a text and " if name_fit(column.name, TEXT_NAMES) else ""
    if column.n_distinct == column.n_filled:
        differ = f"all {column.n_filled:,} values differ"
    else:
        differ = f"{column.n_distinct:,} of {column.n_filled:,} values differ"
    return f"“{column.name}” {named}holds {length} on average; {differ}{looked_at}."


def _label_reason(column: _Column | None, looked_at: str) -> str:
    if column is None:
        return "No column looks like a label: none holds few short values that repeat."
    named = "is named like a label and " if name_fit(column.name, LABEL_NAMES) else ""
    values = "1 value" if column.n_distinct == 1 else f"{column.n_distinct:,} different values"
    return f"“{column.name}” {named}holds {values} in {column.n_filled:,} filled cells{looked_at}."


def _id_reason(column: _Column | None, looked_at: str) -> str:
    if column is None:
        return "No column looks like an id: none holds a short, different value in every row."
    is_named = name_fit(column.name, ID_NAMES) or column.name.lower().endswith("id")
    named = "is named like an id and " if is_named else ""
    return f"“{column.name}” {named}holds a different, short value in every row{looked_at}."
