"""What the other labels of a row say about each label, on top of the text; used only where it explains rows better."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from labelclean.arrays import FloatArray, IndexArray, freeze_fields
from labelclean.core.chunks import row_chunks
from labelclean.models.folds import NO_FOLD
from labelclean.models.label_sets.calibration import sampled_rows
from labelclean.models.label_sets.cell_errors import LabelNoise, estimate_label_noise, evidence_of_given
from labelclean.models.label_sets.types import Cells, GivenTable
from labelclean.models.lbfgs import minimise
from labelclean.protocols import Progress, no_progress

__all__ = ["Cooccurrence", "with_cooccurrence"]

_MOST_FOLDS = 5
_MOST_CELLS = 2_000_000  # of the rows that one model is trained on
_PENALTY = 10.0
_PENALTY_OF_BIAS = 1.0
_MOST_STEPS = 60
_RELATIVE_CHANGE = 1e-5
_CLEAR = 3.0  # standard errors
_ALMOST_NEVER = np.float32(1e-6)
_STEP = "Learning which labels go together"


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Cooccurrence:
    """
    Log-odds that know the other labels, and whether they are worth using.

    Attributes
    ----------
    log_odds : ndarray of float32, shape (n_examples, n_labels)
        Log-odds of a label given the text and what the row's other labels probably are; rows without a label set: as
        before. Where ``is_used`` is False, all are as before.
    gain : float
        Mean gain of a row's held-out log-likelihood (natural logarithm).
    standard_error : float
        Of that mean.
    is_used : bool
        Whether the gain is more than three standard errors above 0.
    text : ndarray of float32, shape (n_examples, n_labels)
        Log-odds from the text alone.
    models : tuple
        What each fold's other rows say about labels that go together; empty where nothing was learnt.
    model_of : ndarray of int64, shape (n_examples,)
        Which of them did not see a row; -1 for rows without a label set.
    """

    log_odds: Cells
    gain: float
    standard_error: float
    is_used: bool
    text: Cells
    models: tuple[_Model, ...]
    model_of: IndexArray

    def __post_init__(self) -> None:
        """Make the tables read-only."""
        freeze_fields(self)

    def beside(self, sets: GivenTable, rows: slice) -> Cells:
        """
        Return the held-out log-odds of each label of some rows, taking other labels at their word.

        Parameters
        ----------
        sets : ndarray of bool, shape (n_rows, n_labels)
            The labels that these rows are taken to have.
        rows : slice
            The rows.

        Returns
        -------
        ndarray of float32, shape (n_rows, n_labels)
            Log-odds given the text and the other labels; from the text alone where the others are not used, and in rows
            without a label set.
        """
        found = self.text[rows].copy()
        if self.is_used:
            for place, model in enumerate(self.models):
                of_model = np.flatnonzero(self.model_of[rows] == place)
                found[of_model] = model.log_odds(found[of_model], sets[of_model].astype(np.float32))
        return found


def with_cooccurrence(
    log_odds: Cells, is_given: GivenTable, folds: IndexArray, *, progress: Progress = no_progress
) -> Cooccurrence:
    """
    Add what the other given labels say, if rows that were held out are clearly likelier with it than without.

    Parameters
    ----------
    log_odds : ndarray of float32, shape (n_examples, n_labels)
        Calibrated held-out log-odds from the text alone.
    is_given : ndarray of bool, shape (n_examples, n_labels)
        Whether a row was given a label.
    folds : ndarray of int64, shape (n_examples,)
        Fold of each row with a label set; -1 for the others.
    progress : Progress
        Told before each fold; fractions 0 to 1 are those of this step alone.

    Returns
    -------
    Cooccurrence
        Never used with one label or fewer than two folds.

    Raises
    ------
    RunCancelledError
        If ``progress`` raises it.

    Notes
    -----
    The log-odds of label l are ``s z_l + b_l + sum_m W_lm g_m + e_l [no other label]`` with the text's log-odds ``z``,
    the row's other labels ``g`` and a symmetric ``W``: an Ising model in the field of the text, fitted by
    pseudo-likelihood with a squared penalty, on up to 2 million cells a fold. Whether it is used is decided by the
    given labels. The log-odds returned do not take the other labels at their word: ``g`` is the probability that each
    belongs, by Bayes' rule from its text, its given state and the noise of all labels together, so that a wrong label
    does not defend its own mistake by speaking against the right one.

    References
    ----------
    Besag (1975), "Statistical Analysis of Non-Lattice Data", The Statistician 24, equation 4.1 (pseudo-likelihood).

    Examples
    --------
    Two labels that exclude each other, in texts that say nothing.

    >>> given = np.array([[True, False], [False, True]] * 50)
    >>> found = with_cooccurrence(np.zeros((100, 2), dtype=np.float32), given, np.arange(100) % 5)
    >>> found.is_used, bool(found.log_odds[0, 0] > 1.0)
    (True, True)
    """
    coarse = np.where(folds == NO_FOLD, NO_FOLD, folds % _MOST_FOLDS)
    n_folds = int(coarse.max(initial=NO_FOLD)) + 1
    text = log_odds.copy()
    if is_given.shape[1] < 2 or n_folds < 2:  # noqa: PLR2004  (one label has no company; one fold holds out all rows)
        return Cooccurrence(
            log_odds=text, gain=0.0, standard_error=0.0, is_used=False, text=text, models=(), model_of=coarse
        )
    labelled = coarse != NO_FOLD
    probable = _probable(log_odds, is_given, estimate_label_noise(log_odds[labelled], is_given[labelled]))
    found, gains, models = log_odds.copy(), np.zeros(len(log_odds)), []
    for fold in range(n_folds):
        progress(_STEP, fold / n_folds)
        train = np.flatnonzero((coarse != fold) & (coarse != NO_FOLD))
        train = sampled_rows(train, _MOST_CELLS // is_given.shape[1])
        model = _fit(log_odds[train], is_given[train], partial(_tell, progress, fold, n_folds))
        models.append(model)
        held_out = np.flatnonzero(coarse == fold)
        of_text, given = log_odds[held_out], is_given[held_out]
        at_their_word = model.log_odds(of_text, given.astype(np.float32))
        gains[held_out] = _row_losses(of_text, given) - _row_losses(at_their_word, given)
        found[held_out] = model.log_odds(of_text, probable[held_out])
    gain = float(gains[labelled].mean())
    error = float(gains[labelled].std() / np.sqrt(np.count_nonzero(labelled)))
    is_used = gain > _CLEAR * error
    return Cooccurrence(
        log_odds=found if is_used else text,
        gain=gain,
        standard_error=error,
        is_used=is_used,
        text=text,
        models=tuple(models),
        model_of=coarse,
    )


def _tell(progress: Progress, fold: int, n_folds: int, fraction: float) -> None:
    progress(_STEP, (fold + fraction) / n_folds)


def _probable(log_odds: Cells, is_given: GivenTable, noise: LabelNoise) -> Cells:
    """Return the probability that each label belongs, given its text and whether it was given."""
    for_given, for_others = evidence_of_given(noise.added_rate, noise.missing_rate)
    probs = np.empty_like(log_odds)
    for rows in row_chunks(log_odds):
        evidence = np.where(is_given[rows], np.float32(for_given), np.float32(for_others))
        expit(log_odds[rows] + evidence, out=probs[rows])
    return probs


def _row_losses(log_odds: Cells, is_given: GivenTable) -> FloatArray:
    return np.asarray(np.logaddexp(0.0, np.where(is_given, -log_odds, log_odds)).sum(axis=1, dtype=np.float64))


@dataclass(frozen=True, eq=False, slots=True)
class _Model:
    """The parameters, as one vector: pairs of labels (n_labels squared), no other label, bias, scale of the text."""

    parameters: NDArray[np.float32]
    n_labels: int

    @property
    def pairs(self) -> Cells:
        """Symmetric and without a diagonal, whatever the vector holds."""
        square = self.parameters[: self.n_labels**2].reshape(self.n_labels, self.n_labels)
        return _symmetric(square)

    @property
    def alone(self) -> NDArray[np.float32]:
        return self.parameters[self.n_labels**2 :][: self.n_labels]

    @property
    def bias(self) -> NDArray[np.float32]:
        return self.parameters[self.n_labels**2 + self.n_labels :][: self.n_labels]

    def log_odds(self, text: Cells, present: Cells) -> Cells:
        """Return the log-odds of each label given the text and the probabilities of the other labels."""
        found: Cells = self.parameters[-1] * text + self.bias + present @ self.pairs
        found += self.alone * _alone(present)
        return found


def _alone(present: Cells) -> Cells:
    """Return the probability, for each cell, that the row has no other label."""
    absent = np.log(np.maximum(np.float32(1.0) - present, _ALMOST_NEVER))
    return np.asarray(np.exp(absent.sum(axis=1, keepdims=True) - absent), dtype=np.float32)


def _symmetric(square: Cells) -> Cells:
    halves = (square + square.T) / np.float32(2.0)
    np.fill_diagonal(halves, 0.0)
    return halves


def _fit(text: Cells, is_given: GivenTable, told: Callable[[float], None]) -> _Model:
    n_labels = is_given.shape[1]
    given = is_given.astype(np.float32)
    alone = _alone(given)
    penalties = np.full(n_labels**2 + 2 * n_labels + 1, _PENALTY, dtype=np.float32)
    penalties[-1 - n_labels :] = _PENALTY_OF_BIAS
    penalties[-1] = 0.0
    n_calls = 0

    def loss(parameters: NDArray[np.float32]) -> tuple[float, NDArray[np.float32]]:
        nonlocal n_calls
        told(min(n_calls / _MOST_STEPS, 1.0))
        n_calls += 1
        against = _Model(parameters, n_labels).log_odds(text, given)
        np.negative(against, out=against, where=is_given)
        value = float(np.logaddexp(np.float32(0.0), against).sum(dtype=np.float64))
        value += float((penalties * parameters.astype(np.float64) ** 2).sum()) / 2.0
        pulls = expit(against)
        np.negative(pulls, out=pulls, where=is_given)
        return value, np.asarray(_in_one(text, given, alone, pulls) + penalties * parameters, dtype=np.float32)

    start = np.zeros(len(penalties), dtype=np.float32)
    start[-1] = 1.0
    found = minimise(
        loss,
        start,
        inverse_curvature=_inverse_curvature(text, given, alone, penalties),
        max_iterations=_MOST_STEPS,
        relative_change=_RELATIVE_CHANGE,
    )
    return _Model(found, n_labels)


def _inverse_curvature(text: Cells, given: Cells, alone: Cells, penalties: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return one over the curvature along each parameter, where the text alone speaks."""
    bends = expit(text)
    bends *= np.float32(1.0) - bends
    curvature = _in_one(text * text, given, alone, bends) + penalties
    return np.asarray(np.float32(1.0) / np.maximum(curvature, np.float32(1.0)))


def _in_one(text: Cells, given: Cells, alone: Cells, cells: Cells) -> NDArray[np.float32]:
    """Sum a number per cell over the rows, weighted as each parameter weighs the cell."""
    parts = [
        _symmetric(given.T @ cells).ravel(),
        np.einsum("ij,ij->j", alone, cells),
        cells.sum(axis=0),
        [np.einsum("ij,ij->", text, cells)],
    ]
    return np.concatenate(parts).astype(np.float32)
