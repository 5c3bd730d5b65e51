"""The likeliest set of labels of each row, if the given one is wrong."""

from __future__ import annotations

import numpy as np

from labelclean.core.chunks import row_chunks
from labelclean.models.label_sets.cell_errors import LabelNoise, evidence_of_given
from labelclean.models.label_sets.cooccurrence import Cooccurrence
from labelclean.models.label_sets.types import Cells, GivenTable

__all__ = ["suggested_sets"]


def suggested_sets(
    joined: Cooccurrence, is_given: GivenTable, cell_error_probabilities: Cells, noise: LabelNoise
) -> GivenTable:
    """
    Return the set to put in place of each given one, supposing that it is wrong.

    Most rows are probably right as they are. The question is what a row should have if it is not, so that every row
    gets an answer, and one that differs from what was given.

    Parameters
    ----------
    joined : Cooccurrence
        Held-out log-odds of the labels, with what labels say about each other where that is used.
    is_given : ndarray of bool, shape (n_examples, n_labels)
        Whether a row was given a label.
    cell_error_probabilities : ndarray of float32, shape (n_examples, n_labels)
        P(what was given of this label is wrong), 0 to 1; NaN for rows without a label set.
    noise : LabelNoise
        How often a label is wrong in a row where another one is.

    Returns
    -------
    ndarray of bool, shape (n_examples, n_labels)
        Whether the suggested set has a label. Rows without a label set: the labels likelier than not.

    Notes
    -----
    Turned around are the cells that are likelier wrong than right, or the likeliest-wrong cell where there is none;
    among equals the first. Each other cell is then judged anew, given the labels as they are now, by Bayes' rule with
    the rates of errors beside an error: a label that was taken for another leaves when the right one is added. One
    step of iterated conditional modes, from the likeliest sets.

    References
    ----------
    Besag (1986), "On the Statistical Analysis of Dirty Pictures", JRSS B 48, section 2.5.

    Examples
    --------
    Two labels that exclude each other; the texts of the first two rows are about the other label.

    >>> from labelclean.models.label_sets.cell_errors import error_log_odds, estimate_label_noise
    >>> from labelclean.models.label_sets.cooccurrence import with_cooccurrence
    >>> given = np.array([[True, False], [False, True]] * 50)
    >>> text = np.where(given, 1, -1).astype(np.float32)
    >>> text[:2] *= -1
    >>> joined = with_cooccurrence(text, given, np.arange(100) % 5)
    >>> noise = estimate_label_noise(joined.log_odds, given)
    >>> errors = 1 / (1 + np.exp(-error_log_odds(joined.log_odds, given)))
    >>> suggested_sets(joined, given, errors, noise)[:2]
    array([[False,  True],
           [ True, False]])
    """
    suggested = joined.log_odds > 0.0
    if not is_given.shape[1]:
        return suggested
    for_given, for_others = evidence_of_given(noise.added_rate_beside, noise.missing_rate_beside)
    for rows in row_chunks(joined.log_odds):
        given, errors = is_given[rows], cell_error_probabilities[rows]
        has_set = ~np.isnan(errors[:, 0])
        is_turned = errors > 0.5  # noqa: PLR2004  (likelier than not; NaN is not)
        is_turned[np.arange(len(errors)), errors.argmax(axis=1)] = True
        evidence = np.where(given, np.float32(for_given), np.float32(for_others))
        belongs = joined.beside(given ^ is_turned, rows) + evidence > 0.0
        suggested[rows][has_set] = np.where(is_turned, ~given, belongs)[has_set]
    return suggested
