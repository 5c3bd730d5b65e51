"""Runs of characters within the bounds of what stands between two spaces."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import IndexArray
from labelclean.features.grams import FoldedTexts, GramSpans, SpanHasher
from labelclean.features.scripts import SPACE, CodePoints

__all__ = ["character_grams"]

_BOUNDARY = ord(" ")


def character_grams(folded: FoldedTexts, lengths: tuple[int, int]) -> GramSpans:
    """
    Find all runs of characters that do not cross a space.

    Parts of words see through endings, compounds and typing errors.

    Parameters
    ----------
    folded : FoldedTexts
        The texts.
    lengths : tuple of int
        Fewest and most characters in a run; a space before or after a word counts as a character.

    Returns
    -------
    GramSpans
        All runs, also repeated ones; runs of one length stand together, in the order of the texts. A run may begin
        or end with a space, which tells the beginning and the end of a word from its middle; ``starts`` and ``ends``
        leave that space out. A space alone is no run.

    Examples
    --------
    >>> from labelclean.features.grams import fold_texts
    >>> folded = fold_texts(["to be"])
    >>> text = folded.codes.tobytes().decode("utf-32-le")
    >>> grams = character_grams(folded, (3, 4))
    >>> [text[start:end] for start, end in zip(grams.starts, grams.ends)]
    ['to', 'to', 'be', 'be', 'to', 'be']
    """
    line = _collapse_spaces(folded)
    hasher = SpanHasher(line.codes)
    starts = [_window_starts(line, n) for n in range(lengths[0], lengths[1] + 1)]
    first = np.concatenate(starts)
    after = np.concatenate([each + n for n, each in enumerate(starts, lengths[0])])
    opens, closes = line.is_boundary[first], line.is_boundary[after - 1]
    return GramSpans(
        hashes=hasher.hashes(first, after),
        rows=line.rows[first],
        starts=line.places[first + opens],
        ends=line.places[after - 1 - closes] + 1,
        opens=opens,
        closes=closes,
    )


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class _Line:
    """All words with exactly one boundary between them; a boundary belongs to the text of the word after it."""

    codes: CodePoints
    rows: NDArray[np.int32]
    is_boundary: NDArray[np.bool_]
    room: IndexArray  # steps from here to the next boundary
    places: IndexArray  # where each code point stands in the folded texts


def _collapse_spaces(folded: FoldedTexts) -> _Line:
    """Leave one boundary of each run of spaces."""
    spaces = folded.kinds == SPACE
    again = np.zeros_like(spaces)
    again[1:] = spaces[1:] & spaces[:-1]
    places = np.flatnonzero(~again)
    is_boundary = spaces[places]
    rows = folded.rows[places]
    rows[:-1] = np.where(is_boundary[:-1], rows[1:], rows[:-1])
    boundaries = np.append(np.flatnonzero(is_boundary), len(places))
    room = boundaries[np.cumsum(is_boundary)] - np.arange(len(places))
    room[-1:] = 0  # behind the last boundary there is nothing
    codes = np.where(is_boundary, np.uint32(_BOUNDARY), folded.codes[places])
    return _Line(codes=codes, rows=rows, is_boundary=is_boundary, room=room, places=places)


def _window_starts(line: _Line, n_characters: int) -> IndexArray:
    """Return where runs of one length begin."""
    if n_characters == 1:
        return np.flatnonzero(~line.is_boundary)
    return np.flatnonzero(line.room >= n_characters - 1)
