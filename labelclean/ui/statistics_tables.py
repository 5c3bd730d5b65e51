"""The tables of the statistics page; no Streamlit."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from labelclean.arrays import Label
from labelclean.review.decisions import Verdict
from labelclean.review.honesty import HonestyBand
from labelclean.review.label_names import LabelNames
from labelclean.review.label_set_names import member_token
from labelclean.review.label_statistics import LabelStatistics
from labelclean.review.pace import PaceStretch
from labelclean.review.shares import Share
from labelclean.review.statistics import ClassStatistics, ReviewerStatistics
from labelclean.review.statistics_words import share_words

__all__ = ["band_table", "class_statistics_table", "label_statistics_table", "pace_table", "reviewer_table"]

_VERDICTS = {
    "Suggestion taken": (Verdict.ACCEPT,),
    "Label kept": (Verdict.KEEP,),
    "Another label": (Verdict.RELABEL,),
    "Undecided or excluded": (Verdict.AMBIGUOUS, Verdict.UNSURE, Verdict.EXCLUDE),
}


def class_statistics_table(classes: Sequence[ClassStatistics], names: LabelNames) -> pd.DataFrame:
    """Return one line per class with decisions."""

    def name(label: Label | None) -> str:
        return "no label" if label is None else names.token(label)

    return pd.DataFrame(
        {
            "Given": [name(line.label) for line in classes],
            "Decided": [line.n_decided for line in classes],
            "Kept": [line.n_kept for line in classes],
            "Corrected": [line.n_corrected for line in classes],
            "Share corrected": [100 * line.n_corrected / line.n_decided for line in classes],
            "Most often to": [
                f"{name(line.corrected_to)} ({line.n_corrected_to:,})" if line.n_corrected_to else ""
                for line in classes
            ],
            "Open or excluded": [line.n_open for line in classes],
            "Not looked at": [line.n_at_once for line in classes],
        }
    )


def label_statistics_table(labels: Sequence[LabelStatistics]) -> pd.DataFrame:
    """Return one line per label of label sets that some decision was about."""
    return pd.DataFrame(
        {
            "Label": [member_token(line.label) for line in labels],
            "Decided rows with it": [line.n_decided for line in labels],
            "Removed": [line.n_removed for line in labels],
            "Added": [line.n_added for line in labels],
        }
    )


def reviewer_table(reviewers: Sequence[ReviewerStatistics]) -> pd.DataFrame:
    """Return one line per reviewer."""
    frame = pd.DataFrame(
        {
            "Reviewer": [who.name for who in reviewers],
            "Looked at": [who.n_looked_at for who in reviewers],
            "A minute": [who.per_minute for who in reviewers],
        }
    )
    for words, verdicts in _VERDICTS.items():
        frame[words] = [
            _share(sum(who.verdicts[verdict] for verdict in verdicts), who.n_looked_at) for who in reviewers
        ]
    frame["In groups"] = [who.n_group for who in reviewers]
    frame["In bulk"] = [who.n_bulk for who in reviewers]
    return frame


def band_table(bands: Sequence[HonestyBand]) -> pd.DataFrame:
    """Return one line per band of the score."""
    return pd.DataFrame(
        {
            "Score": [f"{100 * band.low:.0f}–{100 * band.high:.0f} %" for band in bands],
            "Decided": [band.wrong.n for band in bands],
            "Says wrong": [f"{100 * band.predicted:.0f} %" for band in bands],
            "Really wrong": [share_words(band.wrong) for band in bands],
            "Suggestion taken": [_of(band.taken) for band in bands],
        }
    )


def pace_table(stretches: Sequence[PaceStretch], times: Sequence[str]) -> pd.DataFrame:
    """Return one line per stretch of time."""
    return pd.DataFrame(
        {
            "From": list(times),
            "Decisions": [stretch.n_decisions for stretch in stretches],
            "A minute": [stretch.per_minute for stretch in stretches],
        }
    )


def _share(n: int, of: int) -> float | None:
    return 100 * n / of if of else None


def _of(share: Share) -> str:
    return "–" if share.value is None else f"{100 * share.value:.0f} %"
