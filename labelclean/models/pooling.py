"""Several learners' held-out scores joined into one table of probabilities."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax, softmax

from labelclean.arrays import UNLABELLED, CodeArray
from labelclean.models.score_loss import best_scale

__all__ = ["Learner", "Pool", "freedom_weight"]

_ROWS_AT_ONCE = 32_768
_SURE = 30.0  # log-odds further out say nothing more
_WORTH_HEARING = 1.0  # log-likelihood of all labels together, over that of even chances
_TRUSTED, _DISTRUSTED = 0.8, 0.5


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Learner:
    """
    What one learner said, in short.

    Attributes
    ----------
    name : str
        As it is shown, such as "ridge on words".
    scale : float
        What its scores are multiplied by to be log-probabilities, up to a constant for each row; 0 = not heard.
    loss : float
        Mean held-out log-loss of the given labels.
    log_odds : ndarray of float32, shape (n_examples,)
        Log-odds that the given label is wrong by this learner alone; NaN for rows without a label.
    """

    name: str
    scale: float
    loss: float
    log_odds: NDArray[np.float32]


@dataclass(eq=False, kw_only=True, slots=True)
class Pool:
    """
    The sum of the learners' log-probabilities, while they are added one by one.

    Attributes
    ----------
    labels : ndarray of int64, shape (n_examples,)
        Given class codes; -1 where no label was given.
    log_probs : ndarray of float32, shape (n_examples, n_classes)
        The weighted sum so far.
    weight : float
        The sum of the weights so far.
    """

    labels: CodeArray
    log_probs: NDArray[np.float32]
    weight: float = field(default=0.0)

    @classmethod
    def empty(cls, labels: CodeArray, n_classes: int) -> Pool:
        """
        Return a pool that nobody has added to.

        Parameters
        ----------
        labels : ndarray of int64, shape (n_examples,)
            Given class codes; -1 where no label was given.
        n_classes : int
            Number of columns.

        Returns
        -------
        Pool
            All classes equally likely.
        """
        return cls(labels=labels, log_probs=np.zeros((len(labels), n_classes), dtype=np.float32))

    def describe(self, name: str, scores: NDArray[np.float32]) -> Learner:
        """
        Calibrate one learner by a temperature, without adding it.

        One that explains the labels hardly better than silence would gets a scale of 0: where texts say nothing,
        leaving a row out makes its class look rarer, and that is all that is left to be seen.

        Parameters
        ----------
        name : str
            What to call it.
        scores : ndarray of float32, shape (n_examples, n_classes)
            Held-out scores; higher speaks for the class.

        Returns
        -------
        Learner
            Its scale, its loss and what it says about each given label.

        References
        ----------
        Akaike (1974), "A new look at the statistical model identification", IEEE Transactions on Automatic Control 19:
        a parameter, here the temperature, has to be worth one unit of log-likelihood.
        """
        found = self._described(name, scores, best_scale(scores, self.labels))
        n_labelled = int(np.count_nonzero(self.labels != UNLABELLED))
        gain = n_labelled * (np.log(scores.shape[1]) - found.loss)
        return found if gain > _WORTH_HEARING else self._described(name, scores, 0.0)

    def _described(self, name: str, scores: NDArray[np.float32], scale: float) -> Learner:
        log_odds = np.full(len(self.labels), np.nan, dtype=np.float32)
        total = 0.0
        labelled = np.flatnonzero(self.labels != UNLABELLED)
        for start in range(0, len(labelled), _ROWS_AT_ONCE):
            rows = labelled[start : start + _ROWS_AT_ONCE]
            given = log_softmax(scores[rows].astype(np.float64) * scale, axis=1)[
                np.arange(len(rows)), self.labels[rows]
            ]
            total -= float(given.sum())
            log_odds[rows] = np.clip(np.log(-np.expm1(np.minimum(given, -1e-13))) - given, -_SURE, _SURE)
        return Learner(name=name, scale=scale, loss=total / max(len(labelled), 1), log_odds=log_odds)

    def add(self, learner: Learner, scores: NDArray[np.float32], *, weight: float = 1.0) -> None:
        """
        Add a learner's calibrated log-probabilities.

        Parameters
        ----------
        learner : Learner
            As ``describe`` returned it.
        scores : ndarray of float32, shape (n_examples, n_classes)
            The same scores.
        weight : float, default=1.0
            0 or more, relative to the other learners.
        """
        for start in range(0, len(scores), _ROWS_AT_ONCE):
            rows = slice(start, start + _ROWS_AT_ONCE)
            logits = scores[rows] * np.float32(learner.scale)
            self.log_probs[rows] += np.float32(weight) * log_softmax(logits, axis=1)
        self.weight += weight

    def pred_probs(self) -> NDArray[np.float32]:
        """
        Return the normalised product of all learners' probabilities, calibrated by one temperature.

        Returns
        -------
        ndarray of float32, shape (n_examples, n_classes)
            Every row sums to 1.
        """
        scale = best_scale(self.log_probs, self.labels)
        probs = np.empty_like(self.log_probs)
        for start in range(0, len(probs), _ROWS_AT_ONCE):
            rows = slice(start, start + _ROWS_AT_ONCE)
            probs[rows] = softmax(self.log_probs[rows].astype(np.float64) * scale, axis=1)
        return probs


def freedom_weight(free_loss: float, stiff_loss: float) -> float:
    """
    Return how far to believe learners that can follow a rule, next to learners that cannot.

    Ridge regression can follow the given labels into any corner; naive Bayes only adds up words. Where ridge explains
    the given labels far better, they most likely follow a rule, mistakes and all: the better a learner has learnt the
    rule, the less it can say about its mistakes.

    Parameters
    ----------
    free_loss : float
        Lowest held-out log-loss of the learners that can follow a rule.
    stiff_loss : float
        The same of those that cannot.

    Returns
    -------
    float
        1 where the first is at least 0.8 of the second, 0 where it is at most half, in between on the straight line.

    Examples
    --------
    >>> freedom_weight(0.40, 0.42), freedom_weight(0.15, 0.40), round(freedom_weight(0.65, 1.0), 2)
    (1.0, 0.0, 0.5)
    """
    if stiff_loss <= 0.0:
        return 1.0
    ratio = free_loss / stiff_loss
    return float(np.clip((ratio - _DISTRUSTED) / (_TRUSTED - _DISTRUSTED), 0.0, 1.0))
