"""
Any sequence of what reviewers can do, over a real store: the log alone gives the state and the export.

Decisions and groups come in as the browser sends them; bulk decisions, splits, merges and renames as the pages make
them. What is expected comes from a model that walks its list of steps for every question.
"""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from labelclean.arrays import UNLABELLED, Label
from labelclean.dataset import Dataset
from labelclean.errors import InvalidInputError
from labelclean.export import change_log_csv, change_log_jsonl, planned_changes, read_change_log, replay_log
from labelclean.export.corrected_file import write_corrected_file
from labelclean.io.layout import ColumnRoles, FileLayout, LabelSpelling
from labelclean.io.source import inspect_file, read_dataset, write_back
from labelclean.label_set import LabelSet
from labelclean.results import NoiseEstimate
from labelclean.review.bulk.decide import BulkAction, BulkKind, make_bulk
from labelclean.review.decisions import EventKind, ReviewEvent, Verdict, current_decisions
from labelclean.review.log import ReviewLog
from labelclean.review.merging import decisions_with_merges, make_merge, merge_dataset, merges_in_force
from labelclean.review.outbox import read_outbox
from labelclean.review.renaming import make_rename
from labelclean.review.session import names_for
from labelclean.review.splitting import make_split
from labelclean.store.merged_runs import run_with_merges
from labelclean.store.records import DatasetRecord
from labelclean.store.run_records import StoredRun
from labelclean.store.sql import SqlStore
from tests.project_model import CORRECTING, Done, ProjectModel
from tests.store_examples import MOMENT

PLAIN = b"""id,text,label
1,where is it,late
2,money back,Refund
3,i want my money,refund
4,"still, nothing",late
5,hello,
6,lost it,lost
"""
SETS = b"""id,text,label
1,where is it,late|lost
2,money back,Refund
3,i want my money,refund|Refund
4,"still, nothing",late
5,hello,
6,lost it,lost|late|refund
"""
NAMES = ("late", "lost", "Refund", "refund", "slow, indeed", "=money")
N_ROWS = 6
ROWS = st.lists(st.integers(0, N_ROWS - 1), min_size=1, max_size=4, unique=True)


@dataclass(frozen=True)
class Kept:
    """A file, read."""

    path: Path
    layout: FileLayout
    roles: ColumnRoles
    dataset: Dataset

    @property
    def has_sets(self) -> bool:
        """Whether its rows have label sets."""
        return self.dataset.has_label_sets


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the place of the files and the database."""
    return tmp_path_factory.mktemp("whole")


@pytest.fixture(scope="module", params=["plain", "sets"])
def kept(request: pytest.FixtureRequest, folder: Path) -> Kept:
    """Return the file of one kind."""
    is_plain = request.param == "plain"
    path = folder / f"{request.param}.csv"
    path.write_bytes(PLAIN if is_plain else SETS)
    spelling = LabelSpelling() if is_plain else LabelSpelling(kind="joined", separator="|")
    roles = ColumnRoles(text="text", label="label", row_id="id", spelling=spelling)
    layout = inspect_file(path).layout
    return Kept(path, layout, roles, read_dataset(path, layout, roles))


@pytest.fixture(scope="module")
def stores(folder: Path) -> Iterator[tuple[SqlStore, SqlStore]]:
    """Return two processes' stores over one database: one writes, the other reads what was written."""
    address = f"sqlite:///{folder / 'whole.sqlite3'}"
    writer, reader = SqlStore.open(address), SqlStore.open(address)
    yield writer, reader
    writer.close()
    reader.close()


def first_run(dataset: Dataset) -> StoredRun:
    """Return a run that suggests for each row the label of the row after it."""
    codes = np.where(dataset.labels == UNLABELLED, 0, dataset.labels)
    suggested = np.roll(codes, -1)
    ones = np.ones(N_ROWS)
    counts = np.eye(dataset.n_classes, dtype=np.int64)
    return StoredRun(
        config={},
        class_names=dataset.class_names,
        labels=dataset.labels,
        suggested_labels=suggested,
        label_quality_scores=ones / 2,
        error_probabilities=ones / 2,
        is_issue=ones > 0,
        ranked_rows=np.arange(N_ROWS),
        likely_labels=suggested[:, np.newaxis],
        likely_probs=np.full((N_ROWS, 1), 0.5, dtype=np.float32),
        noise=NoiseEstimate(
            confident_joint=counts,
            joint=counts / len(counts),
            noise_matrix=np.eye(len(counts)),
            inverse_noise_matrix=np.eye(len(counts)),
            class_priors=np.full(len(counts), 1 / len(counts)),
            n_label_errors=0,
        ),
        created_at=MOMENT,
    )


