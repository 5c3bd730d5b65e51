"""The views of a text that the models learn from, chosen from the texts themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from labelclean.arrays import FeatureMatrix, MaskArray, freeze
from labelclean.errors import InvalidInputError
from labelclean.features.choosing import MAX_CHARACTERS, MAX_FEATURES, column_recipe, text_recipes
from labelclean.features.counting import block_bounds, choose_vocabulary, count_block, count_rows
from labelclean.features.reading import GramReader
from labelclean.features.recipes import GramRecipe
from labelclean.features.weighting import tfidf_rows
from labelclean.protocols import Progress, no_progress

__all__ = ["TextView", "text_views", "thin_texts"]


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class TextView:
    """
    One way to look at the texts: a row of features for each.

    Attributes
    ----------
    name : str
        "words" (the main view, always first), "characters" or "word pairs", or "column <name>".
    tfidf : csr_array of float32, shape (n_examples, n_features)
        Weighted features; columns rise within a row, rows have length 1, or are all 0 where a text has no feature.
    counts : csr_array of float32, shape (n_examples, n_features)
        How often each text has each feature; shares its index arrays with ``tfidf``.
    reader : GramReader
        Maps features back: ``reader.feature_names(columns)``, ``reader.spans(text, columns)``.
    """

    name: str
    tfidf: FeatureMatrix
    counts: FeatureMatrix
    reader: GramReader


def text_views(
    texts: Sequence[str],
    *,
    extra_columns: Mapping[str, Sequence[str]] | None = None,
    bounded: bool = False,
    max_features: int = MAX_FEATURES,
    max_characters: int = MAX_CHARACTERS,
    progress: Progress = no_progress,
) -> tuple[TextView, ...]:
    """
    Turn texts into the views that the models learn from.

    Vocabulary and weights are learnt from all texts. No label is looked at, so doing this once for all folds tells
    a held-out row nothing about its own label.

    Parameters
    ----------
    texts : sequence of str, length n_examples
        The texts, in any language. They are kept by the views' readers, so do not change them.
    extra_columns : mapping of str to sequence of str, default=None
        More columns of the file, by name, each with ``n_examples`` values; every one becomes a view of its own.
        A column with at most one distinct value for every five rows that have any is taken as a category (each value
        is one feature), any other as text (words).
    bounded : bool, default=False
        Whether to bound the memory: words only, hashed into at most 262,144 columns, of the first 2,000 characters
        of each text; single words only where texts are long.
    max_features : int, default=200000
        Columns of each view to keep at most: the features that the most texts have.
    max_characters : int, default=20000
        Characters of each text to read, from its beginning.
    progress : Progress, default=no_progress
        Told how far the work has come, 0 to 1.

    Returns
    -------
    tuple of TextView
        First "words": words that at least two texts have, with pairs of words where texts are short (400 characters or
        fewer in the mean). Letters of scripts without spaces stand for words; where they are over a fifth of all,
        their pairs always count. Then, for short texts, "characters": runs of 3 to 5 characters within words (1 to 3
        for scripts without spaces), of the first 600 characters, that at least three texts have; for long ones with
        spaces, "word pairs": words and pairs of words once more, together. Then one view for each extra column. There
        is always at least one column. Blank rows are rows of zeros, and change nothing else; the order of the texts
        changes nothing but the order of the rows.

    Notes
    -----
    Where no two texts share a feature of a view, all its features are kept.

    Examples
    --------
    >>> words, characters = text_views(["Where is my refund?", "my refund please", "a parcel is missing"])
    >>> words.reader.feature_names([0, 1, 2, 3])
    ['refund', 'is', 'my', 'my refund']
    >>> words.reader.spans("MY REFUND", [3])
    [(3, 0, 9)]
    """
    recipes = text_recipes(texts, bounded=bounded, max_features=max_features, max_characters=max_characters)
    jobs = [(name, texts, recipe) for name, recipe in recipes.items()]
    for name, values in (extra_columns or {}).items():
        _check_length(name, len(values), len(texts))
        jobs.append((f"column {name}", values, column_recipe(values, recipes["words"])))
    return tuple(
        _view(name, values, recipe, progress=_share(progress, i, len(jobs)))
        for i, (name, values, recipe) in enumerate(jobs)
    )


def thin_texts(views: Sequence[TextView]) -> MaskArray:
    """
    Mark the texts that say next to nothing.

    Parameters
    ----------
    views : sequence of TextView
        What ``text_views`` returned.

    Returns
    -------
    ndarray of bool, shape (n_examples,)
        True where the main view has no feature or a single one: blank texts, texts of one word, texts that share
        one word at most with any other. What a model says about them rests on the class frequencies.

    Examples
    --------
    >>> thin_texts(text_views(["", "refund", "my refund", "my refund"]))
    array([ True,  True, False, False])
    """
    return np.diff(views[0].counts.indptr) <= 1


def _view(name: str, texts: Sequence[str], recipe: GramRecipe, *, progress: Progress) -> TextView:
    """Count, choose the columns, weight."""
    blocks = []
    for start, end in block_bounds(texts, recipe.max_characters):
        progress("Reading texts", start / len(texts))
        blocks.append(count_block(texts[start:end], recipe, start=start))
    vocabulary = choose_vocabulary(blocks, recipe)
    n_texts = sum(block.n_filled for block in blocks)
    counts = count_rows(blocks, vocabulary)
    tfidf = tfidf_rows(counts, vocabulary.text_counts, n_texts=n_texts)
    for matrix in (tfidf, counts):
        for array in (matrix.data, matrix.indices, matrix.indptr):
            freeze(array)
    return TextView(name=name, tfidf=tfidf, counts=counts, reader=GramReader(recipe, vocabulary, texts))


def _share(progress: Progress, i: int, n_jobs: int) -> Progress:
    """Return the progress of one job among several."""
    return lambda step, fraction: progress(step, (i + fraction) / n_jobs)


def _check_length(name: str, n_values: int, n_texts: int) -> None:
    if n_values != n_texts:
        raise InvalidInputError(
            f"Extra column {name!r} must have one value for each of the {n_texts:,} texts; got {n_values:,}.",
            fix="Take the column from the same rows as the texts; use '' where it has no value.",
        )
