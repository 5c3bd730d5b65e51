"""From the file to the corrected file with the keyboard alone, and the guideline on the way."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import expect

from labelclean.home import asset_path
from tests.e2e.driver import App

pytestmark = pytest.mark.e2e

FOCUSED = """() => {
    let node = document.activeElement;
    while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
    return (node?.getAttribute("aria-label") || node?.innerText || "").trim();
}"""
MOST_STOPS = 120


def _tab_to(app: App, words: str) -> None:
    """Press Tab until what has the focus begins with the words."""
    app.settle()
    for _ in range(MOST_STOPS):
        if str(app.page.evaluate(FOCUSED)).startswith(words):
            return
        app.page.keyboard.press("Tab")
    pytest.fail(f"Tab never came to {words!r} in {MOST_STOPS} stops")


def _press(app: App, words: str) -> None:
    _tab_to(app, words)
    app.page.keyboard.press("Enter")


def test_a_file_is_corrected_without_a_mouse(app: App) -> None:
    """Choose, analyse, review, look at help, export; only the dialog of the operating system is left out."""
    content = asset_path("demo/support_messages.csv").read_bytes()
    app.upload("messages.csv", content)
    expect(app.page.get_by_role("button", name="Find label errors in")).to_be_visible(timeout=30_000)

    _press(app, "Find label errors in")
    expect(app.page.get_by_text("rows flagged for review")).to_be_visible(timeout=90_000)
    _press(app, "Review")
    expect(app.page.locator(".labelclean .foot")).to_be_visible(timeout=30_000)
    app.settle()
    app.page.keyboard.press("?")
    app.page.keyboard.press("Escape")
    app.page.keyboard.press("a")
    app.page.keyboard.press("k")
    project = str(app.query("SELECT id FROM projects WHERE NOT is_demo")[0]["id"])
    accepted, kept = app.decisions(project, 2)
    _press(app, "Export")
    expect(app.page.get_by_role("heading", name="Export", exact=True)).to_be_visible(timeout=30_000)
    _tab_to(app, "Download the corrected file")
    with app.page.expect_download(timeout=30_000) as download:
        app.page.keyboard.press("Enter")

    assert (accepted["verdict"], kept["verdict"]) == ("accept", "keep")
    corrected = _rows(Path(download.value.path()).read_bytes())
    expected = _rows(content)
    expected[accepted["row"]]["label"] = accepted["label"].strip('"')
    assert corrected == expected


def test_preferences_and_guideline_are_reached_and_changed_without_a_mouse(app: App) -> None:
    """A key is changed on the page of preferences, a guideline is typed in its dialog; the card uses both."""
    project = app.demo_id()
    app.open(f"preferences?project={project}")
    app.page.get_by_text("Review habits").wait_for()

    _tab_to(app, "Key for Accept")
    app.page.keyboard.press("Control+a")
    app.page.keyboard.type("s")
    app.page.keyboard.press("Enter")
    _press(app, "Review")
    expect(app.page.locator(".labelclean [data-action=accept] .cap")).to_have_text("S", timeout=30_000)
    _press(app, "Guideline")
    expect(app.page.get_by_role("dialog")).to_be_visible()
    _tab_to(app, "Text of the guideline")
    app.page.keyboard.type("# Parcels")
    app.page.keyboard.press("Control+Enter")
    _press(app, "Save")
    expect(app.page.get_by_role("dialog")).to_be_hidden(timeout=30_000)
    app.settle()
    expect(app.page.locator(".guideline")).to_be_attached()
    app.page.keyboard.press("p")
    panel = app.page.get_by_role("complementary", name="Guideline")
    expect(panel.get_by_role("heading", name="Parcels")).to_be_visible()
    box, text = panel.bounding_box(), app.page.locator(".labelclean .card").bounding_box()
    app.page.keyboard.press("s")

    assert box is not None
    assert text is not None
    assert box["x"] + box["width"] <= text["x"]
    assert app.decisions(project, 1)[0]["verdict"] == "accept"


def _rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
