"""What the database complains about, said in the words of the people who use the program."""

from __future__ import annotations

from sqlalchemy.exc import StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from labelclean.errors import LabelCleanError, StoreError

__all__ = ["NEWER_FIX", "translate"]

NEWER_FIX = "Update labelclean, or set LABELCLEAN_HOME to another directory."

_RETRY = "Close other programs that use it, then try again."
_PERSISTS = "Try again; if it goes on, restore the database from a backup."
_RESTORE = "Restore the database from a backup, or set LABELCLEAN_HOME to another directory."
_WRITABLE = "Make the file and its directory writable, or set LABELCLEAN_HOME to another directory."
_SERVER = "Check that the database server runs, and that the store's address, user and password are right."

# The first fragment found in the driver's own words decides.
_KNOWN = (
    ("database is locked", "must be free to write; another program has held it for too long", _RETRY),
    ("database table is locked", "must be free to write; another program has held it for too long", _RETRY),
    ("readonly database", "must be writable; it is read-only", _WRITABLE),
    ("read-only transaction", "must be writable; it is read-only", _WRITABLE),
    (
        "unable to open database file",
        "must be in a directory that can be read and written; it cannot be opened",
        _WRITABLE,
    ),
    ("not a database", "must be a labelclean database; the file holds something else or is damaged", _RESTORE),
    ("malformed", "must be whole; the file is damaged", _RESTORE),
    ("disk is full", "must have room to grow; the disk is full", "Free some disk space, then try again."),
    (
        "disk i/o error",
        "must be readable and writable; the disk reports an error",
        "Check the disk and the room on it, then try again.",
    ),
    ("authentication failed", "must let us in; user or password are refused", _SERVER),
    ("connection to server", "must be reachable; the connection failed", _SERVER),
    ("failed to resolve host", "must be reachable; its host is not known", _SERVER),
    ("closed the connection", "must be reachable; the connection was cut", _SERVER),
    ("terminating connection", "must be reachable; the connection was cut", _SERVER),
    ("connection is closed", "must be reachable; the connection was cut", _SERVER),
)


def translate(error: Exception, place: str) -> LabelCleanError:
    """
    Return the error of this package that says what went wrong.

    Parameters
    ----------
    error : Exception
        What SQLAlchemy or the driver raised.
    place : str
        The database, without its password.

    Returns
    -------
    LabelCleanError
        Usually a StoreError; an error of this package that was raised while values were on their way in is itself.
    """
    if isinstance(error, StatementError) and isinstance(error.orig, LabelCleanError):
        return error.orig
    if isinstance(error, PoolTimeoutError):
        return StoreError(f"The database {place} must answer; all connections are in use.", fix=_RETRY)
    cause = error.orig if isinstance(error, StatementError) and error.orig is not None else error
    words = str(cause).lower()
    for fragment, rule, fix in _KNOWN:
        if fragment in words:
            return StoreError(f"The database {place} {rule}.", fix=fix)
    # The driver's words may quote what people typed, so only its kind of error is named.
    return StoreError(f"The database {place} refused a command ({type(cause).__name__}).", fix=_PERSISTS)
