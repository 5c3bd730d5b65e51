"""Suggestions and noise as the verdicts correct them: which class a wrong label really stands for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from labelclean.arrays import UNLABELLED, CodeArray, CountMatrix, FloatArray, ProbMatrix
from labelclean.core.reranking_data import RankingSignals, Verdicts
from labelclean.core.rounding import round_rows

__all__ = ["LikelyTruths", "corrected_joint", "corrected_suggestions", "likely_truths"]

_PRIOR_VERDICTS = 3.0  # verdicts' worth of belief that a pair is as confused as the learners say
_PRIOR_HABIT = 0.3  # of those, that the reviewer's answer goes by the given label alone
_HABIT_ROUNDS = 20
_CONFIRMED_KEPT = 3  # classes that the reviewer named most often, tried for every row given that label
_SMALLEST = 1e-6
_EVEN = 0.5
_NO_CLASS = -1


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class LikelyTruths:
    """
    Which classes a row is of if its given label is wrong.

    Attributes
    ----------
    classes : ndarray of int64, shape (n_examples, n_candidates)
        Class codes, each once; -1 where there is no candidate.
    shares : ndarray of float64, shape (n_examples, n_candidates)
        0 to 1; each row sums to 1, or to 0 where there is no candidate at all.
    """

    classes: CodeArray
    shares: FloatArray


def likely_truths(signals: RankingSignals, verdicts: Verdicts) -> LikelyTruths:
    """
    Weigh, for each row, the classes other than the given one by the learners and by what the reviewer named so far.

    How often the reviewer named a class for wrong labels of one class is set against how often the learners expected
    it in the same rows; the ratio, shrunk towards 1, corrects their probabilities. Where the reviewer's answers go by
    the given label more than by what the learners see, such as a new class that they cannot see, so do the shares.

    Parameters
    ----------
    signals : RankingSignals
        What the audit knows.
    verdicts : Verdicts
        What the reviewer said.

    Returns
    -------
    LikelyTruths
        Candidates and shares.

    References
    ----------
    Gelman et al. (2013), "Bayesian Data Analysis", 3rd edition, section 2.6 (a gamma prior on a ratio of rates).

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> signals = SimpleNamespace(
    ...     labels=np.array([0, 0, 1]), suggested_labels=np.array([1, 1, 1]),
    ...     error_probabilities=np.array([0.9, 0.8, 0.1]), confident_joint=np.array([[0, 2], [0, 1]]),
    ...     likely_labels=np.tile([1, 0], (3, 1)), likely_probs=np.array([[0.9, 0.1], [0.8, 0.2], [0.9, 0.1]]),
    ... )
    >>> nothing = np.empty(0, dtype=np.int64)
    >>> no_verdicts = SimpleNamespace(rows=nothing, is_wrong=nothing.astype(bool), true_labels=nothing)
    >>> likely_truths(signals, no_verdicts).classes[:, :2]
    array([[ 1, -1],
           [ 1, -1],
           [-1,  0]])
    """
    n_classes = _n_classes(signals, verdicts)
    named = (verdicts.true_labels != UNLABELLED) & verdicts.is_wrong & (signals.labels[verdicts.rows] != UNLABELLED)
    rows, true = verdicts.rows[named], verdicts.true_labels[named]
    given = signals.labels[rows]
    confirmed = np.zeros((n_classes, n_classes))
    np.add.at(confirmed, (given, true), 1.0)
    classes, probs = _candidates(signals, confirmed)
    expected = np.zeros((n_classes, n_classes))
    there = classes[rows] != _NO_CLASS
    cells = np.repeat(given, there.sum(axis=1)), classes[rows][there]
    np.add.at(expected, cells, _as_shares(probs[rows])[there])
    ratios = (confirmed + _PRIOR_VERDICTS) / (expected + _PRIOR_VERDICTS)
    of_row = signals.labels[:, np.newaxis]
    shares = _as_shares(probs * ratios[of_row, classes])
    hits = (np.where(classes[rows] == true[:, np.newaxis], shares[rows], 0.0)).sum(axis=1)
    habits = _habits(confirmed, given, confirmed[given, true], hits)
    usual = _as_shares(np.where(classes == _NO_CLASS, 0.0, confirmed[of_row, classes]))
    weight = np.where(usual.any(axis=1), habits[signals.labels], 0.0)[:, np.newaxis]
    return LikelyTruths(classes=classes, shares=(1.0 - weight) * shares + weight * usual)


def _habits(confirmed: FloatArray, given: CodeArray, n_named: FloatArray, hits: FloatArray) -> FloatArray:
    """
    Return how far what the reviewer names for a class goes by habit, not by what the learners see in the row.

    A mixture of both, its weight found by expectation maximisation; a row does not count towards its own habit.
    """
    n_wrong = confirmed.sum(axis=1)
    others = (n_named - 1.0) / np.maximum(n_wrong[given] - 1.0, 1.0)
    habits = np.zeros(len(confirmed)) + _PRIOR_HABIT / _PRIOR_VERDICTS
    for _ in range(_HABIT_ROUNDS):
        by_habit = habits[given] * others
        either = by_habit + (1.0 - habits[given]) * np.maximum(hits, _SMALLEST)
        sums = np.bincount(given, weights=by_habit / either, minlength=len(confirmed))
        habits = (sums + _PRIOR_HABIT) / (n_wrong + _PRIOR_VERDICTS)
    return np.where(n_wrong > 1.0, habits, 0.0)


def _candidates(signals: RankingSignals, confirmed: FloatArray) -> tuple[CodeArray, FloatArray]:
    """Return the likely classes and those named for the given label, with the learners' probabilities."""
    n_unseen = max(len(confirmed) - signals.likely_labels.shape[1], 1)
    left_over = np.maximum(1.0 - signals.likely_probs.sum(axis=1, dtype=np.float64), 0.0) / n_unseen
    most_named = np.argsort(-confirmed, axis=1, kind="stable")[:, :_CONFIRMED_KEPT]
    most_named = np.where(np.take_along_axis(confirmed, most_named, axis=1) > 0.0, most_named, _NO_CLASS)
    named = most_named[signals.labels]
    named[signals.labels == UNLABELLED] = _NO_CLASS
    known = (named[:, :, np.newaxis] == signals.likely_labels[:, np.newaxis, :]).any(axis=2)
    named = np.where(known, _NO_CLASS, named)
    classes = np.concatenate([signals.likely_labels, named], axis=1).astype(np.int64)
    classes[classes == signals.labels[:, np.newaxis]] = _NO_CLASS
    probs = np.concatenate([signals.likely_probs, np.repeat(left_over[:, np.newaxis], named.shape[1], axis=1)], axis=1)
    return classes, np.where(classes == _NO_CLASS, 0.0, np.maximum(probs, _SMALLEST)).astype(np.float64)


