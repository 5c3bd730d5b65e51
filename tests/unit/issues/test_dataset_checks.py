"""What is said about a dataset before it is audited."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from labelclean.arrays import Label
from labelclean.dataset import Dataset
from labelclean.issues.dataset_checks import DatasetWarning, check_dataset


def check(texts: Sequence[str], labels: Sequence[Label | None]) -> dict[str, DatasetWarning]:
    """Return the findings by code."""
    return {found.code: found for found in check_dataset(Dataset.from_labels(texts, labels))}


def distinct(n_rows: int) -> list[str]:
    """Make texts of which no two are the same."""
    return [f"text {row}" for row in range(n_rows)]


def test_nothing_is_said_about_sound_data() -> None:
    """Two classes of ten different texts."""
    assert check(distinct(20), ["a", "b"] * 10) == {}


@pytest.mark.parametrize(
    ("texts", "labels", "code", "message"),
    [
        ([], [], "no_rows", "no rows"),
        (distinct(3), [None, "", " "], "no_labels", "all 3 labels are empty"),
        (["", " ", "\n"], ["a", "b", "a"], "all_texts_empty", "all 3 texts are empty"),
        (distinct(2), ["a", None], "too_few_rows", "only 1 has one"),
        (distinct(6), ["a"] * 6, "one_class", "all 6 labels are the same"),
        (distinct(30), list(range(30)), "labels_all_distinct", "30 different labels in 30 rows"),
    ],
)
def test_what_makes_an_audit_impossible_is_an_error(
    texts: list[str], labels: list[Label | None], code: str, message: str
) -> None:
    """Each with its count and the next step, and only one of them at a time."""
    found = check(texts, labels)

    errors = [finding for finding in found.values() if finding.severity == "error"]
    assert [error.code for error in errors] == [code]
    assert message in errors[0].message
    assert errors[0].fix


def test_the_error_comes_first() -> None:
    """The screen shows findings in order."""
    codes = [found.code for found in check_dataset(Dataset.from_labels(["a", "a", ""], ["x", "x", "x"]))]

    assert codes[0] == "one_class"


def test_empty_texts_are_counted_and_listed() -> None:
    """White space is no text."""
    found = check([*distinct(18), "", " \t"], ["a", "b"] * 10)["empty_texts"]

    assert (found.n_rows, found.rows, found.severity) == (2, (18, 19), "warning")
    assert found.message.startswith("2 texts are empty")


def test_missing_labels_are_counted_and_listed() -> None:
    """In the singular, too."""
    found = check(distinct(21), [None, *(["a", "b"] * 10)])["missing_labels"]

    assert (found.n_rows, found.rows) == (1, (0,))
    assert found.message.startswith("1 row has no label")


def test_small_classes_are_named_up_to_five() -> None:
    """Seven classes of two rows and one of twenty: five names and the number of the others."""
    labels = ["big"] * 20 + [f"small {number}" for number in range(7)] * 2

    found = check(distinct(34), labels)["small_classes"]

    assert found.n_rows == 14
    expected = "7 classes have fewer than 5 rows: small 0, small 1, small 2, small 3, small 4 and 2 more."
    assert found.message == expected


def test_a_class_of_five_rows_is_not_small() -> None:
    """Four rows are."""
    five, four = check(distinct(10), ["a", "b"] * 5), check(distinct(8), ["a", "b"] * 4)

    assert "small_classes" not in five
    assert "small_classes" in four


def test_duplicates_and_contradictions_are_counted() -> None:
    """Two texts occur twice; one of them with different labels."""
    texts = [*distinct(20), "text 0 ", "text 1"]

    found = check(texts, ["a", "b"] * 10 + ["a", "a"])["exact_duplicates"]

    assert (found.n_rows, found.rows) == (4, (0, 1, 20, 21))
    assert "4 rows share their text with another row (2 different texts). 2 of them carry different labels" in (
        found.message
    )


def test_many_classes_are_a_warning_as_long_as_rows_share_some() -> None:
    """Sixteen classes in thirty rows is odd, not impossible; half is not odd."""
    many = check(distinct(30), [row % 16 for row in range(30)])
    half = check(distinct(30), [row % 15 for row in range(30)])

    assert many["many_classes"].severity == "warning"
    assert "16 different labels in 30 rows" in many["many_classes"].message
    assert "many_classes" not in half


def test_few_rows_may_each_have_a_label_of_their_own() -> None:
    """With two rows nothing can be said about the column."""
    assert all(found.severity == "warning" for found in check(distinct(2), ["a", "b"]).values())


def test_at_most_a_hundred_rows_are_listed() -> None:
    """The count is complete all the same."""
    found = check(["same"] * 300, ["a", "b"] * 150)["exact_duplicates"]

    assert (found.n_rows, found.rows) == (300, tuple(range(100)))


def test_no_message_repeats_a_text() -> None:
    """Texts may be private."""
    found = check(["secret words"] * 3 + ["other secret"], ["a", "b", None, "a"])

    assert found
    assert not any("secret" in finding.message + finding.fix for finding in found.values())


def test_a_text_column_taken_for_labels_is_not_told_back() -> None:
    """Where labels are the problem, small classes are not another one; and a long label is named by its beginning."""
    texts = [f"text {row}" for row in range(30)]

    as_labels = check_dataset(Dataset.from_labels(texts, [f"my private message {row}" for row in range(30)]))
    long_label = check_dataset(Dataset.from_labels(texts, ["a"] * 29 + ["one\nlong " + "label " * 99]))

    assert [finding.code for finding in as_labels] == ["labels_all_distinct"]
    assert [finding.message for finding in long_label] == [
        "1 class has fewer than 5 rows: one long label label label label label l….",
    ]
