"""Texts whose given and true labels are known, as the detection benchmark reads and samples them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Literal, TypeAlias, get_args

import numpy as np
import pandas as pd

from labelclean.arrays import UNLABELLED, CodeArray, IndexArray, MaskArray
from labelclean.errors import InvalidInputError

__all__ = ["Kind", "LabelledSet", "find_sets", "kind_of", "read_labelled_set", "sample_rows", "tiny_set"]

Kind: TypeAlias = Literal["human annotators", "injected", "rules", "knowledge base"]
"""Where the wrong labels come from."""

_INJECTED = ("__mix", "__cdn", "__idn", "__mlmix")


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class LabelledSet:
    """
    Rows with different texts, their given and their true labels.

    Attributes
    ----------
    name : str
        The file's name without its endings.
    kind : str
        Where the wrong labels come from.
    texts : tuple of str, length n_examples
        The texts, in file order; no two are equal.
    given, true : ndarray of int64, shape (n_examples,) or (n_examples, n_labels)
        Class codes, true ones -1 where unknown; for multi-label data 1 where the label applies.
    class_names : tuple of str
        The classes or labels in alphabetical order; every code is a position in it.
    rows : ndarray of int64, shape (n_examples,)
        Positions in the file, from 0.
    """

    name: str
    kind: Kind
    texts: tuple[str, ...]
    given: CodeArray
    true: CodeArray
    class_names: tuple[str, ...]
    rows: IndexArray

    @property
    def is_multi_label(self) -> bool:
        """Whether a row has a set of labels."""
        return self.given.ndim > 1

    @property
    def is_known(self) -> MaskArray:
        """True where the true label is known: only these rows are scored."""
        known = np.ones(len(self.given), dtype=np.bool_) if self.is_multi_label else self.true != UNLABELLED
        return np.asarray(known, dtype=np.bool_)

    @property
    def is_wrong(self) -> MaskArray:
        """True where the given label differs from the known true one, in multi-label data in any cell."""
        differs = self.given != self.true
        return np.asarray(differs.any(axis=1) if self.is_multi_label else differs & self.is_known, dtype=np.bool_)


def kind_of(name: str) -> Kind:
    """Tell by how its name ends where a set's wrong labels come from."""
    if any(mark in name for mark in _INJECTED):
        return "injected"
    if name.endswith("_weak"):
        return "rules"
    return "knowledge base" if name.endswith("_ds") else "human annotators"


def find_sets(folder: Path, names: Sequence[str] | None = None) -> dict[str, Path]:
    """Return the files of all sets, or of those named, kind by kind; files of single votes are no sets."""
    found = {path.name.split(".csv")[0]: path for path in sorted(folder.glob("*.csv*"))}
    sets = {name: path for name, path in found.items() if not name.endswith("_votes")}
    unknown = sorted(set(names or ()) - set(sets))
    if unknown:
        raise InvalidInputError(
            f"Sets must be in the folder; got {', '.join(unknown)}.", fix=f"Name {', '.join(sets)}."
        )
    kinds = get_args(Kind)
    return {name: sets[name] for name in sorted(names or sets, key=lambda name: (kinds.index(kind_of(name)), name))}


def read_labelled_set(path: Path) -> LabelledSet:
    """Read one CSV file, packed or not; the first row of each text is kept, rows without a given label are not."""
    frame = pd.read_csv(path, keep_default_na=False, dtype=str)
    keep = ~frame["text"].duplicated().to_numpy()
    if "given_label" in frame:
        keep &= (frame["given_label"] != "").to_numpy()
    rows = np.flatnonzero(keep).astype(np.int64)
    frame = frame.iloc[rows]
    read = _label_sets if "given_labels" in frame else _classes
    class_names, given, true = read(frame)
    name = path.name.split(".csv")[0]
    return LabelledSet(
        name=name,
        kind=kind_of(name),
        texts=tuple(frame["text"]),
        given=given,
        true=true,
        class_names=class_names,
        rows=rows,
    )


def sample_rows(data: LabelledSet, *, share: float, seed: int) -> LabelledSet:
    """Draw a share of the rows at random, in file order."""
    n_kept = max(1, round(share * len(data.texts)))
    kept = np.sort(np.random.default_rng(seed).permutation(len(data.texts))[:n_kept])
    return LabelledSet(
        name=data.name,
        kind=data.kind,
        texts=tuple(data.texts[row] for row in kept),
        given=data.given[kept],
        true=data.true[kept],
        class_names=data.class_names,
        rows=data.rows[kept],
    )


def tiny_set(*, is_multi_label: bool) -> LabelledSet:
    """Make 80 rows of two classes, to have everything imported before the clock starts."""
    fruits, tools = "apple pear plum cherry grape lemon fig peach", "hammer saw drill wrench pliers chisel rasp vice"
    triples = [list(combinations(words.split(), 3))[:40] for words in (fruits, tools)]
    codes = np.arange(80, dtype=np.int64) % 2
    labels = np.column_stack([codes, 1 - codes]) if is_multi_label else codes
    return LabelledSet(
        name="tiny",
        kind="injected",
        texts=tuple(" ".join(words) for pair in zip(*triples, strict=True) for words in pair),
        given=labels,
        true=labels,
        class_names=("fruit", "tool"),
        rows=np.arange(80, dtype=np.int64),
    )


def _classes(frame: pd.DataFrame) -> tuple[tuple[str, ...], CodeArray, CodeArray]:
    names = tuple(sorted((set(frame["given_label"]) | set(frame["true_label"])) - {""}))
    codes = {name: code for code, name in enumerate(names)}
    given, true = (
        [codes.get(label, UNLABELLED) for label in frame[column]] for column in ("given_label", "true_label")
    )
    return names, np.array(given, dtype=np.int64), np.array(true, dtype=np.int64)


def _label_sets(frame: pd.DataFrame) -> tuple[tuple[str, ...], CodeArray, CodeArray]:
    given, true = (frame[column].str.split("|").map(set).tolist() for column in ("given_labels", "true_labels"))
    names = tuple(sorted(set().union(*given, *true) - {""}))
    tables = ([[name in labels for name in names] for labels in sets] for sets in (given, true))
    first, second = (np.array(table, dtype=np.int64) for table in tables)
    return names, first, second
