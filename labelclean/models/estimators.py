"""What may be done to a classifier that belongs to somebody else: copies, seeds, weights, checked probabilities."""

from __future__ import annotations

import copy
import inspect
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import ArrayLike

from labelclean.arrays import FloatArray
from labelclean.errors import InvalidInputError
from labelclean.protocols import Classifier

__all__ = ["check_trainable", "checked_weights", "class_probabilities", "fresh_copy", "weight_argument"]

_T = TypeVar("_T")
_SUM_TOLERANCE = 0.01  # half precision over a thousand classes stays within
_BELOW_ZERO = 1e-6


def check_trainable(estimator: object) -> None:
    """
    Refuse what held-out probabilities cannot be had from.

    Parameters
    ----------
    estimator : object
        What the user calls a classifier.

    Returns
    -------
    None
        Where it can be trained anew and gives probabilities.

    Raises
    ------
    InvalidInputError
        If it is a class rather than an object, gives no probabilities, or cannot be trained anew.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> check_trainable(LogisticRegression())
    """
    name = type(estimator).__name__
    if isinstance(estimator, type):
        raise InvalidInputError(
            f"estimator must be an object; got the class {estimator.__name__}.", fix=f"Write {estimator.__name__}()."
        )
    if not hasattr(estimator, "predict_proba"):
        raise InvalidInputError(
            f"estimator must give probabilities (predict_proba); {name} does not, as it is set up.",
            fix="Wrap it: sklearn.calibration.CalibratedClassifierCV(estimator)."
            if hasattr(estimator, "decision_function")
            else "Use a classifier with predict_proba.",
        )
    if not hasattr(estimator, "fit") or _has_frozen_part(estimator):
        raise InvalidInputError(
            f"estimator must be trainable anew, without the rows it judges; {name} cannot be. Probabilities of rows "
            "a model was trained on hide wrong labels: it has learnt them.",
            fix="Give a classifier with fit, or held-out pred_probs from models that did not see the rows.",
        )


def fresh_copy(estimator: _T, *, seed: int | None = None) -> _T:
    """
    Return an untrained copy.

    Parameters
    ----------
    estimator : object
        A classifier, trained or not; never changed.
    seed : int, optional
        For every ``random_state`` of it, at any depth, that is None, so that training can be repeated.

    Returns
    -------
    object
        A clone where scikit-learn can make one, else a deep copy, whose ``fit`` must begin anew.

    Examples
    --------
    >>> from sklearn.ensemble import RandomForestClassifier
    >>> fresh_copy(RandomForestClassifier(), seed=7).random_state
    7
    """
    copied: Any = _clone(estimator)
    if seed is not None and hasattr(copied, "set_params"):
        unset = {
            name: seed
            for name, value in sorted(copied.get_params(deep=True).items())
            if value is None and (name == "random_state" or name.endswith("__random_state"))
        }
        copied.set_params(**unset)
    return cast("_T", copied)


def weight_argument(estimator: object) -> str | None:
    """
    Return the name under which ``fit`` takes one weight per row.

    Parameters
    ----------
    estimator : object
        A classifier, a Pipeline that ends in one, or a search over one.

    Returns
    -------
    str or None
        Such as "sample_weight", or "clf__sample_weight" for a Pipeline; None where it takes no weights.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.pipeline import Pipeline
    >>> weight_argument(Pipeline([("clf", LogisticRegression())]))
    'clf__sample_weight'
    """
    steps = getattr(estimator, "steps", None)
    if (steps or hasattr(estimator, "estimator")) and _routes_metadata():
        return "sample_weight" if _is_routed(estimator) else None
    if steps:
        name, last = steps[-1]
        inner = weight_argument(last)
        return None if inner is None else f"{name}__{inner}"
    parameters = inspect.signature(cast("Classifier", estimator).fit).parameters
    if "sample_weight" in parameters:
        return "sample_weight"
    takes_others = any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values())
    if takes_others and hasattr(estimator, "estimator"):
        return weight_argument(estimator.estimator)  # a search hands on what it is given
    return None


