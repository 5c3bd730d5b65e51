"""Other problems in the data."""
