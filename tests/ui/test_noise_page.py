"""The noise page without a browser."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from streamlit.testing.v1 import AppTest

from labelclean.results import NoiseEstimate
from labelclean.review.decisions import Verdict
from labelclean.store.records import ProjectRecord
from labelclean.workspace import Workspace
from tests.store_examples import decide


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


def _html(page: AppTest) -> str:
    return "".join(element.proto.body for element in page.get("html"))


def _many_classes(make_project: Callable[..., ProjectRecord], n_classes: int) -> ProjectRecord:
    """Return a project whose run has that many classes; class 1 is given for class 0 in 30 rows, and back in 20."""
    counts = 10 * np.eye(n_classes, dtype=np.int64)
    counts[1, 0], counts[0, 1] = 30, 20
    noise = NoiseEstimate(
        confident_joint=counts,
        joint=counts / counts.sum(),
        noise_matrix=counts / counts.sum(axis=0),
        inverse_noise_matrix=counts / counts.sum(axis=1, keepdims=True),
        class_priors=counts.sum(axis=0) / counts.sum(),
        n_label_errors=50,
    )
    return make_project(class_names=tuple(f"class {code:03}" for code in range(n_classes)), noise=noise)


def test_above_eighty_classes_any_class_can_be_looked_up(
    view: Callable[..., AppTest], make_project: Callable[..., ProjectRecord]
) -> None:
    """The page says which are drawn; the table is then about the chosen class only."""
    page = view("noise", _many_classes(make_project, 81))
    said = _html(page)

    page.selectbox(key="noise-class").select_index(0).run()

    assert not page.exception
    assert "Drawn are the 40 most confused of 81 classes." in said
    assert "Mistakes about class 000" in _html(page)
    table = page.dataframe[0].value
    assert ((table["Truly"] == "class 000") | (table["Given"] == "class 000")).all()
    assert {chart.key for chart in page.get("plotly_chart")} == {"noise-map-given_if_true", "noise-class-bars-0"}


def test_up_to_eighty_classes_all_are_drawn(
    view: Callable[..., AppTest], make_project: Callable[..., ProjectRecord]
) -> None:
    """Nothing is said about a choice."""
    page = view("noise", _many_classes(make_project, 80))

    assert not page.exception
    assert "Drawn are" not in _html(page)


def test_a_class_that_nothing_is_mistaken_for_says_so(
    view: Callable[..., AppTest], make_project: Callable[..., ProjectRecord]
) -> None:
    """There are no bars to draw."""
    page = view("noise", _many_classes(make_project, 20))

    page.selectbox(key="noise-class").select_index(19).run()

    assert not page.exception
    assert "No row is estimated to be mistaken for it" in _html(page)


def test_with_enough_decisions_the_map_can_show_what_was_decided(
    view: Callable[..., AppTest], make_project: Callable[..., ProjectRecord], workspace: Workspace
) -> None:
    """Below twenty it is not offered; doubts do not count."""
    project = make_project()
    few = view("noise", project)
    decisions = [decide(f"{project.id}-{row}", row) for row in range(20)]
    doubt = decide(f"{project.id}-20", 20, verdict=Verdict.UNSURE)
    workspace.store.append_events(project.id, [*decisions, doubt])

    page = view("noise", project)
    page.segmented_control(key="noise-kind").set_value("Decided so far").run()

    assert "Decided so far" not in few.segmented_control(key="noise-kind").options
    assert not page.exception
    assert "Counted over 20 rows." in _html(page)
