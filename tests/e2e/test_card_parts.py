"""Label sets, copies, the last decisions and the foot of the review card, in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.card_driver import CARD_APP, CardPage, Server

pytestmark = pytest.mark.e2e

StartServer = Callable[[Path, int, Mapping[str, str]], AbstractContextManager[Server]]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the server of this module keeps its logs; each test has a project of its own."""
    return tmp_path_factory.mktemp("card") / "log.db"


@pytest.fixture(scope="module")
def card_server(start_server: StartServer, free_port: Callable[[], int], database: Path) -> Iterator[Server]:
    """Start one server for all tests of this module."""
    with start_server(CARD_APP, free_port(), {"CARD_DB": str(database)}) as server:
        yield server


@pytest.fixture
def card(page: Page, card_server: Server, database: Path) -> CardPage:
    """Return the page around the card; each test opens its own kind of rows."""
    return CardPage(page, card_server, database)


def _message(row: int) -> str:
    return f"Message number {row}: where is my parcel?"


def test_digits_put_a_set_together_and_enter_confirms_it(card: CardPage) -> None:
    """Row r is given r and r + 1, and suggested without r but with r + 2; digit 1 adds, digit 2 removes."""
    card.open("sets")

    card.press("2", "Enter")
    card.press("a")
    card.press("1", "2", "Enter")
    card.press("1", "1", "Enter")

    assert card.told(4) == [
        (0, "relabel", ["change_address"]),
        (1, "accept", ["delivery_time", "parcel_missing"]),
        (2, "accept", ["parcel_missing", "place_order"]),
        (3, "keep", None),
    ]


def test_what_is_not_confirmed_stays_while_the_server_answers_and_goes_with_the_card(card: CardPage) -> None:
    """Chips are marked as toggled; the answer about the last card does not reset them, looking elsewhere does."""
    card.open("sets")

    card.press("k", "1")
    card.settle()
    expect(card.part(".draft")).to_contain_text("Not confirmed yet: + parcel_missing")
    expect(card.chip("parcel_missing")).to_have_attribute("aria-pressed", "true")
    card.press("ArrowRight", "ArrowLeft")

    expect(card.chip("parcel_missing")).to_have_attribute("aria-pressed", "false")
    expect(card.part(".draft")).to_be_hidden()
    assert card.told(1) == [(0, "keep", None)]


def test_any_label_is_found_by_typing_and_new_ones_are_made(card: CardPage) -> None:
    """Found labels join the set on the card; a name with a comma is offered in the words it was made with."""
    card.open("sets")

    card.press("/")
    card.type("refu")
    card.press("Enter", "/")
    card.type("very late")
    expect(card.part(".option")).to_have_text(["Make new label “very late”"])
    card.press("Enter")
    expect(card.part(".draft")).to_contain_text("+ refund  + very late")
    card.press("Enter")
    card.stored(1)
    card.settle()
    card.press("/")
    card.type("very")

    expect(card.part(".option").first).to_have_text("very late")
    assert card.told(1) == [(0, "relabel", ["billing", "change_address", "refund", "very late"])]


def test_g_decides_all_copies_and_one_undo_takes_them_back(card: CardPage) -> None:
    """Rows 0, 3 and 5 have one text and three labels: keeping one keeps it for all, and no copy is shown again."""
    card.open("copies")
    expect(card.part(".group-words")).to_have_text(
        "3 copies of this text with different labels: billing 1 · parcel_missing 1 · refund 1"
    )

    card.press("g")
    expect(card.part(".group-button")).to_have_attribute("aria-pressed", "true")
    card.press("k", "k", "k")
    expect(card.part(".text")).to_have_text(_message(4))
    card.press("z", "z", "z")
    card.settle()
    expect(card.part(".figures")).to_contain_text("0 of 200 decided")
    card.press("y")
    card.settle()
    expect(card.part(".figures")).to_contain_text("3 of 200 decided")
    card.reload()
    card.press("z")

    events = card.stored(10)
    billing = [(row, "relabel", "billing") for row in (0, 3, 5)]
    assert card.told(10)[:5] == [*billing, (1, "keep", None), (2, "keep", None)]
    assert [event["kind"] for event in events[5:]] == ["undo", "undo", "undo", "redo", "undo"]
    assert {event["batch"] for event in events[:3]} == {events[0]["uuid"]}
    expect(card.part(".figures")).to_contain_text("0 of 200 decided")


