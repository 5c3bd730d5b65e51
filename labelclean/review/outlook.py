"""How the review is going, in short sentences that each say how they are computed."""

from __future__ import annotations

from labelclean.review.control_rows import LabelAccuracy
from labelclean.review.payload import Outlook
from labelclean.review.yield_figures import Estimate, YieldEstimate

__all__ = ["DRAWN_AT_LEAST", "accuracy_words", "number_words", "outlook_of", "share_words"]

DRAWN_AT_LEAST = 10
"""Rows that chance led to, before they say anything about the data."""


def outlook_of(estimate: YieldEstimate, accuracy: LabelAccuracy | None, learnt: tuple[str, str] | None) -> Outlook:
    """
    Put the figures into the lines under the card.

    Parameters
    ----------
    estimate : YieldEstimate
        Errors found and left.
    accuracy : LabelAccuracy or None
        How right the labels are, by rows drawn by chance; shown from ``DRAWN_AT_LEAST`` such rows on.
    learnt : tuple of str, or None
        What the queue learned last, and how that is known.

    Returns
    -------
    Outlook
        As many sentences in ``how`` as in ``lines``.
    """
    said: list[tuple[str, str]] = []
    if estimate.is_early:
        how = "Estimates are shown from 20 verdicts on: with fewer they would be the model's own guess."
        said.append((f"{estimate.n_wrong:,} real errors in {estimate.n_decided:,}: too early to say more", how))
    else:
        said.append((f"{share_words(estimate.so_far)} real errors so far", estimate.so_far.how))
        if estimate.n_next:
            left = estimate.left_in_queue
            said.append((f"{number_words(left)} left in this queue", left.how))
            coming = estimate.next_rows
            said.append((f"the next {estimate.n_next:,} will give {number_words(coming)}", coming.how))
    if accuracy is not None and accuracy.n_drawn >= DRAWN_AT_LEAST:
        said.append((accuracy_words(accuracy), accuracy.how))
    if learnt is not None:
        said.append(learnt)
    return Outlook(lines=[line for line, _ in said], how=[how for _, how in said], stop=estimate.stop)


def share_words(estimate: Estimate) -> str:
    """Return a share with its interval, such as ``61 % (52–69)``."""
    return f"{100 * estimate.value:.0f} % ({100 * estimate.low:.0f}–{100 * estimate.high:.0f})"


def number_words(estimate: Estimate) -> str:
    """Return a number with its interval, such as ``about 45 (30–62)``."""
    return f"about {estimate.value:,.0f} ({estimate.low:,.0f}–{estimate.high:,.0f})"


def accuracy_words(accuracy: LabelAccuracy) -> str:
    """Return how right the labels were and are, with the interval of the latter."""
    low, high = accuracy.after_interval
    after = f"{100 * accuracy.after:.1f} % ({100 * low:.1f}–{100 * high:.1f})"
    return f"labels right: {100 * accuracy.before:.1f} % before, {after} now"
