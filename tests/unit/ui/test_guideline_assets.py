"""Tests of the guideline's script and style sheet, as they are shipped."""

from __future__ import annotations

import re

import pytest

from labelclean.ui.components.guideline.guideline import script, style


def test_the_script_exports_one_function_and_imports_nothing() -> None:
    """The parts share one module scope, in which no name stands twice."""
    names = re.findall(r"^(?:function|class|const|let) ([A-Za-z_]\w*)", script(), re.MULTILINE)

    assert len(re.findall(r"^export default function", script(), re.MULTILINE)) == 1
    assert re.findall(r"^\s*import\b", script(), re.MULTILINE) == []
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize(
    "forbidden",
    ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "DOMParser", "srcdoc", '"a"', '"img"'],
)
def test_a_guideline_can_never_become_markup_or_load_anything(forbidden: str) -> None:
    """No HTML, no link, no picture is made of the text."""
    assert forbidden not in script()


def test_nothing_is_fetched_from_outside() -> None:
    """No address but the name of the SVG standard."""
    assert set(re.findall(r"https?://[^\s\"')]+", script() + style())) == {"http://www.w3.org/2000/svg"}
    assert "url(" not in style()


def test_the_colours_are_those_of_the_page() -> None:
    """Theme and palette reach the panel through the page's tokens alone."""
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b", style()) == []
