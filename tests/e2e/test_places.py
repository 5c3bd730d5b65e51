"""Where a user is: Back and Forward, two tabs, a project that goes away, the keyboard's focus."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.driver import App

pytestmark = pytest.mark.e2e

SMALL = "text,label\n" + "".join(
    f"{word} number {number},{'fruit' if word in {'apple', 'pear'} else 'tool'}\n"
    for number in range(10)
    for word in ("apple", "pear", "hammer", "saw")
)


def small_project(app: App, name: str) -> str:
    """Upload a small file and analyse it."""
    app.upload(name, SMALL.encode())
    return app.analyse()


def test_back_and_forward_bring_back_the_queues(app: App) -> None:
    """The browser's buttons go through the queues that were open, one press each."""
    app.review(app.demo_id())
    app.page.locator(".st-key-queue-all").get_by_role("button").click()
    expect(app.page.locator(".labelclean .figures")).to_contain_text("of 617")
    box = app.page.get_by_placeholder("text contains")
    expect(box).to_have_count(1)  # the box of the queue before stays on the page until the new one is drawn whole
    box.fill("refund")
    box.press("Enter")
    expect(app.page).to_have_url(re.compile("q=refund"))

    app.page.go_back()
    expect(app.page.locator(".labelclean .figures")).to_contain_text("of 617")
    assert "q=refund" not in app.page.url
    app.page.go_forward()
    expect(app.page.locator(".labelclean .figures")).not_to_contain_text("of 617")
    assert "q=refund" in app.page.url


@pytest.mark.parametrize("link", ["Export", "Navigate to home page"])
def test_a_link_pressed_right_after_a_decision_opens_a_page_that_knows_it(app: App, link: str) -> None:
    """However busy the server is: the decision is stored first, and the page is whole."""
    project = small_project(app, f"busy until {link}.csv")
    app.review(project, "&all=1&decided=1")
    expect(app.page.locator(".labelclean .saved")).to_have_attribute("data-state", "saved")

    with app.server.frozen():
        app.page.keyboard.press("k")
        door = app.page.locator(f'header :is(a:has-text("{link}"), button[aria-label="{link}"])')
        door.click(no_wait_after=True)
        door.click(no_wait_after=True)  # somebody impatient
        app.page.wait_for_timeout(1_500)

    decided = "rows decided" if link == "Export" else "· 1 decided"
    expect(app.page.get_by_text(decided).first).to_be_visible()
    assert len(app.decisions(project, 1)) == 1


def test_a_project_deleted_in_another_tab_is_said_to_be_gone(app: App) -> None:
    """The tab that reviews it gets a sentence, not an error of the framework."""
    project = small_project(app, "gone.csv")
    app.review(project, "&all=1")
    other = app.page.context.new_page()
    other.goto(app.server.url)
    other.locator(f".st-key-delete-{project} button").click()
    other.get_by_role("button", name="Delete for good").click()
    expect(other.get_by_text("gone.csv")).to_have_count(0)

    app.page.keyboard.press("k")

    expect(app.page.get_by_text("This project does not exist")).to_be_visible()
    expect(app.page.get_by_text("encountered an error")).to_have_count(0)


def test_a_blank_name_is_refused_and_enter_saves_a_good_one(app: App) -> None:
    """Renaming works with the keyboard alone and says why it refuses."""
    project = small_project(app, "named.csv")
    app.open()
    app.page.locator(f".st-key-rename-{project} button").click()
    field = app.page.get_by_role("textbox", name="Name")

    field.fill("   ")
    field.press("Enter")
    expect(app.page.get_by_text("must not be blank")).to_be_visible()
    field.fill("Fruit *and* tools")
    field.press("Enter")

    expect(app.page.locator(".lc-project-name", has_text="Fruit *and* tools")).to_be_visible()


def test_a_slider_keeps_the_focus_from_step_to_step(app: App) -> None:
    """Ten presses of an arrow key are ten steps."""
    app.review(app.demo_id())
    slider = app.page.get_by_role("slider").first
    slider.focus()

    for _ in range(10):
        app.page.keyboard.press("ArrowRight")
        app.page.wait_for_timeout(150)

    expect(app.page).to_have_url(re.compile("min=0.5"))
