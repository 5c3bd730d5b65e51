"""The overview page without a browser."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
from streamlit.testing.v1 import AppTest

from labelclean.config import AuditConfig
from labelclean.home import Home
from labelclean.store.records import PredProbsRecord, ProjectRecord
from labelclean.workspace import Workspace


def _html(page: AppTest) -> str:
    return "".join(element.proto.body for element in page.get("html"))


def test_figures_and_class_table_are_shown(view: Callable[..., AppTest], demo: ProjectRecord) -> None:
    """Rows, classes, estimates and one line for each class."""
    page = view("overview", demo)

    assert not page.exception
    assert "estimated)" in _html(page)
    table = page.dataframe[0].value
    assert len(table) == 10
    assert int(table["Rows given"].sum()) == demo.dataset.layout.n_rows
    assert table["Estimated errors"].is_monotonic_decreasing


def test_the_demo_says_how_many_planted_errors_were_found(view: Callable[..., AppTest], demo: ProjectRecord) -> None:
    """The demo's own answers are compared with the flags."""
    page = view("overview", demo)

    assert "50 wrong labels were planted" in _html(page)


def test_own_probabilities_are_named_with_what_looked_odd(
    view: Callable[..., AppTest], demo: ProjectRecord, demo_home: Path
) -> None:
    """The reader knows whose model judged, and what was said when the file was added."""
    workspace = Workspace.open(Home.at(demo_home))
    dataset = workspace.load_dataset(demo)
    buffer = io.BytesIO()
    np.save(buffer, np.eye(dataset.n_classes)[dataset.labels])
    sha256, n_bytes = workspace.keep_file(io.BytesIO(buffer.getvalue()), max_bytes=10**9)
    project = workspace.create_project(
        name="Own",
        file_name=demo.dataset.file_name,
        sha256=demo.dataset.sha256,
        n_bytes=demo.dataset.n_bytes,
        layout=demo.dataset.layout,
        roles=demo.dataset.roles,
        pred_probs=PredProbsRecord(
            sha256=sha256, file_name="<b>probs.npy", n_bytes=n_bytes, findings=(("They look in-sample.", "Fold."),)
        ),
    )
    workspace.run_audit(project.id, AuditConfig())

    page = view("overview", workspace.store.get_project(project.id))

    assert not page.exception
    assert "Probabilities: your own (&lt;b&gt;probs.npy)." in _html(page)
    assert "They look in-sample." in _html(page)
    workspace.delete_project(project.id)
    workspace.close()


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


def test_the_number_of_errors_comes_with_its_interval_and_the_statement(
    view: Callable[..., AppTest], make_project: Callable[..., ProjectRecord]
) -> None:
    """What was estimated says how surely; what is odd about the labels as a whole is said in a sentence."""
    project = make_project(n_errors_interval=(1_084, 2_121), statement="Labels look <b>systematically</b> produced.")

    page = view("overview", project)

    assert "wrong labels (1,084–2,121, estimated)" in _html(page)
    assert "Labels look &lt;b&gt;systematically&lt;/b&gt; produced." in _html(page)


def test_without_a_statement_nothing_is_said(view: Callable[..., AppTest], demo: ProjectRecord) -> None:
    """A run of the version before has none."""
    page = view("overview", demo)

    assert "corrected by" not in _html(page)
