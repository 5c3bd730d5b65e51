"""The parts of the bulk page that show: the pairs, the sample, the decision, and the bulk decisions of before."""

from __future__ import annotations

from html import escape

import streamlit as st

from labelclean.arrays import UNLABELLED
from labelclean.review.bulk.decide import BulkAction, agrees
from labelclean.review.bulk.history import PastBulk
from labelclean.review.bulk.plan import BulkPlan, pair_counts
from labelclean.review.decisions import EventKind, ReviewEvent, Verdict
from labelclean.store.records import ProjectRecord
from labelclean.ui import state
from labelclean.ui.bulk import desk as bulk_desk
from labelclean.ui.bulk.choices import label_name
from labelclean.ui.bulk.words import action_done, button_words, precision_words, rows_words, wrong_words
from labelclean.ui.clock import moment
from labelclean.ui.desk import Desk
from labelclean.ui.elements import count, heading, note, notice, number_of, plain_markdown, plate

__all__ = ["draw_decision", "draw_done", "draw_history", "draw_pairs", "draw_sample"]

_PAIRS_SHOWN = 12
_CHARACTERS_SHOWN = 300
_PAST_SHOWN = 10
_SAID = {
    Verdict.KEEP: "kept",
    Verdict.AMBIGUOUS: "ambiguous",
    Verdict.UNSURE: "unsure",
    Verdict.EXCLUDE: "excluded",
}


def draw_pairs(desk: Desk, found: BulkPlan) -> None:
    """Draw which labels the undecided rows have, and which are suggested."""
    pairs = pair_counts(desk.run, found.rest)
    heading("Given and suggested, rows outside the sample")
    lines = "".join(
        f"<tr><td>{_plate(desk, pair.given, 'given')}</td><td>{_plate(desk, pair.suggested, 'suggested')}</td>"
        f'<td class="lc-number">{count(pair.n_rows)}</td></tr>'
        for pair in pairs[:_PAIRS_SHOWN]
    )
    st.html(
        '<table class="lc-sample"><thead><tr><th scope="col">Given</th><th scope="col">Suggested</th>'
        f'<th scope="col" class="lc-number">Rows</th></tr></thead><tbody>{lines}</tbody></table>'
    )
    more = pairs[_PAIRS_SHOWN:]
    if more:
        rows = number_of(sum(pair.n_rows for pair in more), "row", "rows")
        note(f"And {number_of(len(more), 'more pair', 'more pairs')} with {rows}.")


def draw_sample(desk: Desk, found: BulkPlan, action: BulkAction) -> None:
    """Draw the rows of the sample with what was decided about them."""
    lines = "".join(_sample_line(desk, row, action) for row in found.sample)
    st.html(
        '<div class="lc-scroll" tabindex="0" role="region" aria-label="The sample">'
        '<table class="lc-sample lc-lines"><thead><tr><th scope="col" class="lc-number">Row</th>'
        '<th scope="col" class="lc-wide">Text</th><th scope="col">Given</th><th scope="col">Suggested</th>'
        f'<th scope="col">Decided</th></tr></thead><tbody>{lines}</tbody></table></div>'
    )


def _sample_line(desk: Desk, row: int, action: BulkAction) -> str:
    text = escape(desk.dataset.texts[row][:_CHARACTERS_SHOWN])
    return (
        f'<tr><td class="lc-number">{count(row)}</td><td class="lc-wide"><bdi title="{text}">{text}</bdi></td>'
        f"<td>{_plate(desk, int(desk.run.labels[row]), 'given')}</td>"
        f"<td>{_plate(desk, int(desk.run.suggested_labels[row]), 'suggested')}</td>"
        f"<td>{_decided(desk, desk.log.decisions.get(row), action)}</td></tr>"
    )


