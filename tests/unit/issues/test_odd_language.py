"""Tests of texts in another language."""

from __future__ import annotations

import pytest

from labelclean.issues.language_names import is_kin, language_name
from labelclean.issues.odd_language import odd_language, script_of

ENGLISH = [
    f"I would like to know when the {thing} that I ordered last week will be delivered to my house"
    for thing in ("lamp", "table", "chair", "book", "phone", "parcel", "camera", "blanket", "mirror", "shelf")
] * 15
SPANISH = "Quisiera saber cuándo me van a entregar el paquete que pedí la semana pasada en su tienda"
GERMAN = "Ich möchte wissen, wann das Paket geliefert wird, das ich letzte Woche bei Ihnen bestellt habe"


def reasons_in(texts: list[str]) -> dict[int, str]:
    """Return the rows found, each with its reason."""
    found = odd_language(texts)
    return {} if found is None else {row: found.reason_of(row) for row in found.rows.tolist()}


@pytest.mark.parametrize(("text", "name"), [(SPANISH, "Spanish"), (GERMAN, "German"), (SPANISH.upper(), "Spanish")])
def test_a_text_in_another_language_is_found(text: str, name: str) -> None:
    """One among a hundred and fifty."""
    assert reasons_in([*ENGLISH, text]) == {150: f"It looks like {name}, as hardly any other text does."}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Где моя посылка?", "Cyrillic"),
        ("快递还没有到", "Chinese or Japanese"),
        ("注文はどこですか", "Chinese or Japanese"),
        ("أين طلبي من فضلك", "Arabic"),
        ("내 소포는 어디", "Hangul"),
    ],
)
def test_a_text_in_another_script_is_found_however_short(text: str, name: str) -> None:
    """Scripts need no model."""
    assert reasons_in([*ENGLISH, text]) == {150: f"It is written in {name} script, as hardly any other text is."}


@pytest.mark.parametrize(
    "text",
    [
        "for (int i = 0; i < n; i++) { total += values[i]; } return total / n;",
        "SELECT name, price FROM items WHERE price > 10 ORDER BY name",
        "play les pauvres riches",
        "Angela Merkel, François Hollande, José Luis Rodríguez Zapatero",
        "lol omg u r gr8 ttyl xoxo",
        "ok",
        "https://www.example.org/ein/sehr/langer/weg",
        "10 x 4 cm, 220 V, 3.5 mm",
        "👍👍👍 😀",
        "El Niño",
        "α = 0.05",
    ],
)
def test_code_names_and_short_texts_are_no_other_language(text: str) -> None:
    """Where it is not sure, nothing is said."""
    assert reasons_in([*ENGLISH, text]) == {}


def test_a_dataset_of_two_languages_has_two_languages() -> None:
    """Each with a fair share is one of its own."""
    assert reasons_in([*ENGLISH, *[f"{SPANISH} número {word}" for word in ("uno", "dos", "tres")] * 10]) == {}


def test_few_texts_are_not_judged() -> None:
    """Of a handful of texts, each may be in a language of its own."""
    assert reasons_in([*ENGLISH[:9], SPANISH]) == {}


def test_close_relatives_are_taken_for_the_same() -> None:
    """A few words tell Galician from Portuguese hardly ever."""
    assert is_kin("pt", "gl")
    assert not is_kin("pt", "de")
    assert language_name("de") == "German"


@pytest.mark.parametrize(
    ("text", "script"),
    [("", ""), ("a b", ""), ("Hello", "LATIN"), ("iPhone手机坏了", "HAN"), ("ПриветABC мир", "CYRILLIC"), ("!!!", "")],
)
def test_the_script_is_that_of_most_letters(text: str, script: str) -> None:
    """Chinese characters weigh more, since each is a word or half of one."""
    assert script_of(text) == script
