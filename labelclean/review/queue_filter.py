"""What a reviewer wants to see: a filter, and the link that opens exactly its queue."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from labelclean.arrays import Label
from labelclean.errors import InvalidInputError
from labelclean.label_set import LabelSet
from labelclean.review.decisions import Verdict

__all__ = ["AnyVerdict", "QueueFilter", "QueueKind"]

AnyVerdict: TypeAlias = Literal["any"]
"""Stands for every verdict in a filter by decision."""

QueueKind: TypeAlias = Literal["contradictions", "rare"]
"""Rows that are worth a look whether or not they are suspects."""

_MAX_PARAM_LENGTH = 8_000
_MAX_ROW_DIGITS = 18


@dataclass(frozen=True, kw_only=True, slots=True)
class QueueFilter:
    """
    Which rows a reviewer wants to see; every condition must hold. The default is the queue "Likely errors".

    Attributes
    ----------
    given, suggested : hashable or None
        Only rows with that given or suggested label.
    min_error_probability : float
        0 to 1; only rows whose label is at least that likely to be wrong.
    only_issues : bool
        Only flagged rows.
    undecided_only : bool
        Leave out the rows that are decided when the queue is made.
    text : str
        Only rows whose text contains this, whatever the case.
    unlabelled : bool
        The queue of the rows without a label; ``given``, ``min_error_probability`` and ``only_issues`` do not apply.
    verdict : Verdict, "any" or None
        The queue of the rows decided so; ``only_issues`` and ``undecided_only`` do not apply.
    kind : QueueKind or None
        The queue of a kind of rows that is not about suspicion alone, so that ``only_issues`` does not apply:
        ``contradictions`` are texts that are the same, or nearly so, under different labels, one row for each group;
        ``rare`` are the rows of classes with few rows, as ``rare_rows`` finds them.
    problem : str
        Only rows with that problem of the data, as ``issues`` names them; ``only_issues`` does not apply.
    max_error_probability : float
        0 to 1; only rows whose label is at most that likely to be wrong.
    adds, removes : hashable or None
        Of label sets: only rows to whose set the suggestion adds that label, or from which it removes it.
    column, value : str
        Only rows with that value in that other column of the file, as it stands there.
    decided_by : str
        Only rows whose decision in force is that reviewer's; ``only_issues`` and ``undecided_only`` do not apply.
    rows : tuple of int
        Only these rows, in this order; nothing else but ``undecided_only`` applies.
    """

    given: Label | None = None
    suggested: Label | None = None
    min_error_probability: float = 0.0
    only_issues: bool = True
    undecided_only: bool = True
    text: str = ""
    unlabelled: bool = False
    verdict: Verdict | AnyVerdict | None = None
    kind: QueueKind | None = None
    problem: str = ""
    max_error_probability: float = 1.0
    adds: Label | None = None
    removes: Label | None = None
    column: str = ""
    value: str = ""
    decided_by: str = ""
    rows: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a probability that is none."""
        for name in ("min_error_probability", "max_error_probability"):
            value: float = getattr(self, name)
            if not 0.0 <= value <= 1.0:
                raise InvalidInputError(
                    f"{name} must be between 0 and 1; got {value}.", fix="Give a share, such as 0.8 for 80 %."
                )
        if any(row < 0 for row in self.rows):
            raise InvalidInputError(
                f"rows must be positions from 0 on; got {min(self.rows)}.", fix="Give the positions of rows."
            )

    @property
    def asks_undecided(self) -> bool:
        """Whether rows that are decided stay out: not where decided rows are what is asked for."""
        return self.undecided_only and self.verdict is None and not self.decided_by

    @property
    def asks_issues(self) -> bool:
        """Whether rows that are not flagged stay out: not where something else than suspicion is asked for."""
        is_about_else = self.unlabelled or self.verdict is not None or self.kind is not None
        return self.only_issues and not (is_about_else or self.problem or self.decided_by or self.rows)

    @classmethod
    def of_pair(cls, given: Label, suggested: Label, *, undecided_only: bool = True) -> QueueFilter:
        """Return the filter of a cell of the noise matrix: all rows of that class pair, flagged or not."""
        return cls(given=given, suggested=suggested, only_issues=False, undecided_only=undecided_only)

    def to_params(self) -> dict[str, str]:
        """
        Return short URL query parameters; the default filter has none.

        Text labels stand as they are, numbers, bools and label sets as JSON, text that looks like JSON in quotes.
        Labels of other kinds cannot stand in a URL and are left out.
        """
        params = {
            "given": _label_to_param(self.given),
            "suggested": _label_to_param(self.suggested),
            "min": repr(self.min_error_probability) if self.min_error_probability else "",
            "all": "" if self.only_issues else "1",
            "decided": "" if self.undecided_only else "1",
            "q": self.text,
            "unlabelled": "1" if self.unlabelled else "",
            "verdict": str(self.verdict or ""),
            "kind": self.kind or "",
            "problem": self.problem,
            "max": repr(self.max_error_probability) if self.max_error_probability < 1.0 else "",
            "adds": _label_to_param(self.adds),
            "removes": _label_to_param(self.removes),
            "column": self.column,
            "value": self.value,
            "by": self.decided_by,
            "rows": "-".join(map(str, self.rows)),
        }
        return {name: value for name, value in params.items() if value}

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> QueueFilter:
        """
        Read URL query parameters; unknown and damaged ones are ignored, never an error.

        Parameters
        ----------
        params : mapping of str to str
            As made by ``to_params``, or as typed by anyone into the address bar.

        Returns
        -------
        QueueFilter
            The filter; the default where nothing usable was given.
        """
        usable = {name: value for name, value in params.items() if len(value) <= _MAX_PARAM_LENGTH}
        return cls(
            given=_label_from_param(usable.get("given", "")),
            suggested=_label_from_param(usable.get("suggested", "")),
            min_error_probability=_probability_from_param(usable.get("min", "")),
            only_issues=usable.get("all") != "1",
            undecided_only=usable.get("decided") != "1",
            text=usable.get("q", ""),
            unlabelled=usable.get("unlabelled") == "1",
            verdict=_verdict_from_param(usable.get("verdict", "")),
            kind=_kind_from_param(usable.get("kind", "")),
            problem=usable.get("problem", ""),
            max_error_probability=_probability_from_param(usable.get("max", ""), otherwise=1.0),
            adds=_label_from_param(usable.get("adds", "")),
            removes=_label_from_param(usable.get("removes", "")),
            column=usable.get("column", ""),
            value=usable.get("value", ""),
            decided_by=usable.get("by", ""),
            rows=_rows_from_param(usable.get("rows", "")),
        )


