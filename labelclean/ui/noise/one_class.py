"""One class in detail on the noise page: what its rows are given instead, and what its label truly stands for."""

from __future__ import annotations

import streamlit as st

from labelclean.plots.bars import BarSide, two_sided_bars
from labelclean.plots.confused import ClassPartner, class_partners
from labelclean.review.label_names import LabelNames
from labelclean.store.run_records import StoredRun
from labelclean.ui import theme
from labelclean.ui.elements import note, number_of
from labelclean.ui.noise.map import PLOT_CONFIG, open_pair

__all__ = ["draw_class_search"]

_MOST_PARTNERS = 12


def draw_class_search(run: StoredRun) -> int | None:
    """Draw the search for a class and, where one is chosen, its row and column of the matrix; return its code."""
    names = LabelNames.of(run.class_names).tokens
    code = st.selectbox(
        "Look up a class",
        range(len(names)),
        index=None,
        format_func=lambda place: names[place],
        placeholder="type a name …",
        key="noise-class",
    )
    if code is None:
        return None
    partners = class_partners(run.noise.confident_joint, code, limit=_MOST_PARTNERS)
    if not partners:
        note("No row is estimated to be mistaken for it, or the other way round.")
        return int(code)
    _draw_bars(run, int(code), partners, names)
    return int(code)


def _draw_bars(run: StoredRun, code: int, partners: tuple[ClassPartner, ...], names: tuple[str, ...]) -> None:
    own = names[code]
    event = st.plotly_chart(
        two_sided_bars(
            [names[partner.code] for partner in partners],
            BarSide(
                title="was given instead of it",
                values=[partner.n_given_instead for partner in partners],
                said=[
                    f"{_rows(partner.n_given_instead)} truly {own}, given {names[partner.code]}" for partner in partners
                ],
                keys=[partner.code for partner in partners],
            ),
            BarSide(
                title="is what it truly was",
                values=[partner.n_truly for partner in partners],
                said=[f"{_rows(partner.n_truly)} given {own}, truly {names[partner.code]}" for partner in partners],
                keys=[partner.code for partner in partners],
            ),
            palette=theme.current_palette(),
        ),
        theme=None,
        key=f"noise-class-bars-{code}",
        on_select="rerun",
        selection_mode="points",
        config=PLOT_CONFIG,
        alt="What the class is mistaken for, and what is mistaken for it; the table lists the same pairs",
    )
    note("Estimated rows; click a bar to review them. The table lists the pairs of this class.")
    points = event["selection"]["points"]
    if points:
        side, other = (int(number) for number in points[0]["customdata"][:2])
        open_pair(run, *((other, code) if side == 0 else (code, other)))


def _rows(number: int) -> str:
    return f"About {number_of(number, 'row', 'rows')}"
