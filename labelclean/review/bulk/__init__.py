"""The bulk decision: what it would do, its sample, and its history."""