def checked_weights(sample_weight: ArrayLike | None, n_examples: int, estimator: object) -> FloatArray | None:
    """
    Check one weight per row.

    Parameters
    ----------
    sample_weight : array-like of float, shape (n_examples,), or None
        Weights, 0 or more and not all 0.
    n_examples : int
        Number of rows.
    estimator : object
        The classifier that must take them.

    Returns
    -------
    ndarray of float64, shape (n_examples,), or None
        The weights; None where none were given.

    Raises
    ------
    InvalidInputError
        If shape or values do not fit, or the classifier takes no weights.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> checked_weights([1, 2], 2, LogisticRegression())
    array([1., 2.])
    """
    if sample_weight is None:
        return None
    weights = np.asarray(sample_weight, dtype=np.float64)
    if weights.shape != (n_examples,):
        raise InvalidInputError(f"sample_weight must have shape ({n_examples},); got {weights.shape}.")
    bad = np.flatnonzero(~(np.isfinite(weights) & (weights >= 0)))
    if bad.size:
        raise InvalidInputError(
            f"sample_weight must be 0 or more; got other values in {bad.size:,} rows, first in row {bad[0]:,}."
        )
    if n_examples and not weights.any():
        raise InvalidInputError(f"sample_weight must not be zero everywhere; got {n_examples:,} zeros.")
    if weight_argument(estimator) is None:
        raise InvalidInputError(
            f"estimator must take weights where sample_weight is given; {type(estimator).__name__}.fit does not.",
            fix="Leave sample_weight out, or choose a classifier that takes it.",
        )
    return weights


def class_probabilities(model: Classifier, X: object) -> FloatArray:  # noqa: N803  (scikit-learn's own argument name)
    """
    Ask a trained classifier, and check what it says.

    Parameters
    ----------
    model : Classifier
        A trained classifier.
    X : object
        The rows, of the kind it was trained on.

    Returns
    -------
    ndarray of float64, shape (n_examples, n_classes)
        0 to 1; columns as in ``model.classes_``; every row sums to 1.

    Raises
    ------
    InvalidInputError
        If it gives something else than one probability for each of its classes.

    Examples
    --------
    >>> from sklearn.dummy import DummyClassifier
    >>> model = DummyClassifier().fit([[0], [0], [0], [0]], [5, 5, 5, 6])
    >>> class_probabilities(model, [[1]])
    array([[0.75, 0.25]])
    """
    name = type(model).__name__
    if not hasattr(model, "classes_"):
        raise InvalidInputError(
            f"estimator must say which class each column is for; {name} has no classes_ after fit.",
            fix="Set classes_ in fit, as scikit-learn's classifiers do.",
        )
    given = cast("Any", model).predict_proba(X)
    probs = np.asarray(given, dtype=np.float64) if not isinstance(given, list) else np.empty(0)
    if probs.ndim != 2 or probs.shape[1] != len(model.classes_):  # noqa: PLR2004  (a table has two axes)
        raise InvalidInputError(
            f"predict_proba must give one column for each of the {len(model.classes_):,} classes; {name} gave "
            f"{'a list' if isinstance(given, list) else f'shape {probs.shape}'}."
        )
    off = np.abs(probs.sum(axis=1) - 1.0)
    bad = (probs < -_BELOW_ZERO).any(axis=1) | ~(off <= _SUM_TOLERANCE)  # NaN makes both comparisons false
    if bad.any():
        raise InvalidInputError(
            f"predict_proba must give numbers from 0 to 1 that sum to 1; {name} did not in "
            f"{np.count_nonzero(bad):,} of {len(bad):,} rows of one fold.",
            fix="Wrap it: sklearn.calibration.CalibratedClassifierCV(estimator).",
        )
    clipped = np.maximum(probs, 0.0)
    return np.asarray(clipped / clipped.sum(axis=1, keepdims=True))


def _routes_metadata() -> bool:
    from sklearn import get_config  # noqa: PLC0415  (keeps the pipeline light until something is trained)

    return bool(get_config()["enable_metadata_routing"])


def _is_routed(estimator: object) -> bool:
    """Tell whether a router hands weights on to whoever asked for them."""
    from sklearn.utils.metadata_routing import get_routing_for_object  # noqa: PLC0415  (likewise)

    return bool(get_routing_for_object(estimator).consumes(method="fit", params=["sample_weight"]))


def _clone(estimator: object) -> object:
    from sklearn.base import clone  # noqa: PLC0415  (likewise)

    try:
        return clone(estimator)
    except (TypeError, RuntimeError):  # no get_params, or one that does not fit the constructor
        return copy.deepcopy(estimator)


def _has_frozen_part(estimator: object) -> bool:
    """Tell whether a copy would still know what it was taught: scikit-learn's FrozenEstimator clones to itself."""
    if not hasattr(estimator, "get_params"):
        return False
    parts = [estimator, *estimator.get_params(deep=True).values()]
    return any(
        hasattr(part, "__sklearn_clone__") and hasattr(part, "predict") and _clone(part) is part
        for part in parts
        if not isinstance(part, type)
    )
