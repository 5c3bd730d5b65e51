"""The actions of the review card, and which keys may call them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from labelclean.errors import InvalidInputError

__all__ = [
    "ACTIONS",
    "DEFAULT_KEYS",
    "NO_KEY",
    "RESERVED_KEYS",
    "CardAction",
    "checked_key",
    "clean_keys",
    "key_name",
    "keys_with",
    "normal_key",
]

NO_KEY = ""
"""What an action has that is reached with the mouse alone."""

Section = Literal["Decide", "Go back and forth", "More"]


@dataclass(frozen=True, kw_only=True, slots=True)
class CardAction:
    """
    Something the card does at the press of a key.

    Attributes
    ----------
    name : str
        How the browser side calls it; ``class_1`` to ``class_9`` are the likely classes.
    key : str
        The key it has unless the reviewer chose another.
    title : str
        Its short name, as in "Undo".
    words : str
        What it does, for the help.
    section : str
        The part of the help it stands in.
    only_sets : bool
        Whether it means something only for rows with several labels.
    """

    name: str
    key: str
    title: str
    words: str
    section: Section
    only_sets: bool = False


def _action(name: str, key: str, title: str, words: str, section: Section, *, only_sets: bool = False) -> CardAction:
    return CardAction(name=name, key=key, title=title, words=words, section=section, only_sets=only_sets)


_CLASS_ACTIONS = tuple(
    _action(
        f"class_{place}",
        str(place),
        f"Likely class {place}",
        f"Give the likely class {place}; with several labels a row: put it in or take it out",
        "Decide",
    )
    for place in range(1, 10)
)

ACTIONS = (
    _action("accept", "a", "Accept", "Accept the suggested label; with several labels a row: all of them", "Decide"),
    _action("keep", "k", "Keep", "Keep the given label", "Decide"),
    *_CLASS_ACTIONS,
    _action("confirm", "Enter", "Confirm", "Confirm the labels as they are put together", "Decide", only_sets=True),
    _action("find", "/", "Any class", "Find any class by typing, or make a new one", "Decide"),
    _action("ambiguous", "b", "Ambiguous", "Ambiguous: several labels fit", "Decide"),
    _action("unsure", "u", "Unsure", "Unsure: ask for a second opinion", "Decide"),
    _action("exclude", "x", "Exclude", "Exclude from the data", "Decide"),
    _action(
        "group", "g", "Group", "The next decision counts for all duplicates of this text, or for it alone", "Decide"
    ),
    _action("undo", "z", "Undo", "Undo the last decision", "Go back and forth"),
    _action("redo", "y", "Redo", "Redo it", "Go back and forth"),
    _action("back", "ArrowLeft", "Previous", "Look at the previous card without deciding", "Go back and forth"),
    _action("forward", "ArrowRight", "Next", "Look at the next card without deciding", "Go back and forth"),
    _action("jump", "j", "Jump", "Jump to the first undecided card", "Go back and forth"),
    _action(
        "recent", "h", "Last decisions", "Show your last ten decisions, and go to one of them", "Go back and forth"
    ),
    _action("note", "n", "Note", "Write a note, kept with the next decision on this card", "More"),
    _action("evidence", "e", "Evidence", "Fold the evidence away, or show it", "More"),
    _action("tints", "t", "Tints", "Tint the words that speak for a label, or leave the text plain", "More"),
    _action("guideline", "p", "Guideline", "Show the guideline, or fold it away", "More"),
    _action("columns", "o", "Other columns", "Show the row's other columns, or fold them away", "More"),
    _action("help", "?", "Help", "Show or close this help", "More"),
)
"""Every action of the card, in the order of the help."""

_BY_NAME = {action.name: action for action in ACTIONS}

DEFAULT_KEYS: Mapping[str, str] = {action.name: action.key for action in ACTIONS}
"""The key of each action before anybody chose another."""

RESERVED_KEYS: Mapping[str, str] = {
    "Escape": "leaves notes, lists and dialogs",
    "Tab": "moves from button to button",
    " ": "presses the button that has the focus",
    "ArrowUp": "scrolls the text",
    "ArrowDown": "scrolls the text",
    "PageUp": "scrolls the text",
    "PageDown": "scrolls the text",
    "Home": "scrolls the text",
    "End": "scrolls the text",
    "r": "loads the page again",
    "c": "belongs to the page around the card",
}
"""Keys that no action can have, and what they do instead."""

_NAMED_KEYS = {
    "enter": "Enter",
    "return": "Enter",
    "backspace": "Backspace",
    "delete": "Delete",
    "insert": "Insert",
    "left": "ArrowLeft",
    "arrowleft": "ArrowLeft",
    "←": "ArrowLeft",
    "right": "ArrowRight",
    "arrowright": "ArrowRight",
    "→": "ArrowRight",
    "esc": "Escape",
    "escape": "Escape",
    "tab": "Tab",
    "space": " ",
    "up": "ArrowUp",
    "arrowup": "ArrowUp",
    "down": "ArrowDown",
    "arrowdown": "ArrowDown",
    "pageup": "PageUp",
    "pagedown": "PageDown",
    "home": "Home",
    "end": "End",
}
_SHOWN = {"ArrowLeft": "←", "ArrowRight": "→", " ": "Space", "Escape": "Esc"}


def normal_key(typed: str) -> str | None:
    """
    Return a key as the browser names it (``KeyboardEvent.key``), letters small.

    Parameters
    ----------
    typed : str
        One character, or the name of a key such as ``Enter`` or ``left``; letter case does not matter.

    Returns
    -------
    str or None
        None where it is no single key; the empty string stays, it means no key.

    Examples
    --------
    >>> normal_key("A"), normal_key("left"), normal_key("ab")
    ('a', 'ArrowLeft', None)
    """
    if typed in {NO_KEY, " "}:
        return typed
    word = typed.strip().lower()
    if word in _NAMED_KEYS:
        return _NAMED_KEYS[word]
    return word if len(word) == 1 and word.isprintable() else None


def key_name(key: str) -> str:
    """
    Return a key as it is printed on the screen.

    Parameters
    ----------
    key : str
        As ``normal_key`` returns it.

    Returns
    -------
    str
        Letters in capitals, arrows as arrows; "none" for no key.

    Examples
    --------
    >>> key_name("a"), key_name("ArrowLeft")
    ('A', '←')
    """
    if key == NO_KEY:
        return "none"
    upper = key.upper()
    return _SHOWN.get(key, upper if len(key) == len(upper) == 1 else key)


def checked_key(keys: Mapping[str, str], action: str, typed: str) -> str:
    """
    Return the key that an action is to have.

    Parameters
    ----------
    keys : mapping of str to str
        The key of each action so far.
    action : str
        The name of the action.
    typed : str
        The wanted key, as the user wrote it; empty for none.

    Returns
    -------
    str
        As the browser names it.

    Raises
    ------
    InvalidInputError
        If there is no such action, it is no single key, it is reserved, or another action has it.
    """
    if action not in _BY_NAME:
        raise InvalidInputError(f"action must be one of the card's {len(ACTIONS)} actions; got another word.")
    title = _BY_NAME[action].title
    key = normal_key(typed)
    if key is None:
        raise InvalidInputError(
            f"The key for “{title}” must be a single key; got {len(typed.strip())} characters.",
            fix="Type one character, or Enter, Backspace, Delete, Left or Right.",
        )
    if key in RESERVED_KEYS:
        raise InvalidInputError(
            f"The key for “{title}” must be a free one; {key_name(key)} {RESERVED_KEYS[key]}.",
            fix="Choose another key.",
        )
    holder = next((name for name, held in keys.items() if held == key != NO_KEY and name != action), None)
    if holder is not None:
        raise InvalidInputError(
            f"The key for “{title}” must be a free one; {key_name(key)} is the key for “{_BY_NAME[holder].title}”.",
            fix=f"Choose another key, or give “{_BY_NAME[holder].title}” another one first.",
        )
    return key


def keys_with(keys: Mapping[str, str], action: str, typed: str) -> dict[str, str]:
    """
    Return the keys with another one for an action.

    Parameters
    ----------
    keys : mapping of str to str
        The key of each action so far.
    action : str
        The name of the action.
    typed : str
        The wanted key; empty for none.

    Returns
    -------
    dict of str to str
        All actions with their keys.

    Raises
    ------
    InvalidInputError
        As ``checked_key`` says.
    """
    return {**keys, action: checked_key(keys, action, typed)}


def clean_keys(stored: object) -> dict[str, str]:
    """
    Return the key of every action, of what was stored as the reviewer's own choices.

    A choice that cannot be (a key unknown, reserved or taken by an earlier choice) falls back to the usual key. Where
    a reviewer's choice took the usual key of an action that came later, that action has none.

    Parameters
    ----------
    stored : object
        Untrusted JSON: action to key.

    Returns
    -------
    dict of str to str
        All actions with their keys; no key twice.
    """
    chosen: dict[str, str] = {}
    for name, typed in stored.items() if isinstance(stored, Mapping) else ():
        key = normal_key(typed) if isinstance(typed, str) else None
        if name not in _BY_NAME or key is None or key in RESERVED_KEYS:
            continue
        if key == NO_KEY or key not in chosen.values():
            chosen[name] = key
    taken = set(chosen.values())
    usual = {action.name: NO_KEY if action.key in taken else action.key for action in ACTIONS}
    return {**usual, **chosen}
