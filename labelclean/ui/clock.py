"""Times as the reader's own clock shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

__all__ = ["local_time", "moment", "stretch_names"]


def moment(when: datetime) -> str:
    """Return a time such as ``at 14:05``; with the day where it is not today."""
    local, today = local_time(when), local_time(datetime.now(UTC)).date()
    return f"at {local:%H:%M}" if local.date() == today else f"on {local.day} {local:%b}, {local:%H:%M}"


def stretch_names(starts: Sequence[float]) -> list[str]:
    """Return names for times in seconds since 1970: with the day where there are several."""
    times = [local_time(datetime.fromtimestamp(start, UTC)) for start in starts]
    is_one_day = len({time.date() for time in times}) <= 1
    return [f"{time:%H:%M}" if is_one_day else f"{time.day} {time:%b}, {time:%H:%M}" for time in times]


def local_time(when: datetime) -> datetime:
    """Return a time in the reader's own zone; UTC where that is not known."""
    try:
        zone = ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    return when.astimezone(zone)
