"""Queues in a real browser: a link opens exactly its queue, a saved one is there for everybody."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

from tests.e2e.driver import App, Server


def _queue_on_screen(page: Page) -> tuple[str, str]:
    """Return the text on the card and the figures under it."""
    expect(page.locator(".labelclean .foot")).to_be_visible(timeout=30_000)
    expect(page.locator('[data-test-script-state="notRunning"]')).to_be_attached(timeout=30_000)
    return page.locator(".labelclean .text").text_content() or "", page.locator(".labelclean .figures").inner_text()


def _filter_by_text(app: App, text: str) -> None:
    box = app.page.get_by_placeholder("text contains …")
    box.fill(text)
    box.press("Enter")
    expect(app.page.get_by_text(f"text contains “{text}”")).to_be_visible(timeout=30_000)
    app.settle()


def test_the_link_to_a_queue_opens_exactly_it_in_another_browser(app: App, browser: Browser) -> None:
    """Odd characters in it are what they are."""
    app.review(app.demo_id(), "&all=1")
    app.settle()
    _filter_by_text(app, "my order?")
    expected = _queue_on_screen(app.page)
    app.page.get_by_role("button", name="Save or share").click()
    link = app.page.locator("[data-testid=stPopoverBody] code").inner_text()

    other = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    other.goto(link)

    assert _queue_on_screen(other) == expected
    expect(other.get_by_text("All rows, undecided, text contains “my order?”.")).to_be_visible()
    other.context.close()


def test_a_saved_queue_is_there_in_another_browser(app: App, browser: Browser, shared_server: Server) -> None:
    """It opens what was saved; Clear goes back to the whole queue."""
    project = app.demo_id()
    app.review(project)
    app.settle()
    _filter_by_text(app, "order")
    expected = _queue_on_screen(app.page)
    app.page.get_by_role("button", name="Save or share").click()
    app.page.get_by_role("textbox", name="Save this queue as").fill("About orders")
    app.page.get_by_role("button", name="Save queue").click()
    expect(app.page.get_by_role("button", name="About orders")).to_be_visible(timeout=30_000)

    other = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    other.goto(f"{shared_server.url}/review?project={project}")
    whole = _queue_on_screen(other)
    other.get_by_role("button", name="About orders").click()
    expect(other).to_have_url(re.compile("q=order"))
    saved = _queue_on_screen(other)
    other.get_by_role("button", name="Clear", exact=True).click()
    expect(other).not_to_have_url(re.compile("q=order"))

    assert saved == expected
    assert _queue_on_screen(other) == whole
    other.context.close()


def test_a_contradiction_is_decided_once_for_all_its_rows(app: App) -> None:
    """The queue holds one card for the group; one key leaves nothing in it, and one undo brings it back."""
    app.upload("mine.csv", _with_a_contradiction())
    app.settle()
    project = app.analyse()
    app.review(project)
    app.settle()
    app.page.get_by_role("button", name=re.compile("^Contradictions")).click()
    expect(app.page.locator(".labelclean .figures")).to_contain_text("of 1 decided", timeout=30_000)
    app.settle()

    app.page.keyboard.press("x")
    decided = app.decisions(project, at_least=2)
    gone = app.page.get_by_role("button", name=re.compile(r"^Contradictions"))
    expect(gone).to_have_text("Contradictions 0", timeout=30_000)
    app.page.keyboard.press("z")
    expect(gone).to_have_text("Contradictions 1", timeout=30_000)

    assert {(event["row"], event["verdict"]) for event in decided} == {(20, "exclude"), (21, "exclude")}
    assert len(app.decisions(project, at_least=3)) == 3


def _with_a_contradiction() -> bytes:
    """Return a table whose last two rows differ in one character and in their labels."""
    things = ("lamp", "chair", "mirror", "carpet", "kettle", "wardrobe", "sofa", "blanket", "table", "vase")
    lines = ["text,label"]
    for thing in things:
        lines += [f"When will the {thing} get here at last?,delivery", f"Please send the money for the {thing},refund"]
    lines += ["Somebody has to tell me what that invoice is about,refund"]
    lines += ["Somebody has to tell me what that invoice is about!,delivery"]
    return "\n".join(lines).encode()
