"""Turn what pyarrow and damaged files raise into our own errors."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

import pyarrow as pa  # type: ignore[import-untyped]

from labelclean.errors import FileContentError, LabelCleanError, StoreError

__all__ = ["is_unknown_form", "own_errors", "write_all"]

_RAISED = (
    pa.ArrowException,
    OSError,
    EOFError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    MemoryError,
    RecursionError,
    NotImplementedError,
    RuntimeError,
    SystemError,
    struct.error,
    zlib.error,
    zipfile.BadZipFile,
)
_NOT_YET = "Not yet implemented"  # an OSError, where pages are decoded


@contextmanager
def own_errors(what: str, *, fix: str) -> Iterator[None]:
    """
    Translate whatever a library raises about a file; its own words may hold cells of the file.

    Parameters
    ----------
    what : str
        The whole message: what must hold, and what is there.
    fix : str
        The next step.

    Raises
    ------
    FileContentError
        In place of any error of the libraries; our own errors pass.
    """
    try:
        yield
    except LabelCleanError:
        raise
    except FileNotFoundError as error:
        raise FileContentError("There is no file at the given path.", fix="Check the path.") from error
    except PermissionError as error:
        raise FileContentError("The file must be readable; reading it is not allowed.", fix="Change that.") from error
    except _RAISED as error:
        if is_unknown_form(error):
            raise FileContentError(
                "All columns must be in a form that pyarrow can read; it cannot read one of them yet.",
                fix="Write the file again with plain columns, for example with pandas.",
            ) from error
        raise FileContentError(what, fix=fix) from error


def is_unknown_form(error: BaseException) -> bool:
    """Tell whether pyarrow met a form that it does not know, rather than damage."""
    return isinstance(error, pa.ArrowNotImplementedError) or str(error).startswith(_NOT_YET)


def write_all(target: BinaryIO, data: bytes | memoryview) -> None:
    """
    Write bytes to where a corrected file goes.

    Raises
    ------
    StoreError
        If the disk is full or fails.
    """
    try:
        target.write(data)
    except OSError as error:
        raise StoreError(
            f"The corrected file must be written as a whole; the disk failed or is full ({error.strerror}).",
            fix="Make room on the disk, then export again; the original file is as it was.",
        ) from error
