"""Audits a dataset in the way its labels ask for, and turns what was found into a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from labelclean.config import AuditConfig
from labelclean.dataset import Dataset
from labelclean.io.model_outputs.class_order import match_pred_probs
from labelclean.io.model_outputs.embeddings import EmbeddingArray
from labelclean.io.model_outputs.pred_probs import PredProbsFile
from labelclean.protocols import Progress
from labelclean.store.annotated_runs import annotated_run
from labelclean.store.label_set_runs import label_set_run
from labelclean.store.problem_search import search_problems
from labelclean.store.run_records import ComputedRun

if TYPE_CHECKING:
    from labelclean.io.row_columns import RowColumns

__all__ = ["compute_run"]

_AUDIT_SHARE = 0.9  # of the time: the rest goes to the search for other problems


def compute_run(
    dataset: Dataset,
    *,
    pred_probs: PredProbsFile | None,
    embeddings: EmbeddingArray | None,
    config: AuditConfig,
    progress: Progress,
    clock: Callable[[], datetime],
    directory: Path,
    columns: Callable[[], RowColumns],
) -> ComputedRun:
    """
    Audit a dataset, look for what else is wrong with it, and return what was found.

    Parameters
    ----------
    dataset : Dataset
        Single labels, votes of several annotators, or label sets.
    pred_probs : PredProbsFile or None
        Probabilities of the user's own model, for single labels; None where models are to be trained.
    embeddings : EmbeddingArray or None
        One more thing to learn from, for single labels and label sets.
    config : AuditConfig
        Options.
    progress : Progress
        Told the step under way.
    clock : callable
        Returns the time now, UTC.
    directory : Path
        Where large tables may lie for a while.
    columns : callable
        Returns the other columns of the file.
    """
    computed = _audit(
        dataset,
        pred_probs=pred_probs,
        embeddings=embeddings,
        config=config,
        progress=lambda step, fraction: progress(step, _AUDIT_SHARE * fraction),
        clock=clock,
        directory=directory,
    )
    found = search_problems(
        dataset,
        computed.run,
        columns,
        lambda step, fraction: progress(step, _AUDIT_SHARE + (1 - _AUDIT_SHARE) * fraction),
    )
    return replace(computed, problems=found)


def _audit(
    dataset: Dataset,
    *,
    pred_probs: PredProbsFile | None,
    embeddings: EmbeddingArray | None,
    config: AuditConfig,
    progress: Progress,
    clock: Callable[[], datetime],
    directory: Path,
) -> ComputedRun:
    # Imported where used: the screen has this module too, and does not need scikit-learn.
    options: dict[str, object] = dict(config.to_dict())
    if pred_probs is not None:
        from labelclean.pipeline import audit_matched  # noqa: PLC0415

        matched = match_pred_probs(
            dataset, pred_probs.pred_probs, class_names=pred_probs.class_names, directory=directory
        )
        return ComputedRun.from_audit(audit_matched(matched, config=config, progress=progress), options, clock())
    if dataset.votes is not None:
        from labelclean.annotated_audit import audit_annotated  # noqa: PLC0415

        return annotated_run(audit_annotated(dataset, config=config, progress=progress), options, clock())
    if dataset.has_label_sets:
        from labelclean.label_set_audit import audit_label_sets  # noqa: PLC0415

        found = audit_label_sets(
            dataset.texts, dataset.label_sets(), embeddings=embeddings, config=config, progress=progress
        )
        return label_set_run(found, options, clock(), n_explained=config.n_explained)
    from labelclean.pipeline import audit_dataset  # noqa: PLC0415

    result = audit_dataset(dataset, embeddings=embeddings, config=config, progress=progress)
    return ComputedRun.from_audit(result, options, clock())
