"""Settings: small values of the program itself, by key."""

from __future__ import annotations

import json

from sqlalchemy import Connection, select

from labelclean.store.database import insert_into
from labelclean.store.tables import settings

__all__ = ["find_setting", "store_setting"]


def find_setting(connection: Connection, key: str) -> object | None:
    """Return the value of a key, or None if it was never set."""
    text = connection.execute(select(settings.c.value).where(settings.c.key == key)).scalar()
    value: object | None = None if text is None else json.loads(text)
    return value


def store_setting(connection: Connection, key: str, value: object) -> None:
    """Set the value of a key, whether or not it has one."""
    statement = insert_into(connection, settings).values(key=key, value=json.dumps(value))
    connection.execute(
        statement.on_conflict_do_update(index_elements=["key"], set_={"value": statement.excluded.value})
    )
