"""Labels as JSON text, so that ``1``, ``True``, ``"1"`` and a set of one stay four different things in a database."""

from __future__ import annotations

import json

import numpy as np

from labelclean.arrays import Label
from labelclean.errors import InvalidInputError, StoreError
from labelclean.label_set import LabelSet

__all__ = ["label_from_json", "label_to_json", "labels_from_json", "labels_to_json"]


def label_to_json(label: Label) -> str:
    """
    Return a label as JSON text.

    Parameters
    ----------
    label : str, int, float, bool or LabelSet
        A class as the user spells it; a numpy scalar counts as the Python value it holds. A label set is an array.

    Returns
    -------
    str
        Only ASCII characters, so that every database can hold every label.

    Raises
    ------
    InvalidInputError
        If the label is of another kind, such as a tuple.

    Examples
    --------
    >>> [label_to_json(label) for label in (1, True, "1", 1.0, LabelSet(["late", 2]))]
    ['1', 'true', '"1"', '1.0', '["late", 2]']
    """
    return json.dumps(_plain(label))


def label_from_json(text: str) -> Label:
    """
    Return the label that ``label_to_json`` spelled.

    Raises
    ------
    StoreError
        If the text is not one JSON string, number or bool, or an array of such.

    Examples
    --------
    >>> label_from_json("true"), label_from_json('"true"')
    (True, 'true')
    """
    return _checked(_parsed(text))


def labels_to_json(labels: tuple[Label, ...]) -> str:
    """Return several labels, such as class names, as one JSON list."""
    return json.dumps([_plain(label) for label in labels])


def labels_from_json(text: str) -> tuple[Label, ...]:
    """Return the labels that ``labels_to_json`` spelled; raises StoreError on anything else."""
    values = _parsed(text)
    if not isinstance(values, list):
        raise _damaged()
    return tuple(_checked(value) for value in values)


def _plain(label: Label) -> str | int | float | bool | list[str | int | float | bool]:
    if isinstance(label, LabelSet):
        return [_scalar(member) for member in label]
    return _scalar(label)


def _scalar(label: Label) -> str | int | float | bool:
    value = label.item() if isinstance(label, np.generic) else label
    if isinstance(value, str | int | float):
        return value
    raise InvalidInputError(
        f"A label that is stored must be text, a number, true/false or a set of such; got {type(label).__name__}.",
        fix="Spell each label as one string or one number.",
    )


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError as error:
        raise _damaged() from error


def _checked(value: object) -> Label:
    return LabelSet(map(_checked_scalar, value)) if isinstance(value, list) else _checked_scalar(value)


def _checked_scalar(value: object) -> str | int | float | bool:
    if isinstance(value, str | int | float):
        return value
    raise _damaged()


def _damaged() -> StoreError:
    return StoreError("A stored label must be JSON text, a number or true/false; got something else.", fix=_RESTORE)


_RESTORE = "Restore the database from a backup."
