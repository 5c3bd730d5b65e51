"""Guess where a file's labels stand and how they are spelled, with the reason in one sentence each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from labelclean.io.column_names import ID_NAMES, name_fit
from labelclean.io.labels.guess_cells import guess_cells
from labelclean.io.labels.guess_groups import guess_one_hot, guess_repeated
from labelclean.io.labels.guess_votes import guess_vote_id, guess_votes
from labelclean.io.layout import ColumnGuess, FileSummary, LabelSpelling, VoteColumns
from labelclean.io.tables.contract import TableScan

__all__ = ["LabelGuess", "guess_labels", "spelling_of"]


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelGuess:
    """
    What a file's labels look like.

    Attributes
    ----------
    spelling : LabelSpelling
        How the label is spelled.
    reason : str
        Why, in one plain sentence.
    votes : VoteColumns or None
        Where the labels of several annotators stand, if there are any.
    votes_reason : str
        Why, in one plain sentence; empty where there are none.
    guesses : tuple of ColumnGuess
        The columns' roles, with the label's the first column where several spell it, and with the id that tells the
        texts apart where each row is one vote.
    """

    spelling: LabelSpelling
    reason: str
    votes: VoteColumns | None
    votes_reason: str
    guesses: tuple[ColumnGuess, ...]


def guess_labels(scan: TableScan, guesses: Sequence[ColumnGuess]) -> LabelGuess:
    """
    Guess how a file spells labels, and whether several annotators gave them.

    Parameters
    ----------
    scan : TableScan
        The columns and first rows of the file.
    guesses : sequence of ColumnGuess
        What `guess_columns` takes for the text, the label and the id.

    Returns
    -------
    LabelGuess
        In doubt, each cell of the label's column is one label, of one annotator.
    """
    columns = {name: [row[place] for row in scan.sample] for place, name in enumerate(scan.columns)}
    chosen = {guess.role: guess.column for guess in guesses}
    text, label = chosen.get("text"), chosen.get("label")
    votes = guess_votes(columns, text=text, label=label)
    if votes is not None:
        where, why = votes
        return LabelGuess(
            spelling=LabelSpelling(),
            reason="Each vote is one label.",
            votes=where,
            votes_reason=why,
            guesses=_with_votes(guesses, columns, where, why),
        )
    # A column of noughts and ones may look like an id in a file of few rows.
    row_id = chosen.get("row_id")
    taken = [text, row_id if row_id is not None and name_fit(row_id, ID_NAMES) else None]
    several = guess_one_hot(columns, label, taken=taken) or guess_repeated(columns, label, taken=taken)
    if several is not None:
        spelling, reason = several
        return LabelGuess(
            spelling=spelling,
            reason=reason,
            votes=None,
            votes_reason="",
            guesses=_with_label(guesses, spelling.columns, reason),
        )
    spelling, reason = _guess_column(columns, label, _kinds(scan.columns, scan.kinds), scan.class_names)
    return LabelGuess(spelling=spelling, reason=reason, votes=None, votes_reason="", guesses=tuple(guesses))


def spelling_of(summary: FileSummary, label_column: str) -> tuple[LabelSpelling, str]:
    """
    Return how the labels of a column are spelled, and why.

    Parameters
    ----------
    summary : FileSummary
        What was understood of the file.
    label_column : str
        The column that the user chose.

    Returns
    -------
    tuple of LabelSpelling and str
        The summary's own if this is the column it guessed; otherwise guessed from the rows of its preview.
    """
    guessed = next((guess.column for guess in summary.guesses if guess.role == "label"), None)
    if label_column == guessed and summary.spelling_reason:
        return summary.spelling, summary.spelling_reason
    names = summary.layout.columns
    columns = {name: [row[place] for row in summary.preview] for place, name in enumerate(names)}
    return _guess_column(columns, label_column, _kinds(names, summary.kinds), summary.class_names)


def _guess_column(
    columns: Mapping[str, Sequence[str]],
    label: str | None,
    kinds: Mapping[str, str],
    class_names: Mapping[str, tuple[str, ...]],
) -> tuple[LabelSpelling, str]:
    if label is None or label not in columns:
        return LabelSpelling(), "Each cell is one label."
    return guess_cells(columns[label], kind=kinds.get(label, "text"), class_names=class_names.get(label, ()))


def _kinds(columns: Sequence[str], kinds: Sequence[str]) -> dict[str, str]:
    return dict(zip(columns, kinds, strict=False))


def _with_votes(
    guesses: Sequence[ColumnGuess], columns: Mapping[str, Sequence[str]], votes: VoteColumns, why: str
) -> tuple[ColumnGuess, ...]:
    text, label = (next((guess.column for guess in guesses if guess.role == role), None) for role in ("text", "label"))
    if votes.annotator is None:
        return _with_role(guesses, ColumnGuess(role="label", column=votes.columns[0], reason=why))
    if label == votes.annotator:
        guesses = _with_role(guesses, ColumnGuess(role="label", column=None, reason="No column looks like a label."))
        label = None
    row_id, reason = guess_vote_id(columns, text=text or "", label=label, annotator=votes.annotator)
    return _with_role(guesses, ColumnGuess(role="row_id", column=row_id, reason=reason))


def _with_label(guesses: Sequence[ColumnGuess], columns: Sequence[str], reason: str) -> tuple[ColumnGuess, ...]:
    """Return the roles with the first of several columns as the label's, and none of them as the id's."""
    others = [
        ColumnGuess(role="row_id", column=None, reason="No column looks like an id.")
        if guess.role == "row_id" and guess.column in columns
        else guess
        for guess in guesses
    ]
    return _with_role(others, ColumnGuess(role="label", column=columns[0], reason=reason))


def _with_role(guesses: Sequence[ColumnGuess], new: ColumnGuess) -> tuple[ColumnGuess, ...]:
    return tuple(new if guess.role == new.role else guess for guess in guesses)
