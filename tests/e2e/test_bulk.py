"""Many rows at once in a real browser: from a filter over the sample to the decision, and back with one press."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.driver import App

pytestmark = pytest.mark.e2e


def decide_sample(app: App, page: Page, project: str, keys: str) -> None:
    """Begin the sample on the bulk page, decide its rows, and come back."""
    before = len(app.decisions(project, 0))
    page.get_by_role("button", name=re.compile(r"^Decide \d+ rows$")).click()
    expect(page.locator(".labelclean .foot")).to_be_visible()
    app.settle()
    page.locator(".labelclean").first.click(position={"x": 5, "y": 5})
    for place, key in enumerate(keys, start=1):
        page.keyboard.press(key)
        app.decisions(project, before + place)
    page.get_by_role("button", name="Back to many at once").click()
    expect(page.get_by_role("heading", name="Decide many at once")).to_be_visible()
    app.settle()


def in_force(app: App, project: str) -> int:
    """Return the number of bulk decisions stored that no undo names."""
    log = app.query("SELECT * FROM decisions WHERE project_id = ? ORDER BY position", project)
    last = {row["target_uuid"]: row["kind"] for row in log if row["target_uuid"]}
    return sum(row["source"] == "bulk" and row["kind"] == "decide" and last.get(row["batch"]) != "undo" for row in log)


def test_a_queue_is_decided_from_its_sample_and_taken_back(app: App, page: Page) -> None:
    """The button waits for the sample, says how sure it is, and one undo, here or on the card, takes all of it back."""
    project = app.demo_id()
    app.review(project)
    app.settle()
    page.get_by_role("button", name="Decide many at once").click()
    expect(page.get_by_role("heading", name="Decide many at once")).to_be_visible()
    app.settle()
    expect(page.get_by_role("button", name=re.compile("^Accept the remaining"))).to_be_disabled()

    decide_sample(app, page, project, "aaaaaaaaka")

    button = page.get_by_role("button", name=re.compile(r"^Accept the remaining \d+ · 9 of 10 right, 62–99 %$"))
    n_rest = int(re.findall(r"\d+", button.inner_text())[0])
    button.click()
    expect(page.get_by_text(f"{n_rest} rows decided at once.")).to_be_visible()
    assert in_force(app, project) == n_rest

    page.get_by_role("button", name="Undo", exact=True).first.click()
    expect(page.get_by_role("button", name="Redo", exact=True)).to_be_visible()
    assert in_force(app, project) == 0
    page.get_by_role("button", name="Redo", exact=True).click()
    expect(page.get_by_role("button", name="Undo", exact=True)).to_be_visible()
    assert in_force(app, project) == n_rest

    n_before = len(app.decisions(project, 0))
    app.review(project, "&all=1&decided=1")
    app.settle()
    page.locator(".labelclean").first.click(position={"x": 5, "y": 5})
    page.keyboard.press("z")
    app.decisions(project, n_before + 1)
    assert in_force(app, project) == 0


def test_the_report_is_made_on_the_statistics_page(app: App, page: Page) -> None:
    """It has the statistics and the certificate, and the page says whether the score is honest."""
    project = app.demo_id()
    app.review(project)
    app.settle()
    before = len(app.decisions(project, 0))
    page.keyboard.press("k")
    app.decisions(project, before + 1)

    app.open(f"statistics?project={project}")
    expect(page.get_by_role("heading", name="Is the score honest?")).to_be_visible()
    app.settle()
    report = app.download("Report to print").decode()

    for words in ("Certificate of changes", "Which class is mistaken for which", "Is the score honest?"):
        assert words in report
    statement = "SELECT d.sha256 FROM datasets d JOIN projects p ON p.dataset_id = d.id WHERE p.id = ?"
    assert app.query(statement, project)[0]["sha256"] in report
