"""Learning from decisions: what the reviewer said as verdicts on arrays, and the ranking that follows from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import UNLABELLED, CodeArray, FloatArray, IndexArray, Label, MaskArray, freeze_fields
from labelclean.core.reranking_data import RankingSignals, Reranking, Verdicts, ViewLogOdds
from labelclean.dataset import label_key
from labelclean.errors import InvalidInputError
from labelclean.models.blas_threads import one_blas_thread
from labelclean.results import NoiseEstimate
from labelclean.review.decisions import ReviewEvent, Verdict
from labelclean.review.label_cells import LabelCells
from labelclean.review.lesson_words import LessonAccount
from labelclean.review.queue import ReviewedRun

__all__ = ["LEARN_FROM", "JudgedRun", "LearnedRanking", "keep_decided", "learn", "usable_decisions", "verdicts_of"]

LEARN_FROM = 10
"""The fewest decisions from which something can be learnt."""

_NEXT_ROWS = 50  # a reviewer's next hour
_Kind = TypeVar("_Kind", bound=np.generic)
_WRONG = {Verdict.ACCEPT, Verdict.RELABEL}
_TELLING = {*_WRONG, Verdict.KEEP}


class JudgedRun(ReviewedRun, Protocol):
    """What learning needs of an audit's result beyond what reviewing needs."""

    @property
    def noise(self) -> NoiseEstimate:
        """The noise of the labelled rows."""

    @property
    def label_cells(self) -> LabelCells | None:
        """Of label sets: the labels that matter in each row."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class LearnedRanking:
    """
    The columns of a run as the decisions correct them.

    Rows that were decided keep what the audit said of them: what was shown when they were decided stays in sight, and
    an undone decision leaves its row where it was.

    Attributes
    ----------
    new_labels : tuple of hashable
        Classes that reviewers made; their codes follow those of the run.
    suggested_labels : ndarray of int64, shape (n_examples,)
        Most likely class codes.
    error_probabilities : ndarray of float64, shape (n_examples,)
        P(given label is wrong); NaN for unlabelled rows.
    is_issue : ndarray of bool, shape (n_examples,)
        True where the label is flagged.
    ranked_rows : ndarray of int64, shape (n_examples,)
        Row positions, most suspect first.
    noise : NoiseEstimate
        Over the classes of the run and the new ones.
    n_verdicts : int
        Decisions it was learnt from.
    moved : float
        0 to 1: how far they moved the ranking.
    account : LessonAccount or None
        What was learned, in figures for sentences.
    """

    new_labels: tuple[Label, ...]
    suggested_labels: CodeArray
    error_probabilities: FloatArray
    is_issue: MaskArray
    ranked_rows: IndexArray
    noise: NoiseEstimate
    n_verdicts: int
    moved: float
    account: LessonAccount | None = None

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)


def learn(run: JudgedRun, signals: bytes | None, decisions: Mapping[int, ReviewEvent]) -> LearnedRanking:
    """
    Re-rank a run by the decisions in force.

    Parameters
    ----------
    run : JudgedRun
        As the audit made it.
    signals : bytes or None
        What the learners said, as ``ViewLogOdds.to_bytes`` packed it; None where that was not kept.
    decisions : mapping of int to ReviewEvent
        By row, in the order they were made.

    Returns
    -------
    LearnedRanking
        The same for the same decisions, however often something was learnt before.

    Raises
    ------
    InvalidInputError
        If fewer than ``LEARN_FROM`` decisions say whether a label was wrong, or the signals are damaged.
    """
    verdicts, new_labels = verdicts_of(decisions, run.labels, run.class_names)
    if len(verdicts) < LEARN_FROM:
        raise InvalidInputError(
            f"At least {LEARN_FROM} decisions must say whether a label was wrong; got {len(verdicts):,}.",
            fix="Decide some more rows: keep, accept or another class.",
        )
    if run.label_cells is not None:
        return _learn_sets(run, run.label_cells, decisions, verdicts)
    from labelclean.core.reranking import rerank  # noqa: PLC0415  (loads scipy; reviewing alone does not need it)
    from labelclean.review.lesson_account import account_of  # noqa: PLC0415

    with one_blas_thread():  # on a busy machine several wait for each other, seconds instead of tenths
        known = _signals_of(run, signals)
        reranking = rerank(known, verdicts)
        account = account_of(known, verdicts, reranking, (*run.class_names, *new_labels))
    return replace(keep_decided(run, reranking, verdicts, new_labels), account=account)


def _learn_sets(
    run: JudgedRun, cells: LabelCells, decisions: Mapping[int, ReviewEvent], verdicts: Verdicts
) -> LearnedRanking:
    from labelclean.review.set_learning import learn_sets  # noqa: PLC0415  (loads scipy)

    with one_blas_thread():
        learnt = learn_sets(run, cells, decisions)
    probabilities = _with(learnt.error_probabilities, run.error_probabilities, verdicts.rows)
    order = run.ranked_rows[np.argsort(-probabilities[run.ranked_rows], kind="stable")]
    before = run.ranked_rows[np.isin(run.ranked_rows, verdicts.rows, invert=True)][:_NEXT_ROWS]
    after = order[np.isin(order, verdicts.rows, invert=True)][:_NEXT_ROWS]
    return LearnedRanking(
        new_labels=(),
        suggested_labels=_with(learnt.suggested_labels, run.suggested_labels, verdicts.rows),
        error_probabilities=probabilities,
        is_issue=_with(learnt.is_issue, run.is_issue, verdicts.rows, verdicts.set_aside),
        ranked_rows=order,
        noise=learnt.noise,
        n_verdicts=len(verdicts),
        moved=1.0 - len(np.intersect1d(before, after)) / max(len(after), 1),
        account=learnt.account,
    )


def _signals_of(run: JudgedRun, packed: bytes | None) -> RankingSignals:
    nothing = ViewLogOdds(names=(), values=np.empty((len(run.labels), 0), dtype=np.float32))
    return RankingSignals(
        labels=run.labels,
        error_probabilities=run.error_probabilities,
        label_quality_scores=run.label_quality_scores,
        suggested_labels=run.suggested_labels,
        is_issue=run.is_issue,
        likely_labels=run.likely_labels,
        likely_probs=run.likely_probs,
        confident_joint=run.noise.confident_joint,
        views=nothing if packed is None else ViewLogOdds.from_bytes(packed),
    )


def usable_decisions(decisions: Mapping[int, ReviewEvent], labels: CodeArray) -> int:
    """Return how many decisions say whether a given label was wrong."""
    return sum(event.verdict in _TELLING and labels[row] != UNLABELLED for row, event in decisions.items())


def verdicts_of(
    decisions: Mapping[int, ReviewEvent], labels: CodeArray, class_names: Sequence[Label]
) -> tuple[Verdicts, tuple[Label, ...]]:
    """
    Put decisions into arrays.

    Parameters
    ----------
    decisions : mapping of int to ReviewEvent
        The decisions in force, by row, in the order they were made.
    labels : ndarray of int64, shape (n_examples,)
        Given class codes; -1 where no label was given. A decision on such a row says nothing about a given label.
    class_names : sequence of hashable
        The classes of the audit.

    Returns
    -------
    Verdicts
        Accepted and relabelled rows are wrong (unless the label is the given one), kept ones right; ambiguous, unsure
        and excluded ones are set aside.
    tuple of hashable
        The classes that reviewers made, in the order of their codes.
    """
    codes = {label_key(name): code for code, name in enumerate(class_names)}
    new_labels: list[Label] = []
    telling: list[tuple[int, bool, int]] = []
    set_aside: list[int] = []
    for row, event in decisions.items():
        given = int(labels[row])
        if event.verdict in _WRONG and event.label is not None:
            true_label = codes.setdefault(label_key(event.label), len(codes))
            if true_label == len(class_names) + len(new_labels):
                new_labels.append(event.label)
        else:
            true_label = given
        if given == UNLABELLED or event.verdict not in _TELLING:
            set_aside.append(row)
        else:
            telling.append((row, true_label != given, true_label))
    rows, is_wrong, true_labels = zip(*telling, strict=True) if telling else ((), (), ())
    verdicts = Verdicts(
        rows=np.array(rows, dtype=np.int64),
        is_wrong=np.array(is_wrong, dtype=np.bool_),
        true_labels=np.array(true_labels, dtype=np.int64),
        set_aside=np.array(set_aside, dtype=np.int64),
    )
    return verdicts, tuple(new_labels)


def keep_decided(
    run: ReviewedRun, reranking: Reranking, verdicts: Verdicts, new_labels: tuple[Label, ...]
) -> LearnedRanking:
    """
    Lay a re-ranking over a run, but for the rows that are decided.

    Parameters
    ----------
    run : ReviewedRun
        What the audit said.
    reranking : Reranking
        What follows from the verdicts.
    verdicts : Verdicts
        They say which rows are decided. Rows set aside keep their flag alone: their suggestions may get better.
    new_labels : tuple of hashable
        The classes that reviewers made.

    Returns
    -------
    LearnedRanking
        Ranked by the new error probabilities; rows of the same one in the order of the re-ranking.
    """
    probabilities = _with(reranking.error_probabilities, run.error_probabilities, verdicts.rows)
    flags = _with(reranking.is_issue, run.is_issue, verdicts.rows, verdicts.set_aside)
    order = np.argsort(-probabilities[reranking.ranked_rows], kind="stable")  # NaN, the unlabelled rows, comes last
    return LearnedRanking(
        new_labels=new_labels,
        suggested_labels=_with(reranking.suggested_labels, run.suggested_labels, verdicts.rows),
        error_probabilities=probabilities,
        is_issue=flags,
        ranked_rows=reranking.ranked_rows[order],
        noise=reranking.noise,
        n_verdicts=len(verdicts),
        moved=reranking.moved,
    )


def _with(new: NDArray[_Kind], old: NDArray[_Kind], *rows: IndexArray) -> NDArray[_Kind]:
    """Return the new column with the old values in some rows."""
    column = new.copy()
    for some in rows:
        column[some] = old[some]
    return column
