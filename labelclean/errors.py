"""
The errors labelclean raises, each with what happened and how to fix it.

::

    LabelCleanError
    ├── InvalidInputError (ValueError)      arguments or data that break a documented rule
    │   ├── ConfigError                     an option outside its allowed range
    │   └── FileContentError                a file that cannot be read as what it should be
    ├── MissingExtraError (ImportError)     an optional package is not installed
    ├── NotFoundError (LookupError)         a project, dataset or run that does not exist (any more)
    ├── ReviewConflictError (RuntimeError)  a decision that contradicts what is stored
    ├── StoreError (RuntimeError)           the database or the data directory cannot be used
    └── RunCancelledError (RuntimeError)    the user stopped the work; nothing was kept

    LabelCleanWarning (UserWarning)         the result is right as far as it goes, but the input looks odd

Every error carries ``message`` (what must hold, what was found, where) and ``fix`` (the next step), so that the
command line and the screen can set the two apart. Messages name rows and columns, never the text of an example.
"""

from __future__ import annotations

__all__ = [
    "ConfigError",
    "FileContentError",
    "InvalidInputError",
    "LabelCleanError",
    "LabelCleanWarning",
    "MissingExtraError",
    "NotFoundError",
    "ReviewConflictError",
    "RunCancelledError",
    "StoreError",
]


class LabelCleanError(Exception):
    """
    Base of all errors of this package.

    Parameters
    ----------
    message : str
        What must hold, what was found instead, and where.
    fix : str, default=""
        What the user can do next; empty when there is nothing to do.
    """

    def __init__(self, message: str, *, fix: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix

    def __str__(self) -> str:
        """Join both fields into one line of prose."""
        return f"{self.message} {self.fix}" if self.fix else self.message


class InvalidInputError(LabelCleanError, ValueError):
    """An argument or the data break a documented rule."""


class ConfigError(InvalidInputError):
    """An option is outside its allowed range."""


class FileContentError(InvalidInputError):
    """A file cannot be read as what it should be."""


class MissingExtraError(LabelCleanError, ImportError):
    """An optional package is needed and not installed."""


class NotFoundError(LabelCleanError, LookupError):
    """What was asked for does not exist, or no longer exists."""


class ReviewConflictError(LabelCleanError, RuntimeError):
    """A decision contradicts what is already stored."""


class StoreError(LabelCleanError, RuntimeError):
    """The database or the data directory cannot be used."""


class RunCancelledError(LabelCleanError, RuntimeError):
    """The user stopped the work."""


class LabelCleanWarning(UserWarning):
    """Something about the input looks odd; the result is right for the input as it is."""
