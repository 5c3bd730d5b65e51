"""How a label stands in the change log and the report: as text in CSV, as a value in JSON, and back."""

from __future__ import annotations

import json

from labelclean.arrays import Label
from labelclean.dataset import is_missing_label
from labelclean.errors import InvalidInputError
from labelclean.label_set import LabelSet

__all__ = ["label_json", "label_text", "read_label_json", "read_label_set"]


def label_text(label: Label | None) -> str:
    """
    Return a label as text: text as it stands, other kinds as JSON (``1``, ``true``), nothing for no label.

    A label set is a JSON list, so that the empty set and no label differ.

    Examples
    --------
    >>> [label_text(label) for label in ("refund", 1, None, LabelSet(["late", "broken"]), LabelSet())]
    ['refund', '1', '', '["late", "broken"]', '[]']
    """
    if label is None:
        return ""
    if isinstance(label, LabelSet | int | float):
        return json.dumps(label_json(label), ensure_ascii=False)
    return str(label)


def label_json(label: Label | None) -> object:
    """
    Return a label as JSON holds it; a label set is a list, and what JSON cannot hold is text.

    Examples
    --------
    >>> label_json(LabelSet(["late", 1])), label_json(True), label_json(None)
    (['late', 1], True, None)
    """
    if isinstance(label, LabelSet):
        return [label_json(member) for member in label]
    if label is None or isinstance(label, str | int | float):
        return label
    return str(label)


def read_label_json(value: object) -> Label | None:
    """
    Return the label that a JSON value stands for.

    Raises
    ------
    InvalidInputError
        If it is an object, or a list that does not hold labels alone.

    Examples
    --------
    >>> read_label_json(["late", 1]), read_label_json(" ")
    (LabelSet(['late', 1]), None)
    """
    if isinstance(value, list):
        if any(is_missing_label(member) or not isinstance(member, str | int | float) for member in value):
            raise InvalidInputError("got a list that does not hold labels alone")
        return LabelSet(value)
    if value is not None and not isinstance(value, str | int | float):
        raise InvalidInputError("got an object")
    return None if is_missing_label(value) else value


def read_label_set(text: str) -> LabelSet:
    """
    Return the label set that a JSON list spells.

    Raises
    ------
    InvalidInputError
        If the text is something else.
    """
    try:
        label = read_label_json(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise InvalidInputError("got something else") from error
    if not isinstance(label, LabelSet):
        raise InvalidInputError("got something else")
    return label
