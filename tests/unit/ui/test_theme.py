"""One set of colours, wherever they have to be spelled out."""

from __future__ import annotations

import re
from dataclasses import asdict

import pytest

from labelclean.export.report_style import STYLE
from labelclean.plots.palette import COLOUR_BLIND
from labelclean.ui.components.review_card.card import style
from labelclean.ui.options import THEME_OPTIONS
from labelclean.ui.theme import PALETTES, ThemeName

THEMES: tuple[ThemeName, ...] = ("light", "dark")
CARD_NAMES = {"paper": "card", "soft": "soft_ink", "cap": "key_cap", "track": "hairline"}
OPTION_NAMES = {
    "primaryColor": "suggested",
    "backgroundColor": "ground",
    "secondaryBackgroundColor": "card",
    "textColor": "ink",
    "borderColor": "hairline",
    "linkColor": "accent",
    "redColor": "bad",
    "greenColor": "good",
    "orangeColor": "given",
    "grayColor": "soft_ink",
}


def _palette(theme: ThemeName) -> dict[str, str]:
    return asdict(PALETTES[theme])


def _tokens(block: str) -> dict[str, str]:
    """Return the colours of a CSS block by the palette's names, those that the palette has."""
    found = re.findall(r"--([a-z-]+):\s*(#[0-9a-fA-F]{6})", block)
    named = {CARD_NAMES.get(name, name.replace("-", "_")): color.upper() for name, color in found}
    return {name: color for name, color in named.items() if name in _palette("light")}


@pytest.mark.parametrize(("theme", "place"), [("light", 0), ("dark", 1)])
def test_the_card_has_the_palette_s_colours(theme: ThemeName, place: int) -> None:
    """The card's style sheet spells every colour of the palette, and the same."""
    blocks = re.findall(r"\.labelclean(?:\[data-theme=\"dark\"\])? \{(.*?)\}", style(), re.DOTALL)

    assert _tokens(blocks[place]) == _palette(theme)


@pytest.mark.parametrize(("theme", "place"), [("light", 0), ("dark", 1)])
def test_the_card_has_the_colour_blind_pair(theme: ThemeName, place: int) -> None:
    """What the palette changes, the card's style sheet changes in the same way."""
    blocks = re.findall(r"\.labelclean\[data-palette=\"colour_blind\"\][^{]* \{(.*?)\}", style(), re.DOTALL)

    tokens = _tokens(blocks[place])

    standard, chosen = _palette(theme), asdict(COLOUR_BLIND[theme])
    assert tokens == {name: color for name, color in chosen.items() if color != standard[name]}


@pytest.mark.parametrize(("theme", "place"), [("light", 0), ("dark", 1)])
def test_the_report_has_the_palette_s_colours(theme: ThemeName, place: int) -> None:
    """On the screen the report looks like the app; in print it is black on white."""
    tokens = _tokens(re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)[place])

    assert tokens == {name: _palette(theme)[name] for name in tokens}
    assert {"given", "suggested", "ink", "ground"} <= set(tokens)


@pytest.mark.parametrize("theme", THEMES)
def test_the_server_s_theme_has_the_palette_s_colours(theme: ThemeName) -> None:
    """Streamlit's own widgets are drawn in the same colours."""
    options = {name: THEME_OPTIONS[f"theme.{theme}.{name}"] for name in OPTION_NAMES}

    assert options == {name: _palette(theme)[token] for name, token in OPTION_NAMES.items()}
