"""How much each annotator and each model is to be trusted: the weights of CROWDLAB."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass

import numpy as np

from labelclean.arrays import CodeArray, FloatArray, IndexArray, freeze_fields
from labelclean.errors import LabelCleanWarning
from labelclean.tasks.multi_annotator.answers import Answers
from labelclean.tasks.multi_annotator.majority import VoteScan
from labelclean.tasks.multi_annotator.sums import exact_mean
from labelclean.tasks.multi_annotator.votes import Votes

__all__ = ["CrowdWeights", "crowd_weights", "mean_agreement_with_others", "relative_weights", "warn_of_single_votes"]

SMALLEST_WEIGHT = 1e-6
"""Nobody counts for less; also the least error of a guesser."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class CrowdWeights:
    """
    The numbers CROWDLAB weighs votes and models with (Goh, Tkachenko & Mueller 2022, section 3).

    Attributes
    ----------
    annotator_weights : ndarray of float64, shape (n_annotators,)
        1e-6 to 1; NaN for an annotator without votes.
    model_weights : ndarray of float64, shape (n_models,)
        Above 0.
    hit_rate : float
        P(an annotator gives the consensus label), 0 to 1.
    miss_rate : float
        P(an annotator gives one certain other label): the rest, shared equally by the other classes.
    is_comparable : bool
        False where no example has two votes. Annotators cannot be compared then: all weights are 1, and only the
        model judges labels.
    """

    annotator_weights: FloatArray
    model_weights: FloatArray
    hit_rate: float
    miss_rate: float
    is_comparable: bool

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)


def crowd_weights(
    votes: Votes, scan: VoteScan, consensus: CodeArray, guesses: list[CodeArray], *, n_classes: int
) -> CrowdWeights:
    """
    Weigh annotators and models by how often they are right where several annotators voted.

    Parameters
    ----------
    votes : Votes
        The votes.
    scan : VoteScan
        How many voted like each vote.
    consensus : ndarray of int64, shape (n_examples,)
        The consensus so far.
    guesses : list of ndarray of int64, each of shape (n_examples,)
        The most likely class by each model.
    n_classes : int
        Number of classes.

    Returns
    -------
    CrowdWeights
        The weights. Annotators who share no example with others count with the mean agreement of the rest.

    References
    ----------
    Goh, Tkachenko & Mueller (2022), "CROWDLAB", arXiv:2210.06812, section 3, equations for ``P``, ``w_j`` and
    ``w_M``.

    Examples
    --------
    >>> from labelclean.tasks.multi_annotator.majority import scan_votes
    >>> from labelclean.tasks.multi_annotator.read_votes import votes_from_table
    >>> votes = votes_from_table([[0, 0, 1], [1, 1, 1], [0, 0, 0], [1, 1, 1]])
    >>> scan = scan_votes(votes, None, n_classes=2)
    >>> crowd_weights(votes, scan, scan.labels, [scan.labels], n_classes=2).annotator_weights
    array([0.75, 0.75, 0.5 ])
    """
    n_votes = votes.counts_by_row()
    is_shared = n_votes > 1
    n_models = len(guesses)
    if not is_shared.any():
        return CrowdWeights(
            annotator_weights=np.where(votes.counts_by_annotator() > 0, 1.0, np.nan),
            model_weights=np.ones(n_models),
            hit_rate=math.nan,
            miss_rate=math.nan,
            is_comparable=False,
        )
    shared = consensus[is_shared]
    base_error = max((len(shared) - int(np.bincount(shared).max())) / len(shared), SMALLEST_WEIGHT)
    errors = np.array([np.count_nonzero(guess[is_shared] != shared) / len(shared) for guess in guesses])
    votes_per_example = votes.n_votes / int(np.count_nonzero(n_votes))
    hit_rate = _mean_agreement_with_consensus(votes, consensus, n_votes)
    return CrowdWeights(
        annotator_weights=relative_weights(1 - mean_agreement_with_others(votes, scan, n_votes), base_error),
        model_weights=relative_weights(errors, base_error) * math.sqrt(votes_per_example),
        hit_rate=hit_rate,
        miss_rate=(1 - hit_rate) / (n_classes - 1) if n_classes > 1 else 0.0,
        is_comparable=True,
    )