class Project:
    """The real project and its model, side by side."""

    def __init__(self, kept: Kept, store: SqlStore) -> None:
        self.kept, self.store = kept, store
        record = DatasetRecord(sha256="00", file_name=kept.path.name, n_bytes=1, layout=kept.layout, roles=kept.roles)
        self.id = store.create_project(name="x", dataset=record).id
        self.model = ProjectModel([kept.dataset.given_label(row) for row in range(N_ROWS)])
        self.followed = ReviewLog()
        self._first_run = first_run(kept.dataset)

    @property
    def run(self) -> StoredRun:
        """The results with the names of now."""
        merges = merges_in_force(self.followed.events)
        return run_with_merges(self._first_run, merge_dataset(self.kept.dataset, merges), merges)

    def append(self, events: Sequence[ReviewEvent]) -> None:
        """Store events twice, as after a lost answer, and follow the log."""
        self.store.append_events(self.id, events)
        self.store.append_events(self.id, events)
        self.followed.extend(self.store.load_events(self.id, after_position=self.followed.last_position))

    def label(self, names: Sequence[str]) -> Label:
        """Return a label of the file's kind: the first name, or the set of all."""
        return LabelSet(names) if self.kept.has_sets else names[0]

    def send(self, verdict: Verdict, label: Label | None, rows: Sequence[int]) -> None:
        """Decide a row, and others with it, as the card does."""
        name = str(uuid.uuid4())
        names = names_for(self.run.class_names, self.followed.events)
        said = None if label is None else names.token(label)
        item = {"uuid": name, "kind": "decide", "row": rows[0], "verdict": verdict.value, "label": said}
        outbox = read_outbox(
            {"events": [{**item, "group": list(rows[1:])}]},
            names=names,
            n_examples=N_ROWS,
            reviewer="kim",
            now=MOMENT,
        )
        assert not outbox.refused
        self.append(outbox.events)
        self.model.done.append(Done(name=name, decided=dict.fromkeys(rows, (verdict, label))))

    def bulk(self, kind: BulkKind, label: Label | None, rows: Sequence[int]) -> None:
        """Do one thing to all undecided ones of some rows."""
        run, shown = self.run, self.model.names_now()
        action = BulkAction(kind=kind, label=label)
        decisions = dict(self.followed.decisions)
        made = make_bulk(run, np.array(rows), action, decisions=decisions, reviewer="lee", now=MOMENT)
        decided = self.model.decisions()
        free = [row for row in rows if row not in decided and not (kind is BulkKind.KEEP and shown[row] is None)]
        said: dict[int, tuple[Verdict, Label | None]] = {}
        for row in free:
            wanted = run.class_names[run.suggested_labels[row]] if kind is BulkKind.ACCEPT else label
            said[row] = (Verdict(kind.value), None) if wanted is None else _verdict(wanted, shown[row])
        self._finish(made, said)

    def split(self, label: str, instead_of: str, rows: Sequence[int]) -> None:
        """Give the undecided ones of some rows a label of their own."""
        shown, decided = self.model.names_now(), self.model.decisions()
        made = make_split(
            self.run,
            np.array(rows),
            label,
            instead_of=instead_of if self.kept.has_sets else None,
            decisions=dict(self.followed.decisions),
            reviewer="lee",
            now=MOMENT,
        )
        said: dict[int, tuple[Verdict, Label | None]] = {}
        for row in rows:
            given_now = shown[row]
            wanted: Label = label
            if self.kept.has_sets:
                members = given_now.labels if isinstance(given_now, LabelSet) else ()
                wanted = LabelSet([*(name for name in members if name != instead_of), label])
            if row not in decided:
                said[row] = _verdict(wanted, given_now)
        self._finish(made, said)

    def _finish(self, made: Sequence[ReviewEvent], said: dict[int, tuple[Verdict, Label | None]]) -> None:
        self.append(made)
        if said:
            step = made[0].step
            self.model.done.append(Done(name=step, decided=said))

    def merge(self, names: Sequence[str]) -> None:
        """Turn names into the last of them."""
        merge = make_merge(names, names[-1], reviewer="kim", now=MOMENT)
        self.append([merge])
        self.model.done.append(Done(name=merge.uuid, merged=merge.merged, into=merge.label))

    def rename(self, name: str, text: str) -> None:
        """Give a class a new name, unless it is taken or none."""
        known = tuple(self.model.known() | {name})
        try:
            rename = make_rename(name, text, known=known, reviewer="kim", now=MOMENT)
        except InvalidInputError:
            assert text.strip() in known or text in known
            return
        self.append([rename])
        self.model.done.append(Done(name=rename.uuid, merged=(name,), into=text.strip()))

    def turn(self, place: int, kind: EventKind) -> None:
        """Undo or redo a step."""
        done = self.model.done[place % len(self.model.done)]
        first = min(done.decided, default=-1)
        turned = ReviewEvent(
            uuid=str(uuid.uuid4()), row=first, kind=kind, target_uuid=done.name, reviewer="kim", decided_at=MOMENT
        )
        self.append([turned])
        done.stands = kind is EventKind.REDO

    def corrected(self, log: Sequence[ReviewEvent]) -> bytes:
        """Return the corrected file that follows from a log."""
        decisions = decisions_with_merges(current_decisions(log), merges_in_force(log), self.kept.dataset)
        target = io.BytesIO()
        write_corrected_file(self.kept.path, target, self.kept.layout, self.kept.roles, decisions)
        return target.getvalue()


