"""What is known about a file's outer form, as plain values that can be stored and shown."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal, Self

from labelclean.errors import FileContentError

__all__ = ["ColumnGuess", "ColumnRoles", "FileFormat", "FileLayout", "FileSummary"]

FileFormat = Literal["csv", "tsv", "jsonl"]


@dataclass(frozen=True, kw_only=True, slots=True)
class FileLayout:
    """
    How to read a file, and how to write it back.

    Attributes
    ----------
    file_format : {"csv", "tsv", "jsonl"}
        The format; "csv" stands for any one-character delimiter.
    encoding : str
        Python codec name without a byte order mark ("utf-8", "utf-16-le", "cp1252", "gb18030", ...).
    byte_order_mark : bool
        Whether the file begins with one; it is kept on writing.
    delimiter : str
        One character for "csv" and "tsv"; empty for "jsonl".
    columns : tuple of str
        Column names in file order (for "jsonl": keys in order of first appearance).
    n_rows : int
        Data records; the header and wholly blank lines do not count.
    """

    file_format: FileFormat
    encoding: str
    byte_order_mark: bool
    delimiter: str
    columns: tuple[str, ...]
    n_rows: int

    def to_dict(self) -> dict[str, object]:
        """Return plain values, for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, object]) -> Self:
        """Return the layout that ``to_dict`` gave."""
        try:
            return cls(**{**values, "columns": tuple(values["columns"])})  # type: ignore[arg-type]  # own JSON
        except (KeyError, TypeError) as error:
            raise FileContentError(
                f"A stored file layout is damaged: {error}.", fix="Upload the file again."
            ) from error


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnRoles:
    """Which column holds the text, the label, and (if any) the id."""

    text: str
    label: str
    row_id: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnGuess:
    """A guessed role of one column, with the reason in one plain sentence; ``column`` is None where none fits."""

    role: Literal["text", "label", "row_id"]
    column: str | None
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FileSummary:
    """
    What was understood of a file before anything runs.

    Attributes
    ----------
    layout : FileLayout
        Format, encoding, delimiter, columns, row count.
    reasons : dict of str to str
        Why: one plain sentence each under "file_format", "encoding" and "delimiter".
    preview : tuple of tuple of str
        The first 200 records, cells as text, in column order.
    guesses : tuple of ColumnGuess
        One guess for each of text, label and row_id.
    warnings : tuple of str
        Plain sentences about oddities that do not stop the work.
    """

    layout: FileLayout
    reasons: dict[str, str]
    preview: tuple[tuple[str, ...], ...]
    guesses: tuple[ColumnGuess, ...]
    warnings: tuple[str, ...] = ()
