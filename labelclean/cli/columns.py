"""Which column is which: as named on the command line, else as guessed, with the reason said."""

from __future__ import annotations

from typing import Literal

from labelclean.cli.reporting import note
from labelclean.errors import InvalidInputError
from labelclean.io.layout import FileSummary

__all__ = ["choose_column", "known_columns"]

Role = Literal["text", "label", "row_id"]

_OPTIONS: dict[Role, str] = {"text": "--text", "label": "--label", "row_id": "--id"}
_WORDS: dict[Role, str] = {"text": "text", "label": "label", "row_id": "id"}
_SHOWN_COLUMNS = 20


def choose_column(summary: FileSummary, role: Role, named: str | None, *, quiet: bool) -> str:
    """
    Return the column of one role.

    Raises
    ------
    InvalidInputError
        If the named column does not exist, or none is named and none is recognised.
    """
    if named is not None:
        if named not in summary.layout.columns:
            raise InvalidInputError(f"{_OPTIONS[role]} must name a column; got {named!r}.", fix=known_columns(summary))
        return named
    guess = next((guess for guess in summary.guesses if guess.role == role and guess.column is not None), None)
    if guess is None or guess.column is None:
        raise InvalidInputError(
            f"The {_WORDS[role]} column must be known; none was recognised.",
            fix=f"Name it with {_OPTIONS[role]}. {known_columns(summary)}",
        )
    if not quiet:
        note(f"{_WORDS[role]} column: {guess.column!r} ({guess.reason.rstrip('.')}); {_OPTIONS[role]} changes it")
    return guess.column


def known_columns(summary: FileSummary) -> str:
    """Return a sentence with the columns of a file, for an error about one that is not among them."""
    columns = summary.layout.columns
    shown = ", ".join(repr(column) for column in columns[:_SHOWN_COLUMNS])
    rest = f" and {len(columns) - _SHOWN_COLUMNS:,} more" if len(columns) > _SHOWN_COLUMNS else ""
    return f"The columns are {shown}{rest}."
