"""Who looks for the wrong labels: labelclean, the reference over a linear model, and the reference's ranking."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import CodeArray, FloatArray, MaskArray, ProbMatrix, freeze_fields
from tests.benchmarks.detection_sets import LabelledSet

__all__ = ["LOADERS", "RANKING_ONLY", "Contender", "Findings"]

N_FOLDS = 5
MAX_ITERATIONS = 400


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Findings:
    """
    What a contender says about each row.

    Attributes
    ----------
    error_probabilities : ndarray of float64, shape (n_examples,)
        High = suspect; the reference's are 1 minus its label quality scores.
    is_issue : ndarray of bool, shape (n_examples,)
        The flagged rows.
    suggested : ndarray of int64, shape (n_examples,) or (n_examples, n_labels)
        Suggested class codes; for multi-label data 1 where the label should apply.
    n_errors : float
        Estimated number of wrong rows; the reference's is what its confident joint counts off the diagonal, for
        multi-label data the number of rows that it flags.
    cell_error_probabilities : ndarray of float64, shape (n_examples, n_labels)
        The same for each cell of multi-label data; no columns otherwise.
    pred_probs : ndarray of float, shape (n_examples, n_classes)
        The held-out probabilities behind it; columns are the classes given to any row, in order of their codes, or
        the labels.
    """

    error_probabilities: FloatArray
    is_issue: MaskArray
    suggested: CodeArray
    n_errors: float
    cell_error_probabilities: FloatArray
    pred_probs: ProbMatrix

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)


Contender: TypeAlias = Callable[[LabelledSet, int], Findings]
"""Takes the data and the seed of its folds."""


def load_labelclean(data: LabelledSet) -> Contender:
    """Import labelclean as it is shipped: the defaults of its two audits."""
    from labelclean.config import AuditConfig  # noqa: PLC0415  (the reference's memory must not hold it)
    from labelclean.pipeline import audit  # noqa: PLC0415

    def of_classes(data: LabelledSet, seed: int) -> Findings:
        labels = [data.class_names[code] for code in data.given]
        result = audit(data.texts, labels, config=AuditConfig(random_state=seed))
        codes = np.array([data.class_names.index(str(name)) for name in result.class_names], dtype=np.int64)
        return Findings(
            error_probabilities=result.error_probabilities,
            is_issue=result.is_issue,
            suggested=codes[result.suggested_labels],
            n_errors=float(result.noise.n_label_errors),
            cell_error_probabilities=_no_cells(data),
            pred_probs=result.pred_probs[:, np.argsort(codes)],
        )

    return load_labelclean_for_label_sets() if data.is_multi_label else of_classes


def load_labelclean_for_label_sets() -> Contender:
    """Import the audit of sets of labels."""
    from labelclean.config import AuditConfig  # noqa: PLC0415  (as above)
    from labelclean.label_set_audit import audit_label_sets  # noqa: PLC0415

    def of_label_sets(data: LabelledSet, seed: int) -> Findings:
        sets = [[data.class_names[label] for label in np.flatnonzero(row)] for row in data.given]
        result = audit_label_sets(data.texts, sets, config=AuditConfig(random_state=seed))
        columns = [data.class_names.index(str(name)) for name in result.class_names]
        suggested, cells, probs = data.given.copy(), np.zeros(data.given.shape), np.zeros(data.given.shape)
        suggested[:, columns] = result.is_suggested
        cells[:, columns], probs[:, columns] = result.cell_error_probabilities, result.pred_probs
        return Findings(
            error_probabilities=result.error_probabilities,
            is_issue=result.is_issue,
            suggested=suggested,
            n_errors=float(result.n_wrong_rows),
            cell_error_probabilities=cells,
            pred_probs=probs,
        )

    return of_label_sets


def load_reference(_: LabelledSet, *, inverse_penalty: float) -> Contender:
    """Import the reference's usual text recipe, with a logistic regression of this strength."""
    classification = _import_quietly("cleanlab.classification")
    rank = load_reference_ranking()
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415  (as above)
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415
    from sklearn.model_selection import KFold, cross_val_predict  # noqa: PLC0415
    from sklearn.multiclass import OneVsRestClassifier  # noqa: PLC0415

    def find(data: LabelledSet, seed: int) -> Findings:
        features = TfidfVectorizer(ngram_range=(1, 2)).fit_transform(data.texts)
        model = LogisticRegression(C=inverse_penalty, max_iter=MAX_ITERATIONS)
        if data.is_multi_label:
            folds = KFold(N_FOLDS, shuffle=True, random_state=seed)
            one_vs_rest = OneVsRestClassifier(model)
            probs = cross_val_predict(one_vs_rest, features, data.given, cv=folds, method="predict_proba")
            return rank(data, probs)
        finder = classification.CleanLearning(
            model, seed=seed, cv_n_folds=N_FOLDS, find_label_issues_kwargs={"n_jobs": 1}
        )
        classes, labels = np.unique(data.given, return_inverse=True)
        return _of_frame(data, finder.find_label_issues(features, labels), classes, finder.confident_joint)

    return find


