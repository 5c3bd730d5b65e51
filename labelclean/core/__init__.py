"""Confident learning on arrays."""
