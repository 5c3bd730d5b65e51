"""What an audit keeps beside its figures: evidence for its suspects, and what a re-ranking starts from."""

from __future__ import annotations

import numpy as np

from labelclean.arrays import UNLABELLED, CodeArray, FloatArray, IndexArray, MaskArray
from labelclean.core.reranking_data import RankingSignals, ViewLogOdds
from labelclean.core.reranking_sketch import sketch_texts
from labelclean.dataset import Dataset
from labelclean.explain.evidence import RowEvidence
from labelclean.explain.explaining import explain_rows
from labelclean.explain.suggestions import Suggestions
from labelclean.explain.voices import Voice
from labelclean.judging import Judgement
from labelclean.models.fold_ridge import RidgeScores
from labelclean.models.naive_bayes import NaiveBayesScores
from labelclean.protocols import Progress
from labelclean.results import NoiseEstimate

__all__ = ["explain_suspects", "ranking_signals"]

_LARGEST_DUAL = 2**28  # bytes of a ridge model's coefficients


def explain_suspects(
    rows: IndexArray,
    dataset: Dataset,
    judgement: Judgement,
    suggestions: Suggestions,
    progress: Progress,
    *,
    n_jobs: int = 1,
) -> tuple[RowEvidence, ...]:
    """
    Gather the evidence for some rows.

    Parameters
    ----------
    rows : ndarray of int64, shape (n_rows,)
        The rows to explain.
    dataset : Dataset
        Texts and given labels.
    judgement : Judgement
        With views, and the models that can be asked.
    suggestions : Suggestions
        What is proposed for each row.
    progress : Progress
        Told the fraction of this step alone.
    n_jobs : int, default=1
        Threads; the result does not depend on it.

    Returns
    -------
    tuple of RowEvidence
        In the order of ``rows``; empty without views.
    """
    if not judgement.views or not len(rows):
        return ()
    readers = {position: view for position, view in enumerate(judgement.views) if not view.name.startswith("column ")}
    voices = [
        Voice(model=model, reader=readers[each.view].reader, scale=each.scale)
        for each in judgement.heard
        if each.view in readers and each.scale > 0 and (model := _askable(each.model, n_jobs=n_jobs)) is not None
    ]
    likely = suggestions.likely_labels[rows]
    first = likely[:, 0]
    second = likely[:, 1] if likely.shape[1] > 1 else np.full(len(rows), UNLABELLED)
    return tuple(
        explain_rows(
            rows,
            dataset.texts,
            dataset.labels,
            suggestions.suggested_labels,
            class_names=dataset.class_names,
            voices=voices,
            features=judgement.views[0].tfidf,
            groups=judgement.groups,
            rivals=np.where(first == suggestions.suggested_labels[rows], second, first),
            progress=progress,
        )
    )


def _askable(model: RidgeScores | NaiveBayesScores, *, n_jobs: int) -> RidgeScores | NaiveBayesScores | None:
    """Return a model that answers at once; None for a ridge model too large for that, so that naive Bayes answers."""
    if not isinstance(model, RidgeScores) or model.dual_coef is not None:
        return model
    return model.with_dual_coef(n_jobs=n_jobs) if model.n_dual_bytes <= _LARGEST_DUAL else None


def ranking_signals(
    labels: CodeArray,
    judgement: Judgement,
    suggestions: Suggestions,
    *,
    error_probabilities: FloatArray,
    label_quality_scores: FloatArray,
    is_issue: MaskArray,
    noise: NoiseEstimate,
) -> RankingSignals | None:
    """
    Put together what the queue learns from when the reviewer decides.

    Parameters
    ----------
    labels : ndarray of int64, shape (n_examples,)
        Given class codes; -1 where no label was given.
    judgement : Judgement
        What each learner said.
    suggestions : Suggestions
        What is proposed for each row.
    error_probabilities, label_quality_scores : ndarray of float64, shape (n_examples,)
        As the audit found them; NaN for unlabelled rows.
    is_issue : ndarray of bool, shape (n_examples,)
        True where the label is flagged.
    noise : NoiseEstimate
        The noise of the labelled rows.

    Returns
    -------
    RankingSignals or None
        None where no learners of ours judged.
    """
    if not judgement.learners:
        return None
    views = ViewLogOdds(
        names=tuple(learner.name for learner in judgement.learners),
        values=np.stack([learner.log_odds for learner in judgement.learners], axis=1),
        text_sketch=sketch_texts(judgement.views[0].tfidf),
    )
    return RankingSignals(
        labels=labels,
        error_probabilities=error_probabilities,
        label_quality_scores=label_quality_scores,
        suggested_labels=suggestions.suggested_labels,
        is_issue=is_issue,
        likely_labels=suggestions.likely_labels,
        likely_probs=suggestions.likely_probs,
        confident_joint=noise.confident_joint,
        views=views,
    )
