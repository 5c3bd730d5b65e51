"""How the review is going, in full: found and left with intervals, band by band, and how right the labels are."""

from __future__ import annotations

import streamlit as st

from labelclean.review.control_rows import LabelAccuracy
from labelclean.review.lesson_words import account_words
from labelclean.review.outlook import DRAWN_AT_LEAST, number_words, share_words
from labelclean.review.yield_figures import Estimate, YieldEstimate
from labelclean.ui.desk import Desk
from labelclean.ui.elements import count, facts, figures, note, notice, subtitle
from labelclean.ui.guard import guarded
from labelclean.ui.theme import current_palette

__all__ = ["draw_outlook_button"]


def draw_outlook_button(desk: Desk) -> None:
    """Draw the button that opens the figures; nothing is computed before it is pressed."""
    if st.button("How it is going", key="outlook-open", width="stretch", help="Errors found and left, with intervals."):
        _dialog(desk)


@st.dialog("How the review is going", width="medium")
def _dialog(desk: Desk) -> None:
    with guarded():
        estimate, accuracy = desk.estimates()
        _draw_stop(estimate)
        _draw_figures(estimate)
        _draw_bands(estimate)
        _draw_accuracy(accuracy, switched_on=desk.preferences.control_share > 0.0)
        _draw_lesson(desk)


def _draw_stop(estimate: YieldEstimate) -> None:
    if estimate.stop:
        notice("success", estimate.stop)
    if estimate.is_early:
        note(
            f"{count(estimate.n_decided)} verdicts are too few to say much: what stands here is mostly what the model "
            "expects by itself."
        )


def _draw_figures(estimate: YieldEstimate) -> None:
    figures(
        [
            (share_words(estimate.so_far), "real errors so far"),
            (number_words(estimate.next_rows), f"errors in the next {count(estimate.n_next)} rows"),
            (number_words(estimate.left_in_queue), "errors left in this queue"),
            (number_words(estimate.left_in_data), "errors left in all undecided rows"),
        ]
    )
    with st.expander("How these are computed"):
        facts(
            [
                _fact("Real errors so far", estimate.so_far, is_share=True),
                _fact(f"In the next {count(estimate.n_next)}", estimate.next_rows),
                _fact("Left in this queue", estimate.left_in_queue),
                _fact("Left in the data", estimate.left_in_data),
                _fact("Share of all errors left", estimate.share_left, is_share=True),
            ]
        )


def _fact(name: str, estimate: Estimate, *, is_share: bool = False) -> tuple[str, str, str]:
    return name, share_words(estimate) if is_share else number_words(estimate), estimate.how


def _draw_bands(estimate: YieldEstimate) -> None:
    from labelclean.plots.yield_bands import draw_yield_bands

    subtitle("Is the error probability honest?")
    note(
        "Each line is a band of error probability. The grey stretch is the share of wrong labels that the model "
        "claims, the dot what your verdicts say of the rows left there, with its interval. A dot left of its stretch: "
        "fewer errors than claimed."
    )
    st.plotly_chart(
        draw_yield_bands(estimate.bands, current_palette()),
        key="outlook-bands",
        config={"displayModeBar": False},
        theme=None,
    )


def _draw_accuracy(accuracy: LabelAccuracy, *, switched_on: bool) -> None:
    subtitle("How right the labels are")
    if accuracy.n_drawn < DRAWN_AT_LEAST:
        drawn = f"{count(accuracy.n_drawn)} of {DRAWN_AT_LEAST} rows drawn by chance are decided so far."
        off = " They are switched off under Preferences." if not switched_on else ""
        note(f"Measured on a few rows drawn by chance and mixed into the queue of likely errors. {drawn}{off}")
        return
    figures(
        [
            (_interval(accuracy.before, accuracy.before_interval), "of all labels were right before"),
            (_interval(accuracy.after, accuracy.after_interval), "are right now, with your corrections"),
        ]
    )
    note(accuracy.how)


def _interval(value: float, ends: tuple[float, float]) -> str:
    return f"{100 * value:.1f} % ({100 * ends[0]:.1f}–{100 * ends[1]:.1f})"


def _draw_lesson(desk: Desk) -> None:
    lesson = desk.run.lesson
    if lesson is None or lesson.account is None:
        return
    subtitle("What the queue learned")
    for sentence in account_words(lesson.account, desk.names):
        note(sentence)
