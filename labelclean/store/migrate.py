"""Bring a database to the tables this version knows, however many processes try it at once."""

from __future__ import annotations

import threading
import time

from sqlalchemy import Connection, inspect, text

from labelclean.errors import StoreError
from labelclean.store.database import Database
from labelclean.store.failures import NEWER_FIX

__all__ = ["HEAD", "bring_up_to_date"]

HEAD = "0005"
"""The newest revision under ``migrations/versions``; with it, an up-to-date database opens without alembic."""

_ADVISORY_LOCK = 5_716_420_391  # any number that no other program locks

_ATTEMPTS = 100
_PAUSE_SECONDS = 0.05

# Alembic keeps the migration under way in a module of its own, so one process runs one at a time.
_one_at_a_time = threading.Lock()


def bring_up_to_date(database: Database) -> None:
    """
    Make or change the tables as far as they are behind.

    Raises
    ------
    StoreError
        If the database cannot be used, or was made by a newer version of the program.
    """
    if database.is_sqlite:
        _use_write_ahead_log(database)
    with database.reading() as connection:
        if _revision(connection) == HEAD:
            return
    with _one_at_a_time, database.writing() as connection:
        if not database.is_sqlite:  # on SQLite the transaction itself keeps others out
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _ADVISORY_LOCK})
        revision = _revision(connection)
        if revision != HEAD:  # another process may have been faster
            _upgrade(connection, revision, database.place)


def _use_write_ahead_log(database: Database) -> None:
    """Let readers and one writer work at the same time; the file remembers it."""
    for attempt in range(_ATTEMPTS):
        try:
            with database.outside_transactions() as connection:
                if connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "delete":
                    connection.exec_driver_sql("PRAGMA journal_mode = WAL")
        except StoreError as error:
            # SQLite does not wait here when another process makes the same change, so we do.
            if "free to write" not in error.message or attempt == _ATTEMPTS - 1:
                raise
            time.sleep(_PAUSE_SECONDS)
        else:
            return


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(connection: Connection, revision: str | None, place: str) -> None:
    # Imported here because alembic takes longer to load than an up-to-date database takes to open.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", "labelclean.store:migrations")
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision is not None and revision not in known:
        raise StoreError(
            f"The database {place} must be of this version of labelclean or an older one; it is of a newer one.",
            fix=NEWER_FIX,
        )
    command.upgrade(config, "head")
