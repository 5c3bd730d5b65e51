"""Real databases for the tests: SQLite files, and a PostgreSQL server that lives as long as the tests do."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import psycopg
import pytest

from labelclean.bootstrap import find_postgres
from labelclean.io.layout import ColumnRoles, FileLayout
from labelclean.results import NoiseEstimate
from labelclean.store.records import DatasetRecord, ProjectRecord
from labelclean.store.run_records import StoredRun
from labelclean.store.sql import SqlStore

_START_SECONDS = 30


def _programs() -> Path:
    """Return the directory with the server's programs."""
    found = find_postgres()
    if found is None:
        pytest.fail("These tests need the PostgreSQL server's programs. Run: apt-get install postgresql")
    return found


def _server_user() -> str | None:
    """Return the user to run the server as: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    if "postgres" not in {entry.pw_name for entry in pwd.getpwall()}:
        pytest.fail("As root these tests need the user postgres. Run: apt-get install postgresql")
    return "postgres"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Path]:
    """Run a server of our own, reached only through a socket in the directory that is given."""
    programs, user = _programs(), _server_user()
    root = Path(tempfile.mkdtemp(prefix="labelclean-pg-"))  # short: a socket's path has a limit
    if user is not None:
        shutil.chown(root, user, user)
    make: list[str | Path] = [
        programs / "initdb",
        "-D",
        root / "data",
        "-U",
        "labelclean",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C",
    ]
    subprocess.run([*make, "--no-sync"], check=True, capture_output=True, user=user, cwd=root)
    run: list[str | Path] = [
        programs / "postgres",
        "-D",
        root / "data",
        "-k",
        root,
        "-c",
        "listen_addresses=",
        "-c",
        "fsync=off",
    ]
    with (root / "log").open("wb") as log:
        server = subprocess.Popen(run, stdout=log, stderr=log, user=user, cwd=root)
    try:
        _wait_for(root, server)
        yield root
    finally:
        server.send_signal(signal.SIGQUIT)
        server.wait(_START_SECONDS)
        shutil.rmtree(root)


def _wait_for(root: Path, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            psycopg.connect(host=str(root), user="labelclean", dbname="postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"The PostgreSQL server does not start:\n{(root / 'log').read_text()}")


@pytest.fixture
def postgres_url(postgres_server: Path) -> Iterator[str]:
    """Return the address of an empty database."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(
        host=str(postgres_server), user="labelclean", dbname="postgres", autocommit=True
    ) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        yield f"postgresql://labelclean@/{name}?host={postgres_server}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Return the address of a file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'labelclean.sqlite3'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    """Return the address of an empty database of either kind."""
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    url: str = request.getfixturevalue(name)
    return url


@pytest.fixture
def store(store_url: str) -> Iterator[SqlStore]:
    """Return a store over a fresh database of either kind."""
    opened = SqlStore.open(store_url)
    yield opened
    opened.close()


@pytest.fixture
def dataset_record() -> DatasetRecord:
    """Return a kept file with three columns."""
    layout = FileLayout(
        file_format="csv",
        encoding="gb18030",
        byte_order_mark=False,
        delimiter=";",
        columns=("id", "Text, ü", "label"),
        n_rows=4,
    )
    roles = ColumnRoles(text="Text, ü", label="label", row_id="id")
    return DatasetRecord(sha256="0f" * 32, file_name="mine.csv", n_bytes=3_000_000_000, layout=layout, roles=roles)


@pytest.fixture
def project(store: SqlStore, dataset_record: DatasetRecord) -> ProjectRecord:
    """Return a project in the store."""
    return store.create_project(name="Mail", dataset=dataset_record)


@pytest.fixture
def make_run() -> Callable[[int], StoredRun]:
    """Return a maker of runs with some number of rows, the first of them not labelled."""

    def make(n_examples: int) -> StoredRun:
        random = np.random.default_rng(n_examples)
        quality = random.random(n_examples)
        quality[0] = np.nan
        labels = random.integers(0, 3, n_examples)
        labels[0] = -1
        probs = random.random((n_examples, 2)).astype(np.float32)
        return StoredRun(
            config={"n_folds": 5, "frac_noise": 0.5, "filter_by": "both"},
            class_names=(1, True, "1"),
            labels=labels,
            suggested_labels=random.integers(0, 3, n_examples),
            label_quality_scores=quality,
            error_probabilities=1 - quality,
            is_issue=np.arange(n_examples) % 3 == 1,
            ranked_rows=np.argsort(quality, kind="stable"),
            likely_labels=random.integers(0, 3, (n_examples, 2)),
            likely_probs=probs,
            noise=_noise(),
            created_at=datetime(2026, 2, 3, 4, 5, 6, 789, tzinfo=UTC),
        )

    return make


def _noise() -> NoiseEstimate:
    joint = np.array([[0.3, 0.1, 0.0], [0.0, 0.2, 0.0], [0.1, 0.0, 0.3]])
    return NoiseEstimate(
        confident_joint=np.array([[3, 1, 0], [0, 2, 0], [1, 0, 3]]),
        joint=joint,
        noise_matrix=joint / joint.sum(axis=0),
        inverse_noise_matrix=joint / joint.sum(axis=1, keepdims=True),
        class_priors=joint.sum(axis=0),
        n_label_errors=2,
    )
