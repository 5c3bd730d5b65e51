"""Looks for everything that may be wrong with the data besides their labels, and lets no check spoil the others."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from labelclean.arrays import CodeArray, IndexArray, Label, ProbMatrix
from labelclean.dataset import Dataset
from labelclean.errors import RunCancelledError
from labelclean.issues.ambiguous import ambiguous_texts
from labelclean.issues.class_imbalance import class_imbalance
from labelclean.issues.encoding_damage import encoding_damage
from labelclean.issues.label_leaks import label_leaks
from labelclean.issues.low_information import low_information
from labelclean.issues.near_copies import near_copies
from labelclean.issues.near_duplicates import near_duplicate_groups
from labelclean.issues.odd_language import odd_language
from labelclean.issues.outliers import outliers
from labelclean.issues.problem import PROBLEM_KINDS, DataProblem, ProblemKind, ProblemReport
from labelclean.issues.split_overlap import find_split_column, split_overlap
from labelclean.label_set import LabelSet
from labelclean.protocols import Progress, no_progress

__all__ = ["LikelyClasses", "find_problems"]

_log = logging.getLogger("labelclean.issues")

_Check: TypeAlias = Callable[[Progress], DataProblem | None]

# Where each check ends, of the whole time; in the order in which they run.
_ENDS: dict[ProblemKind, float] = {
    "near_duplicates": 0.3,
    "split_overlap": 0.32,
    "encoding_damage": 0.37,
    "odd_language": 0.6,
    "low_information": 0.66,
    "outliers": 0.86,
    "label_leaks": 0.98,
    "ambiguous": 0.99,
    "class_imbalance": 1.0,
}


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class LikelyClasses:
    """
    What a model that did not see a text says about it.

    Attributes
    ----------
    labels : ndarray of int64, shape (n_examples, n_likely)
        The most likely classes of each text, best first.
    probs : ndarray of float, shape (n_examples, n_likely)
        Their probabilities.
    class_names : tuple of hashable
        The classes that the codes stand for.
    """

    labels: CodeArray
    probs: ProbMatrix
    class_names: tuple[Label, ...]


def find_problems(
    dataset: Dataset,
    *,
    likely: LikelyClasses | None = None,
    columns: Mapping[str, Sequence[str]] | None = None,
    progress: Progress = no_progress,
) -> ProblemReport:
    """
    Look for problems of the data: copies, damage, other languages, empty texts, outliers, leaks and the like.

    Parameters
    ----------
    dataset : Dataset
        The data; single labels or label sets.
    likely : LikelyClasses, optional
        Held-out probabilities, for ambiguous texts.
    columns : mapping of str to sequence of str, optional
        Other columns of the file, one cell for each text, for the overlap of splits.
    progress : Progress, optional
        Told the step and the fraction done; it may raise ``RunCancelledError``.

    Returns
    -------
    ProblemReport
        What was found, the worst kind first; what was looked for; and what was not, and why. A check that fails is
        left out and logged, and the others go on.

    Raises
    ------
    RunCancelledError
        If ``progress`` raises it.

    Notes
    -----
    Cost: about 20 s for 100,000 texts of 60 characters on one core, in proportion to their number.

    Examples
    --------
    >>> data = Dataset.from_labels(["Where is it?", "where is it?", "cafÃ© closed"], ["a", "b", "b"])
    >>> [(problem.kind, problem.rows.tolist()) for problem in find_problems(data).problems]
    [('near_duplicates', [0, 1]), ('encoding_damage', [2])]
    """
    search = _Search(dataset, likely, columns or {})
    found: dict[ProblemKind, DataProblem] = {}
    left_out: dict[ProblemKind, str] = {}
    start = 0.0
    for kind, end in _ENDS.items():
        reason = search.why_not(kind)
        if reason:
            left_out[kind] = reason
            continue
        try:
            problem = search.check(kind)(_between(progress, start, end))
        except RunCancelledError:
            raise
        except Exception as error:  # noqa: BLE001  (whatever it is, the other checks must go on)
            _log.exception("The check for %s failed.", kind)
            left_out[kind] = f"The check stopped by an error ({type(error).__name__})."
            problem = None
        if problem is not None:
            found[kind] = problem
            search.note(problem)
        start = end
    return ProblemReport(
        problems=tuple(found[kind] for kind in PROBLEM_KINDS if kind in found),
        checked=tuple(kind for kind in PROBLEM_KINDS if kind not in left_out),
        left_out=tuple((kind, left_out[kind]) for kind in PROBLEM_KINDS if kind in left_out),
    )


class _Search:
    """The checks over one dataset, with what they share: groups of copies, and rows that others have told of."""

    def __init__(self, dataset: Dataset, likely: LikelyClasses | None, columns: Mapping[str, Sequence[str]]) -> None:
        self._data = dataset
        self._likely = likely
        self._columns = columns
        self._split_column = find_split_column(columns)
        self._groups: IndexArray | None = None
        self._told = np.zeros(dataset.n_examples, dtype=np.bool_)

    def why_not(self, kind: ProblemKind) -> str:
        """Return why there is nothing to check; empty where there is."""
        if kind == "split_overlap" and self._split_column is None:
            return "No column says which split a row belongs to."
        if kind == "ambiguous" and self._data.has_label_sets:
            return "Texts may have several labels here, so none of them has to win."
        if kind == "ambiguous" and self._likely is None:
            return "It needs the probabilities of a model."
        return ""

    def note(self, problem: DataProblem) -> None:
        """Remember the rows that need not be told of as outliers as well."""
        if problem.kind in {"low_information", "odd_language", "encoding_damage"}:
            self._told[problem.rows] = True

    def check(self, kind: ProblemKind) -> _Check:
        """Return the check of a kind."""
        checks: dict[ProblemKind, _Check] = {
            "near_duplicates": self._near_duplicates,
            "split_overlap": self._split_overlap,
            "encoding_damage": lambda tell: encoding_damage(self._data.texts, progress=tell),
            "odd_language": lambda tell: odd_language(self._data.texts, progress=tell),
            "low_information": lambda tell: low_information(self._data.texts, self._data.labels, progress=tell),
            "outliers": lambda tell: outliers(
                self._data.texts, self._copies(tell), passed_over=self._told, progress=tell
            ),
            "label_leaks": lambda tell: label_leaks(self._data.texts, _rows_of_labels(self._data), progress=tell),
            "ambiguous": self._ambiguous,
            "class_imbalance": lambda _: class_imbalance(_rows_of_labels(self._data)),
        }
        return checks[kind]

    def _copies(self, progress: Progress) -> IndexArray:
        if self._groups is None:
            self._groups = near_duplicate_groups(self._data.texts, progress=progress)
        return self._groups

    def _near_duplicates(self, progress: Progress) -> DataProblem | None:
        return near_copies(self._data.texts, self._data.labels, groups=self._copies(progress))

    def _split_overlap(self, progress: Progress) -> DataProblem | None:
        splits = self._columns[self._split_column or ""]
        return split_overlap(self._copies(progress), splits, self._data.labels)

    def _ambiguous(self, progress: Progress) -> DataProblem | None:
        progress("Looking for ambiguous texts", 0.0)
        likely = self._likely
        return None if likely is None else ambiguous_texts(likely.labels, likely.probs, likely.class_names)


def _rows_of_labels(dataset: Dataset) -> list[tuple[Label, IndexArray]]:
    """Return each class and its rows; of label sets, each label and the rows that have it."""
    if not dataset.has_label_sets:
        order = np.argsort(dataset.labels, kind="stable")
        bounds = np.searchsorted(dataset.labels[order], np.arange(dataset.n_classes + 1))
        return [
            (name, order[bounds[code] : bounds[code + 1]].astype(np.int64))
            for code, name in enumerate(dataset.class_names)
        ]
    codes_of: dict[LabelSet, list[int]] = {}  # under a set of one, 1 and True are two keys
    for code, label_set in enumerate(dataset.class_names):
        for label in label_set if isinstance(label_set, LabelSet) else ():
            codes_of.setdefault(LabelSet([label]), []).append(code)
    return [
        (next(iter(alone)), np.flatnonzero(np.isin(dataset.labels, codes)).astype(np.int64))
        for alone, codes in codes_of.items()
    ]


def _between(progress: Progress, start: float, end: float) -> Progress:
    return lambda step, fraction: progress(step, start + (end - start) * min(1.0, fraction))
