"""Which column is which: as named on the command line, else as guessed, with the reason said."""

from __future__ import annotations

from typing import Literal

from labelclean.cli.reporting import note
from labelclean.errors import InvalidInputError
from labelclean.io.layout import ColumnRoles, FileSummary

__all__ = ["choose_column", "choose_roles"]

Role = Literal["text", "label", "row_id"]

_OPTIONS: dict[Role, str] = {"text": "--text", "label": "--label", "row_id": "--id"}
_WORDS: dict[Role, str] = {"text": "text", "label": "label", "row_id": "id"}
_SHOWN_COLUMNS = 20


def choose_roles(
    summary: FileSummary, *, text: str | None, label: str | None, row_id: str | None, quiet: bool
) -> ColumnRoles:
    """
    Return the columns' roles.

    Raises
    ------
    InvalidInputError
        If a named column does not exist, one is neither named nor recognised, or two roles fall on one column.
    """
    chosen_text = choose_column(summary, "text", text, quiet=quiet)
    chosen_label = choose_column(summary, "label", label, quiet=quiet)
    if chosen_text == chosen_label:
        raise InvalidInputError(
            f"The text and the label must be two columns; both are {chosen_text!r}.",
            fix=f"Name them with --text and --label. {_known(summary)}",
        )
    chosen_id = choose_column(summary, "row_id", row_id, quiet=quiet) if row_id is not None else None
    return ColumnRoles(text=chosen_text, label=chosen_label, row_id=chosen_id)


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
            raise InvalidInputError(f"{_OPTIONS[role]} must name a column; got {named!r}.", fix=_known(summary))
        return named
    guess = next((guess for guess in summary.guesses if guess.role == role and guess.column is not None), None)
    if guess is None or guess.column is None:
        raise InvalidInputError(
            f"The {_WORDS[role]} column must be known; none was recognised.",
            fix=f"Name it with {_OPTIONS[role]}. {_known(summary)}",
        )
    if not quiet:
        note(f"{_WORDS[role]} column: {guess.column!r} ({guess.reason.rstrip('.')}); {_OPTIONS[role]} changes it")
    return guess.column


def _known(summary: FileSummary) -> str:
    columns = summary.layout.columns
    shown = ", ".join(repr(column) for column in columns[:_SHOWN_COLUMNS])
    rest = f" and {len(columns) - _SHOWN_COLUMNS:,} more" if len(columns) > _SHOWN_COLUMNS else ""
    return f"The columns are {shown}{rest}."
