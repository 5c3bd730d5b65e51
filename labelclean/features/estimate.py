"""How large the views of some texts will be, and how long they will take, told from a sample."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from labelclean.features.choosing import MAX_CHARACTERS, MAX_FEATURES, column_recipe, text_recipes
from labelclean.features.counting import BlockCounts, count_block
from labelclean.features.recipes import GramRecipe
from labelclean.features.views import text_views

__all__ = ["ViewEstimate", "ViewSize", "estimate_views"]

_SAMPLE = 2_000
_SAMPLE_CHARACTERS = 1_000_000  # the estimate itself must take neither time nor memory
_SAMPLE_TEXTS = 1 << 16  # one block
_ENTRY_BYTES = 12  # a column number, a weight and a count, 4 bytes each
_COUNTED_BYTES = (
    4  # for each entry before the columns are chosen: a row in 2, a count in 1, its share of the runs' numbers
)
_SLOWING = 1.05  # many texts take a little more than their share: what is large fits no cache
_BLOCK_BYTES = 150_000_000  # what one block of texts needs while it is counted


@dataclass(frozen=True, kw_only=True, slots=True)
class ViewSize:
    """
    Expected size of one view.

    Attributes
    ----------
    name : str
        As in ``TextView``.
    n_features : int
        Columns.
    n_entries : int
        Features of all texts together: the entries of the sparse matrix that are not 0.
    """

    name: str
    n_features: int
    n_entries: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ViewEstimate:
    """
    What the views of some texts will need.

    Attributes
    ----------
    sizes : tuple of ViewSize
        One for each view, in the order of ``text_views``.
    seconds : float
        Time to make them on this machine, as busy as it is now.
    n_bytes : int
        Memory of the finished views.
    peak_bytes : int
        Memory while they are made, with what is finished, without the texts.
    """

    sizes: tuple[ViewSize, ...]
    seconds: float
    n_bytes: int
    peak_bytes: int


def estimate_views(
    texts: Sequence[str],
    *,
    sample: int = _SAMPLE,
    extra_columns: Mapping[str, Sequence[str]] | None = None,
    bounded: bool = False,
    max_features: int = MAX_FEATURES,
    max_characters: int = MAX_CHARACTERS,
    clock: Callable[[], float] = time.perf_counter,
) -> ViewEstimate:
    """
    Estimate the size of the views and the time to make them.

    The views of a sample are made and measured. For small data (the sample is everything) the sizes are exact.

    Parameters
    ----------
    texts : sequence of str
        The texts.
    sample : int, default=2000
        How many texts to look at, evenly spread; fewer where they would come to more than a million characters.
    extra_columns : mapping of str to sequence of str, default=None
        As ``text_views`` takes them.
    bounded : bool, default=False
        As ``text_views`` takes it.
    max_features : int, default=200000
        As ``text_views`` takes it.
    max_characters : int, default=20000
        As ``text_views`` takes it.
    clock : callable returning float, default=time.perf_counter
        Tells the time in seconds.

    Returns
    -------
    ViewEstimate
        Sizes, seconds and bytes. Entries that will be lost because ``max_features`` are reached are not taken off,
        so that large data come out rather too large.

    Notes
    -----
    Entries of runs that too few texts share are left out of a view; their share falls, and the number of columns
    grows, like a power of the number of texts (Heaps' law). The powers are read off the sample and half of it.

    References
    ----------
    Manning, Raghavan & Schütze (2008), "Introduction to Information Retrieval", equation 5.1 (Heaps' law).

    Examples
    --------
    >>> estimate = estimate_views(["my refund", "my parcel"] * 10_000, bounded=True)
    >>> estimate.sizes[0]
    ViewSize(name='words', n_features=5, n_entries=60000)
    """
    places = _spread_places(texts, sample, max_characters)
    few = [texts[i] for i in places]
    columns = extra_columns or {}
    few_columns = {name: [values[i] for i in places] for name, values in columns.items()}
    started = clock()
    text_views(
        few, extra_columns=few_columns, bounded=bounded, max_features=max_features, max_characters=max_characters
    )
    elapsed = clock() - started

    recipes = text_recipes(few, bounded=bounded, max_features=max_features, max_characters=max_characters)
    jobs = [(name, few, recipe) for name, recipe in recipes.items()]
    for name, values in columns.items():
        jobs.append((f"column {name}", few_columns[name], column_recipe(values, recipes["words"])))
    growth = len(texts) / max(len(few), 1)
    measured = [_view_size(name, values, recipe, growth=growth) for name, values, recipe in jobs]
    n_bytes = _ENTRY_BYTES * sum(size.n_entries for size, _ in measured)
    most_counted = max(n_counted for _, n_counted in measured)
    return ViewEstimate(
        sizes=tuple(size for size, _ in measured),
        seconds=elapsed * growth**_SLOWING,
        n_bytes=n_bytes,
        peak_bytes=n_bytes + _COUNTED_BYTES * most_counted + min(_BLOCK_BYTES, 2 * n_bytes),
    )


def _spread_places(texts: Sequence[str], sample: int, max_characters: int) -> list[int]:
    """Return evenly spread places, few enough for the characters they stand for."""
    n_places = min(max(sample, 2), len(texts), _SAMPLE_TEXTS)
    places = np.linspace(0, len(texts) - 1, n_places, dtype=np.int64)
    n_characters = sum(min(len(texts[i]), max_characters) for i in places.tolist())
    if n_characters > _SAMPLE_CHARACTERS:
        n_places = min(n_places, max(n_places * _SAMPLE_CHARACTERS // n_characters, 2))
        places = np.linspace(0, len(texts) - 1, n_places, dtype=np.int64)
    chosen: list[int] = places.tolist()
    return chosen


def _view_size(name: str, few: Sequence[str], recipe: GramRecipe, *, growth: float) -> tuple[ViewSize, int]:
    """Return the size of a view of ``growth`` times as many texts, and the entries counted on the way to it."""
    half, whole = (_measure(count_block(part, recipe), recipe) for part in (few[::2], few))
    doublings = np.log2(max(growth, 1))
    lost = _power(half.lost_share, whole.lost_share, doublings)
    n_features = _power(half.n_features, whole.n_features, doublings)
    n_counted = round(whole.n_counted * growth)
    size = ViewSize(
        name=name,
        n_features=max(min(round(n_features), recipe.max_features), 1),
        n_entries=round(n_counted * (1 - lost)),
    )
    return size, n_counted


@dataclass(frozen=True, kw_only=True, slots=True)
class _Measured:
    """What a sample shows of one view."""

    n_counted: int
    n_features: int
    lost_share: float


def _measure(block: BlockCounts, recipe: GramRecipe) -> _Measured:
    text_counts = np.diff(block.bounds)
    shared = text_counts >= recipe.min_texts
    if not shared.any():
        shared[...] = True
    n_counted, n_kept = int(text_counts.sum()), int(text_counts[shared].sum())
    return _Measured(
        n_counted=n_counted,
        n_features=int(np.count_nonzero(shared)),
        lost_share=1 - n_kept / max(n_counted, 1),
    )


def _power(half: float, whole: float, doublings: float) -> float:
    """Go on as from half to whole, that many times over."""
    return whole * (whole / half) ** doublings if half > 0 else whole
