"""How long it takes to rank rows anew by what a reviewer decided, on made signals of any size."""

from __future__ import annotations

import time

import numpy as np
from scipy.special import expit, logit

from labelclean.core.reranking import rerank
from labelclean.core.reranking_data import RankingSignals, Verdicts, ViewLogOdds
from tests.benchmarks.detection_child import peak_mib, processor_seconds
from tests.benchmarks.detection_measures import average_precision, recall_in_first
from tests.benchmarks.detection_results import Measured

__all__ = ["made_signals", "rerank_made"]

N_VIEWS = 6
N_DIRECTIONS = 50
N_LIKELY = 9
N_DECIDED = 400
ERROR_RATE = 0.1


def rerank_made(*, n_rows: int, n_classes: int, queue_share: float) -> Measured:
    """Measure one re-ranking after 400 decisions: two in three from the top of the queue, the others at random."""
    signals, is_wrong = made_signals(n_rows, n_classes)
    ranked, drawn = np.argsort(-signals.error_probabilities), np.random.default_rng(1).permutation(n_rows)
    decided = np.unique(np.concatenate([ranked[: 2 * N_DECIDED // 3], drawn[: N_DECIDED // 3]])).astype(np.int64)
    true = (signals.labels[decided] + is_wrong[decided]) % n_classes
    verdicts = Verdicts(rows=decided, is_wrong=is_wrong[decided], true_labels=true)
    started, cpu_started = time.perf_counter(), processor_seconds()
    found = rerank(signals, verdicts)
    wall, cpu = time.perf_counter() - started, processor_seconds() - cpu_started
    return Measured(
        wall_seconds=wall,
        cpu_seconds=cpu,
        peak_mib=peak_mib(),
        average_precision=average_precision(found.error_probabilities, is_wrong),
        recall=recall_in_first(found.error_probabilities, is_wrong, share=queue_share),
    )


def made_signals(n_rows: int, n_classes: int, *, seed: int = 0) -> tuple[RankingSignals, np.ndarray]:
    """Make what an audit knows of rows of which a tenth is wrong: views that see it dimly, and their mean."""
    generator = np.random.default_rng(seed)
    is_wrong = generator.random(n_rows) < ERROR_RATE
    views = logit(ERROR_RATE) + 2.0 * is_wrong[:, None] + generator.standard_normal((n_rows, N_VIEWS))
    probs = expit(views.mean(axis=1))
    is_issue = probs > 0.5
    labels = generator.integers(n_classes, size=n_rows)
    likely = (labels[:, None] + np.arange(N_LIKELY) + is_issue[:, None]) % n_classes
    joint = np.full((n_classes, n_classes), n_rows * ERROR_RATE // n_classes**2, dtype=np.int64)
    np.fill_diagonal(joint, np.bincount(labels, minlength=n_classes) - joint[0, 0] * (n_classes - 1))
    signals = RankingSignals(
        labels=labels,
        error_probabilities=probs,
        label_quality_scores=1.0 - probs,
        suggested_labels=np.where(is_issue, likely[:, 0], labels),
        is_issue=is_issue,
        likely_labels=likely,
        likely_probs=np.tile(np.float32(0.5) ** np.arange(1, N_LIKELY + 1, dtype=np.float32), (n_rows, 1)),
        confident_joint=joint,
        views=ViewLogOdds(
            names=tuple(f"view {view}" for view in range(N_VIEWS)),
            values=views.astype(np.float32),
            text_sketch=generator.standard_normal((n_rows, N_DIRECTIONS)).astype(np.float32),
        ),
    )
    return signals, is_wrong
