"""What reviewing means; no screen, no SQL."""
