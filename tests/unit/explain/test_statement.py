"""What there is to say about the labels as a whole."""

from __future__ import annotations

import pytest

from labelclean.explain.statement import describe_labels


@pytest.mark.parametrize(("free_weight", "is_said"), [(0.0, True), (0.89, True), (0.9, False), (1.0, False)])
def test_labels_that_a_rule_can_have_made_are_called_so(*, free_weight: float, is_said: bool) -> None:
    """From the weight of the learners that could follow it; it comes before everything else."""
    found = describe_labels(free_weight=free_weight, n_errors=0, interval=(0, 0), n_labelled=1000)

    assert found.startswith("The labels look systematically produced") == is_said


@pytest.mark.parametrize(("n_labelled", "is_said"), [(2, False), (199, False), (200, True)])
def test_of_few_labels_no_rule_can_be_told(*, n_labelled: int, is_said: bool) -> None:
    """Two learners may differ by chance."""
    found = describe_labels(free_weight=0.0, n_errors=0, interval=(0, 0), n_labelled=n_labelled)

    assert (found != "") == is_said


@pytest.mark.parametrize(
    ("most", "n_labelled", "is_said"),
    [(20, 1000, True), (21, 1000, False), (4, 200, True), (5, 200, False), (0, 199, False)],
)
def test_labels_are_called_nearly_clean_where_two_in_a_hundred_are_wrong_at_the_most(
    *, most: int, n_labelled: int, is_said: bool
) -> None:
    """By the upper end of the interval, and of two hundred labels at least."""
    found = describe_labels(free_weight=1.0, n_errors=0, interval=(0, most), n_labelled=n_labelled)

    assert found.startswith("The labels look nearly clean") == is_said
    assert found or not is_said


def test_the_figures_are_named_with_separators() -> None:
    """As a reader expects them."""
    found = describe_labels(free_weight=1.0, n_errors=1234, interval=(600, 2345), n_labelled=1_234_567)

    assert found == "The labels look nearly clean: about 1,234 of 1,234,567 are wrong, 2,345 at the most."


def test_of_common_labels_nothing_is_said() -> None:
    """An empty sentence."""
    assert describe_labels(free_weight=1.0, n_errors=80, interval=(50, 120), n_labelled=1000) == ""
