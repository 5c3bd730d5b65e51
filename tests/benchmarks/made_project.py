"""A project of any size with results made on the spot, for measuring the screen, not the detector."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from labelclean.dataset import Dataset
from labelclean.explain.evidence import Neighbour, RowEvidence, Span
from labelclean.home import Home
from labelclean.io.layout import ColumnRoles
from labelclean.io.source import inspect_file, read_dataset
from labelclean.results import NoiseEstimate
from labelclean.store.run_records import ComputedRun, StoredRun
from labelclean.workspace import Workspace
from tests.benchmarks.made_data import write_made_csv

__all__ = ["make_project"]

N_LIKELY = 5
N_EXPLAINED = 5_000
ERROR_RATE = 0.1


def make_project(home: Home, source: Path, *, n_rows: int, n_classes: int = 20) -> str:
    """
    Make a project over made texts, with results as an audit leaves them, and return its id.

    A tenth of the labels is flagged; the 5,000 most suspect rows have evidence: a sentence, tinted words, neighbours.
    """
    write_made_csv(source, n_rows=n_rows, n_classes=n_classes)
    layout, roles = inspect_file(source).layout, ColumnRoles(text="text", label="label", row_id="id")
    workspace = Workspace.open(home)
    with source.open("rb") as stream:
        sha256, n_bytes = workspace.keep_file(stream, max_bytes=10**11)
    project = workspace.create_project(
        name=f"made, {n_rows:,} rows", file_name=source.name, sha256=sha256, n_bytes=n_bytes, layout=layout, roles=roles
    )
    workspace.store.save_run(project.id, _made_run(read_dataset(source, layout, roles)))
    workspace.close()
    return project.id


def _made_run(dataset: Dataset) -> ComputedRun:
    rng = np.random.default_rng(0)
    n_rows, n_classes = dataset.n_examples, len(dataset.class_names)
    errors = rng.beta(0.3, 2.0, size=n_rows)
    suggested = (dataset.labels + rng.integers(1, n_classes, size=n_rows)) % n_classes
    ranked = np.argsort(-errors, kind="stable")
    is_issue = np.zeros(n_rows, dtype=np.bool_)
    is_issue[ranked[: round(ERROR_RATE * n_rows)]] = True
    likely = (suggested[:, np.newaxis] + np.arange(N_LIKELY)) % n_classes
    probs = np.tile(np.array([0.7, 0.14, 0.07, 0.05, 0.04], dtype=np.float32), (n_rows, 1))
    run = StoredRun(
        config={},
        class_names=dataset.class_names,
        labels=dataset.labels,
        suggested_labels=suggested,
        label_quality_scores=1.0 - errors,
        error_probabilities=errors,
        is_issue=is_issue,
        ranked_rows=ranked,
        likely_labels=likely,
        likely_probs=probs,
        noise=_made_noise(dataset),
        created_at=datetime.now(UTC),
    )
    return ComputedRun(run=run, evidence=tuple(_made_evidence(dataset, suggested, ranked[:N_EXPLAINED], rng)))


def _made_noise(dataset: Dataset) -> NoiseEstimate:
    n_classes = len(dataset.class_names)
    given = np.bincount(dataset.labels, minlength=n_classes)
    wrong = (given * ERROR_RATE / (n_classes - 1)).astype(np.int64)
    counts = np.tile(wrong[:, np.newaxis], (1, n_classes))
    np.fill_diagonal(counts, given - wrong * (n_classes - 1))
    joint = counts / counts.sum()
    return NoiseEstimate(
        confident_joint=counts,
        joint=joint,
        noise_matrix=joint / joint.sum(axis=0),
        inverse_noise_matrix=joint / joint.sum(axis=1, keepdims=True),
        class_priors=joint.sum(axis=0),
        n_label_errors=int(wrong.sum() * (n_classes - 1)),
    )


def _made_evidence(
    dataset: Dataset, suggested: np.ndarray, rows: np.ndarray, rng: np.random.Generator
) -> Iterator[RowEvidence]:
    for row in rows.tolist():
        text, code, given = dataset.texts[row], int(suggested[row]), int(dataset.labels[row])
        middle = text.find(" ", len(text) // 2)
        near = rng.integers(dataset.n_examples, size=4).tolist()
        neighbours = [Neighbour(row=other, similarity=0.5, label=int(dataset.labels[other])) for other in near]
        yield RowEvidence(
            row=row,
            suggested=code,
            given=given,
            sentence="3 of its 5 nearest texts carry the suggested label, and two of its words speak for it.",
            spans=(
                Span(start=0, end=text.find(" "), weight=1.0, side="suggested"),
                Span(start=max(middle, 0) + 1, end=len(text), weight=0.4, side="given"),
            ),
            neighbours=tuple(neighbours[:3]),
            n_suggested=3,
            n_given=1,
            counter_example=neighbours[3],
        )
