"""The noise page of label sets: which labels are left out, which are wrongly given, and which for which other one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from labelclean.dataset import label_key
from labelclean.plots.bars import BarSide, two_sided_bars
from labelclean.plots.confused import drawn_classes
from labelclean.plots.noise import noise_heat_map
from labelclean.review.label_set_names import member_token
from labelclean.review.queue_filter import QueueFilter
from labelclean.store.label_confusions import LabelConfusion
from labelclean.store.records import ProjectRecord
from labelclean.store.run_records import LabelNoise, StoredRun
from labelclean.ui import state, theme
from labelclean.ui.elements import ROW_PIXELS, count, figures, note, number_of, subtitle, title
from labelclean.ui.facts_tables import draw_label_table
from labelclean.ui.navigation import go_to
from labelclean.ui.noise.map import PLOT_CONFIG
from labelclean.ui.split_dialog import split_dialog

__all__ = ["draw_noise_of_sets"]

_MOST_BARS = 20
_BULK, _SPLIT = "Decide many at once", "Replace in all …"


def draw_noise_of_sets(project: ProjectRecord, run: StoredRun) -> None:
    """Draw the page."""
    chart, side = st.columns([1, 1], gap="large")
    with chart:
        title(
            "Which labels are wrongly given, and which are left out",
            "A text may have any number of labels here, so each label can be wrong in two ways.",
        )
        _draw_rates(run)
        if run.label_confusions:
            subtitle("The most frequent pairs")
            _draw_pairs(project, run.label_confusions)
    with side:
        figures(
            [
                (count(sum(noise.n_missing for noise in run.label_noise)), "labels left out (estimated)"),
                (count(sum(noise.n_added for noise in run.label_noise)), "labels wrongly given (estimated)"),
                (count(run.noise.n_label_errors), "rows with a wrong set (estimated)"),
            ]
        )
        if run.label_confusions:
            _draw_confusions(run)
        else:
            note("No label is estimated to stand in the place of another one.")
    subtitle("Label by label")
    draw_label_table(run)
    note("A label that is often left out may lack a clear rule when to give it.")


def _draw_rates(run: StoredRun) -> None:
    noise = sorted(run.label_noise, key=lambda each: -(each.n_missing + each.n_added))[:_MOST_BARS]
    names = [member_token(each.label) for each in noise]
    event = st.plotly_chart(
        two_sided_bars(
            names,
            BarSide(
                title="wrongly given",
                values=[each.n_added for each in noise],
                said=[_said_added(each, name) for each, name in zip(noise, names, strict=True)],
                keys=range(len(noise)),
            ),
            BarSide(
                title="left out",
                values=[each.n_missing for each in noise],
                said=[_said_missing(each, name) for each, name in zip(noise, names, strict=True)],
                keys=range(len(noise)),
            ),
            palette=theme.current_palette(),
        ),
        theme=None,
        key="label-rates",
        on_select="rerun",
        selection_mode="points",
        config=PLOT_CONFIG,
        alt="Bars for each label: rows that wrongly have it, and rows that lack it; the table below has the numbers",
    )
    rest = len(run.label_noise) - len(noise)
    more = f" Drawn are the {len(noise)} most often wrong; the table below has all." if rest else ""
    note(f"Estimated rows. Click a bar to review the flagged ones among them.{more}")
    points = event["selection"]["points"]
    if points:
        side, place = (int(number) for number in points[0]["customdata"][:2])
        label = noise[place].label
        _open(QueueFilter(removes=label) if side == 0 else QueueFilter(adds=label))


def _said_added(noise: LabelNoise, name: str) -> str:
    share = 100 * noise.n_added / max(noise.n_given, 1)
    return f"About {number_of(round(noise.n_added), 'row has', 'rows have')} {name} wrongly: {share:.0f} % of its rows"


def _said_missing(noise: LabelNoise, name: str) -> str:
    rows = number_of(round(noise.n_missing), "row lacks", "rows lack")
    return f"About {rows} {name}: {100 * noise.missing_rate:.0f} % of those to which it belongs"


def _draw_confusions(run: StoredRun) -> None:
    subtitle("Given one, meant another")
    note("One label should go and another should come in the same row: the label on top was given, on the left meant.")
    click = _draw_map(run)
    if click is not None:
        _open(QueueFilter(removes=click[0], adds=click[1]))


def _draw_map(run: StoredRun) -> tuple[object, object] | None:
    """Draw the labels that are confused with any other; return the cell that was clicked."""
    noise = {label_key(each.label): each for each in run.label_noise}
    touched = {label_key(label) for each in run.label_confusions for label in (each.given, each.meant)}
    labels = [each.label for each in run.label_noise if label_key(each.label) in touched]
    codes = {label_key(label): code for code, label in enumerate(labels)}
    shares, counts = np.zeros((len(labels),) * 2), np.zeros((len(labels),) * 2)
    for each in run.label_confusions:
        given, meant = label_key(each.given), label_key(each.meant)
        if given in codes and meant in codes:
            counts[codes[given], codes[meant]] = each.n_estimated
            shares[codes[given], codes[meant]] = min(1.0, each.n_estimated / max(noise[given].n_given, 1))
    estimated = np.rint(counts).astype(np.int64)
    event = st.plotly_chart(
        noise_heat_map(
            shares,
            [member_token(label) for label in labels],
            palette=theme.current_palette(),
            hide_diagonal=True,
            kind="meant_if_given",
            counts=estimated,
        ),
        theme=None,
        key="label-confusions",
        on_select="rerun",
        selection_mode="points",
        config=PLOT_CONFIG,
        alt="Heat map of labels given where others were meant; the table beside it holds the same pairs",
    )
    if len(drawn_classes(shares, estimated)) < len(labels):
        note("Drawn are the most confused labels; the table has the pairs of all.")
    points = event["selection"]["points"]
    if not points:
        return None
    given_code, meant_code = (int(number) for number in points[0]["customdata"][:2])
    return labels[given_code], labels[meant_code]


def _draw_pairs(project: ProjectRecord, confusions: tuple[LabelConfusion, ...]) -> None:
    table = pd.DataFrame(
        {
            "Given": [member_token(each.given) for each in confusions],
            "Meant": [member_token(each.meant) for each in confusions],
            "Estimated": [round(each.n_estimated) for each in confusions],
            "Flagged": [each.n_rows for each in confusions],
            "More": [[_BULK, _SPLIT]] * len(confusions),
        }
    )
    event = st.dataframe(
        table,
        hide_index=True,
        key="label-pairs",
        on_select="rerun",
        selection_mode="single-row",
        height=min(ROW_PIXELS * (len(table) + 1) + 2, 250),
        alt="Pairs of labels: given, meant, estimated rows, flagged rows",
        column_config={
            "Estimated": st.column_config.NumberColumn(
                format="localized", help="Mistakes over all rows, estimated; a row with several changes counts in part."
            ),
            "Flagged": st.column_config.NumberColumn(format="localized", help="Rows in the queue of this pair."),
            "More": st.column_config.ButtonColumn("More", type="tertiary", key="label-pairs-more"),
        },
    )
    click, rows = state.widget_value("label-pairs-more"), event["selection"]["rows"]
    if click is not None:
        _act(project, confusions[int(getattr(click, "row", 0))], str(getattr(click, "label", "")))
    elif rows:
        pair = confusions[rows[0]]
        _open(QueueFilter(removes=pair.given, adds=pair.meant))


def _act(project: ProjectRecord, pair: LabelConfusion, label: str) -> None:
    queue = QueueFilter(removes=pair.given, adds=pair.meant)
    if label == _BULK:
        state.set_queue_filter(queue)
        go_to("bulk")
    why = f"given {member_token(pair.given)}, meant {member_token(pair.meant)}"
    split_dialog(project, queue, why=why, instead_of=pair.given)


def _open(queue: QueueFilter) -> None:
    state.set_queue_filter(queue)
    go_to("review")
