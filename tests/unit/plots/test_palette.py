"""The colours can be read, and colour arithmetic is right."""

from __future__ import annotations

import pytest

from labelclean.plots.palette import DARK, LIGHT, Palette, blend, contrast_ratio


def test_contrast_of_black_on_white_is_twenty_one() -> None:
    """The two ends of the scale, as the guideline gives them."""
    assert contrast_ratio("#000000", "#FFFFFF") == 21.0
    assert contrast_ratio("#B45309", "#B45309") == 1.0


def test_contrast_of_a_known_pair_matches_the_published_value() -> None:
    """#767676 on white is the well-known lightest grey that passes, 4.54 : 1."""
    assert contrast_ratio("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.005)


def test_blending_runs_from_one_colour_to_the_other() -> None:
    """Ends are exact, the middle is the mean of each channel."""
    assert blend("#FFFFFF", "#B45309", 0.0) == "#FFFFFF"
    assert blend("#FFFFFF", "#B45309", 1.0) == "#B45309"
    assert blend("#000000", "#204060", 0.5) == "#102030"


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_colour_can_be_read_on_its_ground(palette: Palette) -> None:
    """Running text has a contrast of at least 4.5 in both themes."""
    pairs = [
        (text, ground)
        for text in ("ink", "soft_ink", "given", "suggested", "accent", "good", "bad")
        for ground in ("ground", "card")
    ]
    pairs += [("given", "given_ground"), ("suggested", "suggested_ground"), ("ink", "key_cap")]

    too_weak = [
        (text, ground)
        for text, ground in pairs
        if contrast_ratio(getattr(palette, text), getattr(palette, ground)) < 4.5
    ]

    assert too_weak == []
