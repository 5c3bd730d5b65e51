"""Guess how the cells of one column spell labels, with the reason in one sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from labelclean.errors import LabelCleanError
from labelclean.io.labels.joined import split_joined
from labelclean.io.labels.problem import CellProblem
from labelclean.io.labels.single import decode_name
from labelclean.io.labels.text_lists import decode_list
from labelclean.io.layout import LabelSpelling
from labelclean.label_set import LabelSet

__all__ = ["guess_cells"]

_CLEAR_SEPARATORS = ("||", "|", ";", "::", "\t", "\n")  # of two that part the same cells the first
_USUAL_SEPARATORS = (",", "/", "+", "&")  # that stand inside of single labels as well
_NAMES = {"\t": "a tab", "\n": "a line end"}
_SEVERAL = 2
_ENOUGH_SETS = 3
_NEARLY_ALL = 0.9
_MOST = 0.5
_MOST_CHARACTERS = 2_000
_MARKS = frozenset({"0", "1", "0.0", "1.0", "false", "true"})
_BRACKETS = {"[": "]", "{": "}", "<": ">", "(": ")"}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Split:
    """What a column looks like if one separator parts its cells."""

    separator: str
    n_rows: int
    n_filled: int
    n_sets: int
    known_share: float
    alone_share: float
    is_digits: bool
    has_many: bool
    has_sizes: bool
    moves: bool
    all_move: bool
    n_last: int

    @property
    def is_sure(self) -> bool:
        """Whether the parts behave like labels: they come back elsewhere, alone or in another order and number."""
        is_free = self.alone_share >= _MOST or (self.has_sizes and self.moves) or self.all_move
        if not self.n_rows or self.known_share < _NEARLY_ALL or not is_free:
            return False
        if self.separator in _CLEAR_SEPARATORS:
            return True
        return self.n_sets >= _ENOUGH_SETS and (self.has_many or not self.is_digits or self._are_numbers_of_labels)

    @property
    def _are_numbers_of_labels(self) -> bool:
        """Whether pairs such as ``3,14`` are no decimals: most cells have no comma, and the fractions no system."""
        is_usual_alone = self.n_rows < _MOST * self.n_filled and self.alone_share >= _NEARLY_ALL
        return is_usual_alone and self.n_last >= _ENOUGH_SETS


def guess_cells(
    cells: Sequence[str], *, kind: str = "text", class_names: Sequence[str] = ()
) -> tuple[LabelSpelling, str]:
    """
    Guess how a column's cells spell labels.

    Parameters
    ----------
    cells : sequence of str
        The first cells of the column as text; lists and mappings in their JSON spelling.
    kind : str, default="text"
        What the cells hold in the file.
    class_names : sequence of str, default=()
        The list of names that the file has for this column, if any.

    Returns
    -------
    tuple of LabelSpelling and str
        The spelling, and why. In doubt each cell is one label.

    Examples
    --------
    >>> spelling, reason = guess_cells(["late|broken", "late", "broken", "lost"])
    >>> spelling.kind, spelling.separator
    ('joined', '|')
    >>> reason
    '1 of 4 cells holds several labels with “|” between them; each part occurs on its own as well.'
    """
    filled = [cell[:_MOST_CHARACTERS] for cell in cells if cell.strip()]
    if class_names and filled and kind != "text" and _is_read(filled, lambda cell: decode_name(cell, class_names)):
        reason = f"The values are whole numbers, and the file has a list of {len(class_names):,} names for them."
        return LabelSpelling(kind="names", class_names=tuple(class_names)), reason
    if kind == "list":
        return _guess_lists(filled, has_names=bool(class_names))
    n_lists = sum(map(_is_json_list, filled)) if kind == "mixed" else 0
    if n_lists:
        are = "is a list" if n_lists == 1 else "are lists"
        reason = f"{n_lists:,} of {len(filled):,} values {are}; a lone label counts as a list of one."
        return LabelSpelling(kind="array"), reason
    if kind == "object":
        return LabelSpelling(kind="scores"), "Each value maps labels to a number or to true or false."
    if kind in {"number", "bool"} or not filled:
        return LabelSpelling(), "Each cell is one label."
    return _guess_text(filled)


def _guess_lists(filled: Sequence[str], *, has_names: bool) -> tuple[LabelSpelling, str]:
    n_marks = 0 if has_names else _n_marks(filled)
    if n_marks:
        reason = (
            f"Each value is a list of {n_marks:,} marks, yes or no for each label, without the names of the labels."
        )
        return LabelSpelling(), reason
    return LabelSpelling(kind="array"), _list_reason("value", "a list", filled)


def _guess_text(filled: Sequence[str]) -> tuple[LabelSpelling, str]:
    distinct = list(dict.fromkeys(filled))
    if _looks_like_lists(distinct, "[", is_python=False):
        return LabelSpelling(kind="json_list"), _list_reason("cell", "a JSON list", filled)
    if _looks_like_lists(distinct, "[({s", is_python=True):
        return LabelSpelling(kind="python_list"), _list_reason("cell", "a list as Python prints it", filled)
    if (n_lists := sum(map(_is_bracketed, filled))) >= _NEARLY_ALL * len(filled):
        look = f"{n_lists:,} of {len(filled):,} cells look like lists of a kind that cannot be read"
        return LabelSpelling(), f"Each cell is one label: {look}; as JSON lists they would be label sets."
    counts = Counter(filled)
    splits = [
        _split(counts, separator)
        for separator in (*_CLEAR_SEPARATORS, *_USUAL_SEPARATORS)
        if any(separator in cell for cell in distinct)
    ]
    sure = [split for split in splits if split.is_sure]
    if sure:
        best = max(sure, key=lambda split: split.n_rows)  # the first of equals
        return LabelSpelling(kind="joined", separator=best.separator), _joined_reason(best)
    doubtful = max(splits, key=lambda split: split.n_rows, default=None)
    return LabelSpelling(), _plain_reason(len(distinct), doubtful)


def _split(counts: Counter[str], separator: str) -> _Split:
    sets = {cell: [label for _, label in split_joined(cell, separator).items] for cell in counts}
    several = {cell: parts for cell, parts in sets.items() if len(parts) >= _SEVERAL}
    n_cells_with = Counter(part for parts in sets.values() for part in set(parts))
    alone = {parts[0] for parts in sets.values() if len(parts) == 1}
    vocabulary = {part for parts in several.values() for part in parts}
    n_rows = sum(counts[cell] for cell in several)
    n_known = sum(
        counts[cell]
        for cell, parts in several.items()
        if len(set(parts)) == len(parts) and all(n_cells_with[part] > 1 for part in parts)
    )
    places: dict[object, set[int]] = {}
    for parts in several.values():
        for place, part in enumerate(parts):
            places.setdefault(part, set()).add(place)
    return _Split(
        separator=separator,
        n_rows=n_rows,
        n_filled=sum(counts.values()),
        n_sets=len(several),
        known_share=n_known / max(n_rows, 1),
        alone_share=len(vocabulary & alone) / max(len(vocabulary), 1),
        is_digits=all(str(part).isdigit() for part in vocabulary),
        has_many=any(len(parts) > _SEVERAL for parts in several.values()),
        has_sizes=len({len(parts) for parts in sets.values()}) > 1,
        moves=any(len(at) > 1 for at in places.values()),
        all_move=bool(places) and all(len(at) > 1 for at in places.values()),
        n_last=len({parts[-1] for parts in several.values()}),
    )


def _looks_like_lists(distinct: Sequence[str], openings: str, *, is_python: bool) -> bool:
    """Tell whether nearly all cells are such lists: a few broken ones shall be found when they are read."""
    n_lists = n_other = 0
    for cell in distinct:
        if cell.lstrip()[:1] in openings and _is_read([cell], lambda text: decode_list(text, is_python=is_python)):
            n_lists += 1
        elif cell.strip() not in {"null", "None", "nan"}:
            n_other += 1
    return n_lists > 0 and n_lists >= _NEARLY_ALL * (n_lists + n_other)


def _is_bracketed(cell: str) -> bool:
    """Tell whether a cell is enclosed in brackets."""
    text = cell.strip()
    return len(text) > 1 and _BRACKETS.get(text[0]) == text[-1]


def _n_marks(filled: Sequence[str]) -> int:
    """Return how many noughts and ones each list holds if all hold nothing else, as many, and some one twice; or 0."""
    sizes: set[int] = set()
    is_repeated = False
    for cell in filled:
        marks = [mark.strip() for mark in cell.strip().removeprefix("[").removesuffix("]").split(",")]
        sizes.add(len(marks))
        if len(sizes) > 1 or not _MARKS.issuperset(marks):
            return 0
        is_repeated |= len(set(marks)) < len(marks)
    return max(sizes) if is_repeated else 0


def _is_read(cells: Sequence[str], read: Callable[[str], object]) -> bool:
    try:
        for cell in cells:
            read(cell)
    except (CellProblem, LabelCleanError):
        return False
    return True


def _is_json_list(cell: str) -> bool:
    return cell.lstrip().startswith("[") and _is_read([cell], lambda text: decode_list(text, is_python=False))


def _list_reason(what: str, kind: str, filled: Sequence[str]) -> str:
    n_several = sum(1 for cell in filled if _n_labels(cell) >= _SEVERAL)
    have = "holds" if n_several == 1 else "hold"
    return f"Each {what} is {kind}; {n_several:,} of {len(filled):,} {have} several labels."


def _n_labels(cell: str) -> int:
    for is_python in (False, True):
        try:
            labels = decode_list(cell, is_python=is_python)
        except CellProblem:
            continue
        return len(labels) if isinstance(labels, LabelSet) else 0
    return 0


def _joined_reason(split: _Split) -> str:
    have = "holds" if split.n_rows == 1 else "hold"
    if split.alone_share == 1:
        why = "each part occurs on its own as well"
    elif split.alone_share >= _MOST:
        why = f"{split.alone_share:.0%} of the parts occur on their own as well"
    else:
        why = "the parts come back in other cells, in other numbers and places"
    shown = _NAMES.get(split.separator, f"“{split.separator}”")
    return f"{split.n_rows:,} of {split.n_filled:,} cells {have} several labels with {shown} between them; {why}."


def _plain_reason(n_distinct: int, doubtful: _Split | None) -> str:
    if doubtful is None or not doubtful.n_rows:
        return (
            "Each cell is one label."
            if n_distinct == 1
            else f"Each of the {n_distinct:,} different cells is one label."
        )
    shown = _NAMES.get(doubtful.separator, f"“{doubtful.separator}”")
    cells = "1 cell has" if doubtful.n_rows == 1 else f"{doubtful.n_rows:,} cells have"
    return (
        f"Each cell is one label: {cells} {shown} inside, but what it parts does not come back freely in other cells."
    )
