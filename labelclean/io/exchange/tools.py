"""The annotation tools by name, and whose file it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from types import MappingProxyType

from labelclean.errors import FileContentError
from labelclean.io.exchange.argilla import ARGILLA
from labelclean.io.exchange.contract import Annotation, ExchangeTool, Record, ToolName
from labelclean.io.exchange.doccano import DOCCANO
from labelclean.io.exchange.label_studio import LABEL_STUDIO
from labelclean.io.exchange.prodigy import PRODIGY
from labelclean.io.exchange.records import read_records
from labelclean.io.exchange.spacy_cats import SPACY

__all__ = ["TOOLS", "Returned", "read_annotations"]

_IN_ORDER: tuple[ExchangeTool, ...] = (LABEL_STUDIO, ARGILLA, PRODIGY, SPACY, DOCCANO)

TOOLS: Mapping[ToolName, ExchangeTool] = MappingProxyType({tool.name: tool for tool in _IN_ORDER})
"""Each tool by its name, those with the most telling keys first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Returned:
    """
    What came back from a tool.

    Attributes
    ----------
    tool : ExchangeTool
        Whose file it is.
    annotations : tuple of Annotation
        All answers, in the order of the file.
    n_tasks : int
        Tasks in the file.
    n_unanswered : int
        Tasks that nobody has answered.
    """

    tool: ExchangeTool
    annotations: tuple[Annotation, ...]
    n_tasks: int
    n_unanswered: int


def read_annotations(path: Path, *, tool: ToolName | None = None) -> Returned:
    """
    Read the answers of annotators.

    Parameters
    ----------
    path : Path
        What the tool exported.
    tool : str, optional
        Whose file it is; seen from the first record by default.

    Returns
    -------
    Returned
        The answers.

    Raises
    ------
    FileContentError
        If the file is not JSON, not of that tool, or does not say which rows its tasks are of.
    """
    records = read_records(path)
    first = next(records)  # there is one, or the file was refused
    chosen = _checked(*first, None if tool is None else TOOLS[tool])
    annotations: list[Annotation] = []
    n_tasks, n_unanswered = 0, 0
    for place, record in chain([first], records):
        found = chosen.annotations(record, place, path.stem)
        annotations += found
        n_tasks += 1
        n_unanswered += not found
    return Returned(tool=chosen, annotations=tuple(annotations), n_tasks=n_tasks, n_unanswered=n_unanswered)


def _checked(place: str, record: Record, named: ExchangeTool | None) -> ExchangeTool:
    """Return whose record it is, which must be the one that was named."""
    if named is not None and named.recognises(record):
        return named
    found = next((tool for tool in _IN_ORDER if tool.recognises(record)), None)
    if named is None and found is not None:
        return found
    names = ", ".join(tool.title for tool in _IN_ORDER)
    if named is None:
        raise FileContentError(
            f"The annotations must be an export of {names}; {place} is of none of them.",
            fix="Export them in the form that the documentation names for your tool.",
        )
    seen = "of none of the tools that are known" if found is None else f"like one of {found.title}"
    raise FileContentError(
        f"The annotations must be an export of {named.title}; {place} looks {seen}.",
        fix=f"Name the right tool with --from: {', '.join(TOOLS)}.",
    )
