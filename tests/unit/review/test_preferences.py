"""How one reviewer likes the review screen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from labelclean.errors import InvalidInputError
from labelclean.review.card_keys import ACTIONS, DEFAULT_KEYS, RESERVED_KEYS, clean_keys, key_name, normal_key
from labelclean.review.preferences import Preferences, load_preferences, save_preferences


class _Settings:
    """Settings in memory."""

    def __init__(self) -> None:
        self.values: dict[str, object] = {}

    def get_setting(self, key: str) -> object | None:
        """Return the value of a key."""
        return self.values.get(key)

    def set_setting(self, key: str, value: object) -> None:
        """Set the value of a key."""
        self.values[key] = value


def test_no_two_actions_share_a_usual_key_and_none_is_reserved() -> None:
    """The keys before anybody chose are a map that one could choose."""
    keys = [action.key for action in ACTIONS]

    assert len(set(keys)) == len(keys)
    assert not set(keys) & set(RESERVED_KEYS)
    assert all(normal_key(key) == key for key in keys)


def test_what_was_stored_comes_back() -> None:
    """Every field survives the way through JSON."""
    chosen = replace(
        Preferences().with_key("accept", "S"),
        text_size=28,
        line_width=48,
        palette="colour_blind",
        show_tints=False,
        blind=True,
        learn_every=0,
        control_share=0.2,
    )

    assert Preferences.from_json(chosen.to_json()) == chosen
    assert chosen.keys["accept"] == "s"


@pytest.mark.parametrize("stored", [None, [], "x", 7, {}, {"keys": 3, "text_size": "big", "palette": []}])
def test_damaged_values_fall_back_to_the_usual(stored: object) -> None:
    """Whatever lies in the store, the screen opens."""
    assert Preferences.from_json(stored) == Preferences()


def test_one_damaged_field_leaves_the_others_as_they_are() -> None:
    """Out of range, of the wrong kind, or not a number: only that field is the usual one."""
    stored = {"text_size": 99, "line_width": True, "learn_every": 10.5, "control_share": float("nan"), "blind": True}

    found = Preferences.from_json(stored)

    assert found == replace(Preferences(), blind=True)


def test_a_taken_key_is_refused_and_both_actions_are_named() -> None:
    """The message says who has the key."""
    with pytest.raises(InvalidInputError) as caught:
        Preferences().with_key("note", "A")

    assert "“Note”" in caught.value.message
    assert "A is the key for “Accept”" in caught.value.message


@pytest.mark.parametrize("key", ["Escape", "tab", "R", "c", "up", " "])
def test_reserved_keys_are_refused_with_what_they_do(key: str) -> None:
    """Nobody can lose the key that leaves a dialog or loads the page."""
    with pytest.raises(InvalidInputError, match="free one"):
        Preferences().with_key("note", key)


def test_more_than_one_character_is_no_key() -> None:
    """A word is not pressed."""
    with pytest.raises(InvalidInputError, match="single key"):
        Preferences().with_key("note", "ab")


def test_an_unknown_action_is_refused() -> None:
    """A key for nothing is a mistake of the caller."""
    with pytest.raises(InvalidInputError, match="action"):
        Preferences().with_key("dance", "d")


def test_an_action_may_go_without_a_key() -> None:
    """Two actions without one do not collide."""
    chosen = Preferences().with_key("exclude", "").with_key("jump", "")

    assert (chosen.keys["exclude"], chosen.keys["jump"]) == ("", "")


def test_a_chosen_key_wins_over_the_usual_key_of_a_later_action() -> None:
    """An action that came with a new version must not take a key away that the reviewer uses."""
    keys = clean_keys({"accept": "g"})

    assert keys["accept"] == "g"
    assert keys["group"] == ""
    assert keys["keep"] == "k"


def test_stored_keys_that_cannot_be_fall_back() -> None:
    """Unknown actions, reserved keys, words, and a key that an earlier choice has."""
    keys = clean_keys({"dance": "d", "keep": "Escape", "note": "word", "undo": 5, "accept": "s", "unsure": "s"})

    assert keys == {**DEFAULT_KEYS, "accept": "s"}


def test_values_out_of_range_are_refused() -> None:
    """What no control offers is a mistake of the caller."""
    with pytest.raises(InvalidInputError, match="text_size must lie between 16 and 34; got 90"):
        Preferences(text_size=90)
    with pytest.raises(InvalidInputError, match="palette"):
        Preferences(palette="pink")  # type: ignore[arg-type]  # what is refused


def test_each_reviewer_has_their_own() -> None:
    """One reviewer's choice changes nobody else's screen."""
    store = _Settings()

    save_preferences(store, "Ada", Preferences(text_size=30))

    assert load_preferences(store, "Ada").text_size == 30
    assert load_preferences(store, "Grace") == Preferences()


def test_the_card_is_told_every_key() -> None:
    """Help, key caps and the handler all read this one map."""
    told = Preferences().with_key("accept", "s").to_card()

    assert told["keys"] == {**DEFAULT_KEYS, "accept": "s"}
    assert set(told) == {"keys", "text_size", "line_width", "palette", "show_tints", "blind"}


@pytest.mark.parametrize(
    ("key", "shown"), [("a", "A"), ("ß", "ß"), ("ArrowLeft", "←"), ("Enter", "Enter"), ("", "none")]
)
def test_keys_are_printed_as_on_the_keyboard(key: str, shown: str) -> None:
    """Capitals where a letter has one."""
    assert key_name(key) == shown
