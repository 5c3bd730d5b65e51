"""Which rows are reviewed, and in which order: filters over the results of a run, and the snapshot they make."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from labelclean.arrays import UNLABELLED, CodeArray, FloatArray, IndexArray, Label, MaskArray, ProbMatrix, freeze
from labelclean.dataset import label_key
from labelclean.review.decisions import ReviewEvent, Verdict
from labelclean.review.queue_filter import AnyVerdict, QueueFilter

__all__ = ["QueueSources", "ReviewQueue", "ReviewedRun", "TextSources", "build_queue", "fold_texts"]

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


class QueueSources(Protocol):
    """What a filter can ask about the rows beyond the run and the decisions."""

    @property
    def folded_texts(self) -> Sequence[str]:
        """The texts as ``fold_texts`` returns them."""

    def rows_with(self, column: str, value: str) -> IndexArray:
        """Return the rows with a value in another column of the file, as it stands there."""

    def rows_with_problem(self, problem: str) -> IndexArray:
        """Return the rows with a problem of the data, worst first."""

    def groups(self) -> IndexArray:
        """Return for each row the group of its near-copies, int64, shape (n_examples,); a row alone is its own."""


@dataclass(frozen=True, eq=False, kw_only=True)
class TextSources:
    """Sources with nothing but the texts: what needs more finds no row."""

    folded_texts: Sequence[str]

    def rows_with(self, column: str, value: str) -> IndexArray:  # noqa: ARG002  (the signature of the protocol)
        """Return no row."""
        return np.empty(0, dtype=np.int64)

    def rows_with_problem(self, problem: str) -> IndexArray:  # noqa: ARG002  (likewise)
        """Return no row."""
        return np.empty(0, dtype=np.int64)

    def groups(self) -> IndexArray:
        """Return each row as its own group."""
        return np.arange(len(self.folded_texts), dtype=np.int64)


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
    sources: QueueSources,
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
    sources : QueueSources
        The texts, and what else the filter may ask about the rows.
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
    if queue_filter.rows:
        named = np.array([row for row in queue_filter.rows if row < len(run.labels)], dtype=np.int64)
        undecided = named[verdicts[named] == _UNDECIDED] if queue_filter.undecided_only else named
        return ReviewQueue(queue_filter=queue_filter, rows=undecided, matching_rows=named, run_id=run_id)
    keep = _class_mask(run, queue_filter)
    if queue_filter.verdict is not None:
        keep &= _has_verdict(verdicts, queue_filter.verdict)
    elif queue_filter.only_issues and not queue_filter.unlabelled:
        keep &= run.is_issue
    matching = run.ranked_rows[keep[run.ranked_rows]]
    if queue_filter.text:
        # Last, because it is the only condition that costs a step per row.
        needle = queue_filter.text.casefold()
        folded_texts = sources.folded_texts
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
