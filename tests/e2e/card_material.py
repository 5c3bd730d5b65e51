"""Made-up rows for the page around the review card: plain ones, tricky texts, label sets, and copies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np

from labelclean.arrays import IndexArray, Label
from labelclean.dataset import Dataset
from labelclean.label_set import LabelSet
from labelclean.review.copy_groups import CopyGroups
from labelclean.review.label_cells import LabelCells
from labelclean.review.queue import TextSources
from labelclean.review.text_search import fold_texts
from tests.e2e.card_evidence import EVIDENCE_TEXTS

__all__ = ["CLASSES", "KINDS", "CopySources", "Material", "make_material"]

CLASSES = ("billing", "change_address", "delivery_time", "parcel_missing", "place_order", "refund")
KINDS = ("tricky", "evidence", "sets", "copies", "many")
"""What can be asked for in the address; without one of them the rows are plain."""

TRICKY_TEXTS = (
    "<script>window.hacked = 1</script><img src=x onerror='window.hacked = 2'>",
    "**bold** [link](http://example.com) `code` # heading\n\n- list :smile: :red[colour] $x^2$ $$\\int$$",
    "اين طردي؟ طلبت مصباحا يوم الاثنين ولم يصل بعد",
)
_COPIED_TEXT = "Please cancel it."
_COPY_GROUPS = ((0, 3, 5), (1, 8), (2, *range(20, 30)))
"""Rows of one text: given three labels, given one (rows 1 and 8 are made equal), and eleven rows at once."""


@dataclass(frozen=True, eq=False, kw_only=True)
class CopySources(TextSources):
    """Sources that know which rows are copies."""

    groups: CopyGroups

    def copies(self) -> CopyGroups:
        """Return the groups."""
        return self.groups

    def group_of(self, row: int) -> IndexArray:
        """Return the rows of a row's group."""
        return self.groups.group_of(row)


@dataclass(frozen=True, eq=False, kw_only=True)
class Material:
    """What the page around the card shows."""

    dataset: Dataset
    run: SimpleNamespace
    sources: CopySources
    cells: LabelCells | None


def make_material(n_rows: int, kind: str) -> Material:
    """Make rows whose given label is one class off; those with evidence have the demo's delivery time suggested."""
    classes = tuple(f"class number {place:04d}" for place in range(5_000)) if kind == "many" else CLASSES
    n_classes = min(len(classes), n_rows) if kind != "many" else len(classes)
    numbers = _copy_numbers(n_rows) if kind == "copies" else np.arange(n_rows)
    codes = np.arange(n_rows) % n_classes
    if kind == "copies":
        codes[8] = codes[1]
    suggested = np.where(np.arange(n_rows) % 20 == 19, codes, (codes + 1) % n_classes)
    if kind == "evidence":
        codes[:6], suggested[:6] = 3, 2
    is_labelled = np.arange(n_rows) % 50 != 49
    names = _sets(classes) if kind == "sets" else list(classes[:n_classes])
    labels = [names[code] if labelled else None for code, labelled in zip(codes.tolist(), is_labelled, strict=True)]
    texts = _texts(n_rows, kind)
    likely = (suggested[:, None] + np.arange(min(n_classes, 9))) % len(names)
    run = SimpleNamespace(
        class_names=tuple(names),
        labels=np.where(is_labelled, codes, -1),
        suggested_labels=suggested,
        label_quality_scores=np.full(n_rows, 0.02),
        error_probabilities=np.linspace(0.97, 0.2, n_rows),
        is_issue=np.ones(n_rows, dtype=np.bool_),
        ranked_rows=np.arange(n_rows),
        likely_labels=likely,
        likely_probs=np.tile(np.array([0.71, 0.14, 0.06, 0.04, 0.03, 0.02, 0, 0, 0][: likely.shape[1]]), (n_rows, 1)),
    )
    dataset = Dataset.from_labels(texts, labels, row_ids=[f"m{row:04d}" for row in range(n_rows)])
    sources = CopySources(folded_texts=fold_texts(texts), groups=CopyGroups(numbers.astype(np.int64)))
    return Material(dataset=dataset, run=run, sources=sources, cells=_cells(n_rows) if kind == "sets" else None)


def _texts(n_rows: int, kind: str) -> list[str]:
    chosen = {"tricky": TRICKY_TEXTS, "evidence": EVIDENCE_TEXTS}.get(kind, ())
    texts = [*chosen, *(f"Message number {row}: where is my parcel?" for row in range(len(chosen), n_rows))]
    if kind == "copies":
        for group in _COPY_GROUPS:
            for row in group:
                texts[row] = f"{_COPIED_TEXT} ({group[0]})"
    return texts


def _copy_numbers(n_rows: int) -> IndexArray:
    numbers = np.arange(n_rows)
    for group in _COPY_GROUPS:
        numbers[list(group)] = group[0]
    return numbers


def _sets(classes: Sequence[str]) -> list[Label]:
    """Return for each class the set of it and the next one: from one set to the next, one label goes and one comes."""
    return [LabelSet([name, classes[(code + 1) % len(classes)]]) for code, name in enumerate(classes)]


def _cells(n_rows: int) -> LabelCells:
    """Return for each row the class that its suggestion adds, the one it removes, the one that stays, and the rest."""
    offsets = np.array([2, 0, 1, 3, 4, 5])
    codes = (np.arange(n_rows)[:, None] + offsets) % len(CLASSES)
    probs = np.tile(np.array([0.91, 0.06, 0.88, 0.2, 0.05, 0.02], dtype=np.float32), (n_rows, 1))
    return LabelCells(members=CLASSES, codes=codes.astype(np.int32), probs=probs)
