"""
Anonymous memory while files of probabilities are read, checked and searched for label issues.

Run: ``python -m tests.benchmarks.pred_probs_files [CASE ...]``. Files are made in a temporary directory (``TMPDIR``; up
to 2 GB are written, the 4 GiB memory map is sparse). Each case runs in a process of its own. ``RssAnon`` is what the
process itself holds; pages of mapped files, which the system takes back when it needs them, are not in it.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from labelclean.core.label_issues import find_label_issues
from labelclean.core.plausibility import check_plausible
from labelclean.dataset import Dataset
from labelclean.io.model_outputs.pred_probs import PredProbsFile, read_pred_probs

N_ROWS, N_CLASSES = 1_000_000, 100
SPARSE_ROWS = 5_368_709  # times 100 classes of 8 bytes: 4 GiB
_BLOCK = 20_000
MIB = 2**20


class AnonymousPeak:
    """Watches ``RssAnon`` of this process every few milliseconds."""

    def __init__(self) -> None:
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.before = self.peak = rss_anon()

    def __enter__(self) -> Self:
        """Begin to watch."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop watching."""
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.002):
            self.peak = max(self.peak, rss_anon())

    @property
    def extra(self) -> float:
        """What was added at the worst moment, in MiB."""
        return (self.peak - self.before) / MIB


def rss_anon() -> int:
    """Return the anonymous memory of this process in bytes."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) * 1024
    return 0


def labels_of(n_rows: int) -> NDArray[np.int64]:
    """Return given class codes."""
    return np.random.default_rng(1).integers(0, N_CLASSES, n_rows)


def block(start: int, dtype: str) -> NDArray[Any]:
    """Return some rows of a plausible table: sure of the label, but for every tenth."""
    random = np.random.default_rng(start)
    rows = random.random((_BLOCK, N_CLASSES))
    labels = labels_of(N_ROWS)[start : start + _BLOCK]
    rows[np.arange(_BLOCK), np.where(random.random(_BLOCK) < 0.9, labels, (labels + 1) % N_CLASSES)] += 100
    rows /= rows.sum(axis=1, keepdims=True)
    return rows.astype(dtype)


def make_npy(path: Path, *, dtype: str = "f8", order: str = "C") -> None:
    """Write an array block by block."""
    table: Any = np.lib.format.open_memmap(
        path, mode="w+", dtype=dtype, shape=(N_ROWS, N_CLASSES), fortran_order=order == "F"
    )
    for start in range(0, N_ROWS, _BLOCK):
        table[start : start + _BLOCK] = block(start, dtype)
    table.flush()


def make_sparse(path: Path) -> None:
    """Write the header of a 4 GiB array, and nothing else: all its values are 0."""
    with path.open("wb") as file:
        header = {"descr": "<f8", "fortran_order": False, "shape": (SPARSE_ROWS, N_CLASSES)}
        np.lib.format.write_array_header_1_0(file, header)
        file.truncate(file.tell() + SPARSE_ROWS * N_CLASSES * 8)


def make_npz(path: Path) -> None:
    """Write an archive."""
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        make_npy(Path(folder) / "a.npy")
        with path.open("wb") as file:
            np.savez(file, np.load(Path(folder) / "a.npy", mmap_mode="r"))


def make_parquet(path: Path, *, as_list: bool = False, n_rows_a_group: int = 100_000) -> None:
    """Write a Parquet table, group by group."""
    import pyarrow as pa  # type: ignore[import-untyped]  # noqa: PLC0415
    import pyarrow.parquet as pq  # type: ignore[import-untyped]  # noqa: PLC0415

    names = [str(code) for code in range(N_CLASSES)]
    value = pa.float64()
    schema = pa.schema([("probs", pa.list_(value, N_CLASSES))] if as_list else [(name, value) for name in names])
    with pq.ParquetWriter(path, schema, use_dictionary=False) as writer:
        for first in range(0, N_ROWS, n_rows_a_group):
            rows = np.concatenate([block(start, "f8") for start in range(first, first + n_rows_a_group, _BLOCK)])
            columns = (
                [pa.FixedSizeListArray.from_arrays(pa.array(rows.ravel()), N_CLASSES)]
                if as_list
                else [pa.array(np.ascontiguousarray(rows[:, code])) for code in range(N_CLASSES)]
            )
            writer.write_table(pa.table(columns, schema=schema), row_group_size=n_rows_a_group)


CASES: dict[str, Callable[[Path], None]] = {
    "npy f8": make_npy,
    "npy f4": lambda path: make_npy(path, dtype="f4"),
    "npy f2": lambda path: make_npy(path, dtype="f2"),
    "npy f8 Fortran": lambda path: make_npy(path, order="F"),
    "npy f8 4 GiB sparse": make_sparse,
    "npz f8": make_npz,
    "parquet columns": make_parquet,
    "parquet one group": lambda path: make_parquet(path, n_rows_a_group=N_ROWS),
    "parquet list": lambda path: make_parquet(path, as_list=True),
}


def measure(case: str, path: Path) -> None:
    """Read, check and search one file in this process, and print its line."""
    n_rows = SPARSE_ROWS if "sparse" in case else N_ROWS
    labels = labels_of(n_rows)
    dataset = Dataset(texts=("",) * n_rows, labels=labels, class_names=tuple(str(code) for code in range(N_CLASSES)))
    import pyarrow.parquet  # noqa: F401, PLC0415  (what the libraries themselves take is not counted)

    small = np.full((4, 2), 0.5)
    check_plausible([0, 1, 0, 1], small)
    find_label_issues([0, 1, 0, 1], small)
    times, extras = [], []
    found: list[PredProbsFile] = []
    for work in (
        lambda: found.append(read_pred_probs(path, dataset=dataset, directory=path.parent)),
        lambda: check_plausible(labels, found[0].pred_probs),
        lambda: find_label_issues(labels, found[0].pred_probs),
    ):
        started = time.perf_counter()
        with AnonymousPeak() as memory:
            work()
        times.append(time.perf_counter() - started)
        extras.append(memory.extra)
    seconds, mib = (" / ".join(f"{value:.1f}" for value in values) for values in (times, extras))
    print(f"| {case:<20} | {path.stat().st_size / MIB:>7,.0f} | {mib:>22} | {seconds:>20} |", flush=True)


def main(arguments: list[str]) -> None:
    """Make each file and measure it in a process of its own, so that the peaks do not mix."""
    if arguments[:1] == ["--one"]:
        measure(arguments[1], Path(arguments[2]))
        return
    print("|                      |    file | extra RssAnon MiB      | seconds              |")
    print(f"| {N_ROWS:,} x {N_CLASSES}      |     MiB | read / check / find    | read / check / find  |")
    print("|----------------------|---------|------------------------|----------------------|")
    for case in arguments or list(CASES):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "probs"
            CASES[case](path)
            command = [sys.executable, "-m", "tests.benchmarks.pred_probs_files", "--one", case, str(path)]
            subprocess.run(command, check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
