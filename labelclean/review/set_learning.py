"""Learning from decisions about label sets: which labels are rightly and which are wrongly doubted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.special import expit, logit

from labelclean.arrays import UNLABELLED, CodeArray, FloatArray, IndexArray, Label, MaskArray
from labelclean.core.cell_reranking import LabelCellOdds, cell_moves, moved_rows
from labelclean.core.noise import estimate_noise
from labelclean.core.reranking_model import learn_weights
from labelclean.dataset import label_key
from labelclean.label_set import LabelSet
from labelclean.results import NoiseEstimate
from labelclean.review.decisions import ReviewEvent, Verdict
from labelclean.review.label_cells import LabelCells
from labelclean.review.lesson_account import expected_errors, verdict_folds
from labelclean.review.lesson_words import LessonAccount
from labelclean.review.queue import ReviewedRun
from labelclean.review.set_habits import set_habits

__all__ = ["LearnedSets", "learn_sets"]

_SURE, _BELIEVABLE = 1e-6, 8.0
_EVEN = 0.5
_LEAST_MOVE = 0.1
_LOOKED_INTO = 0.2  # rows less suspect than this keep their suggestion
_CHECKED_FROM = 20
_RELUCTANCE = 1.0


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class LearnedSets:
    """
    What decisions about label sets say about every row.

    Attributes
    ----------
    error_probabilities : ndarray of float64, shape (n_examples,)
        P(the set is wrong); NaN for rows without a set.
    suggested_labels : ndarray of int64, shape (n_examples,)
        Codes of the suggested sets.
    is_issue : ndarray of bool, shape (n_examples,)
        The set is likelier wrong than right.
    noise : NoiseEstimate
        Over right sets and wrong ones.
    account : LessonAccount
        What was learned.
    """

    error_probabilities: FloatArray
    suggested_labels: CodeArray
    is_issue: MaskArray
    noise: NoiseEstimate
    account: LessonAccount


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class _SetVerdicts:
    """Decided rows, the set that each should have, and which of its labels were wrong as given."""

    rows: IndexArray
    truths: tuple[LabelSet, ...]
    is_wrong: MaskArray
    are_cells_wrong: MaskArray

    def part(self, some: IndexArray) -> _SetVerdicts:
        return _SetVerdicts(
            rows=self.rows[some],
            truths=tuple(self.truths[place] for place in some.tolist()),
            is_wrong=self.is_wrong[some],
            are_cells_wrong=self.are_cells_wrong[some],
        )


def learn_sets(run: ReviewedRun, cells: LabelCells, decisions: Mapping[int, ReviewEvent]) -> LearnedSets:
    """
    Re-rank the rows of a dataset with label sets by the decisions in force.

    Parameters
    ----------
    run : ReviewedRun
        As the audit made it; its classes are label sets.
    cells : LabelCells
        The labels that matter in each row.
    decisions : mapping of int to ReviewEvent
        By row.

    Returns
    -------
    LearnedSets
        The audit's own where the decisions teach nothing.
    """
    odds = _cell_odds(run, cells)
    verdicts = _verdicts_of(run, cells, odds, decisions)
    probs, moves = _ranked(run, odds, verdicts)
    suggested = run.suggested_labels.astype(np.int64)
    is_open = run.labels != UNLABELLED
    is_open[list(decisions)] = False
    better = _suggestions(run, cells, moves, np.flatnonzero(is_open & (probs > _LOOKED_INTO)))
    suggested[list(better)] = list(better.values())
    is_issue = np.where((run.error_probabilities > _EVEN) == (probs > _EVEN), run.is_issue, probs > _EVEN) & is_open
    before, after = _agreement(run, cells, odds, verdicts)
    return LearnedSets(
        error_probabilities=probs,
        suggested_labels=suggested,
        is_issue=is_issue,
        noise=_right_and_wrong(run.labels, probs, verdicts),
        account=LessonAccount(
            n_decisions=len(verdicts.rows),
            habits=set_habits(
                odds, moves, verdicts.rows, verdicts.are_cells_wrong, is_open=is_open, members=cells.members
            ),
            errors_before=expected_errors(run.error_probabilities, is_open),
            errors_after=expected_errors(probs, is_open),
            agreement_before=before,
            agreement_after=after,
            is_held_out=after is not None,
        ),
    )


def _cell_odds(run: ReviewedRun, cells: LabelCells) -> LabelCellOdds:
    """Turn how likely labels belong into how likely what was given of them is wrong."""
    n_labels = len(cells.members)
    codes = cells.codes.astype(np.int64)
    place_of = {label_key(label): code for code, label in enumerate(cells.members)}
    keys = [
        number * n_labels + place_of[label_key(label)]
        for number, labels in enumerate(run.class_names)
        if isinstance(labels, LabelSet)
        for label in labels
        if label_key(label) in place_of
    ]
    in_sets = np.sort(np.array([*keys, np.iinfo(np.int64).max], dtype=np.int64))
    asked = run.labels[:, np.newaxis] * n_labels + codes
    is_given = (in_sets[np.searchsorted(in_sets, asked)] == asked) & (codes >= 0)
    is_given &= (run.labels != UNLABELLED)[:, np.newaxis]
    probs = cells.probs.astype(np.float64)
    errors = np.where(is_given, 1.0 - probs, probs)
    codes = np.where((run.labels != UNLABELLED)[:, np.newaxis], codes, -1)
    return LabelCellOdds(codes=codes, is_given=is_given, errors=errors, n_labels=n_labels)


def _verdicts_of(
    run: ReviewedRun, cells: LabelCells, odds: LabelCellOdds, decisions: Mapping[int, ReviewEvent]
) -> _SetVerdicts:
    rows: list[int] = []
    truths: list[LabelSet] = []
    for row, event in decisions.items():
        given = run.class_names[run.labels[row]] if run.labels[row] != UNLABELLED else None
        truth = given if event.verdict is Verdict.KEEP else event.label
        telling = event.verdict in {Verdict.KEEP, Verdict.ACCEPT, Verdict.RELABEL}
        if telling and isinstance(given, LabelSet) and isinstance(truth, LabelSet):
            rows.append(row)
            truths.append(truth)
    places = np.array(rows, dtype=np.int64)
    belongs = np.zeros((len(rows), odds.codes.shape[1]), dtype=np.bool_)
    for place, (row, truth) in enumerate(zip(rows, truths, strict=True)):
        codes = odds.codes[row].tolist()
        belongs[place] = [code >= 0 and cells.members[code] in truth for code in codes]
    is_wrong = [truth != run.class_names[run.labels[row]] for row, truth in zip(rows, truths, strict=True)]
    return _SetVerdicts(
        rows=places,
        truths=tuple(truths),
        is_wrong=np.array(is_wrong, dtype=np.bool_),
        are_cells_wrong=(belongs != odds.is_given[places]) & (odds.codes[places] >= 0),
    )


def _ranked(run: ReviewedRun, odds: LabelCellOdds, verdicts: _SetVerdicts) -> tuple[FloatArray, FloatArray]:
    """Return every row's probability after the verdicts, and the moves of its labels."""
    moves = cell_moves(odds, verdicts.rows, verdicts.are_cells_wrong)
    moved = moved_rows(odds, run.error_probabilities, moves)
    if not len(verdicts.rows):
        return moved, moves
    log_odds = np.clip(logit(np.clip(moved, _SURE, 1.0 - _SURE)), -_BELIEVABLE, _BELIEVABLE)
    numbers = np.column_stack([np.ones(len(log_odds)), log_odds / 2.0])
    learnt = learn_weights(
        sparse.csr_array(numbers[verdicts.rows]),
        np.array([0, 1], dtype=np.int64),
        log_odds[verdicts.rows],
        verdicts.is_wrong,
        spread_rates=np.full(2, _RELUCTANCE),
    )
    return np.asarray(expit(log_odds + numbers @ learnt.weights), dtype=np.float64), moves


