"""Every key on the help does what it says, as it is and after it was changed; and what else a reviewer may choose."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from labelclean.review.card_keys import ACTIONS, DEFAULT_KEYS, key_name
from tests.e2e.card_driver import CARD_APP, CardPage, Server

pytestmark = pytest.mark.e2e

StartServer = Callable[[Path, int, Mapping[str, str]], AbstractContextManager[Server]]
Press = Callable[[str], None]
Check = Callable[[CardPage, Press], None]


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


def _with(preferences: dict[str, object]) -> str:
    return f"prefs={quote(json.dumps(preferences))}"


def _is_at(card: CardPage, row: int) -> None:
    expect(card.part(".row-number")).to_have_text(f"row {row}")


def _last(card: CardPage, n_events: int) -> tuple[int, str, object]:
    return card.told(n_events)[-1]


# ---- what each key does ----------------------------------------------------------------------------------------------


def _help(card: CardPage, press: Press) -> None:
    press("help")
    expect(card.part(".help").first).to_be_visible()
    press("help")
    expect(card.part(".help").first).to_be_hidden()


def _back_and_forward(card: CardPage, press: Press) -> None:
    press("forward")
    _is_at(card, 1)
    press("back")
    _is_at(card, 0)


def _evidence(card: CardPage, press: Press) -> None:
    for state in ("folded", "open"):
        press("evidence")
        expect(card.page.locator(".labelclean")).to_have_attribute("data-evidence", state)


def _tints(card: CardPage, press: Press) -> None:
    for state in ("off", "on"):
        press("tints")
        expect(card.page.locator(".labelclean")).to_have_attribute("data-tints", state)


def _guideline(card: CardPage, press: Press) -> None:
    panel = card.page.get_by_role("complementary", name="Guideline")
    press("guideline")
    expect(panel.get_by_role("listitem")).to_have_text("First <img src=x> rule with a link (http://example.com/page)")
    press("guideline")
    expect(panel).to_be_hidden()


def _columns(card: CardPage, press: Press) -> None:
    press("columns")
    expect(card.part(".columns dt")).to_have_text(["city", "<b>note</b>"])
    expect(card.part(".columns dd")).to_have_text(["City 0", "empty"])
    expect(card.part(".evidence")).to_be_hidden()
    press("columns")
    expect(card.part(".columns")).to_be_hidden()
    press("columns")
    press("evidence")
    expect(card.part(".columns")).to_be_hidden()
    expect(card.part(".evidence")).to_be_visible()


def _find(card: CardPage, press: Press) -> None:
    press("find")
    expect(card.part(".finder-input")).to_be_focused()
    card.press("Escape")
    expect(card.part(".finder")).to_be_hidden()


def _note(card: CardPage, press: Press) -> None:
    press("note")
    expect(card.part(".note-input")).to_be_focused()
    card.press("Escape")
    expect(card.part(".note-input")).to_be_hidden()


def _recent(card: CardPage, press: Press) -> None:
    press("recent")
    expect(card.part(".history")).to_be_visible()
    press("recent")
    expect(card.part(".history")).to_be_hidden()


def _group(card: CardPage, press: Press) -> None:
    for state in ("true", "false"):
        press("group")
        expect(card.part("[data-action=group]")).to_have_attribute("aria-pressed", state)


def _decisions(card: CardPage, press: Press) -> None:
    for action in ("accept", "keep", "ambiguous", "unsure", "exclude"):
        press(action)

    assert card.told(5) == [
        (0, "accept", "change_address"),
        (1, "keep", None),
        (2, "ambiguous", None),
        (3, "unsure", None),
        (4, "exclude", None),
    ]


def _undo_and_redo(card: CardPage, press: Press) -> None:
    press("undo")
    assert _last(card, 6) == (4, "undo", None)
    _is_at(card, 4)
    press("redo")
    assert _last(card, 7) == (4, "redo", None)


def _jump(card: CardPage, press: Press) -> None:
    press("back")
    press("back")
    _is_at(card, 3)
    press("jump")
    _is_at(card, 5)


ON_A_CLASS: dict[tuple[str, ...], Check] = {
    ("help",): _help,
    ("back", "forward"): _back_and_forward,
    ("evidence",): _evidence,
    ("tints",): _tints,
    ("guideline",): _guideline,
    ("columns",): _columns,
    ("find",): _find,
    ("note",): _note,
    ("recent",): _recent,
    ("group",): _group,
    ("accept", "keep", "ambiguous", "unsure", "exclude"): _decisions,
    ("undo", "redo"): _undo_and_redo,
    ("jump",): _jump,
}
CLASS_KEYS = tuple(f"class_{place}" for place in range(1, 10))
ON_MANY_CLASSES = CLASS_KEYS
ON_SETS = ("confirm",)


def _presser(card: CardPage, keys: Mapping[str, str]) -> Press:
    return lambda action: card.press(keys[action])


def _check_all(card: CardPage, keys: Mapping[str, str], chosen: dict[str, object]) -> None:
    """Press every key and look at what it did: on rows with classes, with many classes, with label sets."""
    press = _presser(card, keys)
    card.open(f"copies&columns&guideline&{_with(chosen)}")
    for check in ON_A_CLASS.values():
        check(card, press)
    card.project += "-many"
    card.open(f"many&{_with(chosen)}")
    for action in CLASS_KEYS:
        press(action)
    # Row r has class r given and class r + 1 suggested; the likely classes go on from there.
    assert card.told(9) == [
        (row, "accept" if row == 0 else "relabel", f"class number {2 * row + 1:04d}") for row in range(9)
    ]
    card.project += "-sets"
    card.open(f"sets&{_with(chosen)}")
    press("class_1")
    press("confirm")
    assert card.told(1) == [(0, "relabel", ["billing", "change_address", "delivery_time"])]


def test_every_key_of_the_card_does_what_it_says(card: CardPage) -> None:
    """All actions of the table are pressed, each with its effect looked at."""
    tried = {action for actions in ON_A_CLASS for action in actions} | set(ON_MANY_CLASSES) | set(ON_SETS)

    assert tried == {action.name for action in ACTIONS}
    _check_all(card, DEFAULT_KEYS, {})


def test_every_key_does_what_it_says_after_some_were_changed(card: CardPage) -> None:
    """Letters, digits and named keys can change places; what is not changed stays."""
    chosen = {"accept": "s", "undo": "Backspace", "class_1": "q", "help": "+", "group": "1", "forward": "."}

    _check_all(card, {**DEFAULT_KEYS, **chosen}, {"keys": chosen})


def test_a_changed_key_stands_wherever_it_is_named_and_the_old_one_rests(card: CardPage) -> None:
    """Key cap, title, aria-keyshortcuts and help say the same; the key given up does nothing."""
    card.open(_with({"keys": {"accept": "s", "exclude": "", "class_2": "w"}}))
    accept = card.part("[data-action=accept]")

    card.press("a", "x", "2")
    card.press("w")
    card.press("?")

    assert card.told(1) == [(0, "relabel", "delivery_time")]
    expect(accept.locator(".cap")).to_have_text("S")
    expect(accept).to_have_attribute("aria-keyshortcuts", "S")
    expect(accept).to_have_attribute("title", "Accept the suggested label (S)")
    expect(card.part("[data-action=exclude] .cap")).to_be_hidden()
    shown = card.part("[data-help]").all_text_contents()
    usual = [
        key_name(action.key) for action in ACTIONS if action.name not in {"accept", "exclude", "class_2", "confirm"}
    ]
    assert sorted(shown) == sorted([*usual, "S", "W", "Esc"])


def test_blind_review_shows_the_suggestion_only_after_the_decision(card: CardPage) -> None:
    """Not the plate, nor figures, tints, evidence, marks or order say it; then one line does."""
    card.open(f"evidence&{_with({'blind': True})}")

    expect(card.part(".plate-suggested")).to_contain_text("shown once you decide")
    expect(card.part(".text mark")).to_have_count(0)
    expect(card.part(".near-list li")).to_have_count(0)
    expect(card.part(".chip-suggested")).to_have_count(0)
    expect(card.part("[data-action=accept]")).to_be_disabled()
    assert "%" not in (card.part(".body").text_content() or "")
    names = card.part(".chips .chip-name").all_text_contents()
    assert names == sorted(names)
    card.press("a")
    card.press(str(names.index("refund") + 1))
    expect(card.part(".reveal")).to_have_text("Row 0: the suggestion was delivery_time (71\u00a0%).")
    expect(card.part(".plate-suggested")).to_contain_text("shown once you decide")
    assert card.told(1) == [(0, "relabel", "refund")]
    card.press("ArrowLeft")
    expect(card.part(".plate-suggested")).to_contain_text("delivery_time")
    assert card.part(".chips .chip-name").all_text_contents() == names


def test_blind_review_of_label_sets_marks_no_addition_and_no_removal(card: CardPage) -> None:
    """The chips stand in the order of their names, and say only what is given."""
    card.open(f"sets&{_with({'blind': True})}")

    expect(card.part(".plate-suggested")).to_contain_text("shown once you decide")
    expect(card.part(".chips .chip").first).to_be_visible()
    assert "suggested" not in (card.part(".chips").text_content() or "")
    assert card.part(".chips .chip-adds, .chips .chip-removes").count() == 0
    names = card.part(".chips .chip-name").all_text_contents()
    assert names == sorted(names)
    assert "%" not in (card.part(".body").text_content() or "")


def test_size_width_and_palette_of_the_reviewer_are_used(card: CardPage) -> None:
    """The text is as large and wide as chosen, given and suggested have the chosen pair, tints are off."""
    chosen: dict[str, object] = {"text_size": 28, "line_width": 30, "palette": "colour_blind", "show_tints": False}
    card.open(f"evidence&{_with(chosen)}")

    expect(card.part(".text")).to_have_css("font-size", "28px")
    expect(card.part(".plate-suggested")).to_have_css("color", "rgb(11, 92, 148)")
    expect(card.part(".plate-given")).to_have_css("color", "rgb(163, 74, 0)")
    expect(card.part(".text mark").first).to_have_css("text-decoration-line", "none")
    padding = card.part(".text").evaluate(
        "(node) => node.clientWidth - parseFloat(getComputedStyle(node).paddingRight)"
    )
    assert padding == pytest.approx(30 * 28, abs=1)


def test_the_panels_fit_on_a_narrow_screen(card: CardPage) -> None:
    """At 390 px the buttons of all panels are there, and nothing has to be scrolled to the side."""
    card.page.set_viewport_size({"width": 390, "height": 800})
    card.open("sets&columns&guideline")

    card.press("o", "p")

    expect(card.part(".columns")).to_be_visible()
    expect(card.page.get_by_role("complementary", name="Guideline")).to_be_visible()
    card.press("p")
    for action in ("note", "evidence", "columns", "guideline", "forward"):
        box = card.part(f".strip [data-action={action}]").bounding_box()
        assert box is not None
        assert 0 <= box["x"] <= box["x"] + box["width"] <= 390
    assert card.part(".card").evaluate("node => node.scrollWidth - node.clientWidth") == 0
