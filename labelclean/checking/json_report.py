"""The check as JSON."""

from __future__ import annotations

import json

from labelclean import __version__
from labelclean.checking.auditing import Audited, Suspect
from labelclean.checking.check import CheckResult
from labelclean.checking.places import FilePlaces
from labelclean.export.label_words import label_json

__all__ = ["check_json"]


def check_json(result: CheckResult, places: FilePlaces, *, with_texts: bool) -> bytes:
    """
    Return what was found as plain values.

    Parameters
    ----------
    result : CheckResult
        What was found.
    places : FilePlaces
        Where the listed rows stand.
    with_texts : bool
        Whether the texts of the listed rows are in it.

    Returns
    -------
    bytes
        Indented UTF-8 JSON.
    """
    values = {
        "version": __version__,
        "file": places.name,
        "passed": result.is_passed,
        "failed": list(result.failed),
        "n_rows": result.n_rows,
        "n_labelled": result.n_labelled,
        "n_classes": result.n_classes,
        "label_errors": None if result.audited is None else _errors(result, result.audited),
        "rules": [
            {
                "rule": breach.rule,
                "demanded": breach.rule in result.options.fail_on,
                "n_rows": breach.n_rows,
                "message": breach.message,
                "rows": [_row(row, result, places, with_texts=with_texts) for row in result.listed_rows(breach)],
            }
            for breach in result.breaches
        ],
        "suspects": []
        if result.audited is None
        else [_suspect(suspect, result, places, with_texts=with_texts) for suspect in result.audited.suspects],
    }
    return (json.dumps(values, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode("utf-8", "replace")


def _errors(result: CheckResult, audited: Audited) -> dict[str, object]:
    limit = result.options.max_errors
    return {
        "estimate": round(audited.n_errors, 1),
        "interval": None if audited.interval is None else list(audited.interval),
        "n_suspects": audited.n_suspects,
        "limit": None if limit is None else str(limit),
        "allowed": None if limit is None else limit.allowed(result.n_labelled),
        "compared": round(result.compared_errors, 1),
        "passed": not result.has_too_many_errors,
        "statement": audited.statement,
    }


def _suspect(suspect: Suspect, result: CheckResult, places: FilePlaces, *, with_texts: bool) -> dict[str, object]:
    return {
        **_row(suspect.row, result, places, with_texts=with_texts),
        "given_label": label_json(suspect.given),
        "suggested_label": label_json(suspect.suggested),
        "error_probability": round(suspect.error_probability, 4),
    }


def _row(row: int, result: CheckResult, places: FilePlaces, *, with_texts: bool) -> dict[str, object]:
    text = {"text": result.texts[row]} if with_texts else {}
    return {"row": row, "line": places.lines.get(row), "text_hash": result.hashes[row], **text}
