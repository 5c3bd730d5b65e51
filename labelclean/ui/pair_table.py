"""The table beside the heat map: numbers only, no Streamlit."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from labelclean.arrays import UNLABELLED
from labelclean.review.label_names import LabelNames
from labelclean.store.run_records import StoredRun

__all__ = ["pair_table"]


def pair_table(run: StoredRun, decided: Collection[int], *, code: int | None = None) -> pd.DataFrame:
    """
    Return one line per pair of classes that is confused in at least one row, the most rows first.

    A row belongs to the pair (its suggested class, its given class); these are the rows that the pair's review queue
    shows. With a code, only the pairs of that class are listed. ``attrs["pairs"]`` holds the (given, suggested) class
    codes of each line.
    """
    names = LabelNames.of(run.class_names).tokens
    n_classes = len(names)
    confused = (run.labels != UNLABELLED) & (run.labels != run.suggested_labels)
    keys = run.labels * n_classes + run.suggested_labels
    counts = np.bincount(keys[confused], minlength=n_classes * n_classes)
    decided_rows = np.fromiter(decided, dtype=np.int64, count=len(decided))
    decided_rows = decided_rows[confused[decided_rows]]
    done = np.bincount(keys[decided_rows], minlength=n_classes * n_classes)
    given_counts = np.bincount(run.labels[run.labels != UNLABELLED], minlength=n_classes)
    pairs = np.flatnonzero(counts)
    pairs = pairs[np.lexsort((pairs, -counts[pairs]))]
    if code is not None:
        pairs = pairs[(pairs // n_classes == code) | (pairs % n_classes == code)]
    given, suggested = pairs // n_classes, pairs % n_classes
    table = pd.DataFrame(
        {
            "Truly": [names[code] for code in suggested],
            "Given": [names[code] for code in given],
            "Rows": counts[pairs],
            "Share": 100 * counts[pairs] / np.maximum(given_counts[given], 1),
            "Decided": done[pairs],
        }
    )
    table.attrs["pairs"] = list(zip(given.tolist(), suggested.tolist(), strict=True))
    return table
