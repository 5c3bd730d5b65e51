"""Every page can be used by everyone: WCAG 2.2 AA by axe-core, visible focus, no motion, and enlarged to 200 %."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from labelclean.demos import LABEL_SET_DEMO
from labelclean.home import Home
from labelclean.review.guideline import save_guideline
from labelclean.workspace import REVIEW_CONFIG, Workspace
from tests.e2e.conftest import Server
from tests.e2e.driver import App

pytestmark = pytest.mark.e2e

Theme = Literal["light", "dark"]
OpenIn = Callable[[Theme], App]

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
"""All success criteria of WCAG 2.0, 2.1 and 2.2 at the levels A and AA, as axe-core tags its rules."""

RULES_THAT_APPLY = 15
"""Fewest rules that find something to look at on any page: a page that was not drawn would pass them all."""

IN_STREAMLIT: dict[tuple[str, str], str] = {}
"""Violations inside Streamlit's own widgets that cannot be mended from here: rule and selector, and the reason."""

PAGES = ("", "upload", "overview", "noise", "problems", "data", "bulk", "statistics", "export", "preferences")
KEYS_THAT_OPEN = (("?", "Escape"), ("p", "p"), ("/", "Escape"), ("n", "Escape"), ("h", "Escape"))
"""What each of these shows, and the key that puts it away again."""

GUIDELINE = "# Rules\n\n- **one** label\n\n| word | label |\n|---|---|\n| a | b |\n\n```\ncode\n```\n\n> note (`x`)\n"

FOCUS_OF_CARD = """() => {
    let node = document.activeElement;
    while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
    const style = getComputedStyle(node);
    return node.closest(".labelclean") ? [node.className, style.outlineStyle, parseFloat(style.outlineWidth)] : null;
}"""
MOVING = """() => {
    const all = (root) => [...root.querySelectorAll("*")].flatMap((node) =>
        [node, ...(node.shadowRoot ? all(node.shadowRoot) : [])]);
    const moves = (style) => parseFloat(style.animationDuration) > 0 && style.animationName !== "none" ||
        style.transitionProperty !== "none" && parseFloat(style.transitionDuration) > 0;
    const moving = all(document.body).filter((node) => moves(getComputedStyle(node)));
    return moving.map((node) => node.outerHTML.slice(0, 150));
}"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make both demos, and a guideline for each, before the server starts."""
    root = tmp_path_factory.mktemp("home")
    workspace = Workspace.open(Home.at(root))
    workspace.ensure_demo()
    sets = workspace.add_demo(LABEL_SET_DEMO)
    workspace.run_audit(sets.id, REVIEW_CONFIG)
    for project in workspace.store.list_projects():
        save_guideline(workspace.store, project.id, GUIDELINE)
    workspace.close()
    return root


@pytest.fixture
def open_in(browser: Browser, shared_server: Server, home: Path) -> Iterator[OpenIn]:
    """Return what opens the app in a theme, for people who asked for less motion."""
    contexts = []

    def open_app(theme: Theme) -> App:
        context = browser.new_context(
            viewport={"width": 1280, "height": 800}, color_scheme=theme, reduced_motion="reduce"
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        return App(context.new_page(), shared_server, home)

    yield open_app
    for context in contexts:
        context.close()


def _projects(app: App) -> list[str]:
    return [str(row["id"]) for row in app.query("SELECT id FROM projects ORDER BY created_at")]


def _violations(page: Page, where: str) -> list[tuple[str, str, str]]:
    """Return rule, place and node of everything axe finds but what is known of Streamlit's own widgets."""
    options = {"runOnly": {"type": "tag", "values": TAGS}}
    response = Axe().run(page, options=options).response
    assert len(response["passes"]) >= RULES_THAT_APPLY, where
    return [
        (violation["id"], where, node["html"][:200])
        for violation in response["violations"]
        for node in violation["nodes"]
        if not any(rule == violation["id"] and selector in str(node["target"]) for rule, selector in IN_STREAMLIT)
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(open_in: OpenIn, theme: Theme) -> None:
    """All pages with the demo's results."""
    app = open_in(theme)
    project = _projects(app)[0]

    found = []
    for name in PAGES:
        app.open(f"{name}?project={project}")
        expect(app.page.get_by_role("heading", level=1).first).to_be_visible(timeout=30_000)
        app.settle()
        found += _violations(app.page, name)

    assert found == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_the_card_and_what_it_opens(open_in: OpenIn, theme: Theme) -> None:
    """One label and several; help, last decisions, list of classes, note, guideline, dialog."""
    app = open_in(theme)

    found = []
    for project, keys in zip(_projects(app), (KEYS_THAT_OPEN, KEYS_THAT_OPEN[:2]), strict=True):
        app.review(project)
        app.settle()
        found += _violations(app.page, "card")
        for key, close in keys:
            app.page.keyboard.press(key)
            found += _violations(app.page, f"card after {key}")
            app.page.keyboard.press(close)
    app.page.get_by_role("button", name="Guideline", exact=True).locator("visible=true").first.click()
    expect(app.page.get_by_role("dialog")).to_be_visible()
    app.settle()
    found += _violations(app.page, "dialog")

    assert found == []


def test_the_focus_is_seen_on_everything_of_the_card(open_in: OpenIn) -> None:
    """Whatever Tab reaches has an outline of at least two pixels."""
    app = open_in("light")
    app.review(_projects(app)[0])
    app.settle()
    app.page.locator(".labelclean .text").focus()

    reached = []
    for _ in range(60):
        app.page.keyboard.press("Tab")
        focus = app.page.evaluate(FOCUS_OF_CARD)
        if focus is None:
            break
        reached.append(focus)

    assert len(reached) > 10
    assert [focus for focus in reached if focus[1] == "none" or focus[2] < 2] == []


def test_nothing_moves_for_those_who_asked_for_no_motion(open_in: OpenIn) -> None:
    """No transition and no animation, in the page or in the card."""
    app = open_in("light")
    app.review(_projects(app)[0])
    app.settle()

    assert app.page.evaluate(MOVING) == []


def test_pages_enlarged_to_200_per_cent_need_no_scrolling_to_the_side(open_in: OpenIn) -> None:
    """A window of 1280 x 800 has 640 x 400 CSS pixels at that size."""
    app = open_in("light")
    app.page.set_viewport_size({"width": 640, "height": 400})
    project = _projects(app)[0]

    widths = {}
    for name in (*PAGES, "review"):
        app.open(f"{name}?project={project}")
        app.settle()
        widths[name] = app.page.evaluate(
            "Math.max(document.documentElement.scrollWidth, document.querySelector('[data-testid=stMain]').scrollWidth)"
        )

    assert {name: width for name, width in widths.items() if width > 640} == {}
