"""The audit of labels that several annotators gave: which majority label is wrong, and how good each annotator is."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from labelclean.arrays import UNLABELLED, FloatArray
from labelclean.config import AuditConfig
from labelclean.core.error_probability import rank_rows
from labelclean.dataset import Dataset
from labelclean.errors import InvalidInputError
from labelclean.explain.suggestions import suggest_labels
from labelclean.pipeline import audit_dataset
from labelclean.protocols import Progress, no_progress
from labelclean.results import AuditResult
from labelclean.tasks.multi_annotator.annotators import AnnotatorQuality
from labelclean.tasks.multi_annotator.consensus import multi_annotator_consensus, weigh
from labelclean.tasks.multi_annotator.inputs import AnnotatedData
from labelclean.tasks.multi_annotator.majority import scan_votes
from labelclean.tasks.multi_annotator.posterior import weighted_posterior
from labelclean.tasks.multi_annotator.read_votes import votes_from_table

__all__ = ["AnnotatedAudit", "audit_annotated"]

_TRAINED = 0.95  # share of the whole time after which the texts are judged


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class AnnotatedAudit:
    """
    What several annotators and the texts say together.

    Attributes
    ----------
    result : AuditResult
        Row by row about the majority's labels: error probabilities, ranking and suggestions take every annotator's
        votes and worth into account, not the text alone. Noise, interval and statement are those of the majority's
        labels by the texts.
    annotators : AnnotatorQuality
        How good each annotator is; ``to_frame`` gives a table.
    annotator_names : tuple of str, length n_annotators
        As the file has them, in the order of ``annotators``.
    """

    result: AuditResult
    annotators: AnnotatorQuality
    annotator_names: tuple[str, ...]


def audit_annotated(
    dataset: Dataset, *, config: AuditConfig | None = None, progress: Progress | None = None
) -> AnnotatedAudit:
    """
    Find the wrong labels among those that most annotators gave.

    Parameters
    ----------
    dataset : Dataset
        With ``votes``; its labels are the majority's.
    config : AuditConfig, optional
        Options; the defaults where left out.
    progress : Progress, optional
        Told the step under way and the fraction done, 0 to 1; it may raise ``RunCancelledError``.

    Returns
    -------
    AnnotatedAudit
        A row is flagged where the joint judgement of annotators and texts prefers another label than the majority's.

    Raises
    ------
    InvalidInputError
        If the dataset has no votes, or cannot be audited.
    RunCancelledError
        If ``progress`` raises it.

    Notes
    -----
    The built-in learners are trained on the majority's labels and judge each text held out; their probabilities and
    the votes are averaged by weights that say how much annotators and learners agree with others.

    References
    ----------
    Goh, Tkachenko & Mueller (2022), "CROWDLAB", arXiv:2210.06812, sections 3 and 4.

    Examples
    --------
    >>> from labelclean.dataset import VoteTable
    >>> texts = [f"{word} film {row}" for row in range(12) for word in ("good", "bad")]
    >>> codes = np.array([[1, 1, 1], [0, 0, 0]] * 12, dtype=np.int32)
    >>> codes[0] = [0, 1, 0]
    >>> labels = ["bad" if votes.sum() < 2 else "good" for votes in codes]
    >>> table = VoteTable(annotators=("a", "b", "c"), codes=codes)
    >>> found = audit_annotated(replace(Dataset.from_labels(texts, labels), votes=table))
    >>> int(found.result.ranked_rows[0])
    0
    """
    if dataset.votes is None:
        raise InvalidInputError(
            "The dataset must have the votes of several annotators; it has none.",
            fix="Name their columns, or use audit_dataset.",
        )
    options, tell = config or AuditConfig(), progress or no_progress
    result = audit_dataset(
        dataset, config=options, progress=lambda step, fraction: tell(step, _TRAINED * min(fraction, 1.0))
    )
    tell("Weighing annotators", _TRAINED)
    votes = votes_from_table(dataset.votes.codes.astype(np.int64))
    joint = _joint_judgement(AnnotatedData.checked(votes, result.pred_probs, class_names=None))
    annotators = multi_annotator_consensus(votes, result.pred_probs).annotators
    judged = _judged_by(result, joint, n_likely=options.n_likely_classes)
    tell("Done", 1.0)
    return AnnotatedAudit(result=judged, annotators=annotators, annotator_names=dataset.votes.annotators)


def _joint_judgement(data: AnnotatedData) -> FloatArray:
    """Return what votes and texts say together, example by class."""
    scan = scan_votes(data.votes, data.models, n_classes=data.n_classes)
    weights = weigh(data, scan, consensus_method="best_quality").weights
    return np.concatenate([table for _, table in weighted_posterior(data, weights)])


def _judged_by(result: AuditResult, joint: FloatArray, *, n_likely: int) -> AuditResult:
    labels = result.labels
    is_labelled = labels != UNLABELLED
    quality = np.where(is_labelled, joint[np.arange(len(labels)), labels], np.nan)
    suggestions = suggest_labels(joint, n_likely=n_likely)
    return replace(
        result,
        pred_probs=joint,
        suggested_labels=suggestions.suggested_labels,
        likely_labels=suggestions.likely_labels,
        likely_probs=suggestions.likely_probs,
        label_quality_scores=quality,
        error_probabilities=1.0 - quality,
        is_issue=is_labelled & (suggestions.suggested_labels != labels),
        ranked_rows=rank_rows(1.0 - quality, quality),
        signals=None,  # what decisions would teach is about labels that one annotator gave
    )
