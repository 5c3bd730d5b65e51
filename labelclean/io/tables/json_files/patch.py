"""Patch the text of one JSON object: replace or add single values and leave every other character as it is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from labelclean.errors import InvalidInputError
from labelclean.io.tables.contract import CellValue
from labelclean.io.tables.json_files.paths import Place, Step, find_place
from labelclean.io.tables.json_files.values import DECODER, WHITE_SPACE, canonical, decode, spell

__all__ = ["Member", "Style", "items", "marks", "members", "patch_object", "patch_place"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """Where one key of an object and its value stand; of an item of an array only the value's place counts."""

    key: str
    key_start: int
    key_end: int
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Style:
    """
    How new values are spelled.

    Attributes
    ----------
    encoding : str
        What it cannot hold is escaped.
    is_ascii : bool
        Whether everything that is not ASCII is escaped, as in the text around.
    """

    encoding: str
    is_ascii: bool

    @classmethod
    def of(cls, text: str, encoding: str) -> Style:
        """Return the style of a text: one that escapes some characters and holds none beyond ASCII escapes all."""
        return cls(encoding=encoding, is_ascii="\\u" in text and text.isascii())

    def spelled(self, value: CellValue, *, comma: str = ", ", colon: str = ": ") -> str:
        """Return the JSON spelling of a value."""
        text = spell(value, is_ascii=self.is_ascii, comma=comma, colon=colon)
        try:
            text.encode(self.encoding)
        except UnicodeEncodeError:
            return spell(value, is_ascii=True, comma=comma, colon=colon)
        return text


def patch_object(
    text: str, cells: Mapping[str, CellValue], *, columns: Collection[str], encoding: str, added: Collection[str] = ()
) -> str:
    """
    Return the text of an object with new values; the same text if it has them already.

    Parameters
    ----------
    text : str
        One valid JSON object, with white space around it.
    cells : mapping of str to object
        New values by column. A value that is missing is put behind its neighbours; None for one changes nothing.
        None for the only item of an array takes it out.
    columns : collection of str
        All columns of the file.
    encoding : str
        The one the text is written in.
    added : collection of str, default=()
        Columns that are keys of the row, whatever paths there are.

    Raises
    ------
    InvalidInputError
        If JSON has no such value.
    """
    style = Style.of(text, encoding)
    for column, value in cells.items():
        row = decode(text, DECODER)
        if not isinstance(row, dict):
            raise TypeError(type(row).__name__)
        if column in added and column not in row:
            place = Place(steps=(), value=row, missing=(column,))
        else:
            place = find_place(row, column, columns)
        holder = _only_items_holder(row, place) if value is None else None
        if holder is not None:
            text = patch_place(text, holder, [], style)
            continue
        text = patch_place(text, place, value, style, is_added=column in added)
    return text


def _only_items_holder(row: CellValue, place: Place) -> Place | None:
    """Return the array whose only item a place is: without a value it is empty, as null would be an item too."""
    if place.missing or not place.steps or not isinstance(place.steps[-1], int):
        return None
    holder = row
    for step in place.steps[:-1]:
        holder = holder[step]  # type: ignore[index]  # the steps lead from objects and arrays to a value
    is_only = isinstance(holder, list) and len(holder) == 1
    return Place(steps=place.steps[:-1], value=holder) if is_only else None


def members(text: str, start: int) -> Iterator[Member]:
    """Yield the members of a valid object that begins at or after a place."""
    at = _skip(text, _skip(text, start) + 1)
    while text[at] != "}":
        key, key_end = DECODER.raw_decode(text, at)
        value_start = _skip(text, _skip(text, key_end) + 1)
        end = DECODER.raw_decode(text, value_start)[1]
        yield Member(key=key, key_start=at, key_end=key_end, start=value_start, end=end)
        at = _skip(text, end)
        if text[at] == ",":
            at = _skip(text, at + 1)


def items(text: str, start: int) -> Iterator[tuple[int, int]]:
    """Yield where the items of a valid array that begins at or after a place begin and end."""
    at = _skip(text, _skip(text, start) + 1)
    while text[at] != "]":
        end = DECODER.raw_decode(text, at)[1]
        yield at, end
        at = _skip(text, end)
        if text[at] == ",":
            at = _skip(text, at + 1)


def marks(text: str, start: int) -> tuple[str, str]:
    """Return what stands between two members of an object with some, and between a key and its value."""
    present = list(members(text, start))
    last = present[-1]
    colon = text[last.key_end : last.start]
    if len(present) > 1:
        return text[present[-2].end : last.key_start], colon
    lead = text[_skip(text, start) + 1 : last.key_start]
    if "\n" in lead or "\r" in lead:
        return f",{lead}", colon
    return (", " if colon.endswith(tuple(WHITE_SPACE)) else ","), colon


