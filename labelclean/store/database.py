"""The way into the database: engine, connections and transactions, the same on SQLite and PostgreSQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Self

from sqlalchemy import Connection, Engine, Table, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from labelclean.errors import MissingExtraError, StoreError
from labelclean.store.failures import translate

__all__ = ["Database", "insert_into"]

_BUSY_SECONDS = 10
_SQLITE_PATH = "sqlite:///"
_BEGIN = "labelclean_begin"


class Database:
    """
    One database; any number of threads may use it at the same time.

    Parameters
    ----------
    url : str
        ``sqlite:///path``, or ``postgresql://user:password@host/name``.

    Raises
    ------
    StoreError
        If the address is of another kind.
    MissingExtraError
        If the driver is not installed.
    """

    def __init__(self, url: str) -> None:
        parsed = _parsed(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        self.place = (parsed.database or "in memory") if self.is_sqlite else parsed.render_as_string()
        self.engine = _sqlite_engine(parsed) if self.is_sqlite else _postgresql_engine(parsed)
        driver = self.engine.dialect.dbapi
        self._driver_errors = () if driver is None else (driver.Error,)  # where SQLAlchemy is passed by

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Look at one unchanging state of the database, whatever others write meanwhile."""
        options = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        with self._transaction(options) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Change the database: all of it when the block ends, nothing of it when the block raises."""
        with self._transaction({_BEGIN: "BEGIN IMMEDIATE"}) as connection:
            yield connection

    @contextmanager
    def outside_transactions(self) -> Iterator[Connection]:
        """Give commands to SQLite that it takes only outside transactions."""
        with self._transaction({_BEGIN: ""}) as connection:
            yield connection

    @contextmanager
    def _transaction(self, options: Mapping[str, object]) -> Iterator[Connection]:
        try:
            with self.engine.connect() as connection:
                connection.execution_options(**options)
                with connection.begin():
                    yield connection
        except (SQLAlchemyError, *self._driver_errors) as error:
            raise translate(error, self.place) from error

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        """Use it in a ``with`` block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it at the end of the block."""
        self.close()


def insert_into(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT that knows ON CONFLICT, in the database's own dialect."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


def _parsed(url: str) -> URL:
    if url.startswith(_SQLITE_PATH) and "uri=true" not in url:
        # A path is taken as it is: to SQLAlchemy a question mark or, since 2.1, a percent sign in it means more.
        return URL.create("sqlite", database=url.removeprefix(_SQLITE_PATH))
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except ArgumentError as error:
        raise StoreError("The store's address must be a database URL; it cannot be read.", fix=_ADDRESS) from error
    if backend not in {"sqlite", "postgresql"}:
        raise StoreError(f"The store must be SQLite or PostgreSQL; got {backend}.", fix=_ADDRESS)
    # psycopg 3 on every version of SQLAlchemy, whose own choice for the bare name changed.
    return parsed.set(drivername="postgresql+psycopg") if parsed.drivername == "postgresql" else parsed


_ADDRESS = "Use sqlite:///path/to/file, or postgresql://user:password@host/name."


def _sqlite_engine(url: URL) -> Engine:
    in_memory = url.database in {None, "", ":memory:"}
    # A database in memory lives in its one connection, which the threads then take in turns.
    sizes = {"pool_size": 1, "max_overflow": 0} if in_memory else {"pool_size": 5, "max_overflow": 15}
    arguments = {"check_same_thread": False, "timeout": _BUSY_SECONDS}
    engine = create_engine(url, poolclass=QueuePool, connect_args=arguments, **sizes)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _: object) -> None:
    # Transactions begin where we say (_begin_sqlite), not where the driver guesses.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = NORMAL")


def _begin_sqlite(connection: Connection) -> None:
    # A writer queues for the lock at its beginning: a reader that turns writer later can be refused at once.
    command = connection.get_execution_options().get(_BEGIN, "BEGIN")
    if command:
        connection.exec_driver_sql(command)


def _postgresql_engine(url: URL) -> Engine:
    try:
        return create_engine(url, pool_size=5, max_overflow=15, pool_pre_ping=True)
    except ImportError as error:
        raise MissingExtraError(
            "A PostgreSQL store needs the package 'psycopg', which is not installed.",
            fix="Run: pip install 'labelclean[postgres]'.",
        ) from error
