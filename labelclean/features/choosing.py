"""Which views suit the texts at hand: decided by script and length, never by a name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from labelclean.features.recipes import GramRecipe
from labelclean.features.scripts import choose_units

__all__ = ["MAX_CHARACTERS", "MAX_FEATURES", "column_recipe", "text_recipes"]

MAX_CHARACTERS = 20_000
"""Read of each text: its subject shows long before, and a book pasted into a cell must not take minutes."""

MAX_FEATURES = 200_000
"""Columns of a view: time and memory of the models grow with them, and the rest are in a handful of texts each."""

_SHORT_TEXTS = 400  # characters in the mean; longer texts say enough in whole words
_PART_CHARACTERS = 600  # read for parts of words; one long text among short ones must not cost like a hundred
_WORD_TEXTS = 2  # a word that only one text has says nothing about any other text
_PART_TEXTS = 3  # parts of words are many; the rare ones add columns and nothing else

_BOUNDED_BITS = 18  # 262,144 columns at most, whatever the texts hold
_BOUNDED_CHARACTERS = 2_000  # of each text; with single words, about 200 features

_ROWS_PER_VALUE = 5  # a column with this many rows for each distinct value is a category


def text_recipes(
    texts: Sequence[str],
    *,
    bounded: bool = False,
    max_features: int = MAX_FEATURES,
    max_characters: int = MAX_CHARACTERS,
) -> dict[str, GramRecipe]:
    """
    Choose the views of the main text.

    Parameters
    ----------
    texts : sequence of str
        The texts; all are looked at, so that their order does not matter.
    bounded : bool, default=False
        Whether to choose what needs least memory: hashed words of the first 2,000 characters.
    max_features : int, default=200000
        Columns of each view at most.
    max_characters : int, default=20000
        Characters of each text to read.

    Returns
    -------
    dict of str to GramRecipe
        "words"; then, unless ``bounded``, "characters" where texts are short, or "word pairs" where they are long and
        written with spaces. Blank texts have no say.

    Notes
    -----
    In a long text pairs of words outnumber the words, most of them say nothing, and topics are found better without
    them; but opinions are told by pairs. So long texts are looked at both ways, apart, and short texts together.

    References
    ----------
    Wang & Manning (2012), "Baselines and Bigrams: Simple, Good Sentiment and Topic Classification", ACL, section 4.

    Examples
    --------
    >>> list(text_recipes(["where is my refund"])), list(text_recipes(["a long story " * 100]))
    (['words', 'characters'], ['words', 'word pairs'])
    >>> text_recipes(["快递还没有到"])["characters"].lengths
    (1, 3)
    """
    lengths = [min(len(text), max_characters) for text in texts if text and not text.isspace()]
    is_short = sum(lengths) <= _SHORT_TEXTS * len(lengths)
    is_spaceless = choose_units(texts) == "characters"
    words = GramRecipe(
        unit="words",
        lengths=(1, 2) if is_short or is_spaceless else (1, 1),
        max_characters=min(max_characters, _BOUNDED_CHARACTERS) if bounded else max_characters,
        min_texts=_WORD_TEXTS,
        max_features=1 << _BOUNDED_BITS if bounded else max_features,
        n_bits=_BOUNDED_BITS if bounded else 64,
    )
    if bounded or (is_spaceless and not is_short):
        return {"words": words}
    if not is_short:
        return {"words": words, "word pairs": replace(words, lengths=(1, 2))}
    characters = GramRecipe(
        unit="characters",
        lengths=(1, 3) if is_spaceless else (3, 5),
        max_characters=min(max_characters, _PART_CHARACTERS),
        min_texts=_PART_TEXTS,
        max_features=max_features,
    )
    return {"words": words, "characters": characters}


def column_recipe(values: Sequence[str], words: GramRecipe) -> GramRecipe:
    """
    Choose how an extra column is read.

    Parameters
    ----------
    values : sequence of str
        The column's cells; blank ones have no say.
    words : GramRecipe
        The recipe of the main text's words, for its bounds.

    Returns
    -------
    GramRecipe
        Whole values, where there are at least five filled cells for each distinct value (case and surrounding space
        make no difference): a category. Words otherwise.

    Examples
    --------
    >>> words = text_recipes(["my refund"])["words"]
    >>> column_recipe(["web", "shop"] * 5, words).unit, column_recipe(["a title", "another"], words).unit
    ('values', 'words')
    """
    filled = [value for value in map(str.strip, values) if value]
    bounded = words.n_bits < 64  # noqa: PLR2004  (the whole number)
    if _ROWS_PER_VALUE * len(set(map(str.casefold, filled))) > len(filled):
        bounds = {"max_features": words.max_features, "max_characters": words.max_characters}
        return text_recipes(values, bounded=bounded, **bounds)["words"]
    return GramRecipe(
        unit="values",
        lengths=(1, 1),
        max_characters=words.max_characters,
        min_texts=_WORD_TEXTS,
        max_features=words.max_features,
        n_bits=words.n_bits,
    )
