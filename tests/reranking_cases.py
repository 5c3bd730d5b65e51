"""Made-up audits for re-ranking, with what a reviewer would find."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from labelclean.arrays import CodeArray, IndexArray, MaskArray
from labelclean.core.reranking_data import RankingSignals, Verdicts, ViewLogOdds

__all__ = ["MadeAudit", "make_audit", "rename_classes", "take_rows"]


@dataclass(frozen=True, kw_only=True)
class MadeAudit:
    """An audit's signals, and the truth."""

    signals: RankingSignals
    is_wrong: MaskArray
    true: CodeArray

    def judge(self, rows: IndexArray) -> Verdicts:
        """Return what a reviewer who knows the truth says of some rows."""
        rows = np.asarray(rows, dtype=np.int64)
        return Verdicts(rows=rows, is_wrong=self.is_wrong[rows], true_labels=self.true[rows])

    def top(self, n_rows: int) -> IndexArray:
        """Return the rows that the audit suspects most."""
        return np.argsort(-self.signals.error_probabilities, kind="stable")[:n_rows].astype(np.int64)


def make_audit(*, seed: int, n_rows: int = 400, n_classes: int = 3, n_views: int = 2, bias: float = 0.0) -> MadeAudit:
    """Make calibrated error probabilities; with a bias, labels of class 0 are wrong more often than they say."""
    generator = np.random.default_rng(seed)
    labels = generator.integers(n_classes, size=n_rows)
    log_odds = generator.normal(-1.5, 1.5, n_rows)
    probs = 1.0 / (1.0 + np.exp(-log_odds))
    is_wrong = generator.random(n_rows) < 1.0 / (1.0 + np.exp(-log_odds - bias * (labels == 0)))
    others = (labels + generator.integers(1, n_classes, size=n_rows)) % n_classes
    likely = np.where(probs[:, np.newaxis] > 0.5, np.stack([others, labels], 1), np.stack([labels, others], 1))
    high = np.maximum(probs, 1.0 - probs)
    given = np.bincount(labels, minlength=n_classes)
    each = np.bincount(labels, weights=probs, minlength=n_classes).astype(np.int64) // (n_classes - 1)
    joint = np.repeat(each[:, np.newaxis], n_classes, axis=1)
    np.fill_diagonal(joint, given - each * (n_classes - 1))
    signals = RankingSignals(
        labels=labels,
        error_probabilities=probs,
        label_quality_scores=1.0 - probs,
        suggested_labels=likely[:, 0].copy(),
        is_issue=probs > 0.5,
        likely_labels=likely,
        likely_probs=np.stack([high, 1.0 - high], 1).astype(np.float32),
        confident_joint=joint,
        views=ViewLogOdds(
            names=tuple(f"view {view}" for view in range(n_views)),
            values=(log_odds[:, np.newaxis] + generator.normal(0.0, 1.0, (n_rows, n_views))).astype(np.float32),
        ),
    )
    return MadeAudit(signals=signals, is_wrong=is_wrong, true=np.where(is_wrong, others, labels))


def take_rows(made: MadeAudit, rows: IndexArray) -> MadeAudit:
    """Return the same audit with the rows in another order."""
    old = made.signals
    signals = RankingSignals(
        labels=old.labels[rows],
        error_probabilities=old.error_probabilities[rows],
        label_quality_scores=old.label_quality_scores[rows],
        suggested_labels=old.suggested_labels[rows],
        is_issue=old.is_issue[rows],
        likely_labels=old.likely_labels[rows],
        likely_probs=old.likely_probs[rows],
        confident_joint=old.confident_joint.copy(),
        views=ViewLogOdds(names=old.views.names, values=old.views.values[rows]),
    )
    return MadeAudit(signals=signals, is_wrong=made.is_wrong[rows], true=made.true[rows])


def rename_classes(made: MadeAudit, new_codes: CodeArray) -> MadeAudit:
    """Return the same audit with other codes for the classes."""
    old = made.signals
    back = np.argsort(new_codes)
    signals = RankingSignals(
        labels=new_codes[old.labels],
        error_probabilities=old.error_probabilities.copy(),
        label_quality_scores=old.label_quality_scores.copy(),
        suggested_labels=new_codes[old.suggested_labels],
        is_issue=old.is_issue.copy(),
        likely_labels=new_codes[old.likely_labels],
        likely_probs=old.likely_probs.copy(),
        confident_joint=old.confident_joint[np.ix_(back, back)],
        views=ViewLogOdds(names=old.views.names, values=old.views.values.copy()),
    )
    return MadeAudit(signals=signals, is_wrong=made.is_wrong, true=new_codes[made.true])