def _as_shares(weights: ProbMatrix) -> FloatArray:
    sums = weights.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(weights, sums, out=np.zeros(weights.shape), where=sums > 0.0), dtype=np.float64)


def _n_classes(signals: RankingSignals, verdicts: Verdicts) -> int:
    return max(len(signals.confident_joint), int(verdicts.true_labels.max(initial=-1)) + 1)


def corrected_suggestions(
    signals: RankingSignals, verdicts: Verdicts, probs: FloatArray, *, before: LikelyTruths, after: LikelyTruths
) -> CodeArray:
    """
    Return the class to suggest for each row.

    Parameters
    ----------
    signals : RankingSignals
        What the audit knows.
    verdicts : Verdicts
        What the reviewer said.
    probs : ndarray of float64, shape (n_examples,)
        P(given label is wrong) after the verdicts.
    before, after : LikelyTruths
        Candidates, as ``likely_truths`` weighs them without and with the verdicts.

    Returns
    -------
    ndarray of int64, shape (n_examples,)
        The audit's suggestion, but where the verdicts changed which class comes first, or made the label likelier
        wrong than right: there another class than the given one. Decided rows have the class that the reviewer named.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> signals = SimpleNamespace(
    ...     labels=np.array([0, 0, 1]), suggested_labels=np.array([1, 1, 1]),
    ...     error_probabilities=np.array([0.9, 0.8, 0.1]), confident_joint=np.array([[0, 2], [0, 1]]),
    ...     likely_labels=np.tile([1, 0], (3, 1)), likely_probs=np.array([[0.9, 0.1], [0.8, 0.2], [0.9, 0.1]]),
    ... )
    >>> nothing = np.empty(0, dtype=np.int64)
    >>> no_verdicts = SimpleNamespace(rows=nothing, is_wrong=nothing.astype(bool), true_labels=nothing)
    >>> verdicts = SimpleNamespace(rows=np.array([0]), is_wrong=np.array([False]), true_labels=np.array([0]))
    >>> before, after = likely_truths(signals, no_verdicts), likely_truths(signals, verdicts)
    >>> probs = np.array([0.0, 0.4, 0.1])
    >>> corrected_suggestions(signals, verdicts, probs, before=before, after=after)
    array([0, 1, 1])
    """
    suggested = signals.suggested_labels.astype(np.int64)
    best = _first(after)
    has_become_wrong = (probs > _EVEN) & ~(signals.error_probabilities > _EVEN)
    other = (signals.labels != UNLABELLED) & (best != _NO_CLASS)
    other &= ((suggested != signals.labels) & (best != _first(before))) | has_become_wrong
    suggested[other] = best[other]
    right = ~verdicts.is_wrong & (signals.labels[verdicts.rows] != UNLABELLED)
    suggested[verdicts.rows[right]] = signals.labels[verdicts.rows[right]]
    named = verdicts.true_labels != UNLABELLED
    suggested[verdicts.rows[named]] = verdicts.true_labels[named]
    return suggested


