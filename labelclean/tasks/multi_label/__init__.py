"""Label sets: which labels of a multi-label data set are wrongly given, left out, or confused with others."""

from __future__ import annotations

from labelclean.tasks.multi_label.confusion import MultiLabelConfusion, confusion_of_issues, multi_label_confusion
from labelclean.tasks.multi_label.health import MultiLabelHealth, health_of_issues, multi_label_health
from labelclean.tasks.multi_label.issues import MultiLabelIssues, find_multi_label_issues
from labelclean.tasks.multi_label.label_sets import LabelFormat, LabelSets, MultiLabels, read_label_sets
from labelclean.tasks.multi_label.noise import MultiLabelNoise, estimate_multi_label_noise
from labelclean.tasks.multi_label.options import MultiLabelFilter
from labelclean.tasks.multi_label.scores import ClassScore, multi_label_class_scores, multi_label_quality_scores

__all__ = [
    "ClassScore",
    "LabelFormat",
    "LabelSets",
    "MultiLabelConfusion",
    "MultiLabelFilter",
    "MultiLabelHealth",
    "MultiLabelIssues",
    "MultiLabelNoise",
    "MultiLabels",
    "confusion_of_issues",
    "estimate_multi_label_noise",
    "find_multi_label_issues",
    "health_of_issues",
    "multi_label_class_scores",
    "multi_label_confusion",
    "multi_label_health",
    "multi_label_quality_scores",
    "read_label_sets",
]