def _add_member(text: str, start: int, key: str, value: CellValue, style: Style) -> str:
    """Return a text in which the object that begins at a place has one more member, in the style of the others."""
    present = list(members(text, start))
    if not present:
        at = _skip(text, start) + 1
        return f"{text[:at]}{style.spelled(key)}: {style.spelled(value)}{text[at:]}"
    last = present[-1]
    comma, colon = marks(text, start)
    is_tight = not colon.endswith(tuple(WHITE_SPACE))
    spelled = style.spelled(value, comma="," if is_tight else ", ", colon=":" if is_tight else ": ")
    return f"{text[: last.end]}{comma}{style.spelled(key)}{colon}{spelled}{text[last.end :]}"


def _respell(text: str, old: CellValue, new: CellValue, style: Style) -> str:
    """
    Return the spelling of a value that takes another's place; what stays of arrays and objects keeps its characters.

    Parameters
    ----------
    text : str
        The spelling of the old value, without white space around it.
    old, new : object
        The values.
    style : Style
        For what is new.
    """
    if isinstance(old, list) and isinstance(new, list | tuple) and old:
        return _respelled_list(text, old, new, style)
    if isinstance(old, dict) and isinstance(new, Mapping) and old:
        return _respelled_object(text, old, new, style)
    return style.spelled(new)


def patch_place(text: str, place: Place, value: CellValue, style: Style, *, is_added: bool = False) -> str:
    """Return a text with the value at a place replaced, or added where it is missing; see `patch_object`."""
    if not place.missing:
        if canonical(place.value) == canonical(value):
            return text
        start, end = _span(text, place.steps)
        return text[:start] + _respell(text[start:end], place.value, value, style) + text[end:]
    if value is None and not is_added:
        return text
    if isinstance(place.value, dict):
        start = _span(text, place.steps)[0]
        return _add_member(text, start, place.missing[0], _nested(place.missing[1:], value), style)
    start, end = _span(text, place.steps)
    made = _nested(place.missing, value)
    if isinstance(place.value, list) and int(place.missing[0]) < len(place.value):
        raise InvalidInputError(
            "A value must have its place in the file; an item of an array is something else than in other rows.",
            fix="Correct the array in the file first.",
        )
    if isinstance(place.value, list) and isinstance(made, list):
        made = [*place.value, *made]
    return text[:start] + _respell(text[start:end], place.value, made, style) + text[end:]


def _nested(steps: tuple[str, ...], value: CellValue) -> CellValue:
    """Return the objects and arrays that a path leads through; a number makes an array, whatever number it is."""
    for step in reversed(steps):
        value = [value] if step.isascii() and step.isdigit() else {step: value}
    return value


def _span(text: str, steps: tuple[Step, ...]) -> tuple[int, int]:
    """Return where the value at the end of some steps begins and ends; of equal keys the last one counts."""
    start, end = _skip(text, 0), len(text)
    for step in steps:
        if isinstance(step, int):
            start, end = list(items(text, start))[step]
        else:
            start, end = [(member.start, member.end) for member in members(text, start) if member.key == step][-1]
    return start, end


def _respelled_list(text: str, old: list[CellValue], new: Collection[CellValue], style: Style) -> str:
    places = list(items(text, 0))
    opening, closing = text[: places[0][0]], text[places[-1][1] :]
    if not new:
        return "[]"
    if len(places) > 1:
        comma = text[places[0][1] : places[1][0]]
    else:
        comma = "," + opening[1:] if "\n" in opening or "\r" in opening else ", "
    left = [(canonical(item), text[start:end]) for item, (start, end) in zip(old, places, strict=True)]
    spelled = []
    for item in new:
        meaning = canonical(item)
        at = next((at for at, (known, _) in enumerate(left) if known == meaning), None)
        spelled.append(style.spelled(item) if at is None else left.pop(at)[1])
    return f"{opening}{comma.join(spelled)}{closing}"


def _respelled_object(text: str, old: dict[str, CellValue], new: Mapping[str, CellValue], style: Style) -> str:
    present = list(members(text, 0))
    if any(key not in new for key in old) or len(present) != len(old):
        return style.spelled(new)
    for member in reversed(present):
        if canonical(old[member.key]) != canonical(new[member.key]):
            spelled = _respell(text[member.start : member.end], old[member.key], new[member.key], style)
            text = text[: member.start] + spelled + text[member.end :]
    for key, value in new.items():
        if key not in old:
            text = _add_member(text, 0, key, value, style)
    return text


def _skip(text: str, at: int) -> int:
    """Return the next place that is no white space."""
    while text[at] in WHITE_SPACE:
        at += 1
    return at
