"""The statistics of projects, kept until their log grows or their ranking changes; caches, as ``resources`` does."""

from __future__ import annotations

import streamlit as st

from labelclean.review.statistics import ReviewStatistics, review_statistics
from labelclean.ui.desk import Desk

__all__ = ["statistics"]


@st.cache_resource(max_entries=3, show_spinner="Counting the decisions …")
def _statistics(project_id: str, run_id: str, position: int, _desk: Desk) -> ReviewStatistics:
    return review_statistics(_desk.run, _desk.log, tracker=_desk.ahead.tracker)


def statistics(desk: Desk) -> ReviewStatistics:
    """Return the numbers of a review; its desk must have caught up with the log."""
    return _statistics(desk.project_id, desk.run_id, desk.log.last_position, desk)