def _first(truths: LikelyTruths) -> CodeArray:
    best = truths.shares.argmax(axis=1)[:, np.newaxis]
    return np.asarray(np.take_along_axis(truths.classes, best, axis=1)[:, 0], dtype=np.int64)


def corrected_joint(
    signals: RankingSignals, verdicts: Verdicts, probs: FloatArray, *, before: LikelyTruths, after: LikelyTruths
) -> CountMatrix:
    """
    Return the confident joint as the verdicts correct it.

    Decided rows are counted as decided, the others as expected by their new probabilities; where the audit counted
    more or fewer than it expected, so do the undecided rows still. Hence few verdicts change little.

    Parameters
    ----------
    signals : RankingSignals
        What the audit knows.
    verdicts : Verdicts
        What the reviewer said.
    probs : ndarray of float64, shape (n_examples,)
        P(given label is wrong) after the verdicts.
    before, after : LikelyTruths
        Candidates, as ``likely_truths`` weighs them without and with the verdicts.

    Returns
    -------
    ndarray of int64, shape (n_classes, n_classes)
        Rows are given labels, columns true classes; each row sums to what it summed to before.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> signals = SimpleNamespace(
    ...     labels=np.array([0, 0, 1]), suggested_labels=np.array([1, 1, 1]),
    ...     error_probabilities=np.array([0.9, 0.8, 0.1]), confident_joint=np.array([[0, 2], [0, 1]]),
    ...     likely_labels=np.tile([1, 0], (3, 1)), likely_probs=np.array([[0.9, 0.1], [0.8, 0.2], [0.9, 0.1]]),
    ... )
    >>> nothing = np.empty(0, dtype=np.int64)
    >>> no_verdicts = SimpleNamespace(rows=nothing, is_wrong=nothing.astype(bool), true_labels=nothing)
    >>> verdicts = SimpleNamespace(rows=np.array([0]), is_wrong=np.array([False]), true_labels=np.array([0]))
    >>> before, after = likely_truths(signals, no_verdicts), likely_truths(signals, verdicts)
    >>> probs = np.array([0.0, 0.4, 0.1])
    >>> corrected_joint(signals, verdicts, probs, before=before, after=after)
    array([[1, 1],
           [0, 1]])
    """
    n_classes, n_before = _n_classes(signals, verdicts), len(signals.confident_joint)
    audited = np.zeros((n_classes, n_classes))
    audited[:n_before, :n_before] = signals.confident_joint
    expected = _expected_counts(signals, before, signals.error_probabilities, n_classes)
    found = _expected_counts(signals, _decided_truths(after, verdicts), probs, n_classes)
    given = signals.labels[verdicts.rows]
    n_decided = np.bincount(given[given != UNLABELLED], minlength=n_classes)
    n_rows = np.bincount(signals.labels[signals.labels != UNLABELLED], minlength=n_classes)
    undecided = 1.0 - n_decided / np.maximum(n_rows, 1)
    counts = np.maximum(found + undecided[:, np.newaxis] * (audited - expected), 0.0)
    sums, wanted = counts.sum(axis=1, keepdims=True), audited.sum(axis=1, keepdims=True)
    return round_rows(np.divide(counts * wanted, sums, out=audited.copy(), where=sums > 0.0))


def _decided_truths(truths: LikelyTruths, verdicts: Verdicts) -> LikelyTruths:
    """Give the rows whose right class the reviewer named that one candidate."""
    named = verdicts.true_labels != UNLABELLED
    rows = verdicts.rows[named]
    classes, shares = truths.classes.copy(), truths.shares.copy()
    shares[rows] = 0.0
    classes[rows, 0], shares[rows, 0] = verdicts.true_labels[named], 1.0
    return LikelyTruths(classes=classes, shares=shares)


def _expected_counts(signals: RankingSignals, truths: LikelyTruths, probs: FloatArray, n_classes: int) -> FloatArray:
    labelled = np.flatnonzero(signals.labels != UNLABELLED)
    given, wrong = signals.labels[labelled], probs[labelled]
    shares = truths.shares[labelled]
    certain = wrong * shares.sum(axis=1)  # where no other class is in sight, nothing moves
    cells = given[:, np.newaxis] * n_classes + np.maximum(truths.classes[labelled], 0)
    counts = np.bincount(cells.ravel(), weights=(wrong[:, np.newaxis] * shares).ravel(), minlength=n_classes**2)
    counts += np.bincount(given * (n_classes + 1), weights=1.0 - certain, minlength=n_classes**2)
    return np.asarray(counts.reshape(n_classes, n_classes), dtype=np.float64)
