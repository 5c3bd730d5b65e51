"""Cut a JSON text into the items of one array and what stands around them, holding no more than one item at a time."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from labelclean.errors import FileContentError
from labelclean.io.tables.json_files.flaws import Flaw, find_flaw
from labelclean.io.tables.json_files.values import MAX_DEPTH, check_depth
from labelclean.io.text.records import MAX_RECORD_CHARACTERS
from labelclean.io.text.text_file import count_line_ends

__all__ = ["ItemBatch", "JsonStream"]

# What must follow a value is part of the match: a number may go on in the next block, and so may white space.
_NEXT = re.compile(r"[ \t\r\n]*(?:(,)[ \t\r\n]*(?=[^ \t\r\n])|(?=[^ \t\r\n,]))")
_BATCH_ITEMS = 256  # few enough to stay in the cache of the processor
_SPACE = re.compile(r"[ \t\r\n]*")


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemBatch:
    """
    Some items of an array in file order.

    Attributes
    ----------
    text : str
        A piece of the file: from the end of the item before the first one to the end of the last one; the text of the
        very first batch begins with the first item.
    spans : list of tuple of int
        Where in ``text`` the items begin and end.
    values : list of object
        The decoded items.
    first_item : int
        0-based number of the first one.
    first_line : int
        1-based physical line on which the text begins.
    """

    text: str
    spans: list[tuple[int, int]]
    values: list[object]
    first_item: int
    first_line: int

    def place_of(self, position: int) -> str:
        """Return the words for the place of an item."""
        line = self.first_line + count_line_ends(self.text[: self.spans[position][0]])
        return f"line {line:,}, item {self.first_item + position + 1:,} of the array"


class JsonStream:
    """
    A JSON text that is read from front to back.

    Parameters
    ----------
    blocks : iterable of str
        The text.
    decoder : JSONDecoder
        Decodes values.
    """

    def __init__(self, blocks: Iterable[str], decoder: json.JSONDecoder) -> None:
        self._blocks = iter(blocks)
        self._decoder = decoder
        # The present piece of the text, how far it was given away, and where the reading is.
        self._text, self._start, self._at = "", 0, 0
        self._is_over = False
        self._line, self._column, self._ends_with_return = 1, 1, False

    @property
    def n_passed(self) -> int:
        """How many characters were passed that ``passed`` has not given yet."""
        return self._at - self._start

    def peek(self) -> str:
        """Go to the next character that is no white space and return it; empty at the end of the text."""
        while True:
            space = _SPACE.match(self._text, self._at)
            self._at = space.end() if space else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._read_on():
                return ""

    def take(self, marks: str, otherwise: str) -> str:
        """
        Go behind the next character, which must be one of some marks, and return it.

        If it is not, the error is the one that the json module would give with the words ``otherwise``.
        """
        mark = self.peek()
        if not mark or mark not in marks:
            error = json.JSONDecodeError(otherwise, self._text, self._at)
            raise self.broken(find_flaw(self._text, error))
        self._at += 1
        return mark

    def value(self) -> object:
        """Return the next value whole, and go behind it."""
        while True:
            self.peek()
            try:
                value, end = self._decoded(self._at)
            except (ValueError, RecursionError) as error:
                self._read_on_after(error)
                continue
            if _NEXT.match(self._text, end) is not None or not self._read_on():
                self._at = end
                return value

    def passed(self) -> str:
        """Return what was passed since this was last asked, and let go of it."""
        return self._let_go(self._at)

    def items(self) -> Iterator[ItemBatch]:
        """
        Yield the items of an array, from its first one to the last; what was passed before is let go of.

        White space behind the last item is left.
        """
        if self.peek() == "]":
            return
        self._let_go(self._at)
        n_items, is_last = 0, False
        while not is_last:
            batch, is_last = self._batch(n_items)
            n_items += len(batch.values)
            if batch.values:
                yield batch

    def end(self) -> None:
        """Refuse anything but white space from here on."""
        if self.peek():
            raise self.broken(
                Flaw(
                    what="there is more after the end of the first value",
                    fix="Put all objects into one array, or one object into each line and no array around them.",
                )
            )

    def broken(self, flaw: Flaw) -> FileContentError:
        """Return the error for a flaw in the present text, by default at the place where the reading is."""
        passed = self._text[self._start : self._at if flaw.at is None else flaw.at]
        n_lines, column = self._moved(passed)
        what, fix = flaw.what, flaw.fix or "Correct it, or get the file again."
        if flaw.is_end and not self._is_over:
            what = f"a value begins there that is longer than {MAX_RECORD_CHARACTERS:,} characters"
        elif flaw.is_end and what == "it ends too early":
            what, fix = "the file ends there", "Get the file again; it seems to be cut off."
        return FileContentError(
            f"The file must be one whole JSON document; it is not, from line {self._line + n_lines:,}, column "
            f"{column:,} on: {what}.",
            fix=fix,
        )

    def _batch(self, n_items: int) -> tuple[ItemBatch, bool]:
        """Take as many items as the present text holds wholly, perhaps none; tell whether the last is among them."""
        spans: list[tuple[int, int]] = []
        values: list[object] = []
        text, raw_decode, at, is_last = self._text, self._decoder.raw_decode, self._at, False
        while not is_last and len(spans) < _BATCH_ITEMS:
            try:
                value, end = raw_decode(text, at)
                if end - at > 2 * MAX_DEPTH:
                    check_depth(text, at, end)
            except (ValueError, RecursionError) as error:
                if not spans:
                    self._read_on_after(error)
                    at = self._at
                break
            following = _NEXT.match(text, end)
            if following is None:
                if not spans:
                    if not self._read_on():
                        self._at = len(self._text)
                        self.take(",]", "Expecting ',' delimiter")
                    at = self._at
                break
            spans.append((at, end))
            values.append(value)
            at, is_last = following.end(), following[1] is None
        return self._cut(spans, values, n_items, at), is_last

    def _cut(self, spans: list[tuple[int, int]], values: list[object], n_items: int, at: int) -> ItemBatch:
        """Let go of the text of some items, and stand in front of the next one."""
        start, line = self._start, self._line
        text = self._let_go(spans[-1][1]) if spans else ""
        self._at = at
        spans = [(first - start, last - start) for first, last in spans]
        return ItemBatch(text=text, spans=spans, values=values, first_item=n_items, first_line=line)

    def _decoded(self, at: int) -> tuple[object, int]:
        value, end = self._decoder.raw_decode(self._text, at)
        check_depth(self._text, at, end)
        return value, end

    def _read_on_after(self, error: Exception) -> None:
        """Read on, as the value may only be cut; otherwise raise what is wrong with it."""
        is_long = len(self._text) - self._at > MAX_RECORD_CHARACTERS
        if not isinstance(error, json.JSONDecodeError) or is_long or not self._read_on():
            raise self.broken(find_flaw(self._text, error)) from error

    def _read_on(self) -> bool:
        """Make the text that is left at least twice as long, so that a long value is not tried again for each block."""
        new: list[str] = []
        n_new, wanted = 0, len(self._text) - self._at
        for block in self._blocks:
            new.append(block)
            n_new += len(block)
            if n_new >= wanted:
                break
        else:
            self._is_over = True
        if new:
            self._text = "".join([self._text[self._start :], *new])
            self._start, self._at = 0, self._at - self._start
        return bool(new)

    def _let_go(self, end: int) -> str:
        """Give the text up to a place away."""
        text = self._text[self._start : end]
        n_lines, self._column = self._moved(text)
        self._line += n_lines
        self._ends_with_return = text.endswith("\r") if text else self._ends_with_return
        self._start = end
        return text

    def _moved(self, text: str) -> tuple[int, int]:
        """Return how many lines a text at the front goes down, and the column that follows it."""
        n_lines = count_line_ends(text) - (self._ends_with_return and text.startswith("\n"))
        last = max(text.rfind("\n"), text.rfind("\r"))
        return n_lines, len(text) - last if last >= 0 else self._column + len(text)
