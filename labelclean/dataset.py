"""The dataset: texts, given labels, votes and row ids, as the engine sees them."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import UNLABELLED, CodeArray, IndexArray, Label, freeze, freeze_fields
from labelclean.errors import InvalidInputError
from labelclean.label_set import LabelSet

__all__ = ["Dataset", "VoteTable", "is_missing_label", "label_key", "sorted_classes", "text_hash"]

_PANDAS_MISSING = {"NAType", "NaTType"}  # by name: pandas takes long to import, and NA cannot be compared


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class VoteTable:
    """
    The labels that several annotators gave.

    Attributes
    ----------
    annotators : tuple of str, length n_annotators
        Their names, as the file has them.
    codes : ndarray of int32, shape (n_examples, n_annotators)
        Class codes; -1 where an annotator did not label a text. Read-only.
    """

    annotators: tuple[str, ...]
    codes: NDArray[np.int32]

    def __post_init__(self) -> None:
        """Make the array read-only."""
        freeze_fields(self)


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Dataset:
    """
    Texts with one given label, or one label set, each.

    Attributes
    ----------
    texts : tuple of str, length n_examples
        The texts, in file order.
    labels : ndarray of int64, shape (n_examples,)
        Class codes, positions in ``class_names``; -1 where no label was given. Read-only.
    class_names : tuple of hashable, length n_classes
        The classes as the user spells them, in a fixed order (numbers by value, then text by code point).
        ``1``, ``True`` and ``"1"`` are three different classes. Where texts have label sets, each class is one of the
        distinct sets, a ``LabelSet``.
    row_ids : tuple of str or None, length n_examples
        The user's own ids, if the file has any.
    votes : VoteTable or None
        The labels of several annotators; ``labels`` is what most of them gave. None where there is one label.
    records : ndarray of int64 or None, shape (n_records,)
        The example each record of the file belongs to, where that is not simply its own: in files with one record for
        each vote. Read-only.
    """

    texts: tuple[str, ...]
    labels: CodeArray
    class_names: tuple[Label, ...]
    row_ids: tuple[str, ...] | None = None
    votes: VoteTable | None = None
    records: IndexArray | None = None

    @classmethod
    def from_labels(
        cls, texts: Sequence[str], labels: Sequence[Label | None], *, row_ids: Sequence[str] | None = None
    ) -> Self:
        """
        Build a dataset from labels as the user spells them.

        Parameters
        ----------
        texts : sequence of str, length n_examples
            The texts.
        labels : sequence of hashable or None, length n_examples
            One label per text. ``None``, NaN and text that is empty or only white space mean: not labelled.
            Other white space is kept: ``"refund "`` and ``"refund"`` are two classes. NumPy's numbers become
            Python's.
        row_ids : sequence of str, optional
            The user's own ids.

        Returns
        -------
        Dataset
            The same rows in the same order.

        Raises
        ------
        InvalidInputError
            If the lengths differ, a text is not text, or a label cannot be hashed.
        """
        _check_lengths(texts, labels, row_ids)
        _check_texts(texts)
        keys = [None if is_missing_label(label) else label_key(label, row) for row, label in enumerate(labels)]
        ordered = sorted({key for key in keys if key is not None}, key=_sort_key)
        codes = {key: code for code, key in enumerate(ordered)}
        label_codes = np.fromiter(
            (UNLABELLED if key is None else codes[key] for key in keys), dtype=np.int64, count=len(keys)
        )
        freeze(label_codes)
        return cls(
            texts=tuple(texts),
            labels=label_codes,
            class_names=tuple(plain for _, plain in ordered),
            row_ids=None if row_ids is None else tuple(row_ids),
        )

    @property
    def n_examples(self) -> int:
        """Number of rows, labelled or not."""
        return len(self.texts)

    @property
    def n_classes(self) -> int:
        """Number of distinct given labels."""
        return len(self.class_names)

    @property
    def has_label_sets(self) -> bool:
        """Whether texts have label sets, not single labels."""
        return bool(self.class_names) and all(isinstance(name, LabelSet) for name in self.class_names)

    @property
    def n_unlabelled(self) -> int:
        """Number of rows without a label."""
        return int(np.count_nonzero(self.labels == UNLABELLED))

    def label_sets(self) -> list[tuple[Label, ...] | None]:
        """
        Return the label set of each row, None where it has none.

        Raises
        ------
        InvalidInputError
            If texts have single labels.
        """
        if not self.has_label_sets:
            raise InvalidInputError(
                "Texts must have label sets; they have single labels.", fix="Use the labels themselves."
            )
        sets = [tuple(name) if isinstance(name, LabelSet) else None for name in self.class_names]
        return [None if code == UNLABELLED else sets[code] for code in self.labels.tolist()]

    def given_label(self, row: int) -> Label | None:
        """Return the label of one row as the user spells it, or None if it has none."""
        code = int(self.labels[row])
        return None if code == UNLABELLED else self.class_names[code]


def text_hash(text: str) -> str:
    """
    Return a short fingerprint of a text, by which a change log finds its row in another version of a file.

    Returns
    -------
    str
        The first 16 hexadecimal digits of the SHA-256 of the text in UTF-8.

    Examples
    --------
    >>> text_hash("Where is my parcel?")
    'a91040a2061f15c4'
    """
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def is_missing_label(label: Label | None) -> bool:
    """Tell whether a value means 'not labelled': None, NaN, pandas' NA and NaT, or text without a character to see."""
    plain = label.item() if isinstance(label, np.generic) else label
    if plain is None:
        return True
    if isinstance(plain, str):
        return not plain.strip()
    if isinstance(plain, Decimal):
        return plain.is_nan()
    if type(plain).__name__ in _PANDAS_MISSING:
        return True
    return isinstance(plain, float) and math.isnan(plain)


