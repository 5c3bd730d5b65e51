"""What an analysis will cost, in words."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from labelclean.ui.run_estimate import estimate_words


@pytest.mark.parametrize(
    ("seconds", "n_bytes", "said"),
    [
        (0.4, 1_000, "a few seconds on this machine"),
        (12.4, 299_999_999, "about 10 s on this machine"),
        (89.0, 1_260_000_000, "about 90 s and 1.3 GB of memory on this machine"),
        (91.0, 300_000_000, "about 2 min and 0.3 GB of memory on this machine"),
        (5_399.0, 8_000_000_000, "about 90 min and 8.0 GB of memory on this machine"),
        (9_000.0, 8_000_000_000, "about 2.5 h and 8.0 GB of memory on this machine"),
    ],
)
def test_figures_are_rounded_as_far_as_they_are_known(seconds: float, n_bytes: int, said: str) -> None:
    """Memory that any machine has is not worth a word."""
    estimate = SimpleNamespace(seconds=seconds, peak_bytes=n_bytes, bounded=False, message="")

    assert estimate_words(estimate) == f"The analysis will take {said}."
