"""What ``labelclean find`` writes: the table of all rows, and the summary of the run."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Mapping, Sequence
from typing import BinaryIO

import numpy as np

from labelclean import __version__
from labelclean.arrays import UNLABELLED, Label
from labelclean.config import AuditConfig
from labelclean.export.change_log import escape_cell
from labelclean.results import AuditResult
from labelclean.review.label_names import LabelNames

__all__ = ["COLUMNS", "summarise", "totals", "write_summary", "write_suspects"]

COLUMNS = ("rank", "row", "given_label", "suggested_label", "label_quality", "error_probability", "is_issue")


def write_suspects(result: AuditResult, target: BinaryIO) -> None:
    """
    Write every row as UTF-8 CSV, most suspect first.

    Labels are spelled as on the screen: text as it is, other values as JSON, and text in quotes where it would look
    like another value (``"1"`` beside ``1``). One that a spreadsheet would run as a formula is escaped as in the
    change log.
    """
    # Halves of characters can stand in JSON; they are written so that reading gives them back.
    text = io.TextIOWrapper(target, encoding="utf-8", errors="surrogatepass", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    names = [*map(escape_cell, LabelNames.of(result.class_names).tokens), ""]  # the last one stands for UNLABELLED
    rows = result.ranked_rows
    writer.writerows(
        (rank, row, names[given], names[suggested], _number(quality), _number(probability), _yes_or_no(is_issue))
        for rank, (row, given, suggested, quality, probability, is_issue) in enumerate(
            zip(
                rows.tolist(),
                result.labels[rows].tolist(),
                result.suggested_labels[rows].tolist(),
                result.label_quality_scores[rows].tolist(),
                result.error_probabilities[rows].tolist(),
                result.is_issue[rows].tolist(),
                strict=True,
            ),
            start=1,
        )
    )
    text.detach()  # the target stays open


def totals(result: AuditResult) -> dict[str, object]:
    """Return what was found in numbers, as plain values for JSON."""
    return {
        "n_rows": result.n_examples,
        "n_labelled": result.n_labelled,
        "n_unlabelled": result.n_examples - result.n_labelled,
        "n_classes": len(result.class_names),
        "n_issues": result.n_issues,
        "n_estimated_label_errors": result.noise.n_label_errors,
        "n_estimated_label_errors_interval": None
        if result.n_errors_interval is None
        else list(result.n_errors_interval),
        "label_accuracy": result.label_accuracy,
        "statement": result.statement,
        "classes": _class_table(result),
    }


def summarise(
    found: Mapping[str, object],
    *,
    config: AuditConfig,
    warnings: Sequence[str],
    seconds: float,
    pred_probs: Mapping[str, object] | None = None,
    embeddings: Mapping[str, object] | None = None,
) -> dict[str, object]:
    """
    Return the run in numbers, as plain values for JSON.

    Parameters
    ----------
    found : mapping
        What was found, as ``totals`` gives it.
    config : AuditConfig
        The options of the run.
    warnings : sequence of str
        Sentences about the dataset.
    seconds : float
        Wall time of the run, in seconds.
    pred_probs : mapping, optional
        Where the probabilities came from, as plain values; by default from labelclean's own model.
    embeddings : mapping, optional
        Where the user's own embeddings came from, as plain values; by default there are none.
    """
    return {
        "version": __version__,
        **found,
        "warnings": list(warnings),
        "pred_probs": {"source": "labelclean"} if pred_probs is None else dict(pred_probs),
        "embeddings": None if embeddings is None else dict(embeddings),
        "config": config.to_dict(),
        "seconds": round(seconds, 3),
    }


def write_summary(summary: dict[str, object], target: BinaryIO) -> None:
    """Write the summary as indented UTF-8 JSON."""
    try:
        text = json.dumps(summary, ensure_ascii=False, indent=2, allow_nan=False).encode()
    except UnicodeEncodeError:  # half of a character in a label, which JSON can spell only as an escape
        text = json.dumps(summary, indent=2, allow_nan=False).encode()
    target.write(text + b"\n")


def _class_table(result: AuditResult) -> list[dict[str, object]]:
    """Return one entry per class in class order; errors are the off-diagonal counts of the confident joint."""
    given = np.bincount(result.labels[result.labels != UNLABELLED], minlength=len(result.class_names))
    wrong = result.noise.confident_joint.copy()
    np.fill_diagonal(wrong, 0)
    return [
        {
            "label": _json_label(label),
            "n_given": int(given[code]),
            "n_estimated_errors": round(float(wrong[code].sum())),
            "most_often_confused_with": _json_label(result.class_names[int(wrong[code].argmax())])
            if wrong[code].max(initial=0) > 0
            else None,
        }
        for code, label in enumerate(result.class_names)
    ]


def _json_label(label: Label) -> object:
    return label if isinstance(label, str | int | float | bool) else str(label)


def _number(value: float) -> str:
    """Return the shortest text that reads back as the same number; empty for a row without a label."""
    return "" if math.isnan(value) else repr(value)


def _yes_or_no(value: bool) -> str:
    return "true" if value else "false"
