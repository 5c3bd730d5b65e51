"""For every example and class at once: whether most annotators gave it, with a fixed order of rules for ties."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import FloatArray
from labelclean.tasks.multi_annotator.set_data import AnnotatedSets
from labelclean.tasks.multi_annotator.set_votes import SetBlock
from labelclean.tasks.multi_annotator.sums import comparable, exact_mean, to_units

__all__ = ["majority_sets"]


def majority_sets(data: AnnotatedSets) -> NDArray[np.bool_]:
    """
    Return, for every example and class, whether most annotators gave it.

    Parameters
    ----------
    data : AnnotatedSets
        Answers, and the probabilities that settle ties.

    Returns
    -------
    ndarray of bool, shape (n_examples, n_classes)
        Ties go, as in ``majority_vote`` of present against absent, to the likelier state by the models' mean
        probability; then to the state with fewer answers in the whole table; then to the side whose annotators agree
        more with the majority of the untied examples; then to absent.

    Examples
    --------
    >>> from labelclean.tasks.multi_annotator.read_set_votes import set_votes_from_table
    >>> votes = set_votes_from_table([[[0], [0, 1], [0]], [[1], [], None]])
    >>> majority_sets(AnnotatedSets.checked(votes, [[0.9, 0.1], [0.2, 0.8]]))
    array([[ True, False],
           [False,  True]])
    """
    present = np.zeros(data.shape, dtype=bool)
    is_open = np.zeros(data.shape, dtype=bool)
    n_given = np.bincount(data.votes.member_codes, minlength=data.n_classes)
    rarer = np.sign(data.votes.n_votes - 2 * n_given)  # 1 where "present" has fewer answers
    for block in data.votes.blocks(data.n_classes):
        counts, n_votes = block.counts(), block.vote_counts()[:, np.newaxis]
        leaning = np.sign(2 * counts - n_votes)
        if data.models is None:
            leaning = np.where(leaning == 0, np.where(n_votes > 0, rarer, -1), leaning)
        else:
            probs = data.models.mean_block(block.rows)
            by_model = np.sign(probs - (1 - probs)).astype(np.int64)
            leaning = np.where(leaning == 0, np.where(by_model == 0, rarer, by_model), leaning)
        present[block.rows] = leaning > 0
        is_open[block.rows] = leaning == 0
    if is_open.any():
        _settle_by_agreement(data, present, is_open)
    return present


def _settle_by_agreement(data: AnnotatedSets, present: NDArray[np.bool_], is_open: NDArray[np.bool_]) -> None:
    """Give open cells to the side whose annotators agree more with the majority, in place."""
    units = to_units(_agreement_on_untied(data, present))
    for block in data.votes.blocks(data.n_classes):
        for_it = block.members_by_row(units)
        against = block.by_row(units) - for_it
        present[block.rows] |= is_open[block.rows] & (comparable(for_it) > comparable(against))


def _agreement_on_untied(data: AnnotatedSets, present: NDArray[np.bool_]) -> FloatArray:
    """Return each annotator's share of answers that are the majority's where there is no tie of numbers."""
    shape = (data.votes.n_annotators, data.n_classes)
    hits, counted = np.zeros(shape), np.zeros(shape)
    for block in data.votes.blocks(data.n_classes):
        untied = _is_untied(block)
        state = present[block.rows]
        hits += block.by_annotator(untied & ~state, untied & state)
        counted += block.by_annotator(untied, untied)
    agreement = hits / np.maximum(counted, 1)
    for k in np.flatnonzero((counted == 0).any(axis=0)):
        known = counted[:, k] > 0
        agreement[~known, k] = exact_mean(agreement[known, k]) if known.any() else 0.0
    return agreement


def _is_untied(block: SetBlock) -> NDArray[np.bool_]:
    return np.asarray(2 * block.counts() != block.vote_counts()[:, np.newaxis])
