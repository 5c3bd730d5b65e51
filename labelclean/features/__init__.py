"""Text to feature matrices."""
