"""Every page with hostile words in its classes, names and address: no failure, and nothing of them is interpreted."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from labelclean.store.records import ProjectRecord
from labelclean.workspace import Workspace

HOSTILE = '<img src=x onerror=alert(1)></script>:red[x] $x$ `y` "q"'
PAGES = ("overview", "review", "data", "problems", "noise", "statistics", "bulk", "preferences", "export")
ADDRESSES = (
    dict.fromkeys(
        ("q", "given", "suggested", "column", "value", "by", "problem", "kind", "rows", "sort", "columns"), HOSTILE
    ),
    dict.fromkeys(("rows", "page", "size", "min", "max", "given", "adds", "removes"), "9" * 31),
    dict.fromkeys(("rows", "page", "size", "min", "max", "given", "sort"), "-1"),
    dict.fromkeys(("rows", "page", "min", "max", "given", "verdict", "decision", "kind"), "NaN"),
    {"rows": "999999999", "column": "none", "value": "\x00", "adds": '["a"]', "kind": "rare"},
)


def _html(page: AppTest) -> str:
    return "".join(element.proto.body for element in page.get("html"))


def _markdown(page: AppTest) -> str:
    """Return all that Streamlit reads as Markdown: texts, and what stands on buttons, switches and ways to choose."""
    texts = (str(element.value) for element in (*page.markdown, *page.caption))
    labels = (element.label for element in (*page.button, *page.checkbox, *page.toggle, *page.radio, *page.selectbox))
    choices = (option for element in (*page.radio, *page.button_group) for option in map(str, element.options))
    return "\n".join((*texts, *labels, *choices))


@pytest.mark.parametrize("name", PAGES)
def test_hostile_classes_and_names_stay_text(
    view: Callable[..., AppTest], make_project: Callable[..., ProjectRecord], workspace: Workspace, name: str
) -> None:
    """A tag in a class or in a project's name is escaped wherever the page writes HTML or Markdown."""
    run = workspace.store.load_run(make_project().id)
    assert run is not None
    classes = tuple(f"{HOSTILE}{place}" for place in range(len(run.class_names)))
    project = make_project(class_names=classes)
    workspace.store.rename_project(project.id, HOSTILE)

    page = view(name, workspace.store.get_project(project.id))

    assert not page.exception
    assert "<img" not in _html(page)
    assert ":red[x]" not in _markdown(page)
    assert "$x$" not in _markdown(page)


@pytest.mark.parametrize("address", ADDRESSES, ids=["tags", "huge", "negative", "nan", "unknown"])
@pytest.mark.parametrize("name", PAGES)
def test_an_address_typed_by_anyone_never_breaks_a_page(
    view: Callable[..., AppTest], demo: ProjectRecord, name: str, address: dict[str, str]
) -> None:
    """What cannot be used counts as its default, and nothing of it becomes a tag."""
    page = view(name, demo, **address)

    assert not page.exception
    assert "<img" not in _html(page)
