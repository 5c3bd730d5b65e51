"""Labels of several annotators: consensus, quality of labels and annotators, whom and what to ask next."""

from __future__ import annotations

from labelclean.tasks.multi_annotator.active_learning import ActiveLearningScores, active_learning_scores
from labelclean.tasks.multi_annotator.annotators import AnnotatorQuality
from labelclean.tasks.multi_annotator.calibration import vote_temperatures
from labelclean.tasks.multi_annotator.consensus import (
    AnnotatorConsensus,
    ConsensusMethod,
    QualityMethod,
    multi_annotator_consensus,
)
from labelclean.tasks.multi_annotator.majority import majority_vote
from labelclean.tasks.multi_annotator.posterior import QualityScore
from labelclean.tasks.multi_annotator.read_votes import votes_from_long, votes_from_table
from labelclean.tasks.multi_annotator.votes import Votes

__all__ = [
    "ActiveLearningScores",
    "AnnotatorConsensus",
    "AnnotatorQuality",
    "ConsensusMethod",
    "QualityMethod",
    "QualityScore",
    "Votes",
    "active_learning_scores",
    "majority_vote",
    "multi_annotator_consensus",
    "vote_temperatures",
    "votes_from_long",
    "votes_from_table",
]
