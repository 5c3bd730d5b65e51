"""What was learned, in sentences with the user's own labels."""

from __future__ import annotations

from dataclasses import replace

import pytest

from labelclean.errors import StoreError
from labelclean.label_set import LabelSet
from labelclean.review.label_names import LabelNames
from labelclean.review.lesson_words import Habit, HabitKind, LessonAccount, account_words, habit_words, lesson_line
from labelclean.store.lesson_json import account_from_json, account_to_json

NAMES = LabelNames.of(["refund", "chargeback", 1, "1"])
HABIT = Habit(kind="meant", label="refund", other="chargeback", n_times=9, n_decided=11, n_more=43)
ACCOUNT = LessonAccount(
    n_decisions=50,
    habits=(HABIT,),
    errors_before=120.4,
    errors_after=95.6,
    agreement_before=0.61,
    agreement_after=0.74,
    is_held_out=True,
)


def test_a_habit_is_said_with_its_count_and_what_it_leads_to() -> None:
    """The sentence of the issue."""
    assert habit_words(HABIT, NAMES) == (
        "Given “refund”, you chose “chargeback” 9 of 11 times: 43 more like these are next."
    )
    assert habit_words(replace(HABIT, n_more=1), NAMES).endswith("1 more like these is next.")


def test_labels_that_look_alike_are_told_apart() -> None:
    """The text "1" stands in quotes beside the number 1."""
    words = habit_words(replace(HABIT, label=1, other="1"), NAMES)

    assert words.startswith('Given “1”, you chose “"1"”')


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("kept", "Given “refund”, you kept it 9 of 11 times: 43 rows like these are no longer suspects."),
        ("add", "Where “refund” seemed to be missing, you added it 9 of 11 times: 43 more like these are next."),
        ("not_drop", "Where “refund” seemed to be wrong, you left it there 9 of 11 times: it is doubted less often."),
    ],
)
def test_each_kind_of_habit_has_its_sentence(kind: HabitKind, said: str) -> None:
    """Also those about single labels of sets."""
    assert habit_words(replace(HABIT, kind=kind), NAMES) == said


def test_figures_come_before_and_after() -> None:
    """And say whether the rows were kept out of the learning."""
    words = account_words(ACCOUNT, NAMES)

    assert words[1] == "Errors expected in the rows left: 120 before, 96 after."
    assert words[2] == (
        "It agrees with your decisions in 61 % of the rows before, 74 % after (on rows kept out of the learning)."
    )
    learned_from = account_words(replace(ACCOUNT, is_held_out=False), NAMES)
    assert "(on the decisions it learned from)" in learned_from[2]


def test_nothing_stands_out_where_there_is_no_habit() -> None:
    """Then the card stays silent."""
    assert lesson_line(replace(ACCOUNT, habits=()), NAMES) is None
    line = lesson_line(ACCOUNT, NAMES)
    assert line is not None
    assert "50 decisions" in line[1]


def test_what_was_learned_comes_back_from_the_store_as_it_went_in() -> None:
    """Numbers, text and sets stay what they are."""
    account = replace(ACCOUNT, habits=(HABIT, replace(HABIT, label=1, other=LabelSet(["a", 2]))))

    assert account_from_json(account_to_json(account)) == account
    assert account_from_json(account_to_json(None)) is None


@pytest.mark.parametrize("damaged", ["{}", "[", '{"habits": [{"kind": "guessed"}]}'])
def test_a_damaged_account_is_refused(damaged: str) -> None:
    """It is never half read."""
    with pytest.raises(StoreError, match="it is damaged"):
        account_from_json(damaged)
