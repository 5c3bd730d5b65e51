"""Projects and runs in the store, on a real SQLite file and on a real PostgreSQL server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from sqlalchemy import func, select

from labelclean.errors import InvalidInputError, NotFoundError, StoreError
from labelclean.io.layout import ColumnRoles, LabelSpelling, VoteColumns
from labelclean.label_set import LabelSet
from labelclean.review.label_cells import LabelCells
from labelclean.store.records import DatasetRecord, EmbeddingsRecord, PredProbsRecord, ProjectRecord
from labelclean.store.run_records import AnnotatorFacts, ComputedRun, LabelNoise, StoredRun
from labelclean.store.sql import SqlStore
from labelclean.store.tables import metadata
from tests.store_examples import MOMENT, decide


def table_sizes(store: SqlStore) -> dict[str, int]:
    """Return the number of rows of each table."""
    with store._database.reading() as connection:
        return {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in metadata.tables.items()
        }


def test_a_new_project_is_found_as_it_was_made(store: SqlStore, dataset_record: DatasetRecord) -> None:
    """What was stored of a project and its file comes back."""
    made = store.create_project(name="  Mail ", dataset=dataset_record, is_demo=True)

    found = store.get_project(made.id)

    assert found == made
    assert found.dataset == dataset_record
    assert (found.name, found.is_demo, found.bookmark) == ("Mail", True, {})
    assert (found.n_issues, found.n_decided, found.has_run) == (None, 0, False)


def test_own_probabilities_are_found_as_they_were_stored(store: SqlStore, dataset_record: DatasetRecord) -> None:
    """The second file of a project, how to read it, and what looked odd."""
    own = PredProbsRecord(
        sha256="1e" * 32,
        file_name="probs ü.npy",
        n_bytes=5_000_000_000,
        class_names=("a, b", "ü"),
        row_id="id",
        findings=(("Rows do not sum to 1.", "Apply a softmax."), ("x", "")),
    )
    dataset = replace(dataset_record, pred_probs=own)

    made = store.create_project(name="Mail", dataset=dataset)

    assert store.get_project(made.id).dataset == dataset
    assert dataset.kept_files == {"0f" * 32, "1e" * 32}
    assert dataset_record.kept_files == {"0f" * 32}


def test_own_embeddings_are_found_as_they_were_stored(store: SqlStore, dataset_record: DatasetRecord) -> None:
    """A file beside the dataset's own, kept as long as the project is."""
    own = EmbeddingsRecord(sha256="2d" * 32, file_name="vectors ü.parquet", n_bytes=7, column="a, ü")
    dataset = replace(dataset_record, embeddings=own)

    made = store.create_project(name="Mail", dataset=dataset)

    assert store.get_project(made.id).dataset == dataset
    assert dataset.kept_files == {"0f" * 32, "2d" * 32}


def test_times_are_utc_and_aware(store_url: str, dataset_record: DatasetRecord) -> None:
    """A clock in another time zone is stored as the same moment in UTC."""
    clock = lambda: datetime(2026, 1, 1, 1, 0, tzinfo=timezone(timedelta(hours=2)))  # noqa: E731  (a clock, in one line)
    store = SqlStore.open(store_url, clock=clock)

    project = store.create_project(name="Mail", dataset=dataset_record)

    found = store.get_project(project.id)
    assert found.created_at == datetime(2025, 12, 31, 23, 0, tzinfo=UTC)
    assert found.created_at.tzinfo is UTC
    store.close()


def test_the_project_with_the_newest_activity_comes_first(store_url: str, dataset_record: DatasetRecord) -> None:
    """Projects are listed by their last activity, not by their making."""
    ticks = iter(range(100))
    store = SqlStore.open(store_url, clock=lambda: MOMENT + timedelta(seconds=next(ticks)))
    ids = [store.create_project(name=name, dataset=dataset_record).id for name in ("a", "b", "c")]

    store.append_events(ids[1], [decide("e1")])
    store.set_bookmark(ids[0], {"row": 3})

    assert [project.name for project in store.list_projects()] == ["a", "b", "c"]
    store.close()


def test_a_project_is_renamed(store: SqlStore, project: ProjectRecord) -> None:
    """A name may hold anything but NUL and broken characters, which are replaced."""
    store.rename_project(project.id, "Пошта \U0001f4ec '; DROP TABLE projects; -- \x00\ud83d ")

    assert store.get_project(project.id).name == "Пошта \U0001f4ec '; DROP TABLE projects; -- \ufffd\ufffd"


