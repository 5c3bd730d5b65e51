"""The table of classes on the overview: numbers only, no Streamlit."""

from __future__ import annotations

import numpy as np
import pandas as pd

from labelclean.review.label_names import LabelNames
from labelclean.store.run_records import StoredRun

__all__ = ["class_table"]


def class_table(run: StoredRun) -> pd.DataFrame:
    """
    Return one line per class that some row carries or should carry, the most estimated errors first.

    ``attrs["codes"]`` holds the class code of each line.
    """
    names = LabelNames.of(run.class_names).tokens
    counts = run.noise.confident_joint.astype(float)
    given = np.bincount(run.labels[run.labels >= 0], minlength=len(names))
    flagged = np.bincount(run.labels[run.is_issue], minlength=len(names))
    off_diagonal = counts.copy()
    np.fill_diagonal(off_diagonal, 0.0)
    errors = off_diagonal.sum(axis=1)
    order = np.lexsort((np.arange(len(names)), -errors))
    order = order[(given > 0)[order] | (off_diagonal.sum(axis=0) > 0)[order]]  # not what was merged into another name
    confused = [
        names[int(off_diagonal[code].argmax())] if off_diagonal[code].max(initial=0.0) > 0 else "–" for code in order
    ]
    table = pd.DataFrame(
        {
            "Class": [names[code] for code in order],
            "Rows given": given[order],
            "Estimated errors": np.rint(errors[order]).astype(int),
            "Share wrong": 100 * np.divide(errors, given, out=np.zeros_like(errors), where=given > 0)[order],
            "Flagged": flagged[order],
            "Most often confused with": confused,
        }
    )
    table.attrs["codes"] = order.tolist()
    return table
