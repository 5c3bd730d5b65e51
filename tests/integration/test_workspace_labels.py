"""Label sets, votes and merged names from a kept file to the corrected one, with real files and a real database."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from labelclean.config import AuditConfig
from labelclean.errors import FileContentError
from labelclean.export import planned_changes, write_corrected_file
from labelclean.home import Home
from labelclean.io.layout import ColumnRoles, VoteColumns
from labelclean.io.source import inspect_file
from labelclean.label_set import LabelSet
from labelclean.review.decisions import EventKind, ReviewEvent, Verdict, current_decisions
from labelclean.review.merging import decisions_with_merges, make_merge, merges_in_force, turn_merge
from labelclean.store.merged_runs import run_with_merges
from labelclean.store.records import PredProbsRecord, ProjectRecord
from labelclean.workspace import Workspace
from tests.label_files import ONE_HOT_LABELS, named_csv, one_hot_csv, topic_rows, votes_csv
from tests.store_examples import decide

CONFIG = AuditConfig(n_folds=3, n_explained=5)
NOW = datetime(2026, 3, 4, tzinfo=UTC)
MERGE = make_merge(["Refund", "refund "], "refund", reviewer="kim", now=NOW)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Open a workspace in an empty data directory."""
    opened = Workspace.open(Home.at(tmp_path / "home"))
    yield opened
    opened.close()


def _project(
    workspace: Workspace, content: bytes, *, merges: Sequence[ReviewEvent] = (), votes: VoteColumns | None = None
) -> ProjectRecord:
    """Keep a file, and make a project as the upload page does that takes every guess."""
    sha256, n_bytes = workspace.keep_file(io.BytesIO(content), max_bytes=10**6)
    found = inspect_file(workspace.home.dataset_path(sha256), name="mine.csv")
    columns = {guess.role: guess.column for guess in found.guesses}
    roles = ColumnRoles(
        text=str(columns["text"]),
        label=votes.columns[0] if votes is not None else str(columns["label"]),
        row_id=columns["row_id"],
        spelling=found.spelling,
        votes=votes,
    )
    return workspace.create_project(
        name="Mine",
        file_name="mine.csv",
        sha256=sha256,
        n_bytes=n_bytes,
        layout=found.layout,
        roles=roles,
        merges=merges,
    )


def _export(workspace: Workspace, project: ProjectRecord) -> list[dict[str, str]]:
    """Write the corrected file as the export page does, and return its rows."""
    events = workspace.store.load_events(project.id)
    dataset = workspace.load_dataset(project)
    decisions = decisions_with_merges(current_decisions(events), merges_in_force(events), dataset)
    record, target = project.dataset, io.BytesIO()
    write_corrected_file(workspace.home.dataset_path(record.sha256), target, record.layout, record.roles, decisions)
    return list(csv.DictReader(io.StringIO(target.getvalue().decode(), newline="")))


def _rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def test_label_sets_are_analysed_stored_and_written_back(workspace: Workspace) -> None:
    """One column for each label: given and suggested sets come out of the store; one corrected set changes one cell."""
    project = _project(workspace, one_hot_csv())
    workspace.run_audit(project.id, CONFIG)

    run = workspace.store.load_run(project.id)

    assert run is not None
    assert run.has_label_sets
    assert [each.label for each in run.label_noise] == sorted(ONE_HOT_LABELS)
    given = [LabelSet(labels) for _, labels in topic_rows(60)]
    assert [run.class_names[code] for code in run.labels] == given
    assert workspace.store.load_evidence(project.id, run.ranked_rows[:1].tolist())

    correct = decide("e1", 3, verdict=Verdict.RELABEL, label=LabelSet(["refund"]))
    workspace.store.append_events(project.id, [correct])

    expected = _rows(one_hot_csv())
    assert [expected[3][name] for name in ONE_HOT_LABELS] == ["x", "", "x"]
    expected[3]["late"] = ""
    assert _export(workspace, project) == expected


def test_votes_are_analysed_with_their_annotators(workspace: Workspace) -> None:
    """Each annotator is judged; a correction goes to a column of its own, and the votes stay."""
    project = _project(workspace, votes_csv(), votes=VoteColumns(columns=("kim", "lee", "sam")))
    workspace.run_audit(project.id, CONFIG)

    run = workspace.store.load_run(project.id)

    assert run is not None
    assert [each.name for each in run.annotators] == ["kim", "lee", "sam"]
    worst = min(run.annotators, key=lambda each: each.quality or 0.0)
    assert worst.name == "sam"

    workspace.store.append_events(project.id, [decide("e1", 4, verdict=Verdict.ACCEPT, label="refund")])

    written = _export(workspace, project)
    assert written[4]["consensus_label"] == "refund"
    assert [{name: row[name] for name in ("nr", "message", "kim", "lee", "sam")} for row in written] == _rows(
        votes_csv()
    )


