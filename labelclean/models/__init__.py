"""Held-out probabilities."""
