"""The colours of the product, for light and dark, and whether two of them can be read on each other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

__all__ = [
    "COLOUR_BLIND",
    "DARK",
    "LIGHT",
    "Palette",
    "PaletteName",
    "ThemeName",
    "blend",
    "contrast_ratio",
    "palette_of",
]

ThemeName = Literal["light", "dark"]
PaletteName = Literal["standard", "colour_blind"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Palette:
    """
    The colours of one theme, each as ``#RRGGBB``.

    Attributes
    ----------
    ground, card : str
        The page, and what lies on it.
    ink, soft_ink : str
        Text, and side notes.
    hairline, key_cap : str
        Thin lines, and small raised plates.
    given, given_ground : str
        The voice of the given label, and the ground under it.
    suggested, suggested_ground : str
        The voice of the suggested label, and the ground under it.
    accent : str
        Progress, selection and focus alone.
    good, bad : str
        Success; destructive acts alone.
    """

    ground: str
    card: str
    ink: str
    soft_ink: str
    hairline: str
    key_cap: str
    given: str
    given_ground: str
    suggested: str
    suggested_ground: str
    accent: str
    good: str
    bad: str


LIGHT = Palette(
    ground="#F7F6F2",
    card="#FFFFFF",
    ink="#1D2127",
    soft_ink="#5B6470",
    hairline="#E2DFD7",
    key_cap="#EEECE5",
    given="#B45309",
    given_ground="#FDF2E0",
    suggested="#0F6E6E",
    suggested_ground="#DDF1EF",
    accent="#1F5FA8",
    good="#2F6B3A",
    bad="#A3262C",
)
"""The colours on light ground."""

DARK = Palette(
    ground="#14171B",
    card="#1C2026",
    ink="#ECEAE4",
    soft_ink="#9AA3AE",
    hairline="#2D333B",
    key_cap="#272C33",
    given="#F0B267",
    given_ground="#3A2C18",
    suggested="#6FD0C8",
    suggested_ground="#163634",
    accent="#7DB2EE",
    good="#8CCB97",
    bad="#F0888C",
)
"""The colours on dark ground."""

COLOUR_BLIND: dict[ThemeName, Palette] = {
    "light": replace(
        LIGHT,
        given="#A34A00",
        given_ground="#FCEEDC",
        suggested="#0B5C94",
        suggested_ground="#DDECF8",
        accent="#4A4458",
    ),
    "dark": replace(
        DARK,
        given="#F0A73C",
        given_ground="#3B2A10",
        suggested="#6CBDF0",
        suggested_ground="#12324A",
        accent="#C9BFD9",
    ),
}
"""
Orange and blue for given and suggested, which every common kind of colour vision tells apart.

They are darker and lighter shades of the vermilion, orange, blue and sky blue of Okabe & Ito (2008), "Color Universal
Design"; the accent is no blue here, so that it is not taken for the suggested label.
"""


def palette_of(theme: ThemeName, name: PaletteName) -> Palette:
    """
    Return the colours of a theme.

    Parameters
    ----------
    theme : {"light", "dark"}
        The ground.
    name : {"standard", "colour_blind"}
        Which pair stands for given and suggested.

    Returns
    -------
    Palette
        Every colour.

    Examples
    --------
    >>> palette_of("light", "standard") == LIGHT
    True
    """
    if name == "colour_blind":
        return COLOUR_BLIND[theme]
    return LIGHT if theme == "light" else DARK


_LINEAR_UP_TO = 0.04045


def blend(low: str, high: str, share: float) -> str:
    """
    Return the colour a share of the way from one to another.

    Parameters
    ----------
    low, high : str
        Colours as ``#RRGGBB``.
    share : float
        0 gives ``low``, 1 gives ``high``; mixed linearly in sRGB, as plotly mixes a colour scale.

    Returns
    -------
    str
        ``#RRGGBB``.

    Examples
    --------
    >>> blend("#000000", "#FFFFFF", 0.2)
    '#333333'
    """
    mixed = (round(a + (b - a) * share) for a, b in zip(_channels(low), _channels(high), strict=True))
    return "#" + "".join(f"{channel:02X}" for channel in mixed)


def contrast_ratio(first: str, second: str) -> float:
    """
    Return how well one colour can be read on another.

    Parameters
    ----------
    first, second : str
        Colours as ``#RRGGBB``; their order does not matter.

    Returns
    -------
    float
        1 (the same) to 21 (black on white); running text wants 4.5.

    References
    ----------
    Web Content Accessibility Guidelines 2.1, "contrast ratio" and "relative luminance".

    Examples
    --------
    >>> contrast_ratio("#000000", "#FFFFFF")
    21.0
    """
    darker, lighter = sorted((_luminance(first), _luminance(second)))
    return round((lighter + 0.05) / (darker + 0.05), 4)


def _channels(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _luminance(color: str) -> float:
    shares = (channel / 255 for channel in _channels(color))
    linear = [share / 12.92 if share <= _LINEAR_UP_TO else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
