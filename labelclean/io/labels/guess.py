"""Guess how labels are spelled, with the reason in one sentence."""

from __future__ import annotations

from labelclean.io.layout import FileSummary, LabelSpelling

__all__ = ["spelling_of"]


def spelling_of(summary: FileSummary, label_column: str) -> tuple[LabelSpelling, str]:
    """Return how the labels of a column are spelled, and why."""
    return LabelSpelling(), ""
