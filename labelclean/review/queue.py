"""Which rows are reviewed, and in which order: filters over the results of a run, and the snapshot they make."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, Protocol, TypeAlias

import numpy as np

from labelclean.arrays import UNLABELLED, CodeArray, FloatArray, IndexArray, Label, MaskArray, ProbMatrix, freeze
from labelclean.dataset import label_key
from labelclean.errors import InvalidInputError
from labelclean.review.decisions import ReviewEvent, Verdict

__all__ = ["AnyVerdict", "QueueFilter", "ReviewQueue", "ReviewedRun", "build_queue", "fold_texts"]

AnyVerdict: TypeAlias = Literal["any"]
"""Stands for every verdict in a filter by decision."""

_MAX_PARAM_LENGTH = 1_000
_UNDECIDED = -1
_VERDICT_CODES = {verdict: code for code, verdict in enumerate(Verdict)}


class ReviewedRun(Protocol):
    """What reviewing needs of an audit's result; both the result itself and its stored form have it."""

    @property
    def class_names(self) -> tuple[Label, ...]:
        """The classes as the user spells them."""

    @property
    def labels(self) -> CodeArray:
        """Given class codes; -1 where no label was given."""

    @property
    def suggested_labels(self) -> CodeArray:
        """Most likely class codes."""

    @property
    def label_quality_scores(self) -> FloatArray:
        """Held-out probability of the given label; NaN for unlabelled rows."""

    @property
    def error_probabilities(self) -> FloatArray:
        """Estimated P(given label is wrong); NaN for unlabelled rows."""

    @property
    def is_issue(self) -> MaskArray:
        """True where the label is flagged."""

    @property
    def ranked_rows(self) -> IndexArray:
        """Row positions, most suspect first."""

    @property
    def likely_labels(self) -> CodeArray:
        """The most likely classes of each row, best first."""

    @property
    def likely_probs(self) -> ProbMatrix:
        """Their held-out probabilities."""


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
    """

    given: Label | None = None
    suggested: Label | None = None
    min_error_probability: float = 0.0
    only_issues: bool = True
    undecided_only: bool = True
    text: str = ""
    unlabelled: bool = False
    verdict: Verdict | AnyVerdict | None = None

    def __post_init__(self) -> None:
        """Refuse a probability that is none."""
        if not 0.0 <= self.min_error_probability <= 1.0:
            raise InvalidInputError(
                f"min_error_probability must be between 0 and 1; got {self.min_error_probability}.",
                fix="Give a share, such as 0.8 for 80 %.",
            )

    @classmethod
    def of_pair(cls, given: Label, suggested: Label, *, undecided_only: bool = True) -> QueueFilter:
        """Return the filter of a cell of the noise matrix: all rows of that class pair, flagged or not."""
        return cls(given=given, suggested=suggested, only_issues=False, undecided_only=undecided_only)

    def to_params(self) -> dict[str, str]:
        """
        Return short URL query parameters; the default filter has none.

        Text labels stand as they are, numbers and bools as JSON, text that looks like JSON in quotes. Labels of
        other kinds cannot stand in a URL and are left out.
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
        )


@dataclass(frozen=True, eq=False, kw_only=True)
class ReviewQueue:
    """
    The rows to review, as they were when the filter was applied.

    Rows decided later stay, so that going back works.

    Attributes
    ----------
    queue_filter : QueueFilter
        What was asked for.
    rows : ndarray of int64, shape (n_rows,)
        The snapshot, in the order of review.
    matching_rows : ndarray of int64
        The rows that match but for ``undecided_only``: what progress is counted in. Same order.
    run_id : str
        The run whose results made the queue.
    """

    queue_filter: QueueFilter
    rows: IndexArray
    matching_rows: IndexArray
    run_id: str = ""

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze(self.rows)
        freeze(self.matching_rows)

    def __len__(self) -> int:
        """Return the number of rows in the snapshot."""
        return len(self.rows)

    @cached_property
    def digest(self) -> str:
        """A short name that changes when the filter, the run or the rows change."""
        named = json.dumps([self.run_id, self.queue_filter.to_params()], sort_keys=True)
        digest = hashlib.sha256(named.encode("utf-8", "replace"))
        digest.update(np.ascontiguousarray(self.rows, dtype="<i8").tobytes())
        return digest.hexdigest()[:16]

    @cached_property
    def _places(self) -> dict[int, int]:
        return {row: index for index, row in enumerate(self.rows.tolist())}

    def index_of(self, row: int) -> int | None:
        """Return where a row stands in the queue, or None."""
        return self._places.get(row)

    @cached_property
    def _matching(self) -> frozenset[int]:
        return frozenset(self.matching_rows.tolist())

    def matches(self, row: int) -> bool:
        """Tell whether a row matches the filter, whether or not it was decided when the queue was made."""
        return row in self._matching


