"""What database errors become."""

from __future__ import annotations

import sqlite3

import pytest
from sqlalchemy.exc import InvalidRequestError, OperationalError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from labelclean.errors import InvalidInputError, StoreError
from labelclean.store.failures import translate


def failed(words: str) -> OperationalError:
    """Return what SQLAlchemy raises when the driver says these words."""
    return OperationalError("SELECT 'secret text'", {"note": "secret text"}, sqlite3.OperationalError(words))


@pytest.mark.parametrize(
    ("words", "rule", "fix"),
    [
        ("database is locked", "must be free to write", "Close other programs"),
        ("database table is locked: runs", "must be free to write", "Close other programs"),
        ("attempt to write a readonly database", "must be writable", "LABELCLEAN_HOME"),
        ("cannot execute INSERT in a read-only transaction", "must be writable", "LABELCLEAN_HOME"),
        ("unable to open database file", "cannot be opened", "LABELCLEAN_HOME"),
        ("file is not a database", "must be a labelclean database", "backup"),
        ("database disk image is malformed", "must be whole", "backup"),
        ("database or disk is full", "must have room", "Free some disk space"),
        ("disk I/O error", "the disk reports an error", "Check the disk"),
        ('connection to server at "host" failed: Connection refused', "must be reachable", "server runs"),
        ("FATAL:  password authentication failed for user", "must let us in", "password"),
        ("server closed the connection unexpectedly", "must be reachable", "server runs"),
    ],
)
def test_a_known_failure_says_what_must_hold_and_what_to_do(words: str, rule: str, fix: str) -> None:
    """Each thing that happens to databases has its own sentence and its own next step."""
    error = translate(failed(words), "/place")

    assert isinstance(error, StoreError)
    assert rule in error.message
    assert "/place" in error.message
    assert fix in error.fix


def test_an_unknown_failure_keeps_what_people_typed_to_itself() -> None:
    """Neither the command nor its values nor the driver's words come out, only the kind of error."""
    error = translate(failed('bad value "secret text"'), "/place")

    assert isinstance(error, StoreError)
    assert "OperationalError" in error.message
    assert "secret" not in str(error)
    assert error.fix


def test_an_error_of_our_own_comes_out_as_it_is() -> None:
    """A value refused on its way into the database keeps its own message."""
    mine = InvalidInputError("A time must say its zone.")

    assert translate(StatementError("words", "INSERT", {}, mine), "/place") is mine


def test_a_busy_pool_says_so() -> None:
    """All connections in use is not damage."""
    error = translate(PoolTimeoutError("QueuePool limit"), "/place")

    assert "in use" in error.message


def test_an_error_without_a_driver_is_named_by_its_kind() -> None:
    """SQLAlchemy's own errors are translated too."""
    error = translate(InvalidRequestError("words"), "/place")

    assert "InvalidRequestError" in error.message