def test_names_merged_before_the_analysis_are_one_class_in_it(workspace: Workspace) -> None:
    """The merge stands at the beginning of the log, and can be undone like any other."""
    project = _project(workspace, named_csv(), merges=[MERGE])
    workspace.run_audit(project.id, CONFIG)

    run = workspace.store.load_run(project.id)

    assert run is not None
    assert [name for name in run.class_names if str(name).strip().lower() == "refund"] == ["refund"]
    assert [event.uuid for event in workspace.store.load_events(project.id)] == [MERGE.uuid]
    assert workspace.store.get_project(project.id).n_decided == 0
    expected = [{**row, "topic": row["topic"].strip().replace("R", "r")} for row in _rows(named_csv())]
    assert _export(workspace, project) == expected

    undo = turn_merge(MERGE, EventKind.UNDO, reviewer="kim", now=NOW)
    workspace.store.append_events(project.id, [undo])

    assert _export(workspace, project) == _rows(named_csv())
    assert workspace.store.load_merge_events(project.id) == [
        replace(MERGE, position=1),
        replace(undo, position=2),
    ]


def test_a_merge_and_decisions_go_into_the_change_log(workspace: Workspace) -> None:
    """A person's other label wins; every merged row has a line that says what happened."""
    project = _project(workspace, named_csv())
    rows = _rows(named_csv())
    refunds = [row for row, line in enumerate(rows) if line["topic"] in {"Refund", "refund "}]
    corrected, confirmed = refunds[0], refunds[1]
    events = [
        decide("e1", corrected, verdict=Verdict.RELABEL, label="late"),
        decide("e2", confirmed),
        MERGE,
    ]
    workspace.store.append_events(project.id, events)

    stored = workspace.store.load_events(project.id)
    dataset = workspace.load_dataset(project)
    changes = planned_changes(
        dataset, decisions_with_merges(current_decisions(stored), merges_in_force(stored), dataset)
    )

    new = {change.row: (change.verdict, change.new) for change in changes}
    assert sorted(new) == refunds
    assert new[corrected] == (Verdict.RELABEL, "late")
    assert new[confirmed] == (Verdict.KEEP, "refund")
    assert all(new[row] == (Verdict.RELABEL, "refund") for row in refunds[2:])
    assert all("merged" in change.note for change in changes if change.row != corrected)


def test_a_folder_that_is_no_dataset_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    """Nothing is kept of it."""
    folder = tmp_path / "plain"
    folder.mkdir()
    (folder / "data.csv").write_text("a,b\n1,2\n", encoding="utf-8")

    with pytest.raises(FileContentError):
        workspace.keep_folder(folder)

    assert list(workspace.home.datasets.iterdir()) == []


def test_the_user_s_own_model_is_asked_by_the_names_of_the_file(workspace: Workspace) -> None:
    """A merge does not leave out the columns of names that are gone; what was found is merged afterwards."""
    project = _project(workspace, named_csv(), merges=[MERGE])
    dataset = workspace.load_dataset(project)
    buffer = io.BytesIO()
    np.save(buffer, np.eye(dataset.n_classes)[dataset.labels] * 0.9 + 0.1 / dataset.n_classes)
    sha256, n_bytes = workspace.keep_file(io.BytesIO(buffer.getvalue()), max_bytes=10**6)
    record = project.dataset
    own = workspace.create_project(
        name="Own model",
        file_name="mine.csv",
        sha256=record.sha256,
        n_bytes=record.n_bytes,
        layout=record.layout,
        roles=record.roles,
        pred_probs=PredProbsRecord(sha256=sha256, file_name="p.npy", n_bytes=n_bytes),
        merges=[replace(MERGE, uuid="own")],
    )
    workspace.run_audit(own.id, CONFIG)

    run = workspace.store.load_run(own.id)

    assert run is not None
    assert run.class_names == dataset.class_names
    merged = run_with_merges(run, workspace.merged_dataset(own), merges_in_force(workspace.store.load_events(own.id)))
    assert {merged.class_names[code] for code in merged.labels} == {"late", "broken", "refund", "other"}
