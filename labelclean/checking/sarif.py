"""The check as SARIF 2.1.0, which code hosts show beside the lines of the file."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Literal

from labelclean import __version__
from labelclean.checking.check import CheckResult
from labelclean.checking.places import FilePlaces
from labelclean.checking.rules import RULES, shown_name

__all__ = ["LABEL_ERRORS", "check_sarif"]

LABEL_ERRORS = "label-errors"
"""The rule that suspects belong to."""

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
_SURE, _LIKELY = 0.9, 0.5
_TEXT_CHARACTERS = 200
_DESCRIPTIONS: dict[str, str] = {
    LABEL_ERRORS: "The label of each row should be the one that fits its text.",
    **{str(rule): says for rule, says in RULES.items()},
}

Level = Literal["error", "warning", "note"]


def check_sarif(result: CheckResult, places: FilePlaces, *, with_texts: bool) -> bytes:
    """
    Return what was found as SARIF.

    Suspects are errors from an error probability of 0.9 on, warnings from 0.5 on, else notes; rows that break a rule
    are errors where the rule was demanded, else notes.

    Parameters
    ----------
    result : CheckResult
        What was found.
    places : FilePlaces
        Where the listed rows stand; a row without a known line is given its number, from 1.
    with_texts : bool
        Whether messages quote the texts.

    Returns
    -------
    bytes
        UTF-8 JSON.
    """
    driver = {
        "name": "labelclean",
        "semanticVersion": __version__,
        "rules": [
            {
                "id": rule,
                "name": "".join(part.capitalize() for part in rule.split("-")),
                "shortDescription": {"text": description},
                "defaultConfiguration": {"level": "warning" if rule == LABEL_ERRORS else "note"},
            }
            for rule, description in _DESCRIPTIONS.items()
        ],
    }
    run = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": True}],
        "artifacts": [{"location": _location(places)}],
        "columnKind": "unicodeCodePoints",
        "results": list(_results(result, places, with_texts=with_texts)),
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return (json.dumps(log, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode("utf-8", "replace")


def _results(result: CheckResult, places: FilePlaces, *, with_texts: bool) -> Iterator[dict[str, object]]:
    seen: Counter[tuple[str, str]] = Counter()
    for rule, row, level, message in _findings(result):
        text_hash = result.hashes[row]
        seen[rule, text_hash] += 1
        quoted = f" Text: {_shortened(result.texts[row])}" if with_texts else ""
        yield {
            "ruleId": rule,
            "ruleIndex": list(_DESCRIPTIONS).index(rule),
            "level": level,
            "message": {"text": message + quoted},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {**_location(places), "index": 0},
                        "region": {"startLine": places.lines.get(row, row + 1)},
                    },
                    "logicalLocations": [{"name": f"row {row}", "kind": "element"}],
                }
            ],
            # The same row keeps its fingerprint when lines move; copies of a text are numbered.
            "partialFingerprints": {"primaryLocationLineHash": f"{text_hash}:{seen[rule, text_hash]}"},
        }


def _findings(result: CheckResult) -> Iterator[tuple[str, int, Level, str]]:
    for suspect in result.audited.suspects if result.audited else ():
        given, suggested = shown_name(suspect.given), shown_name(suspect.suggested)
        probability = suspect.error_probability
        level: Level = "error" if probability >= _SURE else "warning" if probability >= _LIKELY else "note"
        yield (
            LABEL_ERRORS,
            suspect.row,
            level,
            (
                f"Row {suspect.row:,}: the label “{given}” may be wrong, “{suggested}” fits better "
                f"(error probability {100 * probability:.0f} %)."
            ),
        )
    for breach in result.breaches:
        for row in result.listed_rows(breach):
            kind: Level = "error" if breach.rule in result.options.fail_on else "note"
            yield breach.rule, row, kind, f"Row {row:,}: {_ROW_MESSAGES[breach.rule]}"


_ROW_MESSAGES = {
    "contradictions": "another row has the same text and another label.",
    "duplicates": "another row has the same text.",
    "empty-texts": "the text is empty.",
    "unlabelled": "there is no label.",
    "similar-names": "the name of its class looks like that of a more frequent one.",
    "rare-classes": "its class has very few rows.",
}


def _location(places: FilePlaces) -> dict[str, object]:
    return {"uri": places.uri, "uriBaseId": "%SRCROOT%"}


def _shortened(text: str) -> str:
    plain = " ".join(text.split())
    return f"{plain[:_TEXT_CHARACTERS]}…" if len(plain) > _TEXT_CHARACTERS else plain
