"""The colours can be read, and colour arithmetic is right."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from labelclean.plots.palette import COLOUR_BLIND, DARK, LIGHT, Palette, ThemeName, blend, contrast_ratio, palette_of


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


@pytest.mark.parametrize(
    "palette",
    [LIGHT, DARK, COLOUR_BLIND["light"], COLOUR_BLIND["dark"]],
    ids=["light", "dark", "light, colour-blind", "dark, colour-blind"],
)
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


# Linear RGB as people without one kind of cone see it, from Machado, Oliveira & Fernandes (2009), severity 1.0.
DEUTERANOPIA = ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881))
PROTANOPIA = ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998))


def _seen(color: str, by: tuple[tuple[float, float, float], ...]) -> tuple[float, ...]:
    """Return a colour as the ones with that vision see it, in linear RGB."""
    shares = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return tuple(sum(weight * value for weight, value in zip(row, linear, strict=True)) for row in by)


@pytest.mark.parametrize("vision", [DEUTERANOPIA, PROTANOPIA], ids=["deuteranopia", "protanopia"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_colour_blind_pair_is_seen_as_yellow_and_blue(
    theme: ThemeName, vision: tuple[tuple[float, float, float], ...]
) -> None:
    """Given has more red and green than blue, suggested more blue than red: opposite sides for both kinds of vision."""
    palette = palette_of(theme, "colour_blind")

    given_red, given_green, given_blue = _seen(palette.given, vision)
    suggested_red, suggested_green, suggested_blue = _seen(palette.suggested, vision)

    assert min(given_red, given_green) > given_blue
    assert suggested_blue > max(suggested_red, suggested_green)


def test_only_the_two_voices_and_the_accent_change_with_the_palette() -> None:
    """Ink, ground and the colours of good and bad are the same in both."""
    standard, other = asdict(palette_of("dark", "standard")), asdict(palette_of("dark", "colour_blind"))

    changed = {name for name in standard if standard[name] != other[name]}

    assert changed == {"given", "given_ground", "suggested", "suggested_ground", "accent"}
