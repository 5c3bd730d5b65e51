"""
Write-back of a large CSV file with corrections: wall time and peak memory.

Run: ``python -m tests.benchmarks.export [ROWS CORRECTIONS]`` (default 1000000 10000), or, for a file of a given size
with quotes, commas and line ends in its cells, each step on one core in a process of its own:
``python -m tests.benchmarks.export --size 5GB``.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from labelclean.io.layout import ColumnRoles, FileLayout
from labelclean.io.source import inspect_file, read_dataset, write_back
from tests.benchmarks.made_data import write_made_csv, write_made_table

ROLES = ColumnRoles(text="text", label="label")
STEPS = ("inspect", "read", "write back")
UNITS = {"KB": 10**3, "MB": 10**6, "GB": 10**9}
CORRECTED_SHARE = 0.01


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


def measure_step(step: str, source: Path) -> None:
    """Do one step on one core, and print its line."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    kept = source.with_suffix(".json")
    layout = None if step == "inspect" else FileLayout.from_dict(json.loads(kept.read_text()))
    started, used = time.perf_counter(), time.process_time()
    if layout is None:
        layout = inspect_file(source).layout
        kept.write_text(json.dumps(layout.to_dict()))
        done = f"{layout.n_rows:,} rows"
    elif step == "read":
        done = f"{read_dataset(source, layout, ROLES).n_examples:,} texts and labels"
    else:
        rows = random.Random(0).sample(range(layout.n_rows), int(layout.n_rows * CORRECTED_SHARE))  # noqa: S311
        with source.with_suffix(".out").open("wb") as target:
            done = f"{write_back(source, target, layout, ROLES, dict.fromkeys(rows, 'corrected')):,} rows changed"
    seconds, used = time.perf_counter() - started, time.process_time() - used
    rate = source.stat().st_size / 10**6 / seconds
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"| {step:<10} | {seconds:6.1f} | {used:5.1f} | {rate:5.0f} | {peak:8,.0f} | {done:<32} |", flush=True)


def measure_size(size: str) -> None:
    """Make a file of a size such as "5GB", and measure each step with it."""
    n_bytes = int(float(size[:-2]) * UNITS[size[-2:].upper()])
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "made.csv"
        write_made_table(source, n_bytes=n_bytes)
        print(f"{source.stat().st_size / 10**6:,.0f} MB of CSV in UTF-8\n")
        print("| step       | wall s | CPU s |  MB/s | peak MiB | done                             |")
        print("|------------|--------|-------|-------|----------|----------------------------------|", flush=True)
        for step in STEPS:
            _run("--step", step, str(source))


def _run(*arguments: str) -> None:
    """Run a part of this in a process of its own, so that only its work counts in its peak."""
    command = [sys.executable, "-m", "tests.benchmarks.export", *arguments]
    subprocess.run(command, check=True, env={**os.environ, "OPENBLAS_NUM_THREADS": "1"})


def main(arguments: list[str]) -> None:
    """Make the file in one process, measure in others."""
    match arguments:
        case ["--one", source, n_rows, n_corrections]:
            measure(Path(source), int(n_rows), int(n_corrections))
        case ["--step", step, source]:
            measure_step(step, Path(source))
        case ["--size", size]:
            measure_size(size)
        case _:
            n_rows, n_corrections = arguments or ["1000000", "10000"]
            with tempfile.TemporaryDirectory() as folder:
                made = Path(folder) / "made.csv"
                write_made_csv(made, n_rows=int(n_rows), n_classes=20)
                _run("--one", str(made), n_rows, n_corrections)


if __name__ == "__main__":
    main(sys.argv[1:])
