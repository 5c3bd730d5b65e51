"""Writes the user's file again with the corrected labels, and nothing else changed."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, TypeVar

from labelclean.errors import StoreError
from labelclean.io.layout import ColumnRoles, FileLayout
from labelclean.io.source import write_back
from labelclean.review.decisions import ReviewEvent, corrected_labels, excluded_rows

__all__ = ["write_atomically", "write_corrected_file"]

Written = TypeVar("Written")


def write_corrected_file(
    source: Path,
    target: BinaryIO,
    layout: FileLayout,
    roles: ColumnRoles,
    decisions: Mapping[int, ReviewEvent],
    *,
    drop_excluded: bool = False,
    encoding: str | None = None,
) -> int:
    """
    Write the file with the labels of the decisions in force.

    Parameters
    ----------
    source : Path
        The file as it was uploaded.
    target : binary stream
        Where the new file goes.
    layout, roles : FileLayout, ColumnRoles
        How the file was read.
    decisions : mapping of int to ReviewEvent
        The decision in force of each decided row.
    drop_excluded : bool, default=False
        Leave out the rows that were decided to be excluded.
    encoding : str, optional
        For text files: write in this encoding; by default in the file's own.

    Returns
    -------
    int
        Number of label cells that changed; a decision for the label that is there already changes nothing.

    Raises
    ------
    FileContentError
        If the file is no longer what it was.
    """
    in_force = dict(decisions)
    dropped = excluded_rows(in_force) if drop_excluded else frozenset()
    new_labels = corrected_labels(in_force)
    return write_back(source, target, layout, roles, new_labels, dropped_rows=dropped, encoding=encoding)


def write_atomically(path: Path, write: Callable[[BinaryIO], Written]) -> Written:
    """
    Let a function write a file that appears whole or not at all.

    It is written beside its place under another name, flushed to the disk, and then moved; until then a file that was
    there before stays as it is.

    Parameters
    ----------
    path : Path
        The file. A symbolic link is followed, the permissions of a file that is replaced are kept. A device or a pipe
        is written to directly.
    write : callable
        Is given the open binary stream.

    Returns
    -------
    object
        What ``write`` returned.

    Raises
    ------
    StoreError
        If the file cannot be written, for instance because the disk is full.
    """
    try:
        return _write_through(path, write) if _is_device(path) else _write_and_move(path.resolve(), write)
    except OSError as error:
        raise StoreError(
            f"The file {path} cannot be written: {error.strerror or type(error).__name__}.",
            fix="Make room on the disk, or name a place you may write to. What was there before is unchanged.",
        ) from error


def _is_device(path: Path) -> bool:
    """Tell whether a path names a device or a pipe: these take bytes, but no other file may come in their place."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _write_through(path: Path, write: Callable[[BinaryIO], Written]) -> Written:
    with path.open("wb") as stream:
        return write(stream)


def _write_and_move(place: Path, write: Callable[[BinaryIO], Written]) -> Written:
    draft = place.with_name(f".labelclean-{secrets.token_hex(8)}.part")
    try:
        with draft.open("xb") as stream:
            written = write(stream)
            stream.flush()
            os.fsync(stream.fileno())
        if place.exists():
            draft.chmod(place.stat().st_mode & 0o777)
        draft.replace(place)
    finally:
        with suppress(OSError):
            draft.unlink()
    return written
