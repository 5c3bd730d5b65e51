"""An audit of several annotators' labels as a run, with what was found of each annotator."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from labelclean.store.run_records import AnnotatorFacts, ComputedRun

if TYPE_CHECKING:
    from labelclean.annotated_audit import AnnotatedAudit

__all__ = ["annotated_run"]


def annotated_run(audit: AnnotatedAudit, config: dict[str, object], created_at: datetime) -> ComputedRun:
    """Return what is kept of an audit made with these options at this time (UTC)."""
    computed = ComputedRun.from_audit(audit.result, config, created_at)
    return replace(computed, run=replace(computed.run, annotators=tuple(_facts(audit))))


def _facts(audit: AnnotatedAudit) -> Iterator[AnnotatorFacts]:
    found, class_names = audit.annotators, audit.result.class_names
    for place, name in enumerate(audit.annotator_names):
        weakest = int(found.worst_class[place])
        yield AnnotatorFacts(
            name=name,
            n_labels=int(found.n_votes[place]),
            quality=_number(found.quality[place]),
            agreement=_number(found.agreement_with_consensus[place]),
            weakest=None if weakest < 0 else class_names[weakest],
        )


def _number(value: float) -> float | None:
    """Return a plain float; None for NaN, which JSON does not know."""
    return None if math.isnan(value) else float(value)