def fold_texts(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the texts ready for a search that ignores case; worth keeping, since folding 100k texts takes time."""
    return tuple(text.casefold() for text in texts)


def build_queue(
    run: ReviewedRun,
    folded_texts: Sequence[str],
    queue_filter: QueueFilter,
    decisions: Mapping[int, ReviewEvent],
    *,
    run_id: str = "",
) -> ReviewQueue:
    """
    Take the snapshot of the rows that match a filter now.

    Parameters
    ----------
    run : ReviewedRun
        The result of the audit.
    folded_texts : sequence of str, length n_examples
        The texts as ``fold_texts`` returns them.
    queue_filter : QueueFilter
        What the reviewer wants to see.
    decisions : mapping of int to ReviewEvent
        The decisions in force, by row.
    run_id : str, default=""
        Distinguishes the queues of two runs that rank alike.

    Returns
    -------
    ReviewQueue
        Most suspect rows first; rows by verdict likewise; unlabelled rows in file order.
    """
    verdicts = _verdict_codes(decisions, len(run.labels))
    keep = _class_mask(run, queue_filter)
    if queue_filter.verdict is not None:
        keep &= _has_verdict(verdicts, queue_filter.verdict)
    elif queue_filter.only_issues and not queue_filter.unlabelled:
        keep &= run.is_issue
    matching = run.ranked_rows[keep[run.ranked_rows]]
    if queue_filter.text:
        # Last, because it is the only condition that costs a step per row.
        needle = queue_filter.text.casefold()
        matching = matching[np.fromiter((needle in folded_texts[row] for row in matching.tolist()), dtype=np.bool_)]
    rows = matching
    if queue_filter.undecided_only and queue_filter.verdict is None:
        rows = matching[verdicts[matching] == _UNDECIDED]
    return ReviewQueue(
        queue_filter=queue_filter,
        rows=np.array(rows, dtype=np.int64),
        matching_rows=np.array(matching, dtype=np.int64),
        run_id=run_id,
    )


def _class_mask(run: ReviewedRun, queue_filter: QueueFilter) -> MaskArray:
    """Tell which rows have the classes, the label and the error probability that are asked for."""
    is_unlabelled: MaskArray = run.labels == UNLABELLED
    keep = is_unlabelled.copy() if queue_filter.unlabelled else np.ones(len(run.labels), dtype=np.bool_)
    if queue_filter.suggested is not None:
        keep &= run.suggested_labels == _code_of(run, queue_filter.suggested)
    if queue_filter.unlabelled:
        return keep
    if queue_filter.given is not None:
        keep &= run.labels == _code_of(run, queue_filter.given)
    if queue_filter.min_error_probability > 0:
        # A comparison with NaN is False: unlabelled rows have no error probability and stay out.
        keep &= run.error_probabilities >= queue_filter.min_error_probability
    return keep


def _code_of(run: ReviewedRun, label: Label) -> int:
    """Return the code of a class; -2, which no row has, where there is no such class."""
    key = label_key(label)
    return next((code for code, name in enumerate(run.class_names) if label_key(name) == key), UNLABELLED - 1)


def _verdict_codes(decisions: Mapping[int, ReviewEvent], n_examples: int) -> CodeArray:
    codes = np.full(n_examples, _UNDECIDED, dtype=np.int64)
    for row, event in decisions.items():
        if 0 <= row < n_examples and event.verdict is not None:
            codes[row] = _VERDICT_CODES[event.verdict]
    return codes


def _has_verdict(verdicts: CodeArray, verdict: Verdict | AnyVerdict) -> MaskArray:
    found: MaskArray = verdicts != _UNDECIDED if verdict == "any" else verdicts == _VERDICT_CODES[Verdict(verdict)]
    return found


def _label_to_param(label: Label | None) -> str:
    if isinstance(label, str):
        return label if _label_from_param(label) == label else json.dumps(label, ensure_ascii=False)
    return json.dumps(label) if isinstance(label, bool | int | float) else ""


def _label_from_param(param: str) -> Label | None:
    """Read JSON of one value; everything else is text that stands for itself."""
    try:
        value: object = json.loads(param, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return param or None
    return value if isinstance(value, str | bool | int | float) else param


def _refuse_constant(name: str) -> None:
    """Keep text such as NaN, which Python's reader takes for a number, what it is."""
    raise ValueError(name)


def _probability_from_param(param: str) -> float:
    try:
        value = float(param)
    except ValueError:
        return 0.0
    return value if math.isfinite(value) and 0.0 <= value <= 1.0 else 0.0


def _verdict_from_param(param: str) -> Verdict | AnyVerdict | None:
    if param == "any":
        return "any"
    return Verdict(param) if param in set(Verdict) else None