def _label_to_param(label: Label | None) -> str:
    if isinstance(label, str):
        return label if _label_from_param(label) == label else json.dumps(label, ensure_ascii=False)
    if isinstance(label, LabelSet):
        members = list(label)
        return json.dumps(members, ensure_ascii=False) if all(map(_is_plain, members)) else ""
    return json.dumps(label) if _is_plain(label) else ""


def _label_from_param(param: str) -> Label | None:
    """Read JSON of one value or of a label set; everything else is text that stands for itself."""
    try:
        value: object = json.loads(param, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return param or None
    if isinstance(value, list) and all(map(_is_plain, value)):
        return LabelSet(value)
    return value if isinstance(value, str | bool | int | float) and _is_plain(value) else param


def _is_plain(value: object) -> bool:
    """Tell whether JSON holds a value as what it is."""
    return isinstance(value, str | bool | int) or (isinstance(value, float) and math.isfinite(value))


def _refuse_constant(name: str) -> None:
    """Keep text such as NaN, which Python's reader takes for a number, what it is."""
    raise ValueError(name)


def _probability_from_param(param: str, *, otherwise: float = 0.0) -> float:
    try:
        value = float(param)
    except ValueError:
        return otherwise
    return value if math.isfinite(value) and 0.0 <= value <= 1.0 else otherwise


def _kind_from_param(param: str) -> QueueKind | None:
    return next((kind for kind in get_args(QueueKind) if kind == param), None)


def _rows_from_param(param: str) -> tuple[int, ...]:
    numbers = param.split("-") if param else []
    usable = (number for number in numbers if number.isascii() and number.isdigit())
    return tuple(int(number) for number in usable if len(number) <= _MAX_ROW_DIGITS)


def _verdict_from_param(param: str) -> Verdict | AnyVerdict | None:
    if param == "any":
        return "any"
    return Verdict(param) if param in set(Verdict) else None
