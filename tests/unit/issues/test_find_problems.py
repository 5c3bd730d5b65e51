"""Tests of the search for all problems, and of what a problem tells."""

from __future__ import annotations

import numpy as np
import pytest

from labelclean.dataset import Dataset
from labelclean.errors import RunCancelledError
from labelclean.issues import find_problems as room
from labelclean.issues.find_problems import LikelyClasses, find_problems
from labelclean.issues.problem import PROBLEM_KINDS, problem_of
from labelclean.issues.problem_words import PROBLEM_WORDS
from labelclean.label_set import LabelSet

TEXTS = ["Where is it?", "where is it?", "cafÃ© closed", "", "send the money back to me please"]


def test_each_kind_is_told_in_words() -> None:
    """Name, meaning and advice are sentences of their own."""
    for kind in PROBLEM_KINDS:
        words = PROBLEM_WORDS[kind]
        assert words.title[0].isupper()
        assert words.explanation.endswith(".")
        assert words.advice.endswith(".")


def test_the_worst_kind_comes_first() -> None:
    """Whatever order the checks run in; what cannot be looked for says why."""
    report = find_problems(Dataset.from_labels(TEXTS, ["a", "b", "b", "a", "a"]))

    assert [problem.kind for problem in report.problems] == ["near_duplicates", "encoding_damage", "low_information"]
    assert report.left_out == (
        ("split_overlap", "No column says which split a row belongs to."),
        ("ambiguous", "It needs the probabilities of a model."),
    )
    assert set(report.checked) == set(PROBLEM_KINDS) - {"split_overlap", "ambiguous"}
    assert report.get("outliers") is None


def test_splits_and_probabilities_are_used_where_they_are_given() -> None:
    """Both checks run then."""
    likely = LikelyClasses(
        labels=np.tile(np.arange(2), (5, 1)), probs=np.array([[0.5, 0.5]] * 5), class_names=("a", "b")
    )

    report = find_problems(
        Dataset.from_labels(TEXTS, ["a", "b", "b", "a", "a"]),
        likely=likely,
        columns={"split": ["train", "test", "test", "train", "train"]},
    )

    assert report.left_out == ()
    overlap, ambiguous = report.get("split_overlap"), report.get("ambiguous")
    assert overlap is not None
    assert overlap.rows.tolist() == [0, 1]
    assert ambiguous is not None
    assert ambiguous.n_rows == 5


def test_label_sets_are_looked_at_label_by_label() -> None:
    """A label of 2 rows among labels of 60 is rare, in whatever sets it stands; no text is ambiguous."""
    sets = [LabelSet(["x"]), LabelSet(["x", "y"])] * 30 + [LabelSet(["x", "z"]), LabelSet(["z"])]
    texts = [f"text about thing {row}" for row in range(62)]

    report = find_problems(Dataset.from_labels(texts, sets))

    rare = report.get("class_imbalance")
    assert rare is not None
    assert sorted(rare.rows.tolist()) == [60, 61]
    assert dict(report.left_out)["ambiguous"] == "Texts may have several labels here, so none of them has to win."


def test_a_check_that_fails_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The others go on, and the reader learns of it."""

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(room, "encoding_damage", fail)

    report = find_problems(Dataset.from_labels(TEXTS, ["a", "b", "b", "a", "a"]))

    assert report.get("near_duplicates") is not None
    assert dict(report.left_out)["encoding_damage"] == "The check stopped by an error (ZeroDivisionError)."
    assert "encoding_damage" not in report.checked


def test_the_search_can_be_cancelled() -> None:
    """Cancelling is no failure of a check."""

    def cancel(step: str, fraction: float) -> None:
        raise RunCancelledError(f"{step} {fraction}", fix="")

    with pytest.raises(RunCancelledError):
        find_problems(Dataset.from_labels(TEXTS, ["a", "b", "b", "a", "a"]), progress=cancel)


def test_the_fraction_done_never_falls() -> None:
    """From the first check to the last."""
    seen: list[float] = []

    find_problems(
        Dataset.from_labels([f"request number {row} of many" for row in range(80)], ["a", "b"] * 40),
        progress=lambda _, fraction: seen.append(fraction),
    )

    assert seen == sorted(seen)
    assert 0.85 < seen[-1] <= 1.0


def test_a_dataset_without_labels_or_rows_has_no_problem() -> None:
    """Nothing fails where there is nothing."""
    assert find_problems(Dataset.from_labels([], [])).problems == ()
    assert find_problems(Dataset.from_labels(["one text"], [None])).problems == ()


def test_a_problem_knows_the_reason_and_the_mark_of_each_row() -> None:
    """Rows with the same reason share it."""
    found = problem_of("label_leaks", [5, 2, 9], [0.2, 0.1, 0.2], ["why", "else", "why"], marks=["x", "", "x"])

    assert found is not None
    assert found.rows.tolist() == [2, 5, 9]
    assert found.reasons == ("else", "why")
    assert (found.reason_of(9), found.mark_of(9), found.reason_of(1), found.mark_of(1)) == ("why", "x", "", "")
    assert found.group_of(9).tolist() == []
    assert found.n_groups == 0
    assert found.n_spare == 3
    with pytest.raises(ValueError, match="read-only"):
        found.rows[0] = 1
