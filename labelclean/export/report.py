"""The report: one page of HTML that stands alone, for reading, printing and passing on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from labelclean.export.certificate import certificate_section
from labelclean.export.label_words import label_text
from labelclean.export.planned import CellChange
from labelclean.export.report_figures import heat_map_section
from labelclean.export.report_pieces import given_label, more, new_label, number, time_text, user_text
from labelclean.export.report_review import ReviewFacts, review_sections
from labelclean.export.report_style import STYLE
from labelclean.export.safe_html import as_text, element, page_without_surrogates, table
from labelclean.review.decisions import Verdict

__all__ = ["ReportFacts", "html_report"]

_MOST_CHANGES = 500
_MOST_PAIRS = 100
_VERDICT_WORDS = {
    Verdict.KEEP: "Keep: the given label is right",
    Verdict.ACCEPT: "Accept: the suggested label is right",
    Verdict.RELABEL: "Another class is right",
    Verdict.AMBIGUOUS: "Ambiguous: several labels fit",
    Verdict.UNSURE: "Unsure: wants a second opinion",
    Verdict.EXCLUDE: "Exclude: the row does not belong in the data",
}
_TRAINED_HERE = "Each row was classified by a model that was trained on the other rows only, and the classes it was "
_TRAINED_ELSEWHERE = (
    "The probabilities of each row's classes came from a model of the user's own ({}), and those it was "
)
_METHOD = (
    "confident of were counted against the given labels (confident learning; Northcutt, Jiang & Chuang 2021). "
    "The number of errors and the label accuracy are estimates from those counts; every change in the list was decided "
    "by a person."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportFacts:
    """
    What the report says besides the decisions.

    Attributes
    ----------
    project_name, file_name : str
        As the user called them.
    made_at : datetime
        When the report was made; shown with its own zone.
    n_rows, n_unlabelled, n_classes : int
        Of the file.
    n_label_errors : int or None
        Estimated wrong labels in the whole file; None before the first run.
    label_accuracy : float or None
        Estimated share of right labels, 0 to 1.
    pred_probs_name : str or None
        File of the user's own probabilities; None where labelclean's own models judged the rows.
    """

    project_name: str
    file_name: str
    made_at: datetime
    n_rows: int
    n_unlabelled: int
    n_classes: int
    n_label_errors: int | None = None
    label_accuracy: float | None = None
    pred_probs_name: str | None = None


def html_report(facts: ReportFacts, changes: Sequence[CellChange], *, review: ReviewFacts | None = None) -> str:
    """
    Return the report as one HTML page, with nothing to load from elsewhere.

    Parameters
    ----------
    facts : ReportFacts
        The file and its estimated noise.
    changes : sequence of CellChange
        The decisions in force in row order, as ``planned_changes`` gives them.
    review : ReviewFacts, optional
        Statistics, heat map and certificate; without it the report has the figures and the changes alone.

    Returns
    -------
    str
        HTML; everything the user wrote stands in it as text. It can be encoded as UTF-8.
    """
    corrections = [change for change in changes if change.is_correction]
    title = f"Label report: {facts.project_name}"
    body = "".join(
        [
            element(
                "header",
                element("p", as_text("labelclean report"), "kind") + element("h1", as_text(facts.project_name), "user"),
            ),
            element(
                "p",
                f"{user_text(facts.file_name)} · {number(facts.n_rows)} rows · made {time_text(facts.made_at)}",
                "lead",
            ),
            element("section", _figures(facts, corrections), "figures"),
            _verdicts(changes),
            "" if review is None else review_sections(review),
            "" if review is None or review.class_map is None else heat_map_section(review.class_map),
            _pairs(corrections),
            _list(corrections),
            "" if review is None else certificate_section(review.certificate, changes),
            element("section", element("h2", "How this was computed") + element("p", as_text(_method(facts)))),
        ]
    )
    return page_without_surrogates(
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{as_text(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>{body}</main>\n</body>\n</html>\n"
    )


def _method(facts: ReportFacts) -> str:
    own = facts.pred_probs_name
    return (_TRAINED_HERE if own is None else _TRAINED_ELSEWHERE.format(own)) + _METHOD


def _figures(facts: ReportFacts, corrections: list[CellChange]) -> str:
    labelled = facts.n_rows - facts.n_unlabelled
    figures = [(number(facts.n_rows), "rows"), (number(facts.n_classes), "classes")]
    if facts.n_unlabelled:
        figures.append((number(facts.n_unlabelled), "rows without a label"))
    if facts.n_label_errors is not None:
        figures.append((number(facts.n_label_errors), f"label errors among {number(labelled)} labels (estimated)"))
    if facts.label_accuracy is not None:
        figures.append((f"{100 * facts.label_accuracy:.1f} %", "label accuracy before correction (estimated)"))
    figures.append((number(len(corrections)), "labels corrected"))
    return "".join(
        element("div", element("strong", as_text(value)) + element("span", as_text(meaning)))
        for value, meaning in figures
    )


def _verdicts(changes: Sequence[CellChange]) -> str:
    counts = Counter(change.verdict for change in changes)
    heading = element("h2", "Decisions")
    if not changes:
        return element("section", heading + element("p", "No row has been decided yet."))
    rows = [[as_text(words), number(counts[verdict])] for verdict, words in _VERDICT_WORDS.items() if counts[verdict]]
    rows.append([element("b", "All decisions"), element("b", number(len(changes)))])
    return element("section", heading + table(["Verdict", "Rows"], rows, numbers={1}))


def _pairs(corrections: list[CellChange]) -> str:
    heading = element("h2", "Corrections by class")
    if not corrections:
        return element("section", heading + element("p", "No label was changed."))
    labels = {(label_text(c.old), label_text(c.new)): (c.old, c.new) for c in reversed(corrections)}
    counts = Counter((label_text(change.old), label_text(change.new)) for change in corrections)
    ordered = sorted(counts, key=lambda pair: (-counts[pair], pair))
    rows = [
        [given_label(labels[pair][0]), new_label(labels[pair][1]), number(counts[pair])]
        for pair in ordered[:_MOST_PAIRS]
    ]
    left_out = more(len(ordered) - _MOST_PAIRS, "pairs of classes")
    return element("section", heading + table(["Given", "Corrected to", "Rows"], rows, numbers={2}) + left_out)


def _list(corrections: list[CellChange]) -> str:
    if not corrections:
        return ""
    has_ids = any(change.row_id is not None for change in corrections)
    head = ["Row", *(["Id"] if has_ids else []), "Given", "Corrected to"]
    rows = [
        [
            number(change.row),
            *([user_text(change.row_id or "")] if has_ids else []),
            given_label(change.old),
            new_label(change.new),
        ]
        for change in corrections[:_MOST_CHANGES]
    ]
    note = element("p", "Rows are counted from 0, without the header.", "note")
    left_out = more(len(corrections) - _MOST_CHANGES, "changes")
    return element("section", element("h2", "Changes") + note + table(head, rows, numbers={0}) + left_out)
