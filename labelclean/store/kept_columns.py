"""The other columns of kept files, made at first use, made again if they are damaged, and removed with their file."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from labelclean.errors import FileContentError, StoreError
from labelclean.home import Home
from labelclean.io.source import read_dataset
from labelclean.protocols import Progress, no_progress
from labelclean.store.kept_files import PART, remove_old
from labelclean.store.records import DatasetRecord

if TYPE_CHECKING:
    from labelclean.io.row_columns import RowColumns

__all__ = ["kept_columns", "remove_columns", "remove_unused_columns"]

_PART_LIFETIME_SECONDS = 24 * 3600.0


def kept_columns(home: Home, record: DatasetRecord, progress: Progress = no_progress) -> RowColumns:
    """
    Return the other columns of a kept file, which are read now if they were not yet.

    Raises
    ------
    FileContentError
        If the file can no longer be read as it was.
    StoreError
        If the data directory cannot be written.
    """
    # Imported where used, because it loads pyarrow.
    from labelclean.io.row_columns import build_row_columns, open_row_columns  # noqa: PLC0415

    path = _path(home, record)
    with suppress(FileContentError):
        return open_row_columns(path, record.layout, record.roles)
    source = home.dataset_path(record.sha256)
    with home.locked("columns"):
        with suppress(FileContentError):
            return open_row_columns(path, record.layout, record.roles)
        votes = record.roles.votes
        is_long = votes is not None and votes.annotator is not None
        try:
            build_row_columns(
                source,
                record.layout,
                record.roles,
                path,
                records=read_dataset(source, record.layout, record.roles).records if is_long else None,
                progress=lambda fraction: progress("Reading the other columns", fraction),
            )
        except OSError as error:
            raise StoreError(
                f"The other columns cannot be kept in {home.columns}: {error.strerror or type(error).__name__}.",
                fix="Make room on the disk; everything else works without them.",
            ) from error
        return open_row_columns(path, record.layout, record.roles)


def remove_columns(home: Home, sha256: str) -> None:
    """Remove what is kept of the columns of a file, however it was read."""
    for path in home.columns.glob(f"{sha256}.*"):
        with suppress(OSError):  # one that is in use stays until the next start
            path.unlink()


def remove_unused_columns(home: Home, used: frozenset[str]) -> None:
    """Remove the columns of files that no project uses, and what was left behind by a program that was killed."""
    remove_old(home.columns, PART, _PART_LIFETIME_SECONDS)
    for sha256 in {path.name.partition(".")[0] for path in home.columns.iterdir()} - used:
        remove_columns(home, sha256)


def _path(home: Home, record: DatasetRecord) -> Path:
    """Return where the columns are kept: one file may be read in several ways."""
    named = json.dumps([record.layout.to_dict(), record.roles.to_dict()], sort_keys=True)
    return home.columns / f"{record.sha256}.{hashlib.sha256(named.encode()).hexdigest()[:16]}.arrow"
