"""What is known about a file's outer form, as plain values that can be stored and shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from types import MappingProxyType
from typing import Any, Literal, Self

from labelclean.errors import FileContentError

__all__ = [
    "ColumnGuess",
    "ColumnRoles",
    "Compression",
    "CompressionChoice",
    "FileFormat",
    "FileLayout",
    "FileSummary",
    "LabelSpelling",
    "ReadingChoices",
    "SpellingKind",
    "VoteColumns",
]

FileFormat = Literal["csv", "tsv", "jsonl", "json", "json_columns", "fasttext", "parquet", "xlsx", "arrow"]
Compression = Literal["gzip", "bz2", "xz", "zstd", "zip"]
CompressionChoice = Literal["none", "gzip", "bz2", "xz", "zstd", "zip"]
SpellingKind = Literal["plain", "joined", "json_list", "python_list", "array", "scores", "one_hot", "repeated", "names"]


@dataclass(frozen=True, kw_only=True, slots=True)
class FileLayout:
    """
    How to read a file, and how to write it back.

    Attributes
    ----------
    file_format : str
        "csv" stands for any one-character delimiter, "json" for an array of objects, "json_columns" for an object of
        arrays, "arrow" for a folder as Hugging Face ``datasets`` saves it.
    encoding : str
        Python codec name without a byte order mark ("utf-8", "utf-16-le", "cp1252", "gb18030", ...); "utf-8" for
        files that are no text.
    byte_order_mark : bool
        Whether the file begins with one; it is kept on writing.
    delimiter : str
        One character for "csv" and "tsv"; empty for the others.
    columns : tuple of str
        Column names in file order (in JSON: keys in order of first appearance).
    n_rows : int
        Data records; the header and wholly blank lines do not count.
    compression : str or None
        The archive around the file; None where there is none.
    part : str
        Which part of the file holds the table: the sheet of a workbook, the split of a ``datasets`` folder, the member
        of an archive, the key of the array inside a JSON object; empty where there is no choice.
    quoting : bool
        Whether quotes enclose cells in a delimited file; False where a quote mark is a character like any other.
    """

    file_format: FileFormat
    encoding: str
    byte_order_mark: bool
    delimiter: str
    columns: tuple[str, ...]
    n_rows: int
    compression: Compression | None = None
    part: str = ""
    quoting: bool = True

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
class ReadingChoices:
    """
    What a user said about how to read a file; None leaves it to be guessed.

    Attributes
    ----------
    file_format, encoding, delimiter, part, quoting : optional
        As in ``FileLayout``.
    compression : str or None
        An archive, or "none" where the file is to be read as it is.
    """

    file_format: FileFormat | None = None
    encoding: str | None = None
    delimiter: str | None = None
    compression: CompressionChoice | None = None
    part: str | None = None
    quoting: bool | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelSpelling:
    """
    How the cells of a row spell its label or label set.

    Attributes
    ----------
    kind : str
        - "plain": the cell is the label.
        - "joined": the cell joins a set's labels with a separator (``a|b``); the empty cell is not labelled.
        - "json_list", "python_list": the cell is text that spells a list (``["a", "b"]``, ``['a', 'b']``).
        - "array": the value is a list (JSON, Parquet).
        - "scores": the value maps each label to 1 or 0, or true or false (``{"a": 1.0, "b": 0.0}``).
        - "one_hot": each label has a column of its own, which says whether the text has it.
        - "repeated": each of several columns holds a label or nothing (``label1``, ``label2``, ...).
        - "names": the value is a position in a list of names (integers with a table of names, ``ClassLabel``).
    columns : tuple of str
        The columns of "one_hot" and "repeated", in file order; empty for the others, whose column is the label's.
    separator : str
        What stands between the labels of "joined", without the space around it.
    class_names : tuple of str
        The names for "names", by position.
    empty_set : str
        What to write in "joined" for a set without labels where no cell of the file shows it; a lone separator reads
        back as one. Empty text refuses to write such a set.
    """

    kind: SpellingKind = "plain"
    columns: tuple[str, ...] = ()
    separator: str = ""
    class_names: tuple[str, ...] = ()
    empty_set: str = ""

    @property
    def is_set(self) -> bool:
        """Whether a text may have several labels, or none."""
        return self.kind not in {"plain", "names"}


@dataclass(frozen=True, kw_only=True, slots=True)
class VoteColumns:
    """
    Where the labels of several annotators stand.

    Attributes
    ----------
    columns : tuple of str
        One column for each annotator; empty in the long form.
    annotator : str or None
        In the long form, with one record for each vote: the column of the annotators; the text's id is the role
        ``row_id``, and the vote the role ``label``. None where each annotator has a column.
    consensus : str
        The column that corrections are written to; it is added where the file has none of that name.
    """

    columns: tuple[str, ...] = ()
    annotator: str | None = None
    consensus: str = "consensus_label"


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnRoles:
    """
    Which column holds the text, the label, and (if any) the id, and how labels are spelled.

    Attributes
    ----------
    text : str
        The column of the texts.
    label : str
        The column of the labels; the first one where a label takes several.
    row_id : str or None
        The column of the user's own ids.
    spelling : LabelSpelling
        How the label is spelled; by default the cell is the label.
    votes : VoteColumns or None
        Where several annotators labelled each text: where their votes stand.
    """

    text: str
    label: str
    row_id: str | None = None
    spelling: LabelSpelling = LabelSpelling()
    votes: VoteColumns | None = None

    @property
    def label_columns(self) -> tuple[str, ...]:
        """The columns that together spell the label of a row."""
        return self.spelling.columns or (self.label,)

    def to_dict(self) -> dict[str, object]:
        """Return plain values, for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Return the roles that ``to_dict`` gave; what is missing has its default."""
        try:
            spelling, votes = values.get("spelling"), values.get("votes")
            return cls(
                text=values["text"],
                label=values["label"],
                row_id=values.get("row_id"),
                spelling=LabelSpelling() if spelling is None else LabelSpelling(**_with_tuples(spelling)),
                votes=None if votes is None else VoteColumns(**_with_tuples(votes)),
            )
        except (KeyError, TypeError) as error:
            raise FileContentError(
                f"The stored roles of a file's columns are damaged: {error}.", fix="Upload the file again."
            ) from error


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
        Why: one plain sentence each under the names of the layout's fields ("file_format", "encoding", "delimiter",
        and, where they matter, "compression", "part", "quoting").
    preview : tuple of tuple of str
        The first 200 records, cells as text, in column order.
    guesses : tuple of ColumnGuess
        One guess for each of text, label and row_id.
    warnings : tuple of str
        Plain sentences about oddities that do not stop the work.
    parts : tuple of str
        What the layout's ``part`` can be, in file order; empty where there is no choice.
    is_encoding_sure : bool
        Whether the bytes prove the encoding; otherwise someone should look at the letters.
    spelling : LabelSpelling
        How the guessed label is spelled.
    spelling_reason : str
        Why, in one plain sentence.
    votes : VoteColumns or None
        Where the votes of several annotators stand, if it looks as if there were any.
    votes_reason : str
        Why, in one plain sentence; empty where there are none.
    kinds : tuple of str
        What the cells of each column hold ("text", "number", "list", ...); empty where all are text.
    class_names : mapping of str to tuple of str
        The names of columns that hold positions in a list of names, or are categorical.
    """

    layout: FileLayout
    reasons: dict[str, str]
    preview: tuple[tuple[str, ...], ...]
    guesses: tuple[ColumnGuess, ...]
    warnings: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    is_encoding_sure: bool = True
    spelling: LabelSpelling = LabelSpelling()
    spelling_reason: str = ""
    votes: VoteColumns | None = None
    votes_reason: str = ""
    kinds: tuple[str, ...] = ()
    class_names: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))


def _with_tuples(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
