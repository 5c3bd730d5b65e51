"""Tests of the review card's script and style sheet, as they are shipped."""

from __future__ import annotations

import json
import re
from importlib.resources import files

import pytest

from labelclean.review.card_keys import ACTIONS
from labelclean.ui.components.review_card.card import PARTS, script, style

LIGHT = re.search(r"\.labelclean \{(.*?)\}", style(), re.DOTALL)
DARK = re.search(r'\.labelclean\[data-theme="dark"\] \{(.*?)\}', style(), re.DOTALL)


def _tokens(block: re.Match[str] | None) -> dict[str, str]:
    """Return the colours of one theme."""
    assert block is not None
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block[1]))


def _luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2, 0 to 1."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def test_every_part_is_shipped_and_joined() -> None:
    """A part that is not joined, or not in the package, would be missed only in the browser."""
    folder = files("labelclean.ui.components.review_card")

    shipped = {entry.name for entry in folder.iterdir() if entry.name.endswith(".js")}

    assert shipped == set(PARTS)
    assert all(folder.joinpath(part).read_text(encoding="utf-8").strip() in script() for part in PARTS)


def test_the_script_exports_one_function_and_imports_nothing() -> None:
    """The parts share one module scope."""
    assert len(re.findall(r"^export default function", script(), re.MULTILINE)) == 1
    assert re.findall(r"^\s*import\b", script(), re.MULTILINE) == []


def test_no_name_is_declared_twice() -> None:
    """Joined files must not overwrite each other's names."""
    names = re.findall(r"^(?:function|class|const|let) ([A-Za-z_]\w*)", script(), re.MULTILINE)

    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize(
    "forbidden",
    ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "DOMParser", "srcdoc"],
)
def test_user_text_can_never_become_markup(forbidden: str) -> None:
    """Nothing in the script turns text into HTML or code."""
    assert forbidden not in script()


def test_nothing_is_fetched_from_outside() -> None:
    """No address but the name of the SVG standard."""
    addresses = re.findall(r"https?://[^\s\"')]+", script() + style())

    assert set(addresses) == {"http://www.w3.org/2000/svg"}


def test_streamlit_takes_both_for_inline_code() -> None:
    """Strings of one line would be taken for file names."""
    assert script().strip().count("\n") > 10
    assert style().strip().count("\n") > 10


def test_the_script_begins_with_every_action_of_the_card() -> None:
    """Handler, help, key caps and titles read the one table that Python keeps."""
    first = script().splitlines()[0]

    told = json.loads(first.removeprefix("const CARD_ACTIONS = ").removesuffix(";"))

    assert [action["name"] for action in told] == [action.name for action in ACTIONS]


@pytest.mark.parametrize("key", ["A", "K", "Z", "G", "P"])
def test_no_part_writes_a_key_down(key: str) -> None:
    """A letter on a cap or in a title would stay when the reviewer chooses another key."""
    assert f'keyCap("{key}")' not in script()
    assert f"({key})" not in "".join(script().splitlines()[1:])


@pytest.mark.parametrize("block", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("ink", "ground"),
        ("ink", "paper"),
        ("soft", "ground"),
        ("soft", "paper"),
        ("soft", "cap"),
        ("ink", "given-ground"),
        ("ink", "suggested-ground"),
        ("given", "given-ground"),
        ("suggested", "suggested-ground"),
        ("on-primary", "suggested"),
        ("accent", "paper"),
        ("good", "ground"),
        ("bad", "ground"),
    ],
)
def test_text_is_readable_in_both_themes(block: re.Match[str] | None, text: str, ground: str) -> None:
    """At least 4.5 to 1, as WCAG 2 AA asks of small text."""
    colours = _tokens(block)

    assert _contrast(colours[text], colours[ground]) >= 4.5


def test_both_themes_define_the_same_colours() -> None:
    """A colour that only one theme knows would be the other's by accident."""
    assert set(_tokens(LIGHT)) == set(_tokens(DARK))
