"""The part of the upload page that says which columns hold the texts and labels, and how labels are spelled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, TypeAlias, get_args

import streamlit as st

from labelclean.io.labels.guess import spelling_of
from labelclean.io.layout import ColumnRoles, FileSummary, LabelSpelling, SpellingKind, VoteColumns
from labelclean.ui import state
from labelclean.ui.elements import note
from labelclean.ui.names_table import draw_names_table

__all__ = ["draw_roles"]

LabelForm: TypeAlias = SpellingKind | Literal["annotator_columns", "annotator_rows"]

NO_COLUMN: Final = "— none —"
FORMS: Final[dict[LabelForm, str]] = {
    "plain": "one label in a cell",
    "joined": "several labels with a separator,  a|b",
    "json_list": 'a JSON list in a cell,  ["a", "b"]',
    "python_list": "a Python list in a cell,  ['a', 'b']",
    "array": "a list, as the format has it",
    "scores": "a score for each label,  {a: 1, b: 0}",
    "one_hot": "one column for each label",
    "repeated": "several columns with one label each",
    "names": "a number for each label",
    "annotator_columns": "several annotators, one column each",
    "annotator_rows": "several annotators, one row for each label",
}
_IN_COLUMNS: Final = frozenset({"one_hot", "repeated", "annotator_columns"})
_OF_FORMAT: Final = frozenset({"array", "scores"})
_SEPARATORS: Final = ("|", ",", ";", "/", "+", "space")


def draw_roles(summary: FileSummary) -> ColumnRoles | None:
    """Draw the choices; return the roles, or None while a choice is missing, which the page then says."""
    guesses = {guess.role: guess for guess in summary.guesses}
    text = _column("Text", guesses["text"].column, guesses["text"].reason, summary, "upload-text")
    label_now = _label_now(summary)
    slot = st.container(gap="small")  # the label's columns stand above the choice that decides how many there are
    form, guessed, votes = _form(summary, label_now)
    with slot:
        label, columns = _columns(summary, form, guessed, votes)
    spelling, votes = _details(summary, form, label, columns, guessed=guessed, votes=votes)
    id_name = "Id of the text" if form == "annotator_rows" else "Row id (optional)"
    row_id = _column(id_name, guesses["row_id"].column, guesses["row_id"].reason, summary, "upload-id")
    if text is None or label is None:
        return None
    roles = ColumnRoles(text=text, label=label, row_id=row_id, spelling=spelling, votes=votes)
    return roles if _is_whole(roles, form) else None


def _is_whole(roles: ColumnRoles, form: LabelForm) -> bool:
    taken = roles.label_columns if roles.votes is None else (*roles.label_columns, *roles.votes.columns)
    if roles.text in taken:
        return False
    if form in _IN_COLUMNS and len(set(taken)) < 2:  # noqa: PLR2004  (one column is no choice of several)
        return False
    return form != "annotator_rows" or (
        roles.row_id is not None and roles.votes is not None and roles.votes.annotator is not None
    )


def _label_now(summary: FileSummary) -> str | None:
    """Return the label's column as it is chosen at the moment, which the guess of its spelling depends on."""
    chosen = state.widget_value("upload-label")
    if chosen in summary.layout.columns:
        return str(chosen)
    return next(guess.column for guess in summary.guesses if guess.role == "label")


def _form(summary: FileSummary, label: str | None) -> tuple[LabelForm, LabelSpelling, VoteColumns | None]:
    """Draw how labels stand in the file; return the choice, and what was guessed."""
    guessed, reason = (
        (summary.spelling, summary.spelling_reason)
        if label is None or label == _guessed_label(summary)
        else spelling_of(summary, label)
    )
    votes = summary.votes if label in {None, _guessed_label(summary)} else None
    default: LabelForm = guessed.kind
    if votes is not None:
        default, reason = ("annotator_columns" if votes.columns else "annotator_rows"), summary.votes_reason
    is_typed = bool(summary.kinds)
    options = [form for form in FORMS if is_typed or form not in _OF_FORMAT or form == default]
    chosen = st.selectbox(
        "Labels are written as",
        options,
        index=options.index(default),
        format_func=FORMS.__getitem__,
        key=f"upload-form-{label}",
    )
    said = {guess.reason for guess in summary.guesses if guess.role == "text" or chosen not in _IN_COLUMNS}
    if chosen == default and reason not in said:
        note(reason)
    return chosen, guessed if guessed.kind == chosen else LabelSpelling(), votes


