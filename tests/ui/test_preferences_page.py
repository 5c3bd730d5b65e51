"""The page of preferences without a browser: what is chosen is kept at once, for one reviewer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from labelclean.home import Home
from labelclean.review.preferences import Preferences, load_preferences, save_preferences
from labelclean.workspace import Workspace

View = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test a data directory of its own."""
    monkeypatch.setenv("LABELCLEAN_HOME", str(tmp_path))
    st.cache_resource.clear()


@pytest.fixture
def kept(tmp_path: Path) -> Callable[[], Preferences]:
    """Return what reads the preferences of the reviewer at hand."""

    def read() -> Preferences:
        workspace = Workspace.open(Home.at(tmp_path))
        try:
            return load_preferences(workspace.store, "Ada")
        finally:
            workspace.close()

    workspace = Workspace.open(Home.at(tmp_path))
    workspace.store.set_setting("labelclean.reviewer", "Ada")
    workspace.close()
    return read


def _key_field(page: AppTest, action: str) -> str:
    return next(field.key for field in page.text_input if field.key and field.key.startswith(f"key-{action}-"))


def _text(page: AppTest) -> str:
    return " ".join(element.proto.body for element in page.get("html"))


def test_a_key_is_kept_as_soon_as_it_is_typed(view: View, kept: Callable[[], Preferences]) -> None:
    """No button has to be pressed to save."""
    page = view("preferences")

    page.text_input(key=_key_field(page, "accept")).set_value("S").run()

    assert not page.exception
    assert kept().keys["accept"] == "s"


def test_a_taken_key_is_refused_beside_its_field(view: View, kept: Callable[[], Preferences]) -> None:
    """Both actions are named, and the old key stays."""
    page = view("preferences")

    page.text_input(key=_key_field(page, "note")).set_value("k").run()

    assert "The key for “Note” must be a free one; K is the key for “Keep”." in _text(page)
    assert kept().keys["note"] == "n"


def test_two_keys_can_change_places_by_way_of_none(view: View, kept: Callable[[], Preferences]) -> None:
    """One of them is given up first."""
    page = view("preferences")

    for action, key in (("undo", ""), ("redo", "z"), ("undo", "y")):
        page.text_input(key=_key_field(page, action)).set_value(key).run()

    assert (kept().keys["undo"], kept().keys["redo"]) == ("y", "z")


def test_text_colours_and_habits_are_kept(view: View, kept: Callable[[], Preferences]) -> None:
    """Each control changes its own field."""
    page = view("preferences")

    page.slider(key="text-size-0-Ada").set_value(28).run()
    page.slider(key="line-width-0-Ada").set_value(44).run()
    page.radio(key="palette-0-Ada").set_value("colour_blind").run()
    page.toggle(key="tints-0-Ada").set_value(False).run()
    page.toggle(key="blind-0-Ada").set_value(True).run()
    page.number_input(key="learn-every-0-Ada").set_value(0).run()
    page.slider(key="control-share-0-Ada").set_value(10).run()

    assert kept() == Preferences(
        text_size=28,
        line_width=44,
        palette="colour_blind",
        show_tints=False,
        blind=True,
        learn_every=0,
        control_share=0.1,
    )


def test_the_sample_shows_what_is_chosen(view: View, kept: Callable[[], Preferences]) -> None:
    """Size and width at once; without tints no word is marked; blind, the suggestion is not there."""
    assert kept() == Preferences()
    page = view("preferences")

    page.slider(key="text-size-0-Ada").set_value(30).run()
    page.toggle(key="tints-0-Ada").set_value(False).run()
    page.toggle(key="blind-0-Ada").set_value(True).run()

    assert "font-size:30px" in _text(page)
    assert 'class="lc-tint given"' not in _text(page)
    assert "delivery_time" not in _text(page)


def test_back_to_defaults_can_be_taken_back(view: View, kept: Callable[[], Preferences]) -> None:
    """A slip costs nobody their keys."""
    page = view("preferences")
    page.text_input(key=_key_field(page, "accept")).set_value("s").run()

    page.button(key="preferences-reset").click().run()
    reset = kept()
    page.button(key="preferences-undo").click().run()

    assert reset == Preferences()
    assert kept().keys["accept"] == "s"
    assert page.text_input(key=_key_field(page, "accept")).value == "S"


def test_damaged_preferences_open_as_the_usual_ones(
    view: View, kept: Callable[[], Preferences], tmp_path: Path
) -> None:
    """What an older or broken version left behind is no reason to stop."""
    workspace = Workspace.open(Home.at(tmp_path))
    workspace.store.set_setting("preferences:Ada", {"text_size": "huge", "keys": ["a"]})
    workspace.close()

    page = view("preferences")

    assert not page.exception
    assert page.slider(key="text-size-0-Ada").value == 22
    assert kept() == Preferences()


def test_another_reviewer_s_preferences_stay_as_they_are(
    view: View, kept: Callable[[], Preferences], tmp_path: Path
) -> None:
    """They are kept by name."""
    workspace = Workspace.open(Home.at(tmp_path))
    save_preferences(workspace.store, "Grace", Preferences(text_size=30))
    page = view("preferences")

    page.slider(key="text-size-0-Ada").set_value(18).run()

    assert load_preferences(workspace.store, "Grace").text_size == 30
    assert kept().text_size == 18
    workspace.close()
