"""The report: one page that stands alone, in which user text is only text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from html.parser import HTMLParser

from labelclean.arrays import Label
from labelclean.export import CellChange, ReportFacts, html_report
from labelclean.export.report_style import STYLE
from labelclean.plots.palette import DARK, LIGHT
from labelclean.review.decisions import Verdict

TIME = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&{{$x$}}<!-- ]]> \u202eevil"


def change(row: int, old: Label | None, new: Label | None, verdict: Verdict = Verdict.ACCEPT) -> CellChange:
    """Make one entry."""
    return CellChange(
        row=row,
        row_id=f"m{row}",
        old=old,
        new=new,
        verdict=verdict,
        reviewer="ana",
        decided_at=TIME,
        seconds_spent=None,
        error_probability=None,
        note="",
    )


def facts(**values: object) -> ReportFacts:
    """Make facts; what a test does not speak of is ordinary."""
    usual: dict[str, object] = {
        "project_name": "Support",
        "file_name": "messages.csv",
        "made_at": TIME,
        "n_rows": 12480,
        "n_unlabelled": 0,
        "n_classes": 10,
        "n_label_errors": 1561,
        "label_accuracy": 0.8749,
    }
    return ReportFacts(**{**usual, **values})  # type: ignore[arg-type]  # each test gives the right kinds


class Page(HTMLParser):
    """What a browser would make of the page: tags, attributes, and the text between."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append(tag)
        self.attributes += attrs
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Check that tags nest."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note text."""
        self.words.append(data)

    @property
    def text(self) -> str:
        """All text, in order."""
        return "|".join(word for word in self.words if word.strip())


def rows_of(page: str) -> Sequence[str]:
    """Return the text of each table row, cells parted by a bar."""
    return [Page(row).text for row in re.findall(r"<tr>.*?</tr>", page, re.DOTALL)]


def test_the_page_says_what_was_found_and_that_it_is_estimated() -> None:
    """Figures by hand: 87.49 % rounds to 87.5 %."""
    text = Page(html_report(facts(n_unlabelled=480), [change(3, "a", "b")])).text

    for words in (
        "Support",
        "messages.csv",
        "12,480 rows · made 2026-03-01 12:30 UTC",
        "12,480|rows",
        "10|classes",
        "480|rows without a label",
        "1,561|label errors among 12,000 labels (estimated)",
        "87.5 %|label accuracy before correction (estimated)",
        "1|labels corrected",
        "How this was computed",
    ):
        assert words in text


def test_estimates_are_left_out_before_the_first_run() -> None:
    """No run, no estimate."""
    text = Page(html_report(facts(n_label_errors=None, label_accuracy=None), [])).text

    assert "(estimated)" not in text
    assert "No row has been decided yet." in text
    assert "No label was changed." in text


def test_decisions_are_counted_by_verdict_and_corrections_by_pair() -> None:
    """Two of one pair, one of another; the kept row is no correction."""
    page = html_report(
        facts(),
        [
            change(0, "a", "b"),
            change(1, "a", "a", Verdict.KEEP),
            change(2, "b", "c", Verdict.RELABEL),
            change(5, "a", "b"),
            change(6, None, "b"),
        ],
    )

    rows = rows_of(page)
    assert "Accept: the suggested label is right|3" in rows
    assert "Keep: the given label is right|1" in rows
    assert "All decisions|5" in rows
    pairs = [row for row in rows if re.fullmatch(r"[^|]+\|[abc]\|\d", row)]
    assert pairs == ["a|b|2", "no label|b|1", "b|c|1"]
    assert [row for row in rows if re.match(r"\d+\|m", row)] == ["0|m0|a|b", "2|m2|b|c", "5|m5|a|b", "6|m6|no label|b"]


def test_only_the_first_five_hundred_changes_are_listed() -> None:
    """The rest is counted and stands in the change log."""
    page = html_report(facts(), [change(row, "a", "b") for row in range(503)])

    assert "499|m499|a|b" in rows_of(page)
    assert "500|m500|a|b" not in rows_of(page)
    assert "And 3 more changes: see the change log." in Page(page).text


def test_hostile_text_is_shown_letter_for_letter() -> None:
    """Whatever a label, an id, a file or a project is called, it adds no tag and no attribute."""
    clean = Page(html_report(facts(), [change(1, "a", "b")]))
    entry = change(1, HOSTILE, HOSTILE + "2")
    hostile = Page(html_report(facts(project_name=HOSTILE, file_name=HOSTILE), [entry]))

    assert hostile.tags == clean.tags
    assert hostile.attributes == clean.attributes
    assert hostile.text.count(HOSTILE) == 7


def test_control_codes_and_halves_of_characters_do_not_break_the_page() -> None:
    """The page can be encoded, and NUL is visible instead of forbidden."""
    page = html_report(facts(project_name="a\x00b\ud800"), [])

    assert "a\u2400b?" in page
    assert page.encode()


def test_the_page_loads_nothing() -> None:
    """No address, no script, and a policy that forbids both."""
    page = html_report(facts(), [change(1, "a", "b")])

    assert not re.search(r"https?:|src=|url\(|@import|<link|<script", page)
    assert "default-src 'none'; style-src 'unsafe-inline'" in page


def test_the_page_uses_the_colours_of_the_product() -> None:
    """The report stands beside the screen and must not import it; this keeps both the same."""
    light, dark = STYLE.split("@media (prefers-color-scheme: dark)")
    for palette, part in ((LIGHT, light), (DARK, dark.split("}")[0])):
        for token in (
            "ground",
            "card",
            "ink",
            "soft_ink",
            "hairline",
            "given",
            "given_ground",
            "suggested",
            "suggested_ground",
        ):
            assert f"--{token.replace('_', '-')}: {getattr(palette, token)};" in part
    assert "@media print" in STYLE


def test_the_report_says_whose_probabilities_they_were() -> None:
    """Rows that the user's own model judged were not classified by one of ours."""
    own = " ".join(Page(html_report(facts(pred_probs_name="mine {0}.npy"), [])).words)
    ours = " ".join(Page(html_report(facts(), [])).words)

    assert "came from a model of the user's own (mine {0}.npy)" in own
    assert "trained on the other rows only" not in own
    assert "trained on the other rows only" in ours
