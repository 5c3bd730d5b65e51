"""Names of classes that look alike, with the rows that carry them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from labelclean.arrays import Label
from labelclean.dataset import Dataset, label_key
from labelclean.issues.similar_names import name_form
from labelclean.review.merging import single_names

__all__ = ["NameGroup", "name_counts", "similar_groups"]


@dataclass(frozen=True, kw_only=True, slots=True)
class NameGroup:
    """
    Names that look alike.

    Attributes
    ----------
    names : tuple of hashable
        The most used first.
    counts : tuple of int
        Rows that carry each.
    """

    names: tuple[Label, ...]
    counts: tuple[int, ...]


def name_counts(dataset: Dataset) -> list[tuple[Label, int]]:
    """Return every single name and the rows that carry it, the most used first, then in the order of the classes."""
    rows = np.bincount(dataset.labels[dataset.labels >= 0], minlength=dataset.n_classes)
    counts: Counter[tuple[str, Label]] = Counter()
    labels: dict[tuple[str, Label], Label] = {}
    for name, n_rows in zip(dataset.class_names, rows.tolist(), strict=True):
        for single in single_names(name):
            counts[label_key(single)] += n_rows
            labels.setdefault(label_key(single), single)
    return [(labels[key], n_rows) for key, n_rows in sorted(counts.items(), key=lambda item: -item[1])]


def similar_groups(dataset: Dataset) -> list[NameGroup]:
    """Return the names that look alike, the groups with the most rows first."""
    by_form: dict[str, list[tuple[Label, int]]] = {}
    for label, n_rows in name_counts(dataset):
        if isinstance(label, str):
            by_form.setdefault(name_form(label), []).append((label, n_rows))
    return [
        NameGroup(names=tuple(label for label, _ in group), counts=tuple(n_rows for _, n_rows in group))
        for group in by_form.values()
        if len(group) > 1
    ]
