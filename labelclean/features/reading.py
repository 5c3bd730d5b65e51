"""From columns of a view back to words, and to places in the original texts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import IndexArray
from labelclean.features.counting import Vocabulary
from labelclean.features.folding import fold_text, folded_origins
from labelclean.features.grams import FoldedTexts, GramSpans, Hashes, fold_texts
from labelclean.features.recipes import GramRecipe, find_grams
from labelclean.features.scripts import DROPPED, SPACELESS, character_kinds, code_points
from labelclean.features.words import word_tokens

__all__ = ["GramReader"]


class GramReader:
    """
    Maps the columns of a view back to what they stand for.

    Parameters
    ----------
    recipe : GramRecipe
        What the view counts.
    vocabulary : Vocabulary
        Its columns.
    texts : sequence of str
        The texts the view was made of. They are not copied: names are looked up in them when asked for.
    """

    def __init__(self, recipe: GramRecipe, vocabulary: Vocabulary, texts: Sequence[str]) -> None:
        self._recipe = recipe
        self._vocabulary = vocabulary
        self._texts = texts

    def feature_names(self, columns: Sequence[int] | IndexArray) -> list[str]:
        """
        Spell features out.

        Parameters
        ----------
        columns : sequence of int
            Columns of the view.

        Returns
        -------
        list of str
            Folded words, with one space between the words of a run (none between letters of scripts without
            spaces); or folded characters, with a space where the run begins or ends a word. Where features share a
            column (see ``GramRecipe.n_bits``), the one that stands first in the texts. "" for a column without a
            feature.
        """
        wanted = np.asarray(columns, dtype=np.int64)
        known = wanted[wanted < len(self._vocabulary.hashes)]
        if not len(known):
            return [""] * len(wanted)
        rows = np.unique(self._vocabulary.first_texts[known])
        folded, grams = find_grams([self._texts[row] for row in rows.tolist()], self._recipe)
        of_gram = self._columns(grams.hashes)
        at = np.flatnonzero(np.isin(of_gram, known))
        found, first = np.unique(of_gram[at], return_index=True)
        names = dict(zip(found.tolist(), _spell(folded, grams, at[first], self._recipe), strict=True))
        return [names.get(column, "") for column in wanted.tolist()]

    def spans(self, text: str, columns: Sequence[int] | IndexArray) -> list[tuple[int, int, int]]:
        """
        Find features in a text.

        Parameters
        ----------
        text : str
            Any text, as the user wrote it.
        columns : sequence of int
            Columns of the view to look for.

        Returns
        -------
        list of (int, int, int)
            Column, start and end of each place, in code points of ``text``: ``text[start:end]``, folded, is the
            feature, or the smallest run of whole characters that holds it. In order of start, then end, then column.
            Only what the view reads of a text is searched (see ``GramRecipe.max_characters``).
        """
        _, grams = find_grams([text], self._recipe)
        of_gram = self._columns(grams.hashes)
        at = np.flatnonzero(np.isin(of_gram, np.asarray(columns, dtype=np.int64)) & (of_gram >= 0))
        first, last = _original_places(text[: self._recipe.max_characters])
        starts, ends = first[grams.starts[at] - 1], last[grams.ends[at] - 2]  # the line break before the text
        places = zip(starts.tolist(), ends.tolist(), of_gram[at].tolist(), strict=True)
        return [(column, start, end) for start, end, column in sorted(set(places))]

    def _columns(self, hashes: Hashes) -> NDArray[np.int64]:
        """Return the column of each run, -1 where it has none."""
        known = self._vocabulary.hashes
        if not len(known):
            return np.full(len(hashes), -1, dtype=np.int64)
        places = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
        return np.where(known[places] == hashes, self._vocabulary.columns[places], -1).astype(np.int64)


def _original_places(text: str) -> tuple[IndexArray, IndexArray]:
    """Return where each character that is read comes from; one that is dropped belongs to the character before it."""
    starts, ends = folded_origins(text)
    if not len(starts):
        return starts, ends
    kept = np.flatnonzero(character_kinds(code_points(fold_text(text))) != DROPPED)
    next_start = np.append(starts[kept[1:]], len(text))
    run_ends = np.append(kept[1:], len(starts)) - 1  # the last one dropped, or the character itself
    return starts[kept], np.minimum(ends[run_ends], np.maximum(next_start, ends[kept]))


def _spell(folded: FoldedTexts, grams: GramSpans, at: IndexArray, recipe: GramRecipe) -> list[str]:
    """Return the names of some runs."""
    line = folded.codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")
    pieces = [line[start:end] for start, end in zip(grams.starts[at].tolist(), grams.ends[at].tolist(), strict=True)]
    if recipe.unit == "words":
        return list(map(_join_words, pieces))
    sides = zip(grams.opens[at].tolist(), pieces, grams.closes[at].tolist(), strict=True)
    return [" " * opens + piece + " " * closes for opens, piece, closes in sides]


def _join_words(piece: str) -> str:
    """Leave out what stands between the words of a run."""
    folded = fold_texts([piece])
    starts, ends = word_tokens(folded)
    line = folded.codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")
    words = [line[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
    is_spaceless = folded.kinds[starts] == SPACELESS
    gaps = np.where(is_spaceless[1:] & is_spaceless[:-1], "", " ").tolist()
    return "".join(gap + word for gap, word in zip(["", *gaps], words, strict=True))
