"""Renaming a class."""

from __future__ import annotations

import pytest

from labelclean.errors import InvalidInputError
from labelclean.label_set import LabelSet
from labelclean.review.merging import merged_label
from labelclean.review.renaming import make_rename, name_taken, single_labels
from tests.store_examples import MOMENT

KNOWN = ("late", "refund", 1)


def test_a_rename_is_a_merge_with_words_of_its_own() -> None:
    """Everything that understands merges understands it."""
    rename = make_rename("late", " delayed ", known=KNOWN, reviewer="kim", now=MOMENT)

    assert rename.note == "renamed “late” to “delayed”"
    assert (rename.merged, rename.label) == (("late",), "delayed")


def test_a_label_is_renamed_inside_sets() -> None:
    """The other labels stay."""
    rename = make_rename("late", "delayed", known=KNOWN, reviewer="kim", now=MOMENT)

    assert merged_label(LabelSet(["refund", "late"]), [rename]) == LabelSet(["refund", "delayed"])


@pytest.mark.parametrize("taken", ["refund", " refund", "late", "1"])
def test_a_name_that_is_taken_is_refused(taken: str) -> None:
    """Two classes of one name would be a merge, which asks differently."""
    with pytest.raises(InvalidInputError, match="one that is taken") as refused:
        make_rename("late", taken, known=KNOWN, reviewer="kim", now=MOMENT)

    assert refused.value.fix.startswith("Merge the two classes instead")


@pytest.mark.parametrize("odd", ["", "  ", "a\nb", "x" * 501])
def test_a_name_that_is_none_is_refused(odd: str) -> None:
    """Empty, of two lines, or a pasted text."""
    with pytest.raises(InvalidInputError, match="new class"):
        make_rename("late", odd, known=KNOWN, reviewer="kim", now=MOMENT)


def test_the_class_that_has_a_name_is_found_by_it() -> None:
    """Numbers by their name on the screen."""
    assert name_taken("1", KNOWN) == 1
    assert name_taken(" refund ", KNOWN) == "refund"
    assert name_taken("lost", KNOWN) is None


def test_the_labels_of_sets_are_listed_once() -> None:
    """In the order in which they come."""
    assert single_labels([LabelSet(["late", "refund"]), LabelSet(["late", 1]), LabelSet()]) == ("late", "refund", 1)
    assert single_labels(["late", "refund"]) == ("late", "refund")
