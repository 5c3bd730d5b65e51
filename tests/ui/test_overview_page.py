"""The overview page without a browser."""

from __future__ import annotations

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from labelclean.store.records import ProjectRecord


def _html(page: AppTest) -> str:
    return "".join(element.proto.body for element in page.get("html"))


def test_figures_and_class_table_are_shown(view: Callable[..., AppTest], demo: ProjectRecord) -> None:
    """Rows, classes, estimates and one line for each class."""
    page = view("overview", demo)

    assert not page.exception
    assert "label errors (estimated)" in _html(page)
    table = page.dataframe[0].value
    assert len(table) == 10
    assert int(table["Rows given"].sum()) == demo.dataset.layout.n_rows
    assert table["Estimated errors"].is_monotonic_decreasing


def test_the_demo_says_how_many_planted_errors_were_found(view: Callable[..., AppTest], demo: ProjectRecord) -> None:
    """The demo's own answers are compared with the flags."""
    page = view("overview", demo)

    assert "50 wrong labels were planted" in _html(page)


def test_without_a_project_the_page_says_what_to_do(view: Callable[..., AppTest], demo: ProjectRecord) -> None:
    """A deep link without a project is no error."""
    assert demo.has_run

    page = view("overview")

    assert not page.exception
    assert "No project is open" in _html(page)


def test_a_link_to_a_deleted_project_says_what_to_do(view: Callable[..., AppTest], demo: ProjectRecord) -> None:
    """An old link is no error either."""
    assert demo.has_run

    page = view("overview", project_id="0" * 32)

    assert not page.exception
    assert "This project does not exist" in _html(page)
