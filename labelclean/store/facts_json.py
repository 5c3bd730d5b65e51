"""What a run says of single labels and of annotators, as JSON text."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from labelclean.errors import StoreError
from labelclean.store.label_json import label_from_json, label_to_json
from labelclean.store.run_records import AnnotatorFacts, LabelNoise

__all__ = ["annotators_from_json", "annotators_to_json", "label_noise_from_json", "label_noise_to_json"]


def label_noise_to_json(noise: tuple[LabelNoise, ...]) -> str | None:
    """Return what was found of each label; None where there is nothing."""
    if not noise:
        return None
    return json.dumps([{**asdict(each), "label": label_to_json(each.label)} for each in noise])


def label_noise_from_json(text: str | None) -> tuple[LabelNoise, ...]:
    """Return what ``label_noise_to_json`` spelled; raises StoreError on anything else."""
    try:
        return tuple(LabelNoise(**{**each, "label": label_from_json(each["label"])}) for each in _listed(text))
    except (KeyError, TypeError, ValueError) as error:
        raise _damaged() from error


def annotators_to_json(annotators: tuple[AnnotatorFacts, ...]) -> str | None:
    """Return what was found of each annotator; None where there is nothing."""
    if not annotators:
        return None
    return json.dumps(
        [
            {**asdict(each), "weakest": None if each.weakest is None else label_to_json(each.weakest)}
            for each in annotators
        ]
    )


def annotators_from_json(text: str | None) -> tuple[AnnotatorFacts, ...]:
    """Return what ``annotators_to_json`` spelled; raises StoreError on anything else."""
    try:
        return tuple(
            AnnotatorFacts(**{**each, "weakest": None if each["weakest"] is None else label_from_json(each["weakest"])})
            for each in _listed(text)
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _damaged() from error


def _listed(text: str | None) -> list[dict[str, Any]]:
    found = [] if text is None else json.loads(text)
    if not isinstance(found, list):
        raise _damaged()
    return found


def _damaged() -> StoreError:
    return StoreError(
        "What is stored about labels or annotators must be whole; it is damaged.", fix="Run the audit again."
    )
