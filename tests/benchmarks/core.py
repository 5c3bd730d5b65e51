"""
The confident-learning core against the reference: CPU time as a ratio in one run, and memory.

Run: ``python -m tests.benchmarks.core [time] [memory] [import]`` (default: all three).

Made data: logits are normal noise plus a bonus for the true class, through a softmax; of the labels 15 % are drawn
anew. The reference runs with ``n_jobs=1``; everything runs in one thread, and the median of several calls counts, after
one that does not. Memory is the largest ``RssAnon`` of the process while it works, less what it was before.
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray

from labelclean.core.joint import confident_joint
from labelclean.core.label_issues import find_label_issues

Labels = NDArray[np.int64]
Probs = NDArray[np.float64] | NDArray[np.float32]

SIZES = ((100_000, 20, "f8"), (1_000_000, 20, "f8"), (1_000_000, 100, "f8"), (100_000, 1000, "f4"))
MAP_ROWS, MAP_CLASSES = 5_368_710, 100  # 4 GiB of doubles
ROWS_AT_ONCE = 20_000
MIB = 2**20


def fill_probs(table: Probs, true: Labels, generator: np.random.Generator) -> None:
    """Fill a table with what a model of some three quarters accuracy would say."""
    n_rows, n_classes = table.shape
    for start in range(0, n_rows, ROWS_AT_ONCE):
        part = true[start : start + ROWS_AT_ONCE]
        logits = generator.normal(size=(len(part), n_classes))
        logits[np.arange(len(part)), part] += generator.normal(4.0, 1.5, len(part)) + 0.5 * np.log(n_classes)
        weights = np.exp(logits)
        table[start : start + len(part)] = weights / weights.sum(axis=1, keepdims=True)


def make_labels(n_rows: int, n_classes: int, generator: np.random.Generator) -> tuple[Labels, Labels]:
    """Draw true labels, and given ones of which 15 % are drawn anew."""
    true = generator.integers(0, n_classes, n_rows)
    given = true.copy()
    wrong = generator.random(n_rows) < 0.15
    given[wrong] = generator.integers(0, n_classes, int(wrong.sum()))
    return true, given


def cpu_ms(work: Callable[[], object], repeats: int) -> float:
    """Return the median CPU time of a call, in milliseconds, after one call that does not count."""
    work()
    times = []
    for _ in range(repeats):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return median(times) * 1000.0


def measure_time() -> None:
    """Print one line for each size."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # It takes seconds to import, and the other measurements go without.
        from cleanlab.count import compute_confident_joint  # noqa: PLC0415
        from cleanlab.filter import find_label_issues as reference_issues  # noqa: PLC0415

        print(
            "| rows x classes | argmax ms | joint: ours / reference ms | ratio | joint / argmax "
            "| find: ours / reference ms | ratio |"
        )
        print("|---|---|---|---|---|---|---|")
        for n_rows, n_classes, dtype in SIZES:
            true, given = make_labels(n_rows, n_classes, np.random.default_rng(0))
            probs: Probs = np.empty((n_rows, n_classes), dtype=dtype)
            fill_probs(probs, true, np.random.default_rng(1))
            argmax = cpu_ms(partial(probs.argmax, axis=1), 9)
            joint = cpu_ms(partial(confident_joint, given, probs, n_threads=1), 9)
            their_joint = cpu_ms(partial(compute_confident_joint, given, probs), 3)
            find = cpu_ms(partial(find_label_issues, given, probs, n_threads=1), 9)
            theirs = cpu_ms(partial(reference_issues, given, probs, n_jobs=1), 3)
            print(
                f"| {n_rows:,} x {n_classes:,} {dtype} | {argmax:.0f} "
                f"| {joint:.0f} / {their_joint:.0f} | {their_joint / joint:.1f} | {joint / argmax:.1f} "
                f"| {find:.0f} / {theirs:.0f} | {theirs / find:.1f} |",
                flush=True,
            )


def measure_memory() -> None:
    """Print the extra anonymous memory for a table in memory and for a memory map, each in a process of its own."""
    print("\n| find_label_issues over | table MiB | extra anonymous memory MiB | wall s |")
    print("|---|---|---|---|")
    for what in ("array", "map"):
        subprocess.run([sys.executable, "-m", "tests.benchmarks.core", "--one", what], check=True)


def measure_one(what: str) -> None:
    """Measure one kind of table in this process and print its line."""
    generator = np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as folder:
        n_rows, n_classes = (1_000_000, 100) if what == "array" else (MAP_ROWS, MAP_CLASSES)
        true, given = make_labels(n_rows, n_classes, generator)
        if what == "array":
            table: Probs = np.empty((n_rows, n_classes))
        else:
            path = Path(folder) / "pred_probs.npy"
            table = np.lib.format.open_memmap(path, mode="w+", dtype=np.float64, shape=(n_rows, n_classes))
        fill_probs(table, true, generator)
        del true
        find_label_issues(given[:1000], table[:1000])  # what is loaded once does not count
        peak = _PeakMemory()
        started = time.perf_counter()
        find_label_issues(given, table)
        seconds = time.perf_counter() - started
        extra = peak.stop()
    print(
        f"| {what} {n_rows:,} x {n_classes} f8 | {table.nbytes / MIB:,.0f} | {extra / MIB:.0f} | {seconds:.1f} |",
        flush=True,
    )


class _PeakMemory:
    """Watches this process's anonymous memory from another process, a thousand times a second."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._over, self._ready = context.Event(), context.Event()
        self._receive, send = context.Pipe(duplex=False)
        self._watcher = context.Process(target=_watch, args=(os.getpid(), self._ready, self._over, send))
        self._watcher.start()
        self._ready.wait()
        self._before = anonymous_bytes(os.getpid())

    def stop(self) -> int:
        """Return the largest value seen, less the one at the start, in bytes."""
        self._over.set()
        peak: int = self._receive.recv()
        self._watcher.join()
        return max(peak - self._before, 0)


def _watch(pid: int, ready: Event, over: Event, send: Connection) -> None:
    peak = 0
    ready.set()
    while not over.wait(0.001):
        peak = max(peak, anonymous_bytes(pid))
    send.send(peak)


def anonymous_bytes(pid: int) -> int:
    """Return the anonymous resident memory of a process, in bytes."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("RssAnon"))


def measure_import() -> None:
    """Print how long ``import labelclean`` takes in a fresh interpreter, less the interpreter's own start."""

    def seconds(code: str) -> float:
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        return time.perf_counter() - started

    bare = median(seconds("pass") for _ in range(9))
    loaded = median(seconds("import labelclean") for _ in range(9))
    print(f"\nimport labelclean: {max(loaded - bare, 0.0) * 1000:.0f} ms")


def main(arguments: list[str]) -> None:
    """Measure what is named."""
    if arguments[:1] == ["--one"]:
        measure_one(arguments[1])
        return
    for name, measure in (("time", measure_time), ("memory", measure_memory), ("import", measure_import)):
        if not arguments or name in arguments:
            measure()


if __name__ == "__main__":
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    main(sys.argv[1:])
