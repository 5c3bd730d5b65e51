"""The other columns of kept files in the data directory: made, made again, and removed with their file."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from labelclean.home import Home
from labelclean.io.layout import ColumnRoles
from labelclean.io.source import inspect_file
from labelclean.store.records import ProjectRecord
from labelclean.workspace import Workspace

CONTENT = b"text,label,source\nhello,a,web\nbye,b,mail\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Return an empty workspace."""
    opened = Workspace.open(Home.at(tmp_path))
    yield opened
    opened.close()


@pytest.fixture
def make(workspace: Workspace) -> Callable[..., ProjectRecord]:
    """Return what makes a project of the file."""

    def project(label: str = "label") -> ProjectRecord:
        sha256, n_bytes = workspace.keep_file(io.BytesIO(CONTENT), max_bytes=10**6)
        layout = inspect_file(workspace.home.dataset_path(sha256), name="t.csv").layout
        roles = ColumnRoles(text="text", label=label)
        return workspace.create_project(
            name="Own", file_name="t.csv", sha256=sha256, n_bytes=n_bytes, layout=layout, roles=roles
        )

    return project


def _kept(workspace: Workspace) -> list[Path]:
    return sorted(workspace.home.columns.iterdir())


def test_columns_are_read_once_and_then_found(workspace: Workspace, make: Callable[..., ProjectRecord]) -> None:
    """The second time nobody reads the file."""
    project, steps = make(), list[str]()

    workspace.row_columns(project, lambda step, _: steps.append(step))
    first = len(steps)
    columns = workspace.row_columns(project, lambda step, _: steps.append(step))

    assert columns.row(1) == [("source", "mail")]
    assert first == len(steps) > 0
    assert set(steps) == {"Reading the other columns"}


def test_damaged_columns_are_made_again(workspace: Workspace, make: Callable[..., ProjectRecord]) -> None:
    """Nobody notices."""
    project = make()
    workspace.row_columns(project)
    _kept(workspace)[0].write_bytes(b"damaged")

    columns = workspace.row_columns(project)

    assert columns.row(0) == [("source", "web")]


def test_two_ways_of_reading_one_file_have_columns_of_their_own(
    workspace: Workspace, make: Callable[..., ProjectRecord]
) -> None:
    """The label of one project is another column of the next."""
    first, second = workspace.row_columns(make()), workspace.row_columns(make("source"))

    assert (first.names, second.names) == (("source",), ("label",))
    assert len(_kept(workspace)) == 2


def test_columns_go_with_the_last_project_of_their_file(
    workspace: Workspace, make: Callable[..., ProjectRecord]
) -> None:
    """While another project uses the file they stay."""
    first, second = make(), make()
    workspace.row_columns(first)

    workspace.delete_project(first.id)
    after_one = len(_kept(workspace))
    workspace.delete_project(second.id)

    assert after_one == 1
    assert _kept(workspace) == []


def test_columns_without_a_project_are_removed_at_the_next_start(
    workspace: Workspace, make: Callable[..., ProjectRecord]
) -> None:
    """A project may be deleted while its columns are being read."""
    workspace.row_columns(make())
    (workspace.home.columns / f"{'0' * 64}.0.arrow").write_bytes(b"")

    Workspace.open(workspace.home).close()

    assert len(_kept(workspace)) == 1
