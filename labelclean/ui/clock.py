"""Times as the reader's own clock shows them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

__all__ = ["moment"]


def moment(when: datetime) -> str:
    """Return a time such as ``at 14:05``; with the day where it is not today."""
    try:
        zone = ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    local, today = when.astimezone(zone), datetime.now(UTC).astimezone(zone).date()
    return f"at {local:%H:%M}" if local.date() == today else f"on {local.day} {local:%b}, {local:%H:%M}"
