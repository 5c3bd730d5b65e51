"""What the table of all rows shows: search, filters, order and page, as a value that a URL can hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, get_args

from labelclean.arrays import Label
from labelclean.review.queue_filter import QueueFilter

__all__ = ["COLUMN_PREFIX", "PAGE_SIZES", "DecisionFilter", "SortKey", "TableQuery"]

SortKey: TypeAlias = Literal["row", "id", "text", "given", "label", "suggested", "error", "decision", "reviewer"]
"""What rows can be sorted by, besides the other columns of the file."""

DecisionFilter: TypeAlias = Literal[
    "", "undecided", "any", "keep", "accept", "relabel", "ambiguous", "unsure", "exclude"
]
"""Every row, those without a decision, those with any, or those with one verdict."""

PAGE_SIZES = (50, 100, 200)
"""How many rows a page may have."""

COLUMN_PREFIX = "column:"
"""Stands before the name of another column of the file that rows are sorted by."""

_MAX_PARAM_LENGTH = 1_000
_MOST_COLUMNS = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class TableQuery:
    """
    Which rows the table shows, in which order, and which page of them.

    Attributes
    ----------
    text : str
        Only rows whose text contains this, whatever the case.
    given : hashable or None
        Only rows with that given label.
    decision : DecisionFilter
        Only rows decided so.
    sort : str
        A ``SortKey``, or ``COLUMN_PREFIX`` and the name of another column of the file.
    is_descending : bool
        Largest first. Rows without a value come last either way.
    page : int
        Counted from 1.
    page_size : int
        One of ``PAGE_SIZES``.
    columns : tuple of str
        Other columns of the file to show.
    """

    text: str = ""
    given: Label | None = None
    decision: DecisionFilter = ""
    sort: str = "row"
    is_descending: bool = False
    page: int = 1
    page_size: int = PAGE_SIZES[0]
    columns: tuple[str, ...] = ()

    @property
    def rows_asked(self) -> TableQuery:
        """The same without page and columns: what decides which rows there are, and in which order."""
        return replace(self, page=1, page_size=PAGE_SIZES[0], columns=())

    @property
    def is_filtered(self) -> bool:
        """Whether some rows may be left out."""
        return bool(self.text or self.given is not None or self.decision)

    def to_params(self) -> dict[str, str]:
        """Return short URL query parameters; what has its default is left out."""
        params = {
            "q": self.text,
            "given": QueueFilter(given=self.given).to_params().get("given", ""),
            "decision": self.decision,
            "sort": "" if self.sort == "row" and not self.is_descending else f"{'-' * self.is_descending}{self.sort}",
            "page": "" if self.page == 1 else str(self.page),
            "size": "" if self.page_size == PAGE_SIZES[0] else str(self.page_size),
            "columns": "\n".join(self.columns),
        }
        return {name: value for name, value in params.items() if value}

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> TableQuery:
        """Return the query that ``to_params`` gave; what cannot be used, as typed by anyone, counts as its default."""
        usable = {name: value for name, value in params.items() if len(value) <= _MAX_PARAM_LENGTH}
        sort, size = usable.get("sort", ""), _whole(usable.get("size", ""))
        return cls(
            text=usable.get("q", ""),
            given=QueueFilter.from_params({"given": usable.get("given", "")}).given,
            decision=_decision(usable.get("decision", "")),
            sort=_sort(sort.removeprefix("-")),
            is_descending=sort.startswith("-"),
            page=max(1, _whole(usable.get("page", ""))),
            page_size=size if size in PAGE_SIZES else PAGE_SIZES[0],
            columns=tuple(dict.fromkeys(filter(None, usable.get("columns", "").split("\n"))))[:_MOST_COLUMNS],
        )


def _decision(param: str) -> DecisionFilter:
    return next((choice for choice in get_args(DecisionFilter) if choice == param), "")


def _sort(param: str) -> str:
    return param if param in get_args(SortKey) or param.removeprefix(COLUMN_PREFIX) not in {"", param} else "row"


def _whole(param: str) -> int:
    return int(param) if param.isascii() and param.isdigit() and len(param) < 10 else 0  # noqa: PLR2004
