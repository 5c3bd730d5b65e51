"""What happens to the store's file: killed writers, many processes, and files that cannot be used."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from labelclean.errors import LabelCleanError, MissingExtraError, StoreError
from labelclean.store import database as database_module
from labelclean.store.records import DatasetRecord
from labelclean.store.sql import SqlStore
from tests.store_examples import decide

WRITER = """
import sys
from datetime import UTC, datetime
from labelclean.review.decisions import EventKind, ReviewEvent, Verdict
from labelclean.store.sql import SqlStore

store = SqlStore.open(sys.argv[1])
for number in range(1_000_000):
    event = ReviewEvent(
        uuid=f"e{number}", row=number, kind=EventKind.DECIDE, verdict=Verdict.KEEP, decided_at=datetime.now(UTC)
    )
    for uuid in store.append_events(sys.argv[2], [event]):
        print(uuid, flush=True)
"""

OPENER = """
import sys
from labelclean.store.sql import SqlStore

print("ready", flush=True)
sys.stdin.readline()
print(len(SqlStore.open(sys.argv[1]).list_projects()))
"""


def start(program: str, *arguments: str) -> subprocess.Popen[str]:
    """Start a Python program that talks to us."""
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_a_killed_writer_loses_no_acknowledged_event(store_url: str, dataset_record: DatasetRecord) -> None:
    """After kill -9 in the middle of writing, every event that was acknowledged is there, and writing goes on."""
    store = SqlStore.open(store_url)
    project = store.create_project(name="Mail", dataset=dataset_record)
    with start(WRITER, store_url, project.id) as writer:
        assert writer.stdout is not None
        acknowledged = [writer.stdout.readline().strip() for _ in range(100)]

        writer.send_signal(signal.SIGKILL)

        acknowledged += writer.stdout.read().split()
    stored = [event.uuid for event in store.load_events(project.id)]
    assert stored[: len(acknowledged)] == acknowledged
    assert len(stored) - len(acknowledged) in {0, 1}  # the last one may have been stored and not yet told
    assert store.append_events(project.id, [decide("after")]) == {"after"}
    store.close()


def test_processes_may_open_an_empty_database_at_once(store_url: str) -> None:
    """The tables are made once, whichever process comes first."""
    openers = [start(OPENER, store_url) for _ in range(4)]
    assert [opener.stdout.readline() for opener in openers if opener.stdout] == ["ready\n"] * 4

    for opener in openers:
        assert opener.stdin is not None
        opener.stdin.write("go\n")
        opener.stdin.flush()

    answers = [opener.communicate()[0] for opener in openers]
    assert answers == ["0\n"] * 4
    assert [opener.returncode for opener in openers] == [0] * 4


def test_opening_waits_for_a_process_that_is_making_the_file(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite refuses at once where two processes turn the log on; opening tries again instead of failing."""
    monkeypatch.setattr(database_module, "_BUSY_SECONDS", 0)
    other = sqlite3.connect(tmp_path / "labelclean.sqlite3", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    release = threading.Timer(0.2, lambda: other.execute("COMMIT"))
    release.start()

    store = SqlStore.open(sqlite_url)

    assert store.list_projects() == []
    release.join()
    other.close()
    store.close()


def test_an_up_to_date_database_opens_fast(store_url: str) -> None:
    """Opening what needs no migration takes under 50 ms."""
    SqlStore.open(store_url).close()
    seconds = []
    for _ in range(5):
        begin = time.perf_counter()
        SqlStore.open(store_url).close()
        seconds.append(time.perf_counter() - begin)

    assert min(seconds) < 0.05


def test_an_up_to_date_database_opens_without_alembic(sqlite_url: str) -> None:
    """Alembic is loaded only where there is something to migrate."""
    SqlStore.open(sqlite_url).close()
    program = "import sys; from labelclean.store.sql import SqlStore; SqlStore.open(sys.argv[1]); print(*sys.modules)"

    answer = subprocess.run([sys.executable, "-c", program, sqlite_url], check=True, capture_output=True, text=True)

    loaded = answer.stdout.split()
    assert "sqlalchemy" in loaded
    assert "alembic" not in loaded


def test_migrating_leaves_logging_alone(sqlite_url: str) -> None:
    """Loggers, levels and handlers of the program around the store stay as they were."""
    mine = logging.getLogger("a program of the user")
    before = (list(logging.root.handlers), logging.root.level, mine.disabled, mine.level)

    SqlStore.open(sqlite_url).close()

    assert (list(logging.root.handlers), logging.root.level, mine.disabled, mine.level) == before
    assert {type(handler) for handler in logging.getLogger("alembic").handlers} <= {logging.NullHandler}
    assert logging.getLogger("alembic").level == logging.NOTSET


def test_a_file_is_made_for_readers_beside_a_writer(sqlite_url: str, tmp_path: Path) -> None:
    """The file keeps a write-ahead log, checks references, and a reader is not stopped by a writer."""
    store = SqlStore.open(sqlite_url)
    with sqlite3.connect(tmp_path / "labelclean.sqlite3", isolation_level=None) as writer:
        assert writer.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        writer.execute("BEGIN IMMEDIATE")

        assert store.list_projects() == []

        writer.execute("ROLLBACK")
    writer.close()
    with store._database.reading() as connection:
        pragmas = ("foreign_keys", "synchronous", "busy_timeout")
        assert [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas] == [1, 1, 10_000]
    store.close()


def test_a_locked_file_is_a_store_error(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer that another program keeps out too long says so, and works once the other is done."""
    SqlStore.open(sqlite_url).close()
    monkeypatch.setattr(database_module, "_BUSY_SECONDS", 0.1)
    store = SqlStore.open(sqlite_url)
    other = sqlite3.connect(tmp_path / "labelclean.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StoreError, match="must be free to write") as caught:
        store.set_setting("a", 1)

    assert "Close other programs" in caught.value.fix
    other.execute("ROLLBACK")
    other.close()
    store.set_setting("a", 1)
    store.close()


def test_a_read_only_file_can_be_read_but_not_written(sqlite_url: str, tmp_path: Path) -> None:
    """What can be read is shown; writing says that the file is read-only."""
    first = SqlStore.open(sqlite_url)
    first.set_setting("a", 1)
    store = SqlStore.open(f"sqlite:///file:{tmp_path / 'labelclean.sqlite3'}?mode=ro&uri=true")

    with pytest.raises(StoreError, match="it is read-only") as caught:
        store.set_setting("a", 2)

    assert "writable" in caught.value.fix
    assert store.get_setting("a") == 1
    store.close()
    first.close()


@pytest.mark.parametrize("content", [b"not a database at all" * 500, b"SQLite format 3\x00" + b"\xff" * 5_000])
def test_a_file_that_is_no_database_is_a_store_error(sqlite_url: str, tmp_path: Path, content: bytes) -> None:
    """A foreign or damaged file is refused and left as it is."""
    path = tmp_path / "labelclean.sqlite3"
    path.write_bytes(content)

    with pytest.raises(StoreError, match=r"labelclean\.sqlite3 must be") as caught:
        SqlStore.open(sqlite_url)

    assert "backup" in caught.value.fix
    assert path.read_bytes() == content


def test_a_file_damaged_in_its_middle_is_a_store_error(
    sqlite_url: str, tmp_path: Path, dataset_record: DatasetRecord
) -> None:
    """Damage found while reading says so; no error of the database itself comes out."""
    store = SqlStore.open(sqlite_url)
    project = store.create_project(name="Mail", dataset=dataset_record)
    store.append_events(project.id, [decide(f"e{number}", row=number) for number in range(2_000)])
    store.close()
    path = tmp_path / "labelclean.sqlite3"
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : -4096] = b"\x55" * (len(content) - 4096 - len(content) // 2)
    path.write_bytes(content)

    with pytest.raises(StoreError, match="damaged") as caught:
        _read_everything(sqlite_url, project.id)

    assert "backup" in caught.value.fix


def _read_everything(url: str, project_id: str) -> None:
    store = SqlStore.open(url)
    try:
        store.load_events(project_id)
    finally:
        store.close()


def test_a_database_of_another_program_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    """A SQLite file with tables of the same names is not touched."""
    with sqlite3.connect(tmp_path / "labelclean.sqlite3") as other:
        other.execute("CREATE TABLE projects (mine TEXT)")
    other.close()

    with pytest.raises(StoreError):
        SqlStore.open(sqlite_url)

    with sqlite3.connect(tmp_path / "labelclean.sqlite3") as other:
        tables = other.execute("SELECT name FROM sqlite_master").fetchall()
    other.close()
    assert tables == [("projects",)]


def test_a_missing_directory_is_a_store_error(tmp_path: Path) -> None:
    """A file that cannot be made says where."""
    with pytest.raises(StoreError, match=r"nowhere.* cannot be opened") as caught:
        SqlStore.open(f"sqlite:///{tmp_path / 'nowhere' / 'a.sqlite3'}")

    assert "LABELCLEAN_HOME" in caught.value.fix


def test_a_path_of_any_spelling_is_opened(tmp_path: Path) -> None:
    """Spaces, percent signs and letters of any alphabet in the path are no obstacle."""
    folder = tmp_path / "my %20 Ünterlagen 資料 + & = : ? # %s"
    folder.mkdir()

    store = SqlStore.open(f"sqlite:///{folder / 'a.sqlite3'}")

    store.set_setting("a", 1)
    assert (folder / "a.sqlite3").is_file()
    store.close()


@pytest.mark.parametrize("url", ["mysql://host/name", "no address", "oracle+nothing://x"])
def test_another_kind_of_database_is_refused(url: str) -> None:
    """Only SQLite and PostgreSQL are known."""
    with pytest.raises(StoreError, match="must be") as caught:
        SqlStore.open(url)

    assert "sqlite:///" in caught.value.fix


def test_a_server_that_is_not_there_is_a_store_error(tmp_path: Path) -> None:
    """No server: the message names the place without the password."""
    with pytest.raises(StoreError, match="must be reachable") as caught:
        SqlStore.open(f"postgresql://someone:hidden-word@/name?host={tmp_path}")

    assert "hidden-word" not in str(caught.value)
    assert "someone" in caught.value.message


def test_a_missing_driver_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without psycopg a PostgreSQL address says what to install."""
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(MissingExtraError, match="psycopg") as caught:
        SqlStore.open("postgresql://someone@localhost/name")

    assert "labelclean[postgres]" in caught.value.fix


def test_a_lost_connection_is_a_store_error_and_the_next_one_works(postgres_url: str) -> None:
    """A server that cuts a connection in the middle of a command costs that command only."""
    store = SqlStore.open(postgres_url)

    def cut() -> None:
        with store._database.writing() as connection:
            connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")

    with pytest.raises(StoreError, match="connection was cut"):
        cut()

    store.set_setting("a", 1)
    assert store.get_setting("a") == 1
    store.close()


def test_a_store_in_memory_serves_many_threads() -> None:
    """Tests and notebooks may keep everything in memory."""
    store = SqlStore.open("sqlite://")

    store.set_setting("a", [1])

    assert store.get_setting("a") == [1]
    store.close()


def test_every_error_says_what_to_do(sqlite_url: str, tmp_path: Path) -> None:
    """Whatever goes wrong with the file, the error is one of ours and has a next step."""
    store = SqlStore.open(sqlite_url)
    store.set_setting("a", 1)
    store.close()
    path = tmp_path / "labelclean.sqlite3"
    with sqlite3.connect(path) as other:
        other.execute("DROP TABLE settings")
    other.close()
    store = SqlStore.open(sqlite_url)

    with pytest.raises(LabelCleanError, match="refused a command") as caught:
        store.get_setting("a")

    assert caught.value.fix
    store.close()


@pytest.mark.skipif(os.name != "posix", reason="signals and permissions as on Linux and macOS")
def test_a_copy_of_the_file_is_a_whole_store(sqlite_url: str, tmp_path: Path) -> None:
    """After closing, the one file holds everything, so it can be copied."""
    store = SqlStore.open(sqlite_url)
    store.set_setting("a", 1)
    store.close()
    copy = tmp_path / "copy.sqlite3"

    shutil.copyfile(tmp_path / "labelclean.sqlite3", copy)

    again = SqlStore.open(f"sqlite:///{copy}")
    assert again.get_setting("a") == 1
    again.close()
