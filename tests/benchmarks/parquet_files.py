"""
Time and memory while a large Parquet file is looked into, read, and written back with 1 % corrections.

Run: ``python -m tests.benchmarks.parquet_files [--size 1GB] [--compression snappy|zstd] [--rows-a-group 100000]``. The
file is made on the spot in a temporary directory (``TMPDIR``; twice the size is written). Memory is ``RssAnon``, what
the process itself holds, over what it held before. Reading texts and labels holds them all, as every run does.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
from pyarrow import parquet as pq

from labelclean.io.layout import FileLayout
from labelclean.io.tables.contract import TableEdits
from labelclean.io.tables.parquet_files.format import PARQUET
from tests.benchmarks.pred_probs_files import AnonymousPeak

LAYOUT = FileLayout(file_format="parquet", encoding="utf-8", byte_order_mark=False, delimiter="", columns=(), n_rows=0)
UNITS = {"KB": 10**3, "MB": 10**6, "GB": 10**9}
N_WORDS = 40
CORRECTED_SHARE = 0.01
LABELS = np.array(["late", "broken", "lost", "praise", "refund"], dtype=object)


def main() -> None:
    """Make the file, and measure each step."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--size", default="1GB")
    options.add_argument("--compression", default="snappy")
    options.add_argument("--rows-a-group", type=int, default=100_000)
    chosen = options.parse_args()
    n_bytes = int(chosen.size[:-2]) * UNITS[chosen.size[-2:]]
    with (
        tempfile.TemporaryDirectory() as folder,
        # Each step in a process of its own, whose memory nothing was in before.
        ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as pool,
    ):
        path, target = Path(folder) / "large.parquet", Path(folder) / "corrected.parquet"
        n_rows = pool.submit(make, path, n_bytes, chosen.compression, chosen.rows_a_group).result()
        size = path.stat().st_size
        print(f"{size / 1e9:.2f} GB, {n_rows:,} rows, {chosen.rows_a_group:,} a group, {chosen.compression}")
        for name in STEPS:
            print(pool.submit(measured, name, path, target, n_rows).result(), flush=True)


def make(path: Path, n_bytes: int, compression: str, rows_a_group: int) -> int:
    """Write texts, labels and numbers until the file is large enough; returns the number of rows."""
    random = np.random.default_rng(5)
    words = np.array(["".join(random.choice(list("etaoinshrdlu"), 7)) for _ in range(30_000)], dtype=object)
    schema = pa.schema([("id", pa.int64()), ("text", pa.string()), ("label", pa.string()), ("score", pa.float64())])
    n_rows = 0
    with pq.ParquetWriter(path, schema, compression=compression) as writer:
        while path.stat().st_size < n_bytes:
            ids = np.arange(n_rows, n_rows + rows_a_group)
            texts = [" ".join(row) for row in words[random.integers(0, len(words), (rows_a_group, N_WORDS))]]
            labels = LABELS[random.integers(0, len(LABELS), rows_a_group)]
            columns = [pa.array(ids), pa.array(texts), pa.array(labels), pa.array(random.random(rows_a_group))]
            writer.write_table(pa.table(columns, schema=schema), row_group_size=rows_a_group)
            n_rows += rows_a_group
    return n_rows


def inspect(path: Path, _target: Path, _n_rows: int) -> None:
    """Look through the whole file."""
    PARQUET.scan(path, LAYOUT)


def read_labels(path: Path, _target: Path, _n_rows: int) -> None:
    """Read one column."""
    PARQUET.read(path, LAYOUT, ["label"])


def read_all(path: Path, _target: Path, _n_rows: int) -> None:
    """Read what a run needs."""
    PARQUET.read(path, LAYOUT, ["text", "label"])


def corrected_rows(n_rows: int) -> list[int]:
    """Return the rows that change: one in a hundred, all over the file."""
    return np.flatnonzero(np.random.default_rng(6).random(n_rows) < CORRECTED_SHARE).tolist()


def write_back(path: Path, target: Path, n_rows: int) -> None:
    """Write the file with corrections."""
    edits = TableEdits(cells={row: {"label": "corrected"} for row in corrected_rows(n_rows)})
    with target.open("wb") as file:
        PARQUET.write(path, file, LAYOUT, edits)


def write_without(path: Path, target: Path, n_rows: int) -> None:
    """Write the file without some rows, for which all columns are written anew."""
    with target.open("wb") as file:
        PARQUET.write(path, file, LAYOUT, TableEdits(dropped_rows=frozenset(corrected_rows(n_rows))))


def check_corrected(path: Path, target: Path, n_rows: int) -> None:
    """See that exactly the corrected labels are new, group by group."""
    old, new = pq.ParquetFile(path), pq.ParquetFile(target)
    expected = np.zeros(n_rows, dtype=bool)
    expected[corrected_rows(n_rows)] = True
    first = 0
    for group in range(old.num_row_groups):
        before, after = old.read_row_group(group), new.read_row_group(group)
        labels = np.array(before.column("label").to_pylist(), dtype=object)
        labels[expected[first : first + len(labels)]] = "corrected"
        assert before.set_column(2, "label", pa.array(labels)).equals(after)
        first += len(labels)
    assert old.schema_arrow.equals(new.schema_arrow, check_metadata=True)


STEPS: dict[str, Callable[[Path, Path, int], None]] = {
    "inspect": inspect,
    "write back, 1 % corrected": write_back,
    "(check what was written)": check_corrected,
    "write back, 1 % dropped": write_without,
    "read labels": read_labels,
    "read texts and labels": read_all,
}


def measured(name: str, path: Path, target: Path, n_rows: int) -> str:
    """Run one step and say what it took."""
    with AnonymousPeak() as memory:
        began, used = time.perf_counter(), time.process_time()
        STEPS[name](path, target, n_rows)
        wall, cpu = time.perf_counter() - began, time.process_time() - used
    speed = path.stat().st_size / wall / 1e6
    return f"{name:28} {wall:6.1f} s wall {cpu:6.1f} s CPU {speed:6.0f} MB/s {memory.extra:7.0f} MiB"


if __name__ == "__main__":
    main()
