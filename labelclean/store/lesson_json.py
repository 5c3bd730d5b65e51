"""What a lesson changed, as JSON text."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import get_args

from labelclean.errors import StoreError
from labelclean.review.lesson_words import Habit, HabitKind, LessonAccount
from labelclean.store.label_json import label_from_json, label_to_json

__all__ = ["account_from_json", "account_to_json"]


def account_to_json(account: LessonAccount | None) -> str | None:
    """Return what was learned as text; None where nothing was kept."""
    if account is None:
        return None
    habits = [
        {**asdict(habit), "label": label_to_json(habit.label), "other": label_to_json(habit.other)}
        for habit in account.habits
    ]
    plain = {name: value for name, value in asdict(account).items() if name != "habits"}
    return json.dumps({**plain, "habits": habits})


def account_from_json(text: str | None) -> LessonAccount | None:
    """Return what ``account_to_json`` spelled; raises StoreError on anything else."""
    if text is None:
        return None
    try:
        read = json.loads(text)
        habits = tuple(
            Habit(**{**habit, "label": label_from_json(habit["label"]), "other": label_from_json(habit["other"])})
            for habit in read["habits"]
        )
        account = LessonAccount(**{**read, "habits": habits})
    except (KeyError, TypeError, ValueError) as error:
        raise _damaged() from error
    if any(habit.kind not in get_args(HabitKind) for habit in habits):
        raise _damaged()
    return account


def _damaged() -> StoreError:
    return StoreError("What was learned from decisions must be whole; it is damaged.", fix="Learn from them again.")
