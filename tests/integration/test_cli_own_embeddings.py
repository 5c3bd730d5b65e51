"""``labelclean find --embeddings`` as its users run it: a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

CLASSES = ("billing", "refund", "shipping")
N_ROWS = 90
WRONG = {4, 31, 62}


def run(*arguments: object, cwd: Path, code: int = 0) -> subprocess.CompletedProcess[str]:
    """Run ``labelclean find`` on the dataset and check its exit code."""
    result = subprocess.run(
        [sys.executable, "-m", "labelclean", "find", "messages.csv", "--output", "out.csv", *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "100"},
        check=False,
    )
    assert result.returncode == code, result.stderr
    assert "Traceback" not in result.stderr
    return result


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write messages that say nothing about their class, with three wrong labels, and embeddings that say it."""
    generator = np.random.default_rng(0)
    words = ["".join(generator.choice(list("abcdefghij"), size=5)) for _ in range(60)]
    true = np.arange(N_ROWS) % 3
    labels = [CLASSES[(code + (row in WRONG)) % 3] for row, code in enumerate(true.tolist())]
    texts = [" ".join(generator.choice(words, size=9)) for _ in range(N_ROWS)]
    ids = [f"m{row:03}" for row in range(N_ROWS)]
    pd.DataFrame({"nr": ids, "message": texts, "topic": labels}).to_csv(tmp_path / "messages.csv", index=False)
    vectors = (3 * np.eye(3, 8)[true] + 0.3 * generator.standard_normal((N_ROWS, 8))).astype(np.float32)
    np.save(tmp_path / "vectors.npy", vectors)
    np.save(tmp_path / "short.npy", vectors[:-1])
    odd = vectors.copy()
    odd[7] = 0.0
    np.save(tmp_path / "odd.npy", odd)
    pd.DataFrame({"key": ids[::-1], "vector": list(vectors[::-1])}).to_parquet(tmp_path / "vectors.parquet")
    return tmp_path


def suspects(folder: Path) -> list[int]:
    """Return the rows in the order of the output."""
    return pd.read_csv(folder / "out.csv")["row"].astype(int).tolist()


@pytest.mark.parametrize(
    "options", [["vectors.npy"], ["vectors.parquet", "--embeddings-column", "vector", "--embeddings-id", "key"]]
)
def test_embeddings_find_what_the_words_do_not_say(folder: Path, options: list[str]) -> None:
    """The three wrong labels are the first three rows, whatever the order of the rows in the file."""
    run("--text", "message", "--label", "topic", "--id", "nr", "--embeddings", *options, cwd=folder)

    assert set(suspects(folder)[:3]) == WRONG


def test_the_summary_says_where_they_came_from(folder: Path) -> None:
    """With what is odd about them, which is said on stderr, too."""
    roles = ["--text", "message", "--label", "topic"]

    said = run(*roles, "--embeddings", "odd.npy", "--summary", "sum.json", cwd=folder).stderr

    summary = json.loads((folder / "sum.json").read_text(encoding="utf-8"))
    assert summary["embeddings"] == {"file": "odd.npy", "n_dimensions": 8}
    assert "1 row is all zeros in the embeddings, the first is row 7" in said
    assert any("the first is row 7" in warning for warning in summary["warnings"])


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        (["--embeddings", "short.npy"], 2, "one row for each of the 90 rows of the dataset; got 89"),
        (["--embeddings", "none.npy"], 3, "none.npy"),
        (["--embeddings", "vectors.npy", "--pred-probs", "vectors.npy"], 2, "must not go together"),
        (["--embeddings-id", "key"], 2, "must go with --embeddings"),
        (["--embeddings", "vectors.parquet", "--embeddings-id", "key"], 2, "if the dataset has some"),
    ],
)
def test_what_does_not_fit_is_said(folder: Path, options: list[str], code: int, message: str) -> None:
    """In one sentence, with the exit code for its kind."""
    said = run("--text", "message", "--label", "topic", *options, cwd=folder, code=code).stderr

    assert message in " ".join(said.split())


def test_an_input_is_not_written_over(folder: Path) -> None:
    """The file of embeddings is an input like any other."""
    before = (folder / "vectors.npy").read_bytes()

    run("--text", "message", "--embeddings", "vectors.npy", "--summary", "vectors.npy", cwd=folder, code=2)

    assert (folder / "vectors.npy").read_bytes() == before
