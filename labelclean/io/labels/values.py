"""Label sets in typed files: values that are lists, and mappings of labels to one or nought."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from labelclean.io.labels.pieces import merge
from labelclean.io.labels.problem import CellProblem, element_of, scalar_of
from labelclean.io.labels.style import SpellingStyle
from labelclean.io.tables.contract import CellValue
from labelclean.label_set import LabelSet

__all__ = ["decode_array", "decode_scores", "encode_array", "encode_scores", "scores_style"]


def decode_array(value: CellValue) -> LabelSet | None:
    """
    Return the set that a list stands for; null is not labelled, and the empty list is the empty set.

    A lone label counts as a list of one. Elements that stand for nothing (null, NaN, blank text) are left out; a list
    of nothing but such elements is not labelled.

    Raises
    ------
    CellProblem
        If the value is a mapping, or an element is no label.
    """
    if isinstance(value, list | tuple):
        labels = [element_of(element) for element in value]
        if labels and all(label is None for label in labels):
            return None
        return LabelSet(label for label in labels if label is not None)
    label = scalar_of(value)
    return None if label is None else LabelSet([label])


def encode_array(old: CellValue, new: LabelSet | None, *, in_given_order: bool = False) -> CellValue:
    """
    Return the list for a set: what stays keeps its place, what is new is appended; a lone label stays alone.

    With ``in_given_order`` the set's own order counts.
    """
    if new is None:
        return None
    if not isinstance(old, list | tuple):
        before = decode_array(old)
        labels = list(new) if in_given_order else merge(before or LabelSet(), new)
        return labels[0] if before is not None and len(labels) == 1 else list(labels)
    present = decode_array(old) or LabelSet()
    if not present or not new or in_given_order:
        return list(new)
    kept = [element for element in old if (label := element_of(element)) is None or label in new]
    return [*kept, *(label for label in new if label not in present)]


def decode_scores(value: CellValue) -> LabelSet | None:
    """
    Return the set of labels that a mapping gives the value 1 or true.

    0, false and null mean that the text does not have the label. No mapping, an empty one, and one of nulls only are
    not labelled.

    Raises
    ------
    CellProblem
        If the value is no mapping, or one of its values is something between yes and no.
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if not isinstance(value, Mapping):
        raise CellProblem(
            "Each label cell must map labels to 1 or 0, or to true or false",
            "another kind of value",
            fix="Choose how the labels are spelled, or another label column.",
        )
    says = {label: _is_yes(score) for label, score in value.items()}
    if all(is_yes is None for is_yes in says.values()):
        return None
    return LabelSet(label for label, is_yes in says.items() if is_yes)


def encode_scores(old: CellValue, new: LabelSet | None, style: SpellingStyle) -> CellValue:
    """
    Return the mapping for a set: only the values that change are changed, and new labels come last.

    Raises
    ------
    CellProblem
        If a label is no text, or no label is known that the empty set could say no to.
    """
    if new is None:
        return None
    if any(not isinstance(label, str) for label in new):
        raise CellProblem(
            "A label that is the key of a mapping must be text", "one that is not", fix="Name it in text."
        )
    known: Mapping[str, CellValue] = style.model if isinstance(style.model, Mapping) else {}
    old_scores: Mapping[str, CellValue] = old if isinstance(old, Mapping) else {}
    likes = next((score for score in [*old_scores.values(), *known.values()] if _is_yes(score) is not None), 0)
    if decode_scores(old) is None:
        scores: dict[str, CellValue] = dict.fromkeys([*old_scores, *known], _like(likes, is_yes=False))
    else:
        scores = dict(old_scores)
    if not scores and not new:
        raise CellProblem(
            "The empty set must say no to some label", "no label that the file knows", fix="Choose a label."
        )
    for label, score in scores.items():
        if bool(_is_yes(score)) != (label in new):
            scores[label] = _like(likes if _is_yes(score) is None else score, is_yes=label in new)
    for added in new:
        scores.setdefault(str(added), _like(likes, is_yes=True))
    return scores


def scores_style(values: Iterable[CellValue]) -> SpellingStyle:
    """Return all labels that mappings have, in order of first appearance, each with the value for no."""
    known: dict[str, CellValue] = {}
    for value in values:
        if isinstance(value, Mapping):
            for label, score in value.items():
                if known.get(label) is None:
                    known[label] = None if score is None else _like(score, is_yes=False)
    return SpellingStyle(model=known)


def _is_yes(score: object) -> bool | None:
    if score is None or (isinstance(score, float) and math.isnan(score)):
        return None
    if isinstance(score, int | float) and score in (0, 1):
        return bool(score)
    raise CellProblem(
        "Each label must be mapped to 1 or 0, or to true or false",
        "a mapping with another value, such as a probability",
        fix="Round the values in the file, or give them as probabilities of your own.",
    )


def _like(score: object, *, is_yes: bool) -> CellValue:
    """Return yes or no as the same kind of value."""
    kind = type(score) if isinstance(score, bool | int | float) else int
    return kind(is_yes)
