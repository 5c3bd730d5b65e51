"""Multi-label votes and probabilities read together, so that classes and rows fit each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from labelclean.arrays import Label
from labelclean.errors import InvalidInputError
from labelclean.tasks.multi_annotator.model_probs import ModelProbs, PredProbs, check_columns, named_classes, required
from labelclean.tasks.multi_annotator.set_votes import SetVotes

__all__ = ["AnnotatedSets"]


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class AnnotatedSets:
    """
    Checked answers with the probabilities of the same examples.

    Attributes
    ----------
    votes : SetVotes
        The answers.
    models : ModelProbs or None
        P(class present), if any.
    class_names : tuple of hashable, length n_classes
        All classes, also those that nobody gave.
    """

    votes: SetVotes
    models: ModelProbs | None
    class_names: tuple[Label, ...]

    @classmethod
    def checked(cls, votes: SetVotes, pred_probs: PredProbs | None) -> Self:
        """Check both against each other."""
        if pred_probs is None:
            return cls(votes=votes, models=None, class_names=votes.class_names)
        named, n_named = named_classes(pred_probs), None
        if votes.has_named_classes:
            check_columns(named, votes.class_names)
            n_named = len(votes.class_names)
        models = ModelProbs.checked(pred_probs, n_examples=votes.n_examples, n_classes=n_named)
        bad = np.flatnonzero(votes.member_codes >= models.n_classes)
        if bad.size:
            raise InvalidInputError(
                f"Labels must be class codes from 0 to {models.n_classes - 1:,}, one for each column of pred_probs; "
                f"got others {bad.size:,} times, first in row {votes.rows[votes.member_votes[bad[0]]]:,}.",
                fix="Give pred_probs a column for every class, also for those its training data lacked.",
            )
        names = votes.class_names if votes.has_named_classes else named or tuple(range(models.n_classes))
        return cls(votes=votes, models=models, class_names=names)

    @property
    def n_classes(self) -> int:
        """Number of classes."""
        return len(self.class_names)

    @property
    def shape(self) -> tuple[int, int]:
        """Examples and classes."""
        return self.votes.n_examples, self.n_classes

    def models_given(self) -> ModelProbs:
        """Return the probabilities where the caller had to give them."""
        return required(self.models)
