"""Learning from noisy labels with any classifier: find the wrong ones, leave them out, weigh the rest, train again."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Self, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, MetaEstimatorMixin
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.utils.validation import check_consistent_length, check_is_fitted

from labelclean.arrays import CodeArray, FloatArray, MaskArray
from labelclean.config import FilterMethod
from labelclean.errors import ConfigError, InvalidInputError, LabelCleanWarning
from labelclean.models.cv_splits import chosen_splits
from labelclean.models.estimators import (
    check_trainable,
    checked_weights,
    fresh_copy,
    weight_argument,
)
from labelclean.models.out_of_sample import out_of_sample_pred_probs
from labelclean.models.prune_and_reweight import Given, Trained, class_columns, row_weights, train_on_kept
from labelclean.models.rows import indexable_rows
from labelclean.models.targets import Targets, check_noise_matrix, check_pred_probs, check_targets
from labelclean.models.weighted_issues import weighted_label_issues
from labelclean.protocols import Classifier
from labelclean.results import LabelIssues, NoiseEstimate

__all__ = ["NoiseRobustClassifier"]

_N_SEEDS = 2**32
_MORE_LIKELY_THAN_NOT = 0.5


class NoiseRobustClassifier(MetaEstimatorMixin, ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """
    A classifier that learns the true labels from noisy ones.

    Held-out probabilities of the given labels show which of them are probably wrong. The classifier is trained on the
    other rows, each weighted by one over the estimated probability that a row of its class keeps its label, so that
    classes that lost many rows to wrong labels count as much as they should.

    Parameters
    ----------
    estimator : classifier, default=None
        Anything with scikit-learn's ``fit``, ``predict_proba`` and ``classes_``; logistic regression where None. It
        is never changed: copies of it are trained.
    filter_by : {"prune_by_noise_rate", "prune_by_class", "both", "confident_learning"}, ...
        Which rows are left out; see ``find_label_issues``.
    frac_noise : float, default=1.0
        Share of the estimated errors to leave out, above 0 and at most 1.
    min_examples_per_class : int, default=10
        Rows of each class that are always kept, by weight.
    reweight : bool, default=True
        Whether to weigh the rows kept, where the estimator takes weights.
    max_weight : float, default=10.0
        No class weighs more than this, 1 or more: a class whose labels are nearly all thought wrong has few rows, and
        they would rule the others.
    n_folds : int, default=5
        Folds of the cross-validation behind the held-out probabilities.
    n_repeats : int, default=1
        Cross-validations to average.
    random_state : int or Generator, default=0
        Seed of the folds and of the copies.
    n_jobs : int, default=1
        Folds trained at the same time, in threads; the result does not depend on it.
    cv : int, splitter, or iterable of (train, test), optional
        Who is held out when, as ``sklearn.model_selection.check_cv`` takes it, in place of ``n_folds`` and
        ``n_repeats``, which then do not count; see ``out_of_sample_pred_probs``. Without it, classes are spread evenly
        over the folds, and groups stay together.

    Attributes
    ----------
    classes_ : ndarray, shape (n_classes,)
        The distinct labels, ascending; for multi-label data 0, 1, ..., n_labels - 1.
    estimator_ : classifier or tuple of classifier
        Trained on the rows kept; for multi-label data one per label.
    label_issues_ : ndarray of bool, shape (n_examples,) or (n_examples, n_labels)
        True where the label is thought wrong and nothing of the row was kept.
    noise_ : NoiseEstimate or None, or a tuple of them
        The noise found on the way, None where the label issues were given; for multi-label data one per label.
    sample_weight_ : ndarray of float64, shape (n_examples,) or (n_examples, n_labels)
        The weights of the last training: the caller's less what was left out, times the class's.
    n_features_in_ : int
        Number of features, where the estimator counts them.

    Notes
    -----
    ``n_folds * n_repeats + 1`` trainings, as many for each label of multi-label data.

    A row of weight w counts like w copies of it in everything, and one of weight 0 like none; see
    ``weighted_label_issues``. Only dealing rows to folds looks at rows, not weights: use ``groups`` or ``cv`` where
    copies must stay together.

    References
    ----------
    Northcutt, Jiang & Chuang (2021), "Confident Learning", JAIR 70, section 3: count, rank and prune, train with the
    errors removed and the classes weighted.

    Examples
    --------
    Twenty small numbers and twenty large ones, one of each with the wrong label.

    >>> X = np.concatenate([np.linspace(0, 1, 20), np.linspace(2, 3, 20)]).reshape(-1, 1)
    >>> y = np.repeat(["small", "large"], 20)
    >>> y[[3, 35]] = ["large", "small"]
    >>> model = NoiseRobustClassifier().fit(X, y)
    >>> np.flatnonzero(model.label_issues_)
    array([ 3, 35])
    >>> model.predict([[0.5], [2.5]])
    array(['small', 'large'], dtype='<U5')
    """

    def __init__(
        self,
        estimator: Classifier | None = None,
        *,
        filter_by: FilterMethod = "prune_by_noise_rate",
        frac_noise: float = 1.0,
        min_examples_per_class: int = 10,
        reweight: bool = True,
        max_weight: float = 10.0,
        n_folds: int = 5,
        n_repeats: int = 1,
        random_state: int | np.random.Generator = 0,
        n_jobs: int = 1,
        cv: object = None,
    ) -> None:
        self.estimator = estimator
        self.filter_by = filter_by
        self.frac_noise = frac_noise
        self.min_examples_per_class = min_examples_per_class
        self.reweight = reweight
        self.max_weight = max_weight
        self.n_folds = n_folds
        self.n_repeats = n_repeats
        self.random_state = random_state
        self.n_jobs = n_jobs
        self.cv = cv

    def fit(
        self,
        X: object,  # noqa: N803  (scikit-learn's own argument name)
        y: object,
        sample_weight: ArrayLike | None = None,
        *,
        pred_probs: ArrayLike | None = None,
        label_issues: LabelIssues | ArrayLike | None = None,
        noise_matrix: ArrayLike | None = None,
        groups: object = None,
    ) -> Self:
        """
        Learn from rows and noisy labels.

        Parameters
        ----------
        X : array, sparse matrix, DataFrame, Series or list, length n_examples
            The rows, of the kind the estimator takes.
        y : array-like, shape (n_examples,), or indicator matrix, shape (n_examples, n_labels)
            The given labels: one class per row, or 1 for each label given (multi-label, one against the rest).
        sample_weight : array-like of float, shape (n_examples,), optional
            How many rows each row counts for, 0 or more; 1 each where left out.
        pred_probs : array-like of float, shape (n_examples, n_classes), optional
            Held-out probabilities, columns as in ``classes_``; then no cross-validation is needed.
        label_issues : LabelIssues or array-like of bool, shape (n_examples,) or (n_examples, n_labels), optional
            Which labels are wrong, found elsewhere. A plain mask says nothing about the noise, so that rows are
            weighted only if ``noise_matrix`` is given too.
        noise_matrix : array-like of float, shape (n_classes, n_classes) or (n_labels, 2, 2), optional
            P(given | true), indexed [given, true], to weigh by; it does not change which rows are left out.
        groups : sequence of hashable, length n_examples, optional
            Rows with the same value are held out together; handed to ``cv`` where that is a splitter.

        Returns
        -------
        NoiseRobustClassifier
            Itself.

        Raises
        ------
        InvalidInputError
            If the estimator cannot give held-out probabilities, or shapes and values do not fit.
        ConfigError
            If an option is outside its range.
        """
        targets = check_targets(y)
        _check_max_weight(self.max_weight)
        base = LogisticRegression(max_iter=1000) if self.estimator is None else self.estimator
        check_trainable(base)
        rows = indexable_rows(X)
        check_consistent_length(rows, targets.codes)
        weights = checked_weights(sample_weight, len(targets.codes), base)
        given = Given(
            rows=rows,
            groups=groups,
            weights=weights,
            pred_probs=None if pred_probs is None else check_pred_probs(pred_probs, targets),
            is_issue=None if label_issues is None else _as_mask(label_issues, targets),
            noise=label_issues.noise if isinstance(label_issues, LabelIssues) else None,
            noise_matrix=None if noise_matrix is None else check_noise_matrix(noise_matrix, targets),
            splits=chosen_splits(self.cv, rows, targets.codes, sample_weight=weights, groups=groups),
        )
        self.classes_ = targets.classes
        if targets.is_multi_label:
            self._keep_all([self._fit_label(base, given, targets.codes, label) for label in targets.classes.tolist()])
        else:
            self._keep(self._fit_classes(base, given, targets.codes, targets.classes))
        return self

    def predict_proba(self, X: object) -> FloatArray:  # noqa: N803  (scikit-learn's own argument name)
        """
        Return the probabilities of the true classes.

        Parameters
        ----------
        X : array, sparse matrix, DataFrame, Series or list, length n_examples
            The rows.

        Returns
        -------
        ndarray of float64, shape (n_examples, n_classes)
            0 to 1, columns as in ``classes_``. Rows sum to 1, but for multi-label data, where each column is the
            probability that the label applies.
        """
        check_is_fitted(self)
        if isinstance(self.estimator_, tuple):
            return np.column_stack([class_columns(model, X, np.arange(2))[:, 1] for model in self.estimator_])
        return class_columns(self.estimator_, X, self.classes_)

    def predict(self, X: object) -> NDArray[np.generic]:  # noqa: N803  (scikit-learn's own argument name)
        """
        Return the most likely true class, or for multi-label data 1 for each label more likely than not.

        Parameters
        ----------
        X : array, sparse matrix, DataFrame, Series or list, length n_examples
            The rows.

        Returns
        -------
        ndarray, shape (n_examples,) or (n_examples, n_labels)
            Values of ``classes_``, or 0 and 1. The first class wins ties.
        """
        probs = self.predict_proba(X)
        if isinstance(self.estimator_, tuple):
            return (probs > _MORE_LIKELY_THAN_NOT).astype(np.int64)
        return cast("NDArray[np.generic]", self.classes_[probs.argmax(axis=1)])

    def __sklearn_tags__(self) -> object:  # only scikit-learn 1.6 and later ask
        """Tell what data it takes: what the estimator takes, and sets of labels."""
        from sklearn.utils import get_tags  # noqa: PLC0415  (scikit-learn 1.5 has none)

        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        inner = LogisticRegression() if self.estimator is None else self.estimator
        if hasattr(inner, "__sklearn_tags__"):
            tags.input_tags = get_tags(inner).input_tags
        return tags

    def _fit_classes(self, base: Classifier, given: Given, codes: CodeArray, classes: NDArray[np.generic]) -> Trained:
        """Find, prune, weigh, train."""
        seeds = np.random.default_rng(self.random_state).integers(_N_SEEDS, size=2)
        noise, kept = given.noise, given.kept_weights(given.is_issue)
        if given.is_issue is None:
            noise, kept = self._find(base, given, codes, classes, seed=int(seeds[0]))
        matrix = given.noise_matrix if noise is None or given.noise_matrix is not None else noise.noise_matrix
        weighs = self.reweight and matrix is not None and weight_argument(base) is not None
        weights = row_weights(codes, kept, noise_matrix=matrix if weighs else None, max_weight=self.max_weight)
        _warn_of_lost_classes(codes[given.present()], codes[kept > 0], len(classes))
        model = train_on_kept(
            fresh_copy(base, seed=int(seeds[1])),
            given.rows,
            classes[codes],
            np.flatnonzero(kept > 0),
            weights=weights if weighs or given.weights is not None else None,
        )
        is_issue = (kept == 0) & (given.kept_weights(None) > 0)
        return Trained(estimator=model, noise=noise, is_issue=is_issue, weights=weights)

    def _find(
        self, base: Classifier, given: Given, codes: CodeArray, classes: NDArray[np.generic], *, seed: int
    ) -> tuple[NoiseEstimate, FloatArray]:
        """Return the noise, and the weight of each row that is thought right."""
        pred_probs = given.pred_probs
        if pred_probs is None:
            pred_probs = out_of_sample_pred_probs(
                base,
                given.rows,
                classes[codes],
                class_names=classes.tolist(),
                groups=given.groups,
                n_folds=self.n_folds,
                n_repeats=self.n_repeats,
                random_state=seed,
                n_jobs=self.n_jobs,
                sample_weight=given.weights,
                cv=given.splits,
            )
        found = weighted_label_issues(
            codes,
            pred_probs,
            given.weights,
            filter_by=self.filter_by,
            frac_noise=self.frac_noise,
            min_examples_per_class=self.min_examples_per_class,
        )
        return found.noise, found.kept_weights

    def _fit_label(self, base: Classifier, given: Given, codes: CodeArray, label: int) -> Trained:
        """Treat one label of multi-label data as two classes; one that is always or never given stays so."""
        of_label = codes[:, label]
        there = of_label[given.present()]
        if there.min() < there.max():
            return self._fit_classes(base, given.of_label(label), of_label, np.arange(2))
        constant = DummyClassifier().fit(np.zeros((len(there), 1)), there)
        untouched = np.zeros(len(of_label), dtype=np.bool_)
        return Trained(estimator=constant, noise=None, is_issue=untouched, weights=given.kept_weights(None).copy())

    def _keep(self, trained: Trained) -> None:
        self.estimator_: object = trained.estimator
        self.noise_: NoiseEstimate | tuple[NoiseEstimate | None, ...] | None = trained.noise
        self.label_issues_ = trained.is_issue
        self.sample_weight_ = trained.weights
        self._take_over_features(trained.estimator)

    def _keep_all(self, trained: Sequence[Trained]) -> None:
        self.estimator_ = tuple(each.estimator for each in trained)
        self.noise_ = tuple(each.noise for each in trained)
        self.label_issues_ = np.column_stack([each.is_issue for each in trained])
        self.sample_weight_ = np.column_stack([each.weights for each in trained])
        for each in trained:
            if not isinstance(each.estimator, DummyClassifier):
                self._take_over_features(each.estimator)

    def _take_over_features(self, model: object) -> None:
        for name in ("n_features_in_", "feature_names_in_"):
            if hasattr(model, name):
                setattr(self, name, getattr(model, name))


def _as_mask(label_issues: LabelIssues | ArrayLike, targets: Targets) -> MaskArray:
    mask = np.asarray(label_issues.is_issue if isinstance(label_issues, LabelIssues) else label_issues)
    if mask.shape != targets.codes.shape or mask.dtype != np.bool_:
        raise InvalidInputError(
            f"label_issues must hold a bool for each label, shape {targets.codes.shape}; got {mask.dtype} of shape "
            f"{mask.shape}.",
            fix="Turn row positions into a mask.",
        )
    return mask


def _check_max_weight(max_weight: float) -> None:
    if not max_weight >= 1:
        raise ConfigError(f"max_weight must be 1 or more; got {max_weight!r}.")


def _warn_of_lost_classes(given: CodeArray, kept: CodeArray, n_classes: int) -> None:
    lost = len(np.unique(given)) - len(np.unique(kept))
    if lost:
        warnings.warn(
            f"No label of {lost:,} of {n_classes:,} classes is thought right, so that they are never predicted. "
            "Raise min_examples_per_class to keep some rows of each.",
            LabelCleanWarning,
            stacklevel=4,
        )
