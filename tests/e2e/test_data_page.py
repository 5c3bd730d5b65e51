"""The table of all rows in a real browser: its grid is drawn on a canvas, so that only a browser can edit in it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.driver import App

WIDTHS = (60, 72, 72, 276, 134)
LABEL = 4  # the column of the labels by now, counted from 0

pytestmark = pytest.mark.e2e


def _open(app: App, project: str, query: str = "") -> None:
    app.open(f"data?project={project}{query}")
    expect(app.page.locator("canvas [role=gridcell]").first).to_be_attached(timeout=30_000)
    app.settle()


def _cell(app: App, line: int, column: int) -> str:
    """Return what a cell says to readers of screens."""
    return app.page.locator(f"#glide-cell-{column}-{line}").text_content() or ""


def _type_into(app: App, line: int, column: int, text: str) -> None:
    """Go to a cell, open it by its key, choose what begins with a text, and press Enter."""
    box = app.page.locator("canvas").first.bounding_box()
    assert box is not None
    app.page.mouse.click(box["x"] + sum(WIDTHS[:column]) + 30, box["y"] + 35 * (line + 1) + 17)
    expect(app.page.locator(f"#glide-cell-{column}-{line}")).to_have_attribute("aria-selected", "true")
    app.page.keyboard.press("Enter")
    entry = app.page.locator("#portal :is(input, textarea)").first
    expect(entry).to_be_focused()
    app.page.keyboard.type(text)
    app.page.keyboard.press("Enter")
    expect(entry).not_to_be_attached()
    app.settle()


def test_a_label_changed_in_the_grid_is_a_decision_that_undo_takes_back(app: App) -> None:
    """Typed into the cell, stored with its source, shown on the card, and undone from the table, again and again."""
    project = app.demo_id()
    _open(app, project, "&sort=-error")
    given = _cell(app, 0, LABEL)

    _type_into(app, 0, LABEL, "billing")
    first = app.decisions(project, 1)[0]
    app.page.get_by_role("button", name="Undo").click()
    app.decisions(project, 2)
    app.settle()
    after_undo = _cell(app, 0, LABEL)
    _type_into(app, 0, LABEL, "place_order")
    log = app.decisions(project, 3)

    assert (first["verdict"], first["label"], first["source"]) == ("relabel", '"billing"', "table")
    assert after_undo == given != "billing"
    assert [(event["kind"], event["label"]) for event in log[1:]] == [("undo", None), ("decide", '"place_order"')]
    app.review(project, f"&rows={first['row']}&all=1&decided=1")
    expect(app.page.locator(".labelclean")).to_contain_text(re.compile(r"Changed to\s*place_order"))


def test_a_row_opens_on_its_card_and_the_way_back_leads_to_the_same_page(app: App) -> None:
    """One click from the table to the card, one back; search, order and page are still there."""
    project = app.demo_id()
    _open(app, project, "&sort=-error&q=the")
    app.page.get_by_role("button", name="Page 2", exact=True).click()
    expect(app.page).to_have_url(re.compile("page=2"))
    app.settle()
    row, text = _cell(app, 0, 0), _cell(app, 0, 3)
    box = app.page.locator("canvas").first.bounding_box()
    assert box is not None

    app.page.mouse.click(box["x"] + WIDTHS[0] + 35, box["y"] + 35 + 17)
    expect(app.page.locator(".labelclean .text")).to_have_text(text, timeout=30_000)
    on_card = app.page.url
    app.settle()
    app.page.get_by_role("button", name="Back to Data").click()
    expect(app.page).to_have_url(re.compile("page=2"))
    app.settle()

    assert re.search(rf"rows={row}\b", on_card) is not None
    assert "q=the" in app.page.url
    assert _cell(app, 0, 3) == text
