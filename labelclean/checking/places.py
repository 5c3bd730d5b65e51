"""Where a row of the dataset stands in its file, as reports name it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import numpy as np

from labelclean.dataset import Dataset
from labelclean.io.layout import FileLayout
from labelclean.io.line_numbers import line_numbers

__all__ = ["FilePlaces", "find_places"]


@dataclass(frozen=True, kw_only=True, slots=True)
class FilePlaces:
    """
    Where the listed rows stand.

    Attributes
    ----------
    name : str
        The file relative to the current directory, its parts joined by slashes.
    lines : dict of int to int
        1-based line by row of the dataset, where it is known.
    """

    name: str
    lines: dict[int, int]

    @property
    def uri(self) -> str:
        """The name as a relative address."""
        return quote(self.name)


def find_places(source: Path, layout: FileLayout, dataset: Dataset, rows: Collection[int]) -> FilePlaces:
    """
    Find where some rows stand.

    Parameters
    ----------
    source : Path
        The file.
    layout : FileLayout
        How it was read.
    dataset : Dataset
        What was read.
    rows : collection of int
        Rows of the dataset.
    """
    records = {row: row for row in rows}
    if dataset.records is not None:
        first = np.unique(dataset.records, return_index=True)
        of_example = dict(zip(first[0].tolist(), first[1].tolist(), strict=True))
        records = {row: of_example[row] for row in rows if row in of_example}
    lines = line_numbers(source, layout, set(records.values()))
    return FilePlaces(
        name=_relative(source), lines={row: lines[record] for row, record in records.items() if record in lines}
    )


def _relative(source: Path) -> str:
    """Return a path without the folders above the current one, which are nobody's business."""
    here = Path.cwd().resolve()
    place = source.resolve()
    return place.relative_to(here).as_posix() if place.is_relative_to(here) else place.name
