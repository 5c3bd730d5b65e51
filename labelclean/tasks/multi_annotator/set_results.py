"""What several annotators and a model say together about label sets: frozen results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import FloatArray, IndexArray, Label, freeze_fields
from labelclean.tasks.multi_annotator.names import as_frame, name_column, names_array
from labelclean.tasks.multi_annotator.set_votes import SetVotes

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MultiLabelAnnotatorConsensus", "MultiLabelAnnotatorQuality"]


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class MultiLabelAnnotatorQuality:
    """
    What the answers say about the annotators, one entry each, in the order of the votes' columns.

    Attributes
    ----------
    annotator_names : tuple of hashable, length n_annotators
        The annotators.
    class_names : tuple of hashable, length n_classes
        The classes.
    quality : ndarray of float64, shape (n_annotators,)
        Mean quality over the classes, 0 to 1, low = suspect; NaN for an annotator without answers, and by agreement
        also for one who shares no example with others.
    class_quality : ndarray of float64, shape (n_annotators, n_classes)
        Quality in the question of each class.
    agreement_with_consensus : ndarray of float64, shape (n_annotators, n_classes)
        Share of the annotator's answers that say of the class what the consensus says; NaN without answers.
    n_votes : ndarray of int64, shape (n_annotators,)
        Number of examples the annotator answered.
    weights : ndarray of float64, shape (n_annotators, n_classes)
        Weight in the consensus on each class, 1e-6 to 1; NaN without answers, and where the quality is mere
        agreement.
    """

    annotator_names: tuple[Label, ...]
    class_names: tuple[Label, ...]
    quality: FloatArray
    class_quality: FloatArray
    agreement_with_consensus: FloatArray
    n_votes: IndexArray
    weights: FloatArray

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)

    def to_frame(self) -> pd.DataFrame:
        """
        Return one line per annotator, the most suspect first.

        Returns
        -------
        DataFrame
            Columns ``annotator``, ``quality``, ``agreement_with_consensus`` (mean over the classes), ``worst_class``
            (lowest quality; None without any), ``worst_class_quality``, ``n_votes``. Ties in quality go by
            agreement, then by the votes' columns; annotators without quality last.
        """
        has_quality = ~np.isnan(self.quality)
        filled = np.where(np.isnan(self.class_quality), np.inf, self.class_quality)
        worst = filled.argmin(axis=1) if filled.shape[1] else np.full(len(filled), -1)
        worst = np.where(has_quality, worst, -1)
        agreement = self.agreement_with_consensus.mean(axis=1)
        order = np.lexsort((agreement, self.quality)).astype(np.int64)
        return as_frame(
            {
                "annotator": name_column(self.annotator_names, order),
                "quality": self.quality[order],
                "agreement_with_consensus": agreement[order],
                "worst_class": name_column(self.class_names, worst[order]),
                "worst_class_quality": np.where(has_quality, self.class_quality.min(axis=1, initial=np.inf), np.nan)[
                    order
                ],
                "n_votes": self.n_votes[order],
            }
        )


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class MultiLabelAnnotatorConsensus:
    """
    What several annotators and a model say together about label sets.

    Attributes
    ----------
    votes : SetVotes
        The answers.
    class_names : tuple of hashable, length n_classes
        The classes.
    consensus : ndarray of bool, shape (n_examples, n_classes)
        True where the class most credibly applies.
    consensus_quality : ndarray of float64, shape (n_examples, n_classes)
        How credible each cell of ``consensus`` is, 0 to 1, low = suspect; NaN where there is neither an answer nor
        a model, and by agreement where there is no answer.
    example_quality : ndarray of float64, shape (n_examples,)
        The cells of each example joined into one.
    vote_counts : ndarray of int64, shape (n_examples,)
        Number of answers of each example.
    vote_quality : ndarray of float64, shape (n_votes,)
        How credible each answer is as a whole, 0 to 1, low = suspect; in the order of ``votes``.
    annotators : MultiLabelAnnotatorQuality
        How good each annotator is.
    model_weights : ndarray of float64, shape (n_models, n_classes)
        Each model's weight for each class; an annotator's is at most 1. NaN by agreement.
    temperatures : ndarray of float64, shape (n_models, n_classes)
        What the probabilities were softened by; 1 where they were taken as they are.
    """

    votes: SetVotes
    class_names: tuple[Label, ...]
    consensus: NDArray[np.bool_]
    consensus_quality: FloatArray
    example_quality: FloatArray
    vote_counts: IndexArray
    vote_quality: FloatArray
    annotators: MultiLabelAnnotatorQuality
    model_weights: FloatArray
    temperatures: FloatArray

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)

    def consensus_sets(self) -> list[tuple[Label, ...]]:
        """
        Return the consensus label set of each example.

        Returns
        -------
        list of tuple of hashable, length n_examples
            The names of the classes that apply, in the order of ``class_names``.
        """
        names = names_array(self.class_names)
        return [tuple(names[line].tolist()) for line in self.consensus]

    def to_frame(self) -> pd.DataFrame:
        """
        Return one line per example, in the order of the input.

        Returns
        -------
        DataFrame
            Columns ``example`` (its name, or its row), ``consensus_labels`` (a tuple of names), ``quality``,
            ``worst_class`` (of the lowest cell quality; None where nothing is known), ``n_votes``.
        """
        known = ~np.isnan(self.example_quality)
        filled = np.where(np.isnan(self.consensus_quality), np.inf, self.consensus_quality)
        worst = filled.argmin(axis=1) if filled.shape[1] else np.full(len(filled), -1)
        return as_frame(
            {
                "example": name_column(self.votes.example_names, np.arange(len(known))),
                "consensus_labels": names_array(tuple(self.consensus_sets())),
                "quality": self.example_quality,
                "worst_class": name_column(self.class_names, np.where(known, worst, -1)),
                "n_votes": self.vote_counts,
            }
        )

    def vote_quality_table(self) -> FloatArray:
        """
        Return the quality of every answer as a table like that of the votes.

        Returns
        -------
        ndarray of float64, shape (n_examples, n_annotators)
            0 to 1; NaN where there is no answer.
        """
        return self.votes.spread(self.vote_quality)
