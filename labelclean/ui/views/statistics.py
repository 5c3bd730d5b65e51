"""Statistics: how fast, by whom and about which classes it was decided, and whether the score is honest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import streamlit as st

from labelclean.plots.review_charts import pace_chart, reliability_chart
from labelclean.review.honesty import Honesty
from labelclean.review.label_set_names import member_token
from labelclean.review.statistics import ReviewStatistics
from labelclean.review.statistics_words import (
    accuracy_sentence,
    agreement_words,
    error_figures_sentence,
    honesty_sentence,
    sources_sentence,
)
from labelclean.store.records import ProjectRecord
from labelclean.store.run_records import StoredRun
from labelclean.ui import resources, state, theme
from labelclean.ui.clock import stretch_names
from labelclean.ui.desk import Desk
from labelclean.ui.elements import (
    ROW_PIXELS,
    count,
    empty_state,
    figures,
    note,
    number_of,
    percent,
    subtitle,
    title,
)
from labelclean.ui.gate import project_with_results
from labelclean.ui.navigation import go_to
from labelclean.ui.report_download import draw_report_download
from labelclean.ui.resource_desk import desk as desk_of
from labelclean.ui.resource_statistics import statistics
from labelclean.ui.statistics_tables import (
    band_table,
    class_statistics_table,
    label_statistics_table,
    pace_table,
    reviewer_table,
)

if TYPE_CHECKING:
    from pandas import DataFrame
    from streamlit.elements.lib.column_types import ColumnConfig

TALLEST = 430
NUMBER = st.column_config.NumberColumn(format="localized")
PACE = st.column_config.NumberColumn(format="%.1f")
SHARE = st.column_config.NumberColumn(format="%.0f %%")


def render() -> None:
    """Draw the page."""
    opened = project_with_results("Statistics")
    if opened is None:
        return
    project, run = opened
    desk = desk_of(project)
    desk.catch_up(resources.workspace().store)
    found = statistics(desk)
    if not found.n_decided:
        title("Statistics")
        empty_state("Nothing is decided yet", "After the first decisions this page says how the review is going.")
        with st.container(horizontal=True, horizontal_alignment="center"):
            if st.button("Review", type="primary", key="statistics-review"):
                go_to("review")
        return
    _draw_head(project, run, found)
    left, right = st.columns(2, gap="large")
    with left:
        _draw_honesty(found.honesty)
    with right:
        _draw_pace(found)
    if found.labels:
        _draw_labels(found)
    else:
        _draw_classes(found, desk)
    _draw_reviewers(found)


def _draw_head(project: ProjectRecord, run: StoredRun, found: ReviewStatistics) -> None:
    head, button = st.columns([4, 1], vertical_alignment="bottom")
    with head:
        title("Statistics", sources_sentence(found))
    with button:
        draw_report_download(project, run, key="statistics-report", words="Report to print")
    pace = found.pace.per_minute
    items = [
        (count(found.n_decided), "rows decided"),
        (count(found.n_corrected), "labels corrected"),
        (percent(found.n_corrected / found.n_decided), "of the decided rows had a wrong label"),
    ]
    if pace is not None:
        items.append((f"{pace:.1f}", "decisions a minute, by the time on screen"))
    figures(items)
    if found.accuracy is not None:
        note(accuracy_sentence(found.accuracy))
        note(found.accuracy.how)


def _draw_honesty(honesty: Honesty) -> None:
    subtitle("Is the score honest?")
    note(honesty_sentence(honesty))
    if not honesty.bands:
        return
    st.plotly_chart(
        reliability_chart(honesty.bands, palette=theme.current_palette()),
        theme=None,
        key="statistics-honesty",
        config={"displayModeBar": False, "displaylogo": False},
        alt=f"{honesty_sentence(honesty)} The table below has the same numbers, band by band.",
    )
    note("On the dotted line the score is honest; a point below it means too bold. Bars are 95 % intervals.")
    _draw_table(band_table(honesty.bands), "What the score said and what was found, one line per band", {})
    note(error_figures_sentence(honesty))


def _draw_pace(found: ReviewStatistics) -> None:
    subtitle("How fast")
    pace = found.pace
    if pace.per_minute is None:
        note("No decision says how long its card was on screen.")
        return
    best = max(pace.stretches, key=lambda stretch: stretch.per_minute or 0.0)
    times = stretch_names([stretch.start for stretch in pace.stretches])
    fastest = (
        f"; {best.per_minute or 0.0:.1f} in the fastest of {count(len(pace.stretches))} stretches of "
        f"{_length(pace.stretch_seconds)}"
    )
    note(
        f"{pace.per_minute:.1f} decisions a minute over all{fastest if len(pace.stretches) > 1 else ''}. "
        "Pauses, groups and bulk decisions do not count."
    )
    st.plotly_chart(
        pace_chart(pace.stretches, times, palette=theme.current_palette()),
        theme=None,
        key="statistics-pace",
        config={"displayModeBar": False, "displaylogo": False},
        alt="Decisions a minute over time; the table below has the same numbers",
    )
    columns = {"Decisions": NUMBER, "A minute": PACE}
    _draw_table(pace_table(pace.stretches, times), "Decisions over time", columns, tallest=213)


def _length(seconds: int) -> str:
    steps = ((86_400, "day", "days"), (3_600, "hour", "hours"), (60, "minute", "minutes"))
    size, one, many = next(step for step in steps if seconds >= step[0])
    return number_of(seconds // size, one, many)


def _draw_labels(found: ReviewStatistics) -> None:
    subtitle("Label by label")
    first = found.labels[0]
    note(
        f"Most changes were about “{member_token(first.label)}”: it was removed from "
        f"{number_of(first.n_removed, 'row', 'rows')} and added to {count(first.n_added)}."
    )
    columns = dict.fromkeys(["Decided rows with it", "Removed", "Added"], NUMBER)
    _draw_table(label_statistics_table(found.labels), "Decisions, one line per label", columns)


def _draw_classes(found: ReviewStatistics, desk: Desk) -> None:
    subtitle("Class by class")
    first = found.classes[0]
    worst = max(found.classes, key=lambda line: (line.n_corrected, line.n_corrected / line.n_decided))
    if worst.n_corrected and worst.label is not None and worst.corrected_to is not None:
        name, other = desk.names.token(worst.label), desk.names.token(worst.corrected_to)
        note(
            f"Most corrections were of rows given “{name}”: {count(worst.n_corrected)} of "
            f"{count(worst.n_decided)} decided, most often to “{other}”."
        )
    elif first.label is not None:
        note(f"No label was corrected yet; most decisions were about rows given “{desk.names.token(first.label)}”.")
    columns = {
        **dict.fromkeys(["Decided", "Kept", "Corrected", "Open or excluded"], NUMBER),
        "Share corrected": SHARE,
        "Not looked at": st.column_config.NumberColumn(
            format="localized", help="Decided along with a copy of their text, or in bulk."
        ),
    }
    _draw_table(class_statistics_table(found.classes, desk.names), "Decisions, one line per given class", columns)


def _draw_reviewers(found: ReviewStatistics) -> None:
    subtitle("Reviewer by reviewer")
    for pair in found.agreements[:10]:
        note(agreement_words(pair))
    if found.agreements:
        note(
            "Kappa is the agreement beyond what chance gives: 0 none, 1 full. Whoever came second may have seen the "
            "first decision."
        )
    elif len(found.reviewers) > 1:
        note("No row was decided by two reviewers; the queue “Unsure” is the place for second opinions.")
    columns = {
        **dict.fromkeys(["Looked at", "In groups", "In bulk"], NUMBER),
        "A minute": PACE,
        **dict.fromkeys(["Suggestion taken", "Label kept", "Another label", "Undecided or excluded"], SHARE),
    }
    _draw_table(reviewer_table(found.reviewers), "Decisions, one line per reviewer", columns)
    if found.bulks:
        n_rows = sum(bulk.n_rows for bulk in found.bulks if not bulk.is_undone)
        note(
            f"{number_of(len(found.bulks), 'bulk decision', 'bulk decisions')} so far; "
            f"{number_of(n_rows, 'row', 'rows')} in force."
        )
        if st.button("Look at the bulk decisions", key="statistics-bulk"):
            state.forget("bulk_done")
            go_to("bulk")


def _draw_table(frame: DataFrame, alt: str, columns: Mapping[str, ColumnConfig], *, tallest: int = TALLEST) -> None:
    st.dataframe(
        frame,
        hide_index=True,
        height=min(ROW_PIXELS * (len(frame) + 1) + 2, tallest),
        alt=alt,
        column_config=columns,
    )


if __name__ == "__main__":
    render()
