"""Votes and probabilities read together, so that classes and rows fit each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from labelclean.arrays import Label
from labelclean.errors import InvalidInputError
from labelclean.tasks.multi_annotator.model_probs import ModelProbs, PredProbs, check_columns, named_classes, required
from labelclean.tasks.multi_annotator.read_votes import VoteTable, as_votes
from labelclean.tasks.multi_annotator.votes import Votes

__all__ = ["AnnotatedData"]


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class AnnotatedData:
    """
    Checked votes with the probabilities of the same examples.

    Attributes
    ----------
    votes : Votes
        The votes.
    models : ModelProbs or None
        The probabilities, if any.
    class_names : tuple of hashable, length n_classes
        All classes, also those that nobody chose.
    """

    votes: Votes
    models: ModelProbs | None
    class_names: tuple[Label, ...]

    @classmethod
    def checked(
        cls,
        votes: Votes | VoteTable,
        pred_probs: PredProbs | None,
        *,
        class_names: Sequence[Label] | None,
    ) -> AnnotatedData:
        """Read and check both."""
        named = named_classes(pred_probs)
        is_read = isinstance(votes, Votes) or class_names is not None
        read = as_votes(votes, class_names=class_names if is_read else named)
        if pred_probs is None:
            return cls(votes=read, models=None, class_names=read.class_names)
        n_named = None
        if read.has_named_classes:
            check_columns(named, read.class_names)
            n_named = read.n_classes
        models = ModelProbs.checked(pred_probs, n_examples=read.n_examples, n_classes=n_named)
        _check_codes(read, models.n_classes)
        names = read.class_names if read.has_named_classes else named or tuple(range(models.n_classes))
        return cls(votes=read, models=models, class_names=names)

    @property
    def n_classes(self) -> int:
        """Number of classes."""
        return len(self.class_names)

    def models_given(self) -> ModelProbs:
        """Return the probabilities where the caller had to give them."""
        return required(self.models)


def _check_codes(votes: Votes, n_classes: int) -> None:
    bad = np.flatnonzero(votes.codes >= n_classes)
    if bad.size:
        raise InvalidInputError(
            f"Votes must be class codes from 0 to {n_classes - 1:,}, one for each column of pred_probs; got others in "
            f"{bad.size:,} votes, first in row {votes.rows[bad[0]]:,}.",
            fix="Give pred_probs a column for every class, also for those its training data lacked.",
        )
