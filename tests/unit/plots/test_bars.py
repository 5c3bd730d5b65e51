"""Bars to both sides."""

from __future__ import annotations

from labelclean.plots.bars import BarSide, two_sided_bars
from labelclean.plots.palette import DARK, LIGHT

LEFT = BarSide(title="wrongly given", values=[3, 0.2], said=["three <b>", "few"], keys=[7, 8])
RIGHT = BarSide(title="left out", values=[1, 12.6], said=["one", "many"], keys=[7, 8])


def test_each_bar_tells_its_side_and_key_when_it_is_clicked() -> None:
    """The page opens the queue of what was clicked."""
    left, right = two_sided_bars(["a", "b"], LEFT, RIGHT, palette=LIGHT).data

    assert [list(pair) for pair in left.customdata] == [[0, 7], [0, 8]]
    assert [list(pair) for pair in right.customdata] == [[1, 7], [1, 8]]


def test_what_was_given_goes_left_and_dotted_what_is_suggested_right_and_solid() -> None:
    """Colour is not the only sign."""
    left, right = two_sided_bars(["a", "b"], LEFT, RIGHT, palette=DARK).data

    assert list(left.x) == [-3, -0.2]
    assert (left.marker.pattern.shape, left.marker.line.color) == (".", DARK.given)
    assert list(right.x) == [1, 12.6]
    assert (right.marker.pattern.shape, right.marker.color) == (None, DARK.suggested)


def test_bars_have_their_number_unless_it_rounds_to_nothing() -> None:
    """A bar of less than half a row has none."""
    left, right = two_sided_bars(["a", "b"], LEFT, RIGHT, palette=LIGHT).data

    assert list(left.text) == ["3", ""]
    assert list(right.text) == ["1", "13"]


def test_names_and_words_stand_letter_for_letter() -> None:
    """Markup in a label is text."""
    figure = two_sided_bars(["<i>a</i>", "b$x$"], LEFT, RIGHT, palette=LIGHT)

    assert list(figure.layout.yaxis.ticktext) == ["&lt;i&gt;a&lt;/i&gt;", "b&#36;x&#36;"]
    assert figure.data[0].hovertext[0] == "three &lt;b&gt;"


def test_both_sides_have_one_scale() -> None:
    """The longest bar of either side gives it."""
    low, high = two_sided_bars(["a", "b"], LEFT, RIGHT, palette=LIGHT).layout.xaxis.range

    assert low == -high
    assert high > 12.6
