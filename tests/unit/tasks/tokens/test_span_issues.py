"""Which entities are labelled wrongly, and in what."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from labelclean.errors import ConfigError, InvalidInputError, LabelCleanWarning
from labelclean.tasks.tokens import Span, SpanIssue, SpanIssues, find_span_issues

NAMES = ["O", "B-X", "I-X", "B-Y", "I-Y"]


def find(given: str, likely: str, sure: float = 0.9, **options: Any) -> SpanIssues:
    """Find issues with probabilities that are equal for all tags but the likely ones; sentences parted by bars."""
    rest = (1 - sure) / (len(NAMES) - 1)
    probs = [
        np.full((len(tags), len(NAMES)), rest) + (sure - rest) * np.eye(len(NAMES))[[NAMES.index(tag) for tag in tags]]
        for tags in (sentence.split() for sentence in likely.split("|"))
    ]
    return find_span_issues([sentence.split() for sentence in given.split("|")], probs, class_names=NAMES, **options)


def x(start: int, end: int) -> Span:
    """Make a span of type X."""
    return Span(start=start, end=end, type="X")


def y(start: int, end: int) -> Span:
    """Make a span of type Y."""
    return Span(start=start, end=end, type="Y")


@pytest.mark.parametrize(
    ("given", "likely", "kind", "span", "suggested"),
    [
        ("O O O", "O B-X I-X", "missing_span", None, x(1, 3)),
        ("O B-X I-X", "O O O", "spurious_span", x(1, 3), None),
        ("O B-X I-X", "O B-Y I-Y", "wrong_type", x(1, 3), y(1, 3)),
        ("O B-X O", "O B-X I-X", "wrong_boundary", x(1, 2), x(1, 3)),
        ("O B-X I-X", "B-X I-X I-X", "wrong_boundary", x(1, 3), x(0, 3)),
        ("O B-X O", "O B-Y I-Y", "wrong_type_and_boundary", x(1, 2), y(1, 3)),
    ],
)
def test_each_kind_of_error_is_named(
    given: str, likely: str, kind: str, span: Span | None, suggested: Span | None
) -> None:
    """By hand; the score is the probability of a tag that differs, 0.1 over four classes."""
    issues = find(f"B-Y O | {given}", f"B-Y O | {likely}")

    assert issues.n_issues == 1
    issue = issues.issue(0)
    assert (issue.kind, issue.sentence, issue.given, issue.suggested) == (kind, 1, span, suggested)
    assert issue.score == pytest.approx(0.025)


@pytest.mark.parametrize(
    ("given", "likely", "expected"),
    [
        ("O I-X", "O B-X", [("invalid_sequence", x(1, 2), x(1, 2))]),
        ("I-X I-X O", "B-X I-X I-X", [("wrong_boundary", x(0, 2), x(0, 3)), ("invalid_sequence", x(0, 2), x(0, 3))]),
        ("O I-X", "O O", [("invalid_sequence", x(1, 2), None), ("spurious_span", x(1, 2), None)]),
        ("O I-X", "O B-Y", [("invalid_sequence", x(1, 2), y(1, 2)), ("wrong_type", x(1, 2), y(1, 2))]),
    ],
)
def test_broken_tags_are_an_issue_of_their_own_beside_what_else_is_wrong(
    given: str, likely: str, expected: list[tuple[str, Span, Span | None]]
) -> None:
    """They score 0, whatever the model says of the tags."""
    issues = find(given, likely)

    found = [issues.issue(position) for position in range(issues.n_issues)]
    assert sorted([(issue.kind, str(issue.given), str(issue.suggested)) for issue in found]) == sorted(
        [(kind, str(span), str(suggested)) for kind, span, suggested in expected]
    )
    assert [issue.score for issue in found] == [0.0] * len(expected)
    assert issues.span_scores.tolist() == [0.0]
    assert issues.sentence_scores.tolist() == [0.0]


def test_one_span_that_should_be_two_is_a_boundary_and_a_missing_span() -> None:
    """By hand: the longer part is paired, the other is missing; and the other way round."""
    apart = find("B-X I-X I-X", "B-X I-X B-X")
    joined = find("B-X I-X B-X", "B-X I-X I-X")

    assert [issue_of(apart, place) for place in range(2)] == [
        ("wrong_boundary", x(0, 3), x(0, 2)),
        ("missing_span", None, x(2, 3)),
    ]
    assert [issue_of(joined, place) for place in range(2)] == [
        ("wrong_boundary", x(0, 2), x(0, 3)),
        ("spurious_span", x(2, 3), None),
    ]


def issue_of(issues: SpanIssues, position: int) -> tuple[str, Span | None, Span | None]:
    """Return kind, given and suggested span of one issue."""
    issue = issues.issue(position)
    return issue.kind, issue.given, issue.suggested


def test_the_score_is_the_least_probability_of_a_tag_that_differs() -> None:
    """By hand: 0.2 at the token after the given span; 0.1 at its second token, where both agree, does not count."""
    probs: Any = [[[0.1, 0.9, 0, 0, 0], [0.1, 0.7, 0.2, 0, 0], [0.2, 0.1, 0.7, 0, 0], [1, 0, 0, 0, 0]]]
    labels = [["B-X", "B-X", "O", "O"]]

    issues = find_span_issues(labels, probs, class_names=NAMES)

    assert issues.issue(0) == SpanIssue(kind="wrong_boundary", sentence=0, given=x(1, 2), suggested=x(1, 3), score=0.2)
    assert issues.span_scores.tolist() == [0.9, 0.7]
    assert issues.sentence_scores.tolist() == [0.2]


def test_issues_are_ranked_by_score_then_by_place() -> None:
    """Of three sentences the last is worst, and the first two are equal."""
    probs: Any = [[[0.2, 0.8, 0, 0, 0]], [[0.2, 0, 0, 0.8, 0]], [[0.1, 0.9, 0, 0, 0]], np.empty((0, 5))]

    issues = find_span_issues([["O"], ["O"], ["O"], []], probs, class_names=NAMES)

    assert issues.sentence_index.tolist() == [2, 0, 1]
    assert issues.sentence_scores.tolist() == [0.2, 0.2, 0.1, 1.0]


def test_a_given_tag_wins_ties() -> None:
    """Where two tags are equally likely nothing speaks against the given one."""
    probs = [[[0.5, 0.5, 0, 0, 0], [0.5, 0, 0.5, 0, 0]]]

    assert find_span_issues([["B-X", "I-X"]], probs, class_names=NAMES).n_issues == 0
    assert find_span_issues([["O", "O"]], probs, class_names=NAMES).n_issues == 0


@pytest.mark.parametrize("given", ["O", "B-X"])
def test_a_given_tag_wins_ties_where_the_likeliest_tags_are_broken(given: str) -> None:
    """I-X is likeliest but cannot follow on O; of what can, O and B-X are equally likely."""
    probs: Any = [[[1, 0, 0, 0, 0], [0.2, 0.2, 0.6, 0, 0]]]

    assert find_span_issues([["O", given]], probs, class_names=NAMES).n_issues == 0


def test_in_the_longer_scheme_the_last_token_shows_the_boundary() -> None:
    """By hand: B E given where B I E is likely."""
    names = ["O", "B-X", "I-X", "E-X", "S-X"]
    probs = [np.eye(5)[[1, 2, 3]]]

    issues = find_span_issues([["B-X", "E-X", "O"]], probs, class_names=names, scheme="BIOES")

    assert issue_of(issues, 0) == ("wrong_boundary", x(0, 2), x(0, 3))


def test_with_a_filter_only_flagged_and_broken_spans_are_left() -> None:
    """The model disagrees with four sentences, and is confident in two; a third is broken."""
    generator = np.random.default_rng(1)
    given = "O B-X I-X O | " * 40 + "O O O O | I-X O O O | O B-X I-X O | O I-X O O"
    labels = [sentence.split() for sentence in given.split("|")]
    probs = []
    for tags in labels:
        sure = generator.uniform(0.5, 0.9, (len(tags), 1))
        probs.append(sure * np.eye(5)[[NAMES.index(tag) for tag in tags]] + (1 - sure) / 5)
    probs[-4][1:3] = np.eye(5)[[1, 2]]
    probs[-3][0] = np.eye(5)[0]
    probs[-1][1] = [0.3, 0.38, 0.12, 0.1, 0.1]
    probs[-2][1:3] = [[0.38, 0.36, 0.1, 0.1, 0.06], [0.5, 0.1, 0.4, 0, 0]]

    every = find_span_issues(labels, probs, class_names=NAMES)
    some = find_span_issues(labels, probs, class_names=NAMES, filter_by="confident_learning")

    assert sorted(every.sentence_index.tolist()) == [40, 41, 41, 42, 43]
    assert sorted(some.sentence_index.tolist()) == [40, 41, 41, 43]
    assert some.counts_by_kind()["missing_span"] == 1
    assert some.counts_by_kind()["spurious_span"] == 1
    assert some.counts_by_kind()["invalid_sequence"] == 2


def test_counts_say_how_often_each_kind_and_each_pair_of_types_is_wrong() -> None:
    """By hand: X for Y twice, X too short, Y too many, X missing, and a broken Y that is nothing else."""
    issues = find(
        "B-X | B-X | B-X O | B-Y | O | O I-Y",
        "B-Y | B-Y | B-X I-X | O | B-X | O B-Y",
    )

    assert issues.counts_by_kind() == {
        "invalid_sequence": 1,
        "missing_span": 1,
        "spurious_span": 1,
        "wrong_type": 2,
        "wrong_boundary": 1,
        "wrong_type_and_boundary": 0,
    }
    assert issues.given_spans.type_names == ("X", "Y")
    assert issues.type_confusions().tolist() == [[1, 2, 0], [0, 0, 1], [1, 0, 0]]


def test_the_table_holds_both_spans_and_their_words() -> None:
    """One line per issue; missing where there is no span."""
    issues = find("B-X O O | O", "B-X I-X O | B-Y", sure=0.8)

    frame = issues.to_frame([["New", "York", "rocks"], ["Ann"]])

    assert frame.fillna(-1).to_dict("list") == {
        "rank": [1, 2],
        "kind": ["wrong_boundary", "missing_span"],
        "sentence": [0, 1],
        "start": [0, -1],
        "end": [1, -1],
        "given_type": ["X", -1],
        "suggested_start": [0, 0],
        "suggested_end": [2, 1],
        "suggested_type": ["X", "Y"],
        "given_text": ["New", -1],
        "suggested_text": ["New York", "Ann"],
        "label_quality": pytest.approx([0.05, 0.05]),
    }
    assert issues.start.tolist() == [0, 0]
    assert issues.end.tolist() == [1, 1]
    assert "given_text" not in issues.to_frame().columns


def test_words_of_another_text_are_refused() -> None:
    """A span's words, or its sentence, are not there."""
    issues = find("O O", "B-X I-X")

    with pytest.raises(InvalidInputError, match="got 1 tokens for sentence 0, in which a span ends at token 2"):
        issues.to_frame([["New"]])
    with pytest.raises(InvalidInputError, match="got 0 tokens for sentence 0"):
        issues.to_frame([])


