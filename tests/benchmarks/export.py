"""
Write-back of a large CSV file with corrections: wall time and peak memory.

Run: ``python -m tests.benchmarks.export [ROWS CORRECTIONS]`` (default 1000000 10000).
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from labelclean.io.layout import ColumnRoles
from labelclean.io.source import inspect_file, write_back
from tests.benchmarks.made_data import write_made_csv

ROLES = ColumnRoles(text="text", label="label")


def measure(source: Path, n_rows: int, n_corrections: int) -> None:
    """Inspect and write back one file, and print its line."""
    started = time.perf_counter()
    layout = inspect_file(source).layout
    inspected = time.perf_counter()
    corrections = dict.fromkeys(range(0, n_rows, max(1, n_rows // n_corrections)), "corrected")
    with source.with_suffix(".out").open("wb") as target:
        changed = write_back(source, target, layout, ROLES, corrections)
    finished = time.perf_counter()
    size = source.stat().st_size / 2**20
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print("| rows      | corrections | file MiB | inspect s | write back s | peak MiB |")
    print("|-----------|-------------|----------|-----------|--------------|----------|")
    print(
        f"| {n_rows:>9,} | {changed:>11,} | {size:8.1f} | {inspected - started:9.1f} | {finished - inspected:12.1f} "
        f"| {peak:8.0f} |"
    )


def main(arguments: list[str]) -> None:
    """Make the file in one process, measure in another, so that only the work counts in the peak."""
    if arguments[:1] == ["--one"]:
        measure(Path(arguments[1]), int(arguments[2]), int(arguments[3]))
        return
    n_rows, n_corrections = (int(word) for word in (arguments or ["1000000", "10000"]))
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "made.csv"
        write_made_csv(source, n_rows=n_rows, n_classes=20)
        command = [
            sys.executable,
            "-m",
            "tests.benchmarks.export",
            "--one",
            str(source),
            str(n_rows),
            str(n_corrections),
        ]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
