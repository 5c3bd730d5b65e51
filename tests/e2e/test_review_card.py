"""The review card in a real browser, on a real server, with its log in a real database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.card_driver import CARD_APP, CardPage
from tests.e2e.conftest import Server

pytestmark = pytest.mark.e2e

RECORD_PRESSES = """() => {
    const host = [...document.querySelectorAll("*")].find((node) => node.shadowRoot?.querySelector(".labelclean"));
    const text = () => host.shadowRoot.querySelector(".text").textContent;
    window.presses = [];
    window.addEventListener("keydown", () => window.presses.push(text()), true);
}"""


StartServer = Callable[[Path, int, Mapping[str, str]], AbstractContextManager[Server]]
Start = Callable[[], AbstractContextManager[Server]]


class Harness(CardPage):
    """The page with the card in tests of what it stores, and of what it must not do a moment later."""

    def text(self) -> str:
        """Return the text on the card."""
        return self.part(".text").text_content() or ""

    def rows(self, n_events: int) -> list[tuple[int, str, str | None]]:
        """Return row, verdict and label of each event, once that many are stored."""
        return [(event["row"], event["verdict"] or event["kind"], event["label"]) for event in self.stored(n_events)]

    def settle(self) -> None:
        """Wait until the card says that all is saved, and a little longer for what should not happen."""
        super().settle()
        self.page.wait_for_timeout(400)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the servers of this module keep their logs; each test has a project of its own."""
    return tmp_path_factory.mktemp("card") / "log.db"


@pytest.fixture(scope="module")
def shared_server(start_server: StartServer, free_port: Callable[[], int], database: Path) -> Iterator[Server]:
    """Start one server for all tests that leave it alive."""
    with start_server(CARD_APP, free_port(), {"CARD_DB": str(database)}) as server:
        yield server


@pytest.fixture
def card(page: Page, shared_server: Server, database: Path) -> Harness:
    """Open the card over 200 plain rows."""
    harness = Harness(page, shared_server, database)
    harness.open()
    return harness


@pytest.fixture
def start(start_server: StartServer, free_port: Callable[[], int], database: Path) -> Start:
    """Return what starts a server that may be killed; always on the same port."""
    port = free_port()
    return lambda: start_server(CARD_APP, port, {"CARD_DB": str(database)})


def test_sixty_presses_store_sixty_decisions_each_on_the_card_shown(card: Harness) -> None:
    """Fast keys lose nothing and never land on a card that is not on screen."""
    card.page.evaluate(RECORD_PRESSES)

    for place in range(60):
        card.press("akbux"[place % 5])
        card.page.wait_for_timeout(30)
    events = card.stored(60)

    shown = [int(text.split()[2].rstrip(":")) for text in card.page.evaluate("window.presses")]
    verdicts = ["accept", "keep", "ambiguous", "unsure", "exclude"] * 12
    # Row 19, 39, 59: the suggestion is the given label, so accepting means keeping.
    expected = ["keep" if row % 20 == 19 and word == "accept" else word for row, word in enumerate(verdicts)]
    assert shown == list(range(60))
    assert [event["row"] for event in events] == shown
    assert [event["verdict"] for event in events] == expected


def test_keys_rest_while_a_note_is_typed_and_the_note_goes_with_the_decision(card: Harness) -> None:
    """Typing a note decides nothing; the next decision takes the note along."""
    card.press("n")
    card.page.keyboard.type("back zuxyk? c1/")
    card.press("ArrowLeft", "Enter")
    before = card.events()
    card.press("k")

    (event,) = card.stored(1)
    assert before == []
    assert (event["row"], event["verdict"], event["note"]) == (0, "keep", "back zuxyk? c1/")
    expect(card.page.locator("[role=dialog]:visible")).to_have_count(0)


