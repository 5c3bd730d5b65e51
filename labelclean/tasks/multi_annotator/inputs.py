"""Votes and probabilities read together, so that classes and rows fit each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Self, TypeVar

import numpy as np

from labelclean.arrays import CodeArray, FloatArray, IndexArray, Label
from labelclean.errors import InvalidInputError
from labelclean.tasks.multi_annotator.answers import Answers
from labelclean.tasks.multi_annotator.model_probs import ModelProbs, PredProbs, check_columns, named_classes, required
from labelclean.tasks.multi_annotator.read_votes import VoteTable, as_votes
from labelclean.tasks.multi_annotator.votes import Votes

__all__ = ["Annotated", "AnnotatedData"]

AnswersT = TypeVar("AnswersT", bound=Answers)
"""Votes for single labels or for label sets."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Annotated(Generic[AnswersT]):
    """
    Checked votes with the probabilities of the same examples.

    Attributes
    ----------
    votes : Votes or SetVotes
        The votes.
    models : ModelProbs or None
        The probabilities, if any.
    class_names : tuple of hashable, length n_classes
        All classes, also those that nobody chose.
    """

    votes: AnswersT
    models: ModelProbs | None
    class_names: tuple[Label, ...]

    @classmethod
    def fitted(cls, votes: AnswersT, pred_probs: PredProbs | None, *, codes: CodeArray, rows: IndexArray) -> Self:
        """Check probabilities against the votes read, which hold these class codes in these rows."""
        if pred_probs is None:
            return cls(votes=votes, models=None, class_names=votes.class_names)
        named, n_named = named_classes(pred_probs), None
        if votes.has_named_classes:
            check_columns(named, votes.class_names)
            n_named = votes.n_classes
        models = ModelProbs.checked(pred_probs, n_examples=votes.n_examples, n_classes=n_named)
        bad = np.flatnonzero(codes >= models.n_classes)
        if bad.size:
            raise InvalidInputError(
                f"Labels must be class codes from 0 to {models.n_classes - 1:,}, one for each column of pred_probs; "
                f"got others {bad.size:,} times, first in row {rows[bad[0]]:,}.",
                fix="Give pred_probs a column for every class, also for those its training data lacked.",
            )
        names = votes.class_names if votes.has_named_classes else named or tuple(range(models.n_classes))
        return cls(votes=votes, models=models, class_names=names)

    @property
    def n_classes(self) -> int:
        """Number of classes."""
        return len(self.class_names)

    def models_given(self) -> ModelProbs:
        """Return the probabilities where the caller had to give them."""
        return required(self.models)

    def with_temperatures(self, temperatures: FloatArray) -> Self:
        """Return the same data with the probabilities to be sharpened or softened as they are read."""
        models = self.models_given().with_temperatures(temperatures)
        return type(self)(votes=self.votes, models=models, class_names=self.class_names)


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class AnnotatedData(Annotated[Votes]):
    """Votes with one label each, and the probabilities of the same examples; see ``Annotated``."""

    @classmethod
    def checked(
        cls, votes: Votes | VoteTable, pred_probs: PredProbs | None, *, class_names: Sequence[Label] | None
    ) -> Self:
        """Read and check both."""
        is_read = isinstance(votes, Votes) or class_names is not None
        read = as_votes(votes, class_names=class_names if is_read else named_classes(pred_probs))
        return cls.fitted(read, pred_probs, codes=read.codes, rows=read.rows)

    def temperatures(self) -> FloatArray:
        """Return the temperature of each model, shape (n_models,); 1 where there is none."""
        if self.models is None:
            return np.empty(0)
        known = self.models.temperatures
        return np.ones(self.models.n_models) if known is None else known
