"""How a file is read: as told on the command line, else as guessed, with doubtful guesses said."""

from __future__ import annotations

from pathlib import Path

from labelclean.cli.options import delimiter_character
from labelclean.cli.reporting import note_encoding
from labelclean.io.layout import FileFormat, FileSummary

__all__ = ["understand"]


def understand(
    source: Path, *, file_format: FileFormat | None, encoding: str | None, delimiter: str | None, quiet: bool
) -> FileSummary:
    """
    Look into a file before anything is done with it.

    Raises
    ------
    FileContentError
        If it cannot be read as what it should be.
    InvalidInputError
        If an option is not one that can be.
    """
    from labelclean.io.source import inspect_file  # noqa: PLC0415  (--help need not wait for it)

    found = inspect_file(
        source,
        name=source.name,
        file_format=file_format,
        encoding=encoding,
        delimiter=delimiter_character(delimiter),
    )
    if encoding is None and not quiet:
        note_encoding(found)
    return found
