"""Changed cells of the table as decisions."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from labelclean.arrays import Label
from labelclean.errors import InvalidInputError, ReviewConflictError
from labelclean.label_set import LabelSet
from labelclean.review.decisions import DecisionSource, EventKind, ReviewEvent, Verdict, current_decisions
from labelclean.review.label_names import LabelNames
from labelclean.review.table.edits import CellEdits, EditedRow, decision_of_edit, undo_of

NOW = datetime(2026, 1, 1, tzinfo=UTC)
NAMES = LabelNames.of(("a", "b", "c", 1))


def _decide(
    edits: CellEdits,
    *,
    given: Label | None = "a",
    shown: ReviewEvent | None = None,
    in_force: ReviewEvent | None = None,
    names: LabelNames = NAMES,
    page: str = "page",
) -> ReviewEvent | None:
    row = EditedRow(row=7, given=given, suggested="b", error_probability=0.9, shown=shown)
    return decision_of_edit(edits, row, names=names, in_force=in_force, reviewer="kim", now=NOW, page=page)


def _event(verdict: Verdict = Verdict.RELABEL, label: Label | None = "c", reviewer: str = "lee") -> ReviewEvent:
    return ReviewEvent(
        uuid="lee's", row=7, kind=EventKind.DECIDE, verdict=verdict, label=label, reviewer=reviewer, decided_at=NOW
    )


@pytest.mark.parametrize(
    ("typed", "verdict", "label"),
    [
        ("a", Verdict.KEEP, None),
        ("b", Verdict.ACCEPT, "b"),
        ("c", Verdict.RELABEL, "c"),
        ("1", Verdict.RELABEL, 1),
        (" new class ", Verdict.RELABEL, "new class"),
    ],
)
def test_a_changed_label_is_the_decision_it_amounts_to(typed: str, verdict: Verdict, label: Label | None) -> None:
    """The given one keeps, the suggested one accepts, any other one relabels."""
    event = _decide(CellEdits(label=typed), in_force=None if typed != "a" else _event(reviewer="kim"))

    assert event is not None
    assert (event.row, event.verdict, event.label, event.source) == (7, verdict, label, DecisionSource.TABLE)
    assert (event.reviewer, event.suggested_label, event.error_probability) == ("kim", "b", 0.9)


def test_a_label_set_is_read_from_names_with_commas() -> None:
    """The set that is suggested counts as accepted in whatever order."""
    names = LabelNames.of((LabelSet(["late"]), LabelSet(["broken", "late"])))
    row = EditedRow(
        row=0, given=LabelSet(["late"]), suggested=LabelSet(["broken", "late"]), error_probability=None, shown=None
    )

    event = decision_of_edit(
        CellEdits(label="late, broken"), row, names=names, in_force=None, reviewer="kim", now=NOW, page=""
    )

    assert event is not None
    assert (event.verdict, event.label) == (Verdict.ACCEPT, LabelSet(["broken", "late"]))


@pytest.mark.parametrize("verdict", [Verdict.EXCLUDE, Verdict.AMBIGUOUS, Verdict.UNSURE, Verdict.KEEP])
def test_a_chosen_verdict_is_a_decision(verdict: Verdict) -> None:
    """Exclusion is decided in the table as well."""
    event = _decide(CellEdits(verdict=verdict))

    assert event is not None
    assert (event.verdict, event.label) == (verdict, None)


def test_a_note_goes_to_the_decision_that_is_there() -> None:
    """Verdict and label stay."""
    event = _decide(CellEdits(note=" sure "), shown=_event(), in_force=_event())

    assert event is not None
    assert (event.verdict, event.label, event.note) == (Verdict.RELABEL, "c", "sure")


def test_a_new_decision_keeps_the_note() -> None:
    """Who changes the label again does not lose their remark."""
    noted = ReviewEvent(
        uuid="1", row=7, kind=EventKind.DECIDE, verdict=Verdict.UNSURE, reviewer="kim", note="hm", decided_at=NOW
    )

    event = _decide(CellEdits(label="c"), shown=noted, in_force=noted)

    assert event is not None
    assert event.note == "hm"


@pytest.mark.parametrize(
    ("edits", "given", "message"),
    [
        (CellEdits(note="x"), "a", "A note must belong to a decision"),
        (CellEdits(verdict=Verdict.RELABEL), "a", "A new label must be named"),
        (CellEdits(verdict=Verdict.KEEP), None, "Only a given label can be kept"),
        (CellEdits(label="x" * 501), "a", "at most 500 characters"),
        (CellEdits(label="  "), "a", "must have a name"),
    ],
)
def test_cells_that_say_no_decision_are_refused(edits: CellEdits, given: Label | None, message: str) -> None:
    """With a sentence that says what to do."""
    with pytest.raises(InvalidInputError, match=message) as refusal:
        _decide(edits, given=given)

    assert refusal.value.fix


def test_a_row_that_somebody_else_decided_meanwhile_is_not_overwritten() -> None:
    """The table showed no decision; by now there is lee's."""
    with pytest.raises(ReviewConflictError, match="Row 7 was decided by lee"):
        _decide(CellEdits(label="c"), in_force=_event(label="b"))


def test_a_decision_that_was_taken_back_meanwhile_is_a_conflict_too() -> None:
    """The table showed lee's decision; by now there is none."""
    with pytest.raises(ReviewConflictError, match="taken back"):
        _decide(CellEdits(note="x"), shown=_event())


def test_ones_own_decision_in_another_window_is_no_conflict() -> None:
    """A reviewer may go on where they are."""
    event = _decide(CellEdits(label="b"), in_force=_event(reviewer="kim"))

    assert event is not None


def test_the_same_edit_of_the_same_page_is_the_same_decision() -> None:
    """A run of the page that is repeated stores it once; after the log went on it is another one."""
    first, again = _decide(CellEdits(label="c")), _decide(CellEdits(label="c"))
    later = _decide(CellEdits(label="c"), page="page after an undo")

    assert first is not None
    assert again is not None
    assert later is not None
    assert first.uuid == again.uuid != later.uuid


def test_what_is_decided_so_already_is_no_new_decision() -> None:
    """Choosing the label that is there changes nothing."""
    assert _decide(CellEdits(label="c"), shown=_event(), in_force=_event()) is None


def test_a_step_can_be_undone_and_made_again_any_number_of_times() -> None:
    """Each press is an event of its own, and the log follows them."""
    decided = _decide(CellEdits(label="c"))
    assert decided is not None
    log = [decided]

    for kind in (EventKind.UNDO, EventKind.REDO, EventKind.UNDO):
        log.append(undo_of(log, decided.step, kind=kind, reviewer="kim", now=NOW))

    assert len({event.uuid for event in log}) == 4
    assert [event.row for event in log] == [7, 7, 7, 7]
    assert current_decisions(log[:3]) == {7: decided}
    assert current_decisions(log) == {}
