"""Guessing how the cells of one column spell labels."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from labelclean.io.labels.guess_cells import guess_cells
from labelclean.io.layout import LabelSpelling

SETS = ["late", "late|lost", "lost", "broken", "broken|lost|late", "late|broken"]


def joined(separator: str) -> list[str]:
    """Return label sets with a separator between the labels."""
    return [cell.replace("|", separator) for cell in SETS]


@pytest.mark.parametrize(
    ("cells", "separator"),
    [
        (SETS, "|"),
        (joined(", "), ","),
        (joined(";"), ";"),
        (joined(" / "), "/"),
        (joined(" + "), "+"),
        (joined("\t"), "\t"),
        (joined("\n"), "\n"),
        (["late|lost", "late", "", "lost"], "|"),
        (["a, b; c, d", "c, d", "a, b"], ";"),
        (["1,2", "1", "2,3", "1,2,3", "3"], ","),
        (["14", "3,14", "3", "7", "3,7", "14", "7,27", "27"], ","),
        (joined("||"), "||"),
        (joined("::"), "::"),
        (["late|lost", "lost|broken", "broken|late", "lost|late"], "|"),
        (["a|b|c", "b|a", "c|b", "a|c"], "|"),
        (['"lost, broken", late', "late", '"lost, broken"', "late, gone", "gone", "gone, late"], ","),
    ],
)
def test_parts_that_come_back_are_labels(cells: Sequence[str], separator: str) -> None:
    """They occur alone as well, or in other numbers and places."""
    spelling, reason = guess_cells(cells)

    assert spelling == LabelSpelling(kind="joined", separator=separator)
    assert reason


@pytest.mark.parametrize(
    "cells",
    [
        ["R&B/Soul", "Rock", "Jazz", "R&B/Soul"],
        ["R&B/Soul", "R&B", "Soul", "Pop"],
        ["London, UK", "Leeds, UK", "Paris, France", "Lyon, France"],
        ["billing/late", "billing/lost", "card/late", "card/lost"],
        ["1,5", "2,5", "1", "2", "5", "2,1"],
        ["1", "1,5", "2", "2,5", "3", "3,5", "4", "4,5", "5", "3", "4"],
        ["home|pans|small", "home|rugs|large", "toys|cars|small"],
        ["{late,lost}", "{late}", "{lost}", "{lost,late,gone}", "{gone}"],
        ["<late><lost>", "<late>", "<lost+found>", "<lost+found><late>"],
        ["2024/01/02", "2024/02/01", "2024/02/02"],
        ["late|lost", "broken"],
        ["late", "lost", "NA"],
        [],
        ["", " "],
    ],
)
def test_in_doubt_a_cell_is_one_label(cells: Sequence[str]) -> None:
    """Places, music, paths, decimals, dates and odd lists hold separators and are one label each."""
    assert guess_cells(cells)[0] == LabelSpelling()


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (['["a", "b"]', "[]", '["a"]'], "json_list"),
        (["[1, 2]", "null", ""], "json_list"),
        (['["a"]'] * 3 + ['["b", "c"]'] * 3 + [f'["{letter}"]' for letter in "defghij"] + ["broken"], "json_list"),
        (["['a', 'b']", "[]", '["a"]'], "python_list"),
        (["{'a'}", "set()", "None"], "python_list"),
        (["('a',)", "('a', 'b')"], "python_list"),
        (["['a' 'b']", "['b']"], "python_list"),
        (["[a]", "[b]"], "plain"),
        (["null", "None"], "plain"),
        (['["a"]', "b", "c"], "plain"),
        (["sent", "set", "(none)"], "plain"),
    ],
)
def test_cells_of_lists_are_told_by_their_text(cells: Sequence[str], kind: str) -> None:
    """Nearly all must be such lists: a few broken ones are found when they are read."""
    assert guess_cells(cells)[0].kind == kind


@pytest.mark.parametrize(
    ("cells", "kind", "names", "expected"),
    [
        (['["a", "b"]', '["a"]'], "list", (), LabelSpelling(kind="array")),
        (['["a", "b"]', "a"], "mixed", (), LabelSpelling(kind="array")),
        (["1", "a"], "mixed", (), LabelSpelling()),
        (['{"a": 1}'], "object", (), LabelSpelling(kind="scores")),
        (["0", "1", "-1"], "number", ("a", "b"), LabelSpelling(kind="names", class_names=("a", "b"))),
        (["0", "2"], "number", ("a", "b"), LabelSpelling()),
        (["0", "1"], "text", ("0", "1"), LabelSpelling()),
        (["0", "1"], "number", (), LabelSpelling()),
        (["true", "false"], "bool", (), LabelSpelling()),
    ],
)
def test_the_kind_of_value_decides_first(
    cells: Sequence[str], kind: str, names: tuple[str, ...], expected: LabelSpelling
) -> None:
    """Numbers are names only where the file has a list of names with a place for each."""
    assert guess_cells(cells, kind=kind, class_names=names)[0] == expected


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (
            ["<c++><late>", "<late>", "<c++>"],
            (
                "Each cell is one label: 3 of 3 cells look like lists of a kind that cannot be read; "
                "as JSON lists they would be label sets."
            ),
        ),
        (SETS, "3 of 6 cells hold several labels with “|” between them; each part occurs on its own as well."),
        (
            ["a\tb", "b\tc", "a", "b", "c\ta"],
            "3 of 5 cells hold several labels with a tab between them; 67% of the parts occur on their own as well.",
        ),
        (
            ["a|b|c", "b|a", "c|b", "a|c"],
            (
                "4 of 4 cells hold several labels with “|” between them; the parts come back in other cells, in other "
                "numbers and places."
            ),
        ),
        (['["a", "b"]', '["a"]', ""], "Each cell is a JSON list; 1 of 2 holds several labels."),
        (["a", "b"], "Each of the 2 different cells is one label."),
        (["a", "a"], "Each cell is one label."),
        (
            ["R&B/Soul", "Rock"],
            (
                "Each cell is one label: 1 cell has “/” inside, but what it parts does not come back freely in other "
                "cells."
            ),
        ),
    ],
)
def test_the_reason_is_one_sentence_with_counts(cells: Sequence[str], reason: str) -> None:
    """Also where cells that could be parted are not."""
    assert guess_cells(cells)[1] == reason


def test_lone_labels_beside_lists_are_told() -> None:
    """They are sets of one."""
    reason = guess_cells(['["a", "b"]', "a", "[]"], kind="mixed")[1]

    assert reason == "2 of 3 values are lists; a lone label counts as a list of one."


@pytest.mark.parametrize("cells", [["[0, 1, 0]", "[1, 1, 0]"], ["[false, true, false]", "[true, false, true]"]])
def test_lists_of_marks_without_names_are_no_label_sets(cells: Sequence[str]) -> None:
    """What they mark stands nowhere, and as sets all of them would be the same one."""
    spelling, reason = guess_cells(cells, kind="list")

    assert spelling == LabelSpelling()
    assert reason == "Each value is a list of 3 marks, yes or no for each label, without the names of the labels."


@pytest.mark.parametrize("cells", [["[0, 1]", "[1]"], ["[0, 1]", "[1, 0]"], ["[0, 1]", "[2, 2]"], ["[]", "[]"]])
def test_lists_of_whole_numbers_are_label_sets(cells: Sequence[str]) -> None:
    """Different lengths, no number twice, or numbers beyond one."""
    assert guess_cells(cells, kind="list")[0] == LabelSpelling(kind="array")
