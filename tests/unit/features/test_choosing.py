"""Views chosen from the texts."""

from __future__ import annotations

import pytest

from labelclean.features.choosing import column_recipe, text_recipes
from labelclean.features.recipes import GramUnit

_ENGLISH, _CHINESE = "where is my parcel ", "我的包裹在哪里"


@pytest.mark.parametrize(
    ("text", "bounded", "lengths"),
    [
        (_ENGLISH, False, {"words": (1, 2), "characters": (3, 5)}),
        (_CHINESE, False, {"words": (1, 2), "characters": (1, 3)}),
        (_ENGLISH * 30, False, {"words": (1, 1), "word pairs": (1, 2)}),
        (_CHINESE * 80, False, {"words": (1, 2)}),
        (_ENGLISH, True, {"words": (1, 2)}),
        (_CHINESE, True, {"words": (1, 2)}),
        (_ENGLISH * 30, True, {"words": (1, 1)}),
        (_CHINESE * 80, True, {"words": (1, 2)}),
    ],
)
def test_script_and_length_choose_the_runs(
    text: str,
    bounded: bool,
    lengths: dict[str, tuple[int, int]],
) -> None:
    """Words or letters; parts of words for short texts, pairs of words apart for long ones."""
    recipes = text_recipes([text] * 3, bounded=bounded)

    assert {name: recipe.lengths for name, recipe in recipes.items()} == lengths


def test_400_characters_in_the_mean_are_short() -> None:
    """One more is not."""
    assert list(text_recipes(["x" * 300, "x" * 500])) == ["words", "characters"]
    assert list(text_recipes(["x" * 300, "x" * 501])) == ["words", "word pairs"]


def test_blank_texts_do_not_make_texts_short() -> None:
    """They have no say."""
    assert list(text_recipes(["x" * 500, "", " \n"])) == ["words", "word pairs"]


def test_one_book_among_short_texts_does_not_make_them_long() -> None:
    """It counts with what is read of it."""
    texts = ["x" * 100] * 99 + ["x" * 1_000_000]

    assert list(text_recipes(texts)) == ["words", "characters"]


def test_the_caller_can_bound_characters_and_columns() -> None:
    """In each view."""
    recipes = text_recipes([_ENGLISH], max_features=7, max_characters=9)

    assert {recipe.max_features for recipe in recipes.values()} == {7}
    assert {recipe.max_characters for recipe in recipes.values()} == {9}


def test_the_bounded_recipe_has_a_fixed_number_of_columns() -> None:
    """2 ** 18, however many texts there are."""
    words = text_recipes([_ENGLISH], bounded=True)["words"]

    assert (words.n_bits, words.max_features, words.max_characters) == (18, 262_144, 2_000)


@pytest.mark.parametrize(
    ("values", "unit"),
    [
        (["web", "phone"] * 5, "values"),
        (["web"] * 5, "values"),
        (["web", "WEB ", "Web", "web", "web"], "values"),
        (["web", "phone"] * 4, "words"),
        (["web", "", "", "", "", ""], "words"),
        (["the title", "another title"], "words"),
        ([], "values"),
    ],
)
def test_five_rows_for_each_value_make_a_category(values: list[str], unit: GramUnit) -> None:
    """Blank cells have no say; case and space around make no difference."""
    words = text_recipes([_ENGLISH])["words"]

    assert column_recipe(values, words).unit == unit


def test_an_extra_column_keeps_the_bounds_of_the_text() -> None:
    """Also the hashing."""
    words = text_recipes([_ENGLISH], bounded=True)["words"]

    assert column_recipe(["web"] * 5, words).n_bits == 18
    assert column_recipe(["a title"], words).n_bits == 18
