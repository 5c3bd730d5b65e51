"""Files that are kept: copied block by block, made to survive a power cut, and removed when nobody needs them."""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO

from labelclean.errors import FileContentError, StoreError

__all__ = ["PART", "copy_stream", "flush_directory", "keep_folder", "keep_stream", "remove_if_older", "remove_old"]

PART = ".part"
"""The suffix of files that are still being copied."""

_BLOCK = 2**20


def keep_stream(stream: BinaryIO, directory: Path, max_bytes: int) -> tuple[str, int]:
    """Copy a stream into a directory, whole or not at all, named by its SHA-256; return that and its bytes."""
    part = directory / f"{secrets.token_hex(16)}{PART}"
    try:
        with part.open("xb") as copy:
            sha256, n_bytes = copy_stream(stream, copy, max_bytes)
            copy.flush()
            os.fsync(copy.fileno())
        part.replace(directory / sha256)
        flush_directory(directory)
    except OSError as error:
        raise _disk_failed(directory, error) from error
    finally:
        with suppress(OSError):
            part.unlink()
    return sha256, n_bytes


def keep_folder(folder: Path, directory: Path) -> tuple[str, int]:
    """Pack the folder of a dataset into one archive, and keep that as ``keep_stream`` does."""
    from labelclean.io.tables.dataset_folders.format import pack_folder  # noqa: PLC0415  (loads pyarrow)

    try:
        with TemporaryFile(dir=directory) as archive:
            pack_folder(folder, archive)
            n_bytes = archive.tell()
            archive.seek(0)
            return keep_stream(archive, directory, n_bytes)
    except OSError as error:
        raise _disk_failed(directory, error) from error


def _disk_failed(directory: Path, error: OSError) -> StoreError:
    return StoreError(
        f"The file cannot be kept in {directory}: {error.strerror or type(error).__name__}.",
        fix="Make room on the disk, or set LABELCLEAN_HOME to another directory.",
    )


def copy_stream(stream: BinaryIO, copy: BinaryIO, max_bytes: int) -> tuple[str, int]:
    """Copy a stream to its end; return the SHA-256 in hexadecimal and the number of bytes. Too many are refused."""
    digest, n_bytes = hashlib.sha256(), 0
    while block := stream.read(_BLOCK):
        n_bytes += len(block)
        if n_bytes > max_bytes:
            raise FileContentError(
                f"The file must have at most {max_bytes:,} bytes ({max_bytes / 1e6:,.0f} MB); it has more.",
                fix="Name the file by its path on this machine, or split it.",
            )
        digest.update(block)
        copy.write(block)
    return digest.hexdigest(), n_bytes


def flush_directory(directory: Path) -> None:
    """Make a new name in a directory survive a power cut, where the system can."""
    with suppress(OSError):
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def remove_old(directory: Path, suffix: str, lifetime_seconds: float) -> None:
    """Remove what processes that were killed have left behind, and logs nobody will read."""
    for path in directory.glob(f"*{suffix}"):
        remove_if_older(path, lifetime_seconds)


def remove_if_older(path: Path, lifetime_seconds: float) -> None:
    """Remove a file that nobody wrote to for a while; one that cannot be removed stays."""
    with suppress(OSError):
        if time.time() - path.stat().st_mtime > lifetime_seconds:
            path.unlink()
