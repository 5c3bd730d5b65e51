"""What ``labelclean find`` writes about label sets: the table of all rows, and the run in numbers."""

from __future__ import annotations

import csv
import io
import math
from typing import BinaryIO

from labelclean.cli.suspects import COLUMNS
from labelclean.export.label_words import label_json, label_text
from labelclean.label_set import LabelSet
from labelclean.label_set_results import LabelSetAuditResult

__all__ = ["set_totals", "write_set_suspects"]


def write_set_suspects(result: LabelSetAuditResult, target: BinaryIO) -> None:
    """
    Write every row as UTF-8 CSV, most suspect first.

    The columns are those of single labels; a set is spelled as a JSON list, which no spreadsheet runs as a formula.
    The quality is one minus the error probability.
    """
    # Halves of characters can stand in JSON; they are written so that reading gives them back.
    text = io.TextIOWrapper(target, encoding="utf-8", errors="surrogatepass", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for rank, row in enumerate(result.ranked_rows.tolist(), start=1):
        given, probability = result.given_labels(row), float(result.error_probabilities[row])
        writer.writerow(
            (
                rank,
                row,
                "" if given is None else label_text(LabelSet(given)),
                label_text(LabelSet(result.suggested_labels(row))),
                "" if math.isnan(probability) else repr(1.0 - probability),
                "" if math.isnan(probability) else repr(probability),
                "true" if result.is_issue[row] else "false",
            )
        )
    text.detach()  # the target stays open


def set_totals(result: LabelSetAuditResult) -> dict[str, object]:
    """Return what was found in numbers, as plain values for JSON."""
    n_labelled = int(result.is_labelled.sum())
    return {
        "n_rows": result.n_examples,
        "n_labelled": n_labelled,
        "n_unlabelled": result.n_examples - n_labelled,
        "n_classes": len(result.class_names),
        "n_issues": result.n_issues,
        "n_estimated_label_errors": round(result.n_wrong_rows),
        "n_estimated_wrong_cells": round(result.n_wrong_cells),
        "label_accuracy": 1.0 - result.n_wrong_rows / max(n_labelled, 1),
        "classes": [
            {
                "label": label_json(label),
                "n_given": int(result.is_given[:, code].sum()),
                "n_estimated_added": round(float(result.n_added[code])),
                "n_estimated_missing": round(float(result.n_missing[code])),
            }
            for code, label in enumerate(result.class_names)
        ],
    }
