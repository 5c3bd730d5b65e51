"""
Find the wrong labels in a text dataset.

>>> import labelclean
>>> sorted(labelclean.__all__)[:2]
['AuditConfig', 'AuditResult']
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from labelclean.config import AuditConfig
    from labelclean.core.ensemble import ensemble_label_quality_scores
    from labelclean.core.error_counts import n_label_errors
    from labelclean.core.health import dataset_health
    from labelclean.core.joint import confident_joint
    from labelclean.core.label_issues import find_label_issues
    from labelclean.core.noise import estimate_noise
    from labelclean.core.plausibility import check_plausible
    from labelclean.core.reranking import rerank
    from labelclean.core.reranking_data import RankingSignals, Reranking, Verdicts
    from labelclean.core.scores import label_quality_scores
    from labelclean.dataset import Dataset
    from labelclean.errors import LabelCleanError, LabelCleanWarning
    from labelclean.estimate import estimate_run
    from labelclean.frames import corrected_frame, dataset_from_frame, frame_roles
    from labelclean.health import DatasetHealth
    from labelclean.io.model_outputs.embeddings import read_embeddings
    from labelclean.io.model_outputs.pred_probs import read_pred_probs
    from labelclean.issues.data_problems import find_data_problems
    from labelclean.issues.problem import DataProblem, ProblemReport
    from labelclean.label_set_audit import audit_label_sets
    from labelclean.label_set_results import LabelSetAuditResult
    from labelclean.models.forward_correction import ForwardCorrectedClassifier
    from labelclean.models.noise_adaptation import NoiseAdaptedClassifier
    from labelclean.models.noise_robust import NoiseRobustClassifier
    from labelclean.models.out_of_sample import out_of_sample_pred_probs
    from labelclean.pipeline import audit, audit_dataset
    from labelclean.results import AuditResult, LabelIssues, NoiseEstimate
    from labelclean.tasks.multi_annotator import multi_annotator_consensus
    from labelclean.tasks.multi_label import find_multi_label_issues
    from labelclean.tasks.tokens import find_span_issues, find_token_issues

__version__ = "0.1.0"

__all__ = [
    "AuditConfig",
    "AuditResult",
    "DataProblem",
    "Dataset",
    "DatasetHealth",
    "ForwardCorrectedClassifier",
    "LabelCleanError",
    "LabelCleanWarning",
    "LabelIssues",
    "LabelSetAuditResult",
    "NoiseAdaptedClassifier",
    "NoiseEstimate",
    "NoiseRobustClassifier",
    "ProblemReport",
    "RankingSignals",
    "Reranking",
    "Verdicts",
    "audit",
    "audit_dataset",
    "audit_label_sets",
    "check_plausible",
    "confident_joint",
    "corrected_frame",
    "dataset_from_frame",
    "dataset_health",
    "ensemble_label_quality_scores",
    "estimate_noise",
    "estimate_run",
    "find_data_problems",
    "find_label_issues",
    "find_multi_label_issues",
    "find_span_issues",
    "find_token_issues",
    "frame_roles",
    "label_quality_scores",
    "multi_annotator_consensus",
    "n_label_errors",
    "out_of_sample_pred_probs",
    "read_embeddings",
    "read_pred_probs",
    "rerank",
]

_HOMES = {
    "AuditConfig": "labelclean.config",
    "AuditResult": "labelclean.results",
    "DataProblem": "labelclean.issues.problem",
    "Dataset": "labelclean.dataset",
    "DatasetHealth": "labelclean.health",
    "ForwardCorrectedClassifier": "labelclean.models.forward_correction",
    "LabelCleanError": "labelclean.errors",
    "LabelCleanWarning": "labelclean.errors",
    "LabelIssues": "labelclean.results",
    "LabelSetAuditResult": "labelclean.label_set_results",
    "NoiseAdaptedClassifier": "labelclean.models.noise_adaptation",
    "NoiseEstimate": "labelclean.results",
    "NoiseRobustClassifier": "labelclean.models.noise_robust",
    "ProblemReport": "labelclean.issues.problem",
    "RankingSignals": "labelclean.core.reranking_data",
    "Reranking": "labelclean.core.reranking_data",
    "Verdicts": "labelclean.core.reranking_data",
    "audit": "labelclean.pipeline",
    "audit_dataset": "labelclean.pipeline",
    "audit_label_sets": "labelclean.label_set_audit",
    "check_plausible": "labelclean.core.plausibility",
    "confident_joint": "labelclean.core.joint",
    "corrected_frame": "labelclean.frames",
    "dataset_from_frame": "labelclean.frames",
    "dataset_health": "labelclean.core.health",
    "ensemble_label_quality_scores": "labelclean.core.ensemble",
    "estimate_noise": "labelclean.core.noise",
    "estimate_run": "labelclean.estimate",
    "find_data_problems": "labelclean.issues.data_problems",
    "find_label_issues": "labelclean.core.label_issues",
    "find_multi_label_issues": "labelclean.tasks.multi_label",
    "find_span_issues": "labelclean.tasks.tokens",
    "find_token_issues": "labelclean.tasks.tokens",
    "frame_roles": "labelclean.frames",
    "label_quality_scores": "labelclean.core.scores",
    "multi_annotator_consensus": "labelclean.tasks.multi_annotator",
    "n_label_errors": "labelclean.core.error_counts",
    "out_of_sample_pred_probs": "labelclean.models.out_of_sample",
    "read_embeddings": "labelclean.io.model_outputs.embeddings",
    "read_pred_probs": "labelclean.io.model_outputs.pred_probs",
    "rerank": "labelclean.core.reranking",
}


def __getattr__(name: str) -> object:
    """Import a public name on first use, so that ``import labelclean`` stays fast (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """List the public names."""
    return sorted([*__all__, "__version__"])
