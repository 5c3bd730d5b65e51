"""The other columns of a row as the card shows them."""

from __future__ import annotations

from labelclean.review.other_columns import ColumnsReader, shown_columns


def test_columns_stand_as_in_the_file() -> None:
    """Order, empty values and white space are kept."""
    shown = shown_columns([("b", " two "), ("a", "")])

    assert shown == [{"name": "b", "value": " two "}, {"name": "a", "value": ""}]


def test_long_values_are_cut_with_an_ellipsis() -> None:
    """A value of a thousand characters stays, one more does not."""
    shown = shown_columns([("fits", "x" * 1000), ("long", "y" * 1001)])

    assert shown[0]["value"] == "x" * 1000
    assert shown[1]["value"] == "y" * 999 + "…"


def test_a_row_of_many_columns_stays_small() -> None:
    """A card may not grow with the file."""
    shown = shown_columns([(f"column {place}", "z" * 900) for place in range(500)])

    assert len(shown) == 100
    assert sum(len(column["value"]) for column in shown) < 5_200


def test_a_row_is_read_once() -> None:
    """The window of cards moves by one row a decision."""
    read: list[int] = []

    def cells(row: int) -> list[tuple[str, str]]:
        read.append(row)
        return [("row", str(row))]

    reader = ColumnsReader(read=cells)
    for row in (1, 2, 1, 2, 3):
        reader.of_row(row)

    assert read == [1, 2, 3]
    assert reader.of_row(2) == [{"name": "row", "value": "2"}]
