"""Which columns hold text and label where the dataset itself is a file of an annotation tool."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from labelclean.io.layout import ColumnRoles, LabelSpelling

__all__ = ["ExchangeHint", "exchange_roles"]

_STUDIO_LABEL = "annotations.0.result.0.value.choices"
_STUDIO_QUESTION = "annotations.0.result.0.from_name"
_STUDIO_KEYS = ("annotation_id", "annotator")
_PRODIGY_KEYS = ("_input_hash", "_task_hash", "_view_id", "answer", "options")
_NESTED_VALUE = ".0.value"
_FLAT_VALUE = ".responses"
_FIRST = ".0"
_JUDGED = "; every answer counts, also rejected and ignored ones"


@dataclass(frozen=True, kw_only=True, slots=True)
class ExchangeHint:
    """
    What a file of an annotation tool says about its columns.

    Attributes
    ----------
    roles : ColumnRoles
        Text and label, and how the label is spelled.
    reason : str
        Why, in one plain sentence.
    single : ColumnRoles or None
        The roles to take instead if no list of labels in the whole file has more than one; None where that cannot be.
    question : str or None
        The column that names the question each label answers; with several questions, only the first answer is read.
    """

    roles: ColumnRoles
    reason: str
    single: ColumnRoles | None = None
    question: str | None = None


def exchange_roles(
    columns: Sequence[str], sample: Sequence[Sequence[str]], *, kinds: Sequence[str] = ()
) -> ExchangeHint | None:
    """
    Return the roles of the columns if the file is one that an annotation tool exported.

    Parameters
    ----------
    columns : sequence of str
        The columns; those inside nested values are paths with dots.
    sample : sequence of sequence of str
        The first rows as text, in column order; values that are no text in their JSON spelling.
    kinds : sequence of str, optional
        What the columns hold, as a scan says it; tells a list from a text that spells one.

    Returns
    -------
    ExchangeHint or None
        None if the file is none of Label Studio (JSON, JSON_MIN), Argilla (nested or flat), Prodigy, spaCy and
        doccano, or does not say where the labels stand.

    Examples
    --------
    >>> found = exchange_roles(["text", "cats"], [("late again", '{"parcel": 1.0, "refund": 0.0}')])
    >>> found.roles.label, found.roles.spelling.kind
    ('cats', 'scores')
    """
    table = _Sample(columns=tuple(columns), rows=sample, kinds=tuple(kinds))
    found = (guess(table) for guess in _GUESSES)
    return next((hint for hint in found if hint is not None), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sample:
    """The columns, and what stands in them."""

    columns: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    kinds: tuple[str, ...]

    def __contains__(self, column: str) -> bool:
        return column in self.columns

    def cells(self, column: str) -> list[str]:
        """Return what is not empty in a column."""
        place = self.columns.index(column)
        return [row[place] for row in self.rows if row[place].strip()]

    def values(self, column: str, kind: type) -> list[object]:
        """Return the cells of a column as JSON, if all are of one kind; else nothing."""
        if self.kinds and self.kinds[self.columns.index(column)] == "text":
            return []
        found = [_parsed(cell) for cell in self.cells(column)]
        return found if all(isinstance(value, kind) for value in found) else []

    def longest(self, columns: Sequence[str]) -> str | None:
        """Return the column with the longest cells, the first of equals."""
        lengths = {column: sum(map(len, self.cells(column))) for column in columns}
        return max(columns, key=lambda column: lengths[column], default=None)


def _label_studio(table: _Sample) -> ExchangeHint | None:
    """Guess from tasks, or the short form with one object for each annotation."""
    inside = [column for column in table.columns if column.startswith("data.") and not _is_ours(column)]
    text = "data.text" if "data.text" in inside else table.longest(inside)
    if _STUDIO_LABEL in table and text is not None:
        reason = "The file is a Label Studio export: the first annotation of each task is its label."
        hint = _lists(text, _STUDIO_LABEL, reason)
        return replace(hint, question=_STUDIO_QUESTION) if _STUDIO_QUESTION in table else hint
    if not all(key in table for key in _STUDIO_KEYS) or "text" not in table:
        return None
    reason = "The file is a Label Studio export (JSON_MIN)."
    lists = [column for column in table.columns if column.endswith(".choices")]
    if len(lists) == 1 and not _has_texts(table, lists[0].removesuffix(".choices")):
        return _lists("text", lists[0], reason)
    return _plain("text", "label", reason) if "label" in table and not lists else None


def _argilla(table: _Sample) -> ExchangeHint | None:
    """Guess from records, nested as the SDK writes them or flat as on the Hugging Face Hub."""
    reason = "The file is an Argilla export: the first response to each record is its label."
    inside = [column for column in table.columns if column.startswith("fields.")]
    text = "fields.text" if "fields.text" in inside else table.longest(inside)
    nested = [c for c in table.columns if c.startswith("responses.") and c.endswith(_NESTED_VALUE)]
    label = _preferred(nested, f"responses.label{_NESTED_VALUE}")
    if text is not None and label is not None:
        is_list = bool(table.values(label, list))
        return ExchangeHint(roles=_roles(text, label, is_list=is_list), reason=reason)
    flat = [column for column in table.columns if column.endswith(_FLAT_VALUE) and table.values(column, list)]
    label = _preferred(flat, f"label{_FLAT_VALUE}")
    if label is None or "text" not in table:
        return None
    first = [value[0] for value in table.values(label, list) if isinstance(value, list) and value]
    is_list = bool(first) and isinstance(first[0], list)
    return ExchangeHint(roles=_roles("text", label + _FIRST, is_list=is_list), reason=reason)


def _prodigy(table: _Sample) -> ExchangeHint | None:
    if "text" not in table or not any(key in table for key in _PRODIGY_KEYS):
        return None
    if "accept" in table and table.values("accept", list):
        return _lists("text", "accept", f"The file is a Prodigy export: the options chosen are the labels{_JUDGED}.")
    if "label" in table and "answer" in table:
        return _plain("text", "label", f"The file is a Prodigy export{_JUDGED}.")
    return None


def _spacy(table: _Sample) -> ExchangeHint | None:
    if "text" not in table or "cats" not in table:
        return None
    scores = [value for value in table.values("cats", dict) if isinstance(value, dict)]
    if not scores or not all(isinstance(score, int | float) for value in scores for score in value.values()):
        return None
    roles = ColumnRoles(text="text", label="cats", spelling=LabelSpelling(kind="scores"))
    return ExchangeHint(roles=roles, reason="The file holds texts with categories as spaCy has them.")


def _doccano(table: _Sample) -> ExchangeHint | None:
    if "text" not in table or "label" not in table:
        return None
    labels = [value for value in table.values("label", list) if isinstance(value, list)]
    if not labels or not all(isinstance(label, str) for value in labels for label in value):
        return None
    return _lists("text", "label", "The file has a text and a list of labels in each record, as doccano exports them.")


_GUESSES: tuple[Callable[[_Sample], ExchangeHint | None], ...] = (_label_studio, _argilla, _prodigy, _spacy, _doccano)


def _lists(text: str, label: str, reason: str) -> ExchangeHint:
    """Return the hint for a column of lists, which may turn out to hold one label each."""
    return ExchangeHint(
        roles=_roles(text, label, is_list=True), reason=reason, single=_roles(text, label + _FIRST, is_list=False)
    )


def _plain(text: str, label: str, reason: str) -> ExchangeHint:
    return ExchangeHint(roles=_roles(text, label, is_list=False), reason=reason)


def _roles(text: str, label: str, *, is_list: bool) -> ColumnRoles:
    return ColumnRoles(text=text, label=label, spelling=LabelSpelling(kind="array" if is_list else "plain"))


def _preferred(columns: Sequence[str], usual: str) -> str | None:
    """Return the usual column, or the only one."""
    return usual if usual in columns else columns[0] if len(columns) == 1 else None


def _is_ours(column: str) -> bool:
    return column.rpartition(".")[2].startswith("labelclean_")


def _has_texts(table: _Sample, column: str) -> bool:
    """Tell whether a column holds single texts as well as objects."""
    return column in table and any(not isinstance(_parsed(cell), dict) for cell in table.cells(column))


def _parsed(cell: str) -> object:
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        return cell