def test_keys_rest_on_repeat_and_with_modifiers(card: Harness) -> None:
    """A held key decides once; browser shortcuts decide nothing."""
    card.press("Control+k", "Alt+k", "Meta+b")
    card.page.keyboard.down("u")
    card.page.keyboard.down("u")
    card.page.keyboard.down("u")
    card.page.keyboard.up("u")

    card.settle()
    assert card.rows(1) == [(0, "unsure", None)]


def test_keys_rest_behind_a_dialog(card: Harness) -> None:
    """While the page shows a dialog, and while the help is open, nothing is decided."""
    card.open("dialog=1")
    card.press("?", "k", "1", "Escape")
    card.page.get_by_role("button", name="Open").click()
    expect(card.page.get_by_text("Behind me the keys rest.")).to_be_visible()
    card.press("k", "1")
    card.page.keyboard.press("Escape")
    expect(card.page.get_by_text("Behind me the keys rest.")).to_have_count(0)
    card.press("b")

    card.settle()
    assert card.rows(1) == [(0, "ambiguous", None)]


def test_undo_and_redo_go_back_and_forth(card: Harness) -> None:
    """Undo shows the undone card again, redo goes on behind it."""
    card.press("a", "k", "z")
    after_undo = card.text()
    card.press("y")
    after_redo = card.text()

    assert (after_undo, after_redo) == (_message(1), _message(2))
    assert card.rows(4) == [
        (0, "accept", "change_address"),
        (1, "keep", None),
        (1, "undo", None),
        (1, "redo", None),
    ]


def test_undo_and_redo_survive_a_refresh(card: Harness) -> None:
    """After F5 the decided rows have left the queue, and can be undone and redone all the same."""
    card.press("a", "k", "u")
    card.settle()
    card.page.reload()
    expect(card.page.locator(".labelclean .text")).to_have_text(_message(3))

    card.press("z")
    expect(card.page.locator(".labelclean .text")).to_have_text(_message(2))
    card.settle()
    card.press("z")
    expect(card.page.locator(".labelclean .text")).to_have_text(_message(1))
    card.settle()
    card.page.reload()
    expect(card.page.locator(".labelclean .text")).to_have_text(_message(1))
    card.press("y")

    events = card.stored(6)
    assert [(event["kind"], event["row"]) for event in events[3:]] == [("undo", 2), ("undo", 1), ("redo", 1)]
    assert events[5]["target_uuid"] == events[1]["uuid"]


def test_digits_give_the_likely_classes(card: Harness) -> None:
    """1 is the suggestion, 2 another class, and the digit of the given label keeps it."""
    card.press("1", "2", "6", "9")

    card.settle()
    # Row 1: given change_address, likely delivery_time, parcel_missing, ...; six classes, so 9 is nobody.
    assert card.rows(3) == [(0, "accept", "change_address"), (1, "relabel", "parcel_missing"), (2, "keep", None)]


def test_any_class_is_found_by_typing(card: Harness) -> None:
    """The best match is taken with Enter; arrows choose another; Esc decides nothing."""
    card.press("/")
    card.page.keyboard.type("REF")
    card.press("Enter", "/")
    card.page.keyboard.type("e")
    card.press("Escape", "/", "ArrowDown", "ArrowDown", "Enter")

    card.settle()
    assert card.rows(2) == [(0, "relabel", "refund"), (1, "accept", "delivery_time")]


def test_a_new_class_is_made_by_typing_and_found_afterwards(card: Harness) -> None:
    """The last entry makes a new class, which the next card offers."""
    card.press("/")
    card.page.keyboard.type("gift card <b>")
    expect(card.page.locator(".option-new")).to_have_text("Make new class “gift card <b>”")
    card.press("Enter")
    card.settle()
    card.press("/")
    card.page.keyboard.type("gift")
    card.press("Enter")

    assert card.rows(2) == [(0, "relabel", "gift card <b>"), (1, "relabel", "gift card <b>")]


