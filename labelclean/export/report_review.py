"""The part of the report about the review: who decided what and how, and whether the score was honest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from labelclean.arrays import Label
from labelclean.dataset import label_key
from labelclean.export.certificate import Certificate
from labelclean.export.report_figures import ClassMap, honesty_figure
from labelclean.export.report_pieces import given_label, new_label, number, paragraph, section, time_text, user_text
from labelclean.export.safe_html import as_text, table
from labelclean.review.decisions import Verdict
from labelclean.review.statistics import ClassStatistics, ReviewStatistics
from labelclean.review.statistics_words import (
    accuracy_sentence,
    agreement_words,
    error_figures_sentence,
    honesty_sentence,
    share_words,
    sources_sentence,
)

__all__ = ["ReportClass", "ReviewFacts", "review_sections"]

_MOST_CLASSES = 200
_MOST_BULKS = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportClass:
    """
    One class of the file.

    Attributes
    ----------
    label : hashable
        The class.
    n_given : int
        Rows that have it.
    n_errors : int
        Estimated number of them whose label is wrong.
    """

    label: Label
    n_given: int
    n_errors: int


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class ReviewFacts:
    """
    What the report says about the review, beside the changes.

    Attributes
    ----------
    statistics : ReviewStatistics
        Of the decisions in force.
    certificate : Certificate
        Of the file.
    classes : tuple of ReportClass
        All classes, or all labels of label sets.
    class_map : ClassMap or None
        Which class is mistaken for which; None for label sets.
    """

    statistics: ReviewStatistics
    certificate: Certificate
    classes: tuple[ReportClass, ...] = ()
    class_map: ClassMap | None = None


def review_sections(facts: ReviewFacts) -> str:
    """Return the classes, the honesty of the score, the reviewers and the bulk decisions, as HTML."""
    found = facts.statistics
    parts = [_labels(facts.classes, found) if found.labels else _classes(facts.classes, found.classes)]
    if found.n_decided:
        parts += [_honesty(found), _reviewers(found), _bulks(found)]
    return "".join(parts)


def _classes(classes: Sequence[ReportClass], decided: Sequence[ClassStatistics]) -> str:
    if not classes:
        return ""
    by_label = {label_key(line.label): line for line in decided if line.label is not None}
    rows = [_class_row(line, by_label.get(label_key(line.label))) for line in classes[:_MOST_CLASSES]]
    left_out = len(classes) - _MOST_CLASSES
    note = paragraph(f"And {number(left_out)} more classes.", "note") if left_out > 0 else ""
    head = ["Class", "Rows given", "Errors (estimated)", "Decided", "Kept", "Corrected", "Most often to"]
    return section("Class by class", table(head, rows, numbers={1, 2, 3, 4, 5}), note)


def _labels(classes: Sequence[ReportClass], found: ReviewStatistics) -> str:
    """Return the labels of label sets: what became of each."""
    of_file = {label_key(line.label): line for line in classes}
    rows = []
    for line in found.labels[:_MOST_CLASSES]:
        known = of_file.get(label_key(line.label))
        estimated = ("–", "–") if known is None else (number(known.n_given), number(known.n_errors))
        rows.append([given_label(line.label), *estimated, *map(number, (line.n_decided, line.n_removed, line.n_added))])
    head = ["Label", "Rows with it", "Wrongly given (estimated)", "Decided", "Removed", "Added"]
    return section("Label by label", table(head, rows, numbers={1, 2, 3, 4, 5}))


def _class_row(line: ReportClass, decided: ClassStatistics | None) -> list[str]:
    counts = (0, 0, 0) if decided is None else (decided.n_decided, decided.n_kept, decided.n_corrected)
    has_target = decided is not None and decided.corrected_to is not None
    target = f"{new_label(decided.corrected_to)} {number(decided.n_corrected_to)}" if has_target and decided else ""
    return [given_label(line.label), number(line.n_given), number(line.n_errors), *map(number, counts), target]


def _honesty(found: ReviewStatistics) -> str:
    honesty, words = found.honesty, honesty_sentence(found.honesty)
    parts = [paragraph(words)]
    if honesty.bands:
        rows = [
            [
                f"{100 * band.low:.0f}–{100 * band.high:.0f} %",
                number(band.wrong.n),
                f"{100 * band.predicted:.0f} %",
                share_words(band.wrong),
                share_words(band.taken),
            ]
            for band in honesty.bands
        ]
        head = ["Score", "Decided", "Says wrong", "Really wrong", "Suggestion taken"]
        parts += [
            honesty_figure(honesty.bands, words),
            paragraph("On the dotted line the score is honest. Lines through the points are 95 % intervals.", "note"),
            table(head, rows, numbers={1, 2, 3, 4}),
            paragraph(error_figures_sentence(honesty), "note"),
        ]
    return section("Is the score honest?", *parts)


def _reviewers(found: ReviewStatistics) -> str:
    rows = [
        [
            user_text(who.name),
            number(who.n_looked_at),
            "–" if who.per_minute is None else f"{who.per_minute:.1f}",
            *(number(who.verdicts[verdict]) for verdict in (Verdict.ACCEPT, Verdict.KEEP, Verdict.RELABEL)),
            number(sum(who.verdicts[verdict] for verdict in (Verdict.AMBIGUOUS, Verdict.UNSURE, Verdict.EXCLUDE))),
            number(who.n_group),
            number(who.n_bulk),
        ]
        for who in found.reviewers
    ]
    head = [
        "Reviewer",
        "Looked at",
        "A minute",
        "Accepted",
        "Kept",
        "Another",
        "Open or excluded",
        "In groups",
        "In bulk",
    ]
    sentences = [sources_sentence(found), *map(agreement_words, found.agreements[:20])]
    if found.accuracy is not None:
        sentences += [accuracy_sentence(found.accuracy), found.accuracy.how]
    return section(
        "Reviewers", *(paragraph(sentence) for sentence in sentences), table(head, rows, numbers=set(range(1, 9)))
    )


def _bulks(found: ReviewStatistics) -> str:
    if not found.bulks:
        return ""
    rows = [
        [
            user_text(bulk.first.reviewer),
            time_text(bulk.first.decided_at),
            number(bulk.n_rows),
            "no sample"
            if bulk.precision is None
            else as_text(f"{bulk.precision.n_hits} of {bulk.precision.n} right: {share_words(bulk.precision)}"),
            user_text(bulk.what),
            "undone" if bulk.is_undone else "in force",
        ]
        for bulk in found.bulks[:_MOST_BULKS]
    ]
    left_out = len(found.bulks) - _MOST_BULKS
    note = paragraph(f"And {number(left_out)} older ones.", "note") if left_out > 0 else ""
    return section(
        "Decided in bulk",
        paragraph("These rows were not looked at one by one; a random sample of them was, before."),
        table(["Reviewer", "When", "Rows", "Sample", "What", "State"], rows, numbers={2}),
        note,
    )
