"""The rules that a dataset can break without any model: what they are called, and which rows break them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np

from labelclean.arrays import UNLABELLED, IndexArray, Label
from labelclean.dataset import Dataset
from labelclean.export.label_words import label_text
from labelclean.issues.dataset_checks import SMALL_CLASS_ROWS
from labelclean.issues.dataset_names import find_similar_names, visible_name
from labelclean.issues.duplicates import DuplicateSummary, exact_duplicate_groups, summarise_duplicates
from labelclean.label_set import LabelSet

__all__ = ["RULES", "Breach", "RuleName", "find_breaches", "shown_name"]

RuleName = Literal["contradictions", "duplicates", "empty-texts", "unlabelled", "similar-names", "rare-classes"]

RULES: Mapping[RuleName, str] = MappingProxyType(
    {
        "contradictions": "Rows with the same text must have the same label.",
        "duplicates": "Each text should be there once.",
        "empty-texts": "Each row must have a text.",
        "unlabelled": "Each row must have a label.",
        "similar-names": "No two names of classes may look like one class.",
        "rare-classes": f"Each class should have {SMALL_CLASS_ROWS} rows or more.",
    }
)
"""What each rule demands, in one sentence."""

_MOST_ROWS = 1_000
_NAMED = 5
_NAME_CHARACTERS = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class Breach:
    """
    What one rule found.

    Attributes
    ----------
    rule : str
        Its name.
    n_rows : int
        Number of rows that break it; 0 where it holds.
    rows : tuple of int
        The first 1,000 of them, 0-based, in file order.
    message : str
        One plain sentence; never the text of a row.
    """

    rule: RuleName
    n_rows: int
    rows: tuple[int, ...]
    message: str


def find_breaches(dataset: Dataset) -> tuple[Breach, ...]:
    """
    Look at every rule.

    Parameters
    ----------
    dataset : Dataset
        With single labels or label sets.

    Returns
    -------
    tuple of Breach
        One for each rule, in the order of ``RULES``.
    """
    copies = summarise_duplicates(exact_duplicate_groups(dataset.texts), dataset.labels)
    members = [tuple(name) if isinstance(name, LabelSet) else (name,) for name in dataset.class_names]
    found: dict[RuleName, Breach] = {
        "contradictions": _contradictions(copies),
        "duplicates": _duplicates(copies),
        "empty-texts": _empty_texts(dataset),
        "unlabelled": _unlabelled(dataset),
        "similar-names": _similar_names(dataset),
        "rare-classes": _rare_classes(dataset, members),
    }
    return tuple(found[rule] for rule in RULES)


def shown_name(label: Label | None) -> str:
    """Return a label for people: on one line, without control characters, and not too long."""
    if label is None:
        return "no label"
    text = label_text(label)
    plain = "".join(character if character.isprintable() else " " for character in text)
    name = " ".join(plain.split())
    return f"{name[:_NAME_CHARACTERS]}…" if len(name) > _NAME_CHARACTERS else name


def _breach(rule: RuleName, rows: IndexArray, message: Callable[[int], str]) -> Breach:
    n_rows = len(rows)
    said = message(n_rows) if n_rows else "No row breaks this rule."
    return Breach(rule=rule, n_rows=n_rows, rows=tuple(rows[:_MOST_ROWS].tolist()), message=said)


def _contradictions(copies: DuplicateSummary) -> Breach:
    return _breach(
        "contradictions",
        copies.contradicting_rows,
        lambda n_rows: f"{n_rows:,} rows have the text of another row with another label.",
    )


def _duplicates(copies: DuplicateSummary) -> Breach:
    return _breach(
        "duplicates",
        copies.rows,
        lambda n_rows: f"{n_rows:,} rows share their text with another row; {copies.n_groups:,} different texts.",
    )


def _empty_texts(dataset: Dataset) -> Breach:
    rows = np.array([row for row, text in enumerate(dataset.texts) if not text.strip()], dtype=np.int64)
    return _breach("empty-texts", rows, lambda n_rows: f"{n_rows:,} {_have(n_rows)} no text.")


def _unlabelled(dataset: Dataset) -> Breach:
    rows = np.flatnonzero(dataset.labels == UNLABELLED).astype(np.int64)
    return _breach("unlabelled", rows, lambda n_rows: f"{n_rows:,} {_have(n_rows)} no label.")


def _similar_names(dataset: Dataset) -> Breach:
    found = find_similar_names(dataset)
    if found is None:
        return _breach("similar-names", np.zeros(0, dtype=np.int64), lambda _: "")
    shown = "; ".join(
        " and ".join(f"“{visible_name(name)}”" for name in group.names[:_NAMED]) for group in found.groups[:_NAMED]
    )
    more = f" and {len(found.groups) - _NAMED:,} more" if len(found.groups) > _NAMED else ""
    return _breach(
        "similar-names",
        found.rows,
        lambda n_rows: f"Names that look like one class: {shown}{more}; {n_rows:,} {_have(n_rows)} the rarer one.",
    )


def _rare_classes(dataset: Dataset, members: list[tuple[Label, ...]]) -> Breach:
    counts: Counter[tuple[type, Label]] = Counter()
    for code, n_rows in enumerate(np.bincount(dataset.labels[dataset.labels >= 0], minlength=len(members)).tolist()):
        for label in members[code]:
            counts[type(label), label] += n_rows
    rare = [label for (_, label), n_rows in counts.items() if 0 < n_rows < SMALL_CLASS_ROWS]
    rows = _rows_with(dataset, members, rare)
    return _breach(
        "rare-classes",
        rows,
        lambda _: (
            f"{len(rare):,} {'class has' if len(rare) == 1 else 'classes have'} fewer than {SMALL_CLASS_ROWS} rows: "
            f"{_listed(rare)}."
        ),
    )


def _rows_with(dataset: Dataset, members: list[tuple[Label, ...]], labels: Iterable[Label]) -> IndexArray:
    wanted = {(type(label), label) for label in labels}
    codes = [code for code, own in enumerate(members) if any((type(label), label) in wanted for label in own)]
    return np.flatnonzero(np.isin(dataset.labels, codes)).astype(np.int64)


def _listed(labels: list[Label]) -> str:
    more = f" and {len(labels) - _NAMED:,} more" if len(labels) > _NAMED else ""
    return ", ".join(f"“{shown_name(label)}”" for label in labels[:_NAMED]) + more


def _have(n_rows: int) -> str:
    return "row has" if n_rows == 1 else "rows have"