def _guessed_label(summary: FileSummary) -> str | None:
    return next(guess.column for guess in summary.guesses if guess.role == "label")


def _columns(
    summary: FileSummary, form: LabelForm, guessed: LabelSpelling, votes: VoteColumns | None
) -> tuple[str | None, tuple[str, ...]]:
    """Draw the column of the label, or the columns; return the first and all of several."""
    if form in _IN_COLUMNS:
        name = "Columns of the annotators" if form == "annotator_columns" else "Columns of the labels"
        default = guessed.columns if form != "annotator_columns" or votes is None else votes.columns
        columns = _several(name, summary, default)
        return (columns[0] if columns else None), columns
    guesses = {guess.role: guess for guess in summary.guesses}
    guess = guesses["label"]
    reason = "" if guess.reason == guesses["text"].reason else guess.reason  # said above
    return _column("Label", guess.column, reason, summary, "upload-label"), ()


def _details(
    summary: FileSummary,
    form: LabelForm,
    label: str | None,
    columns: tuple[str, ...],
    *,
    guessed: LabelSpelling,
    votes: VoteColumns | None,
) -> tuple[LabelSpelling, VoteColumns | None]:
    """Draw what else a form needs to be known."""
    if form == "annotator_columns":
        return LabelSpelling(), VoteColumns(columns=columns, consensus=_consensus(summary))
    if form == "annotator_rows":
        annotator = _annotator(summary, votes)
        return LabelSpelling(), VoteColumns(annotator=annotator, consensus=_consensus(summary))
    if form == "joined":
        return LabelSpelling(kind="joined", separator=_separator(guessed.separator, label)), None
    if form == "names":
        names = draw_names_table(guessed.class_names or summary.class_names.get(label or "", ()))
        return LabelSpelling(kind="names", class_names=names), None
    return LabelSpelling(kind=_spelling_kind(form), columns=columns), None


def _spelling_kind(form: LabelForm) -> SpellingKind:
    return next(kind for kind in get_args(SpellingKind) if kind == form)


def _several(name: str, summary: FileSummary, guessed: Sequence[str]) -> tuple[str, ...]:
    chosen = st.multiselect(
        name, summary.layout.columns, default=list(guessed), placeholder="choose columns", key=f"upload-several-{name}"
    )
    return tuple(column for column in summary.layout.columns if column in chosen)


def _annotator(summary: FileSummary, votes: VoteColumns | None) -> str | None:
    options = list(summary.layout.columns)
    guessed = None if votes is None else votes.annotator
    return st.selectbox(
        "Annotator",
        options,
        index=options.index(guessed) if guessed in options else None,
        placeholder="the column that names who labelled",
        key="upload-annotator",
    )


def _consensus(summary: FileSummary) -> str:
    default = summary.votes.consensus if summary.votes is not None else VoteColumns().consensus
    name = st.text_input(
        "Corrections go to the column",
        value=default,
        key="upload-consensus",
        help="The annotators' own labels stay as they are. The column is added if the file has none of that name.",
    )
    return name.strip() or default


def _separator(guessed: str, label: str | None) -> str:
    options = list(dict.fromkeys(filter(None, (guessed.strip() or ("space" if guessed else ""), *_SEPARATORS))))
    chosen = st.selectbox("Separator between labels", options, key=f"upload-separator-{label}", accept_new_options=True)
    return " " if chosen == "space" else (chosen or "|")


def _column(name: str, guess: str | None, reason: str, summary: FileSummary, key: str) -> str | None:
    options = [NO_COLUMN, *summary.layout.columns]
    chosen = st.selectbox(name, options, index=options.index(guess) if guess in options else 0, key=key)
    if reason and (chosen == guess or (guess is None and chosen == NO_COLUMN)):
        note(reason)
    return None if chosen == NO_COLUMN else chosen
