"""The export page without a browser."""

from __future__ import annotations

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from labelclean.store.records import ProjectRecord


def test_without_decisions_the_page_says_that_nothing_changes(
    view: Callable[..., AppTest], demo: ProjectRecord
) -> None:
    """No corrections: the list is replaced by what to do, and the downloads are there all the same."""
    page = view("export", demo)

    html = "".join(element.proto.body for element in page.get("html"))
    assert not page.exception
    assert "No label changes yet." in html
    assert len(page.get("download_button")) == 4
