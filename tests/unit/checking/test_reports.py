"""The check as JSON, as SARIF and as JUnit XML."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import Any

import jsonschema
import junitparser
import pytest

from labelclean.arrays import Label
from labelclean.checking.auditing import Audited, Suspect
from labelclean.checking.check import CheckOptions, CheckResult
from labelclean.checking.json_report import check_json
from labelclean.checking.junit import check_junit
from labelclean.checking.limits import parse_limit
from labelclean.checking.places import FilePlaces
from labelclean.checking.rules import RULES, find_breaches
from labelclean.checking.sarif import check_sarif
from labelclean.checking.words import check_lines, errors_in_words, suspect_table
from labelclean.dataset import Dataset, text_hash
from labelclean.label_set import LabelSet
from tests.sarif_schema import published_schema

PRIVATE = "Where is my private parcel?"
PLACES = FilePlaces(name="data/my messages.csv", lines={0: 2, 1: 4})


def suspect(row: int, probability: float, given: Label = "parcel", suggested: Label = "refund") -> Suspect:
    """Make a suspect."""
    return Suspect(row=row, given=given, suggested=suggested, error_probability=probability)


def result_of(
    texts: list[str], labels: list[Label | None], suspects: tuple[Suspect, ...] = (), limit: str = "2%"
) -> CheckResult:
    """Return a result about a few rows; contradictions and empty texts must not be."""
    dataset = Dataset.from_labels(texts, labels)
    return CheckResult(
        options=CheckOptions(
            max_errors=parse_limit(limit), fail_on=frozenset({"contradictions", "empty-texts"}), is_strict=True
        ),
        n_rows=len(texts),
        n_labelled=len(texts) - dataset.n_unlabelled,
        n_classes=dataset.n_classes,
        audited=Audited(n_errors=2.4, interval=(1, 4), n_suspects=3, suspects=suspects, statement=""),
        breaches=find_breaches(dataset),
        hashes={row: text_hash(text) for row, text in enumerate(texts)},
        texts=dict(enumerate(texts)),
    )


@pytest.fixture
def result() -> CheckResult:
    """Two rows with one text and two labels, and three suspects."""
    return result_of(
        [PRIVATE, PRIVATE, "Money back!"],
        ["parcel", "refund", "refund"],
        (suspect(0, 0.95), suspect(2, 0.6, "refund", "parcel"), suspect(1, 0.3, "refund", "parcel")),
    )


def run_of(content: bytes) -> dict[str, Any]:
    """Return the one run of a SARIF log, after holding it against the published schema."""
    log: dict[str, Any] = json.loads(content)
    jsonschema.validate(log, published_schema())
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    return run  # type: ignore[no-any-return]


def test_sarif_has_a_result_for_each_suspect_and_each_row_that_breaks_a_rule(result: CheckResult) -> None:
    """Levels by error probability, and by whether the rule was demanded."""
    run = run_of(check_sarif(result, PLACES, with_texts=False))

    assert [(found["ruleId"], found["level"]) for found in run["results"]] == [
        ("label-errors", "error"),
        ("label-errors", "warning"),
        ("label-errors", "note"),
        ("contradictions", "error"),
        ("contradictions", "error"),
        ("duplicates", "note"),
        ("duplicates", "note"),
        *[("rare-classes", "note")] * 3,
    ]
    assert run["results"][0]["message"]["text"] == (
        "Row 0: the label “parcel” may be wrong, “refund” fits better (error probability 95 %)."
    )


def test_sarif_names_the_rules_and_each_result_points_to_its_own(result: CheckResult) -> None:
    """Their ids never change, so that a code host can follow a result."""
    run = run_of(check_sarif(result, PLACES, with_texts=False))

    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == ["label-errors", *RULES]
    assert all(rules[found["ruleIndex"]] == found["ruleId"] for found in run["results"])


def test_sarif_points_to_the_line_or_else_to_the_number_of_the_row(result: CheckResult) -> None:
    """The address is relative and has no space; row 2 has no known line."""
    run = run_of(check_sarif(result, PLACES, with_texts=False))

    places = [found["locations"][0]["physicalLocation"] for found in run["results"][:3]]
    assert [place["region"]["startLine"] for place in places] == [2, 3, 4]
    assert {place["artifactLocation"]["uri"] for place in places} == {"data/my%20messages.csv"}


def test_sarif_fingerprints_come_from_the_text_and_number_its_copies(result: CheckResult) -> None:
    """They stay when lines are added above."""
    moved = FilePlaces(name=PLACES.name, lines={0: 102, 1: 104})

    here, there = (run_of(check_sarif(result, places, with_texts=False)) for places in (PLACES, moved))

    fingerprints = [found["partialFingerprints"]["primaryLocationLineHash"] for found in here["results"]]
    assert fingerprints[3:5] == [f"{text_hash(PRIVATE)}:1", f"{text_hash(PRIVATE)}:2"]
    assert fingerprints == [found["partialFingerprints"]["primaryLocationLineHash"] for found in there["results"]]
    identities = [(found["ruleId"], mark) for found, mark in zip(here["results"], fingerprints, strict=True)]
    assert len(set(identities)) == len(identities)


@pytest.mark.parametrize("make", [check_sarif, check_junit, check_json])
def test_texts_are_quoted_on_request_only(make: Any, result: CheckResult) -> None:
    """They may be private."""
    without, with_them = (make(result, PLACES, with_texts=wanted).decode() for wanted in (False, True))

    assert "private" not in without
    assert PRIVATE in with_them


def test_junit_has_a_case_for_the_errors_and_for_each_demanded_rule(result: CheckResult) -> None:
    """As another program reads it."""
    xml = junitparser.JUnitXml.fromfile(io.BytesIO(check_junit(result, PLACES, with_texts=False)))

    (suite,) = xml
    assert (suite.tests, suite.failures, suite.errors) == (3, 2, 0)
    cases = {case.name: case for case in suite}
    assert list(cases) == ["label-errors", "contradictions", "empty-texts"]
    assert [bool(case.result and case.result[0].type) for case in cases.values()] == [True, True, False]
    assert cases["label-errors"].result[0].text.splitlines()[0] == (
        "row 0, line 2: parcel -> refund, error probability 95 %"
    )
    assert cases["contradictions"].result[0].text.splitlines() == ["row 0, line 2", "row 1, line 4"]


def test_json_says_what_was_demanded_and_what_was_found(result: CheckResult) -> None:
    """All numbers, and where the rows are."""
    values = json.loads(check_json(result, PLACES, with_texts=False))

    assert (values["passed"], values["failed"]) == (False, ["label-errors", "contradictions"])
    assert values["label_errors"] == {
        "estimate": 2.4,
        "interval": [1, 4],
        "n_suspects": 3,
        "limit": "2%",
        "allowed": 0.06,
        "compared": 2.4,
        "passed": False,
        "statement": "",
    }
    assert values["suspects"][0] == {
        "row": 0,
        "line": 2,
        "text_hash": text_hash(PRIVATE),
        "given_label": "parcel",
        "suggested_label": "refund",
        "error_probability": 0.95,
    }
    assert values["rules"][0]["rows"][1] == {"row": 1, "line": 4, "text_hash": text_hash(PRIVATE)}


@pytest.mark.parametrize("hostile", ['</failure>&<"', "a\x00b\x1b", "\ud800", "\ufffe", "%s{0}"])
def test_hostile_labels_and_texts_break_no_report(hostile: str) -> None:
    """Whatever a class or a text is called, all three can be read."""
    result = result_of([hostile, hostile, "x"], [hostile, "b", "b"], (suspect(0, 0.9, hostile, "b"),))

    run = run_of(check_sarif(result, PLACES, with_texts=True))
    values = json.loads(check_json(result, PLACES, with_texts=True))
    (suite,) = junitparser.JUnitXml.fromfile(io.BytesIO(check_junit(result, PLACES, with_texts=True)))

    assert len(run["results"]) == 8
    assert len(values["suspects"]) == 1
    assert suite.tests == 3


def test_label_sets_stand_in_all_reports() -> None:
    """As JSON lists, the empty one too."""
    found = suspect(0, 0.9, LabelSet(["late", "lost"]), LabelSet())
    result = result_of(["x", "y"], [LabelSet(["late", "lost"]), LabelSet()], (found,))

    run = run_of(check_sarif(result, PLACES, with_texts=False))
    values = json.loads(check_json(result, PLACES, with_texts=False))

    assert 'the label “["late", "lost"]” may be wrong, “[]” fits' in run["results"][0]["message"]["text"]
    assert (values["suspects"][0]["given_label"], values["suspects"][0]["suggested_label"]) == (["late", "lost"], [])


def test_the_report_for_people_marks_what_failed(result: CheckResult) -> None:
    """Rules that were not demanded and hold are left out."""
    assert check_lines(result, PLACES) == [
        "data/my messages.csv: 3 rows, 3 with a label, 2 classes",
        "FAIL  label-errors: About 2 (1 to 4) of 3 labels are wrong, 80.0 %; the estimate is above the limit of 2%.",
        "FAIL  contradictions: 2 rows have the text of another row with another label.",
        "info  duplicates: 2 rows share their text with another row; 1 different texts.",
        "ok    empty-texts: No row breaks this rule.",
        "info  rare-classes: 2 classes have fewer than 5 rows: “parcel”, “refund”.",
    ]
    assert suspect_table(result, PLACES)[1] == ("0", "2", "parcel", "refund", "95 %")


def test_nothing_suspect_needs_no_table() -> None:
    """And the sentence says what the estimate was held against."""
    plain = result_of(["x", "y"], ["a", "b"], limit="5")

    assert errors_in_words(plain).endswith("the estimate is within the limit of 5.")
    assert suspect_table(plain, PLACES) == []


def test_the_published_schema_is_a_real_judge(result: CheckResult) -> None:
    """It refuses a level that there is not."""
    schema = published_schema()
    log = json.loads(check_sarif(result, PLACES, with_texts=False))
    log["runs"][0]["results"][0]["level"] = "terrible"

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(log, schema)


def test_a_check_without_an_audit_says_so() -> None:
    """No estimate, no suspects, no test of them."""
    plain = replace(result_of(["x", "y"], ["a", "b"]), audited=None, options=CheckOptions(audits=False))

    assert errors_in_words(plain) == "The labels were not judged."
    assert not plain.has_too_many_errors
    assert suspect_table(plain, PLACES) == []
    assert [line[:4] for line in check_lines(plain, PLACES)[1:]] == ["info"]
    assert json.loads(check_json(plain, PLACES, with_texts=False))["label_errors"] is None
    assert [found["ruleId"] for found in run_of(check_sarif(plain, PLACES, with_texts=False))["results"]] == [
        "rare-classes"
    ] * 2
    assert b'tests="0" failures="0"' in check_junit(plain, PLACES, with_texts=False)


def test_what_is_said_of_the_labels_as_a_whole_is_in_the_report() -> None:
    """Such as that they look systematically produced; it stands below the estimate."""
    plain = result_of(["x", "y"], ["a", "b"], limit="5")
    assert plain.audited is not None
    told = replace(plain, audited=replace(plain.audited, statement="They look produced by a rule."))

    assert check_lines(told, PLACES)[2] == "      They look produced by a rule."
