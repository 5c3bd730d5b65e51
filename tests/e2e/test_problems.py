"""From a problem of the data to its queue and to leaving rows out, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.driver import App

pytestmark = pytest.mark.e2e

WORDS = ("lamp", "table", "chair", "mirror", "phone")
SOUND = [f"please send my {word} number {row} back to me,{'ab'[row % 2]}" for row in range(8) for word in WORDS]
DAMAGED = [f"the cafÃ© {word} number {row} came late,{'ab'[row % 2]}" for row in range(3) for word in WORDS]
DATA = "\n".join(["text,label", *SOUND, *DAMAGED]) + "\n"


def test_rows_with_a_problem_are_reviewed_and_left_out(app: App, page: Page) -> None:
    """The card says what the problem is, one key leaves the row out, and the page offers the rest at once."""
    app.upload("damaged.csv", DATA.encode())
    project = app.analyse()
    app.open(f"problems?project={project}")
    expect(page.get_by_role("heading", name="Damaged characters")).to_be_visible()
    expect(page.get_by_text("Repaired: the café").first).to_be_visible()
    app.settle()

    page.locator(".st-key-problem-review-encoding_damage button").click()
    expect(page.locator(".labelclean .why")).to_contain_text("It was read in a wrong encoding.")
    expect(page).to_have_url(re.compile("problem=encoding_damage"))
    app.settle()
    page.locator(".labelclean").first.click(position={"x": 5, "y": 5})
    page.keyboard.press("x")
    assert [decision["verdict"] for decision in app.decisions(project, 1)] == ["exclude"]

    app.open(f"problems?project={project}")
    card = page.locator(".st-key-card-problem-encoding_damage")
    expect(card).to_contain_text("15 rows · 1 decided")
    app.settle()
    card.get_by_role("button", name="Exclude them all").click()
    expect(page.get_by_role("heading", name="Decide many at once")).to_be_visible()
    expect(page.get_by_role("radio", name=re.compile("[Ee]xclude|[Ll]eave"))).to_be_checked()
