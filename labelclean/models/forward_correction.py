"""Forward correction: fit the true classes so that, seen through the noise, they explain the given labels."""

from __future__ import annotations

import numpy as np

from labelclean.arrays import FloatArray
from labelclean.models.linear import Weights
from labelclean.models.noisy_linear import Evidence, NoisyLinearClassifier
from labelclean.models.noisy_problem import Problem

__all__ = ["ForwardCorrectedClassifier"]


class ForwardCorrectedClassifier(NoisyLinearClassifier):
    """
    Logistic regression of the true classes, trained on noisy labels whose noise is known or estimated.

    Its loss for a row is ``-log(sum over true of P(given | true) * P(true))``. With the right noise matrix its
    minimum is, given enough rows, the classifier that true labels would give; with a wrong one it is not, and
    estimates from a weak classifier count its own mistakes as noise.

    Parameters
    ----------
    inverse_penalty : float, default=10.0
        Weight of the data against the squared penalty on the weights, above 0; what scikit-learn calls ``C``.
    n_folds : int, default=5
        Folds of the cross-validation behind the noise matrix, where none is given.
    max_steps : int, default=100
        Steps of the minimiser at most.
    tol : float, default=1e-5
        It stops after two steps that lower the loss by a smaller share than this.
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
        P(given | true) as given or estimated, indexed [given, true] or [label, given, true].

    References
    ----------
    Patrini, Rozza, Menon, Nock & Qu (2017), "Making deep neural networks robust to label noise", CVPR, theorem 2.

    Examples
    --------
    >>> X = np.concatenate([np.linspace(0, 1, 20), np.linspace(2, 3, 20)]).reshape(-1, 1)
    >>> y = np.repeat(["small", "large"], 20)
    >>> y[[3, 35]] = ["large", "small"]
    >>> model = ForwardCorrectedClassifier().fit(X, y, noise_matrix=[[0.95, 0.05], [0.05, 0.95]])
    >>> model.predict([[0.15], [2.8]])
    array(['small', 'large'], dtype='<U5')
    """

    def __init__(
        self,
        inverse_penalty: float = 10.0,
        *,
        n_folds: int = 5,
        max_steps: int = 100,
        tol: float = 1e-5,
        random_state: int | np.random.Generator = 0,
        n_jobs: int = 1,
        cv: object = None,
    ) -> None:
        self.inverse_penalty = inverse_penalty
        self.n_folds = n_folds
        self.max_steps = max_steps
        self.tol = tol
        self.random_state = random_state
        self.n_jobs = n_jobs
        self.cv = cv

    def _learn(self, problem: Problem, evidence: Evidence) -> tuple[Weights, FloatArray]:
        del evidence  # the noise matrix made of it is the problem's already
        return problem.fit_forward(problem.start()), problem.channel.noise_matrix
