"""The evidence on the review card in a real browser: scripts of every kind, long texts, folding."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.e2e.card_evidence import EVIDENCE_TEXTS
from tests.e2e.conftest import Server, StartServer

pytestmark = pytest.mark.e2e

APP = Path(__file__).parent / "card_app.py"
ROOT = Path(__file__).parents[2]
FIRST_MARK_IN_VIEW = """(text) => {
    const mark = text.querySelector("mark").getBoundingClientRect();
    const window = text.getBoundingClientRect();
    return mark.top >= window.top && mark.bottom <= window.bottom;
}"""


@pytest.fixture(scope="module")
def shared_server(
    start_server: StartServer, free_port: Callable[[], int], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """Start one server for all tests."""
    environment = {"CARD_DB": str(tmp_path_factory.mktemp("card") / "log.db"), "PYTHONPATH": str(ROOT)}
    with start_server(APP, free_port(), environment) as server:
        yield server


@pytest.fixture
def card(page: Page, shared_server: Server) -> Page:
    """Open the card over rows with evidence."""
    page.goto(f"{shared_server.url}/?project={uuid4()}&evidence=1")
    expect(page.locator(".labelclean .foot")).to_be_visible(timeout=30_000)
    return page


def go_to(card: Page, row: int) -> Locator:
    """Show a row of the queue; return its text."""
    for _ in range(row):
        card.keyboard.press("ArrowRight")
    text = card.locator(".labelclean .text")
    expect(text).to_have_text(EVIDENCE_TEXTS[row], use_inner_text=False)
    return text


@pytest.mark.parametrize(
    ("row", "for_suggested", "for_given"),
    [
        (0, ["how many days", "usually takes"], ["not here yet"]),
        (1, ["需要几天"], ["还没有收到"]),
        (2, ["كم يوما", "التوصيل"], ["لم يصل بعد"]),
        (3, ["how many days"], []),
        (4, ["where"], ["cafe\u0301"]),
    ],
    ids=["English", "Chinese", "Arabic", "long", "emoji"],
)
def test_words_are_tinted_in_every_script(card: Page, row: int, for_suggested: list[str], for_given: list[str]) -> None:
    """The very words, whatever the script, the length, and the emoji before them; the text itself stays what it is."""
    text = go_to(card, row)

    assert text.locator("mark.tint-suggested").all_text_contents() == for_suggested
    assert text.locator("mark.tint-given").all_text_contents() == for_given


def test_the_two_voices_differ_by_more_than_their_colour(card: Page) -> None:
    """Solid for the suggested label, dotted for the given one, and the label itself in the tooltip."""
    text = go_to(card, 0)
    style = "mark => getComputedStyle(mark).textDecorationStyle"

    assert text.locator("mark.tint-suggested").first.evaluate(style) == "solid"
    assert text.locator("mark.tint-given").first.evaluate(style) == "dotted"
    expect(text.locator("mark.tint-suggested").first).to_have_attribute("title", "Speaks for delivery_time")
    expect(card.locator(".legend")).to_have_text("words for suggestedwords for given")


def test_arabic_runs_from_right_to_left(card: Page) -> None:
    """The text begins at the right, its tinted words too: the first one said stands right of the second."""
    text = go_to(card, 2)
    places = text.locator("mark").evaluate_all("marks => marks.map(mark => mark.getBoundingClientRect().left)")

    assert text.evaluate("text => getComputedStyle(text).direction") == "rtl"
    assert places[0] > places[1] > places[2]


def test_in_two_thousand_words_the_first_word_that_matters_is_in_view(card: Page) -> None:
    """The page itself does not scroll, the text does, to the right place."""
    text = go_to(card, 3)

    assert text.evaluate(FIRST_MARK_IN_VIEW)
    assert text.evaluate("text => text.scrollTop") > 1_000


def test_texts_nearby_stand_with_their_labels_as_plain_text(card: Page) -> None:
    """Nearest first, then the closest one that carries the given label; markup in them is text."""
    go_to(card, 0)

    assert card.locator(".near-text").all_text_contents()[:2] == [EVIDENCE_TEXTS[6], EVIDENCE_TEXTS[7]]
    assert card.locator(".near-label").all_text_contents() == ["delivery_time"] * 3 + ["parcel_missing"]
    assert card.locator(".near-caption").all_text_contents() == ["closest as given"]
    assert card.evaluate("window.hacked") is None


def test_a_neighbour_that_was_decided_shows_its_new_label(card: Page) -> None:
    """What is known by now counts: row 6 is changed to refund while row 0 waits."""
    go_to(card, 6)
    card.keyboard.press("/")
    card.keyboard.type("refund")
    card.keyboard.press("Enter")
    expect(card.locator(".saved")).to_contain_text("saved")
    for _ in range(7):
        card.keyboard.press("ArrowLeft")

    first = card.locator(".near-list li").first
    expect(first.locator(".near-label")).to_have_text("refund", timeout=10_000)
    expect(first.locator(".near-told")).to_have_text("corrected by a reviewer")


def test_one_key_folds_the_evidence_away_and_the_choice_outlives_a_refresh(card: Page) -> None:
    """Some reviewers want to judge before they see what a model thinks."""
    card.keyboard.press("e")
    expect(card.locator(".evidence")).to_be_hidden()
    colour = card.locator("mark").first.evaluate("mark => getComputedStyle(mark).textDecorationLine")

    card.reload()
    expect(card.locator(".labelclean .foot")).to_be_visible(timeout=30_000)

    expect(card.locator(".evidence")).to_be_hidden()
    assert colour == "none"
    card.get_by_role("button", name="Evidence").click()
    expect(card.locator(".evidence")).to_be_visible()


def test_a_row_that_was_not_explained_says_so_quietly(card: Page) -> None:
    """And the buttons stay where they were."""
    go_to(card, 0)
    before = card.get_by_role("button", name="Accept").bounding_box()

    for _ in range(5):
        card.keyboard.press("ArrowRight")

    expect(card.locator(".why-words")).to_contain_text("was not explained")
    assert card.locator("mark").count() == 0
    assert card.get_by_role("button", name="Accept").bounding_box() == before


@pytest.mark.parametrize("row", [0, 1, 2, 3])
def test_everything_fits_on_one_screen(card: Page, row: int) -> None:
    """At 1280 x 800, with the evidence open."""
    go_to(card, row)

    foot = card.locator(".labelclean .foot").bounding_box()

    assert foot is not None
    assert foot["y"] + foot["height"] <= 800


def test_the_evidence_breaks_no_rule_of_accessibility(card: Page) -> None:
    """Names, roles and contrasts as axe checks them, on short and long texts, open and folded."""
    found = []
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight", "e"):
        response = Axe().run(card, context=".stBidiComponent, [data-testid^=stBidiComponent]").response
        found += [(violation["id"], violation["nodes"][0]["html"]) for violation in response["violations"]]
        card.keyboard.press(key)

    assert found == []
