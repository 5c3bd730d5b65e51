"""What the linear classifiers that know their labels to be noisy have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Self, cast

import numpy as np
import sklearn.utils.validation as sklearn_validation
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.special import expit, softmax
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_consistent_length, check_is_fitted

from labelclean.arrays import FeatureMatrix, FloatArray
from labelclean.errors import ConfigError
from labelclean.models.blas_threads import one_blas_thread
from labelclean.models.channels import Channel, ClassChannel, LabelChannel
from labelclean.models.cv_splits import chosen_splits
from labelclean.models.estimators import checked_weights
from labelclean.models.folds import FoldSplits, Splits
from labelclean.models.linear import Weights, linear_scores
from labelclean.models.noise_counts import held_out_linear_probs, noise_counts, shares_of_true, target_folds
from labelclean.models.noisy_problem import Problem
from labelclean.models.targets import Targets, check_noise_matrix, check_pred_probs, check_targets

__all__ = ["Evidence", "NoisyLinearClassifier", "check_above"]

_MORE_LIKELY_THAN_NOT = 0.5
_N_SEEDS = 2**32


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Evidence:
    """
    What is known before anything is fitted.

    Attributes
    ----------
    counts : ndarray of float64, in the shape of the noise matrix
        How often each label was given for each true class, as far as held-out probabilities tell.
    splits : Splits
        The rows held out together.
    """

    counts: FloatArray
    splits: Splits


def check_above(least: float, **options: float) -> None:
    """
    Refuse options that are not above a number.

    Parameters
    ----------
    least : float
        The number.
    **options : float
        Values under their names.

    Returns
    -------
    None
        Where all are above.

    Raises
    ------
    ConfigError
        For the first that is not.

    Examples
    --------
    >>> check_above(0, n_rounds=3)
    """
    for name, value in options.items():
        if not value > least:
            raise ConfigError(f"{name} must be above {least}; got {value!r}.")


class NoisyLinearClassifier(ClassifierMixin, BaseEstimator, ABC):  # type: ignore[misc]  # scikit-learn has no types
    """
    Base of the linear classifiers of true classes; a child says how it learns.

    Attributes
    ----------
    classes_ : ndarray, shape (n_classes,)
        The distinct labels, ascending; for multi-label data 0, 1, ..., n_labels - 1.
    coef_ : ndarray of float32 or float64, shape (n_classes, n_features)
        Weights of the scores of the true classes, in the precision of the rows.
    intercept_ : ndarray of the same type, shape (n_classes,)
        Their intercepts.
    noise_matrix_ : ndarray of float64, shape (n_classes, n_classes) or (n_labels, 2, 2)
        P(given | true), indexed [given, true] or [label, given, true].
    n_features_in_ : int
        Number of features.
    """

    inverse_penalty: float
    n_folds: int
    max_steps: int
    tol: float
    random_state: int | np.random.Generator
    n_jobs: int
    cv: object

    def fit(
        self,
        X: object,  # noqa: N803  (scikit-learn's own argument name)
        y: object,
        sample_weight: ArrayLike | None = None,
        *,
        noise_matrix: ArrayLike | None = None,
        pred_probs: ArrayLike | None = None,
        groups: object = None,
    ) -> Self:
        """
        Learn the true classes from rows and noisy labels.

        Parameters
        ----------
        X : array or sparse matrix of float, shape (n_examples, n_features)
            The rows. Single precision stays so, everything else is computed in double precision.
        y : array-like, shape (n_examples,), or indicator matrix, shape (n_examples, n_labels)
            The given labels: one class per row, or 1 for each label given.
        sample_weight : array-like of float, shape (n_examples,), optional
            How many rows each row counts for, 0 or more; 1 each where left out.
        noise_matrix : array-like of float, shape (n_classes, n_classes) or (n_labels, 2, 2), optional
            P(given | true), indexed [given, true] or [label, given, true]. Without it, it is estimated by confident
            learning from held-out probabilities.
        pred_probs : array-like of float, shape (n_examples, n_classes), optional
            Held-out probabilities for that; without them, they come from a cross-validation of logistic regressions
            with the same penalty.
        groups : sequence of hashable, length n_examples, optional
            Rows with the same value are held out together in that cross-validation; handed to ``cv`` where that is
            a splitter.

        Returns
        -------
        NoisyLinearClassifier
            Itself.

        Raises
        ------
        InvalidInputError
            If shapes or values do not fit.
        ConfigError
            If an option is outside its range.
        """
        self._check_options()
        features = _as_features(self, X, (np.float64, np.float32), reset=True)
        targets = check_targets(y)
        check_consistent_length(features, targets.codes)
        weights = checked_weights(sample_weight, len(targets.codes), self)
        with one_blas_thread():
            evidence = self._evidence(
                features, targets, weights, noise_matrix=noise_matrix, pred_probs=pred_probs, groups=groups
            )
            problem = self._problem(features, targets, weights, shares_of_true(evidence.counts))
            fitted, self.noise_matrix_ = self._learn(problem, evidence)
        self.classes_ = targets.classes
        self.coef_, self.intercept_ = np.ascontiguousarray(fitted[:-1].T), fitted[-1].copy()
        return self

    def predict_proba(self, X: object) -> FloatArray:  # noqa: N803  (scikit-learn's own argument name)
        """
        Return the probabilities of the true classes.

        Parameters
        ----------
        X : array or sparse matrix of float, shape (n_examples, n_features)
            The rows.

        Returns
        -------
        ndarray of float64, shape (n_examples, n_classes)
            0 to 1, columns as in ``classes_``. Rows sum to 1, but for multi-label data, where each column is the
            probability that the label applies.
        """
        check_is_fitted(self)
        weights = np.vstack([self.coef_.T, self.intercept_])
        scores = linear_scores(_as_features(self, X, self.coef_.dtype, reset=False), weights).astype(np.float64)
        return np.asarray(expit(scores) if self.noise_matrix_.ndim > 2 else softmax(scores, axis=1))  # noqa: PLR2004

    def predict(self, X: object) -> NDArray[np.generic]:  # noqa: N803  (scikit-learn's own argument name)
        """
        Return the most likely true class, or for multi-label data 1 for each label more likely than not.

        Parameters
        ----------
        X : array or sparse matrix of float, shape (n_examples, n_features)
            The rows.

        Returns
        -------
        ndarray, shape (n_examples,) or (n_examples, n_labels)
            Values of ``classes_``, or 0 and 1. The first class wins ties.
        """
        probs = self.predict_proba(X)
        if self.noise_matrix_.ndim > 2:  # noqa: PLR2004  (a matrix for each label)
            return (probs > _MORE_LIKELY_THAN_NOT).astype(np.int64)
        return cast("NDArray[np.generic]", self.classes_[probs.argmax(axis=1)])

    def __sklearn_tags__(self) -> object:  # only scikit-learn 1.6 and later ask
        """Tell what data it takes: sparse rows too, and sets of labels."""
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        tags.input_tags.sparse = True
        return tags

    def _check_options(self) -> None:
        check_above(0, inverse_penalty=self.inverse_penalty, max_steps=self.max_steps)

    @abstractmethod
    def _learn(self, problem: Problem, evidence: Evidence) -> tuple[Weights, FloatArray]:
        """Return weights, and the noise matrix that goes with them."""

    def _evidence(
        self,
        features: FeatureMatrix,
        targets: Targets,
        weights: FloatArray | None,
        *,
        noise_matrix: ArrayLike | None,
        pred_probs: ArrayLike | None,
        groups: object,
    ) -> Evidence:
        seed = int(np.random.default_rng(self.random_state).integers(_N_SEEDS))
        chosen = chosen_splits(self.cv, features, targets.codes, sample_weight=weights, groups=groups)
        if noise_matrix is not None:
            counts = _counts_of(check_noise_matrix(noise_matrix, targets), targets, weights)
        elif pred_probs is not None:
            counts = noise_counts(targets, check_pred_probs(pred_probs, targets), weights)
        else:
            held_out = held_out_linear_probs(
                features,
                targets,
                inverse_penalty=self.inverse_penalty,
                groups=groups,
                n_folds=self.n_folds,
                random_state=seed,
                n_jobs=self.n_jobs,
                sample_weight=weights,
                splits=chosen,
            )
            counts = noise_counts(targets, held_out, weights)
        if chosen is not None:
            return Evidence(counts=counts, splits=chosen)
        folds = target_folds(targets, groups=groups, n_folds=self.n_folds, random_state=seed, sample_weight=weights)
        return Evidence(counts=counts, splits=FoldSplits(folds))

    def _problem(
        self, features: FeatureMatrix, targets: Targets, weights: FloatArray | None, noise_matrix: FloatArray
    ) -> Problem:
        row_weights = np.ones(len(targets.codes)) if weights is None else weights
        channel_type = LabelChannel if targets.is_multi_label else ClassChannel
        channel: Channel = channel_type(codes=targets.codes, noise_matrix=noise_matrix)
        return Problem(
            features=features,
            channel=channel,
            weights=row_weights,
            penalty=1.0 / (self.inverse_penalty * row_weights.sum()),
            max_iterations=self.max_steps,
            relative_change=self.tol,
        )


def _as_features(estimator: BaseEstimator, X: object, dtype: object, *, reset: bool) -> FeatureMatrix:  # noqa: N803
    """Check the rows as scikit-learn does, and return them sparse."""
    options = {"accept_sparse": "csr", "dtype": dtype, "reset": reset}
    if hasattr(sklearn_validation, "validate_data"):
        checked = sklearn_validation.validate_data(estimator, X, **options)
    else:  # scikit-learn 1.5
        checked = estimator._validate_data(X, **options)  # noqa: SLF001
    return sparse.csr_array(checked)


def _counts_of(noise_matrix: FloatArray, targets: Targets, sample_weight: FloatArray | None) -> FloatArray:
    """Return the counts a known noise matrix stands for, if true classes are about as common as given ones."""
    weights = np.ones(len(targets.codes)) if sample_weight is None else sample_weight
    if targets.is_multi_label:
        n_present = weights @ targets.codes
        totals = np.stack([weights.sum() - n_present, n_present], axis=1)[:, np.newaxis, :]
    else:
        totals = np.bincount(targets.codes, weights=weights, minlength=targets.n_classes)
    return np.asarray(noise_matrix * np.maximum(totals, 1))