def _suggestions(run: ReviewedRun, cells: LabelCells, moves: FloatArray, rows: IndexArray) -> dict[int, int]:
    """Return the rows whose likeliest other set is another one after the moves, with its code."""
    changed: dict[int, int] = {}
    for row in rows[np.abs(moves[rows]).max(axis=1, initial=0.0) > _LEAST_MOVE].tolist():
        given = run.labels[row]
        base = run.class_names[given]
        codes, probs = run.likely_labels[row], run.likely_probs[row].astype(np.float64)
        other = np.flatnonzero(codes != given)
        if not len(other) or not isinstance(base, LabelSet):
            continue
        weights = [probs[place] * _boost(base, run.class_names[codes[place]], cells, row, moves) for place in other]
        best, first = other[int(np.argmax(weights))], other[int(np.argmax(probs[other]))]
        if best != first:
            changed[row] = int(codes[best])
    return changed


def _boost(base: LabelSet, candidate: Label, cells: LabelCells, row: int, moves: FloatArray) -> float:
    """Return by which factor the odds of a set change: as those of the labels in which it differs."""
    if not isinstance(candidate, LabelSet):
        return 1.0
    total = 0.0
    for code, move in zip(cells.codes[row].tolist(), moves[row].tolist(), strict=True):
        if code >= 0 and (cells.members[code] in base) != (cells.members[code] in candidate):
            total += move
    return float(np.exp(total))


def _agreement(
    run: ReviewedRun, cells: LabelCells, odds: LabelCellOdds, verdicts: _SetVerdicts
) -> tuple[float | None, float | None]:
    """Return how often the ranking said what was decided, by the audit and learned without the row in question."""
    if len(verdicts.rows) < _CHECKED_FROM:
        return None, None
    before = _said(run, run.error_probabilities, {}, verdicts.rows)
    after = before.copy()
    folds = verdict_folds(len(verdicts.rows))
    for fold in np.unique(folds):
        asked = folds == fold
        probs, moves = _ranked(run, odds, verdicts.part(np.flatnonzero(~asked)))
        rows = verdicts.rows[asked]
        after[asked] = _said(run, probs, _suggestions(run, cells, moves, rows), rows)
    return _share_right(run.class_names, before, verdicts), _share_right(run.class_names, after, verdicts)


def _said(run: ReviewedRun, probs: FloatArray, better: Mapping[int, int], rows: IndexArray) -> CodeArray:
    suggested = [better.get(row, int(run.suggested_labels[row])) for row in rows.tolist()]
    return np.where(probs[rows] > _EVEN, np.array(suggested, dtype=np.int64), run.labels[rows])


def _share_right(class_names: Sequence[Label], said: CodeArray, verdicts: _SetVerdicts) -> float:
    right = [class_names[code] == truth for code, truth in zip(said.tolist(), verdicts.truths, strict=True)]
    return float(np.mean(right))


def _right_and_wrong(labels: CodeArray, probs: FloatArray, verdicts: _SetVerdicts) -> NoiseEstimate:
    """Return an estimate over two classes: rows whose set is right, and rows whose set is wrong."""
    known = probs.copy()
    known[verdicts.rows] = verdicts.is_wrong
    n_labelled = int(np.count_nonzero(labels != UNLABELLED))
    n_wrong = min(n_labelled, round(float(np.nansum(known))))
    return estimate_noise(np.array([[n_labelled - n_wrong, n_wrong], [0, 0]], dtype=np.int64))
