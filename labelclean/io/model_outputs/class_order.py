"""Which column of a table of probabilities belongs to which class of a dataset."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from labelclean.arrays import Label, ProbMatrix
from labelclean.dataset import Dataset, is_missing_label, label_key
from labelclean.errors import InvalidInputError
from labelclean.io.model_outputs.table_spool import take_columns

__all__ = [
    "ClassMatch",
    "MatchedPredProbs",
    "check_shape",
    "match_classes",
    "match_pred_probs",
    "parse_class_names",
    "shown_names",
    "spelled_alike",
]

_MOST_SHOWN = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class ClassMatch:
    """
    The order in which columns are to be taken.

    Attributes
    ----------
    columns : tuple of int
        The column of each class.
    class_names : tuple of hashable
        The classes of the dataset, then those that were never given, in the order of their columns.
    reason : str
        How the order was found, in one or two plain sentences.
    is_assumed : bool
        Whether nobody said which column is which class.
    """

    columns: tuple[int, ...]
    class_names: tuple[Label, ...]
    reason: str
    is_assumed: bool = False


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class MatchedPredProbs:
    """
    A dataset and probabilities with the same rows and the same classes.

    Attributes
    ----------
    dataset : Dataset
        The dataset; classes that the model knows and nobody was given come last.
    pred_probs : ndarray of float, shape (n_examples, n_classes)
        One row for each row of the dataset, one column for each of its classes.
    reason : str
        How the order of the classes was found.
    directory : Path or None
        Where temporary copies of memory maps are made; None is where they always are.
    """

    dataset: Dataset
    pred_probs: ProbMatrix
    reason: str
    directory: Path | None = None


def match_pred_probs(
    dataset: Dataset,
    pred_probs: ProbMatrix,
    *,
    class_names: Sequence[Label] | None = None,
    directory: Path | None = None,
) -> MatchedPredProbs:
    """
    Bring probabilities into the order of a dataset's classes.

    Parameters
    ----------
    dataset : Dataset
        The dataset.
    pred_probs : ndarray of float, shape (n_examples, n_columns)
        One row for each row of the dataset, labelled or not; never written to.
    class_names : sequence of hashable, length n_columns, optional
        The class of each column; without them, the dataset's own order is assumed.
    directory : Path, optional
        Where a memory map whose columns must change places is copied to; by default where temporary files go.

    Returns
    -------
    MatchedPredProbs
        Both, fitting each other.

    Raises
    ------
    InvalidInputError
        If rows or classes do not fit; see ``match_classes``.
    StoreError
        If the copy cannot be written.

    Examples
    --------
    >>> data = Dataset.from_labels(["good", "bad"], ["+", "-"])
    >>> match_pred_probs(data, np.array([[0.9, 0.1], [0.2, 0.8]]), class_names=["-", "+"]).dataset.class_names
    ('+', '-')
    """
    check_shape(pred_probs.shape, dataset)
    match = match_classes(dataset.class_names, class_names, n_columns=pred_probs.shape[1])
    return MatchedPredProbs(
        dataset=replace(dataset, class_names=match.class_names),
        pred_probs=take_columns(pred_probs, match.columns, directory=directory),
        reason=match.reason,
        directory=directory,
    )


def check_shape(shape: Sequence[int], dataset: Dataset) -> None:
    """
    Refuse a table that has not one row for each row of a dataset.

    Raises
    ------
    InvalidInputError
        If it has more or fewer rows, or is no table.
    """
    if len(shape) != 2:  # noqa: PLR2004  (a table has two axes)
        raise InvalidInputError(
            f"The probabilities must be a table of rows and classes; got {len(shape)} dimensions.",
            fix="Give one row per example and one column per class.",
        )
    if shape[0] == dataset.n_examples:
        return
    fix = "Compute them on the same rows, in the same order."
    if shape[0] == dataset.n_examples - dataset.n_unlabelled:
        fix = f"Rows without a label need probabilities, too; their number is {dataset.n_unlabelled:,}."
    raise InvalidInputError(
        f"The probabilities must have one row for each of the {dataset.n_examples:,} rows of the dataset; got "
        f"{shape[0]:,}.",
        fix=fix,
    )


def match_classes(known: Sequence[Label], named: Sequence[Label] | None, *, n_columns: int) -> ClassMatch:
    """
    Find the column of each class.

    Parameters
    ----------
    known : sequence of hashable
        The classes of the dataset.
    named : sequence of hashable or None
        The class of each column. A name is a class if both are the same value; else if they are spelled the same
        (the text ``"1"`` and the number 1) and nothing else is. None: the columns are the known classes in order.
    n_columns : int
        Number of columns.

    Returns
    -------
    ClassMatch
        Which column to take for which class.

    Raises
    ------
    InvalidInputError
        If a given class has no column, two columns have one name, or the numbers do not fit.

    Examples
    --------
    >>> match_classes([1, 2], ["2", "3", "1"], n_columns=3).columns
    (2, 0, 1)
    """
    if named is None:
        return _assumed(known, n_columns)
    names = [_plain(name, column) for column, name in enumerate(named)]
    if len(names) != n_columns:
        raise InvalidInputError(
            f"class_names must name each of the {n_columns:,} columns of pred_probs; got {len(names):,} names.",
            fix="Name every class of the model once, in the order of the columns.",
        )
    _check_distinct(names)
    column_of = _columns_by_class(known, names)
    missing = [name for code, name in enumerate(known) if code not in column_of]
    if missing:
        raise InvalidInputError(
            f"The probabilities must have a column for each given class; there is none for {len(missing):,} of "
            f"{len(known):,}: {shown_names(missing)}.",
            fix=f"The columns are named {shown_names(names)}. Name them as the labels are spelled.",
        )
    columns = [column_of[code] for code in range(len(known))]
    taken = set(columns)
    extra = [column for column in range(n_columns) if column not in taken]
    return ClassMatch(
        columns=(*columns, *extra),
        class_names=(*known, *(names[column] for column in extra)),
        reason=_said(columns, [names[column] for column in extra]),
    )


def parse_class_names(text: str) -> tuple[str, ...]:
    """
    Read a list of class names as people write them.

    Parameters
    ----------
    text : str
        A JSON array, or one name per line, or, in a single line, names with commas between them. White space
        around a name does not count, nor do blank lines at the end.

    Returns
    -------
    tuple of str
        The names in order.

    Raises
    ------
    InvalidInputError
        If there is none, or the JSON is broken.

    Examples
    --------
    >>> parse_class_names("billing, refund")
    ('billing', 'refund')
    """
    stripped = text.strip()
    if stripped.startswith("["):
        names = _json_names(stripped)
    else:
        names = [name.strip() for name in (stripped.splitlines() if "\n" in stripped else stripped.split(","))]
    if not names or not all(names):
        raise InvalidInputError(
            "The list of classes must hold a name for each column; one is empty.",
            fix="Write one name per line, in the order of the columns.",
        )
    return tuple(names)


def shown_names(names: Iterable[Label]) -> str:
    """Return class names for a message: quoted if text, the first ten of many."""
    every = list(names)
    shown = ", ".join(map(repr, every[:_MOST_SHOWN]))
    return f"{shown} and {len(every) - _MOST_SHOWN:,} more" if len(every) > _MOST_SHOWN else shown


def spelled_alike(names: Sequence[str], known: Sequence[Label]) -> tuple[str, ...]:
    """Return the names that are a known class, as ``match_classes`` has it, in their order."""
    return tuple(names[column] for column in sorted(_columns_by_class(known, names).values()))


def _assumed(known: Sequence[Label], n_columns: int) -> ClassMatch:
    if n_columns != len(known):
        raise InvalidInputError(
            f"The probabilities must have one column for each of the {len(known):,} classes; got {n_columns:,} "
            "columns without names.",
            fix="Name the classes in the order of the columns (class_names, --class-names), those never given, too.",
        )
    order = ", ".join(f"{column} = {name}" for column, name in enumerate(known[:_MOST_SHOWN], start=1))
    more = f" and {len(known) - _MOST_SHOWN:,} more" if len(known) > _MOST_SHOWN else ""
    return ClassMatch(
        columns=tuple(range(n_columns)),
        class_names=tuple(known),
        reason=f"No column says its class, so the sorted order of the labels is assumed: column {order}{more}.",
        is_assumed=True,
    )


def _plain(name: Label, column: int) -> Label:
    if is_missing_label(name):
        raise InvalidInputError(
            f"class_names must name every column of pred_probs; the name of column {column + 1:,} is empty.",
            fix="Name every class of the model once, in the order of the columns.",
        )
    return label_key(name, column)[1]


def _check_distinct(names: Sequence[Label]) -> None:
    first: dict[tuple[str, Label], int] = {}
    for column, name in enumerate(names):
        before = first.setdefault(label_key(name), column)
        if before != column:
            raise InvalidInputError(
                f"The classes of the columns must be different; {name!r} names columns {before + 1:,} and "
                f"{column + 1:,}.",
                fix="Name every class of the model once, in the order of the columns.",
            )


def _columns_by_class(known: Sequence[Label], names: Sequence[Label]) -> dict[int, int]:
    """Return the column of each known class that has one: the same value first, the same spelling second."""
    by_key = {label_key(name): column for column, name in enumerate(names)}
    found = {code: by_key[key] for code, name in enumerate(known) if (key := label_key(name)) in by_key}
    taken = set(found.values())
    spelled: defaultdict[str, set[int]] = defaultdict(set)
    for column, name in enumerate(names):
        for spelling in _spellings(name):
            spelled[spelling].add(column)
    everywhere = defaultdict(set)
    for code, name in enumerate(known):
        for spelling in _spellings(name):
            everywhere[spelling].add(code)
    for code, name in enumerate(known):
        if code in found:
            continue
        columns = set().union(*(spelled[spelling] for spelling in _spellings(name)))
        rivals = set().union(*(everywhere[spelling] for spelling in _spellings(name)))
        if len(columns) == 1 and len(rivals) == 1 and not columns & taken:
            found[code] = columns.pop()
            taken.add(found[code])
    return found


def _spellings(name: Label) -> frozenset[str]:
    """Return how a file may spell a label: whole numbers with or without a fraction, truth in small letters, too."""
    if isinstance(name, bool):
        return frozenset({str(name), str(name).lower()})
    if isinstance(name, int | float) and float(name).is_integer():
        return frozenset({str(int(name)), f"{int(name)}.0"})
    return frozenset({str(name)})


def _said(columns: Sequence[int], never_given: Sequence[Label]) -> str:
    said = "Matched by name"
    if list(columns) != sorted(columns):
        said += "; the columns were in another order"
    if never_given:
        said += f"; never given as a label, but kept as classes: {shown_names(never_given)}"
    return f"{said}."


def _json_names(text: str) -> list[str]:
    try:
        names = json.loads(text)
    except ValueError as error:
        raise InvalidInputError(
            "The list of classes must be valid JSON where it begins with a bracket; it is not.",
            fix="Write one name per line instead.",
        ) from error
    return [name if isinstance(name, str) else json.dumps(name) for name in names]
