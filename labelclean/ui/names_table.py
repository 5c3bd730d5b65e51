"""The names that numbers stand for: pasted, or taken from a file, one on a line."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from labelclean.ui.elements import note, notice, number_of

__all__ = ["draw_names_table", "read_names"]

_MOST_BYTES = 10_000_000


def draw_names_table(guessed: Sequence[str]) -> tuple[str, ...]:
    """Draw where names are pasted or a file with them is dropped; return them by position."""
    pasted = st.text_area(
        "Names, one on a line",
        value="\n".join(guessed),
        height=110,
        placeholder="the name of 0\nthe name of 1\n…",
        key="upload-names",
    )
    uploaded = st.file_uploader(
        "Or a file with them", type=["txt", "csv", "tsv"], key="upload-names-file", max_upload_size=10
    )
    names = read_names(pasted)
    if uploaded is not None:
        try:
            names = read_names(uploaded.getvalue()[:_MOST_BYTES].decode("utf-8-sig"))
        except UnicodeDecodeError:
            notice("error", "The file of names must be UTF-8 text; it is not.", "Paste the names instead.")
            return ()
    if names:
        note(f"{number_of(len(names), 'name', 'names')}: 0 is “{names[0]}”, {len(names) - 1} is “{names[-1]}”.")
    return names


def read_names(text: str) -> tuple[str, ...]:
    r"""
    Return the names on the lines of a text; lines such as ``3,late`` say their number themselves.

    Blank lines at the end do not count; one in between is the name of a number that is not used.

    Examples
    --------
    >>> read_names("late\nbroken\n")
    ('late', 'broken')
    >>> read_names("1,broken\n0,late")
    ('late', 'broken')
    """
    lines = [line.strip() for line in text.rstrip().splitlines()]
    numbered = [_numbered(line) for line in lines if line]
    pairs = [pair for pair in numbered if pair is not None]
    if lines and len(pairs) == len(numbered) and sorted(number for number, _ in pairs) == list(range(len(pairs))):
        return tuple(name for _, name in sorted(pairs))
    return tuple(lines)


def _numbered(line: str) -> tuple[int, str] | None:
    for separator in ("\t", ",", ";", ":"):
        number, found, name = line.partition(separator)
        if found and number.strip().isdecimal() and name.strip():
            return int(number), name.strip()
    return None
