"""What was learned from decisions: figures that are kept with a lesson, and the sentences that say them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from labelclean.arrays import Label
from labelclean.review.label_names import LabelNames
from labelclean.review.label_set_names import member_token

__all__ = ["Habit", "HabitKind", "LessonAccount", "account_words", "habit_words", "lesson_line"]

HabitKind: TypeAlias = Literal["meant", "kept", "add", "drop", "not_add", "not_drop"]
"""What a reviewer does again and again: see ``Habit``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Habit:
    """
    What a reviewer decided most of the time in rows that are alike.

    Attributes
    ----------
    kind : HabitKind
        ``meant``: ``label`` was given and ``other`` was chosen; ``kept``: ``label`` was given and kept. Of label sets:
        ``add`` and ``drop``: ``label`` was missing and was added, or was given and was taken away; ``not_add`` and
        ``not_drop``: that was suggested, and was not done.
    label, other : hashable
        The labels; the same one where there is but one.
    n_times, n_decided : int
        How often, of how many such rows.
    n_more : int
        Undecided rows like these that are suspects now; of what was not done, those that no longer are.
    """

    kind: HabitKind
    label: Label
    other: Label
    n_times: int
    n_decided: int
    n_more: int


@dataclass(frozen=True, kw_only=True, slots=True)
class LessonAccount:
    """
    What a lesson changed.

    Attributes
    ----------
    n_decisions : int
        Decisions that say whether a label was wrong.
    habits : tuple of Habit
        The clearest first.
    errors_before, errors_after : float
        Wrong labels expected among the undecided rows, by the audit and by what was learned.
    agreement_before, agreement_after : float or None
        Share of the decided rows in which what the ranking would say (the suggested label where the given one is
        likelier wrong than right, else the given one) is what was decided; None where there are too few.
    is_held_out : bool
        Whether the latter was learned without the row in question.
    """

    n_decisions: int
    habits: tuple[Habit, ...]
    errors_before: float
    errors_after: float
    agreement_before: float | None = None
    agreement_after: float | None = None
    is_held_out: bool = False


def habit_words(habit: Habit, names: LabelNames) -> str:
    """Return one habit as a sentence, with the labels as the user spells them."""
    label, other = f"“{_name(habit.label, names)}”", f"“{_name(habit.other, names)}”"
    times = f"{habit.n_times:,} of {habit.n_decided:,} times"
    more = f"{habit.n_more:,} more like these {'is' if habit.n_more == 1 else 'are'}"
    sentences: dict[HabitKind, str] = {
        "meant": f"Given {label}, you chose {other} {times}: {more} next.",
        "kept": f"Given {label}, you kept it {times}: {habit.n_more:,} rows like these are no longer suspects.",
        "add": f"Where {label} seemed to be missing, you added it {times}: {more} next.",
        "drop": f"Where {label} seemed to be wrong, you took it away {times}: {more} next.",
        "not_add": f"Where {label} seemed to be missing, you left it out {times}: it is suggested less often.",
        "not_drop": f"Where {label} seemed to be wrong, you left it there {times}: it is doubted less often.",
    }
    return sentences[habit.kind]


def account_words(account: LessonAccount, names: LabelNames) -> list[str]:
    """
    Return what was learned in sentences.

    Parameters
    ----------
    account : LessonAccount
        What a lesson changed.
    names : LabelNames
        How labels are shown.

    Returns
    -------
    list of str
        Habits first, then what became of the estimates.
    """
    words = [habit_words(habit, names) for habit in account.habits]
    words.append(
        f"Errors expected in the rows left: {account.errors_before:,.0f} before, {account.errors_after:,.0f} after."
    )
    if account.agreement_before is not None and account.agreement_after is not None:
        how = "on rows kept out of the learning" if account.is_held_out else "on the decisions it learned from"
        words.append(
            f"It agrees with your decisions in {100 * account.agreement_before:.0f} % of the rows before, "
            f"{100 * account.agreement_after:.0f} % after ({how})."
        )
    return words


def lesson_line(account: LessonAccount, names: LabelNames) -> tuple[str, str] | None:
    """Return the clearest thing learned and how that is known, or None where nothing stands out."""
    if not account.habits:
        return None
    how = f"Counted over the {account.n_decisions:,} decisions that the order of the queue last learned from."
    return habit_words(account.habits[0], names), how


def _name(label: Label, names: LabelNames) -> str:
    return names.token(label) if names.has(label) else member_token(label)