def test_a_contradiction_is_decided_for_its_whole_group(card: CardPage) -> None:
    """Eleven rows of one text have six labels: all are on the digits, and one digit settles them."""
    card.open("copies&kind=contradictions")
    expect(card.part(".group-button")).to_contain_text("Deciding all 11")
    expect(card.part(".chips .chip")).to_have_count(6)

    label = card.part('.chips [data-digit="4"]').get_attribute("title")
    card.press("4")
    expect(card.part(".group-button")).to_contain_text("Deciding all 3")
    card.press("g", "a")

    events = card.told(12)
    assert events[:11] == [(2, "relabel", label), *((row, "relabel", label) for row in range(20, 30))]
    assert events[11:] == [(0, "accept", "change_address")]


def test_the_last_decisions_lead_back_to_their_cards(card: CardPage) -> None:
    """The list is newest first; a card decided anew leads back to where the reviewer was."""
    card.open()
    card.press("a", "k", "b")

    card.press("h")
    expect(card.part(".history-entry .history-row")).to_have_text(["row 2", "row 1", "row 0"])
    card.press("ArrowDown", "Enter")
    expect(card.part(".text")).to_have_text(_message(1))
    card.press("x")
    expect(card.part(".text")).to_have_text(_message(3))
    card.press("h")

    expect(card.part(".history-entry").first).to_contain_text("Excluded from the data")
    assert card.told(4)[3] == (1, "exclude", None)


def test_the_foot_says_how_each_figure_was_computed_and_a_stop_is_a_suggestion(card: CardPage) -> None:
    """The words open by mouse and keyboard; who goes on anyway is not told again."""
    card.open("outlook")
    how = card.part(".how")

    how.first.click()
    expect(card.part(".outlook-how")).to_have_text("Counted among your last decisions.")
    how.last.focus()
    card.press("Enter")
    expect(card.part(".outlook-how")).to_have_text("Estimated from the scores of the rows left.")
    card.part(".stop button").click()
    card.press("k")
    card.settle()

    expect(card.part(".outlook-lines li").first).to_contain_text("1 of 20 were errors")
    expect(card.part(".stop")).to_be_hidden()
    assert card.told(1) == [(0, "keep", None)]


def test_a_control_row_is_marked_and_so_is_its_decision(card: CardPage) -> None:
    """Row 1 was drawn at random; the card says so, and the log knows."""
    card.open("control")
    card.press("k")
    expect(card.part(".control")).to_have_text("control row: picked at random")
    card.press("k")
    expect(card.part(".control")).to_be_hidden()

    assert [event["source"] for event in card.stored(2)] == ["queue", "control"]


def test_cards_in_the_browser_stay_whatever_the_queue_learns(card: CardPage) -> None:
    """After the first decision the server suggests other classes; only cards not yet sent have them."""
    card.open("relearn")

    card.press("k")
    card.settle()
    expect(card.part(".plate-suggested .plate-name")).to_have_text("delivery_time")
    card.press(*["ArrowRight"] * 59)

    expect(card.part(".text")).to_have_text(_message(60))
    expect(card.part(".plate-suggested .plate-name")).to_have_text("delivery_time")
    expect(card.part(".plate-given .plate-name")).to_have_text("billing")


@pytest.mark.parametrize("query", ["sets&outlook", "copies&kind=contradictions&control"])
def test_a_narrow_screen_needs_no_scrolling_to_the_side_and_everything_has_a_name(card: CardPage, query: str) -> None:
    """At 390 px all parts fit, and axe finds nothing to complain about."""
    card.page.set_viewport_size({"width": 390, "height": 800})
    card.open(query)
    card.press("k", "h")
    expect(card.part(".history")).to_be_visible()

    report = Axe().run(card.page, context=".stBidiComponent, [data-testid^=stBidiComponent]")
    card.press("Escape")
    rest = Axe().run(card.page, context=".stBidiComponent, [data-testid^=stBidiComponent]")
    widths = card.page.evaluate("[document.documentElement.scrollWidth, document.querySelector('.stApp').scrollWidth]")
    overflow = card.part(".card").evaluate("node => node.scrollWidth - node.clientWidth")

    assert [violation["id"] for violation in report.response["violations"]] == []
    assert [violation["id"] for violation in rest.response["violations"]] == []
    assert (max(widths), overflow) == (390, 0)
