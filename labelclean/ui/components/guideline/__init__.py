"""The guideline beside the review card."""
