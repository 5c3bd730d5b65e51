"""
JSON Lines and a JSON array of some size: look into, read, write back with 1 % corrections; wall time and peak memory.

Run: ``python -m tests.benchmarks.json_files [--size 200MB]``. The files are made on the spot and removed again.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from labelclean.io.layout import FileFormat, FileLayout
from labelclean.io.tables.contract import TableEdits, TableFormat
from labelclean.io.tables.json_files.document import JSON_ARRAY
from labelclean.io.tables.json_files.lines import JSON_LINES

FORMATS: dict[FileFormat, TableFormat] = {"jsonl": JSON_LINES, "json": JSON_ARRAY}
_UNITS = {"MB": 10**6, "GB": 10**9}
_WORDS = (
    *("please", "check", "why", "the", "card", "payment", "of", "last", "month", "was", "taken", "twice"),
    *("from", "my", "account", "in", "another", "city"),
)
_LABELS = ("payments", "cards", "accounts", "transfers", "complaints")


def made_objects() -> Iterator[str]:
    """Yield the objects of a made data set without end, one in eight with text beyond ASCII."""
    drawn = random.Random(7)  # noqa: S311  (no secret)
    row = 0
    while True:
        text = " ".join(drawn.choices(_WORDS, k=drawn.randint(8, 60))) + (" – déjà vu" if row % 8 == 0 else "")
        made = {"id": row, "text": text, "label": drawn.choice(_LABELS), "meta": {"source": "web", "score": 0.25}}
        yield json.dumps(made, ensure_ascii=False)
        row += 1


def write_made(path: Path, file_format: FileFormat, n_bytes: int) -> None:
    """Write a file of about so many bytes."""
    opening, between, closing = ("", "\n", "\n") if file_format == "jsonl" else ("[\n  ", ",\n  ", "\n]\n")
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(opening)
        for row, line in enumerate(made_objects()):
            file.write((between if row else "") + line)
            if row % 1_000 == 0 and file.tell() >= n_bytes:
                break
        file.write(closing)


def measure(path: Path, file_format: FileFormat, act: str) -> None:
    """Do one thing with a file and print its line."""
    kind = FORMATS[file_format]
    layout = FileLayout(
        file_format=file_format, encoding="utf-8", byte_order_mark=False, delimiter="", columns=(), n_rows=0
    )
    if act != "inspect":
        n_rows = json.loads(path.with_suffix(".rows").read_text())
        layout = replace(layout, columns=("id", "text", "label", "meta"), n_rows=n_rows)
    started, cpu_started = time.perf_counter(), time.process_time()
    if act == "inspect":
        scan = kind.scan(path, layout)
        path.with_suffix(".rows").write_text(json.dumps(scan.n_rows))
    elif act == "read":
        kind.read(path, layout, ["text", "label"])
    else:
        corrections = {row: {"label": "corrected"} for row in range(0, layout.n_rows, 100)}
        with path.with_suffix(".out").open("wb") as target:
            kind.write(path, target, layout, TableEdits(cells=corrections))
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu_started
    megabytes = path.stat().st_size / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    cells = f"{megabytes:8,.0f} | {seconds:7.1f} | {cpu_seconds:7.1f} | {megabytes / cpu_seconds:8.0f}"
    print(f"| {file_format:6} | {act:10} | {cells} | {peak:8,.0f} |", flush=True)


def main(arguments: list[str]) -> None:
    """Make each file in this process and measure each step in one of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="200MB", help="such as 200MB or 1GB")
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.one:
        path, file_format, act = options.one
        measure(Path(path), file_format, act)
        return
    n_bytes = int(options.size[:-2]) * _UNITS[options.size[-2:].upper()]
    print("| format | step       | file MB  | wall s  | CPU s   | MB/CPU s | peak MiB |")
    print("|--------|------------|----------|---------|---------|----------|----------|", flush=True)
    for file_format in FORMATS:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "made"
            write_made(path, file_format, n_bytes)
            for act in ("inspect", "read", "write back"):
                command = [sys.executable, "-m", "tests.benchmarks.json_files", "--one", str(path), file_format, act]
                subprocess.run(command, check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