def load_reference_ranking() -> Callable[[LabelledSet, ProbMatrix], Findings]:
    """Import what the reference makes of held-out probabilities, whoever they are from."""
    count, filters, rank = (_import_quietly(f"cleanlab.{name}") for name in ("count", "filter", "rank"))
    multi_label = _import_quietly("cleanlab.multilabel_classification")
    multi_label_filter = _import_quietly("cleanlab.multilabel_classification.filter")

    def of_classes(data: LabelledSet, probs: NDArray[np.float64]) -> Findings:
        classes, labels = np.unique(data.given, return_inverse=True)
        return Findings(
            error_probabilities=1.0 - rank.get_label_quality_scores(labels, probs),
            is_issue=filters.find_label_issues(labels, probs, n_jobs=1),
            suggested=classes[probs.argmax(axis=1)],
            n_errors=_off_diagonal(count.compute_confident_joint(labels, probs)),
            cell_error_probabilities=_no_cells(data),
            pred_probs=probs,
        )

    def of_label_sets(data: LabelledSet, probs: NDArray[np.float64]) -> Findings:
        sets = [np.flatnonzero(row).tolist() for row in data.given]
        is_issue = multi_label_filter.find_label_issues(sets, probs, n_jobs=1)
        return Findings(
            error_probabilities=1.0 - multi_label.get_label_quality_scores(sets, probs),
            is_issue=is_issue,
            suggested=(probs > 0.5).astype(np.int64),
            n_errors=float(np.count_nonzero(is_issue)),
            cell_error_probabilities=np.where(data.given == 1, 1.0 - probs, probs),
            pred_probs=probs,
        )

    def rank_rows(data: LabelledSet, pred_probs: ProbMatrix) -> Findings:
        probs = np.asarray(pred_probs, dtype=np.float64)
        return of_label_sets(data, probs) if data.is_multi_label else of_classes(data, probs)

    return rank_rows


RANKING_ONLY = "reference's ranking of our probabilities"

LOADERS: dict[str, Callable[[LabelledSet], Contender]] = {
    "labelclean": load_labelclean,
    "reference, C=1": partial(load_reference, inverse_penalty=1.0),
    "reference, C=20": partial(load_reference, inverse_penalty=20.0),
}
"""Those who start from the texts."""


def _of_frame(data: LabelledSet, frame: Any, classes: CodeArray, confident_joint: NDArray[np.int64]) -> Findings:
    return Findings(
        error_probabilities=1.0 - frame["label_quality"].to_numpy(),
        is_issue=frame["is_label_issue"].to_numpy(),
        suggested=classes[frame["predicted_label"].to_numpy()],
        n_errors=_off_diagonal(confident_joint),
        cell_error_probabilities=_no_cells(data),
        pred_probs=np.zeros((len(data.texts), 0)),  # it keeps them to itself
    )


def _off_diagonal(counts: NDArray[np.int64]) -> float:
    return float(counts.sum() - np.trace(counts))


def _no_cells(data: LabelledSet) -> FloatArray:
    return np.zeros((len(data.texts), 0))


def _import_quietly(module: str) -> Any:
    """Import a module of the reference without keeping the blanket warnings filter that it installs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module(module)
