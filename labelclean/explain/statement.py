"""What there is to say about the labels as a whole."""

from __future__ import annotations

__all__ = ["RULE_MADE", "describe_labels"]

RULE_MADE = 0.9
"""Below this weight of the learners that can follow a rule, labels are said to look made by one."""

_NEARLY_CLEAN = 0.01
_ENOUGH_LABELS = 200


def describe_labels(*, free_weight: float, n_errors: int, interval: tuple[int, int], n_labelled: int) -> str:
    """
    Say whether the labels look made by a rule, or nearly clean.

    Parameters
    ----------
    free_weight : float
        0 to 1; see ``models.pooling.freedom_weight``.
    n_errors : int
        Estimated number of wrong labels.
    interval : tuple of int
        Its lower and upper end.
    n_labelled : int
        Rows with a label.

    Returns
    -------
    str
        One or two plain sentences; empty where there is nothing remarkable, or fewer than 200 labels to tell by.

    Examples
    --------
    >>> describe_labels(free_weight=1.0, n_errors=2, interval=(0, 9), n_labelled=1000)
    'The labels look nearly clean: about 2 of 1,000 are wrong, 9 at the most.'
    """
    if n_labelled < _ENOUGH_LABELS:
        return ""  # of a hundred labels any two learners may differ that much by chance
    if free_weight < RULE_MADE:
        return (
            "The labels look systematically produced, as by keywords or rules: models that can follow a rule predict "
            "them far better than models that cannot. Mistakes that follow the rule look right to every model, so "
            "there may be many more errors than estimated, and suggestions are often wrong; let the queue learn from "
            "your decisions."
        )
    if interval[1] <= 2 * _NEARLY_CLEAN * n_labelled:
        return (
            f"The labels look nearly clean: about {n_errors:,} of {n_labelled:,} are wrong, "
            f"{interval[1]:,} at the most."
        )
    return ""
