"""Several models' probabilities for the same rows, joined."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labelclean.arrays import CodeArray, FloatArray, Label, freeze
from labelclean.core.checks import CheckedExamples, check_examples, refuse_bad_probabilities
from labelclean.core.chunks import Chunking, read_rows, row_chunks
from labelclean.core.scores import ScoringMethod, check_scoring, score_examples
from labelclean.core.thresholds import given_probabilities, mean_self_confidence
from labelclean.errors import ConfigError, InvalidInputError

__all__ = ["WeightingMethod", "average_pred_probs", "ensemble_label_quality_scores", "model_weights"]

WeightingMethod: TypeAlias = Literal["accuracy", "uniform", "log_loss_search"]
"""How much each model counts."""

_TEMPERATURES = (1e-4, 1e-3, 1e-2, 1e-1, 1.0, 10.0, 100.0, 200.0)
_SMALLEST = 1e-6  # a probability of 0 has no logarithm


def ensemble_label_quality_scores(
    labels: ArrayLike | Sequence[Label],
    pred_probs: Sequence[ArrayLike],
    *,
    class_names: Sequence[Label] | None = None,
    method: ScoringMethod = "self_confidence",
    adjust_pred_probs: bool = False,
    weights: WeightingMethod | Sequence[float] = "accuracy",
) -> FloatArray:
    """
    Score the labels by each of several models, and average the scores.

    Parameters
    ----------
    labels : array-like of int or sequence of hashable, shape (n_examples,)
        Given labels: class codes, or labels of ``class_names``.
    pred_probs : sequence of array-like of float, each of shape (n_examples, n_classes)
        Held-out probabilities of each model, 0 to 1; at least one model.
    class_names : sequence of hashable, optional
        The class of each column.
    method : {"self_confidence", "normalized_margin", "confidence_weighted_entropy"}, default="self_confidence"
        The scoring rule.
    adjust_pred_probs : bool, default=False
        Whether each model's confident thresholds are taken off its probabilities first.
    weights : {"accuracy", "uniform", "log_loss_search"} or sequence of float, default="accuracy"
        How much each model counts; see ``model_weights``.

    Returns
    -------
    ndarray of float64, shape (n_examples,)
        0 to 1; low = suspect.

    Raises
    ------
    ConfigError
        If an option is none of those allowed.
    InvalidInputError
        If there is no model, or shapes, types or values of one do not fit.

    References
    ----------
    Kuan & Mueller (2022), "Model-agnostic label quality scoring to detect real-world label errors", section 3.

    Examples
    --------
    >>> unsure, sure = [[0.6, 0.4], [0.5, 0.5]], [[1.0, 0.0], [0.0, 1.0]]
    >>> ensemble_label_quality_scores([0, 1], [unsure, sure], weights="uniform")
    array([0.8 , 0.75])
    """
    check_scoring(method, adjust_pred_probs=adjust_pred_probs)
    models = _checked(labels, pred_probs, class_names)
    shares = _weights(models, weights)
    chunking = Chunking()
    scores = np.zeros(models[0].n_examples)
    for model, share in zip(models, shares.tolist(), strict=True):
        thresholds = mean_self_confidence(model)[0] if adjust_pred_probs else None
        scores += share * score_examples(model, method=method, thresholds=thresholds, chunking=chunking)
    return scores


def average_pred_probs(
    labels: ArrayLike | Sequence[Label],
    pred_probs: Sequence[ArrayLike],
    *,
    class_names: Sequence[Label] | None = None,
    weights: WeightingMethod | Sequence[float] = "accuracy",
) -> NDArray[np.float64]:
    """
    Average the probabilities of several models, for everything that takes those of one.

    Parameters
    ----------
    labels : array-like of int or sequence of hashable, shape (n_examples,)
        Given labels, by which the weights are found.
    pred_probs : sequence of array-like of float, each of shape (n_examples, n_classes)
        Held-out probabilities of each model, 0 to 1; at least one model.
    class_names : sequence of hashable, optional
        The class of each column.
    weights : {"accuracy", "uniform", "log_loss_search"} or sequence of float, default="accuracy"
        How much each model counts; see ``model_weights``.

    Returns
    -------
    ndarray of float64, shape (n_examples, n_classes)
        0 to 1.

    Raises
    ------
    ConfigError
        If the weights are none of those allowed.
    InvalidInputError
        If there is no model, or shapes, types or values of one do not fit.

    Examples
    --------
    >>> average_pred_probs([0, 1], [[[1, 0], [0, 1]], [[0.5, 0.5], [0.5, 0.5]]], weights="uniform")
    array([[0.75, 0.25],
           [0.25, 0.75]])
    """
    models = _checked(labels, pred_probs, class_names)
    return _average(models, _weights(models, weights))


def model_weights(
    labels: ArrayLike | Sequence[Label],
    pred_probs: Sequence[ArrayLike],
    *,
    class_names: Sequence[Label] | None = None,
    weights: WeightingMethod | Sequence[float] = "accuracy",
) -> FloatArray:
    """
    Say how much each of several models is to count.

    Parameters
    ----------
    labels : array-like of int or sequence of hashable, shape (n_examples,)
        Given labels.
    pred_probs : sequence of array-like of float, each of shape (n_examples, n_classes)
        Held-out probabilities of each model, 0 to 1; at least one model.
    class_names : sequence of hashable, optional
        The class of each column.
    weights : {"accuracy", "uniform", "log_loss_search"} or sequence of float, default="accuracy"
        The rule:

        - "accuracy": in proportion to how often the most likely class is the given one; equal if it never is;
        - "uniform": equal;
        - "log_loss_search": in proportion to ``exp(-t * log_loss)``, with the t of 0.0001 to 200 under which the
          weighted average has the lowest log-loss;
        - numbers, one for each model, 0 or more: in proportion to them.

    Returns
    -------
    ndarray of float64, shape (n_models,)
        0 to 1; sums to 1. Read-only.

    Raises
    ------
    ConfigError
        If the weights are none of those allowed.
    InvalidInputError
        If there is no model, or shapes, types or values of one do not fit.

    Notes
    -----
    The reference uses numbers of the user's own as they are, so that scores can leave 0 to 1.

    Examples
    --------
    >>> model_weights([0, 1], [[[1, 0], [0, 1]], [[1, 0], [1, 0]]]).round(3)
    array([0.667, 0.333])
    """
    found = _weights(_checked(labels, pred_probs, class_names), weights)
    freeze(found)
    return found


def _checked(
    labels: ArrayLike | Sequence[Label], pred_probs: Sequence[ArrayLike], class_names: Sequence[Label] | None
) -> list[CheckedExamples]:
    if not len(pred_probs):
        raise InvalidInputError(
            "pred_probs must hold the probabilities of at least one model; got none.",
            fix="Give a list with one table for each model.",
        )
    models = [check_examples(labels, each, class_names=class_names) for each in pred_probs]
    for number, model in enumerate(models):
        if model.n_classes != models[0].n_classes:
            raise InvalidInputError(
                f"All models must have the same classes; got {models[0].n_classes:,} columns for model 0 and "
                f"{model.n_classes:,} for model {number}.",
                fix="Give each model one column per class, in the same order.",
            )
        refuse_bad_probabilities(model.pred_probs)
    return models


def _weights(models: list[CheckedExamples], weights: WeightingMethod | Sequence[float]) -> FloatArray:
    if not isinstance(weights, str):
        return _own_weights(weights, len(models))
    if weights == "uniform":
        return np.full(len(models), 1.0 / len(models))
    if weights == "accuracy":
        return _proportional(np.array([_n_right(model) for model in models], dtype=np.float64))
    if weights == "log_loss_search":
        return _searched(models)
    raise ConfigError(
        f"weights must be one of {', '.join(get_args(WeightingMethod))}, or numbers; got {weights!r}.",
        fix="Leave it out to weigh by accuracy.",
    )


def _own_weights(weights: Sequence[float], n_models: int) -> FloatArray:
    try:
        values = np.asarray(weights, dtype=np.float64)
    except (TypeError, ValueError):
        values = np.empty(0)
    if values.shape != (n_models,) or not (np.isfinite(values) & (values >= 0)).all() or not values.sum() > 0:
        raise ConfigError(
            f"weights must be {n_models:,} numbers of 0 or more, one for each model, not all 0; got others.",
            fix="Leave them out to weigh by accuracy.",
        )
    return _proportional(values)


def _proportional(values: FloatArray) -> FloatArray:
    total = values.sum()
    return values / total if total > 0 else np.full(len(values), 1.0 / len(values))


def _n_right(model: CheckedExamples) -> int:
    chunks = row_chunks(model.pred_probs)
    return sum(
        int(np.count_nonzero(read_rows(model.pred_probs, rows).argmax(axis=1) == model.labels[rows])) for rows in chunks
    )


def _searched(models: list[CheckedExamples]) -> FloatArray:
    """Try each temperature; the first of equally good ones."""
    if models[0].n_examples == 0:
        return np.full(len(models), 1.0 / len(models))
    labels = models[0].labels
    losses = np.array([_log_loss(labels, model.pred_probs) for model in models])
    # Only differences matter, and the best model's own loss keeps the exponents from vanishing.
    trials = [_proportional(np.exp(-t * (losses - losses.min()))) for t in _TEMPERATURES]
    found = [_log_loss(labels, _average(models, shares)) for shares in trials]
    return trials[int(np.argmin(found))]


def _average(models: list[CheckedExamples], shares: FloatArray) -> NDArray[np.float64]:
    average = np.zeros(models[0].pred_probs.shape)
    for model, share in zip(models, shares.tolist(), strict=True):
        average += share * model.pred_probs.astype(np.float64)
    return average


def _log_loss(labels: CodeArray, pred_probs: NDArray[np.floating]) -> float:
    """Return the log-loss of rows made to sum to 1 after no value is below 1e-6."""
    given = np.maximum(given_probabilities(labels, pred_probs), _SMALLEST)
    sums = np.empty(len(labels))
    for rows in row_chunks(pred_probs):
        sums[rows] = np.maximum(read_rows(pred_probs, rows), _SMALLEST).sum(axis=1, dtype=np.float64)
    return float((np.log(sums) - np.log(given)).mean())
