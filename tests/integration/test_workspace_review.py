"""What an audit leaves for the screen, and the user's own embeddings, on real files and a real database."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from labelclean.config import AuditConfig
from labelclean.core.reranking_data import ViewLogOdds
from labelclean.errors import InvalidInputError
from labelclean.home import Home
from labelclean.io.layout import ColumnRoles
from labelclean.io.source import inspect_file
from labelclean.store.records import EmbeddingsRecord, ProjectRecord
from labelclean.workspace import REVIEW_CONFIG, Workspace

N_ROWS = 60
TOPICS = (("parcel late again", "parcel not here"), ("refund my money", "refund is missing"))
WRONG_ROW = 5


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Open a workspace in a directory of the test's own."""
    opened = Workspace.open(Home.at(tmp_path / "home"))
    yield opened
    opened.close()


def add_project(
    workspace: Workspace, texts: list[str], labels: list[str], embeddings: bytes | None = None
) -> ProjectRecord:
    """Make a project over some rows, with embeddings where given."""
    content = "text,label\n" + "".join(f"{text},{label}\n" for text, label in zip(texts, labels, strict=True))
    sha256, n_bytes = workspace.keep_file(io.BytesIO(content.encode()), max_bytes=10**6)
    record = None
    if embeddings is not None:
        kept, size = workspace.keep_file(io.BytesIO(embeddings), max_bytes=10**6)
        record = EmbeddingsRecord(sha256=kept, file_name="mine.npy", n_bytes=size)
    return workspace.create_project(
        name="Mine",
        file_name="mine.csv",
        sha256=sha256,
        n_bytes=n_bytes,
        layout=inspect_file(workspace.home.dataset_path(sha256), name="mine.csv").layout,
        roles=ColumnRoles(text="text", label="label"),
        embeddings=record,
    )


def topics() -> tuple[list[str], list[str]]:
    """Return texts of two topics; one row carries the other one's label."""
    texts = [f"{TOPICS[row % 2][row // 2 % 2]} {row}" for row in range(N_ROWS)]
    labels = ["refund" if row % 2 else "parcel" for row in range(N_ROWS)]
    labels[WRONG_ROW] = "parcel"
    return texts, labels


def vectors(n_rows: int) -> bytes:
    """Return embeddings that tell the two topics apart."""
    table = np.random.default_rng(0).normal(scale=0.1, size=(n_rows, 4)).astype(np.float32)
    table[np.arange(n_rows), np.arange(n_rows) % 2] += 1
    buffer = io.BytesIO()
    np.save(buffer, table)
    return buffer.getvalue()


def test_an_audit_for_the_screen_leaves_evidence_and_signals(workspace: Workspace) -> None:
    """The suspects are explained, and the queue has something to learn from."""
    project = add_project(workspace, *topics())

    workspace.run_audit(project.id, REVIEW_CONFIG)

    run = workspace.store.load_run(project.id)
    signals = workspace.store.load_signals(project.id)
    assert run is not None
    assert signals is not None
    assert run.ranked_rows[0] == WRONG_ROW
    found = workspace.store.load_evidence(project.id, [WRONG_ROW])[WRONG_ROW]
    assert (found.given, found.suggested) == (run.labels[WRONG_ROW], run.suggested_labels[WRONG_ROW])
    assert found.sentence
    assert run.n_errors_interval is not None
    assert len(ViewLogOdds.from_bytes(signals).values) == N_ROWS


def test_own_embeddings_are_learnt_from(workspace: Workspace) -> None:
    """Where the words say nothing, they find the wrong label."""
    _, labels = topics()
    texts = [f"message {row}" for row in range(N_ROWS)]
    project = add_project(workspace, texts, labels, vectors(N_ROWS))

    workspace.run_audit(project.id, AuditConfig())

    run = workspace.store.load_run(project.id)
    assert run is not None
    assert run.ranked_rows[0] == WRONG_ROW
    assert project.dataset.embeddings is not None
    workspace.delete_project(project.id)
    assert list(workspace.home.datasets.iterdir()) == []


def test_embeddings_of_other_rows_stop_the_audit(workspace: Workspace) -> None:
    """They are not used as if they fitted."""
    project = add_project(workspace, *topics(), vectors(N_ROWS - 1))

    with pytest.raises(InvalidInputError, match="one row for each"):
        workspace.run_audit(project.id, AuditConfig())

    assert workspace.store.load_run(project.id) is None
