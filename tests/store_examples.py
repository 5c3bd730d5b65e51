"""Small values that the tests of the store and of reviewing share."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from labelclean.review.decisions import EventKind, ReviewEvent, Verdict
from labelclean.store.sql import SqlStore

__all__ = ["MOMENT", "decide", "step", "take_back_to"]

MOMENT = datetime(2026, 3, 4, 5, 6, 7, 890_123, tzinfo=UTC)


def decide(uuid: str, row: int = 0, **values: object) -> ReviewEvent:
    """Return a decision to keep the given label, or to do what the values say."""
    plain = ReviewEvent(uuid=uuid, row=row, kind=EventKind.DECIDE, verdict=Verdict.KEEP, decided_at=MOMENT)
    return replace(plain, **values)  # type: ignore[arg-type]  # each test names the fields it means


def step(kind: EventKind, uuid: str, target: str, row: int = 0) -> ReviewEvent:
    """Return the undoing or redoing of a decision."""
    return ReviewEvent(uuid=uuid, row=row, kind=kind, target_uuid=target, decided_at=MOMENT)


def take_back_to(store: SqlStore, revision: str) -> None:
    """Give a database the tables that an older version of the program knew."""
    from alembic import command  # noqa: PLC0415  (slow to load)
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", "labelclean.store:migrations")
    with store._database.writing() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
