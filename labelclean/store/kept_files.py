"""Files that are kept: copied block by block, made to survive a power cut, and removed when nobody needs them."""

from __future__ import annotations

import hashlib
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from labelclean.errors import FileContentError

__all__ = ["copy_stream", "flush_directory", "remove_if_older", "remove_old"]

_BLOCK = 2**20


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