def _decided(desk: Desk, event: ReviewEvent | None, action: BulkAction) -> str:
    if event is None or event.verdict is None:
        return "<i>not yet</i>"
    given, suggested = int(desk.run.labels[event.row]), int(desk.run.suggested_labels[event.row])
    is_right = agrees(
        event,
        action,
        given=None if given == UNLABELLED else desk.run.class_names[given],
        suggested=desk.run.class_names[suggested],
    )
    said = _SAID.get(event.verdict) or ("" if event.label is None else desk.names.token(event.label))
    return "<b>✓ agrees</b>" if is_right else f"✗ <bdi>{escape(said)}</bdi>"


def _plate(desk: Desk, code: int, kind: str) -> str:
    if code == UNLABELLED:
        return '<span class="lc-no-label">no label</span>'
    return plate(desk.names.token(desk.run.class_names[code]), "given" if kind == "given" else "suggested")


def draw_decision(project: ProjectRecord, desk: Desk, action: BulkAction, found: BulkPlan) -> None:
    """Draw what the sample says about the rest, and the button that decides it."""
    precision, name = found.precision, label_name(desk, action)
    if not len(found.rest):
        note("No row is left outside the sample." if found.sample else "Nobody has to decide anything here.")
        return
    if not precision.is_measured:
        left = number_of(precision.n_undecided, "row", "rows")
        notice("warning", f"{left} of the sample to decide first.", "How often this is right is not known before.")
    elif precision.is_low:
        notice("warning", "The sample often said otherwise.", wrong_words(precision, len(found.rest)))
    else:
        note(wrong_words(precision, len(found.rest)))
    if st.button(
        plain_markdown(button_words(action, found, name)),
        type="primary" if found.is_ready and not precision.is_low else "secondary",
        disabled=not found.is_ready,
        key="bulk-decide",
    ):
        said = f"{action_done(action, name)}: {rows_words(state.queue_filter(), desk.names)}"
        n_done = bulk_desk.decide_rest(project, desk, action, found, said=said)
        state.remember("bulk_done", (project.id, n_done))
        st.rerun()


def draw_done(project: ProjectRecord, desk: Desk) -> None:
    """Say what was decided a moment ago, with its undo beside it."""
    done = state.recall("bulk_done", tuple)
    past = bulk_desk.history(desk)
    if done is None or done[0] != project.id or not past:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        notice("success", f"{number_of(done[1], 'row', 'rows')} decided at once.", "One press takes all of it back.")
        _draw_turn(project, desk, past[0], key="bulk-undo")


def draw_history(project: ProjectRecord, desk: Desk) -> None:
    """Draw the bulk decisions of the project, each with its undo."""
    past = bulk_desk.history(desk)
    if not past:
        return
    heading("Bulk decisions so far")
    for bulk in past[:_PAST_SHOWN]:
        _draw_past(project, desk, bulk)
    if len(past) > _PAST_SHOWN:
        note(f"And {count(len(past) - _PAST_SHOWN)} older ones; the report lists them all.")


def _draw_past(project: ProjectRecord, desk: Desk, bulk: PastBulk) -> None:
    first = bulk.first
    sample = f"sample {precision_words(bulk.precision)}" if bulk.precision is not None else "without a sample"
    who = f"{first.reviewer}, {moment(first.decided_at)} · {sample}" + (" · undone" if bulk.is_undone else "")
    said = f"{number_of(bulk.n_rows, 'row', 'rows')}: {bulk.what or 'decided at once'}"
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.html(
            f'<span class="lc-merge{" undone" if bulk.is_undone else ""}"><bdi>{escape(said)}</bdi>'
            f"<small>{escape(who)}</small></span>",
            width="content",
        )
        _draw_turn(project, desk, bulk, key=f"bulk-turn-{first.step}")


def _draw_turn(project: ProjectRecord, desk: Desk, bulk: PastBulk, *, key: str) -> None:
    if st.button("Redo" if bulk.is_undone else "Undo", key=key):
        bulk_desk.turn(project, desk, bulk, EventKind.REDO if bulk.is_undone else EventKind.UNDO)
        state.forget("bulk_done")
        st.rerun()
