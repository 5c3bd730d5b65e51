"""Blocks of classes solved side by side, and put together in the caller's order of rows."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from labelclean.arrays import FloatArray, IndexArray
from labelclean.errors import RunCancelledError
from labelclean.models.fold_ridge_exact import is_exact_cheaper, solve_exactly
from labelclean.models.fold_ridge_iterations import MAX_ITERATIONS, BlockSolution, solve_block
from labelclean.models.fold_ridge_problem import Columns, FoldSystems
from labelclean.models.held_out import Meter
from labelclean.protocols import Progress

__all__ = ["Solved", "solve_blocks"]

_STEP = "Judging by ridge regression"


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Solved:
    """
    Scores of all classes, a list with one entry per strength each.

    Attributes
    ----------
    scores : list of ndarray of float32, shape (n_examples, n_classes)
        Scores in the caller's order.
    intercepts : list of ndarray of float64, shape (n_folds + 1, n_classes)
        What does not depend on the features, in each fold's model; the last row is their mean.
    duals : list of ndarray of float32, shape (n_folds, n_examples, n_columns)
        Coefficients in the caller's order, for the classes that have systems of their own; empty unless wanted.
    """

    scores: list[Columns]
    intercepts: list[FloatArray]
    duals: list[NDArray[np.float32]]

    def put(self, systems: FoldSystems, classes: IndexArray, solution: BlockSolution) -> None:
        """Take in what a block says."""
        labelled, others = np.split(systems.order, [systems.n_labelled])
        for each, scores in enumerate(self.scores):
            scores[np.ix_(labelled, classes)] = solution.held_out[each]
            scores[np.ix_(others, classes)] = solution.without_label[each]
            self.intercepts[each][:-1, classes] = solution.constants[each]
        columns = classes - systems.solved_classes[0]
        for each, duals in enumerate(self.duals):
            for fold, of_fold in enumerate(systems.columns(len(classes))):
                duals[fold][np.ix_(labelled, columns)] = solution.duals[each][:, of_fold]

    def complete(self, systems: FoldSystems) -> None:
        """Give the first of two classes the opposite of the second, and add what the targets were centred by."""
        for scores, intercepts in zip(self.scores, self.intercepts, strict=True):
            for code in np.setdiff1d(np.arange(systems.n_classes), systems.solved_classes):
                scores[:, code] = -scores[:, 1 - code]
                intercepts[:, code] = -intercepts[:, 1 - code]
            if systems.n_folds:
                intercepts[-1] = intercepts[:-1].mean(axis=0)
            np.add(intercepts, systems.shares, out=intercepts)
            scores[:] += systems.shares.astype(np.float32)[systems.fold_of]


def solve_blocks(
    systems: FoldSystems, strengths: Sequence[float], *, keep_duals: bool, n_jobs: int, progress: Progress
) -> Solved:
    """
    Solve all systems at all strengths, in closed form where that takes less time.

    Parameters
    ----------
    systems : FoldSystems
        Rows and targets.
    strengths : sequence of float
        Ascending, above 0.
    keep_duals : bool
        Whether the coefficients are wanted; without them nothing is solved in closed form.
    n_jobs : int
        Blocks solved at the same time; the result does not depend on it.
    progress : Progress
        Told before each step of each block, always in the caller's thread.

    Returns
    -------
    Solved
        Zeros where there is no row to learn from.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> from labelclean.models.fold_ridge_problem import fold_systems
    >>> from labelclean.protocols import no_progress
    >>> rows = csr_array(np.float32([[1, 0], [0, 1]] * 2))
    >>> systems = fold_systems(rows, np.array([0, 1, 0, 1]), np.array([0, 0, 1, 1]), n_classes=2)
    >>> solved = solve_blocks(systems, [1.0], keep_duals=True, n_jobs=1, progress=no_progress)
    >>> solved.scores[0].shape, solved.duals[0].shape
    ((4, 2), (2, 4, 1))
    """
    n_examples, n_classes = len(systems.order), systems.n_classes
    classes = systems.solved_classes
    solved = Solved(
        scores=[np.zeros((n_examples, n_classes), dtype=np.float32) for _ in strengths],
        intercepts=[np.zeros((systems.n_folds + 1, n_classes)) for _ in strengths],
        duals=[
            np.zeros((systems.n_folds, n_examples, len(classes)), dtype=np.float32) for _ in strengths if keep_duals
        ],
    )
    if keep_duals and is_exact_cheaper(systems, n_strengths=len(strengths)):
        meter = Meter(progress=progress, planned=len(strengths))
        solved.put(systems, classes, solve_exactly(systems, strengths, told=partial(_tell, meter)))
        solved.complete(systems)
        return solved
    blocks = systems.blocks(classes) if systems.n_folds else []
    meter = Meter(progress=progress, planned=len(blocks) * MAX_ITERATIONS)

    def solve(block: IndexArray, told: Callable[[], None]) -> None:
        solution = solve_block(systems, block, strengths, keep_duals=keep_duals, told=told)
        solved.put(systems, block, solution)  # blocks write to columns of their own

    if n_jobs == 1 or len(blocks) == 1:
        _one_by_one(blocks, solve, meter)
    else:
        _side_by_side(blocks, solve, meter, n_jobs)
    solved.complete(systems)
    return solved


def _one_by_one(
    blocks: Sequence[IndexArray], solve: Callable[[IndexArray, Callable[[], None]], None], meter: Meter
) -> None:
    for number, block in enumerate(blocks):
        solve(block, partial(_tell, meter))
        meter.done = (number + 1) * MAX_ITERATIONS


def _tell(meter: Meter) -> None:
    meter.tell(_STEP)
    meter.done += 1


def _side_by_side(
    blocks: Sequence[IndexArray],
    solve: Callable[[IndexArray, Callable[[], None]], None],
    meter: Meter,
    n_jobs: int,
) -> None:
    """Let threads report to this one, which alone tells the progress; when it is told to stop, so are they."""
    reports: queue.SimpleQueue[int | None] = queue.SimpleQueue()
    is_stopped = threading.Event()

    def work(block: IndexArray) -> None:
        n_steps = 0

        def told() -> None:
            nonlocal n_steps
            if is_stopped.is_set():
                raise RunCancelledError("The run was cancelled.")
            n_steps += 1
            reports.put(1)

        solve(block, told)
        reports.put(MAX_ITERATIONS - n_steps)

    with ThreadPoolExecutor(n_jobs) as pool:
        futures = [pool.submit(work, block) for block in blocks]
        for future in futures:
            future.add_done_callback(lambda _: reports.put(None))
        n_open = len(futures)
        try:
            while n_open:
                steps = reports.get()
                n_open -= steps is None
                meter.done += steps or 0
                meter.tell(_STEP)
            for future in futures:
                future.result()
        finally:
            is_stopped.set()
            for future in futures:
                future.cancel()
