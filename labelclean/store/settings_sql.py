"""Settings: small values of the program itself and of single projects, by key."""

from __future__ import annotations

import json

from sqlalchemy import Connection, select

from labelclean.store.database import insert_into
from labelclean.store.projects_sql import lock_project
from labelclean.store.tables import project_settings, settings

__all__ = ["find_project_setting", "find_setting", "store_project_setting", "store_setting"]


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


def find_project_setting(connection: Connection, project_id: str, key: str) -> object | None:
    """Return the value of a project's key, or None if it was never set."""
    query = select(project_settings.c.value).where(
        project_settings.c.project_id == project_id, project_settings.c.key == key
    )
    text = connection.execute(query).scalar()
    value: object | None = None if text is None else json.loads(text)
    return value


def store_project_setting(connection: Connection, project_id: str, key: str, value: object) -> None:
    """Set the value of a project's key; raises NotFoundError if there is no such project."""
    lock_project(connection, project_id)
    statement = insert_into(connection, project_settings).values(
        project_id=project_id, key=key, value=json.dumps(value)
    )
    connection.execute(
        statement.on_conflict_do_update(index_elements=["project_id", "key"], set_={"value": statement.excluded.value})
    )
