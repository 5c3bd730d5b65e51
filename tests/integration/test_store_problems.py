"""Problems of the data in the store, on a real SQLite file and on a real PostgreSQL server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from labelclean.errors import NotFoundError
from labelclean.home import Home
from labelclean.io.layout import ColumnRoles
from labelclean.io.source import inspect_file
from labelclean.issues.problem import DataProblem, ProblemReport, problem_of
from labelclean.store.records import ProjectRecord
from labelclean.store.run_records import ComputedRun, StoredRun
from labelclean.store.sql import SqlStore
from labelclean.worker import run_job
from labelclean.workspace import REVIEW_CONFIG, Workspace

MakeRun = Callable[[int], StoredRun]


def problem(*rows: int) -> DataProblem:
    """Return texts unlike all others, the first the worst, with a reason that is hard to store."""
    found = problem_of("outliers", rows, [0.1 * place for place in range(len(rows))], ["“é” \x00 \ud800"] * len(rows))
    assert found is not None
    return found


REPORT = ProblemReport(
    problems=(problem(4, 2),), checked=("outliers", "odd_language"), left_out=(("ambiguous", "No model."),)
)


def test_problems_come_back_with_what_was_looked_for(
    store: SqlStore, project: ProjectRecord, make_run: MakeRun
) -> None:
    """All of them, or one by its name."""
    store.save_run(project.id, ComputedRun(run=make_run(9), problems=REPORT))

    report, one = store.load_problems(project.id), store.load_problem(project.id, "outliers")

    assert report is not None
    assert report.checked == ("odd_language", "outliers")
    assert report.left_out == REPORT.left_out
    assert [found.rows.tolist() for found in report.problems] == [[4, 2]]
    assert one is not None
    assert one.reason_of(2) == "“é” \x00 \ud800"
    assert store.load_problem(project.id, "odd_language") is None
    assert store.load_problem(project.id, "checked") is None


def test_of_copies_the_rows_that_can_go_are_found_by_name(
    store: SqlStore, project: ProjectRecord, make_run: MakeRun
) -> None:
    """A queue of the copies alone leaves one row of each group."""
    from labelclean.issues.near_copies import near_copies  # noqa: PLC0415  (slow to load)

    run = make_run(3)
    copies = near_copies(["one text", "one text", "another"], run.labels * 0)
    assert copies is not None
    store.save_run(project.id, ComputedRun(run=run, problems=ProblemReport(problems=(copies,))))

    spare = store.load_problem(project.id, "near_duplicates:spare")

    assert spare is not None
    assert spare.rows.tolist() == [1]


def test_a_run_that_nobody_looked_at_has_no_report(store: SqlStore, project: ProjectRecord, make_run: MakeRun) -> None:
    """That is another thing than a report without problems."""
    assert store.load_problems(project.id) is None
    run_id = store.save_run(project.id, ComputedRun(run=make_run(9)))
    assert store.load_problems(project.id) is None

    store.save_problems(project.id, run_id, ProblemReport(checked=("outliers",)))

    assert store.load_problems(project.id) == ProblemReport(checked=("outliers",))


def test_a_later_search_takes_the_place_of_the_one_before(
    store: SqlStore, project: ProjectRecord, make_run: MakeRun
) -> None:
    """Unless there is another run by now."""
    run_id = store.save_run(project.id, ComputedRun(run=make_run(9), problems=REPORT))

    store.save_problems(project.id, run_id, ProblemReport(problems=(problem(7),)))

    found = store.load_problem(project.id, "outliers")
    assert found is not None
    assert found.rows.tolist() == [7]
    store.save_run(project.id, ComputedRun(run=make_run(5)))
    assert store.load_problems(project.id) is None
    with pytest.raises(NotFoundError):
        store.save_problems(project.id, run_id, REPORT)


def test_problems_go_with_their_project(store: SqlStore, project: ProjectRecord, make_run: MakeRun) -> None:
    """Nothing is left of a deleted project."""
    store.save_run(project.id, ComputedRun(run=make_run(9), problems=REPORT))

    store.delete_project(project.id)

    assert store.load_problems(project.id) is None


# Searches


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return an empty data directory."""
    return Workspace.open(Home.at(tmp_path / "home"))


def small_project(workspace: Workspace, tmp_path: Path) -> ProjectRecord:
    """Return an analysed project with a damaged text and a text in both splits."""
    lines = [f"please send number {row} back,{'ab'[row % 2]},{'train' if row % 3 else 'test'}" for row in range(24)]
    lines += ["the cafÃ© is closed,a,train", "where is my lamp,b,train", "Where is my lamp,b,test"]
    source = tmp_path / "data.csv"
    source.write_text("\n".join(["text,label,split", *lines]) + "\n", encoding="utf-8")
    with source.open("rb") as stream:
        sha256, n_bytes = workspace.keep_file(stream, max_bytes=10_000)
    project = workspace.create_project(
        name="Mail",
        file_name="data.csv",
        sha256=sha256,
        n_bytes=n_bytes,
        layout=inspect_file(source, name="data.csv").layout,
        roles=ColumnRoles(text="text", label="label"),
    )
    workspace.run_audit(project.id, REVIEW_CONFIG)
    return workspace.store.get_project(project.id)


def test_an_analysis_looks_for_problems_too(workspace: Workspace, tmp_path: Path) -> None:
    """Also into the other columns of the file."""
    project = small_project(workspace, tmp_path)

    damaged = workspace.store.load_problem(project.id, "encoding_damage")
    overlap = workspace.store.load_problem(project.id, "split_overlap")

    assert damaged is not None
    assert damaged.rows.tolist() == [24]
    assert overlap is not None
    assert {25, 26} <= set(overlap.rows.tolist())


def test_a_project_of_an_older_version_can_be_looked_at_later(workspace: Workspace, tmp_path: Path) -> None:
    """The job stores what it finds beside the run that is there."""
    project = small_project(workspace, tmp_path)
    run = workspace.store.load_run(project.id)
    assert run is not None
    run_id = workspace.store.save_run(project.id, ComputedRun(run=run))
    job = workspace.store.create_job(project.id, "problems", {})

    code = run_job(workspace, job.id)

    assert code == 0
    assert workspace.store.load_problem(project.id, "encoding_damage") is not None
    assert workspace.store.get_project(project.id).run_id == run_id


def test_a_project_without_results_cannot_be_looked_at(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The job fails with a sentence."""
    monkeypatch.setattr(Workspace, "run_audit", lambda *_: "")
    project = small_project(workspace, tmp_path)
    job = workspace.store.create_job(project.id, "problems", {})

    code = run_job(workspace, job.id)

    assert code == 1
    assert workspace.store.get_job(job.id).message == "This project has no results yet."


def test_columns_that_cannot_be_read_spoil_nothing(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No split is looked for then."""

    def fail(*_: object) -> None:
        raise NotFoundError("The columns are gone.", fix="")

    monkeypatch.setattr(Workspace, "row_columns", fail)

    project = small_project(workspace, tmp_path)

    report = workspace.store.load_problems(project.id)
    assert report is not None
    assert dict(report.left_out)["split_overlap"] == "No column says which split a row belongs to."
    assert report.get("encoding_damage") is not None
