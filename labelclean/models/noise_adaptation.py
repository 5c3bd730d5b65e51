"""Noise adaptation: fit the true classes and the noise together, each as the other explains the given labels."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from labelclean.arrays import FloatArray, IndexArray, ProbMatrix
from labelclean.errors import ConfigError
from labelclean.models.channels import Explained
from labelclean.models.folds import Splits
from labelclean.models.linear import Scores, Weights, linear_scores
from labelclean.models.noise_counts import mean_over_splits, shares_of_true
from labelclean.models.noisy_linear import Evidence, NoisyLinearClassifier, check_above
from labelclean.models.noisy_problem import Problem

__all__ = ["NoiseAdaptedClassifier"]

_LEAST_COUNT = 1e-3  # added to each prior count, so that no given label is ever impossible


class NoiseAdaptedClassifier(NoisyLinearClassifier):
    """
    Logistic regression of the true classes, trained on noisy labels together with the noise matrix.

    Expectation and maximisation take turns: given classifier and noise, each row has a probability of each true
    class; given these, the classifier is trained on them, and the noise is counted from them.

    Parameters
    ----------
    inverse_penalty : float, default=10.0
        Weight of the data against the squared penalty on the weights, above 0; what scikit-learn calls ``C``.
    prior_strength : float, default=1.0
        Weight of the noise found by confident learning (or given) against the noise found here, 0 or more. At 1 it
        counts like as many rows as there are.
    cross_fit : bool, default=True
        Whether each row's true class is judged by a classifier trained without the row, one for each fold. A
        classifier with many features, such as words, explains every label it was trained on, wrong ones too: judged
        by itself, it finds little noise.
    n_rounds : int, default=20
        Turns at most.
    n_folds : int, default=5
        Folds of the cross-validation behind the first noise matrix, where none is given.
    max_steps : int, default=100
        Steps of the minimiser in each turn at most.
    tol : float, default=1e-5
        A turn's minimiser stops after two steps that lower the loss by a smaller share than this; the turns stop when
        one does not raise the likelihood by more.
    random_state : int or Generator, default=0
        Seed of the folds.
    n_jobs : int, default=1
        Folds trained at the same time, in threads; the result does not depend on it.
    cv : int, splitter, or iterable of (train, test), optional
        Who is held out when, as ``sklearn.model_selection.check_cv`` takes it, in place of ``n_folds``; see
        ``out_of_sample_pred_probs``.

    Attributes
    ----------
    classes_ : ndarray, shape (n_classes,)
        The distinct labels, ascending; for multi-label data 0, 1, ..., n_labels - 1.
    coef_, intercept_ : ndarray of float32 or float64, shape (n_classes, n_features) and (n_classes,)
        Weights and intercepts of the scores of the true classes, in the precision of the rows.
    noise_matrix_ : ndarray of float64, shape (n_classes, n_classes) or (n_labels, 2, 2)
        P(given | true) as found, indexed [given, true] or [label, given, true].
    log_likelihoods_ : ndarray of float64, shape (n_iter_ + 1,)
        Before the first and after each turn the mean logarithm of P(given) plus that of the noise matrix's prior. With
        ``cross_fit`` it is that of rows held out; the best turn counts. Without, it is less the penalty, and never
        falls.
    n_iter_ : int
        Turns taken.

    Notes
    -----
    The prior of each column of the noise matrix is a Dirichlet distribution; with counts ``c`` of given labels its
    logarithm is ``sum(c * log(noise))`` up to a constant.

    References
    ----------
    Bekker & Goldberger (2016), "Training deep neural-networks based on unreliable labels", ICASSP: both steps.
    Sukhbaatar, Bruna, Paluri, Bourdev & Fergus (2015), "Training convolutional networks with noisy labels", ICLR
    workshop. Goldberger & Ben-Reuven (2017), "Training deep neural-networks using a noise adaptation layer", ICLR.

    Examples
    --------
    >>> X = np.concatenate([np.linspace(0, 1, 20), np.linspace(2, 3, 20)]).reshape(-1, 1)
    >>> y = np.repeat(["small", "large"], 20)
    >>> y[[3, 35]] = ["large", "small"]
    >>> model = NoiseAdaptedClassifier().fit(X, y)
    >>> model.predict([[0.15], [2.8]])
    array(['small', 'large'], dtype='<U5')
    """

    def __init__(
        self,
        inverse_penalty: float = 10.0,
        *,
        prior_strength: float = 1.0,
        cross_fit: bool = True,
        n_rounds: int = 20,
        n_folds: int = 5,
        max_steps: int = 100,
        tol: float = 1e-5,
        random_state: int | np.random.Generator = 0,
        n_jobs: int = 1,
        cv: object = None,
    ) -> None:
        self.inverse_penalty = inverse_penalty
        self.prior_strength = prior_strength
        self.cross_fit = cross_fit
        self.n_rounds = n_rounds
        self.n_folds = n_folds
        self.max_steps = max_steps
        self.tol = tol
        self.random_state = random_state
        self.n_jobs = n_jobs
        self.cv = cv

    def _learn(self, problem: Problem, evidence: Evidence) -> tuple[Weights, FloatArray]:
        prior = self.prior_strength * evidence.counts + _LEAST_COUNT
        problem = problem.with_noise(shares_of_true(evidence.counts + _LEAST_COUNT))
        if self.cross_fit:
            turns: _Turns | _HeldOutTurns = _HeldOutTurns(problem, evidence.splits, prior, n_jobs=self.n_jobs)
        else:
            turns = _Turns(problem, prior)
        reached = [turns.likelihood()]
        for _ in range(self.n_rounds):
            turns.take_turn()
            reached.append(turns.likelihood())
            if reached[-1] - reached[-2] <= self.tol * max(abs(reached[-2]), 1.0):
                break
        self.log_likelihoods_ = np.array(reached)
        self.n_iter_ = len(reached) - 1
        return turns.finish()

    def _check_options(self) -> None:
        super()._check_options()
        check_above(0, n_rounds=self.n_rounds)
        if not self.prior_strength >= 0:
            raise ConfigError(f"prior_strength must be 0 or more; got {self.prior_strength!r}.")


class _Turns:
    """Expectation and maximisation on the same rows."""

    def __init__(self, problem: Problem, prior: FloatArray) -> None:
        self.problem, self.prior = problem, prior
        self.weights = problem.fit_forward(problem.start())

    def likelihood(self) -> float:
        return self.problem.penalised_log_likelihood(self.weights) + _log_prior(self.problem, self.prior)

    def take_turn(self) -> None:
        true_probs = self.problem.channel.explain(self.problem.scores(self.weights)).true_probs
        noise_matrix = _noise_of(self.problem, true_probs, self.prior)
        self.weights = self.problem.fit_true(true_probs, self.weights)
        self.problem = self.problem.with_noise(noise_matrix)

    def finish(self) -> tuple[Weights, FloatArray]:
        return self.weights, self.problem.channel.noise_matrix


class _HeldOutTurns:
    """Expectation by classifiers that did not see the row, maximisation for each of them; the best turn counts."""

    def __init__(self, problem: Problem, splits: Splits, prior: FloatArray, *, n_jobs: int) -> None:
        self.problem, self.prior, self.splits, self.n_jobs = problem, prior, splits, n_jobs
        self.weights: list[Weights] = []
        self.best = self.seen = self._judge(lambda _number, part, _rows: part.fit_forward(part.start()))
        self.best_noise = problem.channel.noise_matrix

    def likelihood(self) -> float:
        return self.problem.mean(self.seen.log_likelihoods) + _log_prior(self.problem, self.prior)

    def take_turn(self) -> None:
        reached, true_probs, weights = self.likelihood(), self.seen.true_probs, self.weights
        self.problem = self.problem.with_noise(_noise_of(self.problem, true_probs, self.prior))
        self.seen = self._judge(lambda number, part, rows: part.fit_true(true_probs[rows], weights[number]))
        if self.likelihood() > reached:
            self.best, self.best_noise = self.seen, self.problem.channel.noise_matrix

    def finish(self) -> tuple[Weights, FloatArray]:
        return self.problem.fit_true(self.best.true_probs, self.problem.start()), self.best_noise

    def _judge(self, fit: Callable[[int, Problem, IndexArray], Weights]) -> Explained:
        """Train without the rows of each split and score them; a row of several splits gets the mean score."""
        start = self.problem.start()
        fitted = [start] * len(self.splits)

        def judge(number: int, others: IndexArray, rows: IndexArray) -> Scores:
            if self.problem.weights[others].any():  # else nobody can judge them
                fitted[number] = fit(number, self.problem.take(others), others)
            return linear_scores(self.problem.features[rows], fitted[number])

        shape = (len(self.problem.weights), start.shape[1])
        scores = mean_over_splits(judge, self.splits, shape=shape, n_jobs=self.n_jobs)
        self.weights = fitted
        return self.problem.channel.explain(scores.astype(start.dtype))


def _noise_of(problem: Problem, true_probs: ProbMatrix, prior: FloatArray) -> FloatArray:
    """Return the most likely noise matrix, given how likely each row is of each true class."""
    return shares_of_true(problem.channel.counts(true_probs, problem.weights) + prior)


def _log_prior(problem: Problem, prior: FloatArray) -> float:
    return float((prior * np.log(problem.channel.noise_matrix)).sum()) / float(problem.weights.sum())
