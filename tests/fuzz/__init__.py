"""Damaged files: whatever is done to a golden file, only errors of our own may come out."""