def mean_agreement_with_others(votes: Votes, scan: VoteScan, n_votes: IndexArray) -> FloatArray:
    """
    Return the share of other annotators' votes on the same examples that say the same.

    Parameters
    ----------
    votes : Votes
        The votes.
    scan : VoteScan
        How many voted like each vote.
    n_votes : ndarray of int64, shape (n_examples,)
        Votes of each example.

    Returns
    -------
    ndarray of float64, shape (n_annotators,)
        0 to 1; the mean of the others for an annotator who shares no example; NaN for one without votes.

    Examples
    --------
    >>> from labelclean.tasks.multi_annotator.majority import scan_votes
    >>> from labelclean.tasks.multi_annotator.read_votes import votes_from_table
    >>> votes = votes_from_table([[0, 0, 1], [1, 1, 1]])
    >>> mean_agreement_with_others(votes, scan_votes(votes, None, n_classes=2), np.array([3, 3]))
    array([0.75, 0.75, 0.5 ])
    """
    size = votes.n_annotators
    n_agreeing = np.bincount(votes.annotators, weights=scan.n_same - 1, minlength=size)
    n_others = np.bincount(votes.annotators, weights=(n_votes - 1)[votes.rows], minlength=size)
    agreement = n_agreeing / np.maximum(n_others, 1)
    agreement[n_others == 0] = exact_mean(agreement[n_others > 0])
    agreement[votes.counts_by_annotator() == 0] = np.nan
    return agreement


def relative_weights(errors: FloatArray, base_errors: float | FloatArray) -> FloatArray:
    """
    Turn rates of error into weights: 1 without errors, next to nothing for who does no better than a guesser.

    Parameters
    ----------
    errors : ndarray of float64, any shape
        Rates of error, 0 to 1; NaN stays NaN.
    base_errors : float or ndarray of float64
        The rates of error, above 0, of always guessing the commonest class.

    Returns
    -------
    ndarray of float64, same shape as the errors
        1e-6 to 1.

    References
    ----------
    Goh, Tkachenko & Mueller (2022), "CROWDLAB", arXiv:2210.06812, section 3, equations for ``w_j`` and ``w_M``.

    Examples
    --------
    >>> relative_weights(np.array([0.0, 0.25]), 0.5)
    array([1. , 0.5])
    """
    return np.asarray(np.maximum(1 - errors / base_errors, SMALLEST_WEIGHT))


def warn_of_single_votes(votes: Answers, *, is_comparable: bool) -> None:
    """
    Warn the caller of the public function that calls this where annotators cannot be compared.

    Parameters
    ----------
    votes : Votes or SetVotes
        The votes.
    is_comparable : bool
        Whether some example has two.

    Returns
    -------
    None
        Always.

    Warns
    -----
    LabelCleanWarning
        If there are votes, but no two for any example.

    Examples
    --------
    >>> from labelclean.tasks.multi_annotator.read_votes import votes_from_table
    >>> warn_of_single_votes(votes_from_table([[0, 0]]), is_comparable=True)
    """
    if votes.n_votes and not is_comparable:
        warnings.warn(
            "No example has two votes, so that annotators cannot be compared; the model alone judges their labels.",
            LabelCleanWarning,
            stacklevel=3,
        )


def _mean_agreement_with_consensus(votes: Votes, consensus: CodeArray, n_votes: IndexArray) -> float:
    """Average over the shared examples the share of annotators who agree; by number of votes, so that it is exact."""
    n_hits = np.bincount(votes.rows[votes.codes == consensus[votes.rows]], minlength=votes.n_examples)
    hits = np.bincount(n_votes, weights=n_hits)
    examples = np.bincount(n_votes)
    return math.fsum((hits[2:] / np.arange(2, len(hits))).tolist()) / int(examples[2:].sum())
