"""What to know about a dataset before it is audited: what is odd, and what makes an audit impossible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from labelclean.arrays import UNLABELLED, Label
from labelclean.dataset import Dataset, label_key
from labelclean.issues.dataset_names import find_similar_names, visible_name
from labelclean.issues.duplicates import exact_duplicate_groups, summarise_duplicates
from labelclean.label_set import LabelSet

__all__ = ["SMALL_CLASS_ROWS", "DatasetWarning", "DatasetWarningCode", "check_dataset"]

DatasetWarningCode = Literal[
    "no_rows",
    "no_labels",
    "too_few_rows",
    "one_class",
    "all_texts_empty",
    "labels_all_distinct",
    "many_classes",
    "empty_texts",
    "missing_labels",
    "small_classes",
    "exact_duplicates",
    "similar_names",
]
"""Kinds of findings; those above ``many_classes`` are errors."""

SMALL_CLASS_ROWS = 5
"""A class with fewer rows than this is too small to be learnt well."""

_MIN_LABELLED_ROWS = 2
_MIN_CLASSES = 2
_NAMED_CLASSES = 5
_NAME_CHARACTERS = 40
_LISTED_ROWS = 100
_NEARLY_ALL = 0.95
_ENOUGH_ROWS_TO_JUDGE = 20  # fewer rows may well each have a label of their own


@dataclass(frozen=True, kw_only=True, slots=True)
class DatasetWarning:
    """
    One finding about a dataset.

    Attributes
    ----------
    code : str
        What kind of finding.
    message : str
        One plain sentence with the counts; never the text of a row.
    n_rows : int
        Number of rows it is about.
    rows : tuple of int
        The first 100 of them, 0-based records of the input, in file order.
    severity : {"warning", "error"}
        Whether an audit is still possible.
    fix : str
        What the user can do.
    """

    code: DatasetWarningCode
    message: str
    n_rows: int
    rows: tuple[int, ...]
    severity: Literal["warning", "error"]
    fix: str


def check_dataset(dataset: Dataset) -> tuple[DatasetWarning, ...]:
    """
    Look for what makes an audit impossible or less trustworthy.

    Parameters
    ----------
    dataset : Dataset
        The data as read.

    Returns
    -------
    tuple of DatasetWarning
        Errors first; at most one error, the most basic one. Empty where nothing was found.

    Examples
    --------
    >>> data = Dataset.from_labels(["a", ""], ["x", "y"])
    >>> [found.code for found in check_dataset(data) if found.code == "empty_texts"]
    ['empty_texts']
    """
    error = _first_error(dataset)
    if error is not None and error.code == "no_rows":
        return (error,)
    found = [
        error,
        None if error is not None else _many_classes(dataset),
        None if error is not None and error.code == "all_texts_empty" else _empty_texts(dataset),
        None if error is not None and error.code == "no_labels" else _missing_labels(dataset),
        None if error is not None else _small_classes(dataset),
        None if error is not None else _similar_names(dataset),
        _duplicates(dataset),
    ]
    return tuple(finding for finding in found if finding is not None)


def _first_error(dataset: Dataset) -> DatasetWarning | None:
    n_rows = dataset.n_examples
    if n_rows == 0:
        return _error("no_rows", "The dataset has no rows.", dataset, "Choose a file with at least two rows.")
    if dataset.n_unlabelled == n_rows:
        return _error(
            "no_labels",
            f"The dataset must have labels; all {n_rows:,} labels are empty.",
            dataset,
            "Choose the column that holds the labels.",
        )
    if not any(text.strip() for text in dataset.texts):
        return _error(
            "all_texts_empty",
            f"The dataset must have texts; all {n_rows:,} texts are empty.",
            dataset,
            "Choose the column that holds the texts.",
        )
    return _label_error(dataset)


def _label_error(dataset: Dataset) -> DatasetWarning | None:
    n_labelled = dataset.n_examples - dataset.n_unlabelled
    if n_labelled < _MIN_LABELLED_ROWS:
        return _error(
            "too_few_rows",
            f"At least {_MIN_LABELLED_ROWS} rows must have a label; only {n_labelled} has one.",
            dataset,
            "Label more rows first.",
        )
    n_names = len(_name_counts(dataset))
    if dataset.n_classes < _MIN_CLASSES:
        return _error(
            "one_class",
            f"The labels must belong to at least two classes; all {n_labelled:,} labels are the same.",
            dataset,
            "Choose another label column, or add rows of other classes.",
        )
    if n_labelled >= _ENOUGH_ROWS_TO_JUDGE and n_names > _NEARLY_ALL * n_labelled:
        return _error(
            "labels_all_distinct",
            f"Rows must share labels; got {n_names:,} different labels in {n_labelled:,} rows.",
            dataset,
            "Choose another label column: this one looks like an id or a free text.",
        )
    return None


def _many_classes(dataset: Dataset) -> DatasetWarning | None:
    labelled = np.flatnonzero(dataset.labels != UNLABELLED)
    n_names = len(_name_counts(dataset))
    if n_names * 2 <= len(labelled):
        return None
    return _warning(
        "many_classes",
        f"There are {n_names:,} different labels in {len(labelled):,} rows, so most classes have one or two.",
        labelled.tolist(),
        "Check that this is the label column.",
    )


def _empty_texts(dataset: Dataset) -> DatasetWarning | None:
    rows = [row for row, text in enumerate(dataset.texts) if not text.strip()]
    if not rows:
        return None
    have = "text is" if len(rows) == 1 else "texts are"
    return _warning(
        "empty_texts",
        f"{len(rows):,} {have} empty; their labels can only be judged by how common each class is.",
        rows,
        "Fill them in or leave these rows out.",
    )


def _missing_labels(dataset: Dataset) -> DatasetWarning | None:
    rows = np.flatnonzero(dataset.labels == UNLABELLED).tolist()
    if not rows:
        return None
    have = "row has" if len(rows) == 1 else "rows have"
    return _warning(
        "missing_labels",
        f"{len(rows):,} {have} no label; a class will be suggested, and nothing is learnt from such rows.",
        rows,
        "Nothing needs to be done.",
    )


def _small_classes(dataset: Dataset) -> DatasetWarning | None:
    small = [name for name, rows in _name_counts(dataset).items() if 0 < rows < SMALL_CLASS_ROWS]
    if not small:
        return None
    names = ", ".join(_shown(name[1]) for name in small[:_NAMED_CLASSES])
    codes = [code for code, name in enumerate(dataset.class_names) if not _single_keys(name).isdisjoint(small)]
    more = f" and {len(small) - _NAMED_CLASSES:,} more" if len(small) > _NAMED_CLASSES else ""
    have = "class has" if len(small) == 1 else "classes have"
    return _warning(
        "small_classes",
        f"{len(small):,} {have} fewer than {SMALL_CLASS_ROWS} rows: {names}{more}.",
        np.flatnonzero(np.isin(dataset.labels, codes)).tolist(),
        "Their rows are judged with less certainty; merge or extend the classes if you can.",
    )


def _name_counts(dataset: Dataset) -> dict[tuple[str, Label], int]:
    """Return how many rows carry each label, in the order of the classes; those of a set count each."""
    counts = np.bincount(dataset.labels[dataset.labels != UNLABELLED], minlength=dataset.n_classes)
    rows: dict[tuple[str, Label], int] = {}
    for name, n_rows in zip(dataset.class_names, counts.tolist(), strict=True):
        for label in name if isinstance(name, LabelSet) else (name,):
            key = label_key(label)
            rows[key] = rows.get(key, 0) + n_rows
    return rows


def _single_keys(name: Label) -> frozenset[tuple[str, Label]]:
    return frozenset(label_key(label) for label in (name if isinstance(name, LabelSet) else (name,)))


def _similar_names(dataset: Dataset) -> DatasetWarning | None:
    found = find_similar_names(dataset)
    if found is None:
        return None
    first = found.groups[0]
    counted = [
        f"“{visible_name(name)}” ({n_rows:,} {'row' if n_rows == 1 else 'rows'})"
        for name, n_rows in zip(first.names, first.counts, strict=True)
    ]
    shown = ", ".join(counted[: _NAMED_CLASSES - 1]) if len(counted) > _NAMED_CLASSES else ", ".join(counted[:-1])
    last = f"{len(counted) - _NAMED_CLASSES + 1:,} more" if len(counted) > _NAMED_CLASSES else counted[-1]
    n_more = len(found.groups) - 1
    more = f" So {'does 1 more group' if n_more == 1 else f'do {n_more:,} more groups'} of names." if n_more else ""
    return _warning(
        "similar_names",
        f"{shown} and {last} look like one class. {first.reason}{more}",
        found.rows.tolist(),
        f"Merge them into “{visible_name(first.proposed)}” before you review, or rename one if they are two classes.",
    )


def _shown(label: Label) -> str:
    name = " ".join(str(label).split())
    return f"{name[:_NAME_CHARACTERS]}…" if len(name) > _NAME_CHARACTERS else name


def _duplicates(dataset: Dataset) -> DatasetWarning | None:
    found = summarise_duplicates(exact_duplicate_groups(dataset.texts), dataset.labels)
    if not len(found.rows):
        return None
    n_contradicting = len(found.contradicting_rows)
    contradiction = f" {n_contradicting:,} of them carry different labels for it." if n_contradicting else ""
    return _warning(
        "exact_duplicates",
        f"{len(found.rows):,} rows share their text with another row ({found.n_groups:,} different "
        f"{'text' if found.n_groups == 1 else 'texts'}).{contradiction}",
        found.rows.tolist(),
        "They are kept together when held out, so that they cannot vouch for each other.",
    )


def _error(code: DatasetWarningCode, message: str, dataset: Dataset, fix: str) -> DatasetWarning:
    """Build a finding about every row."""
    n_rows = dataset.n_examples
    listed = tuple(range(min(n_rows, _LISTED_ROWS)))
    return DatasetWarning(code=code, message=message, n_rows=n_rows, rows=listed, severity="error", fix=fix)


def _warning(code: DatasetWarningCode, message: str, rows: Sequence[int], fix: str) -> DatasetWarning:
    return DatasetWarning(
        code=code, message=message, n_rows=len(rows), rows=tuple(rows[:_LISTED_ROWS]), severity="warning", fix=fix
    )