def test_a_blank_name_is_refused(store: SqlStore, project: ProjectRecord, dataset_record: DatasetRecord) -> None:
    """A project must be called something, and a refused one leaves nothing behind."""
    with pytest.raises(InvalidInputError, match="must not be blank"):
        store.rename_project(project.id, " \t")
    with pytest.raises(InvalidInputError, match="must not be blank"):
        store.create_project(name="", dataset=dataset_record)

    assert store.get_project(project.id).name == "Mail"
    assert table_sizes(store)["datasets"] == 1


def test_a_bookmark_is_kept(store: SqlStore, project: ProjectRecord) -> None:
    """The place of the reviewer comes back as it was."""
    bookmark: dict[str, object] = {"filter": {"text": 'ü "quoted" \ud800'}, "row": 17, "more": [None, 1.5, True]}

    store.set_bookmark(project.id, bookmark)

    assert store.get_project(project.id).bookmark == bookmark


def test_deleting_a_project_removes_everything_of_it(
    store: SqlStore, project: ProjectRecord, dataset_record: DatasetRecord, make_run: Callable[[int], StoredRun]
) -> None:
    """No row of any table speaks of a deleted project; others keep theirs."""
    other = store.create_project(name="Other", dataset=dataset_record)
    for index, project_id in enumerate((project.id, other.id)):
        store.save_run(project_id, ComputedRun(run=make_run(7)))
        store.append_events(project_id, [decide(f"e{index}")])
        store.create_job(project_id, "audit", {})
        store.set_project_setting(project_id, "guideline", "Read the whole text.")

    store.delete_project(project.id)

    ones = dict.fromkeys(("datasets", "projects", "runs", "decisions", "jobs"), 1)
    assert table_sizes(store) == {
        **ones,
        "suspects": 7,
        "settings": 0,
        "evidence": 0,
        "signals": 0,
        "rerankings": 0,
        "problems": 0,
        "project_settings": 1,
    }
    assert [found.id for found in store.list_projects()] == [other.id]
    assert store.count_decided(project.id) == 0
    assert store.count_decided(other.id) == 1


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("get_project", ()),
        ("rename_project", ("name",)),
        ("delete_project", ()),
        ("set_bookmark", ({},)),
        ("create_job", ("audit", {})),
        ("append_events", ([decide("e1")],)),
        ("append_events", ([],)),
        ("get_job", ()),
        ("update_job", ()),
    ],
)
def test_what_does_not_exist_is_not_found(store: SqlStore, method: str, arguments: tuple[object, ...]) -> None:
    """An id that names nothing gives NotFoundError, and nothing is stored."""
    with pytest.raises(NotFoundError, match="does not exist"):
        getattr(store, method)("none", *arguments)

    assert set(table_sizes(store).values()) == {0}


def test_questions_about_an_unknown_project_have_empty_answers(store: SqlStore) -> None:
    """Where nothing is an answer, a project that does not exist has nothing."""
    assert store.load_events("none") == []
    assert store.load_run("none") is None
    assert store.latest_job("none") is None
    assert store.count_decided("none") == 0


# Runs


def test_a_run_comes_back_as_it_was(
    store: SqlStore, project: ProjectRecord, make_run: Callable[[int], StoredRun]
) -> None:
    """Every array has the same values and type; NaN and class names of all kinds survive."""
    run = make_run(45_001)  # more than two chunks of rows

    store.save_run(project.id, ComputedRun(run=run))

    found = store.load_run(project.id)
    assert found is not None
    for field in fields(StoredRun):
        before, after = getattr(run, field.name), getattr(found, field.name)
        if isinstance(before, np.ndarray):
            np.testing.assert_array_equal(after, before, err_msg=field.name, strict=True)
            assert not after.flags.writeable
    for field in fields(run.noise):
        np.testing.assert_array_equal(getattr(found.noise, field.name), getattr(run.noise, field.name))
    assert (found.config, found.created_at) == (run.config, run.created_at)
    assert [repr(name) for name in found.class_names] == ["1", "True", "'1'"]


