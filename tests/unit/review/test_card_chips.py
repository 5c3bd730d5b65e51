"""The labels on the card of a row with a label set."""

from __future__ import annotations

from labelclean.label_set import LabelSet
from labelclean.review.card_chips import MAX_CHIPS, label_chips


def test_changes_lead_then_what_stays_then_likely_labels() -> None:
    """Given late and broken, suggested late and refund: refund is added, broken removed, late stays."""
    chips = label_chips(
        LabelSet(["late", "broken"]), LabelSet(["late", "refund"]), [("refund", 0.91239), ("price", 0.3), ("late", 0.8)]
    )

    assert [(chip["label"], chip["prob"], chip["given"], chip["suggested"]) for chip in chips] == [
        ("refund", 0.9124, False, True),
        ("broken", None, True, False),
        ("late", 0.8, True, True),
        ("price", 0.3, False, False),
    ]


def test_a_row_without_a_set_has_all_of_the_suggestion_as_additions() -> None:
    """Nothing is given, so nothing can be removed."""
    chips = label_chips(None, LabelSet(["late"]))

    assert [(chip["label"], chip["given"], chip["suggested"]) for chip in chips] == [("late", False, True)]


def test_labels_that_hardly_fit_are_left_out() -> None:
    """Below one per cent a label is only in the way."""
    chips = label_chips(LabelSet(["late"]), LabelSet(["late"]), [("price", 0.009), ("other", 0.01)])

    assert [chip["label"] for chip in chips] == ["late", "other"]


def test_a_long_set_is_shown_whole_and_nothing_beside_it() -> None:
    """What is confirmed must be on the screen; there is room for twelve, or for the whole set."""
    names = [f"l{place:02d}" for place in range(15)]

    chips = label_chips(LabelSet(names), LabelSet(names[:14]), [("other", 0.5)])
    short = label_chips(LabelSet(["a"]), LabelSet(["a"]), [(name, 0.5) for name in names])

    assert [chip["label"] for chip in chips] == ["l14", *names[:14]]
    assert len(short) == MAX_CHIPS


def test_names_are_those_that_travel_in_sets() -> None:
    """A number and a text that looks like it are told apart, and commas stand in quotes."""
    chips = label_chips(LabelSet([2, "2"]), LabelSet([2, "2", "a, b"]), copies=[LabelSet(["copy"]), LabelSet([2])])

    assert [chip["label"] for chip in chips] == ['"a, b"', "2", '"2"', "copy"]
