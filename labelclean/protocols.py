"""What the engine expects of things it is given: classifiers and progress callables."""

from __future__ import annotations

from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import CodeArray, FeatureMatrix

__all__ = ["Classifier", "Progress", "no_progress"]


class Classifier(Protocol):
    """A scikit-learn-style classifier that gives probabilities."""

    @property
    def classes_(self) -> CodeArray:
        """The class codes of the columns of ``predict_proba``, set by ``fit``."""

    def fit(self, X: FeatureMatrix, y: CodeArray) -> Self:  # noqa: N803  (scikit-learn's own argument name)
        """Learn from features and class codes."""

    def predict_proba(self, X: FeatureMatrix) -> NDArray[np.float64]:  # noqa: N803  (scikit-learn's own argument name)
        """Return probabilities, shape (n_examples, n_classes)."""


class Progress(Protocol):
    """
    Told how far long work has come; the only thing that travels upward while work runs.

    It is called with the name of the step now under way and the overall fraction done, 0 to 1 and never falling.
    It may raise ``RunCancelledError`` to stop the work.
    """

    def __call__(self, step: str, fraction: float) -> None:
        """Take note of the step now under way."""


def no_progress(step: str, fraction: float) -> None:
    """Ignore progress; the default where nobody watches."""