def test_a_run_takes_the_place_of_the_one_before(
    store: SqlStore, project: ProjectRecord, make_run: Callable[[int], StoredRun]
) -> None:
    """A project has one run; nothing of the earlier one stays."""
    first = store.save_run(project.id, ComputedRun(run=make_run(20)))
    store.append_events(project.id, [decide("e1")])

    second = store.save_run(project.id, ComputedRun(run=make_run(7)))

    found = store.load_run(project.id)
    assert found is not None
    assert found.n_examples == 7
    assert first != second
    assert table_sizes(store)["suspects"] == 7
    summary = store.get_project(project.id)
    assert (summary.has_run, summary.n_issues, summary.n_decided) == (True, 2, 1)  # rows 1 and 4 are flagged


def test_a_run_that_cannot_be_stored_leaves_the_one_before(
    store: SqlStore, project: ProjectRecord, make_run: Callable[[int], StoredRun]
) -> None:
    """A failure in the middle of storing undoes all of it, and is a StoreError."""
    store.save_run(project.id, ComputedRun(run=make_run(5)))
    broken = replace(make_run(9), is_issue=np.full(9, None))  # neither database takes that

    with pytest.raises(StoreError):
        store.save_run(project.id, ComputedRun(run=broken))

    found = store.load_run(project.id)
    assert found is not None
    assert found.n_examples == 5


def test_a_run_that_lost_rows_is_not_shown(
    store: SqlStore, project: ProjectRecord, make_run: Callable[[int], StoredRun]
) -> None:
    """A run with rows missing from the database is refused, not shown with made-up values."""
    store.save_run(project.id, ComputedRun(run=make_run(5)))
    with store._database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM suspects WHERE rank = 3")

    with pytest.raises(StoreError, match="must have 5 rows; got 4"):
        store.load_run(project.id)


def test_a_run_of_an_unknown_project_is_refused(store: SqlStore, make_run: Callable[[int], StoredRun]) -> None:
    """A run belongs to a project; without one nothing is stored."""
    with pytest.raises(NotFoundError, match="does not exist"):
        store.save_run("none", ComputedRun(run=make_run(3)))

    assert set(table_sizes(store).values()) == {0}


def test_a_run_of_label_sets_comes_back_as_it_was(
    store: SqlStore, project: ProjectRecord, make_run: Callable[[int], StoredRun]
) -> None:
    """Sets as class names, what was found of labels and annotators, and the labels that matter in each row."""
    cells = LabelCells(
        members=("a", "b", 1), codes=np.full((5, 2), 2, dtype=np.int32), probs=np.full((5, 2), 0.25, dtype=np.float32)
    )
    run = replace(
        make_run(5),
        class_names=(LabelSet(), LabelSet(["b", "a"]), LabelSet([1])),
        label_noise=(
            LabelNoise(label="a", n_given=3, n_added=0.5, n_missing=1.25, added_rate=0.1, missing_rate=0.2),
            LabelNoise(label=1, n_given=0, n_added=0.0, n_missing=0.0, added_rate=0.0, missing_rate=0.0),
        ),
        annotators=(AnnotatorFacts(name="kim", n_labels=4, quality=0.75, agreement=None, weakest=True),),
        label_cells=cells,
    )
    store.save_run(project.id, ComputedRun(run=run))

    found = store.load_run(project.id)

    assert found is not None
    assert repr(found.class_names) == repr(run.class_names)
    assert (found.label_noise, found.annotators) == (run.label_noise, run.annotators)
    assert found.has_label_sets
    assert found.label_cells is not None
    assert found.label_cells.of_row(4) == [(1, 0.25), (1, 0.25)]


def test_roles_of_every_kind_come_back_as_they_were(store: SqlStore, dataset_record: DatasetRecord) -> None:
    """Spelling, votes, archive and part are kept with the project."""
    layout = replace(
        dataset_record.layout, file_format="jsonl", compression="zip", part="a.jsonl", quoting=False, delimiter=""
    )
    roles = ColumnRoles(
        text="Text, ü",
        label="label",
        row_id="id",
        spelling=LabelSpelling(kind="names", class_names=("x", "y")),
        votes=VoteColumns(annotator="id", consensus="agreed"),
    )

    made = store.create_project(name="Mail", dataset=replace(dataset_record, layout=layout, roles=roles))

    assert store.get_project(made.id).dataset == replace(dataset_record, layout=layout, roles=roles)
