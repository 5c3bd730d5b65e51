"""What every annotation tool is given and gives back, so that nothing outside its module need know its form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Literal, Protocol, TypeAlias

__all__ = ["Annotation", "ConflictRule", "ExchangeTool", "Record", "SentRow", "TaskSet", "ToolName"]

ToolName = Literal["label-studio", "argilla", "doccano", "prodigy", "spacy"]

ConflictRule = Literal["unsure", "last"]
"""What a row gets on which annotators differ: no label, or the one that was submitted last."""

Record: TypeAlias = Mapping[str, object]
"""One JSON object of a tool's file."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SentRow:
    """
    One row that is sent to be looked at.

    Attributes
    ----------
    row : int
        0-based record of the dataset's file.
    row_id : str or None
        The user's own id, if the file has one.
    text : str
        The text.
    text_hash : str
        Its fingerprint, by which the row is known again.
    given : tuple of str or None
        The names of the given labels: one, or any number where texts have label sets; None if not labelled.
    suggested : tuple of str or None
        The names of the suggested labels; None if there is no suggestion.
    given_label, suggested_label : str or None
        The same, spelled in one text each.
    error_probability : float or None
        How likely the given label is wrong, 0 to 1.
    rank : int
        1 for the most suspect row.
    """

    row: int
    row_id: str | None
    text: str
    text_hash: str
    given: tuple[str, ...] | None
    suggested: tuple[str, ...] | None
    given_label: str | None
    suggested_label: str | None
    error_probability: float | None
    rank: int


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskSet:
    """
    What is sent: the rows, and the labels to choose from.

    Attributes
    ----------
    rows : sequence of SentRow
        Most suspect first.
    choices : tuple of str
        The names of all labels.
    is_multiple : bool
        Whether a text may have several labels, or none.
    version : str
        The program that suggests, such as ``labelclean 0.1.0``.
    """

    rows: Sequence[SentRow]
    choices: tuple[str, ...]
    is_multiple: bool
    version: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Annotation:
    """
    One answer of one annotator to one row.

    Attributes
    ----------
    place : str
        Where it stands in the tool's file, for messages, such as ``task 3``.
    row : int
        0-based record of the dataset's file.
    row_id : str or None
        The user's own id, if it was sent.
    text_hash : str
        The fingerprint of the text that was sent.
    text : str or None
        The text as it came back; None where the tool leaves it out.
    given_label, suggested_label : str or None
        As they were sent.
    error_probability : float or None
        What the annotator was shown, 0 to 1.
    labels : tuple of str
        The names of the chosen labels; empty where none was chosen.
    is_skipped : bool
        Whether the annotator passed the row over.
    annotator : str
        Who; empty where the tool does not say.
    decided_at : datetime or None
        When; None where the tool does not say.
    seconds_spent : float or None
        How long it took.
    note : str
        A remark.
    """

    place: str
    row: int
    row_id: str | None
    text_hash: str
    text: str | None
    given_label: str | None
    suggested_label: str | None
    error_probability: float | None
    labels: tuple[str, ...] = ()
    is_skipped: bool = False
    annotator: str = ""
    decided_at: datetime | None = None
    seconds_spent: float | None = None
    note: str = ""


class ExchangeTool(Protocol):
    """One annotation tool. The modules of this room give one such object each; none keeps a state."""

    @property
    def name(self) -> ToolName:
        """What the command line calls it."""

    @property
    def title(self) -> str:
        """What people call it."""

    def write(self, tasks: TaskSet, target: BinaryIO) -> None:
        """Write the rows as the tool imports them."""

    def config(self, tasks: TaskSet) -> str | None:
        """Return the file that tells the tool which labels there are; None if it needs none."""

    def recognises(self, record: Record) -> bool:
        """Tell whether a record is of this tool."""

    def annotations(self, record: Record, place: str, source: str) -> list[Annotation]:
        """
        Return the answers in one record; none if nobody has answered yet.

        Parameters
        ----------
        record : mapping
            One JSON object of the tool's file.
        place : str
            Where it stands, for messages.
        source : str
            The name of the file without its ending, where some tools put the annotator.

        Raises
        ------
        FileContentError
            If the record is not what the tool writes, or does not say which row it is of.
        """
