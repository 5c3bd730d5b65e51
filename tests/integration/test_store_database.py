"""Settings, migrations and failures of the store, on a real SQLite file and on a real PostgreSQL server."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from labelclean.errors import StoreError
from labelclean.review.merging import make_merge
from labelclean.store.database import Database
from labelclean.store.records import ProjectRecord
from labelclean.store.settings_sql import find_setting
from labelclean.store.sql import SqlStore
from labelclean.store.tables import metadata
from tests.store_examples import MOMENT, decide, take_back_to


def test_a_setting_is_remembered(store: SqlStore, store_url: str) -> None:
    """A setting survives the store being closed; the last value counts."""
    assert store.get_setting("demo") is None

    store.set_setting("demo", {"made": [1, "ü", None]})
    store.set_setting("demo", {"made": True})

    store.close()
    again = SqlStore.open(store_url)
    assert again.get_setting("demo") == {"made": True}
    again.close()


def test_opening_again_keeps_what_is_there(store: SqlStore, store_url: str, project: ProjectRecord) -> None:
    """Opening an up-to-date database changes nothing in it."""
    store.append_events(project.id, [decide("e1")])
    store.close()

    again = SqlStore.open(store_url)

    assert [found.n_decided for found in again.list_projects()] == [1]
    again.close()


def test_the_migrations_make_the_tables_that_the_code_knows(store: SqlStore) -> None:
    """Alembic finds no difference between a migrated database and the tables in the code."""
    from alembic.autogenerate import compare_metadata  # noqa: PLC0415  (slow to load)
    from alembic.migration import MigrationContext  # noqa: PLC0415

    with store._database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        differences = compare_metadata(context, metadata)

    assert differences == []


def test_a_database_without_own_probabilities_is_brought_up_to_date(
    store: SqlStore, store_url: str, project: ProjectRecord
) -> None:
    """What the version before wrote is there afterwards, with nothing in the new place."""
    store.append_events(project.id, [decide("e1")])
    before = store.get_project(project.id)
    take_back_to(store, "0001")
    store.close()

    again = SqlStore.open(store_url)

    assert again.get_project(project.id) == before
    assert before.dataset.pred_probs is None
    again.close()


def test_a_database_without_merged_names_is_brought_up_to_date(
    store: SqlStore, store_url: str, project: ProjectRecord
) -> None:
    """Decisions of the version before are there afterwards, and names can be merged."""
    store.append_events(project.id, [decide("e1")])
    before = store.load_events(project.id)
    take_back_to(store, "0003")
    store.close()

    again = SqlStore.open(store_url)

    assert again.load_events(project.id) == before
    again.append_events(project.id, [make_merge(["a"], "b", reviewer="kim", now=MOMENT, event_uuid="m1")])
    assert [event.uuid for event in again.load_merge_events(project.id)] == ["m1"]
    again.close()


def test_a_database_of_a_newer_version_is_refused(store: SqlStore, store_url: str) -> None:
    """An older program does not touch a newer database, and says what to do."""
    with store._database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(StoreError, match="newer one") as caught:
        SqlStore.open(store_url)

    assert "Update labelclean" in caught.value.fix


def test_threads_may_open_an_empty_database_at_once(store_url: str) -> None:
    """The tables are made once, whoever comes first."""
    start = threading.Barrier(6)

    def open_it(_: int) -> int:
        start.wait()
        opened = SqlStore.open(store_url)
        count = len(opened.list_projects())
        opened.close()
        return count

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(open_it, range(6))) == [0] * 6


def test_a_failed_block_leaves_nothing(store_url: str, store: SqlStore) -> None:
    """A transaction that raises is undone, and its connection is free for the next one."""
    database = Database(store_url)

    def fail() -> None:
        with database.writing() as connection:
            connection.exec_driver_sql("INSERT INTO settings (key, value) VALUES ('a', '1')")
            raise ZeroDivisionError

    for _ in range(30):  # more than there are connections
        with pytest.raises(ZeroDivisionError):
            fail()

    assert store.get_setting("a") is None
    database.close()


def test_a_reader_sees_one_state_whatever_is_written_meanwhile(store: SqlStore) -> None:
    """Two questions in one reading get answers from the same moment, so a run is never read in halves."""
    store.set_setting("a", 1)

    with store._database.reading() as connection:
        first = find_setting(connection, "a")
        store.set_setting("a", 2)
        second = find_setting(connection, "a")

    assert (first, second) == (1, 1)
    assert store.get_setting("a") == 2
