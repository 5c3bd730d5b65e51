"""One contender on one set in a process of its own, so that its processor time and peak memory are its own."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np

from labelclean.errors import LabelCleanWarning
from tests.benchmarks.detection_contenders import LOADERS, RANKING_ONLY, Findings, load_reference_ranking
from tests.benchmarks.detection_sets import LabelledSet, read_labelled_set, sample_rows, tiny_set

__all__ = ["Cost", "Outcome", "Task", "peak_mib", "processor_seconds", "read_outcome", "read_rows", "run_in_child"]

_ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """
    What the child is to do.

    Attributes
    ----------
    contender : str
        A name in ``LOADERS``, or ``RANKING_ONLY``.
    path : str
        The set's file.
    seed : int
        Of the folds, and of the sample where one is drawn.
    share : float
        Share of the rows to draw, 1 for all.
    pred_probs : str, default=""
        The file with our outcome, whose probabilities the reference is to rank.
    """

    contender: str
    path: str
    seed: int
    share: float
    pred_probs: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cost:
    """
    What it took, without imports and reading the file.

    Attributes
    ----------
    cpu_seconds, wall_seconds : float
        Processor time of the process, its threads and its children; time on the clock.
    peak_mib : float
        Largest memory of the process, imports and data included.
    """

    cpu_seconds: float
    wall_seconds: float
    peak_mib: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What was found, and what it took."""

    findings: Findings
    cost: Cost


def run_in_child(task: Task, outcome: Path) -> Outcome:
    """Start a process that writes its outcome to a file; the reference gets one thread for its linear algebra."""
    environment = dict(os.environ) if task.contender == "labelclean" else os.environ | _ONE_THREAD
    command = [sys.executable, "-m", "tests.benchmarks.detection_child", json.dumps(asdict(task)), str(outcome)]
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
    return read_outcome(outcome)


def read_outcome(path: Path) -> Outcome:
    """Read what a child wrote."""
    with np.load(path) as stored:
        found = {field.name: stored[field.name] for field in fields(Findings)}
        cost = {field.name: float(stored[field.name]) for field in fields(Cost)}
    return Outcome(findings=Findings(**found | {"n_errors": float(found["n_errors"])}), cost=Cost(**cost))


def read_rows(task: Task) -> LabelledSet:
    """Return the rows that the task is about; the same in every process."""
    data = read_labelled_set(Path(task.path))
    return data if task.share == 1.0 else sample_rows(data, share=task.share, seed=task.seed)


def main(arguments: list[str]) -> None:
    """Do one task and write its outcome."""
    task = Task(**json.loads(arguments[0]))
    data = read_rows(task)
    work = _work(task, data)
    started, cpu_started = time.perf_counter(), processor_seconds()
    findings = work()
    wall, cpu = time.perf_counter() - started, processor_seconds() - cpu_started
    cost = Cost(cpu_seconds=cpu, wall_seconds=wall, peak_mib=peak_mib())
    arrays = {field.name: np.asarray(getattr(findings, field.name)) for field in fields(findings)}
    with Path(arguments[1]).open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays, **asdict(cost))


def processor_seconds() -> float:
    """Return the processor time of this process and of its children that have ended."""
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def peak_mib() -> float:
    """Return the most memory that this process ever held; where Linux tells, without what its parent held."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _work(task: Task, data: LabelledSet) -> Callable[[], Findings]:
    """Import what the task needs, try it on a tiny set, for what is imported only then, and return what is timed."""
    warnings.simplefilter("ignore", LabelCleanWarning)
    if task.contender != "labelclean":
        warnings.simplefilter("ignore")  # scikit-learn's are about the reference's options, which are given
    if task.contender == RANKING_ONLY:
        rank, probs = load_reference_ranking(), read_outcome(Path(task.pred_probs)).findings.pred_probs
        return lambda: rank(data, probs)
    find = LOADERS[task.contender](data)
    find(tiny_set(is_multi_label=data.is_multi_label), task.seed)
    return lambda: find(data, task.seed)


if __name__ == "__main__":
    main(sys.argv[1:])
