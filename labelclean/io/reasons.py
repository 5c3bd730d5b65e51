"""The reason for everything about a file that was not guessed."""

from __future__ import annotations

__all__ = ["CHOSEN"]

CHOSEN = "Chosen by you."
"""What is said where the user decided."""
