"""Labels of several annotators: consensus, quality of labels and annotators, whom and what to ask next."""

from __future__ import annotations

from labelclean.tasks.multi_annotator.active_learning import ActiveLearningScores, active_learning_scores
from labelclean.tasks.multi_annotator.annotators import AnnotatorQuality
from labelclean.tasks.multi_annotator.calibration import vote_temperatures
from labelclean.tasks.multi_annotator.consensus import AnnotatorConsensus, multi_annotator_consensus
from labelclean.tasks.multi_annotator.majority import majority_vote
from labelclean.tasks.multi_annotator.options import ConsensusMethod, QualityMethod
from labelclean.tasks.multi_annotator.posterior import QualityScore
from labelclean.tasks.multi_annotator.read_set_votes import set_votes_from_table, set_votes_from_triples
from labelclean.tasks.multi_annotator.read_votes import votes_from_long, votes_from_table
from labelclean.tasks.multi_annotator.set_active_learning import (
    MultiLabelActiveLearningScores,
    multi_label_active_learning_scores,
)
from labelclean.tasks.multi_annotator.set_calibration import multi_label_vote_temperatures
from labelclean.tasks.multi_annotator.set_consensus import multi_label_annotator_consensus
from labelclean.tasks.multi_annotator.set_results import MultiLabelAnnotatorConsensus, MultiLabelAnnotatorQuality
from labelclean.tasks.multi_annotator.set_votes import SetVotes
from labelclean.tasks.multi_annotator.votes import Votes

__all__ = [
    "ActiveLearningScores",
    "AnnotatorConsensus",
    "AnnotatorQuality",
    "ConsensusMethod",
    "MultiLabelActiveLearningScores",
    "MultiLabelAnnotatorConsensus",
    "MultiLabelAnnotatorQuality",
    "QualityMethod",
    "QualityScore",
    "SetVotes",
    "Votes",
    "active_learning_scores",
    "majority_vote",
    "multi_annotator_consensus",
    "multi_label_active_learning_scores",
    "multi_label_annotator_consensus",
    "multi_label_vote_temperatures",
    "set_votes_from_table",
    "set_votes_from_triples",
    "vote_temperatures",
    "votes_from_long",
    "votes_from_table",
]
