"""Files to datasets, and back."""