def test_a_decided_card_says_so_and_can_be_decided_again(card: Harness) -> None:
    """Going back shows the decision; a new one replaces it."""
    card.press("u", "ArrowLeft")
    expect(card.page.locator(".decided")).to_contain_text("Unsure")
    card.press("k", "ArrowLeft")

    expect(card.page.locator(".decided")).to_contain_text("Kept as given")
    assert card.rows(2) == [(0, "unsure", None), (0, "keep", None)]


def test_texts_are_shown_as_they_are(card: Harness) -> None:
    """HTML, markdown, formulas and right-to-left text are text."""
    card.open("tricky=1")

    shown = []
    for _ in range(3):
        text = card.page.locator(".labelclean .text")
        direction = text.evaluate("node => getComputedStyle(node).direction")
        shown.append((card.text(), text.locator("*").count(), direction))
        card.press("ArrowRight")

    assert shown == [
        ("<script>window.hacked = 1</script><img src=x onerror='window.hacked = 2'>", 0, "ltr"),
        (
            "**bold** [link](http://example.com) `code` # heading\n\n- list :smile: :red[colour] $x^2$ $$\\int$$",
            0,
            "ltr",
        ),
        ("اين طردي؟ طلبت مصباحا يوم الاثنين ولم يصل بعد", 0, "rtl"),
    ]
    assert card.page.evaluate("window.hacked") is None


def test_decisions_made_while_the_server_is_dead_are_stored_after_its_restart(
    page: Page, start: Start, database: Path
) -> None:
    """Kill -9, five decisions, a new server on the same port: all five are there, once."""
    with start() as server:
        card = Harness(page, server, database)
        card.open()
        card.press("k")
        card.stored(1)
        card.settle()
        server.kill()
        card.press("a", "k", "b", "u", "x")
        expect(page.locator(".saved")).to_have_text("not saved yet – will retry", timeout=10_000)
        assert len(card.events()) == 1

    with start():
        events = card.stored(6)
        card.settle()

    assert [(event["row"], event["verdict"]) for event in events] == [
        (0, "keep"), (1, "accept"), (2, "keep"), (3, "ambiguous"), (4, "unsure"), (5, "exclude"),
    ]  # fmt: skip
    assert card.text() == _message(6)


def test_keys_live_behind_the_word_that_the_connection_is_lost(page: Page, start: Start, database: Path) -> None:
    """Streamlit's own dialog asks nothing: the next key decides, and puts it away."""
    with start() as server:
        card = Harness(page, server, database)
        card.open()
        server.kill()
        card.press("k")
        lost = page.get_by_role("dialog").filter(has_text="Connection error")
        expect(lost).to_be_visible(timeout=20_000)
        card.press("u")
        expect(lost).to_have_count(0)

    with start():
        events = card.stored(2)
        card.settle()

    assert [(event["row"], event["verdict"]) for event in events] == [(0, "keep"), (1, "unsure")]


def test_unsaved_decisions_outlive_their_tab(page: Page, start: Start, database: Path) -> None:
    """Server and tab end before the decisions are stored; the next tab brings them."""
    with start() as server:
        card = Harness(page, server, database)
        card.open()
        server.kill()
        card.press("k", "u")
        page.close()

    with start() as server:
        next_card = Harness(page.context.new_page(), server, database)
        next_card.project = card.project
        next_card.open()
        events = next_card.stored(2)
        next_card.settle()
        left = next_card.page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('labelclean:'))")

    assert [(event["row"], event["verdict"]) for event in events] == [(0, "keep"), (1, "unsure")]
    assert next_card.text() == _message(2)
    assert left == []


def test_two_tabs_keep_their_own_decisions(card: Harness) -> None:
    """Tabs on the same project neither lose nor repeat each other's events."""
    other = Harness(card.page.context.new_page(), card.server, card.database)
    other.project = card.project
    other.open()

    card.press("k", "k")
    other.press("u", "u")
    card.press("b")
    events = card.stored(5)
    card.settle()
    other.settle()

    assert sorted((event["row"], event["verdict"]) for event in events) == [
        (0, "keep"), (0, "unsure"), (1, "keep"), (1, "unsure"), (2, "ambiguous"),
    ]  # fmt: skip
    assert len(card.events()) == 5
    assert card.page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('labelclean:'))") == []