def test_tags_of_another_scheme_give_a_warning() -> None:
    """In IOB1 most spans begin with I-; a few such spans are errors, most of them are a misunderstanding."""
    with pytest.warns(LabelCleanWarning, match="20 of 39 labelled spans break the rules of the scheme BIO"):
        issues = find("O I-X | " * 20 + "B-X | " * 19, "O B-X | " * 20 + "B-X | " * 19)

    assert issues.counts_by_kind()["invalid_sequence"] == 20
    assert find("O I-X | " * 20 + "B-X | " * 20, "O B-X | " * 20 + "B-X | " * 20).n_issues == 20
    assert find("O I-X | " * 19, "O B-X | " * 19).n_issues == 19


def test_no_sentences_have_no_issues() -> None:
    """Empty in, empty out, with the same columns."""
    issues = find_span_issues([], [], class_names=NAMES)

    assert issues.n_issues == 0
    assert issues.sentence_scores.shape == (0,)
    assert len(issues.to_frame([])) == 0
    assert find_span_issues([[]], [[]], class_names=NAMES).sentence_scores.tolist() == [1.0]


def test_unknown_options_and_tags_are_refused() -> None:
    """Before anything is computed."""
    with pytest.raises(ConfigError, match="scheme"):
        find("O", "O", scheme="IOB")
    with pytest.raises(ConfigError, match="filter_by"):
        find("O", "O", filter_by="nothing")
    with pytest.raises(InvalidInputError, match="sentence 0, token 1"):
        find_span_issues([["O", "PER"]], [np.full((2, 5), 0.2)], class_names=NAMES)
