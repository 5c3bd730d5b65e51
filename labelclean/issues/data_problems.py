"""The public door to the search for problems of texts and labels that are at hand as sequences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from labelclean.arrays import Label, ProbMatrix
from labelclean.dataset import Dataset
from labelclean.errors import InvalidInputError
from labelclean.issues.find_problems import LikelyClasses, find_problems
from labelclean.issues.problem import ProblemReport
from labelclean.protocols import Progress, no_progress

__all__ = ["find_data_problems"]

_LIKELY = 5  # classes of each text that are looked at


def find_data_problems(
    texts: Sequence[str],
    labels: Sequence[Label | None],
    *,
    pred_probs: ProbMatrix | None = None,
    columns: Mapping[str, Sequence[str]] | None = None,
    progress: Progress = no_progress,
) -> ProblemReport:
    """
    Look for what is wrong with texts besides their labels.

    Found are: texts in more than one split, strings that give a label away, near-duplicates, damaged characters, texts
    in another language, texts that say next to nothing, outliers, ambiguous texts, and classes with few rows. Each
    check says of each row why; none changes anything.

    Parameters
    ----------
    texts : sequence of str, length n_examples
        The texts, in any language.
    labels : sequence of hashable or None, length n_examples
        One label, or one ``LabelSet``, for each text; None where it has none.
    pred_probs : ndarray of float, shape (n_examples, n_classes), optional
        Held-out probabilities in [0, 1], for ambiguous texts; columns in the order of ``sorted_classes(labels)``:
        numbers by value, then text.
    columns : mapping of str to sequence of str, optional
        Other columns, one cell for each text; one that is called split, fold or the like, or whose values are names of
        splits, tells which texts may not be the same.
    progress : Progress, optional
        Told the step and the fraction done; it may raise ``RunCancelledError``.

    Returns
    -------
    ProblemReport
        ``problems``, the worst kind first, each with ``rows`` (worst first), ``reason_of(row)`` and, where rows belong
        together, ``group_of(row)``; ``checked``, what was looked for; ``left_out``, what was not, and why.

    Raises
    ------
    InvalidInputError
        If lengths differ, or a text or a label is of the wrong kind.
    RunCancelledError
        If ``progress`` raises it.

    Notes
    -----
    Cost: about 12 s for 100,000 texts of 60 characters on one core, in proportion to their number.

    Examples
    --------
    >>> report = find_data_problems(["Where is it?", "where is it?", "cafÃ© closed"], ["a", "b", "b"])
    >>> [(problem.title, problem.rows.tolist()) for problem in report.problems]
    [('Near-duplicates', [0, 1]), ('Damaged characters', [2])]
    >>> report.problems[1].reason_of(2)
    'It was read in a wrong encoding.'
    """
    dataset = Dataset.from_labels(texts, labels)
    for name, cells in (columns or {}).items():
        _check_length(f"The column {name!r}", len(cells), dataset.n_examples)
    likely = None if pred_probs is None else _likely_classes(dataset, pred_probs)
    return find_problems(dataset, likely=likely, columns=columns, progress=progress)


def _likely_classes(dataset: Dataset, pred_probs: ProbMatrix) -> LikelyClasses:
    expected = (dataset.n_examples, dataset.n_classes)
    if pred_probs.shape != expected:
        raise InvalidInputError(
            f"pred_probs must have one row for each text and one column for each class, {expected}; "
            f"got shape {pred_probs.shape}.",
            fix="Compute them on the same texts and the same classes.",
        )
    order = np.argsort(-pred_probs, axis=1, kind="stable")[:, :_LIKELY].astype(np.int64)
    probs = np.take_along_axis(pred_probs, order, axis=1).astype(np.float64)
    return LikelyClasses(labels=order, probs=probs, class_names=dataset.class_names)


def _check_length(what: str, n_cells: int, n_texts: int) -> None:
    if n_cells != n_texts:
        raise InvalidInputError(
            f"{what} must have one cell for each of the {n_texts:,} texts; got {n_cells:,}.",
            fix="Take it from the same rows as the texts.",
        )
