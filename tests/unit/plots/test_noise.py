"""The heat map of which class is mistaken for which."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from labelclean.arrays import CountMatrix, ProbMatrix
from labelclean.plots.cell_text import NoiseKind, percent_text, plain_text, short_name, text_color
from labelclean.plots.confused import ConfusedPair
from labelclean.plots.noise import confused_pairs, drawn_classes, noise_heat_map
from labelclean.plots.palette import DARK, LIGHT, Palette, blend, contrast_ratio

# Indexed [given, true]; every column sums to 1.
MATRIX: ProbMatrix = np.array([[0.90, 0.00, 0.25], [0.09, 0.96, 0.00], [0.01, 0.04, 0.75]])
COUNTS: CountMatrix = np.array([[90, 0, 25], [9, 96, 0], [1, 4, 75]])
NAMES = ("billing", "refund", "warranty")


def draw(**options: Any) -> Any:
    """Draw the small matrix with the ordinary options."""
    return noise_heat_map(MATRIX, NAMES, **{"palette": LIGHT, "hide_diagonal": True, **options})


def cells(figure: Any) -> dict[tuple[int, int], tuple[float, str]]:
    """Join the heat maps of one figure: (column, row) to (colour strength, number)."""
    found: dict[tuple[int, int], tuple[float, str]] = {}
    for trace in figure.data:
        if trace.type == "heatmap":
            assert not trace.text[np.isnan(trace.z)].any(), "plotly writes into empty cells too"
            for row, column in zip(*np.nonzero(~np.isnan(trace.z)), strict=True):
                assert (column, row) not in found
                found[int(column), int(row)] = (float(trace.z[row, column]), trace.text[row, column])
    return found


def points(figure: Any) -> Any:
    """Return the trace that takes clicks."""
    return next(trace for trace in figure.data if trace.type == "scatter" and trace.mode == "markers")


def test_columns_are_given_classes_and_rows_true_classes() -> None:
    """The cell of P(given 0 | true 2) lies in column 0, row 2."""
    found = cells(draw())

    assert found[0, 2][1] == "25"
    assert found[1, 0][1] == "9"
    assert found[2, 0][1] == "1"


def test_colours_follow_the_square_root_of_the_share() -> None:
    """The greatest drawn cell has full colour; 9 % of 25 % gives the root of 0.36."""
    found = cells(draw())

    assert found[0, 2][0] == pytest.approx(1.0)
    assert found[1, 0][0] == pytest.approx(0.6)
    assert found[0, 1][0] == 0.0


def test_hidden_diagonal_has_no_cells_and_no_points() -> None:
    """Cells of right labels are hatched, not coloured, and take no click."""
    figure = draw(hide_diagonal=True)

    assert all(column != row for column, row in cells(figure))
    assert all(given != true for given, true in points(figure).customdata)
    assert any(trace.fillpattern.shape for trace in figure.data if trace.type == "scatter")


def test_shown_diagonal_has_its_numbers() -> None:
    """On demand the diagonal shows the share of right labels."""
    figure = draw(hide_diagonal=False)

    assert cells(figure)[1, 1][1] == "96"
    assert len(points(figure).x) == 9


def test_every_point_carries_given_and_true_code() -> None:
    """A click on column 0, row 2 reports given 0 and true 2."""
    trace = points(draw())

    by_place = {(int(x), int(y)): list(data) for x, y, data in zip(trace.x, trace.y, trace.customdata, strict=True)}

    assert by_place[0, 2] == [0, 2]
    assert by_place[2, 1] == [2, 1]
    assert len(by_place) == 6


def test_click_points_stay_invisible_when_selected() -> None:
    """A selection neither dims nor shows the squares."""
    trace = points(draw())

    assert trace.marker.opacity == trace.selected.marker.opacity == trace.unselected.marker.opacity == 0


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("given_if_true", "25 % of the rows that truly are <b>warranty</b><br>are given <b>billing</b>"),
        ("true_if_given", "25 % of the rows given <b>billing</b><br>truly are <b>warranty</b>"),
        ("joint", "25 % of all rows are given <b>billing</b><br>and truly are <b>warranty</b>"),
    ],
)
def test_hover_says_the_cell_in_words(kind: NoiseKind, words: str) -> None:
    """Each kind of matrix reads as its own sentence, with the estimated rows."""
    trace = points(draw(kind=kind, counts=COUNTS))

    text = trace.hovertext[[list(data) for data in trace.customdata].index([0, 2])]

    assert text == f"Estimated: {words}<br>about 25 rows"


def test_names_are_shown_letter_for_letter() -> None:
    """Plotly would read tags, entities and dollar signs; escaped they stand as they are."""
    hostile = ("<b>bold</b>", "$x^2$", "<a href='javascript:alert(1)'>a</a> & \"co\"\nnext")

    figure = noise_heat_map(MATRIX, hostile, palette=LIGHT, hide_diagonal=False)

    assert list(figure.layout.xaxis.ticktext[:2]) == ["&lt;b&gt;bold&lt;/b&gt;", "&#36;x^2&#36;"]
    shown = "".join([*figure.layout.yaxis.ticktext, *points(figure).hovertext])
    assert "<a" not in shown
    assert "$" not in shown
    assert "\n" not in shown
    assert '"co"' in points(figure).hovertext[-1]


def test_plain_text_uses_only_entities_plotly_knows() -> None:
    """Quotes stay as they are, because plotly would show ``&quot;`` itself."""
    assert plain_text("a & <i> \"q\" 'r' $") == "a &amp; &lt;i&gt; \"q\" 'r' &#36;"


def test_long_names_are_shortened_beside_the_figure_and_whole_on_hover() -> None:
    """A name of 60 letters keeps 24 places at the side."""
    long = "a" * 60

    figure = noise_heat_map(MATRIX, (long, "b", "c"), palette=LIGHT, hide_diagonal=True)

    assert figure.layout.xaxis.ticktext[0] == "a" * 23 + "…"
    assert any(long in text for text in points(figure).hovertext)
    assert short_name("b" * 24) == "b" * 24


def test_labels_that_are_not_text_are_shown_as_text() -> None:
    """Numbers and bools may be classes."""
    figure = noise_heat_map(MATRIX, (0, 1.5, True), palette=LIGHT, hide_diagonal=True)

    assert list(figure.layout.xaxis.ticktext) == ["0", "1.5", "True"]


def test_selected_cell_is_outlined_in_the_accent() -> None:
    """The outline lies around column = given, row = true."""
    figure = draw(selected=(0, 2))

    outline = figure.layout.shapes[0]
    assert (outline.x0, outline.x1, outline.y0, outline.y1) == (-0.5, 0.5, 1.5, 2.5)
    assert outline.line.color == LIGHT.accent


def test_nothing_is_outlined_without_a_selection_or_outside_the_figure() -> None:
    """A class code that is not drawn is ignored."""
    assert len(draw().layout.shapes) == 0
    assert len(draw(selected=(0, 99)).layout.shapes) == 0


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_numbers_can_be_read_on_every_cell(palette: Palette) -> None:
    """At each step of the ramp the number has a contrast of at least 4.5."""
    ramp = [blend(palette.card, palette.given, step / 200) for step in range(201)]

    assert min(contrast_ratio(text_color(cell, palette), cell) for cell in ramp) >= 4.5


@pytest.mark.parametrize(
    ("share", "kind", "text"),
    [
        (0.166, "given_if_true", "17"),
        (0.006, "given_if_true", "1"),
        (0.004, "given_if_true", ""),
        (0.0, "given_if_true", ""),
        (1.0, "given_if_true", "100"),
        (0.004, "joint", "0.4"),
        (0.0004, "joint", ""),
        (0.25, "joint", "25"),
    ],
)
def test_numbers_are_percents_and_empty_where_they_round_to_nothing(share: float, kind: NoiseKind, text: str) -> None:
    """Whole percents, one decimal for shares of all rows."""
    assert percent_text(share, kind) == text


def test_a_matrix_without_errors_draws_pale_cells() -> None:
    """The identity matrix has nothing to scale by."""
    figure = noise_heat_map(np.eye(3), NAMES, palette=LIGHT, hide_diagonal=True)

    assert {strength for strength, _ in cells(figure).values()} == {0.0}


def test_a_single_class_can_be_drawn() -> None:
    """One class has one cell, hatched."""
    figure = noise_heat_map(np.ones((1, 1)), ("only",), palette=LIGHT, hide_diagonal=True)

    assert cells(figure) == {}
    assert len(points(figure).x) == 0


def test_eighty_classes_are_all_drawn() -> None:
    """The limit itself is still whole."""
    assert drawn_classes(np.eye(80)).tolist() == list(range(80))


def test_of_more_than_eighty_classes_the_forty_most_confused_are_drawn() -> None:
    """The pair (given 70, true 5) is the most confused, so both stay; codes remain the true ones."""
    matrix = np.eye(81)
    matrix[70, 5] = 0.5

    figure = noise_heat_map(matrix, [f"c{code}" for code in range(81)], palette=LIGHT, hide_diagonal=True)

    assert len(figure.layout.xaxis.ticktext) == 40
    assert {"c5", "c70"} <= set(figure.layout.xaxis.ticktext)
    assert [70, 5] in [list(data) for data in points(figure).customdata]


def test_counts_decide_which_classes_are_most_confused() -> None:
    """A rare class with a great share gives way to many rows."""
    matrix, counts = np.eye(81), np.zeros((81, 81), dtype=np.int64)
    matrix[80, 79] = 0.9
    for code in range(0, 40, 2):
        counts[code, code + 1] = 10

    assert drawn_classes(matrix, counts).tolist() == list(range(40))


def test_confused_pairs_come_most_rows_first_without_the_diagonal() -> None:
    """Worked out by hand from the counts; empty cells are left out."""
    pairs = confused_pairs(MATRIX, COUNTS)

    assert pairs == (
        ConfusedPair(given=0, true=2, n_rows=25, share=0.25),
        ConfusedPair(given=1, true=0, n_rows=9, share=0.09),
        ConfusedPair(given=2, true=1, n_rows=4, share=0.04),
        ConfusedPair(given=2, true=0, n_rows=1, share=0.01),
    )


def test_confused_pairs_can_be_limited_and_leave_the_counts_alone() -> None:
    """Only the first ones, and the caller's matrix keeps its diagonal."""
    assert [pair.n_rows for pair in confused_pairs(MATRIX, COUNTS, limit=2)] == [25, 9]
    assert COUNTS[0, 0] == 90


def test_pairs_with_equal_counts_come_greater_share_first() -> None:
    """Ties go by share, then by class order."""
    matrix = np.array([[0.5, 0.2, 0.1], [0.3, 0.8, 0.1], [0.2, 0.0, 0.8]])
    counts = np.array([[5, 3, 3], [3, 5, 3], [0, 0, 5]])

    assert [(p.given, p.true) for p in confused_pairs(matrix, counts)] == [(1, 0), (0, 1), (0, 2), (1, 2)]
