"""What is counted in a text: which runs, of which lengths, in how much of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from labelclean.features.characters import character_grams
from labelclean.features.grams import FoldedTexts, GramSpans, SpanHasher, fold_texts
from labelclean.features.scripts import SPACE
from labelclean.features.words import word_grams

__all__ = ["GramRecipe", "GramUnit", "find_grams"]

GramUnit = Literal["words", "characters", "values"]
"""What a run is made of; "values" takes each text as one whole."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GramRecipe:
    """
    What is counted in a text.

    Attributes
    ----------
    unit : {"words", "characters", "values"}
        What runs are made of.
    lengths : tuple of int
        Fewest and most units in a run.
    max_characters : int
        Characters of each text that are read, from its beginning.
    min_texts : int
        A run that fewer texts have is left out.
    max_features : int
        Runs to keep at most: those that the most texts have.
    n_bits : int
        Bits of a run's number that are looked at, the upper ones. With fewer than 64, different runs share a column,
        and the number of columns has a bound that does not depend on the texts.
    """

    unit: GramUnit
    lengths: tuple[int, int]
    max_characters: int
    min_texts: int
    max_features: int
    n_bits: int = 64


def find_grams(texts: Sequence[str], recipe: GramRecipe) -> tuple[FoldedTexts, GramSpans]:
    """
    Find all runs of a recipe in some texts.

    Parameters
    ----------
    texts : sequence of str
        The texts.
    recipe : GramRecipe
        What to look for.

    Returns
    -------
    folded : FoldedTexts
        What was read of the texts.
    grams : GramSpans
        All runs, also repeated ones; runs of one length stand together, in the order of the texts.

    Examples
    --------
    >>> recipe = GramRecipe(unit="words", lengths=(1, 2), max_characters=100, min_texts=1, max_features=10)
    >>> folded, grams = find_grams(["late parcel"], recipe)
    >>> len(grams.hashes)
    3
    """
    folded = fold_texts([text[: recipe.max_characters] for text in texts])
    if recipe.unit == "words":
        grams = word_grams(folded, recipe.lengths)
    elif recipe.unit == "characters":
        grams = character_grams(folded, recipe.lengths)
    else:
        grams = _whole_texts(folded)
    if recipe.n_bits < 64:  # noqa: PLR2004  (the whole number)
        grams.hashes[...] &= ~np.uint64((1 << 64 - recipe.n_bits) - 1)
    return folded, grams


def _whole_texts(folded: FoldedTexts) -> GramSpans:
    """Take each text as one run, without the spaces around it."""
    filled = np.flatnonzero(folded.kinds != SPACE)
    rows = folded.rows[filled]
    starts = filled[np.flatnonzero(np.diff(rows, prepend=-1))]
    ends = filled[np.flatnonzero(np.diff(rows, append=np.int32(-1)))] + 1
    hashes = SpanHasher(folded.codes).hashes(starts, ends)
    no = np.zeros(len(hashes), dtype=np.bool_)
    return GramSpans(hashes=hashes, rows=folded.rows[starts], starts=starts, ends=ends, opens=no, closes=no)
