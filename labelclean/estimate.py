"""What an audit will cost on this machine: time, memory, and whether it fits."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import psutil
from scipy import sparse

from labelclean.config import AuditConfig
from labelclean.dataset import Dataset
from labelclean.features.estimate import ViewEstimate, estimate_views
from labelclean.judging import plan_run

__all__ = ["RunEstimate", "estimate_run", "needs_bounds"]

_SHARE_TO_USE = 0.7  # of the memory that is free
_SURELY_FITS = 100_000_000  # characters of text, or cells of a table: then nothing need be measured

_ROUNDS = 26  # products with the features for each fold, class and penalty path, there and back
_BAYES_ROUNDS = 8  # the same for naive Bayes: two models, a few smoothings each
_TABLES = 20  # tables of one number for each row and class that are held at once
_BLOCK_COLUMNS, _BLOCK_TABLES = 64, 3  # what conjugate gradients hold
_SOLVED_SECONDS = 3e-7  # conjugate gradients beside the products, for each row, class and fold
_CELL_SECONDS = 2.5e-7  # softmax and noise, for each row and class
_ROW_SECONDS = 2.5e-5  # near-duplicates and folds
_START_SECONDS = 0.3
_BAYES_BYTES = 70  # of naive Bayes, for each stored number of the views

_TRIALS, _TRIAL_ROWS, _TRIAL_ENTRIES, _TRIAL_COLUMNS = 3, 2_000, 20, 128


@dataclass(frozen=True, kw_only=True, slots=True)
class RunEstimate:
    """
    What an audit is expected to need.

    Attributes
    ----------
    seconds : float
        Wall time on this machine as busy as it is now; right within a factor of two or so.
    peak_bytes : int
        Memory at the highest point, beyond the dataset itself.
    bounded : bool
        Whether it has to read the texts in the way that needs less memory.
    message : str
        What is done to make it fit, if anything.
    """

    seconds: float
    peak_bytes: int
    bounded: bool
    message: str


def estimate_run(dataset: Dataset, config: AuditConfig, *, free_bytes: int | None = None) -> RunEstimate:
    """
    Estimate time and memory of an audit by the built-in learners.

    Parameters
    ----------
    dataset : Dataset
        The data; about 2,000 texts are read.
    config : AuditConfig
        The options of the run.
    free_bytes : int, optional
        Memory that may be used; what the machine has free where left out.

    Returns
    -------
    RunEstimate
        Takes well under a second.

    Examples
    --------
    >>> data = Dataset.from_labels(["my refund", "my parcel"] * 100, ["refund", "delivery"] * 100)
    >>> estimate_run(data, AuditConfig()).bounded
    False
    """
    full = estimate_views(dataset.texts, bounded=bool(config.bounded))
    peak = _peak_bytes(dataset, full, config)
    limit = _SHARE_TO_USE * (psutil.virtual_memory().available if free_bytes is None else free_bytes)
    bounded = config.bounded is True or (config.bounded is None and peak > limit)
    views, message = full, ""
    if bounded:
        views = full if config.bounded else estimate_views(dataset.texts, bounded=True)
        peak = _peak_bytes(dataset, views, config)
        message = "The texts are read in the way that needs less memory (words only, hashed)"
        message += ", as you chose." if config.bounded else ": all of it would not fit."
    if peak > limit:
        message = "That is more memory than this machine has free: close other programs, or use fewer rows."
    return RunEstimate(seconds=_seconds(dataset, views, config), peak_bytes=peak, bounded=bounded, message=message)


def needs_bounds(dataset: Dataset, config: AuditConfig) -> bool:
    """
    Tell whether an audit has to read the texts in the way that needs less memory.

    Parameters
    ----------
    dataset : Dataset
        The data.
    config : AuditConfig
        The options of the run.

    Returns
    -------
    bool
        What the options say, if anything; else False for all but large data, without measuring anything.

    Examples
    --------
    >>> needs_bounds(Dataset.from_labels(["my refund", "my parcel"], ["refund", "delivery"]), AuditConfig())
    False
    """
    if config.bounded is not None:
        return config.bounded
    n_cells = dataset.n_examples * max(dataset.n_classes, _TABLES)
    if sum(map(len, dataset.texts)) + n_cells * _TABLES < _SURELY_FITS:
        return False
    return estimate_run(dataset, config).bounded


def _peak_bytes(dataset: Dataset, views: ViewEstimate, config: AuditConfig) -> int:
    columns = min(dataset.n_classes * config.n_folds, _BLOCK_COLUMNS)
    tables = 4 * dataset.n_examples * (_TABLES * dataset.n_classes + _BLOCK_TABLES * columns * config.n_jobs)
    entries = [size.n_entries for size in views.sizes]
    learnt = sum(entries[: plan_run(entries, dataset.n_classes, config.n_folds).n_views])
    return max(views.peak_bytes, views.n_bytes + tables + _BAYES_BYTES * learnt)


def _seconds(dataset: Dataset, views: ViewEstimate, config: AuditConfig) -> float:
    entries = [size.n_entries for size in views.sizes]
    plan = plan_run(entries, dataset.n_classes, config.n_folds)
    columns = dataset.n_classes if dataset.n_classes > 2 else 1  # noqa: PLR2004  (two classes need one column)
    ridge = sum(entries[: plan.n_ridge_views]) * columns * plan.n_folds * _ROUNDS / min(config.n_jobs, 2)
    bayes = sum(entries[: plan.n_views]) * dataset.n_classes * _BAYES_ROUNDS
    learning = (ridge + bayes) * _seconds_a_product()
    solved = _SOLVED_SECONDS * columns * plan.n_folds * plan.n_ridge_views
    rows = dataset.n_examples * (_ROW_SECONDS + solved + _CELL_SECONDS * dataset.n_classes * len(entries))
    return _START_SECONDS + views.seconds + learning + rows


def _seconds_a_product() -> float:
    """Time a small product of sparse features and a table, for each stored number and column."""
    generator = np.random.default_rng(0)
    n_entries = _TRIAL_ROWS * _TRIAL_ENTRIES
    features = sparse.csr_array(
        (
            np.ones(n_entries, dtype=np.float32),
            generator.integers(0, 5 * _TRIAL_ROWS, n_entries),
            np.arange(0, n_entries + 1, _TRIAL_ENTRIES),
        ),
        shape=(_TRIAL_ROWS, 5 * _TRIAL_ROWS),
    )
    table = np.ones((5 * _TRIAL_ROWS, _TRIAL_COLUMNS), dtype=np.float32)
    seconds = []
    for _ in range(_TRIALS):
        started = time.perf_counter()
        features @ table
        seconds.append(time.perf_counter() - started)
    return min(seconds) / (n_entries * _TRIAL_COLUMNS)
