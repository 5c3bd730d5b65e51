"""The report about a review: every number in it is one of the statistics, and nothing in it is loaded or run."""

from __future__ import annotations

import hashlib
import re

import numpy as np
import pytest

from labelclean.arrays import Label
from labelclean.export import (
    Certificate,
    ClassMap,
    ReportClass,
    ReviewFacts,
    change_log_csv,
    change_log_jsonl,
    html_report,
)
from labelclean.export.report_figures import N_SHADES
from labelclean.export.report_style import STYLE
from labelclean.label_set import LabelSet
from labelclean.plots.palette import DARK, LIGHT, Palette, blend, contrast_ratio
from labelclean.review.decisions import DecisionSource, EventKind, Verdict
from labelclean.review.log import ReviewLog
from labelclean.review.statistics import review_statistics
from labelclean.review.statistics_words import error_figures_sentence, honesty_sentence, share_words, sources_sentence
from tests.store_examples import step
from tests.unit.export.test_report import HOSTILE, Page, change, facts, rows_of
from tests.unit.review.test_bulk import Run
from tests.unit.review.test_statistics import said, shown

SHA = "0123456789abcdef" * 4
CHANGES = [change(0, "a", "b"), change(2, "b", "b", Verdict.EXCLUDE), change(3, "c", "a")]
NOTE = "bulk: sample 9 of 10 right, 62-99 %; suggestion accepted: All rows."


def certificate(**values: object) -> Certificate:
    """Return a certificate; what a test does not speak of is ordinary."""
    usual: dict[str, object] = {
        "file_name": "messages.csv",
        "original_sha256": SHA,
        "n_bytes": 123_456,
        "n_rows": 12_480,
        "n_merges": 2,
        "version": "9.8.7",
        "corrected_sha256": SHA[::-1],
        "corrected_words": "As it is downloaded.",
    }
    return Certificate(**{**usual, **values})  # type: ignore[arg-type]  # each test gives the right kinds


def review(names: tuple[Label, ...] = ("a", "b", "c"), note: str = NOTE, who: str = "ana") -> ReviewFacts:
    """Return the facts of a review of 60 rows: 40 looked at, 5 in bulk, and 3 more in bulk that were undone."""
    run = Run(
        class_names=names,
        labels=np.arange(60, dtype=np.int64) % 2,
        suggested_labels=np.full(60, 2, dtype=np.int64),
        error_probabilities=np.full(60, 0.9),
        ranked_rows=np.arange(60, dtype=np.int64),
    )
    bulk = DecisionSource.BULK
    events = [
        *(
            said(
                event.row,
                event.verdict,
                None if event.label is None else names[2],
                reviewer=who,
                error_probability=0.9,
                seconds_spent=6.0,
                uuid=f"q{event.row}",
            )
            for event in shown(0.9, 36, 40)
            if event.verdict
        ),
        *(said(row, reviewer="ben", source=bulk, batch="b1", note=note, uuid=f"b{row}") for row in range(40, 45)),
        *(said(row, reviewer="ben", source=bulk, batch="b2", note=note, uuid=f"b{row}") for row in range(45, 48)),
        step(EventKind.UNDO, "undo", "b2", 45),
    ]
    n = len(names)
    shares = np.eye(n) * 0.9 + 0.1 / n
    return ReviewFacts(
        statistics=review_statistics(run, ReviewLog(events)),
        certificate=certificate(),
        classes=tuple(ReportClass(label=name, n_given=30, n_errors=7) for name in names),
        class_map=ClassMap(class_names=names, shares=shares, counts=np.ones((n, n), dtype=np.int64)),
    )


def test_the_report_is_one_page_that_stands_alone() -> None:
    """Tags nest, nothing is loaded, nothing is run, and print has its own rules."""
    page = html_report(facts(), CHANGES, review=review())

    assert not Page(page).open
    assert not re.search(r"https?:|src=|url\(|@import|<link|<script|javascript:", page)
    assert "default-src 'none'" in page
    assert "@page" in STYLE
    assert "break-before: page" in STYLE


def test_every_number_of_the_statistics_stands_in_the_report() -> None:
    """The sentences are those of the screen, the tables have the same figures."""
    given = review()
    page = html_report(facts(), CHANGES, review=given)
    text, rows, found = Page(page).text, rows_of(page), given.statistics

    assert sources_sentence(found) == "45 rows are decided: 40 looked at one by one, 5 in bulk."
    for sentence in (sources_sentence(found), honesty_sentence(found.honesty), error_figures_sentence(found.honesty)):
        assert sentence in text
    (band,) = found.honesty.bands
    assert f"80–100 %|40|90 %|{share_words(band.wrong)}|{share_words(band.taken)}" in rows
    assert "ana|40|10.0|36|4|0|0|0|0" in rows
    assert "ben|0|–|0|0|0|0|0|5" in rows
    first, second, third = found.classes[0], found.classes[1], given.classes[2]
    for line in (first, second):
        assert f"{line.label}|30|7|{line.n_decided}|{line.n_kept}|{line.n_corrected}|c|{line.n_corrected_to}" in [
            row.replace("| ", "|") for row in rows
        ]
    assert f"{third.label}|30|7|0|0|0" in rows


def test_bulk_decisions_stand_with_their_precision() -> None:
    """Also those that were undone, told apart."""
    rows = rows_of(html_report(facts(), CHANGES, review=review()))

    sample = "9 of 10 right: 90 % (62–99)"
    lines = [row for row in rows if "of 10 right" in row]
    assert [line.split("|")[2:] for line in lines] == [
        ["3", sample, "suggestion accepted: All rows.", "undone"],
        ["5", sample, "suggestion accepted: All rows.", "in force"],
    ]


