"""Small values that the tests of the store and of reviewing share."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from labelclean.review.decisions import EventKind, ReviewEvent, Verdict

__all__ = ["MOMENT", "decide", "step"]

MOMENT = datetime(2026, 3, 4, 5, 6, 7, 890_123, tzinfo=UTC)


def decide(uuid: str, row: int = 0, **values: object) -> ReviewEvent:
    """Return a decision to keep the given label, or to do what the values say."""
    plain = ReviewEvent(uuid=uuid, row=row, kind=EventKind.DECIDE, verdict=Verdict.KEEP, decided_at=MOMENT)
    return replace(plain, **values)  # type: ignore[arg-type]  # each test names the fields it means


def step(kind: EventKind, uuid: str, target: str, row: int = 0) -> ReviewEvent:
    """Return the undoing or redoing of a decision."""
    return ReviewEvent(uuid=uuid, row=row, kind=kind, target_uuid=target, decided_at=MOMENT)
