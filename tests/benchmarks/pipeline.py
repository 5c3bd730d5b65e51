"""
Upload and analysis of made files: wall time and peak memory.

Run: ``python -m tests.benchmarks.pipeline [ROWS ...]`` (default 10000 100000).
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from labelclean.home import Home
from labelclean.io.layout import ColumnRoles
from labelclean.io.source import inspect_file
from labelclean.workspace import REVIEW_CONFIG, Workspace
from tests.benchmarks.made_data import write_made_csv

N_CLASSES = 20


def measure(n_rows: int) -> None:
    """Measure one size in this process and print its line."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "made.csv"
        write_made_csv(source, n_rows=n_rows, n_classes=N_CLASSES)
        workspace = Workspace.open(Home.at(Path(folder) / "home"))
        started = time.perf_counter()
        with source.open("rb") as stream:
            sha256, n_bytes = workspace.keep_file(stream, max_bytes=10**10)
        summary = inspect_file(workspace.home.dataset_path(sha256), name=source.name)
        uploaded = time.perf_counter()
        project = workspace.create_project(
            name="made",
            file_name=source.name,
            sha256=sha256,
            n_bytes=n_bytes,
            layout=summary.layout,
            roles=ColumnRoles(text="text", label="label", row_id="id"),
        )
        workspace.run_audit(project.id, REVIEW_CONFIG)
        finished = time.perf_counter()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        workspace.store.close()
    print(
        f"| {n_rows:>9,} | {uploaded - started:8.1f} | {finished - uploaded:10.1f} | {finished - started:7.1f} "
        f"| {peak:10,.0f} |"
    )


def main(arguments: list[str]) -> None:
    """Measure each size in a process of its own, so that the peaks do not mix."""
    if arguments[:1] == ["--one"]:
        measure(int(arguments[1]))
        return
    print(f"| rows x {N_CLASSES} | upload s | analysis s | total s | peak MiB  |")
    print("|-----------|----------|------------|---------|------------|")
    for size in arguments or ["10000", "100000"]:
        subprocess.run([sys.executable, "-m", "tests.benchmarks.pipeline", "--one", size], check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
