"""Column types that mean the same on SQLite and PostgreSQL: times in UTC, text of any origin."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import DateTime, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from labelclean.errors import InvalidInputError

__all__ = ["PlainText", "UtcDateTime"]

_UNSTORABLE = {0: "�", **dict.fromkeys(range(0xD800, 0xE000), "�")}


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware and UTC on both sides, although SQLite itself knows no time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a time without a zone; turn every other one into UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise InvalidInputError(
                "A time that is stored must say its time zone; got one that does not.", fix="Use datetime.now(UTC)."
            )
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Say that it is UTC."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class PlainText(TypeDecorator[str]):
    """
    Text that people typed.

    The two kinds of characters that a database cannot hold (NUL, and half a surrogate pair, which browsers let
    through) become U+FFFD: an event refused for one such character would be sent again for ever.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Replace what cannot be stored."""
        del dialect
        return None if value is None else value.translate(_UNSTORABLE)
