"""Multi-label votes and probabilities read together, so that classes and rows fit each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from labelclean.arrays import FloatArray, Label
from labelclean.tasks.multi_annotator.inputs import Annotated
from labelclean.tasks.multi_annotator.model_probs import PredProbs, named_classes
from labelclean.tasks.multi_annotator.read_set_votes import SetTable, as_set_votes
from labelclean.tasks.multi_annotator.set_votes import SetVotes

__all__ = ["AnnotatedSets"]


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class AnnotatedSets(Annotated[SetVotes]):
    """Votes for label sets, and P(class present) of the same examples; see ``Annotated``."""

    @classmethod
    def checked(
        cls, votes: SetVotes | SetTable, pred_probs: PredProbs | None, *, class_names: Sequence[Label] | None = None
    ) -> Self:
        """Read and check both."""
        is_read = isinstance(votes, SetVotes) or class_names is not None
        read = as_set_votes(votes, class_names=class_names if is_read else named_classes(pred_probs))
        return cls.fitted(read, pred_probs, codes=read.member_codes, rows=read.rows[read.member_votes])

    @property
    def shape(self) -> tuple[int, int]:
        """Examples and classes."""
        return self.votes.n_examples, self.n_classes

    def temperatures(self) -> FloatArray:
        """Return the temperature of each model for each class, shape (n_models, n_classes); 1 where there is none."""
        if self.models is None:
            return np.empty((0, self.n_classes))
        known = self.models.temperatures
        return np.ones((self.models.n_models, self.n_classes)) if known is None else known
