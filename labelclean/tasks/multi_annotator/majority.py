"""The label most annotators gave, with a fixed order of rules for ties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import UNLABELLED, CodeArray, IndexArray, Label, MaskArray, freeze_fields
from labelclean.tasks.multi_annotator.inputs import AnnotatedData
from labelclean.tasks.multi_annotator.model_probs import ModelProbs, PredProbs
from labelclean.tasks.multi_annotator.read_votes import VoteTable
from labelclean.tasks.multi_annotator.sums import comparable, exact_mean, to_units
from labelclean.tasks.multi_annotator.votes import Votes

__all__ = ["VoteScan", "majority_vote", "scan_votes"]


def majority_vote(
    votes: Votes | VoteTable,
    pred_probs: PredProbs | None = None,
    *,
    class_names: Sequence[Label] | None = None,
) -> CodeArray:
    """
    Return the label that most annotators gave each example.

    Where several classes have the most votes, the first of these rules that leaves one decides: (1) the highest
    probability, if ``pred_probs`` are given; (2) the fewest votes in the whole table, since rare classes are lost
    first; (3) the highest mean agreement of the annotators who chose it, measured on the examples without a tie;
    (4) the lowest class code. No chance is involved.

    Parameters
    ----------
    votes : Votes, array-like or DataFrame, shape (n_examples, n_annotators)
        The labels given; see ``votes_from_table``.
    pred_probs : array-like of float, shape (n_examples, n_classes) or (n_models, n_examples, n_classes), optional
        Held-out probabilities, 0 to 1; of several models, the mean decides.
    class_names : sequence of hashable, optional
        The classes, in the order of the columns of ``pred_probs``; see ``votes_from_table``. A DataFrame of
        probabilities with named columns brings them along.

    Returns
    -------
    ndarray of int64, shape (n_examples,)
        Class codes. An example without votes ties in all classes: it gets the most likely one with ``pred_probs``,
        and -1 without.

    Raises
    ------
    InvalidInputError
        If votes or probabilities break the rules of their formats, or do not fit each other.

    Notes
    -----
    Rules 2 and 3 are the reference library's; where it then draws an unseeded random class, rule 4 stands.
    An annotator without votes on untied examples counts with the others' mean agreement; without any untied example
    rule 3 says nothing. Time and memory go by votes, plus one pass over examples x classes.

    References
    ----------
    Goh, Tkachenko & Mueller (2022), "CROWDLAB", arXiv:2210.06812, section 3.

    Examples
    --------
    >>> majority_vote([[0, 1, 1], [0, 1, -1]], [[0.5, 0.5], [0.25, 0.75]])
    array([1, 1])
    """
    data = AnnotatedData.checked(votes, pred_probs, class_names=class_names)
    return scan_votes(data.votes, data.models, n_classes=data.n_classes).labels


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class VoteScan:
    """
    What one pass over the votes finds.

    Attributes
    ----------
    labels : ndarray of int64, shape (n_examples,)
        The majority's label.
    n_same : ndarray of int64, shape (n_votes,)
        How many annotators gave the vote's example the vote's label, this one included.
    """

    labels: CodeArray
    n_same: IndexArray

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze_fields(self)


def scan_votes(votes: Votes, models: ModelProbs | None, *, n_classes: int) -> VoteScan:
    """
    Count the votes of every example and settle the majority.

    Parameters
    ----------
    votes : Votes
        The votes.
    models : ModelProbs or None
        Probabilities that settle ties.
    n_classes : int
        Number of classes, above every code.

    Returns
    -------
    VoteScan
        Labels, and how many voted like each vote.

    Examples
    --------
    >>> from labelclean.tasks.multi_annotator.read_votes import votes_from_table
    >>> scan_votes(votes_from_table([[0, 1, 1]]), None, n_classes=2).n_same
    array([1, 2, 2])
    """
    n_classes = max(n_classes, 1)  # there may be no vote at all
    labels = np.full(votes.n_examples, UNLABELLED, dtype=np.int64)
    is_tied = np.zeros(votes.n_examples, dtype=bool)
    n_same = np.empty(votes.n_votes, dtype=np.int64)
    totals = np.bincount(votes.codes, minlength=n_classes)
    open_ties = [_Ties(rows=np.empty(0, dtype=np.int64), candidates=np.empty((0, n_classes), dtype=bool))]
    for block in votes.blocks(n_classes):
        cells = block.cells(n_classes)
        counts = np.bincount(cells, minlength=block.n_rows * n_classes)
        n_same[block.picks] = counts[cells]
        found, ties = _most_voted(counts.reshape(block.n_rows, n_classes), block.rows.start, models)
        labels[block.rows] = found
        is_tied[ties.rows] = True
        if models is not None:
            ties = ties.keep_best(models.mean_block(ties.rows))
        ties = ties.keep_best(-totals)
        labels[ties.rows] = ties.first()
        open_ties.append(ties.still_open())
    ties = _Ties.joined(open_ties)
    labels[ties.rows] = _keep_best_agreeing(ties, votes, labels, is_tied).first()
    return VoteScan(labels=labels, n_same=n_same)


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class _Ties:
    """Examples with several classes left, and which: a table of bool, one row per example."""

    rows: IndexArray
    candidates: NDArray[np.bool_]

    @classmethod
    def joined(cls, parts: list[_Ties]) -> _Ties:
        return cls(
            rows=np.concatenate([part.rows for part in parts]),
            candidates=np.concatenate([part.candidates for part in parts]),
        )

    def keep_best(self, scores: NDArray[np.float64] | IndexArray) -> _Ties:
        """Keep of each example the candidates with the highest score."""
        ranked = np.where(self.candidates, scores, -np.inf)
        best = ranked.max(axis=1, keepdims=True, initial=-np.inf)
        return _Ties(rows=self.rows, candidates=self.candidates & (ranked == best))

    def still_open(self) -> _Ties:
        """Leave out the examples with one class left."""
        is_open = np.count_nonzero(self.candidates, axis=1) > 1
        return _Ties(rows=self.rows[is_open], candidates=self.candidates[is_open])

    def first(self) -> CodeArray:
        """Return the lowest class left of each example."""
        return np.asarray(self.candidates.argmax(axis=1), dtype=np.int64)


def _most_voted(counts: NDArray[np.int64], first_row: int, models: ModelProbs | None) -> tuple[CodeArray, _Ties]:
    """Return the first of the classes with most votes, and the examples where there are several."""
    most = counts.max(axis=1, keepdims=True)
    candidates = counts == most
    found = np.asarray(candidates.argmax(axis=1), dtype=np.int64)
    is_tied = np.count_nonzero(candidates, axis=1) > 1
    if models is None:  # nothing is known about an example without votes
        voteless = most[:, 0] == 0
        found[voteless] = UNLABELLED
        is_tied &= ~voteless
    tied = np.flatnonzero(is_tied)
    return found, _Ties(rows=tied + first_row, candidates=candidates[tied])


def _keep_best_agreeing(ties: _Ties, votes: Votes, labels: CodeArray, is_tied: MaskArray) -> _Ties:
    """Keep the classes whose annotators agree most with the majority of the untied examples."""
    if not len(ties.rows):
        return ties
    n_classes = ties.candidates.shape[1]
    counted = ~is_tied[votes.rows]
    is_hit = counted & (votes.codes == labels[votes.rows])
    n_votes = np.bincount(votes.annotators[counted], minlength=votes.n_annotators)
    agreement = np.bincount(votes.annotators[is_hit], minlength=votes.n_annotators) / np.maximum(n_votes, 1)
    known = n_votes > 0
    if not known.any():
        return ties
    agreement[~known] = exact_mean(agreement[known])
    place = np.full(votes.n_examples, -1, dtype=np.int64)
    place[ties.rows] = np.arange(len(ties.rows))
    voted = place[votes.rows] >= 0
    cells = place[votes.rows[voted]] * n_classes + votes.codes[voted]
    # Tied classes have equally many votes, so that the order of the sums is the order of the means.
    units = to_units(agreement)[votes.annotators[voted]]
    sums = np.bincount(cells, weights=units, minlength=ties.candidates.size)
    return ties.keep_best(comparable(sums).reshape(ties.candidates.shape))
