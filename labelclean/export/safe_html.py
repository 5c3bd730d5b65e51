"""Small pieces of HTML in which text can only ever be text."""

from __future__ import annotations

import html
from collections.abc import Collection, Sequence

__all__ = ["as_text", "element", "page_without_surrogates", "table"]

_USER = "user"


def as_text(text: str) -> str:
    """Return text as HTML that shows it letter for letter; control codes that HTML forbids become visible signs."""
    shown = "".join(_VISIBLE.get(character, character) for character in text)
    return html.escape(shown)


_VISIBLE = {chr(code): chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\t\n\r"}


def element(tag: str, inner: str, classes: str = "") -> str:
    """
    Return an element around HTML that is already safe.

    What the user wrote (class ``user``) finds its own direction, so that right-to-left text does not turn what
    stands beside it.
    """
    attributes = f' class="{classes}"' if classes else ""
    direction = ' dir="auto"' if _USER in classes.split() else ""
    return f"<{tag}{attributes}{direction}>{inner}</{tag}>"


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: Collection[int] = ()) -> str:
    """Return a table of cells that are already safe HTML; columns in ``numbers`` are set flush right."""
    sides = [' class="number"' if column in numbers else "" for column in range(len(head))]
    top = "".join(f'<th scope="col"{side}>{as_text(name)}</th>' for name, side in zip(head, sides, strict=True))
    body = "".join(
        "<tr>" + "".join(f"<td{side}>{cell}</td>" for cell, side in zip(row, sides, strict=True)) + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def page_without_surrogates(page: str) -> str:
    """Return a page that UTF-8 can hold: halves of characters, which JSON can bring in, become question marks."""
    return page.encode("utf-8", "replace").decode("utf-8")