def label_key(label: Label, row: int = 0) -> tuple[str, Label]:
    """Return a key under which ``1``, ``True`` and ``"1"`` differ, although Python calls the first two equal."""
    plain = label.item() if isinstance(label, np.generic) else label
    try:
        hash(plain)
    except TypeError as error:
        raise InvalidInputError(
            f"Each label must be one hashable value; got {type(label).__name__} in row {row:,}.",
            fix="Give one label per text, such as a string or a number.",
        ) from error
    return (type(plain).__name__, plain)


def sorted_classes(labels: Iterable[Label | None]) -> tuple[Label, ...]:
    """Return the distinct labels in their fixed order (numbers by value, then text), leaving out missing ones."""
    keys = {label_key(label, row) for row, label in enumerate(labels) if not is_missing_label(label)}
    return tuple(plain for _, plain in sorted(keys, key=_sort_key))


def _sort_key(key: tuple[str, Label]) -> tuple[int, float, str, str]:
    """Numbers by value, then everything else by its text; the type's name breaks ties."""
    kind, value = key
    if isinstance(value, bool):
        return (0, value, kind, "")
    if isinstance(value, int | float):
        return (1, value, kind, "")  # as it is: Python compares whole numbers of any length with fractions
    return (2, 0.0, str(value), kind)


def _check_lengths(texts: Sequence[str], labels: Sequence[Label | None], row_ids: Sequence[str] | None) -> None:
    if len(texts) != len(labels):
        raise InvalidInputError(
            f"texts and labels must have the same length; got {len(texts):,} texts and {len(labels):,} labels.",
            fix="Give one label per text; use None where there is none.",
        )
    if row_ids is not None and len(row_ids) != len(texts):
        raise InvalidInputError(
            f"row_ids must have one id per text; got {len(row_ids):,} ids and {len(texts):,} texts.",
            fix="Leave row_ids out, or give one per text.",
        )


def _check_texts(texts: Sequence[str]) -> None:
    for row, text in enumerate(texts):
        if not isinstance(text, str):
            raise InvalidInputError(
                f"Each text must be a str; got {type(text).__name__} in row {row:,}.",
                fix="Turn missing texts into the empty string.",
            )
