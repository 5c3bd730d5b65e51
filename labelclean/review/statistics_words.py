"""What the statistics of a review mean, in plain sentences; for the screen and the report."""

from __future__ import annotations

from labelclean.review.agreement import Agreement
from labelclean.review.control_rows import LabelAccuracy
from labelclean.review.decisions import DecisionSource
from labelclean.review.honesty import FEWEST_TELLING, Honesty
from labelclean.review.shares import Share
from labelclean.review.statistics import ReviewStatistics

__all__ = [
    "accuracy_sentence",
    "agreement_words",
    "error_figures_sentence",
    "honesty_sentence",
    "kappa_words",
    "share_words",
    "sources_sentence",
]

_KAPPA_STEPS = ((0.0, "no better than chance"), (0.4, "little"), (0.6, "fair"), (0.8, "good"))
_HOW_ACCURACY = "From rows that chance alone led to"


def share_words(share: Share) -> str:
    """Return a share, such as ``64 % (58–70)``; a dash where there are no cases."""
    if share.value is None:
        return "–"
    return f"{100 * share.value:.0f} % ({100 * share.low:.0f}–{100 * share.high:.0f})"


def honesty_sentence(honesty: Honesty) -> str:
    """Return whether the score is honest, too bold or too timid, with the numbers it rests on."""
    n = honesty.wrong.n
    if honesty.verdict == "early":
        return (
            f"It is too early to say whether the score is honest: {n:,} of the {FEWEST_TELLING} decisions are there "
            "that this needs at least."
        )
    said = (
        f"The score said that {100 * honesty.predicted:.0f} % of these {n:,} labels are wrong; reviewers found "
        f"{share_words(honesty.wrong)} wrong."
    )
    meaning = {
        "fits": "The score is honest: the difference is no more than chance makes.",
        "bold": "The score is too bold: it claims more errors than there are. Trust your eyes, and raise the threshold "
        "before deciding many at once.",
        "timid": "The score is too timid: it claims fewer errors than there are. Rows below the threshold are worth a "
        "look.",
    }[honesty.verdict]
    return f"{said} {meaning}"


def error_figures_sentence(honesty: Honesty) -> str:
    """Return the two usual figures of calibration, explained."""
    return (
        f"Calibration error {100 * honesty.calibration_error:.1f} points: so far off is the score on average, band by "
        f"band. Brier score {honesty.brier:.3f}: 0 is perfect, and always saying 50 % gives 0.25. Only rows count that "
        "somebody looked at one by one, and whose label was kept or corrected; reviewers saw the suggestion first, "
        "which flatters the score."
    )


def sources_sentence(statistics: ReviewStatistics) -> str:
    """Return what led to the decisions."""
    sources = statistics.sources
    looked = statistics.n_decided - sources[DecisionSource.GROUP] - sources[DecisionSource.BULK]
    parts = [f"{looked:,} looked at one by one"]
    if sources[DecisionSource.CONTROL]:
        parts[0] += f" ({sources[DecisionSource.CONTROL]:,} of them drawn by chance)"
    if sources[DecisionSource.GROUP]:
        parts.append(f"{sources[DecisionSource.GROUP]:,} along with a copy of their text")
    if sources[DecisionSource.BULK]:
        parts.append(f"{sources[DecisionSource.BULK]:,} in bulk")
    noun = "row is" if statistics.n_decided == 1 else "rows are"
    return f"{statistics.n_decided:,} {noun} decided: {', '.join(parts)}."


def kappa_words(kappa: float | None) -> str:
    """Return kappa with what it means."""
    if kappa is None:
        return "not defined"
    meaning = next((words for limit, words in _KAPPA_STEPS if kappa <= limit), "very good")
    return f"{kappa:.2f}, {meaning}"


def agreement_words(pair: Agreement) -> str:
    """Return how far two reviewers agree, as a sentence."""
    rows = "row" if pair.agreed.n == 1 else "rows"
    return (
        f"{pair.first} and {pair.second} both decided {pair.agreed.n:,} {rows} and agreed on "
        f"{share_words(pair.agreed)}; Cohen's kappa {kappa_words(pair.kappa)}."
    )


def accuracy_sentence(accuracy: LabelAccuracy) -> str:
    """Return how right the labels are before and after the corrections."""
    before, after = accuracy.before_interval, accuracy.after_interval
    return (
        f"{_HOW_ACCURACY} ({accuracy.n_drawn:,}): {_percent(accuracy.before, before)} of the labels were right before, "
        f"{_percent(accuracy.after, after)} are after the corrections."
    )


def _percent(share: float, interval: tuple[float, float]) -> str:
    return f"{100 * share:.1f} % ({100 * interval[0]:.1f}–{100 * interval[1]:.1f})"
