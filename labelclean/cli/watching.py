"""Notices if a file changes between two readings of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from labelclean.errors import FileContentError

__all__ = ["watch"]


def watch(path: Path) -> Callable[[], None]:
    """
    Remember what a file is now, and return what refuses it once it is another one.

    Every reading refuses a file that changes meanwhile; commands that read it twice need to know that it was the same
    one both times.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    callable
        Raises ``FileContentError`` if the file's size or time is another one than before.
    """
    first = _stamp(path)

    def check() -> None:
        if _stamp(path) != first:
            raise FileContentError(
                "The file must stay as it is while it is read; it was changed meanwhile.",
                fix="Wait until whatever writes to it has finished, then try again.",
            )

    return check


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns
