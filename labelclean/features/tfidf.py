"""Text to a sparse TF-IDF matrix, for any script."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import sparse

from labelclean.arrays import FeatureMatrix

__all__ = ["TextUnits", "choose_units", "text_features"]

TextUnits = Literal["words", "characters"]
"""What a text is cut into."""

_MAX_CHARACTERS = 20_000  # a text's subject shows long before; a book pasted into a cell must not take minutes
_MAX_FEATURES = 200_000
_RARE = 2  # a word that only one text has says nothing about any other text

_SAMPLE_TEXTS = 2_000  # enough to tell the script
_SAMPLE_CHARACTERS = 400
_SPACELESS_SHARE = 0.2

_PARTS_FOR_MEAN_LENGTH = 400  # characters; longer texts say enough in whole words
_PARTS_CHARACTERS = 600

# Han with its extensions and compatibility forms, Hiragana, Katakana, Thai, Lao, Khmer, Myanmar.
_SPACELESS = re.compile(
    "[\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\uaa60-\uaa7f\U00020000-\U0003ffff]"
)
_WORD = r"(?u)\b\w+\b"


def text_features(texts: Sequence[str], *, word_parts: bool = True, max_features: int = _MAX_FEATURES) -> FeatureMatrix:
    """
    Turn texts into TF-IDF rows of length 1.

    Vocabulary and weights are learnt from all texts. No label is looked at, so doing this once for all folds tells
    a held-out row nothing about its own label.

    Parameters
    ----------
    texts : sequence of str, length n_examples
        The texts; the first 20,000 characters of each are read.
    word_parts : bool, default=True
        Whether short texts (400 characters in the mean) also get parts of words, which see through endings,
        compounds and typing errors, and take about three times as long to learn from.
    max_features : int, default=200000
        Columns of each kind to keep at most, the most frequent ones.

    Returns
    -------
    csr_array of float32, shape (n_examples, n_features)
        Words and pairs of words, and parts of words of 3 to 5 characters; or, where ``choose_units`` says so, single
        characters to triples. What only one text has is left out. There is at least one column; a text without
        anything in common with another may give a row of zeros.

    Examples
    --------
    >>> text_features(["my refund", "my parcel"], word_parts=False).shape
    (2, 1)
    """
    shortened = [text[:_MAX_CHARACTERS] for text in texts]
    characters = _Kind(analyzer="char", lengths=(1, 3))
    kinds = [characters]
    if choose_units(shortened) == "words":
        kinds = [_Kind(analyzer="word", lengths=(1, 2))]
        if word_parts and sum(map(len, texts)) <= _PARTS_FOR_MEAN_LENGTH * len(texts):
            kinds.append(_Kind(analyzer="char_wb", lengths=(3, 5), max_characters=_PARTS_CHARACTERS))
    views = [_weigh(shortened, kind, rare=_RARE, max_features=max_features) for kind in kinds]
    found = [view for view in views if view is not None]
    if not found:  # no two texts have anything in common: give the models at least something to hold on to
        last = _weigh(shortened, characters, rare=1, max_features=max_features)
        found = [last if last is not None else _no_features(len(texts))]
    scale = np.float32(len(found) ** -0.5)  # equal weight for each kind, and rows of length 1 at most
    return sparse.csr_array(sparse.hstack([view * scale for view in found], format="csr"))


def choose_units(texts: Sequence[str]) -> TextUnits:
    """
    Tell whether words can be told apart by spaces.

    Parameters
    ----------
    texts : sequence of str
        The texts; about 2,000 evenly spread ones are looked at.

    Returns
    -------
    {"words", "characters"}
        "characters" where more than a fifth of the letters belong to scripts written without spaces.

    Examples
    --------
    >>> choose_units(["快递还没有到"]), choose_units(["parcel missing"])
    ('characters', 'words')
    """
    step = max(1, len(texts) // _SAMPLE_TEXTS)
    sample = "".join(text[:_SAMPLE_CHARACTERS] for text in texts[::step])
    n_letters = sum(map(str.isalnum, sample))
    return "characters" if len(_SPACELESS.findall(sample)) > _SPACELESS_SHARE * max(n_letters, 1) else "words"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Kind:
    """One kind of features: what is counted, in runs of which lengths, in how much of each text."""

    analyzer: Literal["word", "char", "char_wb"]
    lengths: tuple[int, int]
    max_characters: int = _MAX_CHARACTERS


def _weigh(texts: Sequence[str], kind: _Kind, *, rare: int, max_features: int) -> FeatureMatrix | None:
    """Return features of one kind, or None where no feature is in as many as ``rare`` texts."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415  (half a second to import)

    vectorizer = TfidfVectorizer(
        analyzer=kind.analyzer,
        ngram_range=kind.lengths,
        token_pattern=_WORD if kind.analyzer == "word" else None,
        sublinear_tf=True,
        min_df=rare,
        max_features=max_features,
        dtype=np.float32,
    )
    try:
        matrix = vectorizer.fit_transform([text[: kind.max_characters] for text in texts])
    except ValueError:  # the vectoriser's way to say that the vocabulary is empty
        return None
    return sparse.csr_array(matrix)


def _no_features(n_examples: int) -> FeatureMatrix:
    return sparse.csr_array(np.zeros((n_examples, 1), dtype=np.float32))
