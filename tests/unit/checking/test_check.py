"""The limit and the rules, held against a dataset."""

from __future__ import annotations

import pytest

from labelclean.checking import CheckOptions, CheckResult, ErrorLimit, check_labels, parse_limit
from labelclean.checking.auditing import Audited
from labelclean.dataset import Dataset, text_hash
from labelclean.errors import InvalidInputError
from labelclean.label_set import LabelSet

WORDS = ("late parcel", "lost parcel", "money back", "refund please")


def result_with(
    limit: str | None, *, interval: tuple[int, int] | None = (30, 50), is_strict: bool = False
) -> CheckResult:
    """Return a result with about 40 errors among 1,000 labels."""
    return CheckResult(
        options=CheckOptions(max_errors=None if limit is None else parse_limit(limit), is_strict=is_strict),
        n_rows=1000,
        n_labelled=1000,
        n_classes=2,
        audited=Audited(n_errors=40.0, interval=interval, n_suspects=40, suspects=()),
        breaches=(),
    )


@pytest.mark.parametrize(
    ("limit", "passes", "passes_strictly"),
    [("2.9%", False, False), ("3%", True, False), ("39", True, False), ("40", True, True), ("29", False, False)],
)
def test_the_lower_end_is_held_against_the_limit_and_strictly_the_estimate(
    limit: str, passes: bool, passes_strictly: bool
) -> None:
    """From 30 to 50, about 40 errors; as many as allowed is no failure."""
    assert result_with(limit).is_passed == passes
    assert result_with(limit, is_strict=True).is_passed == passes_strictly


def test_without_an_interval_the_estimate_counts() -> None:
    """As for label sets."""
    assert result_with("39", interval=None).failed == ("label-errors",)
    assert result_with("40", interval=None).failed == ()


def test_without_a_limit_any_number_passes() -> None:
    """The report says it all the same."""
    assert result_with(None).is_passed


def labelled(n_wrong: int) -> Dataset:
    """Return 80 texts of two classes, the first ones with the label of the other class."""
    texts = [f"{WORDS[row % 4]}, case {row}" for row in range(80)]
    labels = [("parcel", "refund")[(row % 4 > 1) != (row < n_wrong)] for row in range(80)]
    return Dataset.from_labels(texts, labels)


def test_wrong_labels_are_counted_and_listed() -> None:
    """Three planted errors; two are listed, with the label that fits."""
    dataset = labelled(3)

    result = check_labels(dataset, CheckOptions(max_errors=parse_limit("0"), is_strict=True, top=2))

    assert result.audited is not None
    assert result.audited.n_suspects == 3
    assert len(result.audited.suspects) == 2
    assert {suspect.row for suspect in result.audited.suspects} < {0, 1, 2}
    assert all(suspect.error_probability > 0.5 for suspect in result.audited.suspects)
    assert {(suspect.given, suspect.suggested) for suspect in result.audited.suspects} <= {
        ("refund", "parcel"),
        ("parcel", "refund"),
    }
    assert result.failed == ("label-errors",)


def test_label_sets_are_checked_as_well() -> None:
    """One set is another one's; classes are the labels in the sets."""
    texts = [f"{WORDS[row % 4]}, case {row}" for row in range(80)]
    sets = [LabelSet([("parcel", "refund")[row % 4 > 1], *(["lost"] if row % 4 == 1 else [])]) for row in range(80)]
    sets[1] = LabelSet(["refund"])

    result = check_labels(Dataset.from_labels(texts, sets), CheckOptions())

    assert result.n_classes == 3
    assert result.audited is not None
    first = result.audited.suspects[0]
    assert (first.row, first.given, first.suggested) == (1, LabelSet(["refund"]), LabelSet(["lost", "parcel"]))
    assert result.audited.interval is None


def test_only_the_rules_that_were_demanded_fail() -> None:
    """There are copies and a row without a label; the hashes are those of the listed rows."""
    dataset = Dataset.from_labels(["x", "x", "y", "z"], ["a", "b", "a", None])
    options = CheckOptions(audits=False, fail_on=frozenset({"contradictions", "empty-texts"}), top=1)

    result = check_labels(dataset, options)

    assert result.failed == ("contradictions",)
    assert result.audited is None
    assert {breach.rule: breach.n_rows for breach in result.breaches if breach.n_rows} == {
        "contradictions": 2,
        "duplicates": 2,
        "unlabelled": 1,
        "rare-classes": 3,
    }
    assert result.hashes == {0: text_hash("x"), 3: text_hash("z")}
    assert result.texts == {0: "x", 3: "z"}


def test_a_limit_needs_an_audit() -> None:
    """Otherwise it would always hold."""
    with pytest.raises(InvalidInputError, match="audit was left out"):
        CheckOptions(max_errors=ErrorLimit(value=1, is_percent=False), audits=False)


def test_fewer_than_no_rows_cannot_be_listed() -> None:
    """Zero can."""
    assert CheckOptions(top=0).top == 0
    with pytest.raises(InvalidInputError, match="--top must be 0 or more"):
        CheckOptions(top=-1)


def test_what_cannot_be_audited_is_refused() -> None:
    """One class says nothing about errors."""
    dataset = Dataset.from_labels(["x", "y"], ["a", "a"])

    with pytest.raises(InvalidInputError, match="at least two classes"):
        check_labels(dataset, CheckOptions())

    assert check_labels(dataset, CheckOptions(audits=False)).is_passed
