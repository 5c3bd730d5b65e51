"""The noise page without a browser."""

from __future__ import annotations

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from labelclean.store.records import ProjectRecord


def test_the_table_lists_each_confused_pair_once(view: Callable[..., AppTest], demo: ProjectRecord) -> None:
    """Pairs come most rows first; no pair is listed twice or with itself."""
    page = view("noise", demo)

    assert not page.exception
    table = page.dataframe[0].value
    assert not table.duplicated(["Truly", "Given"]).any()
    assert (table["Truly"] != table["Given"]).all()
    assert table["Rows"].is_monotonic_decreasing


def test_the_diagonal_can_be_shown(view: Callable[..., AppTest], demo: ProjectRecord) -> None:
    """The sentence above the map says whether the diagonal is hidden."""
    page = view("noise", demo)
    hidden = "".join(element.proto.body for element in page.get("html"))

    page.toggle(key="noise-diagonal").set_value(False).run()
    shown = "".join(element.proto.body for element in page.get("html"))

    assert "The diagonal is hidden." in hidden
    assert "The diagonal is hidden." not in shown