def test_the_certificate_names_the_bytes() -> None:
    """Digests of the original, the corrected file and both change logs; counts by hand."""
    rows = rows_of(html_report(facts(), CHANGES, review=review()))

    for row in (
        f"SHA-256 of its bytes|{SHA}",
        "Size|123,456 bytes, 12,480 rows",
        "Labels changed|2",
        "Rows excluded|1",
        "Names merged|2",
        "Rows decided|3",
        "Reviewers|ana",
        "From, to|2026-03-01 12:30 UTC – 2026-03-01 12:30 UTC",
        f"Change log (JSON Lines), SHA-256|{hashlib.sha256(change_log_jsonl(CHANGES)).hexdigest()}",
        f"Change log (CSV), SHA-256|{hashlib.sha256(change_log_csv(CHANGES)).hexdigest()}",
        f"Corrected file, SHA-256|{SHA[::-1]}",
        "Made by|labelclean 9.8.7",
    ):
        assert row in rows


def test_a_corrected_file_that_was_not_written_has_no_digest() -> None:
    """It says why instead."""
    given = review()
    without = ReviewFacts(
        statistics=given.statistics, certificate=certificate(corrected_sha256=None, corrected_words="Too large.")
    )

    rows = rows_of(html_report(facts(), [], review=without))

    assert "Corrected file, SHA-256|–" in rows
    assert "Too large." in rows
    assert "From, to|–" in rows


def test_the_heat_map_has_true_classes_in_lines() -> None:
    """Of the rows that truly are b, 25 % were given a and 5 % c; the diagonal is hatched, small shares are blank."""
    shares = np.array([[0.9, 0.25, 0.0], [0.1, 0.7, 0.004], [0.0, 0.05, 0.996]])
    given = review()
    shown_map = ReviewFacts(
        statistics=given.statistics,
        certificate=given.certificate,
        class_map=ClassMap(class_names=("a", "b", "c"), shares=shares, counts=np.ones((3, 3), dtype=np.int64)),
    )

    page = html_report(facts(), [], review=shown_map)

    heat = re.search(r'<table class="heat">.*?</table>', page, re.DOTALL)
    assert heat is not None
    lines = re.findall(r"<tr>.*?</tr>", heat[0], re.DOTALL)
    assert [Page(line).text.replace("\N{NO-BREAK SPACE}", " ") for line in lines] == [
        "True class|1|2|3",
        "1 |a|10",
        "2 |b|25|5",
        "3 |c",
    ]
    assert [line.count('class="same"') for line in lines] == [0, 1, 1, 1]
    assert f'<td class="shade{N_SHADES}">25</td>' in lines[2]


def test_many_classes_are_drawn_as_the_forty_most_confused() -> None:
    """Of fifty classes the last ten are never mistaken."""
    counts = np.ones((50, 50), dtype=np.int64)
    counts[40:, :] = counts[:, 40:] = 0
    drawn = ClassMap(class_names=tuple(range(50)), shares=np.full((50, 50), 0.02), counts=counts)

    page = html_report(
        facts(), [], review=ReviewFacts(statistics=review().statistics, certificate=certificate(), class_map=drawn)
    )

    assert drawn.drawn().tolist() == list(range(40))
    assert "Drawn are the 40 most confused of 50 classes." in Page(page).text


def test_hostile_text_is_shown_letter_for_letter() -> None:
    """Whatever classes, reviewers, notes and files are called, it adds no tag and no attribute."""
    clean = Page(html_report(facts(), CHANGES, review=review()))
    names = (HOSTILE + "1", HOSTILE + "2", HOSTILE + "3")
    hostile = Page(html_report(facts(), CHANGES, review=review(names=names, note=f"{NOTE}{HOSTILE}", who=HOSTILE)))

    assert hostile.tags == clean.tags
    assert hostile.attributes == clean.attributes
    assert hostile.text.count(HOSTILE) > 8


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_the_numbers_in_the_deepest_cells_can_be_read(palette: Palette) -> None:
    """The text colour on the deepest shade, as the style sheet mixes it."""
    shades = re.findall(r"shade(\d+) { background: color-mix\(in srgb, var\(--given\) ([\d.]+)%", STYLE)

    assert len(shades) == N_SHADES
    deepest = blend(palette.card, palette.given, float(shades[-1][1]) / 100)
    assert contrast_ratio(palette.ink, deepest) >= 4.5


def test_labels_of_sets_say_what_became_of_them() -> None:
    """One row lost late and got broken, which the file estimates are about."""
    late, broken = LabelSet(["late"]), LabelSet(["broken"])
    run = Run(class_names=(late, broken, LabelSet()))
    given = ReviewFacts(
        statistics=review_statistics(run, ReviewLog([said(0, Verdict.ACCEPT, broken)])),
        certificate=certificate(),
        classes=(ReportClass(label="late", n_given=40, n_errors=6),),
    )

    rows = rows_of(html_report(facts(), [], review=given))

    assert "late|40|6|1|1|0" in rows
    assert "broken|–|–|0|0|1" in rows


def test_a_review_that_did_not_begin_has_a_certificate_all_the_same() -> None:
    """Nothing was changed, and that is certified."""
    empty = ReviewFacts(statistics=review_statistics(Run(), ReviewLog()), certificate=certificate())

    text = Page(html_report(facts(), [], review=empty)).text

    assert "Certificate of changes" in text
    assert "Is the score honest?" not in text
