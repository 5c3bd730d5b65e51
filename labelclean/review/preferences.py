"""How one reviewer likes the review screen: keys, text, colours, and habits of the queue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol, get_args

from labelclean.errors import InvalidInputError
from labelclean.review.card_keys import DEFAULT_KEYS, clean_keys, keys_with

__all__ = [
    "CONTROL_SHARES",
    "LEARN_EVERY",
    "LINE_WIDTHS",
    "TEXT_SIZES",
    "PaletteName",
    "Preferences",
    "SettingsStore",
    "load_preferences",
    "save_preferences",
]

PaletteName = Literal["standard", "colour_blind"]

TEXT_SIZES = (16, 34)
"""Least and greatest size of the text under review, in px."""

LINE_WIDTHS = (28, 60)
"""Least and greatest width of its lines, in em."""

LEARN_EVERY = (0, 1000)
"""Least (off) and greatest number of decisions before the queue learns from them."""

CONTROL_SHARES = (0.0, 0.2)
"""Least (off) and greatest share of control rows among those shown."""

_SETTING = "preferences:"


class SettingsStore(Protocol):
    """Where settings are kept; ``store.sql.SqlStore`` is one."""

    def get_setting(self, key: str) -> object | None:
        """Return the value of a key, or None if it was never set."""

    def set_setting(self, key: str, value: object) -> None:
        """Set the value of a key."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Preferences:
    """
    What one reviewer chose.

    Attributes
    ----------
    keys : mapping of str to str
        The key of every action of ``review.card_keys.ACTIONS``, as ``KeyboardEvent.key`` names it, letters small; the
        empty string for none.
    text_size : int
        Size of the text under review, in px.
    line_width : int
        Greatest width of its lines, in em.
    palette : {"standard", "colour_blind"}
        The colours for given and suggested.
    show_tints : bool
        Whether words that speak for a label are tinted.
    blind : bool
        Whether the suggestion is hidden until the row is decided.
    learn_every : int
        Decisions after which the queue learns from them; 0 means never by itself.
    control_share : float
        Share of randomly drawn control rows among those shown; 0 means none.
    """

    keys: Mapping[str, str] = field(default_factory=lambda: dict(DEFAULT_KEYS))
    text_size: int = 22
    line_width: int = 36
    palette: PaletteName = "standard"
    show_tints: bool = True
    blind: bool = False
    learn_every: int = 50
    control_share: float = 0.05

    def __post_init__(self) -> None:
        """Refuse what no control of the screen offers."""
        for name, value, limits in self._limited():
            if not limits[0] <= value <= limits[1]:
                raise InvalidInputError(f"{name} must lie between {limits[0]:g} and {limits[1]:g}; got {value:g}.")
        if self.palette not in get_args(PaletteName):
            raise InvalidInputError("palette must be standard or colour_blind; got another word.")

    def _limited(self) -> tuple[tuple[str, float, tuple[float, float]], ...]:
        return (
            ("text_size", self.text_size, TEXT_SIZES),
            ("line_width", self.line_width, LINE_WIDTHS),
            ("learn_every", self.learn_every, LEARN_EVERY),
            ("control_share", self.control_share, CONTROL_SHARES),
        )

    def with_key(self, action: str, typed: str) -> Preferences:
        """
        Return these with another key for an action.

        Parameters
        ----------
        action : str
            The name of the action.
        typed : str
            The wanted key; empty for none.

        Returns
        -------
        Preferences
            All else as before.

        Raises
        ------
        InvalidInputError
            If the key is no single key, is reserved, or another action has it; both are named.
        """
        return replace(self, keys=keys_with(self.keys, action, typed))

    def to_json(self) -> dict[str, object]:
        """
        Return what is stored: everything chosen, and only those keys that are not the usual ones.

        Returns
        -------
        dict of str to object
            Plain JSON.
        """
        return {
            **self._plain(),
            "keys": {name: key for name, key in self.keys.items() if key != DEFAULT_KEYS[name]},
            "learn_every": self.learn_every,
            "control_share": self.control_share,
        }

    def to_card(self) -> dict[str, object]:
        """
        Return what the card needs to know.

        Returns
        -------
        dict of str to object
            Plain JSON: ``keys`` (of every action), ``text_size``, ``line_width``, ``palette``, ``show_tints`` and
            ``blind``.
        """
        return {**self._plain(), "keys": dict(self.keys)}

    def _plain(self) -> dict[str, object]:
        return {
            "text_size": self.text_size,
            "line_width": self.line_width,
            "palette": self.palette,
            "show_tints": self.show_tints,
            "blind": self.blind,
        }

    @classmethod
    def from_json(cls, stored: object) -> Preferences:
        """
        Return what was stored; what is damaged, missing or out of range falls back to the usual, field by field.

        Parameters
        ----------
        stored : object
            Untrusted JSON, None where nothing was stored.

        Returns
        -------
        Preferences
            Always valid.
        """
        found = stored if isinstance(stored, Mapping) else {}
        usual = cls()
        return cls(
            keys=clean_keys(found.get("keys")),
            text_size=_whole(found.get("text_size"), TEXT_SIZES, usual.text_size),
            line_width=_whole(found.get("line_width"), LINE_WIDTHS, usual.line_width),
            palette="colour_blind" if found.get("palette") == "colour_blind" else "standard",
            show_tints=_flag(found.get("show_tints"), usual=usual.show_tints),
            blind=_flag(found.get("blind"), usual=usual.blind),
            learn_every=_whole(found.get("learn_every"), LEARN_EVERY, usual.learn_every),
            control_share=_share(found.get("control_share"), CONTROL_SHARES, usual.control_share),
        )


def load_preferences(store: SettingsStore, reviewer: str) -> Preferences:
    """
    Return what a reviewer chose.

    Parameters
    ----------
    store : SettingsStore
        Where it is kept.
    reviewer : str
        Whose preferences.

    Returns
    -------
    Preferences
        The usual ones for somebody who never chose.
    """
    return Preferences.from_json(store.get_setting(_SETTING + reviewer))


def save_preferences(store: SettingsStore, reviewer: str, preferences: Preferences) -> None:
    """
    Keep what a reviewer chose.

    Parameters
    ----------
    store : SettingsStore
        Where to keep it.
    reviewer : str
        Whose preferences.
    preferences : Preferences
        What they chose.
    """
    store.set_setting(_SETTING + reviewer, preferences.to_json())


def _whole(value: object, limits: tuple[int, int], usual: int) -> int:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return value if is_whole and isinstance(value, int) and limits[0] <= value <= limits[1] else usual


def _share(value: object, limits: tuple[float, float], usual: float) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and isinstance(value, int | float) and limits[0] <= value <= limits[1] else usual


def _flag(value: object, *, usual: bool) -> bool:
    return value if isinstance(value, bool) else usual