def _verdict(wanted: Label, shown: Label | None) -> tuple[Verdict, Label | None]:
    return (Verdict.KEEP, None) if wanted == shown else (Verdict.RELABEL, wanted)


def act(data: st.DataObject, project: Project) -> None:
    """Do any one thing."""
    choices = ["decide", "group", "bulk", "split", "merge", "rename", "undo", "redo"]
    what = data.draw(st.sampled_from(choices if project.model.done else choices[:6]))
    event(what)
    names = data.draw(st.lists(st.sampled_from(NAMES), min_size=2, max_size=3, unique=True))
    rows = data.draw(ROWS)
    match what:
        case "decide" | "group":
            verdict = data.draw(st.sampled_from(Verdict))
            label = project.label(names) if verdict in CORRECTING else None
            project.send(verdict, label, rows if what == "group" else rows[:1])
        case "bulk":
            kind = data.draw(st.sampled_from([BulkKind.ACCEPT, BulkKind.KEEP, BulkKind.GIVE, BulkKind.EXCLUDE]))
            project.bulk(kind, project.label(names) if kind is BulkKind.GIVE else None, rows)
        case "split":
            project.split(names[0], names[1], rows)
        case "merge":
            project.merge(names)
        case "rename":
            project.rename(names[0], names[1])
        case _:
            project.turn(data.draw(st.integers(0, 20)), EventKind(what))


def labels_in(content: bytes, kept: Kept, folder: Path) -> list[Label | None]:
    """Read the labels of a written file."""
    path = folder / "written.csv"
    path.write_bytes(content)
    dataset = read_dataset(path, kept.layout, kept.roles)
    return [dataset.given_label(row) for row in range(N_ROWS)]


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_log_alone_gives_the_state_and_the_export(
    kept: Kept, stores: tuple[SqlStore, SqlStore], folder: Path, data: st.DataObject
) -> None:
    """Another process that reads the log sees the same decisions, labels and file; the change log replays to it."""
    writer, reader = stores
    project = Project(kept, writer)
    for _ in range(data.draw(st.integers(0, 8))):
        act(data, project)

    log = reader.load_events(project.id)
    content = project.corrected(log)

    state = {row: (event.step, event.verdict) for row, event in current_decisions(log).items()}
    assert state == {row: (step, _said(log, row)) for row, (step, _, _) in project.model.decisions().items()}
    assert dict(project.followed.decisions) == current_decisions(log)
    assert reader.count_decided(project.id) == len(state)
    assert labels_in(content, kept, folder) == project.model.labels()
    assert all(replayed == content for replayed in replays(project, log, folder))


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_undoing_all_gives_the_file_as_it_was_and_redoing_all_what_it_became(
    kept: Kept, stores: tuple[SqlStore, SqlStore], data: st.DataObject
) -> None:
    """In whatever order: byte for byte."""
    writer, reader = stores
    project = Project(kept, writer)
    for _ in range(data.draw(st.integers(1, 6))):
        act(data, project)
    standing = [place for place, done in enumerate(project.model.done) if done.stands]
    before = project.corrected(reader.load_events(project.id))

    for place in data.draw(st.permutations(standing)):
        project.turn(place, EventKind.UNDO)
    undone = project.corrected(reader.load_events(project.id))
    for place in data.draw(st.permutations(standing)):
        project.turn(place, EventKind.REDO)

    assert undone == kept.path.read_bytes()
    assert project.corrected(reader.load_events(project.id)) == before


def _said(log: Sequence[ReviewEvent], row: int) -> Verdict | None:
    return current_decisions(log)[row].verdict


def replays(project: Project, log: Sequence[ReviewEvent], folder: Path) -> Iterator[bytes]:
    """Apply the change logs of both kinds to the file, as ``labelclean apply`` does."""
    kept = project.kept
    decisions = decisions_with_merges(current_decisions(log), merges_in_force(log), kept.dataset)
    changes = planned_changes(kept.dataset, decisions)
    for content in (change_log_csv(changes), change_log_jsonl(changes)):
        path = folder / "log"
        path.write_bytes(content)
        replay = replay_log(read_change_log(path), kept.dataset)
        assert replay.problems == ()
        target = io.BytesIO()
        write_back(kept.path, target, kept.layout, kept.roles, replay.corrections)
        yield target.getvalue()
