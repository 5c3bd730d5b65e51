"""The review card."""