def test_the_card_breaks_no_rule_of_accessibility(card: Harness) -> None:
    """Names, roles and contrasts as axe checks them, with the card, the list of classes and the help open."""
    found = []
    for key in ("ArrowRight", "/", "Escape", "?"):
        card.press(key)
        response = Axe().run(card.page, context=".stBidiComponent, [data-testid^=stBidiComponent]").response
        found += [(key, violation["id"], violation["nodes"][0]["html"]) for violation in response["violations"]]

    assert found == []


def test_everything_can_be_done_with_the_mouse(card: Harness) -> None:
    """Buttons and chips do what the keys do."""
    page = card.page
    clicks = ["Accept", "Keep", "Ambiguous", "Unsure", "Exclude"]
    for name in clicks:
        page.get_by_role("button", name=name, exact=True).click(delay=20)
        page.wait_for_timeout(200)
    page.locator(".chip").nth(1).click()
    page.wait_for_timeout(200)
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Redo").click()
    page.wait_for_timeout(200)
    page.locator(".chip-find").click()
    page.locator(".option", has_text="refund").click()

    assert [word for _, word, _ in card.rows(9)] == [
        "accept", "keep", "ambiguous", "unsure", "exclude", "relabel", "undo", "redo", "relabel",
    ]  # fmt: skip


def test_a_double_click_decides_one_card(card: Harness) -> None:
    """The second half of a double click does not decide the next card unseen."""
    card.page.get_by_role("button", name="Keep").dblclick()

    card.settle()
    assert card.rows(1) == [(0, "keep", None)]


def test_the_end_of_the_queue_says_what_was_done(card: Harness) -> None:
    """After the last card there is no card to decide by accident, and a skipped one is offered."""
    card.open("size=3")
    title = card.page.locator(".panel-title")

    card.press("a", "ArrowRight", "k", "k", "a")
    card.settle()
    expect(title).to_have_text("You have reached the end of this queue")
    expect(card.page.locator(".panel-lines")).to_contain_text("2 of 3 rows decided, 1 label corrected.")
    card.press("j")
    skipped = card.text()
    card.press("k", "ArrowRight")

    expect(title).to_have_text("This queue is done")
    assert skipped == _message(1)
    assert [row for row, *_ in card.rows(3)] == [0, 2, 1]


def test_an_empty_queue_says_what_to_do(card: Harness) -> None:
    """No matching rows is no blank page."""
    card.open("q=nowhere+to+be+found")

    expect(card.page.locator(".panel-title")).to_have_text("No row matches this queue")


def test_the_card_is_usable_on_a_phone(card: Harness) -> None:
    """At 390 px nothing is cut off at the side."""
    card.page.set_viewport_size({"width": 390, "height": 844})

    overflow = card.page.locator(".labelclean .card").evaluate("node => node.scrollWidth - node.clientWidth")
    assert overflow <= 0
    for button in card.page.locator(".labelclean .button:visible").all():
        box = button.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_card_follows_the_theme(
    page: Page, shared_server: Server, database: Path, scheme: Literal["light", "dark"]
) -> None:
    """The card's colours are those of the page's theme."""
    page.emulate_media(color_scheme=scheme)

    Harness(page, shared_server, database).open()

    expect(page.locator(".labelclean")).to_have_attribute("data-theme", scheme)


def test_the_card_follows_a_change_of_the_theme(card: Harness) -> None:
    """A change reaches the card without a reload, and moves nothing else."""
    card.page.emulate_media(color_scheme="light")
    expect(card.page.locator(".labelclean")).to_have_attribute("data-theme", "light")
    card.press("k")

    card.page.emulate_media(color_scheme="dark")

    expect(card.page.locator(".labelclean")).to_have_attribute("data-theme", "dark")
    assert card.text() == _message(1)


def _message(row: int) -> str:
    return f"Message number {row}: where is my parcel?"
